"""Every way with every role: who may, may; nobody else, and what was denied is in the audit."""

from __future__ import annotations

import pytest
from desk_ways import ALL, LETTERS, MAY, address, every_way, name_of, parts
from deskkit import Browser, Unhurried

from punchsync.access import FOLDER, read
from punchsync.core.account import ROLES
from punchsync.desk.access.rights import RIGHTS, Right
from punchsync.desk.menu import entries

NOTHING = "nothing-such"
DENIED, TO_LOGIN = 403, 303


def test_every_way_stands_in_the_table_and_every_row_is_a_way() -> None:
    assert {name_of(w) for w in every_way()} == set(MAY)


def test_no_two_handlers_answer_one_way() -> None:
    names = [name_of(w) for w in every_way()]
    assert len(names) == len(set(names))


def test_every_action_is_noted_under_a_name() -> None:
    assert [name_of(w) for w in every_way() if w.method == "POST" and not w.noted] == []


def test_every_role_has_rights_and_every_right_somebody_who_has_it() -> None:
    assert set(RIGHTS) == set(ROLES) == set(LETTERS.values())
    assert set(Right) == set().union(*RIGHTS.values())


def test_every_line_of_the_menu_leads_to_a_page_that_its_right_opens() -> None:
    pages = {w.path: w.right for w in every_way() if w.method == "GET"}
    lines = [e for group in entries().values() for e in group]
    assert {e.path: pages.get(e.path) for e in lines} == {e.path: e.right for e in lines}


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_a_role_may_what_the_table_says_and_nothing_else(browser: Browser, role: str) -> None:
    browser.desk.throttle = Unhurried()
    letter = next((a for a, name in LETTERS.items() if name == role), "")
    if role:
        browser.as_role(role)
    token = browser.token("/password" if role else "/login")
    wrong = {}
    for way in every_way():
        if way.path == "/logout":
            continue
        path = address(way, dict.fromkeys(parts(way), NOTHING))
        if way.method == "GET":
            answer = browser.get(path)
        else:
            answer = browser.client.post(path, data={"csrf": token})
        allowed = MAY[name_of(way)] == "*" or letter in MAY[name_of(way)] if letter else MAY[name_of(way)] == "*"
        led_away = answer.headers.get("location", "").startswith("/login?")
        if not role and not allowed:
            good = led_away
        else:
            good = (answer.status_code == DENIED) != allowed and not led_away
        if not good or answer.status_code >= 500:
            wrong[name_of(way)] = answer.status_code
    assert wrong == {}


def test_what_was_denied_leaves_a_line_that_names_who_and_what(browser: Browser) -> None:
    browser.as_role("staff")
    assert browser.get("/accounts").status_code == DENIED
    [line] = [a for a in read(browser.site.folder / FOLDER).lines if a.status == DENIED]
    assert (line.who, line.by, line.what, line.about) == ("staff", "desk staff", "accounts", {"from": "10.0.0.7"})


def test_the_table_knows_only_letters_of_roles() -> None:
    assert {letter for letters in MAY.values() for letter in letters} <= {*ALL, "*"}
