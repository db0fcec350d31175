"""What a hall's links stand for, read anew from the tables: digests of rows as they are now, with their places.

The same reading makes the links of a store that had none (`migrations.adopt`), so only columns are asked that every
such store has: those that there were when links began.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from punchsync.core.chain import Head, Kept, Link, bulletins
from punchsync.core.closing import Closing, issued_by
from punchsync.core.ledger import GENESIS
from punchsync.core.raw import Brought
from punchsync.store import tables
from punchsync.store.brought import brought
from punchsync.store.chain import COLUMNS, digest_of, whole
from punchsync.store.issued import issued
from punchsync.store.names import SqlNames
from punchsync.store.rows import Tuple, fetch, stream

_L = tables.link.c


class SqlLinks:
    """The links of a hall and what they stand for, in one view."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def head(self) -> Head:
        """Where the chain ends."""
        found = fetch(
            self._connection,
            select(_L.height, _L.hash).where(_L.hall_id == self._hall).order_by(_L.height.desc()).limit(1),
        )
        return Head(*found[0]) if found else Head(0, GENESIS)

    def before(self, chain: str, number: int) -> Head:
        """Where the chain ended before a link; ValueError if there is no such link."""
        mine = _L.hall_id == self._hall
        [(height,)] = fetch(self._connection, select(_L.height).where(mine, _L.chain == chain, _L.number == number))
        found = fetch(self._connection, select(_L.height, _L.hash).where(mine, _L.height == height - 1))
        return Head(*found[0]) if found else Head(0, GENESIS)

    def all(self) -> list[Link]:
        """Every link, by height."""
        rows = select(_L.height, _L.chain, _L.number, _L.digest, _L.hash, _L.stored_at).where(_L.hall_id == self._hall)
        return [Link(*row) for row in stream(self._connection, rows.order_by(_L.height))]

    def rows(self) -> Iterator[tuple[str, Iterable[Kept]]]:
        """Every chain of rows that have numbers, with what is kept for each of its links, by number."""
        yield "record", self._records()
        yield "closing", self._each("closing", "number", "at")
        yield "outcome_decision", self._each("outcome_decision", "number", "decided_at")
        yield "appeal", self._appeals()
        yield "appeal_decision", self._each("appeal_decision", "appeal", "decided_at")
        b = tables.bulletin.c
        kinds = select(b.kind, b.year).where(b.hall_id == self._hall).distinct().order_by(b.kind, b.year)
        for kind, year in fetch(self._connection, kinds):
            yield bulletins(kind, year), self._bulletins(kind, year)

    def issued(self) -> Iterator[Kept]:
        """What was issued of every period whose last month is closed now, each table for itself."""
        c = tables.closing.c
        rows = select(*(c[name] for name in Closing._fields)).where(c.hall_id == self._hall).order_by(c.number)
        for closing in issued_by(Closing(*row) for row in fetch(self._connection, rows)):
            yield from issued(self._connection, self._hall, closing)

    def packs(self) -> list[Kept]:
        """Every pack, in the order in which they were kept; their links are found by what they say."""
        p = tables.pack.c
        rows = fetch(self._connection, whole(self._hall, "pack").order_by(p.stored_at, p.digest))
        return [Kept("pack", n, digest_of([row]), f"pack {row[1]}", row[3]) for n, row in enumerate(rows, 1)]

    def entries(self) -> Iterator[Kept]:
        """Every entry of the ledger, whose digest is the ledger's own hash."""
        e = tables.ledger_entry.c
        rows = select(e.height, e.entry_id, e.hash, e.stored_at).where(e.hall_id == self._hall).order_by(e.height)
        for height, id, hash_, at in stream(self._connection, rows):
            yield Kept("ledger", height, hash_, f"ledger_entry {id}", at)

    def terminals(self) -> list[str]:
        """Every terminal that has a reading, a punch or a defect."""
        found: set[str] = set()
        for table in (tables.reading, tables.punch, tables.defect):
            c = table.c
            rows = select(c.terminal).where(c.hall_id == self._hall).distinct()
            found.update(terminal for (terminal,) in fetch(self._connection, rows))
        return sorted(found)

    def readings(self, terminal: str) -> Iterator[tuple[Kept, Brought | None]]:
        """A terminal's readings by number, each with the punches that it brought; last what no reading brought."""
        return brought(self._connection, self._hall, terminal)

    def _each(self, name: str, key: str, at: str) -> Iterator[Kept]:
        number, moment = COLUMNS[name].index(key), COLUMNS[name].index(at)
        table = tables.metadata.tables[name]
        for row in stream(self._connection, whole(self._hall, name).order_by(table.c[key])):
            yield Kept(name, row[number], digest_of([row]), f"{name} {row[number]}", row[moment])

    def _bulletins(self, kind: str, year: str) -> Iterator[Kept]:
        b = tables.bulletin.c
        rows = whole(self._hall, "bulletin").where(b.kind == kind, b.year == year).order_by(b.number)
        for row in stream(self._connection, rows):
            yield Kept(bulletins(kind, year), row[3], digest_of([row]), f"bulletin {kind} {year} {row[3]}", row[6])

    def _records(self) -> Iterator[Kept]:
        r = tables.record.c
        names = SqlNames(self._connection, self._hall)
        batches = select(r.batch).where(r.hall_id == self._hall).distinct().order_by(r.batch)
        for (batch,) in fetch(self._connection, batches):
            noted = _Noted()
            rows = whole(self._hall, "record").where(r.batch == batch).order_by(r.kind, r.key, r.version)
            digest = digest_of(noted.each(names.linked(stream(self._connection, rows))))
            yield Kept("record", batch, digest, f"record {batch} ({noted.place})", noted.at)

    def _appeals(self) -> Iterator[Kept]:
        e = tables.evidence.c
        whose = select(e.appeal, e.position).where(e.hall_id == self._hall).order_by(e.appeal, e.position)
        files: dict[int, int] = dict(reversed(fetch(self._connection, whose)))  # an appeal's first
        a = tables.appeal.c
        for row in stream(self._connection, whole(self._hall, "appeal").order_by(a.number)):
            number = row[1]
            rows = [row]
            if files.pop(number, None) is not None:
                rows += fetch(
                    self._connection, whole(self._hall, "evidence").where(e.appeal == number).order_by(e.position)
                )
            named = "".join(f", evidence {number} {r[2]}" for r in rows[1:])
            yield Kept("appeal", number, digest_of(rows), f"appeal {number}{named}", row[-1])
        for appeal, position in files.items():
            yield Kept("appeal", None, "", f"evidence {appeal} {position}", 0)


class _Noted:
    """Rows of records on their way into a digest: which there were, and when they were stored."""

    def __init__(self) -> None:
        self.at = 0
        self._named: list[str] = []
        self._count = 0

    def each(self, rows: Iterable[Tuple]) -> Iterator[Tuple]:
        """The rows as they are."""
        for row in rows:
            self._count += 1
            self.at = max(self.at, row[5])
            if len(self._named) < 3:
                self._named.append(f"{row[1]} {row[2]} {row[3]}")
            yield row

    @property
    def place(self) -> str:
        """The first of them by kind, key and version, and how many more."""
        more = self._count - len(self._named)
        return ", ".join([*self._named, *([f"+{more}"] if more else [])])
