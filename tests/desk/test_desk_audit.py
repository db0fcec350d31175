"""The access log at the desk: from its end, a page at a time, filtered, and every action in words."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from deskkit import ROLES, Browser, text_of

from punchsync.access import Access, write
from punchsync.cli.access import NOTED
from punchsync.desk.audit import log
from punchsync.desk.audit.log import Sought, page
from punchsync.desk.audit.words import action, commands, means, result
from punchsync.desk.web import ways

ALL = Sought("2026-01-01", "2026-12-31")


def line(n: int, month: str = "2026-11", **more) -> Access:
    known = {
        "who": f"u{n % 2}",
        "by": "desk clerk",
        "what": "ledger",
        "about": {"person": f"{1000 + n}"},
        "status": 200,
    }
    return Access(f"{month}-{n + 1:02d} 08:00:00+08:00", **{**known, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "access"
    for month in ("2026-10", "2026-11"):
        for n in range(5):
            write(made, line(n, month))
    return made


def days(found) -> list[str]:
    return [x.at[:10] for x in found.lines]


@pytest.mark.parametrize("block", [7, 64, 2**18])
def test_pages_go_back_over_months_and_meet_every_line_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(log, "BLOCK", block)
    seen, before = [], ""
    for _n in range(9):
        found = page(folder, ALL, before, rows=3)
        seen += found.lines
        before = found.after
        if not before:
            break
    assert seen == [line(n, month) for month in ("2026-11", "2026-10") for n in reversed(range(5))]


def test_lines_are_sought_by_day_user_subject_action_and_denial(folder: Path) -> None:
    write(folder, line(6, who='甲"乙', what="login", about={"people": ["1001", "7"], "n": 5}, status=403))
    assert days(page(folder, ALL._replace(first="2026-10-04", last="2026-11-02"))) == [
        "2026-11-02", "2026-11-01", "2026-10-05", "2026-10-04",
    ]  # fmt: skip
    assert days(page(folder, ALL._replace(who='甲"乙'))) == ["2026-11-07"]
    assert len(page(folder, ALL._replace(who="u1")).lines) == 4
    assert days(page(folder, ALL._replace(about="1001"))) == ["2026-11-07", "2026-11-02", "2026-10-02"]
    assert days(page(folder, ALL._replace(about="5"))) == ["2026-11-07"]
    assert days(page(folder, ALL._replace(what="login"))) == ["2026-11-07"]
    assert days(page(folder, ALL._replace(denied=True))) == ["2026-11-07"]
    assert page(folder, ALL._replace(who="u")).lines == []


def test_what_can_not_be_read_is_counted(folder: Path) -> None:
    file = folder / "2026-11.jsonl"
    bad = [b"\xff\xfe", b'{"at": "2026-11-05"}', b'{"at": "2026-11-05 x', b'{"at": "2026-11-05", "who": []}']
    file.write_bytes(file.read_bytes() + b"\n".join(bad) + b"\n")
    found = page(folder, ALL)
    assert (len(found.lines), found.unreadable) == (10, 4)


def test_a_page_reads_no_more_than_it_may_and_says_where_to_go_on(folder: Path) -> None:
    found = page(folder, ALL._replace(who="nobody"), read=20)
    assert (found.lines, found.after[:8]) == ([], "2026-11:")
    assert page(folder, ALL, "nonsense").lines == page(folder, ALL).lines
    assert page(folder, ALL, "2026-11:999999999").lines == page(folder, ALL).lines
    assert page(folder / "none", ALL) == ([], 0, "")


def test_who_may_read_it_and_that_reading_leaves_a_line(browser: Browser) -> None:
    allowed = {"inspector", "leader", "admin"}
    for n, role in enumerate(ROLES):
        one = browser.other(f"10.0.1.{n}").as_role(role)
        for path in ("/audit", "/audit/download"):
            assert (role, one.get(path).status_code) == (role, 200 if role in allowed else 403)
    [file] = (browser.site.folder / "access").iterdir()
    found = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    told = [(x["who"], x["status"]) for x in found if x["what"] in ("audit", "audit download")]
    assert told == [(login, 200 if role in allowed else 403) for role, login in ROLES.items() for _twice in range(2)]


def test_lines_are_shown_and_kept_as_texts(browser: Browser) -> None:
    at = browser.desk.zoned()
    hostile = {"person": "<script>alert(1)</script>", "terminal": "=1+1"}
    write(browser.site.folder / "access", Access(at, "=cmd", "session", "import", hostile, 0))
    browser.as_role("inspector")
    days = f"first={at[:10]}&last={at[:10]}"
    answer = browser.get(f"/audit?{days}")
    assert "=cmd 系统登录 导入文件 person=<script>alert(1)</script> terminal==1+1 完成" in text_of(answer)
    assert "<script>alert" not in answer.text
    assert "=cmd" not in text_of(browser.get(f"/audit?{days}&denied=1"))
    assert "=cmd" in text_of(browser.get(f"/audit?{days}&about==1%2B1&what=import"))
    rows = list(csv.reader(io.StringIO(browser.get(f"/audit/download?{days}").text)))
    assert "'=cmd" in {row[1] for row in rows}
    assert browser.get("/audit?first=gestern").status_code == 422
    assert browser.get("/audit?first=2026-02-02&last=2026-01-01").status_code == 422
    assert browser.get("/audit/download?first=gestern").status_code == 303


def test_every_action_has_words() -> None:
    assert set(commands()) == set(NOTED)
    assert [way.noted for way in ways() if way.noted and action(way.noted, "desk") == way.noted] == []
    assert (action("person", "desk clerk"), action("person", "sudo")) == ("查看个人考勤", "导出本人资料")
    assert means("desk clerk") == "办公桌（经办）"
    assert (result(0), result(303), result(403), result(422)) == ("完成", "完成", "拒绝", "没有做成（422）")
