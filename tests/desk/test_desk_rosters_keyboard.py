"""A month of rosters copied in a browser, by keyboard alone."""

from __future__ import annotations

from deskkit import PASSWORD, Browser
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from punchsync.bootstrap.bringing import bring_records

MOST = 80
"""Presses of Tab to anything on a page."""


def reach(page: Page, words: str) -> None:
    """Press Tab until what has these words is in focus."""
    for _press in range(MOST):
        page.keyboard.press("Tab")
        text = page.evaluate("(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()")
        if text.startswith(words):
            return
    raise AssertionError(words)


def test_a_clerk_copies_a_month_of_rosters_by_keyboard(browser: Browser, chromium: Chromium) -> None:
    text = "roster_id,entered_at,person_id,window,from,to,shift,days\n"
    text += "R1,2026-11-01,1002,,2026-11-02,2026-11-27,09:00-12:00,\n"
    assert not bring_records(browser.site, "roster", text.encode(), "r.csv").problems
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{browser.url}/login?next=/rosters?window=公安%26week=2026-12-07")
    page.locator("[name=login]").focus()
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.roster")
    reach(page, "照抄上个月到 2026-12")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=mark]", state="attached")
    reach(page, "写入")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.roster")
    assert "已照抄" in page.locator("p.said").first.inner_text()
    reach(page, "上一周")
    context.close()
    with browser.site.store.reading() as work:
        found = sorted((b["from"], b["to"]) for b in work.records.all("roster").values() if b["person_id"] == "1002")
    assert found[0] == ("2026-11-02", "2026-11-27")
    assert found[1:] == [
        ("2026-12-01", "2026-12-04"),
        ("2026-12-07", "2026-12-11"),
        ("2026-12-14", "2026-12-18"),
        ("2026-12-21", "2026-12-25"),
        ("2026-12-28", "2026-12-31"),
    ]
