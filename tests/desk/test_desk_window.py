"""A window's pages: its people, what stands, and how many were there at each time."""

from __future__ import annotations

import re
from typing import Any

from deskkit import Browser, text_of

from punchsync.bootstrap.bringing import bring_records
from punchsync.core.account import Account

AWAY = """leave_id,person_id,kind,start,end,registered_at,approvals
L9,1010,personal,2026-11-18 am,2026-11-18 am,2026-11-17 16:00:00,window_lead;centre_leader;inspection
"""
STANDIN = """standin_id,absent_person_id,standin_person_id,start,end,filed_at
S9,1010,1009,2026-11-18 am,2026-11-18 am,2026-11-17 16:00:00
"""
MOVED = """person_id,name,unit,window,post,device_user_id,backup_for,from,to
1003,欧阳见微知著,县公安局,公安,staff,3,,2026-11-01,2026-11-17
1003,欧阳见微知著,县税务局,税务,staff,3,,2026-11-18,
"""


def bring(browser: Browser, kind: str, text: str) -> None:
    assert not bring_records(browser.site, kind, text.encode(), f"{kind}.csv").problems
    browser.settle()


def told(answer: Any) -> str:
    """What a page says without its drawings."""
    found: str = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.DOTALL)
    return text_of(type("Bare", (), {"text": found}))


def account_of(browser: Browser, login: str) -> Account:
    with browser.site.store.reading() as work:
        found = work.accounts.of(login)
    assert found is not None
    return found


def test_windows_are_those_within_reach_with_the_months_totals(browser: Browser) -> None:
    whole = text_of(browser.as_role("clerk").get("/windows"))
    lead = text_of(browser.other().as_role("window_lead").get("/windows"))

    assert "公安 县公安局 3 3 0 -3.5" in whole
    assert ("税务" in whole, "税务" in lead, "公安 县公安局 3" in lead) == (True, False, True)


def test_a_window_shows_its_people_today_and_all_that_stands_with_its_article(browser: Browser) -> None:
    page = browser.as_role("window_lead").get("/window/公安?month=2026-11")

    text = text_of(page)
    assert "欧阳见微知著 在岗 08:21" in text
    assert "2026-11-12 欧阳见微知著 旷工半天 旷工半天〔考评办法 (三)1; 先进个人 三3(2)(3)〕" in text
    assert "文明服务 2026-11 41.5" in text


def test_what_is_not_known_of_a_day_is_hatched_and_never_called_empty(browser: Browser) -> None:
    browser.clock.moment += 2 * 3600
    page = browser.as_role("clerk").get("/window/民政/2026-11-20")

    text = text_of(page)
    assert "不清楚 09:00–12:00" in text
    assert 'class="empty" x=' not in page.text
    assert 'fill="url(#hatch)"' in page.text


def test_a_stretch_in_which_nobody_was_there_is_marked(browser: Browser) -> None:
    bring(browser, "leave", AWAY)

    page = browser.as_role("clerk").get("/window/民政/2026-11-18")
    text = told(page)
    assert "确知无人 08:30–12:00" in text
    assert 'class="empty" x=' in page.text
    assert "戊一 14:30–17:30 ◇ 事假" in text


def test_who_stands_in_counts_at_the_window_and_not_at_his_own(browser: Browser) -> None:
    bring(browser, "leave", AWAY)
    bring(browser, "standin", STANDIN)
    browser.as_role("clerk")

    there, home = told(browser.get("/window/民政/2026-11-18")), told(browser.get("/window/不动产/2026-11-18"))
    assert "丁二 顶岗 08:30–12:00" in there
    assert "确知无人 0" not in there
    assert "丁二 14:30–17:30" in home


def test_an_empty_window_is_listed_with_its_explanation_and_no_stranger_sees_it(browser: Browser) -> None:
    bring(browser, "incident", "incident_id,window,kind,at,noted_by\nE1,公安,window_empty,2026-11-18 15:00:00,督查乙\n")
    browser.as_role("window_lead")

    day = browser.get("/window/公安/2026-11-18").text
    address = day[day.index("/violation/") :].split('"')[0]
    assert "督查乙 记" in day
    assert "窗口无人在岗" in text_of(browser.get(address))
    assert browser.other().as_role("staff").get(address).status_code == 404


def test_who_left_a_window_is_no_longer_named_to_its_lead(browser: Browser) -> None:
    bring(browser, "staff", MOVED)
    browser.as_role("window_lead")

    for path in ("/window/公安", "/window/公安/2026-11-12", "/window/公安/statement"):
        page = browser.get(path)
        assert (page.status_code, "欧阳见微知著" in page.text, "1003" in page.text) == (200, False, False), path
    assert browser.get("/person/1003").status_code == 404


def test_a_lead_of_several_windows_sees_those_and_no_other(browser: Browser) -> None:
    with browser.site.store.writing() as work:
        work.accounts.put(account_of(browser, "lead")._replace(windows=("公安", "社保")))
    browser.as_role("window_lead")

    assert [browser.get(f"/window/{w}").status_code for w in ("公安", "社保", "税务", "没有")] == [200, 200, 404, 404]
