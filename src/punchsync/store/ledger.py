"""The ledger: entries appended to one hash chain a hall, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from punchsync.core.ledger import GENESIS, Entry, Plan, link
from punchsync.core.moment import Day, Moment
from punchsync.core.score import Sums
from punchsync.core.sought import Sought
from punchsync.core.stored import ChainedEntry
from punchsync.store.chain import SqlChain
from punchsync.store.rows import Tuple, changed, chunks, fetch, from_milli, insert, stream, to_milli
from punchsync.store.tables import ledger_entry

_E = ledger_entry.c
_FIELDS = (
    _E.entry_id, _E.booked_on, _E.cause, _E.revision, _E.account_type, _E.account_id, _E.category, _E.period,
    _E.points, _E.rule, _E.article, _E.value_date, _E.reverses, _E.pack,
)  # fmt: skip
_CHAIN = (_E.height, _E.previous, _E.hash)
LAST: Final = "\U0010ffff"
"""Sorts after every character that a cause has."""


class SqlLedger:
    """The ledger of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def latest(self, spans: Iterable[tuple[Day, Day]], causes: Iterable[str]) -> dict[str, Entry]:
        """The latest entry of every cause that is named, or whose latest entry's value date lies in a span.

        Spans hold both their ends.
        """
        rows: list[Tuple] = []
        for first, last in spans:
            rows += fetch(self._connection, self._newest().where(_E.value_date.between(first, last)))
        for chunk in chunks(sorted(set(causes))):
            rows += fetch(self._connection, self._newest().where(_E.cause.in_(chunk)))
        return {entry.cause: entry for entry in map(_entry, rows)}

    def append(self, plan: Plan, at: Moment) -> list[Entry]:
        """Append a plan's entries with their ids and chain hashes, and return them as booked.

        Ids are `E` and the height in eight digits. Raises IntegrityError where a cause already has that revision.
        """
        height, head = self._head()
        booked: list[Entry] = []
        rows: list[Tuple] = []
        for planned in plan.entries:
            height += 1
            milli = to_milli(planned.points)
            entry = replace(planned, entry_id=f"E{height:08d}", points=from_milli(milli))
            previous, head = head, link(head, entry)
            booked.append(entry)
            rows.append(
                (
                    self._hall, height, entry.entry_id, entry.booked_on, entry.cause, entry.revision,
                    entry.account_type, entry.account_id, entry.category, entry.period, milli, entry.rule,
                    entry.article, entry.value_date, entry.reverses, entry.pack, previous, head, at,
                )
            )  # fmt: skip
        insert(self._connection, ledger_entry, rows)
        if rows:
            SqlChain(self._connection, self._hall).add("ledger", height, head, at)
        return booked

    def sums(self) -> Sums:
        """Standing sums by period, account and category; accounts at nothing are left out."""
        total = func.sum(_E.points)
        account = (_E.period, _E.account_type, _E.account_id, _E.category)
        rows = fetch(
            self._connection,
            select(*account, total).where(_E.hall_id == self._hall).group_by(*account).having(total != 0),
        )
        return {(period, kind, id, category): from_milli(int(milli)) for period, kind, id, category, milli in rows}

    def entries(self) -> Iterator[ChainedEntry]:
        """All entries in the order of booking."""
        rows = select(*_FIELDS, *_CHAIN).where(_E.hall_id == self._hall).order_by(_E.height)
        for row in stream(self._connection, rows):
            height, previous, hash_ = row[len(_FIELDS) :]
            yield ChainedEntry(_entry(row[: len(_FIELDS)]), height, previous, hash_)

    def find(self, entry_id: str) -> Entry | None:
        """One entry."""
        rows = fetch(self._connection, self._all().where(_E.entry_id == entry_id))
        return _entry(rows[0]) if rows else None

    def of_causes(self, causes: Iterable[str]) -> list[Entry]:
        """Every entry of these causes, in the order of booking."""
        rows: list[Tuple] = []
        for chunk in chunks(sorted(set(causes))):
            rows += fetch(self._connection, self._all().where(_E.cause.in_(chunk)))
        return _booked(rows)

    def dated(self, first: Day, last: Day) -> list[Entry]:
        """Every entry with a value date from `first` to `last`, in the order of booking."""
        return _booked(fetch(self._connection, self._all().where(_E.value_date.between(first, last))))

    def back(self, first: Day, last: Day, told: int | None, closed: Day) -> list[tuple[int, Entry]]:
        """What was booked on days `first` to `last`, or before but above the height `told`, for days before `first`.

        Only what reverses or posts anew, and what is for days up to `closed`; with heights, in the order of booking.
        """
        here: ColumnElement[bool] = _E.booked_on.between(first, last)
        if told is not None:
            here = or_(here, and_(_E.height > told, _E.booked_on < first))
        rows = select(*_FIELDS, _E.height).where(_E.hall_id == self._hall, _E.value_date < first, here)
        found = fetch(self._connection, rows.where(or_(_E.revision > 1, _E.value_date <= closed)))
        return [(row[-1], _entry(row[:-1])) for row in sorted(found, key=lambda row: row[-1])]

    def of_account(self, account_type: str, account_id: str, first: Day, last: Day) -> list[Entry]:
        """Every entry of a person or window with a value date from `first` to `last`, in the order of booking."""
        mine = (_E.account_type == account_type, _E.account_id == account_id)
        return _booked(fetch(self._connection, self._all().where(*mine, _E.value_date.between(first, last))))

    def page(
        self, sought: Sought, most: int | None = None, *, below: int | None = None, above: int | None = None
    ) -> list[ChainedEntry]:
        """The newest entries of those sought, newest first, at most so many: below a height, or the next above one."""
        rows = select(*_FIELDS, *_CHAIN).where(_E.hall_id == self._hall, *_fits(sought)).limit(most)
        if above is not None:
            found = fetch(self._connection, rows.where(_E.height > above).order_by(_E.height))[::-1]
        else:
            older = rows if below is None else rows.where(_E.height < below)
            # What few entries fit is found by its index; in the order of heights SQLite would read the whole ledger.
            few = sought.value or sought.account_id or sought.cause
            found = fetch(self._connection, older.order_by((_E.height + 0 if few else _E.height).desc()))
        return [ChainedEntry(_entry(row[: len(_FIELDS)]), *row[len(_FIELDS) :]) for row in found]

    def _all(self) -> Select[*tuple[object, ...]]:
        return select(*_FIELDS).where(_E.hall_id == self._hall)

    def _newest(self) -> Select[*tuple[object, ...]]:
        """Entries whose cause has no later revision."""
        later = ledger_entry.alias("later")
        overtaken = (
            select(later.c.height)
            .where(later.c.hall_id == _E.hall_id, later.c.cause == _E.cause, later.c.revision > _E.revision)
            .exists()
        )
        return self._all().where(~overtaken)

    def _head(self) -> tuple[int, str]:
        rows = fetch(
            self._connection,
            select(_E.height, _E.hash).where(_E.hall_id == self._hall).order_by(_E.height.desc()).limit(1),
        )
        return (rows[0][0], rows[0][1]) if rows else (0, GENESIS)


def _fits(sought: Sought) -> Iterator[ColumnElement[bool]]:
    for column, days in ((_E.value_date, sought.value), (_E.booked_on, sought.booked)):
        if days is not None:
            yield column.between(*days)
    texts = (_E.account_type, _E.account_id, _E.category, _E.rule)
    for text, wanted in zip(texts, sought[2:6], strict=True):
        if wanted:
            yield text == wanted
    if sought.cause:
        yield _E.cause >= sought.cause
        yield _E.cause <= sought.cause + LAST
    if sought.reversals:
        yield _E.reverses != ""


def _entry(row: Tuple) -> Entry:
    return Entry(*changed(row, 8, from_milli(row[8])))


def _booked(rows: Iterable[Tuple]) -> list[Entry]:
    """Entries in the order of booking: their ids count it."""
    return sorted(map(_entry, rows), key=lambda e: (len(e.entry_id), e.entry_id))
