"""A hall's own words around its papers: from a file that may be left out, every problem of it said at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from punchsync.bootstrap.letterheads import letterhead, notice_days, titled
from punchsync.problems import Refused
from punchsync.publish.document import Letterhead
from punchsync.settings.letterhead import KINDS, LETTERHEAD, LetterheadFile

SAMPLE = Path(__file__).parents[2] / "config" / "letterhead.toml"


def own(site: Path, text: str) -> Path:
    """A site with a letterhead of its own."""
    (site / LETTERHEAD).parent.mkdir(exist_ok=True)
    (site / LETTERHEAD).write_text(text, encoding="utf-8")
    return site


def test_without_a_file_a_bulletin_bears_the_hall_s_name(tmp_path: Path) -> None:
    assert letterhead(tmp_path, "示范厅", "daily") == Letterhead(
        organ="示范厅", code="考勤日报〔{year}〕{number}号", recipients=("各进驻单位、各窗口",),
        opening=("现将考勤情况通报如下：",), signature="示范厅", printer="示范厅",
    )  # fmt: skip
    assert (titled(tmp_path, "厅", "daily")[1], notice_days(tmp_path)) == (None, 5)


def test_what_a_kind_says_beats_what_holds_for_all_and_empty_texts_leave_out(tmp_path: Path) -> None:
    site = own(
        tmp_path,
        'organ = "县中心"\nseal = false\ncopies = ["县府办"]\nnotice_days = 3\n'
        '[monthly]\norgan = ""\ncode = "示〔{year}〕{number}号"\ntitle = "{hall}{period}通报"\ncopies = []\n',
    )

    monthly, weekly = letterhead(site, "厅", "monthly"), letterhead(site, "厅", "weekly")

    assert (monthly.organ, monthly.code, monthly.copies, monthly.seal) == ("", "示〔{year}〕{number}号", (), False)
    assert (weekly.organ, weekly.code, weekly.copies) == ("县中心", "考勤周报〔{year}〕{number}号", ("县府办",))
    assert (titled(site, "厅", "monthly")[1], titled(site, "厅", "weekly")[1], notice_days(site)) == (
        "{hall}{period}通报",
        None,
        3,
    )


def test_every_problem_of_the_file_is_said_with_its_key(tmp_path: Path) -> None:
    site = own(tmp_path, 'notice_days = 0\nfoo = 1\n[daily]\ntitle = "{x}"\ncode = "{"\nrecipients = "甲"\n')

    with pytest.raises(Refused) as refused:
        letterhead(site, "厅", "daily")

    keys = {"notice_days", "foo", "daily.title", "daily.code", "daily.recipients"}
    assert {(c.file, c.key) for c in refused.value.complaints} == {(LETTERHEAD, key) for key in keys}


@pytest.mark.parametrize("content", [b"organ = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    own(tmp_path, "")
    (tmp_path / LETTERHEAD).write_bytes(content)

    with pytest.raises(Refused, match="TOML"):
        letterhead(tmp_path, "厅", "daily")


def test_the_commented_sample_names_every_key_and_holds_when_its_lines_are_taken_in() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    settings = [line.removeprefix("# ") for line in lines if line.startswith("# ") and (" = " in line or "[" in line)]
    tree = tomllib.loads("\n".join(line for line in settings if line[0].isascii()))

    LetterheadFile(**tree)
    assert set(LetterheadFile.model_fields) - set(KINDS) <= set(tree) | {"code", "title"}
