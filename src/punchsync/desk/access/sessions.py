"""Logins kept in the store: a random secret in the browser's cookie, its digest and the rest here.

A login ends when it is ended, when nobody used it for a while, or at the end of a working day's length; a new one
always has a new secret, so that nobody can fix one beforehand.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from punchsync.core.account import Account, WebSession
from punchsync.core.moment import HOUR, MINUTE
from punchsync.operations.hall import Hall

COOKIE: Final = "punchsync"
BEFORE: Final = "punchsync_login"
"""The cookie of a login page, whose form must show the same secret."""
LONGEST: Final = 12 * HOUR
TOUCH: Final = 5 * MINUTE
"""How exactly the store knows when a login was used last: not every page is worth a write."""


def secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in the same time for all that are not; empty ones never are."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())


def open_session(hall: Hall, login: str, address: str, agent: str) -> str:
    """Begin a login; returns the secret for the cookie."""
    made, now = secret(), hall.clock.now()
    with hall.store.writing() as work:
        work.sessions.expire(now - LONGEST, now - LONGEST)
        work.sessions.open(WebSession(digest_of(made), login, secret(), now, now, address, agent[:200]))
    return made


def current(hall: Hall, cookie: str, idle: int, used: bool = True) -> tuple[Account, WebSession] | None:
    """Whose login a cookie is, if it is still good; `idle` is in seconds. One that is not `used` goes on being idle."""
    if not cookie:
        return None
    now = hall.clock.now()
    with hall.store.reading() as work:
        session = work.sessions.of(digest_of(cookie))
        account = work.accounts.of(session.login) if session else None
    if session is None or account is None or account.state != "active":
        return None
    if now - session.made_at >= LONGEST or now - session.seen_at >= idle + TOUCH:
        return None
    # A clock that was set back must not keep a login for longer.
    if used and (now - session.seen_at >= TOUCH or now < session.seen_at):
        with hall.store.writing() as work:
            work.sessions.seen(session.digest, now)
    return account, session


def close_session(hall: Hall, session: WebSession) -> None:
    """End a login."""
    with hall.store.writing() as work:
        work.sessions.end(session.digest)
