"""Ids of others in every address that has one: a role whose reach they are not in finds nothing there, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import pytest
from desk_ways import LETTERS, MAY, address, every_way, name_of, parts
from deskkit import Browser, Unhurried

from punchsync.bootstrap.bringing import bring_row
from punchsync.core.moment import parse_moment
from punchsync.operations.appeals import Filing, file
from punchsync.operations.desk_records import REQUEST, put

OTHER, WINDOW = "1005", "税务"
"""Somebody with a violation, and a window, that none of the three is near to."""
WITHIN = ("window_lead", "unit", "staff")
OPEN_TO_ALL = ("/bulletins/", "/rules/", "/terminals/", "/accounts/", "/tokens/", "/outcomes/")
"""Ids of what is nobody's, or what these roles may not see at all, which is the matrix's business."""


def values(browser: Browser) -> Mapping[str, dict[str, str]]:
    """For the beginning of each address that has an id: ids of what is another's."""
    hall = browser.site.hall
    leave = {
        "leave_id": "L77", "person_id": OTHER, "kind": "personal", "start": "2026-11-25 am", "end": "2026-11-25 pm",
        "registered_at": "2026-11-20 09:00:00",
    }  # fmt: skip
    assert not bring_row(browser.site, "leave", leave).problems
    browser.settle()
    with hall.store.reading() as work:
        violation = next(v for v in work.months.violations(1, 3_652_059) if v.person == OTHER)
        entry = work.ledger.of_account("person", OTHER, 1, 3_652_059)[0].entry_id
    file(hall, violation.id, Filing("乙二", "不服"), parse_moment("2026-11-20 10:00:00"))
    body = {
        "request_id": "BK77", "person_id": OTHER, "at": "2026-11-05 17:30:00", "reason": "忘了", "filed_by": "乙二",
        "filed_at": "2026-11-20 09:00:00", "state": "open", "decided_by": "", "decided_at": "", "note": "",
    }  # fmt: skip
    with hall.store.writing() as work:
        put(hall, work, REQUEST, "BK77", body)
    return {
        "/person/": {"id": OTHER, "date": "2026-11-05"},
        "/window/": {"name": quote(WINDOW), "date": "2026-11-05"},
        "/entry/": {"entry_id": entry},
        "/violation/": {"id": violation.id},
        "/leave/": {"id": "L77"},
        "/appeals/": {"number": "1", "position": "1"},
        "/requests/": {"id": "BK77"},
    }


def test_every_address_with_an_id_is_tried_or_has_a_reason_not_to_be(browser: Browser) -> None:
    tried = tuple(values(browser))
    assert [w.path for w in every_way() if parts(w) and not w.path.startswith((*tried, *OPEN_TO_ALL))] == []


@pytest.mark.parametrize("role", WITHIN)
def test_what_is_out_of_reach_is_answered_like_what_does_not_exist(browser: Browser, role: str) -> None:
    known = values(browser)
    browser.desk.throttle = Unhurried()
    browser.as_role(role)
    token = browser.token("/password")
    letter = next(a for a, name in LETTERS.items() if name == role)
    seen: dict[str, int] = {}
    for way in every_way():
        start = next((s for s in known if way.path.startswith(s)), None)
        if start is None or not parts(way) or letter not in MAY[name_of(way)]:
            continue
        path = address(way, known[start])
        answer = browser.get(path) if way.method == "GET" else browser.client.post(path, data={"csrf": token})
        seen[name_of(way)] = answer.status_code
        assert "乙二" not in answer.text, way.path
    assert seen
    assert {name: status for name, status in seen.items() if status != 404} == {}
    by_query = (f"/requests/new?person={OTHER}", f"/appeals/new?person={OTHER}", f"/leave?person={OTHER}",
               "/documents/slip?leave=L77", f"/documents/attendance?window={quote(WINDOW)}", "/documents/attendance",
               f"/documents/sign-off?window={quote(WINDOW)}", "/documents/sign-off")  # fmt: skip
    for path in by_query:
        assert "乙二" not in browser.get(path).text, path
