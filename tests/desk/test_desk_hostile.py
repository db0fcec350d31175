"""Hostile texts in every field of every form that any page shows: nothing comes back as markup, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_ways import kind_of
from deskkit import Browser, Unhurried
from forms import PageForm, forms_of, links_of

from punchsync.bootstrap.bringing import bring_row

SCRIPT = "<script>alert(1)</script>"
BREAKER = "\"'><img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(1)"
RAW = ("<script>alert", "<img src=x", "onerror=alert(1)>")
ROLES = ("clerk", "leader", "staff", "admin")
"""Between them they come to every form there is."""
MOST = 250
"""Pages that one role's walk looks at."""
LEFT_ALONE = ("/logout", "/password", "/password/elsewhere")


def walk(browser: Browser, start: str = "/") -> Iterator[tuple[str, str]]:
    """Every page that a role comes to by links, with its text; each kind of address some times only.

    No link leads to where its reader may not go, or to nothing.
    """
    browser.desk.throttle = Unhurried()
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    todo = [(start, "")]
    while todo and len(seen) < MOST:
        path, source = todo.pop(0)
        kind = kind_of(path)
        if path in seen or kinds.get(kind, 0) >= 3:
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(path)
        assert answer.status_code in (200, 303), (answer.status_code, path, source)
        if answer.status_code == 303:
            todo.append((answer.headers["location"], path))
        if "text/html" in answer.headers.get("content-type", ""):
            yield path, answer.text
            todo += [(link, path) for link in links_of(answer.text)]


def send(browser: Browser, path: str, form: PageForm, values: dict[str, str]) -> None:
    """Send a form of a page; whatever is answered, nothing of ours comes back as markup."""
    to = form.action or path
    client = browser.client
    answer = client.post(to, data=values) if form.method == "post" else client.get(to, params=values)
    assert answer.status_code < 500, (path, to, values)
    assert not any(raw in answer.text for raw in RAW), (path, to, values)


@pytest.mark.parametrize("role", ROLES)
def test_hostile_texts_are_shown_as_text_wherever_they_appear(browser: Browser, role: str) -> None:
    browser.as_role(role)
    for path, html in list(walk(browser)):
        for form in forms_of(html):
            if form.action in LEFT_ALONE or not form.texts:
                continue
            for text in (SCRIPT, BREAKER + FORMULA):
                send(browser, path, form, {**form.values, **dict.fromkeys(form.texts, text)})
            for name in form.texts:  # one at a time, so that what else is checked lets it through
                send(browser, path, form, {**form.values, name: SCRIPT})
    for path, html in walk(browser):
        assert not any(raw in html for raw in RAW), path


def test_hostile_names_in_records_are_shown_as_text_on_every_page(browser: Browser) -> None:
    staff = {
        "person_id": "1777", "name": SCRIPT, "unit": BREAKER, "window": "窗" + BREAKER, "post": "staff",
        "device_user_id": "777", "backup_for": "", "from": "2026-11-01", "to": "",
    }  # fmt: skip
    assert not bring_row(browser.site, "staff", staff).problems
    incident = {
        "incident_id": "D1", "person_id": "1777", "window": "", "kind": "no_badge", "at": "2026-11-19 10:00:00",
        "noted_by": SCRIPT, "place": BREAKER, "evidence": SCRIPT, "warned": "no",
    }  # fmt: skip
    assert not bring_row(browser.site, "incident", incident).problems
    browser.settle()
    for role in ("clerk", "leader"):
        other = browser.other()
        other.as_role(role)
        for path, html in walk(other):
            assert not any(raw in html for raw in RAW), path
