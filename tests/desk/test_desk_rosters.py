"""Rosters over HTTP: where each cell comes from, what a save and a copy write, and what contradicts."""

from __future__ import annotations

import re
from html import unescape

from deskkit import STAFF_HEAD, Browser, text_of

from punchsync.bootstrap.bringing import bring_records
from punchsync.core.moment import parse_day, parse_moment

HEAD = "roster_id,entered_at,person_id,window,from,to,shift,days\n"


def bring(browser: Browser, kind: str, text: str) -> None:
    done = bring_records(browser.site, kind, text.encode(), f"{kind}.csv")
    assert not done.problems, done.problems


def rows(browser: Browser) -> list[tuple[str, ...]]:
    """Standing roster rows: person, window, from, to, shift, days."""
    with browser.site.store.reading() as work:
        found = [b for b in work.records.all("roster").values() if not b["withdrawn"]]
    names = ("person_id", "window", "from", "to", "shift", "days")
    return sorted(tuple(b[name] for name in names) for b in found)


def cell(person: str, date: str, kind: str = "person") -> str:
    return f"cell:{kind}:{parse_day(date)}:{person}"


def text_in_cell(page: str, person: str, date: str, kind: str = "person") -> str:
    """What stands before a cell's choice."""
    at = page.index(f'name="{cell(person, date, kind)}"')
    bare = re.sub(r"<[^>]+>", " ", page[page.rindex("<td", 0, at) : at].rpartition("<select")[0])
    return " ".join(unescape(bare).split())


def plan(browser: Browser, person: str, date: str) -> list[tuple[int, int]]:
    """Somebody's sessions of a day, as seconds of the day."""
    day = parse_day(date)
    found = browser.desk.knowledge.get().bench.timetables.of(person, day)
    return [(s.start - day * 86_400, s.end - day * 86_400) for s in found.sessions] if found else []


def test_each_cell_says_where_it_comes_from(browser: Browser) -> None:
    bring(
        browser,
        "roster",
        HEAD
        + "R1,2026-11-01,1002,,2026-11-17,2026-11-17,09:00-12:00,\n"
        + "R2,2026-11-01,,公安,2026-11-18,2026-11-18,summer,\n"
        + "R3,2026-11-01,1002,,2026-11-19,2026-11-19,off,\n",
    )
    page = browser.as_role("clerk").get("/rosters?window=公安&week=2026-11-20").text
    assert text_in_cell(page, "1002", "2026-11-16").endswith("默认")
    assert text_in_cell(page, "1002", "2026-11-17") == "09:00–12:00 本人"
    assert text_in_cell(page, "1002", "2026-11-18").endswith("窗口")
    assert text_in_cell(page, "1002", "2026-11-19") == "休 本人"
    assert text_in_cell(page, "1002", "2026-11-21") == "休 休息日"
    assert text_in_cell(page, "公安", "2026-11-16", "window") == "— 未排"


def test_saving_writes_rows_only_for_what_was_changed_and_days_in_a_row_as_one(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    sent = {
        cell("1002", "2026-11-23"): "summer",
        cell("1002", "2026-11-24"): "summer",
        cell("1002", "2026-11-25"): "off",
        cell("1003", "2026-11-23"): "=",
        cell("1003", "2026-11-24"): "",
        cell("公安", "2026-11-28", "window"): "winter",
        "hours": "09:00-12:00+13:00-17:00",
    }
    answer = clerk.post("/rosters?window=公安&week=2026-11-23", sent)
    assert answer.status_code == 303, text_of(answer)
    assert rows(browser) == [
        ("", "公安", "2026-11-28", "2026-11-28", "winter", "all"),
        ("1002", "", "2026-11-23", "2026-11-24", "summer", "all"),
        ("1002", "", "2026-11-25", "2026-11-25", "off", "all"),
        ("1003", "", "2026-11-23", "2026-11-23", "09:00-12:00+13:00-17:00", "all"),
    ]
    assert plan(browser, "1003", "2026-11-23") == [(32400, 43200), (46800, 61200)]
    assert plan(browser, "1002", "2026-11-25") == []


def test_a_later_save_wins_even_over_a_row_entered_ahead_of_time(browser: Browser) -> None:
    bring(browser, "roster", HEAD + "Z9,2026-12-24,1002,,2026-11-23,2026-11-27,off,\n")
    clerk = browser.as_role("clerk")
    for choice, sessions in (("=", [(32400, 43200)]), ("off", [])):
        sent = {cell("1002", "2026-11-24"): choice, "hours": "09:00-12:00"}
        assert clerk.post("/rosters?window=公安&week=2026-11-23", sent).status_code == 303
        assert plan(browser, "1002", "2026-11-24") == sessions


def test_a_day_can_be_taken_out_of_a_row_and_the_rest_stays(browser: Browser) -> None:
    bring(browser, "roster", HEAD + "R1,2026-11-01,1002,,2026-11-23,2026-11-27,09:00-12:00,\n")
    clerk = browser.as_role("clerk")
    usual = plan(browser, "1003", "2026-11-25")
    sent = {cell("1002", "2026-11-25"): "clear", cell("1002", "2026-11-26"): "clear"}
    assert clerk.post("/rosters?window=公安&week=2026-11-23", sent).status_code == 303
    assert rows(browser) == [
        ("1002", "", "2026-11-23", "2026-11-24", "09:00-12:00", "workdays"),
        ("1002", "", "2026-11-27", "2026-11-27", "09:00-12:00", "workdays"),
    ]
    assert plan(browser, "1002", "2026-11-25") == usual
    for date in ("2026-11-23", "2026-11-24", "2026-11-27"):
        clerk.post("/rosters?window=公安&week=2026-11-23", {cell("1002", date): "clear"})
    assert rows(browser) == []


def test_hours_that_can_not_be_are_refused_and_nothing_is_written(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    for hours in ("", "12:00-09:00", "<script>alert(1)</script>", "=1+1"):
        sent = {cell("1002", "2026-11-24"): "=", cell("1003", "2026-11-24"): "off", "hours": hours}
        answer = clerk.post("/rosters?window=公安&week=2026-11-23", sent)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    assert rows(browser) == []


def test_contradictions_are_said_day_by_day(browser: Browser) -> None:
    leave = "leave_id,person_id,kind,start,end,registered_at,approvals\n"
    bring(browser, "leave", leave + "L7,1001,personal,2026-11-24,2026-11-24,2026-11-19 16:00,window_lead\n")
    bring(
        browser,
        "roster",
        HEAD
        + "R1,2026-11-01,1002,,2026-11-24,2026-11-24,off,\n"
        + "R2,2026-11-02,1003,,2026-11-25,2026-11-25,09:00-12:00,\n"
        + "R3,2026-11-01,1003,,2026-11-25,2026-11-25,off,\n"
        + "R4,2026-11-01,1001,,2026-11-24,2026-11-24,09:00-12:00,\n",
    )
    text = text_of(browser.as_role("leader").get("/rosters?window=公安&week=2026-11-23"))
    assert "2026-11-24 甲一： 这天请了假；与互为 A、B 岗的甲二同日都不在".replace("： ", "：") in text
    assert "2026-11-24 甲二：与互为 A、B 岗的甲一同日都不在" in text
    assert "2026-11-25 欧阳见微知著：另有一行写的是 off，录入较早，不算" in text


def test_a_copy_of_a_month_writes_the_same_weekdays_and_nothing_onto_rest_or_past_days(browser: Browser) -> None:
    bring(
        browser,
        "roster",
        HEAD
        + "R1,2026-11-01,1002,,2026-11-02,2026-11-06,09:00-12:00,\n"  # the first week of November
        + "R2,2026-11-01,1003,,2026-11-25,2026-11-25,off,\n"  # the fourth Wednesday
        + "R3,2026-11-01,,税务,2026-11-07,2026-11-07,summer,\n",  # a Saturday
    )
    browser.clock.moment = parse_moment("2026-12-03 10:00:00")
    clerk = browser.as_role("clerk")
    preview = clerk.get("/rosters/copy?of=month&to=2026-12&window=")
    before = rows(browser)
    mark = re.search(r'name="mark" value="([^"]+)"', preview.text)
    assert mark
    assert "已过去的日子不照抄" in text_of(preview)
    sent = {"of": "month", "to": "2026-12", "window": "", "mark": mark.group(1)}
    assert clerk.post("/rosters/copy", {**sent, "mark": "old"}).status_code == 422
    assert rows(browser) == before
    assert clerk.post("/rosters/copy", sent).status_code == 303
    assert sorted(set(rows(browser)) - set(before)) == [
        ("", "税务", "2026-12-05", "2026-12-05", "summer", "all"),
        ("1002", "", "2026-12-03", "2026-12-04", "09:00-12:00", "workdays"),
        ("1002", "", "2026-12-07", "2026-12-07", "09:00-12:00", "workdays"),
        ("1003", "", "2026-12-23", "2026-12-23", "off", "all"),
        ("1003", "", "2026-12-30", "2026-12-30", "off", "all"),  # a fifth Wednesday, which November has not
    ]
    again = clerk.get("/rosters/copy?of=month&to=2026-12&window=")
    assert "没有要写的" in text_of(again)


def test_a_working_day_is_not_copied_onto_a_holiday(browser: Browser) -> None:
    bring(browser, "roster", HEAD + "R1,2026-11-01,1002,,2026-11-23,2026-11-23,09:00-12:00,\n")
    bring(browser, "calendar", "date,kind,note\n2026-11-30,off,\n")
    preview = browser.as_role("clerk").get("/rosters/copy?of=week&to=2026-11-30&window=公安")
    assert "2026-11-30：与原来那天一个上班一个休息，或年份没有公布，不照抄（1 格）" in text_of(preview)
    assert "没有要写的" in text_of(preview)


def test_only_a_clerk_changes_rosters_and_only_of_people_that_there_are(browser: Browser) -> None:
    for role in ("inspector", "leader", "staff"):
        who = browser.other().as_role(role)
        assert who.post("/rosters", {cell("1002", "2026-11-24"): "off"}).status_code == 403
        assert who.post("/rosters/copy", {"of": "week", "to": "2026-11-23"}).status_code == 403
        seen = 200 if role in ("inspector", "leader") else 403
        assert who.get("/rosters?window=公安").status_code == seen
    clerk = browser.as_role("clerk")
    for name in (cell("9999", "2026-11-24"), cell("没有", "2026-11-24", "window"), "cell:person:x:1002", "cell:"):
        assert clerk.post("/rosters", {name: "off"}).status_code == 404, name
    assert clerk.get("/rosters?window=没有").status_code == 404
    assert clerk.get("/rosters/copy?of=decade").status_code == 404
    assert rows(browser) == []


def test_a_person_s_weeks_are_shown_by_initials(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    bring(browser, "staff", f"{STAFF_HEAD}\n1011,<b>己一</b>,县民政局,民政,staff,11,,2026-11-25,\n")
    page = clerk.get("/rosters?person=1011&week=2026-11-23")
    assert page.status_code == 200
    assert "<b>己一" not in page.text
    assert text_of(page).count("不在岗位") == 2
    assert clerk.get("/rosters?person=甲").status_code == 422
