"""Who may do what: rights, and the roles that have them. A role has what is written here and nothing else.

Beside the right, everybody sees only the people and windows of his reach (`reach`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """What a page or an action asks of who wants it."""

    PUBLIC = "public"  # anybody, without login
    SIGNED_IN = "signed_in"  # every account
    TODAY = "today.see"
    LEAVE_SEE = "leave.see"
    LEAVE_WRITE = "leave.write"
    LEAVE_SIGN = "leave.sign"
    RECORDS_SEE = "records.see"
    RECORDS_WRITE = "records.write"
    PATROL_WRITE = "patrol.write"
    PAPER_WRITE = "paper.write"
    STAFF_WRITE = "staff.write"
    REVIEW_SEE = "review.see"
    REVIEW_DECIDE = "review.decide"
    IDS_MAP = "ids.map"
    APPEAL_SEE = "appeal.see"
    APPEAL_FILE = "appeal.file"
    APPEAL_DECIDE = "appeal.decide"
    REQUEST_FILE = "request.file"
    REQUEST_DECIDE = "request.decide"
    PERSON_SEE = "person.see"
    WINDOW_SEE = "window.see"
    LEDGER_SEE = "ledger.see"
    RANKING_SEE = "ranking.see"
    OUTCOME_SEE = "outcome.see"
    OUTCOME_DECIDE = "outcome.decide"
    BULLETIN_SEE = "bulletin.see"
    BULLETIN_PUBLISH = "bulletin.publish"
    RULES_SEE = "rules.see"
    WHAT_IF = "rules.what_if"
    TERMINALS_SEE = "terminals.see"
    RESYNC = "terminals.resync"
    AUDIT_SEE = "audit.see"
    ACCOUNTS = "accounts.manage"
    BOARD = "board.see"  # an address that may, or a login


_R = Right
_EVERYBODY: Final = frozenset({_R.PUBLIC, _R.SIGNED_IN, _R.RULES_SEE, _R.BOARD})
_OWN: Final = _EVERYBODY | {
    _R.PERSON_SEE,
    _R.APPEAL_SEE,
    _R.APPEAL_FILE,
    _R.REQUEST_FILE,
    _R.LEAVE_SEE,
    _R.BULLETIN_SEE,
}
_OFFICE: Final = _OWN | {
    _R.TODAY, _R.WINDOW_SEE, _R.RECORDS_SEE, _R.REVIEW_SEE, _R.LEDGER_SEE, _R.RANKING_SEE, _R.OUTCOME_SEE,
    _R.TERMINALS_SEE, _R.WHAT_IF, _R.LEAVE_SIGN, _R.REQUEST_DECIDE,
}  # fmt: skip

RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    "clerk": (_OFFICE - {_R.LEAVE_SIGN, _R.REQUEST_DECIDE})
    | {
        _R.LEAVE_WRITE, _R.RECORDS_WRITE, _R.PATROL_WRITE, _R.PAPER_WRITE, _R.STAFF_WRITE, _R.IDS_MAP,
        _R.BULLETIN_PUBLISH, _R.RESYNC,
    },
    "inspector": _OFFICE | {_R.PATROL_WRITE, _R.REVIEW_DECIDE, _R.AUDIT_SEE, _R.RESYNC},
    "leader": _OFFICE | {_R.REVIEW_DECIDE, _R.APPEAL_DECIDE, _R.OUTCOME_DECIDE, _R.BULLETIN_PUBLISH, _R.AUDIT_SEE},
    "window_lead": _OWN | {_R.TODAY, _R.WINDOW_SEE, _R.LEAVE_SIGN, _R.RANKING_SEE},
    "unit": _OWN | {_R.TODAY, _R.WINDOW_SEE, _R.LEAVE_SIGN, _R.RANKING_SEE, _R.OUTCOME_SEE},
    "staff": _OWN,
    "admin": _EVERYBODY | {_R.TERMINALS_SEE, _R.RESYNC, _R.AUDIT_SEE, _R.ACCOUNTS, _R.IDS_MAP},
}  # fmt: skip
"""By role. Who registers leave does not sign it, who keeps the machines judges nobody."""

SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "window_lead": ("window_lead",),
    "inspector": ("inspection",),
    "unit": ("unit_leader",),
    "leader": ("centre_leader", "centre"),
}
"""The sign-offs of a leave that a role may give (HALLS.md, ladders)."""


def may(role: str, right: Right) -> bool:
    """Whether a role has a right; no role, or one that is not known, has what the public has."""
    return right in RIGHTS.get(role, frozenset({Right.PUBLIC}))
