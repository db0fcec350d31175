"""Taking rows out for good: what a purge erases of each table, and what then remains of the links that stood for it.

Tables that refuse it are made to allow it, and to refuse it again, within the one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from punchsync.core.chain import bulletins
from punchsync.core.checkpoint import Cut, Gone
from punchsync.core.moment import to_date
from punchsync.store.chain import digest_of, whole
from punchsync.store.erasing_accounts import count_accounts, erase_accounts, erase_contacts
from punchsync.store.erasing_punches import Remains, count_punches, erase_punches, highest
from punchsync.store.names import SqlNames
from punchsync.store.rows import chunks, fetch
from punchsync.store.tables import appeal, bulletin, evidence, person_name, record

REFUSING: Final = ("punch", "defect", "record", "appeal", "evidence", "bulletin")
_R, _B, _A = record.c, bulletin.c, appeal.c


def count(connection: Connection, hall: str, cut: Cut) -> Gone:
    """How many rows of each table `erase` would take out."""
    out: dict[str, int] = {}
    if "punches" in cut.days:
        out |= count_punches(connection, hall, cut)
    if "records" in cut.days:
        out["records"] = sum(1 for _row in _versions(connection, hall, cut.records))
        out["appeals"] = len(_told(connection, hall, cut.appeals))
    if "bulletins" in cut.days:
        out["bulletins"] = len(fetch(connection, select(_B.number).where(_issued(hall, cut))))
    if "names" in cut.days:
        out["names"] = len(_aliases(connection, hall, cut)[0])
        out["accounts"] = count_accounts(connection, hall, cut)
    return out


def erase(connection: Connection, hall: str, cut: Cut, seen: Mapping[str, int]) -> tuple[Gone, dict[str, int], Remains]:
    """Erase in this transaction; returns how many rows went, the highest punch number of every terminal as of before,
    and what remains of every link that stood for some of them."""
    found = count(connection, hall, cut)
    numbers = {**seen}
    remains: Remains = {}
    with _allowed(connection):
        if "punches" in cut.days:
            numbers |= highest(connection, hall, seen)
            remains |= erase_punches(connection, hall, cut)
        batches: set[int] = set()
        if "records" in cut.days:
            batches |= _records(connection, hall, cut.records)
            remains |= _appeals(connection, hall, cut.appeals)
        names = SqlNames(connection, hall)
        if "names" in cut.days:
            aliases, touched = _aliases(connection, hall, cut)
            names.erase(aliases)
            batches |= touched
            erase_accounts(connection, hall, cut)
            erase_contacts(connection, hall, cut)
        remains |= _batches(connection, hall, batches, names)
        if "bulletins" in cut.days:
            remains |= _bulletins(connection, hall, cut)
    return found, numbers, remains


# Records, appeals, bulletins, names


def _versions(connection: Connection, hall: str, keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    """Every version of these records: its kind, key and batch."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, key in sorted(keys):
        by_kind[kind].append(key)
    for kind, named in by_kind.items():
        for some in chunks(named):
            rows = select(_R.kind, _R.key, _R.batch).where(_R.hall_id == hall, _R.kind == kind, _R.key.in_(some))
            yield from ((k, key, batch) for k, key, batch in fetch(connection, rows))


def _records(connection: Connection, hall: str, keys: Iterable[tuple[str, str]]) -> set[int]:
    """Erase every version of records; returns the batches that they were of."""
    found = list(_versions(connection, hall, keys))
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, key, _batch in found:
        by_kind[kind].add(key)
    for kind, named in by_kind.items():
        for some in chunks(sorted(named)):
            connection.execute(record.delete().where(_R.hall_id == hall, _R.kind == kind, _R.key.in_(some)))
    return {batch for _kind, _key, batch in found}


def _batches(connection: Connection, hall: str, batches: Iterable[int], names: SqlNames) -> Remains:
    out: Remains = {}
    for batch in sorted(batches):
        rows = whole(hall, "record").where(_R.batch == batch).order_by(_R.kind, _R.key, _R.version)
        left = fetch(connection, rows)
        out["record", batch] = digest_of(names.linked(left)) if left else ""
    return out


def _told(connection: Connection, hall: str, numbers: Iterable[int]) -> list[int]:
    """Those of some appeals of which there is something to be erased."""
    e = evidence.c
    out: list[int] = []
    for some in chunks(sorted(numbers)):
        filed = select(e.appeal).where(e.hall_id == hall, e.appeal.in_(some))
        said = select(_A.number).where(
            _A.hall_id == hall, _A.number.in_(some), or_(_A.grounds != "", _A.number.in_(filed))
        )
        out += [n for (n,) in fetch(connection, said.order_by(_A.number))]
    return out


def _appeals(connection: Connection, hall: str, numbers: Iterable[int]) -> Remains:
    """Erase the grounds of appeals, and their evidence."""
    out: Remains = {}
    for some in chunks(_told(connection, hall, numbers)):
        connection.execute(evidence.delete().where(evidence.c.hall_id == hall, evidence.c.appeal.in_(some)))
        connection.execute(appeal.update().where(_A.hall_id == hall, _A.number.in_(some)).values(grounds=""))
        for row in fetch(connection, whole(hall, "appeal").where(_A.number.in_(some))):
            out["appeal", row[1]] = digest_of([row])
    return out


def _issued(hall: str, cut: Cut) -> ColumnElement[bool]:
    last = f"{to_date(cut.days['bulletins']).year:04d}"
    return and_(_B.hall_id == hall, _B.year <= last, _B.content != "")


def _bulletins(connection: Connection, hall: str, cut: Cut) -> Remains:
    """Blank what bulletins say; that they were issued, when and under which number stays."""
    issued = _issued(hall, cut)
    keys = fetch(connection, select(_B.kind, _B.year, _B.number).where(issued))
    connection.execute(bulletin.update().where(issued).values(content=""))
    out: Remains = {}
    for kind, year in sorted({key[:2] for key in keys}):
        blanked = {n for k, y, n in keys if (k, y) == (kind, year)}
        for row in fetch(connection, whole(hall, "bulletin").where(_B.kind == kind, _B.year == year)):
            if row[3] in blanked:
                out[bulletins(kind, year), row[3]] = digest_of([row])
    return out


def _aliases(connection: Connection, hall: str, cut: Cut) -> tuple[set[str], set[int]]:
    """The aliases of the names that go, and the batches that have them."""
    people = set(cut.people)
    rows = list(SqlNames(connection, hall).aliases())
    others = {alias for key, alias, _batch in rows if key not in people}
    there = {a for (a,) in fetch(connection, select(person_name.c.alias).where(person_name.c.hall_id == hall))}
    found = {alias for key, alias, _batch in rows if key in people and alias in there} - others
    return found, {batch for _key, alias, batch in rows if alias in found}


@contextmanager
def _allowed(connection: Connection) -> Iterator[None]:
    """Let rows of append-only tables be changed, and be refused that again; what goes is written over."""
    say = connection.exec_driver_sql
    if connection.dialect.name == "postgresql":
        for name in REFUSING:
            say(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        for name in REFUSING:
            say(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        return
    marks = ", ".join("?" for _ in REFUSING)
    asked = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})"  # nosec B608 # noqa: S608 # marks
    kept = say(asked, REFUSING).all()
    say("PRAGMA secure_delete = ON")
    for name, _sql in kept:
        say(f"DROP TRIGGER {name}")
    yield
    for _name, sql in kept:
        say(sql)
    say("PRAGMA secure_delete = OFF")
