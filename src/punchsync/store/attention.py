"""What needs a person, as states, and what the latest live read of each terminal showed of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select, func, or_, select

from punchsync.core.attention import Gauge, State
from punchsync.core.moment import Moment
from punchsync.store.looks import from_text
from punchsync.store.rows import Tuple, fetch, insert
from punchsync.store.tables import attention, reading

_A = attention.c
_R = reading.c
_FIELDS = (
    _A.number, _A.code, _A.about, _A.value, _A.opened_at, _A.seen_at, _A.told, _A.told_at, _A.closed_at,
)  # fmt: skip


class SqlAttention:
    """The states of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def open(self) -> list[State]:
        """The states that are open, by number."""
        return self._states(self._all().where(_A.closed_at.is_(None)))

    def known(self, since: Moment) -> list[State]:
        """The states that are open or were closed at `since` or later, by number."""
        return self._states(self._all().where(or_(_A.closed_at.is_(None), _A.closed_at >= since)))

    def all(self) -> list[State]:
        """Every state there ever was, by number."""
        return self._states(self._all())

    def last(self) -> int:
        """The highest number that a state ever had, 0 before the first."""
        found = fetch(self._connection, select(func.max(_A.number)).where(_A.hall_id == self._hall))
        return int(found[0][0] or 0)

    def open_new(self, states: Iterable[State]) -> None:
        """Keep states that nobody knew."""
        insert(self._connection, attention, [(self._hall, *state) for state in states])

    def change(self, states: Iterable[State]) -> None:
        """Put states in the place of those of their numbers."""
        for state in states:
            here = (_A.hall_id == self._hall, _A.number == state.number)
            self._connection.execute(attention.update().where(*here).values(state._asdict()))

    def gauges(self) -> dict[str, Gauge]:
        """What the latest live read of each terminal showed, by terminal."""
        live = (_R.hall_id == self._hall, _R.began.is_not(None))
        newest = select(func.max(_R.number)).where(*live).group_by(_R.terminal)
        columns = (_R.terminal, _R.samples, _R.clock_offset, _R.held, _R.capacity, _R.began)
        rows = fetch(self._connection, select(*columns).where(_R.hall_id == self._hall, _R.number.in_(newest)))
        return {row[0]: _gauge(row) for row in rows}

    def _all(self) -> Select[*tuple[object, ...]]:
        return select(*_FIELDS).where(_A.hall_id == self._hall).order_by(_A.number)

    def _states(self, rows: Select[*tuple[object, ...]]) -> list[State]:
        return [State(*row) for row in fetch(self._connection, rows)]


def _gauge(row: Tuple) -> Gauge:
    _terminal, samples, offset, held, capacity, began = row
    told = [s.offset for s in from_text(samples) if s.offset is not None]
    return Gauge(began, told[-1] if told else offset, held, capacity)
