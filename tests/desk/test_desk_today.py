"""Today over HTTP: who is where as far as the terminals tell, for whom, and that looking changes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from deskkit import Browser, attlog, copied, desk_of, text_of

from punchsync.bootstrap.bringing import bring_punches, bring_row
from punchsync.core.moment import HOUR, parse_moment
from punchsync.core.reading import ReadFailure


def row_of(answer, window: str) -> str:
    """A window's line as text."""
    rows = re.findall(r"<tr>.*?</tr>", answer.text, flags=re.DOTALL)
    found = next(r for r in rows if re.search(f'<th scope="row">(<a [^>]*>)?{re.escape(window)}<', r))
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def bring(browser: Browser, what: str, /, **cells: str) -> None:
    done = bring_row(browser.site, what, cells)
    assert not done.problems, done.problems


def punch(browser: Browser, terminal: str, through: str, **people: tuple[str, ...]) -> None:
    """A file of today's punches by device user id (`u4`), read through a time."""
    data = attlog({user[1:]: {"2026-11-20": clocks} for user, clocks in people.items()})
    at = parse_moment(f"2026-11-20 {through}")
    assert not bring_punches(browser.site, data, "2_attlog.dat", terminal, at).problems


def test_a_clerk_sees_every_window_and_every_terminal(browser: Browser) -> None:
    answer = browser.as_role("clerk").get("/today")

    assert answer.status_code == 200
    assert [row_of(answer, w) for w in ("公安", "社保", "民政")] == [
        "公安 县公安局 有人在岗 3 / 3 甲一 在岗 08:21 甲二 在岗 08:21 欧阳见微知著 在岗 08:21",
        "社保 县人社局 有人在岗 1 / 2 丙一 在岗 08:21 丙二 请假 事假",
        "民政 县民政局 有人在岗 1 / 1 戊一 在岗 08:21",
    ]
    assert "在岗 9 其中迟到 0 请假 1 外出 0 有人顶岗 0 未签到 0 待签到 0 未知 0 不在班 0 岗位空缺 0" in text_of(answer)
    assert row_of(answer, "T1") == "T1 只从文件导入 09:59 10:00"


def test_who_has_not_come_is_unknown_until_his_terminal_is_read_and_again_when_that_is_long_ago(
    browser: Browser,
) -> None:
    browser.clock.moment = parse_moment("2026-11-20 14:20:00")
    browser.as_role("clerk")
    told = []
    for clock in ("14:29:59", "14:30", "14:40"):
        browser.clock.moment = parse_moment(f"2026-11-20 {clock}")
        told.append(row_of(browser.get("/today"), "民政"))
    punch(browser, "T2", "14:39:59", u8=("08:21", "12:01", "14:21"))
    for clock in ("14:45", "15:10"):
        browser.clock.moment = parse_moment(f"2026-11-20 {clock}")
        told.append(row_of(browser.get("/today"), "民政"))

    assert told == [
        "民政 县民政局 非上班时间 0 / 0 戊一 班间休息",
        "民政 县民政局 等待签到 0 / 1 戊一 待签到",
        "民政 县民政局 未知 0 / 1 戊一 未知 考勤机只读到 09:00",
        "民政 县民政局 岗位空缺 0 / 1 戊一 未签到 截至 14:39",
        "民政 县民政局 未知 0 / 1 戊一 未知 到 14:39 没有签到，此后没有读机",
    ]


def test_late_outings_leave_without_sign_offs_and_stand_ins_are_told(browser: Browser) -> None:
    browser.clock.moment = parse_moment("2026-11-20 14:50:00")
    punch(browser, "T1", "14:49:59", u4=("08:21", "14:42"), u1=("08:21", "14:20"), u3=("08:21", "14:20"))
    bring(browser, "outing", outing_id="W1", person_id="1005", start="2026-11-20 14:00", end="2026-11-20 16:00",
          registered_at="2026-11-20 13:00")  # fmt: skip
    bring(browser, "leave", leave_id="L2", person_id="1002", kind="sick", start="2026-11-20 pm", end="2026-11-20 pm",
          registered_at="2026-11-20 13:00")  # fmt: skip
    bring(browser, "standin", standin_id="S1", absent_person_id="1007", standin_person_id="1003",
          start="2026-11-20 14:30", end="2026-11-20 17:30", filed_at="2026-11-20 13:00")  # fmt: skip
    answer = browser.as_role("inspector").get("/today?show=odd")

    assert [row_of(answer, w) for w in ("社保", "税务", "公安")] == [
        "社保 县人社局 有人顶岗 0 / 2 丙一 未签到 截至 14:49 丙二 请假 事假 顶岗：欧阳见微知著",
        "税务 县税务局 有人在岗 1 / 2 乙一 迟到在岗 14:42 乙二 外出 到 16:00",
        "公安 县公安局 有人在岗 2 / 3 甲一 在岗 14:20 甲二 请假 病假，手续未全 欧阳见微知著 在岗 14:20",
    ]


@pytest.mark.parametrize(("role", "seen"), [("window_lead", ["公安"]), ("unit", ["公安"])])
def test_a_window_s_lead_and_a_unit_see_their_own(browser: Browser, role: str, seen: list[str]) -> None:
    answer = browser.as_role(role).get("/today")

    windows = [w for w in ("公安", "税务", "社保", "不动产", "民政") if f">{w}</a><small>" in answer.text]
    assert windows == seen
    assert "乙一" not in answer.text and "T2" not in answer.text


@pytest.mark.parametrize("role", ["staff", "admin"])
@pytest.mark.parametrize("path", ["/today", "/today/now"])
def test_who_may_not_see_the_hall_is_denied(browser: Browser, role: str, path: str) -> None:
    assert browser.as_role(role).get(path).status_code == 403


def test_a_terminal_that_failed_says_what_to_do_and_a_name_is_never_markup(browser: Browser) -> None:
    with browser.site.store.writing() as work:
        work.readings.failed(ReadFailure("T1", "timeout"), browser.clock.moment - HOUR)
    bring(browser, "staff", person_id="1011", name="<script>alert(1)</script>", unit="=1+1", window="=1+1",
          post="staff", device_user_id="11", **{"from": "2026-11-01"})  # fmt: skip
    answer = browser.as_role("clerk").get("/today")

    assert "09:00 没有读成：限时内没有应答：检查网线、电源与网络" in text_of(answer)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_the_part_that_refreshes_is_the_page_s_and_books_nothing(browser: Browser) -> None:
    browser.as_role("clerk")
    with browser.site.store.reading() as work:
        before = [e.hash for e in work.ledger.entries()], work.months.epoch(), work.runs.settled_as_of()
    page, part = browser.get("/today"), browser.get("/today/now", **{"hx-request": "true"})
    with browser.site.store.reading() as work:
        after = [e.hash for e in work.ledger.entries()], work.months.epoch(), work.runs.settled_as_of()

    assert part.text.strip() in page.text
    assert "<html" not in part.text
    assert before == after


def test_a_day_off_says_so(template: Path, tmp_path: Path) -> None:
    with desk_of(copied(template, tmp_path / "rest")) as browser:
        browser.clock.moment = parse_moment("2026-11-21 10:00:00")
        answer = browser.as_role("clerk").get("/today")

    assert "2026-11-21 周六 · 休息日" in text_of(answer)
    assert row_of(answer, "民政") == "民政 县民政局 非上班时间 0 / 0 戊一 休息"
