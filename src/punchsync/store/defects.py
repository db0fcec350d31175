"""Records of terminals that could not be read as a punch, or are odd: each kept once, with its bytes and the reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import groupby

from sqlalchemy import Connection, func, select

from punchsync.core.reading import Defect, Reading
from punchsync.core.records import Doubt
from punchsync.store.arrival import occurrences
from punchsync.store.rows import Tuple, fetch, insert
from punchsync.store.tables import defect

_D = defect.c


class SqlDefects:
    """The defects of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def add(
        self, number: int, new: Reading, gone: Callable[[Defect], bool] = lambda one: False
    ) -> tuple[list[Defect], list[Tuple]]:
        """Keep a reading's defects not seen before and return them, also as the rows that were written.

        Like a punch, a defect is its bytes and which of the identical ones it is; one that is `gone` was erased.
        """
        if not new.defects:
            return [], []
        rows = fetch(
            self._connection,
            select(_D.raw, _D.reason, _D.ordinal, _D.position, _D.number).where(
                _D.hall_id == self._hall, _D.terminal == new.terminal
            ),
        )
        known = {(bytes(raw), reason, ordinal): position for raw, reason, ordinal, position, _number in rows}
        highest = max((row[4] for row in rows), default=0)
        ordinals = occurrences([(one.raw, one.reason) for one in new.defects])
        if new.continues is not None:
            # Behind a known log, those that stand before these come first.
            before = Counter((raw, reason) for (raw, reason, _), at in known.items() if at < new.defects[0].position)
            ordinals = [k + before[one.raw, one.reason] for k, one in zip(ordinals, new.defects, strict=True)]
        fresh = [
            (one, ordinal)
            for one, ordinal in zip(new.defects, ordinals, strict=True)
            if (one.raw, one.reason, ordinal) not in known and not gone(one)
        ]
        written = [
            (
                self._hall, new.terminal, highest + n, one.raw, one.reason, ordinal, number, one.position,
                json.dumps(one.users, ensure_ascii=False), one.first, one.last,
            )
            for n, (one, ordinal) in enumerate(fresh, 1)
        ]  # fmt: skip
        insert(self._connection, defect, written)
        return [one for one, _ordinal in fresh], written

    def all(self) -> list[tuple[str, Defect]]:
        """All defects, with their terminals; one that was read again and again counts once."""
        rows = fetch(
            self._connection,
            select(_D.terminal, _D.position, _D.raw, _D.reason, _D.users, _D.first_at, _D.last_at)
            .where(_D.hall_id == self._hall)
            .order_by(_D.terminal, _D.number),
        )
        return [(terminal, _made(*rest)) for terminal, *rest in rows]

    def count(self) -> int:
        """How many defects there are."""
        found = select(func.count()).select_from(defect).where(_D.hall_id == self._hall)
        return int(self._connection.execute(found).scalar() or 0)

    def latest(self, skip: int, most: int) -> list[tuple[str, Defect]]:
        """Some of them, with their terminals, those that came last first."""
        rows = fetch(
            self._connection,
            select(_D.terminal, _D.position, _D.raw, _D.reason, _D.users, _D.first_at, _D.last_at)
            .where(_D.hall_id == self._hall)
            .order_by(_D.reading.desc(), _D.terminal, _D.number.desc())
            .offset(skip)
            .limit(most),
        )
        return [(terminal, _made(*rest)) for terminal, *rest in rows]

    def of(self, terminal: str) -> dict[bytes, tuple[Defect, ...]]:
        """A terminal's defects by their bytes, identical ones in the order of the log."""
        rows = fetch(
            self._connection,
            select(_D.position, _D.raw, _D.reason, _D.users, _D.first_at, _D.last_at)
            .where(_D.hall_id == self._hall, _D.terminal == terminal)
            .order_by(_D.raw, _D.ordinal, _D.number),
        )
        made = [_made(*row) for row in rows]
        return {raw: tuple(found) for raw, found in groupby(made, lambda one: one.raw)}

    def doubts(self) -> list[Doubt]:
        """Whom the defects may be of, and when they were made; a defect of nobody known is anybody's."""
        rows = fetch(
            self._connection,
            select(_D.terminal, _D.users, _D.first_at, _D.last_at)
            .where(_D.hall_id == self._hall, _D.first_at.is_not(None), _D.last_at.is_not(None))
            .order_by(_D.terminal, _D.number),
        )
        return [
            Doubt(terminal, user, first, last)
            for terminal, users, first, last in rows
            for user in json.loads(users) or [""]
        ]


def _made(position: int, raw: bytes, reason: str, users: str, first: int | None, last: int | None) -> Defect:
    return Defect(position, bytes(raw), reason, tuple(json.loads(users)), first, last)
