"""Who may use the desk: accounts, logged-in browsers, tokens for programs."""

from __future__ import annotations

from typing import Protocol

from punchsync.core.account import Account, ApiToken, WebSession
from punchsync.core.moment import Moment


class Accounts(Protocol):
    """Who may use the desk."""

    def all(self) -> list[Account]:
        """Every account, by login."""
        ...

    def of(self, login: str) -> Account | None:
        """The account of a login, however it is typed."""
        ...

    def of_subject(self, subject: str) -> Account | None:
        """The account of somebody whom the hall's unified login calls so; "" is nobody's."""
        ...

    def put(self, new: Account) -> None:
        """Keep an account, in the place of the one with its login; raises SubjectTaken, and ValueError for a login that
        is not as it is kept."""
        ...


class Sessions(Protocol):
    """The browsers that are logged in."""

    def open(self, session: WebSession) -> None:
        """Keep a new one."""
        ...

    def of(self, digest: str) -> WebSession | None:
        """The one of a digest."""
        ...

    def of_login(self, login: str) -> list[WebSession]:
        """Those of an account, the one last seen first."""
        ...

    def all(self) -> list[WebSession]:
        """Every one, the one last seen first."""
        ...

    def seen(self, digest: str, at: Moment) -> None:
        """Note that one was used."""
        ...

    def end(self, digest: str) -> None:
        """Log one out."""
        ...

    def end_all(self, login: str, but: str = "") -> None:
        """Log all of an account out, but for the one with a digest."""
        ...

    def expire(self, made_before: Moment, seen_before: Moment) -> int:
        """Log out all that were made, or last seen, before a moment; returns how many."""
        ...


class Tokens(Protocol):
    """The tokens that were given out to programs."""

    def add(self, token: ApiToken) -> ApiToken:
        """Keep a new one under the next number; returns it with that."""
        ...

    def of(self, digest: str) -> ApiToken | None:
        """The one of a digest, revoked or ended or not."""
        ...

    def all(self) -> list[ApiToken]:
        """Every one there ever was, by number."""
        ...

    def used(self, number: int, at: Moment) -> None:
        """Note that one was used."""
        ...

    def revoke(self, number: int, at: Moment) -> None:
        """Take one back; one that was before stays as of then."""
        ...
