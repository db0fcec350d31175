"""Every page of every role in a real browser: accessible, narrow enough for a phone, without a complaint, printable."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from chromium import NARROW, WIDE, Seat
from desk_ways import kind_of
from deskkit import Browser
from playwright.sync_api import Page
from test_desk_hostile import walk

ROLES = ("clerk", "leader", "window_lead", "staff", "admin")
DOWNLOADS = ("format=", "/download", "/template")
ALIKE = """() => {
    const TELLING = ["class", "role", "scope", "type"];
    const shape = (element) => [
        element.tagName,
        ...[...element.attributes].map((a) => TELLING.includes(a.name) ? `${a.name}=${a.value}` : a.name).sort(),
        "(", ...[...element.childNodes].map((child) =>
            child.nodeType === Node.ELEMENT_NODE ? shape(child) : child.nodeValue.trim() && "text"), ")",
    ].join(" ");
    for (const list of document.querySelectorAll("tbody, ul, ol, select")) {
        const seen = {};
        for (const row of [...list.children]) {
            const like = shape(row);
            seen[like] = (seen[like] ?? 0) + 1;
            if (seen[like] > 2) row.remove();
        }
    }
}"""
"""Takes the third and every further row of a list out that has the elements, attributes and classes of the others."""
CHECK = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"


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


def barriers(page: Page) -> list[tuple[str, list[object]]]:
    """What axe finds on a page, and where; rows that are alike are looked at twice, not a hundred times."""
    page.evaluate(ALIKE)
    page.evaluate(Axe().axe_script)
    return [(v["id"], [n["target"] for n in v["nodes"]][:2]) for v in page.evaluate(CHECK)]


def test_every_page_is_accessible_and_fits_a_phone(browser: Browser, seat: Callable[..., Seat]) -> None:
    pages = addresses(browser)
    assert len(pages) > 50
    wrong: dict[str, object] = {}
    for role in ROLES:
        sat = seat().login(role)
        for path in [path for whose, path in pages if whose == role]:
            sat.page.set_viewport_size({"width": WIDE, "height": 900})
            sat.go(path)
            sat.picture(f"{role} {path}")
            sat.page.set_viewport_size({"width": NARROW, "height": 800})
            if sat.too_wide() > 0:
                wrong[f"{path} at {NARROW} px"] = sat.too_wide()
            sat.picture(f"{role} {path} {NARROW}")
            sat.page.set_viewport_size({"width": WIDE, "height": 900})
            violations = barriers(sat.page)
            if violations:
                wrong[path] = violations
        if sat.wrong:
            wrong[role] = sat.wrong
        sat.close()
    assert wrong == {}
