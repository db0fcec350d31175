"""Checkpoints of a hall and their erasures; only ever added to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, func, select

from punchsync.core.chain import Kept
from punchsync.core.checkpoint import CHAIN, Checkpoint, Cut, Erased, Erasure, Gone, Noted, horizon_of, reach_of
from punchsync.core.moment import Day, Moment
from punchsync.core.period import period_of
from punchsync.store import tables
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.erasing import count, erase
from punchsync.store.erasing_punches import read_after
from punchsync.store.links import SqlLinks
from punchsync.store.rows import Tuple, fetch, insert, stream
from punchsync.store.tables import checkpoint, erasure, reading

_C = checkpoint.c
_E = erasure.c


class SqlCheckpoints:
    """The checkpoints of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, by number."""
        return [_made(row) for row in self._rows()]

    def horizon(self) -> Day | None:
        """The last sealed day; None where there is none."""
        return horizon_of(self.all())

    def reach(self) -> Erased:
        """What was erased by all of them together."""
        return reach_of(self.all())

    def noted(self) -> list[Noted]:
        """Every checkpoint with its erasures, and the digest of all of these rows as they are now."""
        mine = self._erasures()
        return [
            Noted(_made(row), _digest(row, mine.get(row[1], [])), tuple(Erasure(*e[1:]) for e in mine.get(row[1], [])))
            for row in self._rows()
        ]

    def kept(self) -> Iterator[Kept]:
        """What the links of checkpoints stand for; last the erasures that are of none."""
        mine = self._erasures()
        for row in self._rows():
            yield Kept(CHAIN, row[1], _digest(row, mine.pop(row[1], [])), f"checkpoint {row[1]}", row[-1])
        for rows in mine.values():
            yield Kept(CHAIN, None, "", f"erasure {rows[0][1]} {rows[0][2]}", 0)

    def results(self) -> dict[str, str]:
        """Digests of what is sealed, by table; none where nothing is."""
        horizon = self.horizon()
        return {} if horizon is None else self._digests(horizon)

    def latest(self) -> Moment | None:
        """The latest plausible record of any reading; None before the first."""
        newest = select(func.max(reading.c.last_at)).where(reading.c.hall_id == self._hall)
        return self._connection.execute(newest).scalar()

    def read_after(self, day: Day) -> dict[str, int]:
        """The number of the first live reading of every terminal that was begun after a day."""
        return read_after(self._connection, self._hall, day)

    def count(self, cut: Cut) -> Gone:
        """How many rows of each table a purge would erase."""
        return count(self._connection, self._hall, cut)

    def cut(self, cut: Cut, by: str, at: Moment) -> tuple[Checkpoint, Gone]:
        """Erase rows, note what remains, and seal what was judged, in this transaction; returns what went, by table."""
        height, hash_ = SqlLinks(self._connection, self._hall).head()
        gone, seen, remains = erase(self._connection, self._hall, cut, self.reach().seen)
        erased = Erased(cut.days, cut.whole, seen)
        number = max((c.number for c in self.all()), default=0) + 1
        results = self._digests(cut.through) if cut.through else {}
        row = (self._hall, number, cut.through, by, _text(erased), _json(results), height, hash_, at)
        rows = [(self._hall, name, n, number, digest) for (name, n), digest in sorted(remains.items())]
        insert(self._connection, checkpoint, [row])
        insert(self._connection, erasure, rows)
        SqlChain(self._connection, self._hall).add(CHAIN, number, _digest(row, rows), at)
        return _made(row), gone

    def _rows(self) -> list[Tuple]:
        return fetch(self._connection, select(*checkpoint.c).where(_C.hall_id == self._hall).order_by(_C.number))

    def _erasures(self) -> dict[int, list[Tuple]]:
        out: dict[int, list[Tuple]] = defaultdict(list)
        rows = select(*erasure.c).where(_E.hall_id == self._hall).order_by(_E.chain, _E.number, _E.checkpoint)
        for row in stream(self._connection, rows):
            out[row[3]].append(row)
        return out

    def _digests(self, through: Day) -> dict[str, str]:
        """Digests of the results of all months and periods up to a year's last day, by table."""
        last, after = period_of(through, "month"), period_of(through + 1, "year")
        out: dict[str, str] = {}
        for name in ("hall_month", "verdict", "violation", "tally", "fact", "standing", "score", "outcome", "rank"):
            table = tables.metadata.tables[name]
            c = table.c
            if name == "verdict":
                until = c.day <= through
            else:
                until = c.period < after if "period" in c else c.month <= last
            rows = select(*c).where(c.hall_id == self._hall, until).order_by(*table.primary_key.columns)
            out[name] = digest_of(stream(self._connection, rows))
        return out


def _made(row: Tuple) -> Checkpoint:
    number, through, by, erased, results, height, hash_, at = row[1:]
    return Checkpoint(number, through, by, _erased(erased), json.loads(results), height, hash_, at)


def _digest(row: Tuple, erasures: Sequence[Tuple]) -> str:
    return digest_of([row, *erasures])


def _text(erased: Erased) -> str:
    return _json({"days": erased.days, "whole": erased.whole, "seen": erased.seen})


def _erased(text: str) -> Erased:
    said = json.loads(text)
    return Erased(said["days"], said["whole"], said["seen"])


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
