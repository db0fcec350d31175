"""What channels are told of bulletins and of outcomes: the essence, at their own level, and of proposals nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "publish"))

from docsamples import EDITION, EMPTY, FULL, LARGE, SMALL

from e2e.site import LATER, TOML, Hall, staff
from punchsync.bootstrap import opened
from punchsync.bootstrap.issuing import Issue
from punchsync.bootstrap.telling import of_outcomes
from punchsync.core.attention import Listener
from punchsync.core.moment import parse_moment
from punchsync.core.notice import Notice
from punchsync.core.outcome import Outcome
from punchsync.operations.outcomes import Wanted, decide
from punchsync.publish.brief import ROOM, brief
from punchsync.publish.document import Document
from punchsync.service.herald import herald
from punchsync.store import SqlStore

NOW = parse_moment(LATER)


def test_a_brief_says_what_there_is_to_say_and_where_all_of_it_is():
    lines = brief(SMALL, EDITION, "masked")
    assert lines[:4] == [
        "**示例县政务服务中心考勤日报（2026-11-20）**",
        "",
        "第 12 号（暂定），代替第 11 号",
        "核算到 2026-11-20 21:00:00。",
    ]
    assert lines[7:10] == ["- **合计**：迟到 3、早退 1、旷工半天 1、未知 1", "- **01号综合窗口**：旷工半天 1", lines[9]]
    assert lines[-1] == "全文见通报。"
    text = "\n".join(lines)
    assert "甲\\*" in text and "甲一" not in text and "欧阳\\*" in "\n".join(brief(FULL, EDITION, "masked"))
    assert "应到" not in text and "在岗" not in text


def test_levels_name_people_in_full_masked_or_not_at_all():
    full, numbers = ("\n".join(brief(SMALL, EDITION, level)) for level in ("full", "numbers"))
    assert "甲一" in full and "迟到" in full
    assert "**各窗口**" in numbers and "**违规**" not in numbers and not any(n in numbers for n in ("甲", "乙", "欧阳"))


@pytest.mark.parametrize("document", [FULL, LARGE, EMPTY])
@pytest.mark.parametrize("level", ["full", "masked", "numbers"])
def test_a_brief_stays_short(document: Document, level: str):
    text = "\n".join(brief(document, EDITION, level))
    assert len(text) < ROOM + 300
    assert ("另有" in text) == (document is not EMPTY) and text.endswith("全文见通报。")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    found = SqlStore(f"sqlite:///{tmp_path}/punchsync.db", "demo", "厅")
    yield found
    found.close()


def test_every_channel_is_told_of_a_bulletin_once_at_its_own_level(store: SqlStore):
    those = [Listener(level, {"bulletin": 0}, level) for level in ("full", "masked", "numbers")]
    issue = Issue(SMALL, EDITION, 4, 1)
    for _again in range(2):
        with store.writing() as work:
            herald(work, issue, SMALL, [*those, Listener("other", {"disk_low": 0})], NOW)
    with store.reading() as work:
        notices = work.notices.waiting()
    assert [n.channel for n in notices] == ["full", "masked", "numbers"]
    assert {n.subject for n in notices} == {"示例县政务服务中心：日报 2026-11-20 第 12 号"}
    assert ["甲一" in n.body for n in notices] == [True, False, False]
    assert all(n.body.startswith("违规 4 次，还不清楚的 1 人。\n\n**") for n in notices)


def notices_of(hall: Hall, *steps: tuple[str, str]) -> list[Notice]:
    """What channels are told when somebody gives these outcomes these states."""
    those = [Listener(level, {"outcome": 0}, level) for level in ("full", "masked", "numbers")]
    with opened(hall.path, NOW) as site:
        for id, state in steps:
            kind = "person" if id == "P1" else "window"
            wanted = Wanted(period="2026-11", subject_type=kind, subject_id=id, outcome="talk")
            decide(site.hall, wanted, state, "王主任", "", of_outcomes(site.hall, those))
        with site.store.reading() as work:
            return work.notices.waiting()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path / "site", TOML)
    assert hall.bring("staff", staff("P1", name="欧阳一一", to="")).status == 0
    hall.done("settle", "--as-of", LATER)
    from decimal import Decimal

    with opened(hall.path, NOW) as site, site.store.writing() as work:
        rows = [
            Outcome("2026-11", "person", "P1", "talk", Decimal(3), "三次", "考评办法 六"),
            Outcome("2026-11", "window", "公安", "talk", Decimal(3), "三次", "考评办法 七"),
        ]
        work.months.conclude(work.months.scores(), rows, [])
    return hall


def test_a_confirmed_outcome_is_told_by_name_as_far_as_the_channel_s_level_goes(hall: Hall):
    notices = notices_of(hall, ("P1", "confirmed"), ("P1", "confirmed"), ("公安", "dropped"))
    assert [n.body for n in notices] == [
        "- **公安 欧阳一一（P1）**：约谈（2026-11），依据 考评办法 六",
        "- **公安 欧阳\\***：约谈（2026-11），依据 考评办法 六",
        "- 1 人：约谈（2026-11），依据 考评办法 六",
    ]
    assert {n.subject for n in notices} == {"示范县政务服务中心：已确认的后果"}


def test_whoever_was_told_that_an_outcome_was_confirmed_is_told_that_it_is_no_more(hall: Hall):
    notices = notices_of(hall, ("公安", "dropped"), ("公安", "confirmed"), ("公安", "proposed"), ("公安", "confirmed"))
    bodies = [n.body for n in notices if n.channel == "numbers"]
    told, back = "- **公安**：约谈（2026-11），依据 考评办法 七", "- **公安**：约谈（2026-11）的确认已收回"
    assert bodies == [told, back, told]


def test_the_command_tells_of_what_it_confirms(hall: Hall):
    (hall.path / "punchsync.toml").write_text(
        TOML + '[[notify]]\nurl = "credential:g"\non = ["outcome"]\nlevel = "full"\n', encoding="utf-8"
    )
    hall.done("outcome", "confirm", "2026-11", "person", "P1", "talk", "--by", "王主任")
    with opened(hall.path) as site, site.store.reading() as work:
        [told] = work.notices.waiting()
    assert (told.channel, told.event, "欧阳一一" in told.body) == ("g", "outcome", True)
