"""Reads and files of terminals: adding one with its punches and defects, and what is known of each terminal.

Adding is one transaction's work; the place of a log's rows among the known punches is found in memory (`arrival`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from punchsync.core.checkpoint import Erased
from punchsync.core.clock import STEADY, Look
from punchsync.core.moment import DAY, Moment
from punchsync.core.reading import ReadFailure, Reading
from punchsync.core.records import Read
from punchsync.core.stored import EARLIEST, Added, ReadingNote, ReadRow, TerminalState
from punchsync.store import held, looks, spans, terminals
from punchsync.store.arrival import Arrival, Base, Ends, Gone, Identity, New, arrive
from punchsync.store.chain import READING_CHAIN, SqlChain, digest_of_reading
from punchsync.store.checkpoints import SqlCheckpoints
from punchsync.store.defects import SqlDefects
from punchsync.store.memories import SqlMemories
from punchsync.store.rows import IN_LIST, Prepared, Tuple, fetch, insert
from punchsync.store.tables import device_user, failure, punch, reading

_R = reading.c
_P = punch.c
_F = failure.c
_U = device_user.c

_HERE = _R.hall_id == bindparam("hall")
_OF = and_(_HERE, _R.terminal == bindparam("terminal"))
_NEXT = Prepared(select(func.max(_R.number)).where(_HERE))
_BASE = Prepared(
    select(_R.spans, _R.first_at, _R.last_at, _R.last_numbers, _R.later_at).where(
        _HERE, _R.number == bindparam("number")
    )
)
_BEFORE = Prepared(
    select(_R.last_at, _R.began, _R.through)
    .where(
        _OF,
        _R.number != bindparam("number"),
        or_(
            _R.last_at < bindparam("last"),
            and_(_R.last_at == bindparam("last"), _R.first_at <= bindparam("first")),
        ),
    )
    .order_by(_R.last_at.desc(), _R.first_at.desc(), _R.number.desc())
    .limit(1)
)
_MINE = and_(_P.hall_id == bindparam("hall"), _P.terminal == bindparam("terminal"))
_KEPT = Prepared(select(func.max(_P.number)).where(_MINE))
_KNOWN = Prepared(
    select(_P.device_user_id, _P.at, _P.ordinal, _P.number).where(
        _MINE, _P.at >= bindparam("first"), _P.at <= bindparam("last")
    )
)
_FORGET = Prepared(failure.delete().where(_F.hall_id == bindparam("hall"), _F.terminal == bindparam("terminal")))
_USERS = Prepared(
    select(_U.device_user_id).where(_U.hall_id == bindparam("hall"), _U.terminal == bindparam("terminal"))
)


class SqlReadings:
    """The readings of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id
        self._defects = SqlDefects(connection, hall_id)
        self._memories = SqlMemories(connection, hall_id)
        self._chain = SqlChain(connection, hall_id)

    def add(self, new: Reading, at: Moment) -> Added:
        """Store a reading with its new punches and its defects, in this transaction.

        The same file with the same word on it, imported again, changes nothing.
        """
        same = self._same_file(new) if new.source == "file" else None
        if same is not None:
            return Added(same, 0, None, None)
        latest = max(at, new.began or at)
        number = self._next_reading()
        kept = self._punches_kept(new.terminal)
        gone = self._gone(new)
        arrival = arrive(new.rows, self._known(new), kept, latest, self._base(new), gone)
        clock = self._clock_touched(new)
        row = self._insert_reading(number, new, arrival, at)
        punches = self._insert_punches(number, new.terminal, arrival.new)
        odd, defects = self._defects.add(number, new, lambda one: gone is not None and gone.has(one, arrival.old))
        chain = READING_CHAIN + new.terminal
        digest = digest_of_reading(self._chain.last(chain)[1], row, punches, defects)
        self._chain.add(chain, number, digest, at)
        self._memories.remember(number, new)
        if new.began is not None:
            self._forget_failure(new.terminal)
        arrived = [row[3] for row in arrival.new.rows]
        doubtful = [d.first for d in odd if d.first is not None] + clock
        if arrived and max(arrived) >= EARLIEST:
            doubtful.append(min(m for m in arrived if m >= EARLIEST) if min(arrived) < EARLIEST else min(arrived))
        # As of a later day a record ahead of us counts, and with it the order of reads may change.
        ripens = bool(arrived) and max(arrived) > latest
        doubtful += [0] if ripens else self._coverage_touched(number, new, arrival)
        return Added(number, len(arrived), min(doubtful, default=None), min(arrived, default=None))

    def failed(self, failure_: ReadFailure, at: Moment) -> None:
        """Note that a terminal could not be read; the latest failure is kept until a live read is good.

        So is a log that was not understood, of which the latest stays for good.
        """
        self._forget_failure(failure_.terminal)
        if failure_.blob:
            self._memories.put_aside(failure_.terminal, at, failure_.code, failure_.detail, failure_.blob)
        insert(self._connection, failure, [(self._hall, failure_.terminal, at, failure_.code, failure_.detail)])

    def reads(self, latest: Moment) -> list[Read]:
        """Every reading as coverage asks; records before 2020 or after `latest` are not plausible."""
        return held.reads(self._connection, self._hall, latest)

    def looks(self) -> dict[str, list[Look]]:
        """How the clock stood at each live read of every terminal whose clock was ever off."""
        return looks.looks(self._connection, self._hall)

    def notes(self, numbers: Iterable[int]) -> dict[int, ReadingNote]:
        """What is kept of these readings, by number."""
        columns = (
            _R.number, _R.terminal, _R.source, _R.name, _R.stored_at, _R.began, _R.through, _R.clock_offset, _R.serial,
        )  # fmt: skip
        rows: list[Tuple] = []
        wanted = sorted(set(numbers))
        for n in range(0, len(wanted), IN_LIST):
            here = (_R.hall_id == self._hall, _R.number.in_(wanted[n : n + IN_LIST]))
            rows += fetch(self._connection, select(*columns).where(*here))
        return {row[0]: ReadingNote(*row) for row in rows}

    def states(self) -> dict[str, TerminalState]:
        """What is known of each terminal that was ever read or tried."""
        return terminals.states(self._connection, self._hall)

    def listed(self, terminal: str, skip: int, most: int) -> tuple[int, list[ReadRow]]:
        """How many readings there are of a terminal, and some of them, the latest first."""
        return terminals.listed(self._connection, self._hall, terminal, skip, most)

    def offsets(self, terminal: str, since: Moment) -> list[tuple[Moment, int]]:
        """When a terminal was read live since a moment, and how far its clock was off then, in order."""
        return terminals.offsets(self._connection, self._hall, terminal, since)

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
        return (_NEXT.one(self._connection, hall=self._hall) or 0) + 1

    def _base(self, new: Reading) -> Base | None:
        """What the log held that a reading continues; None for a reading of a whole log."""
        if new.continues is None:
            return None
        [(text, first, last, at_last, later)] = _BASE.run(self._connection, hall=self._hall, number=new.continues)
        numbers = tuple(map(int, at_last.split(","))) if at_last else ()
        return Base(spans.from_text(text), Ends(first, last, numbers, later))

    def _clock_touched(self, new: Reading) -> list[Moment]:
        """From when a reading can move punches, or doubts of them: nothing where the clock was always steady.

        A live read moves what was taken since the clock was looked at before it, and where it came late what the next
        look had placed. A file may bring what belongs anywhere.
        """
        if new.began is None:
            return [0] if looks.ever_off(self._connection, self._hall, new.terminal) else []
        before, after = looks.around(self._connection, self._hall, new.terminal, new.began)
        near = [s.offset or 0 for s in (before, *looks.samples_of(new), after) if s is not None]
        if all(abs(offset) <= STEADY for offset in near):
            return []
        # A file's punches may now be of this clock, whatever time they say.
        return [max(0, before.ours - DAY + min(0, *near)) if before else 0]

    def _punches_kept(self, terminal: str) -> int:
        """The highest number that a punch of a terminal has, or had."""
        kept = _KEPT.one(self._connection, hall=self._hall, terminal=terminal) or 0
        return max(kept, self._erased.seen.get(terminal, 0))

    @cached_property
    def _erased(self) -> Erased:
        return SqlCheckpoints(self._connection, self._hall).reach()

    def _gone(self, new: Reading) -> Gone | None:
        """What was erased of a log that is read whole; None where that is nothing, or the log is one's end only."""
        before = self._erased.punches_before
        moments = [row[3] for row in new.rows if row[3] < before]
        if new.continues is not None or not (moments or (before and new.defects)):
            return None
        off = looks.ever_off(self._connection, self._hall, new.terminal)
        off = off or any(abs(s.offset or 0) > STEADY for s in looks.samples_of(new))
        first = min(moments, default=before)
        ends = held.ends(self._connection, self._hall, new.terminal, max(EARLIEST, first), before - 1)
        return Gone(before, self._erased.seen.get(new.terminal, 0), ends, off)

    def _known(self, new: Reading) -> dict[Identity, int]:
        """The terminal's punches that a log's rows could be, by identity.

        A record of a reset clock must not drag in the terminal's whole history, hence the two stretches.
        """
        moments = [row[3] for row in new.rows]
        stretches = [moments]
        if moments and min(moments) < EARLIEST:
            stretches = [[m for m in moments if m < EARLIEST], [m for m in moments if m >= EARLIEST]]
        known: dict[Identity, int] = {}
        for stretch in filter(None, stretches):
            ends = {"first": min(stretch), "last": max(stretch)}
            rows = _KNOWN.run(self._connection, hall=self._hall, terminal=new.terminal, **ends)
            known.update(((user, at, ordinal), number) for user, at, ordinal, number in rows)
        return known

    def _insert_reading(self, number: int, new: Reading, arrival: Arrival, at: Moment) -> Tuple:
        ends = arrival.ends
        row = (
            self._hall, number, new.terminal, new.source, new.name, new.digest, new.began, new.through, new.serial,
            new.count_before, new.count_after, new.clock_offset, new.bytes_moved, new.plan, len(new.rows),
            len(arrival.new.rows), spans.to_text(arrival.spans), ends.first, ends.last,
            ",".join(map(str, ends.last_numbers)), ends.later, at, new.layout, new.held, new.capacity,
            looks.to_text(looks.samples_of(new)), new.continues, new.replaces,
        )  # fmt: skip
        insert(self._connection, reading, [row])
        return row

    def _insert_punches(self, number: int, terminal: str, new: New) -> list[Sequence[Any]]:
        """Insert what is new and return it as columns: number, id, moment, ordinal, verify, state, raw, position."""
        if not new.rows:
            return []
        positions, raws, owners, moments, verifies, states = zip(*new.rows, strict=True)
        hall, here, reading_ = repeat(self._hall), repeat(terminal), repeat(number)
        columns = (hall, here, new.numbers, owners, moments, new.ordinals, verifies, states, raws, reading_, positions)
        insert(self._connection, punch, list(zip(*columns, strict=False)))
        users = set(owners)
        users.difference_update(user for (user,) in _USERS.run(self._connection, hall=self._hall, terminal=terminal))
        insert(self._connection, device_user, [(self._hall, terminal, user) for user in sorted(users)])
        return [new.numbers, owners, moments, new.ordinals, verifies, states, raws, positions]

    def _forget_failure(self, terminal: str) -> None:
        _FORGET.run(self._connection, hall=self._hall, terminal=terminal)

    def _coverage_touched(self, number: int, new: Reading, arrival: Arrival) -> Iterable[Moment]:
        """From when a reading can change what is known of its terminal: nothing, or one moment (0: from the beginning).

        That is the last record of the reading before it in coverage's order, or that one's reach if it ends earlier.
        """
        first, last = arrival.ends.first, arrival.ends.last
        if last is None:
            return [] if new.through is None else [0]
        found = _BEFORE.run(
            self._connection, hall=self._hall, terminal=new.terminal, number=number, first=first, last=last
        )
        return [min(m for m in found[0] if m is not None)] if found else [0]
