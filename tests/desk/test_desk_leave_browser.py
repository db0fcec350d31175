"""A practised clerk registers a leave by the keyboard alone, with few strokes, and the ledger follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chromium import Seat
from deskkit import Browser
from playwright.sync_api import Page

STROKES = 25


@pytest.fixture
def page(browser: Browser, seat: Callable[..., Seat]) -> Iterator[Page]:
    """A page of a real browser, logged in as the clerk; what its console complains of fails the test."""
    sat = seat().login("clerk")
    yield sat.page
    assert sat.wrong == []


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Any) -> None:
        self._page, self.count = page, 0

    def type(self, text: str) -> Keys:
        for letter in text:
            self.count += 1
            self._page.keyboard.press(letter)
        return self

    def press(self, *keys: str) -> Keys:
        for key in keys:
            self.count += 1
            self._page.keyboard.press(key)
        return self


def points(browser: Browser) -> str:
    """The person's standing points."""
    with browser.site.store.reading() as work:
        return str(work.ledger.sums()["2026-11", "person", "1003", "勤"])


def test_a_leave_with_sign_offs_and_a_stand_in_takes_at_most_25_strokes(browser: Browser, page: Any) -> None:
    assert points(browser) == "-3.5"
    page.goto(f"{browser.url}/leave/new")
    page.wait_for_load_state("networkidle")
    keys = Keys(page)
    keys.type("oyjw").press("Tab").type("s").press("Tab").type("12p").press("Tab", "Tab")
    keys.type("jy").press("Tab", "Space", "Tab", "Space")
    page.wait_for_selector("#preview :text('手续齐全，请假有效')")
    page.wait_for_selector("#preview :text('一并登记顶岗：甲一')")
    assert "冲回 E00000007" in page.inner_text("#preview")
    keys.press("Enter")
    page.wait_for_url("**/leave/QJ*")
    assert keys.count <= STROKES, keys.count
    browser.settle()
    page.reload()
    assert points(browser) == "-1"
    assert "E00000007" in page.inner_text("main")


def test_the_preview_waits_for_the_typing_to_pause_and_the_last_word_counts(browser: Browser, page: Any) -> None:
    page.goto(f"{browser.url}/leave/new")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/leave/preview") else None)
    page.keyboard.type("1001", delay=5)
    page.wait_for_selector("#preview :text('甲一')")
    assert len(asked) == 1
