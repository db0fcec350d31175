"""Tokens for programs: a random secret shown once, its digest kept, and what a token may do. Which scopes a token may
have goes by the role of its account, when it is made and at every use."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from punchsync.core.account import Account, ApiToken
from punchsync.core.moment import Moment
from punchsync.desk.access.reach import WHOLE
from punchsync.desk.access.rights import RIGHTS, Right
from punchsync.desk.access.sessions import TOUCH, digest_of
from punchsync.operations.hall import Hall

PREFIX: Final = "ps_"
"""By which a token that was left in a file or a log is found."""
LONGEST: Final = 1096
"""Days that a token lasts at most: three years."""

EXPORTS: Final = "exports:read"
IMPORTS: Final = "imports:write"
TERMINALS: Final = "terminals:read"
SCOPES: Final = (EXPORTS, IMPORTS, TERMINALS)

WRITES: Final[Mapping[str, Right]] = {
    "staff": Right.STAFF_WRITE,
    "device": Right.IDS_MAP,
    "roster": Right.RECORDS_WRITE,
    "leave": Right.LEAVE_WRITE,
    "outing": Right.RECORDS_WRITE,
    "standin": Right.RECORDS_WRITE,
    "incident": Right.PATROL_WRITE,
    "outage": Right.RECORDS_WRITE,
    "paper": Right.PAPER_WRITE,
    "ruling": Right.REVIEW_DECIDE,
    "calendar": Right.RECORDS_WRITE,
    "scores": Right.RECORDS_WRITE,
    "punches": Right.RECORDS_WRITE,
}
"""The right that a kind of import asks: what a role may not write at the desk, its token may not either."""


def fit(role: str) -> tuple[str, ...]:
    """The scopes that a token of a role may have.

    An export or an import is of the whole hall and can't be cut to a unit or a window: only roles that see all of it.
    """
    rights = RIGHTS.get(role, frozenset())
    return tuple(
        scope
        for scope, good in (
            (EXPORTS, role in WHOLE),
            (IMPORTS, role in WHOLE and not rights.isdisjoint(WRITES.values())),
            (TERMINALS, Right.TERMINALS_SEE in rights),
        )
        if good
    )


def make() -> str:
    """A new token: 256 random bits after the prefix."""
    return PREFIX + secrets.token_urlsafe(32)


def refusal(token: ApiToken, account: Account | None, now: Moment) -> str:
    """Why a token may not be used: `revoked`, `ended`, `disabled` (its account), or "" if it may."""
    if token.revoked_at is not None:
        return "revoked"
    if token.ends_at is not None and now >= token.ends_at:
        return "ended"
    return "" if account is not None and account.state == "active" else "disabled"


def found(hall: Hall, text: str) -> tuple[ApiToken, Account | None] | None:
    """The token that a text is, with its account; None for a text that is none of ours."""
    if not text.startswith(PREFIX):
        return None
    with hall.store.reading() as work:
        token = work.tokens.of(digest_of(text))
        return (token, work.accounts.of(token.login)) if token else None


def used(hall: Hall, token: ApiToken, now: Moment) -> None:
    """Note that a token was used; not every call is worth a write."""
    if token.used_at is None or not 0 <= now - token.used_at < TOUCH:
        with hall.store.writing() as work:
            work.tokens.used(token.number, now)
