"""Who may use the desk: accounts, logged-in browsers, tokens for programs."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, func, or_, select

from punchsync.core.account import Account, ApiToken, SubjectTaken, WebSession, login_of
from punchsync.core.moment import Moment
from punchsync.store.rows import Tuple, fetch, insert
from punchsync.store.tables import account, api_token, web_session

_A, _S, _T = account.c, web_session.c, api_token.c
_ACCOUNT = [_A[name] for name in Account._fields]
_SESSION = [_S[name] for name in WebSession._fields]
_TOKEN = [_T[name] for name in ApiToken._fields]


class SqlAccounts:
    """The accounts of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def all(self) -> list[Account]:
        """Every account, by login."""
        return self._found()

    def of(self, login: str) -> Account | None:
        """The account of a login, however it is typed."""
        return next(iter(self._found(_A.login == login_of(login))), None)

    def of_subject(self, subject: str) -> Account | None:
        """The account of somebody whom the hall's unified login calls so; "" is nobody's."""
        return next(iter(self._found(_A.subject == subject)), None) if subject else None

    def put(self, new: Account) -> None:
        """Keep an account, in the place of the one with its login; raises SubjectTaken, and ValueError for a login that
        is not as it is kept."""
        if not new.login or login_of(new.login) != new.login:
            raise ValueError(new.login)
        known = self.of_subject(new.subject)
        if known is not None and known.login != new.login:
            raise SubjectTaken(known.login)
        row = {**new._asdict(), "windows": _list(new.windows), "must_change": int(new.must_change)}
        self._connection.execute(account.delete().where(_A.hall_id == self._hall, _A.login == new.login))
        insert(self._connection, account, [(self._hall, *row.values())])

    def _found(self, *which: Any) -> list[Account]:
        rows = select(*_ACCOUNT).where(_A.hall_id == self._hall, *which).order_by(_A.login)
        return [_account(row) for row in fetch(self._connection, rows)]


class SqlSessions:
    """The browsers that are logged in at a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def open(self, session: WebSession) -> None:
        """Keep a new one."""
        insert(self._connection, web_session, [(self._hall, *session)])

    def of(self, digest: str) -> WebSession | None:
        """The one of a digest."""
        return next(iter(self._found(_S.digest == digest)), None)

    def of_login(self, login: str) -> list[WebSession]:
        """Those of an account, the one last seen first."""
        return self._found(_S.login == login_of(login))

    def all(self) -> list[WebSession]:
        """Every one, the one last seen first."""
        return self._found()

    def seen(self, digest: str, at: Moment) -> None:
        """Note that one was used."""
        self._connection.execute(web_session.update().where(*self._of(digest)).values(seen_at=at))

    def end(self, digest: str) -> None:
        """Log one out."""
        self._connection.execute(web_session.delete().where(*self._of(digest)))

    def end_all(self, login: str, but: str = "") -> None:
        """Log all of an account out, but for the one with a digest."""
        here = (_S.hall_id == self._hall, _S.login == login_of(login), _S.digest != but)
        self._connection.execute(web_session.delete().where(*here))

    def expire(self, made_before: Moment, seen_before: Moment) -> int:
        """Log out all that were made, or last seen, before a moment; returns how many."""
        old = or_(_S.made_at < made_before, _S.seen_at < seen_before)
        return self._connection.execute(web_session.delete().where(_S.hall_id == self._hall, old)).rowcount

    def _of(self, digest: str) -> tuple[Any, ...]:
        return (_S.hall_id == self._hall, _S.digest == digest)

    def _found(self, *which: Any) -> list[WebSession]:
        rows = select(*_SESSION).where(_S.hall_id == self._hall, *which).order_by(_S.seen_at.desc(), _S.digest)
        return [WebSession(*row) for row in fetch(self._connection, rows)]


class SqlTokens:
    """The tokens that a hall has given out to programs, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def add(self, token: ApiToken) -> ApiToken:
        """Keep a new one under the next number; returns it with that."""
        highest = fetch(self._connection, select(func.max(_T.number)).where(_T.hall_id == self._hall))
        made = token._replace(number=int(highest[0][0] or 0) + 1)
        row = {**made._asdict(), "scopes": _list(made.scopes)}
        insert(self._connection, api_token, [(self._hall, *row.values())])
        return made

    def of(self, digest: str) -> ApiToken | None:
        """The one of a digest, revoked or ended or not."""
        return next(iter(self._found(_T.digest == digest)), None)

    def all(self) -> list[ApiToken]:
        """Every one there ever was, by number."""
        return self._found()

    def used(self, number: int, at: Moment) -> None:
        """Note that one was used."""
        self._connection.execute(api_token.update().where(*self._of(number)).values(used_at=at))

    def revoke(self, number: int, at: Moment) -> None:
        """Take one back; one that was before stays as of then."""
        here = (*self._of(number), _T.revoked_at.is_(None))
        self._connection.execute(api_token.update().where(*here).values(revoked_at=at))

    def _of(self, number: int) -> tuple[Any, ...]:
        return (_T.hall_id == self._hall, _T.number == number)

    def _found(self, *which: Any) -> list[ApiToken]:
        rows = select(*_TOKEN).where(_T.hall_id == self._hall, *which).order_by(_T.number)
        return [_token(row) for row in fetch(self._connection, rows)]


def _account(row: Tuple) -> Account:
    made = Account(*row)
    return made._replace(windows=tuple(json.loads(row[4])), must_change=bool(made.must_change))


def _token(row: Tuple) -> ApiToken:
    return ApiToken(*row)._replace(scopes=tuple(json.loads(row[4])))


def _list(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
