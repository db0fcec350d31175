"""Notices for the hall's channels: written down before they are sent, and how each of them fared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from punchsync.core.moment import Moment
from punchsync.core.notice import GIVEN_UP, UNSURE, WAITING, Notice
from punchsync.store.rows import chunks, fetch, insert
from punchsync.store.tables import notice

_N = notice.c
_FIELDS = (
    _N.number, _N.key, _N.channel, _N.event, _N.subject, _N.body, _N.state, _N.tries, _N.detail, _N.made_at,
    _N.tried_at, _N.done, _N.under_way, _N.wait,
)  # fmt: skip


class SqlNotices:
    """The notices of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def add(self, key: str, channel: str, event: str, subject: str, body: str, at: Moment) -> bool:
        """Write down a notice that waits to be sent; False if the channel ever had one of this key."""
        here = (_N.hall_id == self._hall, _N.channel == channel, _N.key == key)
        if fetch(self._connection, select(_N.number).where(*here)):
            return False
        highest = fetch(self._connection, select(func.max(_N.number)).where(_N.hall_id == self._hall))
        row = (
            self._hall,
            int(highest[0][0] or 0) + 1,
            key,
            channel,
            event,
            subject,
            body,
            WAITING,
            0,
            "",
            at,
            0,
            0,
            0,
            0,
        )
        insert(self._connection, notice, [row])
        return True

    def waiting(self) -> list[Notice]:
        """Those that nobody has yet, in the order in which they were made."""
        return self._found(_N.state == WAITING)

    def given_up(self) -> list[Notice]:
        """Those that nobody ever got, in the order in which they were made."""
        return self._found(_N.state == GIVEN_UP)

    def unsure(self) -> list[Notice]:
        """Those of which nobody knows whether they arrived, in the order in which they were made."""
        return self._found(_N.state == UNSURE)

    def in_states(self, states: Iterable[str]) -> list[Notice]:
        """Those in some states, in the order in which they were made."""
        return self._found(_N.state.in_(list(states)))

    def of(self, number: int) -> Notice | None:
        """The one of a number."""
        return next(iter(self._found(_N.number == number)), None)

    def made(self, keys: Iterable[str]) -> dict[tuple[str, str], Moment]:
        """When the notices of these keys were made, by channel and key."""
        out: dict[tuple[str, str], Moment] = {}
        for some in chunks(keys):
            here = (_N.hall_id == self._hall, _N.key.in_(some))
            rows = fetch(self._connection, select(_N.channel, _N.key, _N.made_at).where(*here))
            out.update({(channel, key): at for channel, key, at in rows})
        return out

    def trying(self, numbers: Iterable[int], at: Moment, *, again: bool = True) -> None:
        """Note that these are about to be sent, a next part of them if not `again`: whoever is killed over it knows."""
        self._change(numbers, {"tries": _N.tries + int(again), "tried_at": at, "under_way": 1})

    def arrived(self, numbers: Iterable[int], parts: int) -> None:
        """Note that so many parts of these arrived, and none is under way."""
        self._change(numbers, {"done": parts, "under_way": 0})

    def note(self, numbers: Iterable[int], state: str, detail: str, wait: int = 0) -> None:
        """Note what came of a try, and for how many seconds the channel wants to be left alone."""
        self._change(numbers, {"state": state, "detail": detail, "under_way": 0, "wait": wait})

    def by_hand(self, number: int, state: str, at: Moment) -> None:
        """Give a notice the state that a person wants: as made now, and not tried since."""
        fresh = {"tries": 0, "tried_at": 0, "made_at": at, "wait": 0, "under_way": 0}
        self._change([number], {"state": state, "detail": "", **(fresh if state == WAITING else {})})

    def _change(self, numbers: Iterable[int], change: dict[str, Any]) -> None:
        here = (_N.hall_id == self._hall, _N.number.in_(list(numbers)))
        self._connection.execute(notice.update().where(*here).values(change))

    def _found(self, *which: Any) -> list[Notice]:
        rows = select(*_FIELDS).where(_N.hall_id == self._hall, *which).order_by(_N.number)
        return [Notice(*row) for row in fetch(self._connection, rows)]
