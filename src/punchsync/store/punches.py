"""Punches as taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, and_, func, select

from punchsync.core.moment import DAY, Moment
from punchsync.core.records import Punch
from punchsync.core.stored import IdDay, StoredPunch, Taken
from punchsync.store.rows import chunks, fetch, stream
from punchsync.store.tables import device_user, punch, reading

_P = punch.c


class SqlPunches:
    """The punches of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def between(self, first: Moment, last: Moment, but: Collection[str] = ()) -> list[Punch]:
        """The punches of a stretch, both ends included, every occurrence; by terminal, then by time.

        Those of the terminals `but` are left out.
        """
        out: list[Punch] = []
        for terminal in self._terminals():
            if terminal in but:
                continue
            rows = fetch(
                self._connection,
                select(_P.terminal, _P.device_user_id, _P.at)
                .where(_P.hall_id == self._hall, _P.terminal == terminal, _P.at.between(first, last))
                .order_by(_P.at, _P.device_user_id, _P.ordinal),
            )
            out.extend(map(Punch._make, rows))
        return out

    def stored(self, first: Moment, last: Moment) -> Iterator[StoredPunch]:
        """The same with all that is kept of them, by time."""
        rows = stream(
            self._connection,
            select(
                _P.terminal, _P.device_user_id, _P.at, _P.ordinal, _P.number, _P.verify, _P.state,
                reading.c.source, _P.raw, _P.reading, _P.position,
            )
            .join(reading, and_(reading.c.hall_id == _P.hall_id, reading.c.number == _P.reading))
            .where(self._here(first, last))
            .order_by(_P.at, _P.terminal, _P.device_user_id, _P.ordinal),
        )  # fmt: skip
        return map(StoredPunch._make, rows)

    def numbered(self, terminal: str, first: Moment, last: Moment) -> list[tuple[str, Moment, int]]:
        """A terminal's punches of a stretch as written by its clock: device user id, time, number."""
        return self._numbered(terminal, _P.at.between(first, last))

    def counted(self, terminal: str, first: int, last: int) -> list[tuple[str, Moment, int]]:
        """A terminal's punches by their numbers, both ends included: device user id, time, number."""
        return self._numbered(terminal, _P.number.between(first, last))

    def taken(self, first: Moment, last: Moment) -> list[Taken]:
        """The punches of a stretch as written by the clocks, both ends included, by terminal and time."""
        out: list[Taken] = []
        for terminal in self._terminals():
            rows = fetch(
                self._connection,
                select(_P.terminal, _P.device_user_id, _P.at, _P.number, _P.reading, _P.position)
                .where(_P.hall_id == self._hall, _P.terminal == terminal, _P.at.between(first, last))
                .order_by(_P.at, _P.device_user_id, _P.ordinal),
            )
            out.extend(map(Taken._make, rows))
        return out

    def days_of(self, terminal: str, ids: Collection[str]) -> list[IdDay]:
        """On which days these device user ids punched at a terminal, by its clock."""
        day = (_P.at // DAY).label("day")
        out: list[IdDay] = []
        for some in chunks(sorted(ids)):
            rows = fetch(
                self._connection,
                select(_P.terminal, _P.device_user_id, day, func.count(), func.min(_P.at), func.max(_P.at))
                .where(_P.hall_id == self._hall, _P.terminal == terminal, _P.device_user_id.in_(some))
                .group_by(_P.terminal, _P.device_user_id, day),
            )
            out.extend(map(IdDay._make, rows))
        return sorted(out)

    def of_users(
        self, terminal: str, users: Collection[str], first: Moment, last: Moment
    ) -> list[tuple[str, Moment, int]]:
        """What some users punched at a terminal in a stretch as its clock wrote it: device user id, time, number."""
        return self._numbered(terminal, and_(_P.at.between(first, last), _P.device_user_id.in_(users)))

    def terminals(self) -> list[str]:
        """Every terminal that has a punch."""
        return self._terminals()

    def strange(self, terminal: str | None = None) -> list[tuple[str, str]]:
        """Every (terminal, device user id) that ever punched, of one terminal or of all."""
        u = device_user.c
        wanted = select(u.terminal, u.device_user_id).where(u.hall_id == self._hall)
        if terminal is not None:
            wanted = wanted.where(u.terminal == terminal)
        rows = fetch(self._connection, wanted.order_by(u.terminal, u.device_user_id))
        return [(place, user) for place, user in rows]

    def _numbered(self, terminal: str, which: ColumnElement[bool]) -> list[tuple[str, Moment, int]]:
        rows = fetch(
            self._connection,
            select(_P.device_user_id, _P.at, _P.number)
            .where(_P.hall_id == self._hall, _P.terminal == terminal, which)
            .order_by(_P.at, _P.device_user_id, _P.ordinal),
        )
        return [(user, at, number) for user, at, number in rows]

    def _terminals(self) -> list[str]:
        u = device_user.c
        rows = fetch(
            self._connection, select(u.terminal).where(u.hall_id == self._hall).distinct().order_by(u.terminal)
        )
        return [terminal for (terminal,) in rows]

    def _here(self, first: Moment, last: Moment) -> ColumnElement[bool]:
        # Naming the terminals lets the identity's index find the stretch in each; by time alone it could not.
        return and_(_P.hall_id == self._hall, _P.terminal.in_(self._terminals()), _P.at.between(first, last))
