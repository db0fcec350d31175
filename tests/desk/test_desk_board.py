"""The hall's display over HTTP: for whom it is, and that it never tells a whole name or why somebody is away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deskkit import PEOPLE, Browser, copied, desk_of, text_of

from punchsync import words
from punchsync.bootstrap.bringing import bring_row
from punchsync.core.records import LEAVE_KINDS
from punchsync.desk.pages.board_names import public


@pytest.fixture
def hall(template: Path, tmp_path: Path) -> Iterator[Browser]:
    """A hall whose display is at 10.1.0.20."""
    with desk_of(settled(template, tmp_path / "hall", 'board = ["10.1.0.0/24"]')) as made:
        yield made


def settled(template: Path, folder: Path, line: str) -> Path:
    copied(template, folder)
    file = folder / "punchsync.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[desk]\n", f"[desk]\n{line}\n"), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "how", "shown"),
    [
        ("张三", "masked", "张*"),
        ("张三丰", "masked", "张**"),
        ("欧阳见", "masked", "欧阳*"),
        ("欧阳见微知著", "masked", "欧阳**"),
        ("欧阳", "masked", "欧*"),
        ("张", "masked", "张*"),
        ("Wang Ming", "masked", "W**"),
        ("古丽娜尔·买买提", "masked", "古**"),
        ("张三", "full", "张三"),
        ("张三", "none", ""),
        ("", "masked", ""),
    ],
)
def test_a_name_keeps_its_surname_only(name: str, how: str, shown: str) -> None:
    assert public(name, how) == shown


def test_the_display_s_address_needs_no_login_and_any_other_does(hall: Browser) -> None:
    display, stranger = hall.other("10.1.0.20"), hall.other("10.2.0.20")

    assert [display.get(p).status_code for p in ("/board", "/board/cards", "/today", "/terminals")] == [
        200, 200, 303, 303,
    ]  # fmt: skip
    assert [stranger.get(p).status_code for p in ("/board", "/board/cards")] == [303, 303]
    assert stranger.get("/board").headers["location"] == "/login?next=/board"
    assert stranger.as_role("staff").get("/board").status_code == 200


def test_an_address_that_is_only_claimed_opens_nothing(hall: Browser) -> None:
    answer = hall.other("10.1.0.20, 10.2.0.20").get("/board")

    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/board", "/board/cards"])
def test_a_masked_board_tells_no_whole_name_no_id_and_no_kind_of_leave(hall: Browser, path: str) -> None:
    for number, kind in enumerate(LEAVE_KINDS[:8]):
        done = bring_row(hall.site, "leave", {
            "leave_id": f"K{number}", "person_id": PEOPLE[number][0], "kind": kind, "start": "2026-11-20 am",
            "end": "2026-11-20 pm", "registered_at": "2026-11-19 08:00", "approvals": "centre", "certificate": "yes",
        })  # fmt: skip
        assert not done.problems
    html = hall.other("10.1.0.20").get(path).text

    body = html.split("<body", 1)[-1]
    told = {
        *(w for p in PEOPLE for w in (p[0], p[1])),
        *(words.leave(k) for k in LEAVE_KINDS),
        "请假",
        "外出",
        *LEAVE_KINDS,
    }
    assert [w for w in sorted(told) if w in body] == []
    assert "丁*" in body
    assert "不在" in body


def test_cards_tell_numbers(hall: Browser) -> None:
    said = text_of(hall.other("10.1.0.20").get("/board/cards"))

    assert "社保 有人在岗 在岗 1 不在 1 今日迟到 0 顶岗 0 丙*" in said
    assert "公安 有人在岗 在岗 3 不在 0 今日迟到 0 顶岗 0 甲* 甲* 欧阳**" in said
    assert "考勤机读到 2026-11-20 09:00 更新于 2026-11-20 10:00" in said


@pytest.mark.parametrize(("how", "there"), [("full", True), ("none", False)])
def test_a_hall_may_show_whole_names_or_none(template: Path, tmp_path: Path, how: str, there: bool) -> None:
    with desk_of(settled(template, tmp_path / how, f'board = ["10.1.0.20"]\nnames = "{how}"')) as browser:
        html = browser.other("10.1.0.20").get("/board/cards").text

    assert ("欧阳见微知著" in html) == there
    assert "欧阳**" not in html
    assert ('class="names"' in html) == there


def test_the_board_loads_nothing_from_elsewhere_and_has_no_code_of_its_own(hall: Browser) -> None:
    answer = hall.other("10.1.0.20").get("/board")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert re.findall(r'(?:src|href)="(?!/static/)', answer.text) == []
    assert re.findall(r"<script(?! src=)|style=| on\w+=", answer.text) == []
