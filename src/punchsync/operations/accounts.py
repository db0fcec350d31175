"""Accounts of the desk: made, changed, given another password, disabled and enabled.

How a password is hashed is given in (`Hash`): it takes its time, so that it is done while nobody waits for the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import structlog

from punchsync.core.account import ROLES, Account, login_of, objection
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Work

Hash = Callable[[str], str]
ADMIN: Final = "admin"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as somebody wants it: the fields of `core.account.Account` that people fill in."""

    login: str
    name: str
    role: str
    person: str = ""
    windows: tuple[str, ...] = ()
    unit: str = ""
    subject: str = ""


class Objection(NamedTuple):
    """What is against it: the field, a code, and what was found.

    `login`: form, taken, unknown, last_admin; `role`: unknown; `name`: empty; `person`: unknown, missing; `windows`:
    unknown, odd; `unit`: unknown, missing, odd; `subject`: taken; `password`: missing, or a code of
    `core.account.objection`.
    """

    field: str
    code: str
    found: str = ""


class Objected(Exception):
    """Nothing was done; carries all that is against it."""

    def __init__(self, found: Sequence[Objection]) -> None:
        super().__init__(", ".join(f"{o.field} {o.code}" for o in found))
        self.found = tuple(found)


def listed(hall: Hall) -> list[Account]:
    """Every account, by login."""
    with hall.store.reading() as work:
        return work.accounts.all()


def add(hall: Hall, wanted: Wanted, password: str, hash: Hash, *, must_change: bool = False) -> Account:
    """Make an account; without a password only for somebody with a subject. Raises Objected."""
    with hall.store.reading() as work:
        refuse([*against_new(hall, work, wanted), *against_none(password, wanted)])
    hashed = hash(password) if password else ""
    now = hall.clock.now()
    with hall.store.writing() as work:
        # Somebody else may have been quicker while the password was hashed.
        refuse(against_new(hall, work, wanted))
        made = Account(
            login_of(wanted.login), wanted.name, wanted.role, wanted.person, wanted.windows, wanted.unit, "active",
            hashed, wanted.subject, must_change and bool(hashed), 0, None, now, now,
        )  # fmt: skip
        work.accounts.put(made)
    log.info("account_added", login=made.login, role=made.role)
    return made


def change(hall: Hall, wanted: Wanted) -> Account:
    """Give an account with this login another name, role, reach or subject; its logins stay. Raises Objected."""
    with hall.store.writing() as work:
        known = account_of(work, wanted.login)
        refuse([*against(hall, work, wanted), *against_losing(work, known, stays=wanted.role == ADMIN)])
        made = known._replace(
            name=wanted.name, role=wanted.role, person=wanted.person, windows=wanted.windows, unit=wanted.unit,
            subject=wanted.subject, changed_at=hall.clock.now(),
        )  # fmt: skip
        work.accounts.put(made)
    log.info("account_changed", login=made.login, role=made.role)
    return made


def passwd(hall: Hall, login: str, password: str, hash: Hash, *, must_change: bool = False, but: str = "") -> Account:
    """Give an account another password: it is not locked any more, and all its logins are over but the one with the
    digest `but`. Raises Objected."""
    with hall.store.reading() as work:
        known = account_of(work, login)
    refuse(against_password(password, known))
    hashed = hash(password)
    with hall.store.writing() as work:
        made = account_of(work, login)._replace(
            password=hashed, must_change=must_change, failures=0, locked_until=None, changed_at=hall.clock.now()
        )
        work.accounts.put(made)
        work.sessions.end_all(made.login, but)
    log.info("account_password", login=made.login)
    return made


def disable(hall: Hall, login: str) -> tuple[Account, bool]:
    """Let nobody use an account: all its logins are over. Returns it, and whether that is new. Raises Objected."""
    with hall.store.writing() as work:
        known = account_of(work, login)
        if known.state == "disabled":
            return known, False
        refuse(against_losing(work, known, stays=False))
        made = known._replace(state="disabled", failures=0, locked_until=None, changed_at=hall.clock.now())
        work.accounts.put(made)
        work.sessions.end_all(made.login)
    log.info("account_disabled", login=made.login)
    return made, True


def enable(hall: Hall, login: str) -> tuple[Account, bool]:
    """Let an account be used again, by its old password. Returns it, and whether that is new. Raises Objected."""
    with hall.store.writing() as work:
        known = account_of(work, login)
        if known.state == "active":
            return known, False
        made = known._replace(state="active", changed_at=hall.clock.now())
        work.accounts.put(made)
    log.info("account_enabled", login=made.login)
    return made, True


def account_of(work: Work, login: str) -> Account:
    """The account of a login; raises Objected."""
    found = work.accounts.of(login)
    if found is None:
        raise Objected([Objection("login", "unknown", login)])
    return found


# What is against it


def refuse(found: Sequence[Objection] | Iterator[Objection]) -> None:
    """Raise Objected if anything was found."""
    if there := list(found):
        raise Objected(there)


def against_new(hall: Hall, work: Work, wanted: Wanted) -> Iterator[Objection]:
    """What is against a new account."""
    if not login_of(wanted.login):
        yield Objection("login", "form", wanted.login)
    elif work.accounts.of(wanted.login) is not None:
        yield Objection("login", "taken", login_of(wanted.login))
    yield from against(hall, work, wanted)


def against(hall: Hall, work: Work, wanted: Wanted) -> Iterator[Objection]:
    """What is against these fields of an account."""
    postings = records(hall, work, ("staff",)).postings
    if not wanted.name:
        yield Objection("name", "empty")
    if wanted.role not in ROLES:
        yield Objection("role", "unknown", wanted.role)
    if wanted.person and wanted.person not in {p.person for p in postings}:
        yield Objection("person", "unknown", wanted.person)
    if not wanted.person and (wanted.role == "staff" or (wanted.role == "window_lead" and not wanted.windows)):
        yield Objection("person", "missing", wanted.role)
    if wanted.windows and wanted.role != "window_lead":
        yield Objection("windows", "odd", wanted.role)
    there = {p.window for p in postings}
    yield from (Objection("windows", "unknown", window) for window in wanted.windows if window not in there)
    if wanted.unit and wanted.role != "unit":
        yield Objection("unit", "odd", wanted.role)
    elif wanted.role == "unit" and not wanted.unit:
        yield Objection("unit", "missing")
    elif wanted.unit and wanted.unit not in {p.unit for p in postings}:
        yield Objection("unit", "unknown", wanted.unit)
    known = work.accounts.of_subject(wanted.subject)
    if known is not None and known.login != login_of(wanted.login):
        yield Objection("subject", "taken", known.login)


def against_none(password: str, wanted: Wanted) -> Iterator[Objection]:
    """What is against a new account's password; none at all is for who logs in elsewhere."""
    if password:
        yield from against_password(password, wanted)
    elif not wanted.subject:
        yield Objection("password", "missing")


def against_password(password: str, whose: Wanted | Account) -> Iterator[Objection]:
    """What is against a password."""
    if code := objection(password, whose.login, whose.name, whose.person):
        yield Objection("password", code)


def against_losing(work: Work, known: Account, *, stays: bool) -> Iterator[Objection]:
    """Whether this is the last who may manage accounts, and does not stay that."""
    admins = [a.login for a in work.accounts.all() if a.role == ADMIN and a.state == "active"]
    if admins == [known.login] and not stays:
        yield Objection("login", "last_admin", known.login)
