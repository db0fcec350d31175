"""Readings as coverage asks: what each held, and its first and last plausible record as seen from a moment.

Both are kept with a reading as they were when it was stored. Only where another `latest` would see them differently
(an as-of in the past, a record dated ahead whose time has come) are the punches themselves asked; of punches that were
erased since, the readings that ended with one still say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from punchsync.core.moment import Moment
from punchsync.core.records import Read
from punchsync.core.stored import EARLIEST
from punchsync.store import spans
from punchsync.store.rows import fetch, stream
from punchsync.store.spans import Span
from punchsync.store.tables import punch, reading


def reads(connection: Connection, hall_id: str, latest: Moment) -> list[Read]:
    """Every reading of a hall; records before 2020 or after `latest` are not plausible."""
    r = reading.c
    rows = stream(
        connection,
        select(
            r.number, r.terminal, r.spans, r.first_at, r.last_at, r.last_numbers, r.later_at, r.began, r.through
        )
        .where(r.hall_id == hall_id)
        .order_by(r.number),
    )  # fmt: skip
    backward: dict[str, _Backward] = {}
    out: list[Read] = []
    for number, terminal, text, first, last, numbers, later, began, through in rows:
        holding = spans.from_text(text)
        at_last = tuple(map(int, numbers.split(","))) if numbers else ()
        if (last is not None and last > latest) or (later is not None and later <= latest):
            first = first if first is not None else later
            if first > latest:
                first, last, at_last = None, None, ()
            else:
                if terminal not in backward:
                    backward[terminal] = _Backward(connection, hall_id, terminal, latest)
                last, at_last = backward[terminal].last_of(holding)
        out.append(Read(terminal, number, holding, first, last, at_last, began, through))
    return out


class _Backward:
    """A terminal's plausible punches from the latest back, fetched as far as anybody has asked."""

    def __init__(self, connection: Connection, hall_id: str, terminal: str, latest: Moment) -> None:
        p = punch.c
        self._rest = stream(
            connection,
            select(p.at, p.number)
            .where(p.hall_id == hall_id, p.terminal == terminal, p.at.between(EARLIEST, latest))
            .order_by(p.at.desc()),
        )
        self._seen: list[tuple[Moment, int]] = []
        self._ends = ends(connection, hall_id, terminal, EARLIEST, latest)

    def _all(self) -> Iterator[tuple[Moment, int]]:
        yield from self._seen
        for at, number in self._rest:
            self._seen.append((at, number))
            yield at, number

    def last_of(self, holding: tuple[Span, ...]) -> tuple[Moment | None, tuple[int, ...]]:
        """The moment of the last punch among these numbers, and all of these numbers at that moment."""
        last: Moment | None = None
        numbers: list[int] = []
        for at, number in self._all():
            if last is not None and at < last:
                break
            if spans.held(holding, number):
                last = at
                numbers.append(number)
        for at, ended in self._ends.items():
            here = [n for n in ended if spans.held(holding, n)]
            if here and (last is None or at > last):
                last, numbers = at, here
        return last, tuple(sorted(numbers))


def ends(connection: Connection, hall_id: str, terminal: str, first: Moment, last: Moment) -> dict[Moment, set[int]]:
    """The moments of a stretch with which readings of a terminal ended, and the punch numbers there."""
    r = reading.c
    rows = select(r.last_at, r.last_numbers).where(
        r.hall_id == hall_id, r.terminal == terminal, r.last_at.between(first, last)
    )
    out: dict[Moment, set[int]] = {}
    for at, numbers in fetch(connection, rows.distinct()):
        out.setdefault(at, set()).update(map(int, numbers.split(",")) if numbers else ())
    return out
