"""A real browser at a test's desk: Debian's chromium, driven by playwright.

`DESK_PICTURES` names a folder that gets a picture of every page that was looked at.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from deskkit import PASSWORD, ROLES, Browser
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

PROGRAM: Final = shutil.which("chromium") or ""
WIDE, NARROW = 1280, 360
PICTURES: Final = os.environ.get("DESK_PICTURES", "")
NOT_TESTED: Final = "NOT TESTED: chromium is missing, so no page was looked at in a browser"


def needed() -> None:
    """Skip, loudly, where there is no chromium."""
    if not PROGRAM:
        pytest.skip(NOT_TESTED)


@contextmanager
def launched() -> Iterator[Chromium]:
    """A browser of its own, without a profile and without the network."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield made
        finally:
            made.close()


class Seat:
    """A user in front of a page: what the browser complains of is kept in `wrong`."""

    def __init__(self, chromium: Chromium, browser: Browser, width: int = WIDE, script: bool = True) -> None:
        self.desk = browser
        self.wrong: list[str] = []
        self._context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=script
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda m: self.wrong.append(f"{m.type}: {m.text}") if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._outside)

    def _outside(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined] # playwright's
        if not url.startswith((self.desk.url, "data:", "blob:", "about:")):
            self.wrong.append(f"asked for {url}")

    def login(self, role: str) -> Seat:
        """Log in as a role does."""
        self.go("/login")
        self.page.fill("[name=login]", ROLES[role])
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def go(self, path: str) -> Seat:
        """Open a page of the desk."""
        self.page.goto(self.desk.url + path)
        return self

    def text(self) -> str:
        """What a reader sees."""
        return " ".join(self.page.inner_text("main").split())

    def picture(self, name: str) -> None:
        """Keep a picture where somebody wants to look at it."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(
                path=Path(PICTURES) / f"{re.sub(r'[^0-9A-Za-z一-鿿]+', '-', name)}.png", full_page=True
            )

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def close(self) -> None:
        """Leave."""
        self._context.close()
