"""Every page of every role in a real browser: accessible, narrow enough for a phone, without a complaint, printable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import NARROW, WIDE, Seat
from desk_ways import kind_of
from deskkit import Browser
from test_desk_hostile import walk

ROLES = ("clerk", "leader", "window_lead", "staff", "admin")
DOWNLOADS = ("format=", "/download", "/template")


def addresses(browser: Browser) -> list[tuple[str, str]]:
    """Every kind of page that anybody comes to by links, with the first role that does."""
    found: dict[str, tuple[str, str]] = {}
    for role in ROLES:
        other = browser.other()
        other.as_role(role)
        for path, html in walk(other):
            if "<main" not in html or any(part in path for part in DOWNLOADS):
                continue
            found.setdefault(kind_of(path), (role, path))
    return sorted(found.values())


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_accessible_and_fits_a_phone(browser: Browser, seat: Callable[..., Seat], half: int) -> None:
    pages = addresses(browser)
    assert len(pages) > 50
    wrong: dict[str, object] = {}
    for role in ROLES:
        sat = seat().login(role)
        for path in [path for whose, path in pages[half::2] if whose == role]:
            sat.go(path)
            violations = Axe().run(sat.page).response["violations"]
            if violations:
                wrong[path] = [(v["id"], [n["target"] for n in v["nodes"]][:2]) for v in violations]
            sat.picture(f"{role} {path}")
            sat.page.set_viewport_size({"width": NARROW, "height": 800})
            if sat.too_wide() > 0:
                wrong[f"{path} at {NARROW} px"] = sat.too_wide()
            sat.picture(f"{role} {path} {NARROW}")
            sat.page.set_viewport_size({"width": WIDE, "height": 900})
        if sat.wrong:
            wrong[role] = sat.wrong
        sat.close()
    assert wrong == {}
