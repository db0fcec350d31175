"""Today and the board in a real browser: they refresh by themselves, keep the reader's place, and outlive a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import Seat
from deskkit import STAFF_HEAD, Browser, copied, desk_of
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from punchsync.bootstrap.bringing import bring_records
from punchsync.core.moment import parse_moment

WINDOWS = 60


def test_today_asks_anew_while_it_is_looked_at_and_keeps_the_place(browser: Browser, seat: Callable[..., Seat]) -> None:
    page = seat().login("clerk").go("/today").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/today/now" in request.url else None)
    page.focus("#w2p3")
    browser.clock.moment = parse_moment("2026-11-20 10:20:00")
    page.evaluate("refresh()")
    expect(page.locator("#now")).to_contain_text("10:20 的情况")
    kept = page.evaluate("document.activeElement.id")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true}); refresh()")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false}); refresh()")
    expect(page.locator("#now")).to_contain_text("10:20 的情况")

    assert kept == "w2p3"
    assert len(asked) == 2


def test_today_leads_to_the_login_when_the_login_is_over(browser: Browser, seat: Callable[..., Seat]) -> None:
    page = seat().login("clerk").go("/today").page
    with browser.site.store.writing() as work:
        work.sessions.end_all("clerk")
    page.evaluate("refresh()")

    page.wait_for_url(lambda url: "/login" in url)


@pytest.fixture
def display(template: Path, tmp_path: Path, chromium: Chromium) -> Iterator[tuple[Browser, Page, list[str]]]:
    """A full HD display at the desk of a hall with many windows, without a login; and what its browser complains of."""
    folder = copied(template, tmp_path / "hall")
    file = folder / "punchsync.toml"
    text = file.read_text(encoding="utf-8").replace("[desk]\n", '[desk]\nboard = ["127.0.0.1"]\n')
    file.write_text(text, encoding="utf-8")
    rows = [
        f"2{n:03},司马某某{n},第{n % 20}单位,综合受理与帮办代办{n},staff,{900 + n},,2026-11-01," for n in range(WINDOWS)
    ]
    with desk_of(folder) as made:
        assert not bring_records(made.site, "staff", "\n".join([STAFF_HEAD, *rows]).encode(), "more.csv").problems
        context = chromium.new_context(
            viewport={"width": 1920, "height": 1080}, locale="zh-CN", reduced_motion="reduce"
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield made, page, wrong
        context.close()


def shown(page: Page) -> list[str]:
    """The windows whose cards are in sight."""
    return page.locator(".card:visible h2").all_inner_texts()


def test_the_board_pages_through_all_windows_and_says_when_it_is_old(
    display: tuple[Browser, Page, list[str]],
) -> None:
    browser, page, wrong = display
    page.goto(browser.url + "/board")
    leaves = int(page.inner_text("#leaf").split("/")[1])
    seen = [shown(page)]
    for _leaf in range(leaves - 1):
        page.evaluate("turn()")
        seen.append(shown(page))
    page.evaluate("turn()")
    bottoms = page.evaluate(
        "[...document.querySelectorAll('.card:not([hidden])')].map(c => c.getBoundingClientRect().bottom)"
    )

    assert shown(page) == seen[0]
    assert sorted(name for names in seen for name in names) == sorted(
        [*(f"综合受理与帮办代办{n}" for n in range(WINDOWS)), "公安", "税务", "社保", "不动产", "民政"]
    )
    assert len(seen[0]) >= 20
    assert max(bottoms) <= 1080
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).animationName") == "none"
    assert Axe().run(page).response["violations"] == []

    page.route("**/board/cards", lambda route: route.abort())
    page.evaluate("ask()")
    expect(page.locator("#old")).to_have_text("连不上服务器，以下是 10:00 的情况")
    page.unroute("**/board/cards")
    browser.clock.moment = parse_moment("2026-11-20 10:31:00")
    page.evaluate("ask()")
    expect(page.locator("#old")).to_be_hidden()
    expect(page.locator("#clock")).to_have_text("10:31")

    with page.expect_navigation():  # another version of the program: all of it is loaded anew
        page.evaluate("board().dataset.shows = 'older'; ask()")
    assert page.inner_text("#clock") == "10:31"
    assert wrong == []


def test_the_board_works_without_scripts(display: tuple[Browser, Page, list[str]]) -> None:
    browser, page, _wrong = display
    page.route("**/board.js", lambda route: route.abort())
    page.goto(browser.url + "/board")

    assert len(shown(page)) == WINDOWS + 5
    assert page.evaluate("document.documentElement.scrollHeight") > 1080
    assert page.locator("noscript").count() == 1
