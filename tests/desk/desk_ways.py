"""The desk's ways for tests that go over all of them: who may, and what stands for the parts of an address.

A way that is missing here fails: `MAY` is written by hand, so that a right is never given by mistake.
"""

from __future__ import annotations

import re
from typing import Final

from punchsync.desk.room import Way
from punchsync.desk.web import ways

LETTERS: Final = {
    "C": "clerk",
    "I": "inspector",
    "L": "leader",
    "W": "window_lead",
    "U": "unit",
    "S": "staff",
    "A": "admin",
}
ALL: Final = "CILWUSA"

HALL, DECIDES = "CIL", "IL"
NOT_ADMIN: Final = "CILWUS"
LEADS: Final = "CILWU"
REGISTERS: Final = ("standins", "outings", "outages")

_TABLE: Final = {
    "*": "GET /login; POST /login; GET /login/oidc; GET /login/oidc/back",
    ALL: """GET /; GET /waiting; GET /tasks; GET /password; POST /password; POST /password/elsewhere; POST /logout;
        GET /rules; GET /rules/packs/{digest}; GET /board; GET /board/cards""",
    NOT_ADMIN: """GET /me; GET /person/{id}; GET /person/{id}/statement; GET /person/{id}/{date}; GET /entry/{entry_id};
        GET /violation/{id}; GET /leave; GET /leave/calendar; GET /leave/{id:path};
        GET /documents/slip;
        GET /appeals; GET /appeals/new; POST /appeals/new; GET /appeals/{number};
        GET /appeals/{number}/evidence/{position}; POST /appeals/{number}/withdraw;
        GET /requests; GET /requests/new; POST /requests/new; GET /requests/{id}; POST /requests/{id}/withdraw;
        GET /bulletins; GET /bulletins/{kind}/{year}/{number}; GET /bulletins/{kind}/{year}/{number}/{form}""",
    LEADS: """GET /today; GET /today/now; GET /people; GET /windows; GET /window/{name}; GET /window/{name}/statement;
        GET /window/{name}/{date}; GET /ranking; GET /documents/attendance; GET /documents/sign-off""",
    "CILU": "GET /outcomes",
    HALL: """GET /standins; GET /outings; GET /outages; GET /patrol; GET /papers; GET /rosters; GET /staff;
        GET /staff/person; GET /import; POST /import; POST /import/confirm; GET /import/template;
        GET /ledger; GET /ledger/download; GET /documents/month; GET /review;
        GET /review/defects; GET /review/suspicions;
        GET /rules/what-if; POST /rules/what-if; GET /rules/what-if/download; GET /rules/what-if/part;
        POST /rules/what-if/stop""",
    "CILA": "GET /review/ids; GET /terminals; GET /terminals/{id}; GET /terminals/{id}/resync",
    "CIA": "POST /terminals/{id}/resync",
    "CA": "GET /review/ids/map; POST /review/ids/map",
    "ILA": "GET /audit; GET /audit/download",
    "CI": """GET /patrol/new; POST /patrol/new; GET /patrol/walk; POST /patrol/walk; GET /patrol/who; GET /patrol/edit;
        POST /patrol/edit; GET /patrol/withdraw; POST /patrol/withdraw""",
    "CL": "GET /bulletins/preview; GET /bulletins/preview/part; POST /bulletins/publish",
    DECIDES: "POST /review/rule; POST /review/suspicions/seen; POST /requests/{id}/decide",
    "ILWU": "POST /leave/{id:path}/sign",
    "L": "POST /appeals/{number}/decide; POST /outcomes/{id}; GET /documents/letter; POST /documents/letter",
    "C": """GET /leave/new; POST /leave/new; POST /leave/preview; GET /leave/{id:path}/edit; POST /leave/{id:path}/edit;
        POST /leave/{id:path}/extend; POST /leave/{id:path}/return; POST /leave/{id:path}/withdraw;
        GET /papers/new; POST /papers/new; GET /papers/who; GET /papers/edit; POST /papers/edit; GET /papers/withdraw;
        POST /papers/withdraw; POST /outings/end; POST /outages/end;
        POST /rosters; GET /rosters/copy; POST /rosters/copy;
        GET /staff/new; POST /staff/new; GET /staff/change; POST /staff/change; GET /staff/edit; POST /staff/edit;
        GET /staff/withdraw; POST /staff/withdraw; POST /staff/leave; POST /staff/device; POST /staff/device/end;"""
    + "; ".join(
        f"{method} /{name}/{what}"
        for name in REGISTERS
        for method, what in (
            ("GET", "new"), ("POST", "new"), ("GET", "who"), ("GET", "edit"), ("POST", "edit"), ("GET", "withdraw"),
            ("POST", "withdraw"),
        )
    ),
    "A": """GET /accounts; POST /accounts; GET /accounts/new; GET /accounts/{login}; POST /accounts/{login};
        POST /accounts/{login}/disable; POST /accounts/{login}/enable; POST /accounts/{login}/logout;
        POST /accounts/{login}/password; GET /tokens; POST /tokens; POST /tokens/{number}/revoke""",
}  # fmt: skip
MAY: Final[dict[str, str]] = {
    way: letters for letters, ways_ in _TABLE.items() for way in (" ".join(w.split()) for w in ways_.split(";")) if way
}
"""By method and path the letters of the roles that may; `*` where no login is needed."""


def name_of(way: Way) -> str:
    """A way as `MAY` names it."""
    return f"{way.method} {way.path}"


def every_way() -> list[Way]:
    """All ways, in the order of their paths."""
    return sorted(ways(), key=lambda w: (w.path, w.method))


def kind_of(path: str) -> str:
    """The way that an address is of; the address itself where it is none's."""
    bare = path.partition("?")[0]
    for way in sorted(every_way(), key=lambda w: (w.path.count("{"), -len(w.path))):
        if re.fullmatch(re.sub(r"{\w+:path}", ".+", re.sub(r"{\w+}", "[^/]+", way.path)), bare):
            return way.path
    return bare


def parts(way: Way) -> list[str]:
    """The names of the parts of a way's address."""
    return re.findall(r"{(\w+)(?::\w+)?}", way.path)


def address(way: Way, values: dict[str, str]) -> str:
    """An address of a way, with these values for its parts."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda m: values[m[1]], way.path)
