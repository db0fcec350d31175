"""Reads and files of terminals: adding one with its punches and defects, and what is known of each terminal.

Adding is one transaction's work; the place of a log's rows among the known punches is found in memory (`arrival`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, and_, func, or_, select

from punchsync.core.moment import Moment
from punchsync.core.reading import Defect, ReadFailure, Reading
from punchsync.core.records import Read
from punchsync.core.stored import EARLIEST, Added, TerminalState
from punchsync.store import held, spans, terminals
from punchsync.store.arrival import Arrival, Identity, arrive, occurrences
from punchsync.store.rows import chunks, fetch, insert
from punchsync.store.tables import defect, device_user, failure, punch, reading

_R = reading.c
_P = punch.c


class SqlReadings:
    """The readings of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def add(self, new: Reading, at: Moment) -> Added:
        """Store a reading with its new punches and its defects, in this transaction.

        The same file with the same word on it, imported again, changes nothing.
        """
        same = self._same_file(new) if new.source == "file" else None
        if same is not None:
            return Added(same, 0, None, None)
        latest = max(at, new.began or at)
        number = self._next_reading()
        arrival = arrive(new.rows, self._known(new), self._punches_kept(new.terminal), latest)
        self._insert_reading(number, new, arrival, at)
        self._insert_punches(number, new.terminal, arrival)
        self._insert_defects(number, new)
        if new.began is not None:
            self._forget_failure(new.terminal)
        arrived = [row.at for _, _, row in arrival.new]
        doubtful = [m for m in arrived if m >= EARLIEST]
        # As of a later day a record ahead of us counts, and with it the order of reads may change.
        doubtful += [0] if any(m > latest for m in arrived) else self._coverage_touched(number, new, arrival)
        return Added(number, len(arrived), min(doubtful, default=None), min(arrived, default=None))

    def failed(self, failure_: ReadFailure, at: Moment) -> None:
        """Note that a terminal could not be read; the latest failure is kept until a live read is good."""
        self._forget_failure(failure_.terminal)
        insert(self._connection, failure, [(self._hall, failure_.terminal, at, failure_.code, failure_.detail)])

    def reads(self, latest: Moment) -> list[Read]:
        """Every reading as coverage asks; records before 2020 or after `latest` are not plausible."""
        return held.reads(self._connection, self._hall, latest)

    def last_known(self, terminal: str) -> tuple[Moment, frozenset[str]] | None:
        """The time and device user ids of the last plausible record ever read of a terminal.

        A record later than the last reading was stored is not plausible.
        """
        here = (_R.hall_id == self._hall, _R.terminal == terminal)
        now = self._connection.execute(select(func.max(_R.stored_at)).where(*here)).scalar()
        if now is None:
            return None
        mine = (_P.hall_id == self._hall, _P.terminal == terminal)
        last = self._connection.execute(select(func.max(_P.at)).where(*mine, _P.at.between(EARLIEST, now))).scalar()
        if last is None:
            return None
        users = fetch(self._connection, select(_P.device_user_id).where(*mine, _P.at == last))
        return last, frozenset(user for (user,) in users)

    def states(self) -> dict[str, TerminalState]:
        """What is known of each terminal that was ever read or tried."""
        return terminals.states(self._connection, self._hall)

    def defects(self) -> list[tuple[str, Defect]]:
        """All defects, with their terminals; one that was read again and again counts once."""
        d = defect.c
        rows = fetch(
            self._connection,
            select(d.terminal, d.position, d.raw, d.reason)
            .where(d.hall_id == self._hall)
            .order_by(d.terminal, d.number),
        )
        return [(terminal, Defect(*rest)) for terminal, *rest in rows]

    def _same_file(self, new: Reading) -> int | None:
        same = select(_R.number).where(
            _R.hall_id == self._hall,
            _R.terminal == new.terminal,
            _R.digest == new.digest,
            _R.source == new.source,
            _R.through.is_not_distinct_from(new.through),
        )
        return self._connection.execute(same).scalar()

    def _next_reading(self) -> int:
        highest = select(func.max(_R.number)).where(_R.hall_id == self._hall)
        return (self._connection.execute(highest).scalar() or 0) + 1

    def _punches_kept(self, terminal: str) -> int:
        highest = select(func.max(_P.number)).where(_P.hall_id == self._hall, _P.terminal == terminal)
        return self._connection.execute(highest).scalar() or 0

    def _known(self, new: Reading) -> dict[Identity, int]:
        """The terminal's punches that a log's rows could be, by identity.

        A record of a reset clock must not drag in the terminal's whole history, hence the two stretches.
        """
        stretches = []
        for moments in ([r.at for r in new.rows if r.at < EARLIEST], [r.at for r in new.rows if r.at >= EARLIEST]):
            if moments:
                stretches.append(_P.at.between(min(moments), max(moments)))
        known: dict[Identity, int] = {}
        for stretch in stretches:
            rows = fetch(
                self._connection,
                select(_P.device_user_id, _P.at, _P.ordinal, _P.number).where(
                    _P.hall_id == self._hall, _P.terminal == new.terminal, stretch
                ),
            )
            known.update(((user, at, ordinal), number) for user, at, ordinal, number in rows)
        return known

    def _insert_reading(self, number: int, new: Reading, arrival: Arrival, at: Moment) -> None:
        ends = arrival.ends
        row = (
            self._hall, number, new.terminal, new.source, new.name, new.digest, new.began, new.through, new.serial,
            new.count_before, new.count_after, new.clock_offset, new.bytes_moved, new.plan, len(new.rows),
            len(arrival.new), spans.to_text(arrival.spans), ends.first, ends.last,
            ",".join(map(str, ends.last_numbers)), ends.later, at,
        )  # fmt: skip
        insert(self._connection, reading, [row])

    def _insert_punches(self, number: int, terminal: str, arrival: Arrival) -> None:
        insert(
            self._connection,
            punch,
            [
                (self._hall, terminal, n, r.device_user_id, r.at, k, r.verify, r.state, r.raw, number, r.position)
                for n, k, r in arrival.new
            ],
        )
        users = {row.device_user_id for _, _, row in arrival.new}
        u = device_user.c
        for chunk in chunks(sorted(users)):
            there = select(u.device_user_id).where(
                u.hall_id == self._hall, u.terminal == terminal, u.device_user_id.in_(chunk)
            )
            users.difference_update(user for (user,) in fetch(self._connection, there))
        insert(self._connection, device_user, [(self._hall, terminal, user) for user in sorted(users)])

    def _insert_defects(self, number: int, new: Reading) -> None:
        """Keep defects not seen before; like a punch, a defect is its bytes and which of the identical ones it is."""
        if not new.defects:
            return
        d = defect.c
        rows = fetch(
            self._connection,
            select(d.raw, d.reason, d.ordinal).where(d.hall_id == self._hall, d.terminal == new.terminal),
        )
        known = {(bytes(raw), reason, ordinal) for raw, reason, ordinal in rows}
        ordinals = occurrences([(one.raw, one.reason) for one in new.defects])
        fresh = [
            (one, ordinal)
            for one, ordinal in zip(new.defects, ordinals, strict=True)
            if (one.raw, one.reason, ordinal) not in known
        ]
        insert(
            self._connection,
            defect,
            [
                (self._hall, new.terminal, len(known) + n, one.raw, one.reason, ordinal, number, one.position)
                for n, (one, ordinal) in enumerate(fresh, 1)
            ],
        )

    def _forget_failure(self, terminal: str) -> None:
        f = failure.c
        self._connection.execute(failure.delete().where(f.hall_id == self._hall, f.terminal == terminal))

    def _coverage_touched(self, number: int, new: Reading, arrival: Arrival) -> Iterable[Moment]:
        """From when a reading can change what is known of its terminal: nothing, or one moment (0: from the beginning).

        That is the last record of the reading before it in coverage's order, or that one's reach if it ends earlier.
        """
        first, last = arrival.ends.first, arrival.ends.last
        if last is None:
            return [] if new.through is None else [0]
        before = (
            select(_R.last_at, _R.began, _R.through)
            .where(
                _R.hall_id == self._hall,
                _R.terminal == new.terminal,
                _R.number != number,
                or_(_R.last_at < last, and_(_R.last_at == last, _R.first_at <= first)),
            )
            .order_by(_R.last_at.desc(), _R.first_at.desc(), _R.number.desc())
            .limit(1)
        )
        found = self._connection.execute(before).first()
        return [0] if found is None else [min(m for m in found if m is not None)]
