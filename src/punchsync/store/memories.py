"""What is remembered of each terminal between its reads: which device it is, how its log looks, where it ended."""

from __future__ import annotations

import json

from sqlalchemy import Connection, and_, bindparam, func, select

from punchsync.core.moment import Moment, day_of
from punchsync.core.reading import SLOTTED, Memory, Reading
from punchsync.core.stored import EARLIEST
from punchsync.store.defects import SqlDefects
from punchsync.store.rows import Prepared, fetch, insert
from punchsync.store.tables import memory, punch, quarantine, reading

_M = memory.c
_P = punch.c
_R = reading.c

_HERE = and_(_M.hall_id == bindparam("hall"), _M.terminal == bindparam("terminal"))
_MINE = and_(_P.hall_id == bindparam("hall"), _P.terminal == bindparam("terminal"))
_KEPT = Prepared(select(*memory.columns[2:]).where(_HERE))
_SERIALS = Prepared(select(_M.serial, _M.terminal).where(_M.hall_id == bindparam("hall"), _M.serial != ""))
_BEFORE = Prepared(select(_M.began, _M.full_on).where(_HERE))
_FORGET = Prepared(memory.delete().where(_HERE))
_STORED = Prepared(
    select(func.max(_R.stored_at)).where(_R.hall_id == bindparam("hall"), _R.terminal == bindparam("terminal"))
)
_LAST = Prepared(select(func.max(_P.at)).where(_MINE, _P.at >= bindparam("earliest"), _P.at <= bindparam("now")))
_AT = Prepared(select(_P.device_user_id).where(_MINE, _P.at == bindparam("at")))


class SqlMemories:
    """The memories of a hall's terminals, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def of(self, terminal: str) -> Memory:
        """All that is known of a terminal when it is read; an empty memory before its first read."""
        kept = _KEPT.run(self._connection, hall=self._hall, terminal=terminal)
        last = self._last_known(terminal)
        serials = _SERIALS.run(self._connection, hall=self._hall)
        elsewhere = {serial: other for serial, other in serials if other != terminal}
        if not kept:
            return Memory(last=last, elsewhere=elsewhere)
        [(number, serial, layout, held, tail, full_on, refused, slots, began)] = kept
        return Memory(
            serial,
            last,
            layout,
            number,
            held,
            bytes(tail),
            full_on or None,
            frozenset(refused.split()),
            {int(slot): user for slot, user in json.loads(slots).items()},
            self._said(terminal) if layout in SLOTTED else {},
            SqlDefects(self._connection, self._hall).of(terminal),
            began,
            elsewhere,
        )

    def remember(self, number: int, new: Reading) -> None:
        """Put what a live reading showed in the place of what was remembered, unless that is of a later one."""
        if new.began is None or new.held is None:
            return
        here = {"hall": self._hall, "terminal": new.terminal}
        before = _BEFORE.run(self._connection, **here)
        if before and before[0][0] > new.began:
            return
        _FORGET.run(self._connection, **here)
        full_on = day_of(new.began) if new.plan == "full" else (before[0][1] if before else 0)
        slots = json.dumps({str(slot): user for slot, user in new.slots.items()}, ensure_ascii=False)
        refused = " ".join(sorted(new.refused))
        insert(
            self._connection,
            memory,
            [
                (
                    self._hall, new.terminal, number, new.serial, new.layout, new.held, new.tail, full_on, refused,
                    slots, new.began,
                )
            ],
        )  # fmt: skip

    def _last_known(self, terminal: str) -> tuple[Moment, frozenset[str]] | None:
        """The time and device user ids of the last plausible record ever read of a terminal.

        A record later than the last reading was stored is not plausible.
        """
        here = {"hall": self._hall, "terminal": terminal}
        now = _STORED.one(self._connection, **here)
        last = None if now is None else _LAST.one(self._connection, **here, earliest=EARLIEST, now=now)
        if last is None:
            return None
        return last, frozenset(user for (user,) in _AT.run(self._connection, **here, at=last))

    def put_aside(self, terminal: str, at: Moment, code: str, detail: str, blob: bytes) -> None:
        """Keep a log that is not understood, for somebody to look at; the latest of each terminal."""
        q = quarantine.c
        self._connection.execute(quarantine.delete().where(q.hall_id == self._hall, q.terminal == terminal))
        insert(self._connection, quarantine, [(self._hall, terminal, at, code, detail, blob)])

    def set_aside(self) -> dict[str, tuple[Moment, str, bytes]]:
        """The logs put aside: when, what was found, and the bytes, by terminal."""
        q = quarantine.c
        rows = fetch(self._connection, select(q.terminal, q.at, q.detail, q.blob).where(q.hall_id == self._hall))
        return {terminal: (at, detail, bytes(blob)) for terminal, at, detail, blob in rows}

    def _said(self, terminal: str) -> dict[bytes, tuple[str, ...]]:
        rows = fetch(
            self._connection,
            select(_P.raw, _P.device_user_id)
            .where(_P.hall_id == self._hall, _P.terminal == terminal)
            .order_by(_P.number),
        )
        said: dict[bytes, tuple[str, ...]] = {}
        for raw, user in rows:
            said[bytes(raw)] = (*said.get(bytes(raw), ()), user)
        return said
