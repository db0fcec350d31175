"""How the terminals' clocks stood at each live read; a sample is kept as `ours:offset`, those of a read by `;`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, or_, select

from punchsync.core.clock import STEADY, Look
from punchsync.core.moment import Moment
from punchsync.core.reading import Reading, Sample
from punchsync.store import spans
from punchsync.store.rows import Prepared, fetch
from punchsync.store.tables import reading

_R = reading.c
_MINE = and_(_R.hall_id == bindparam("hall"), _R.terminal == bindparam("terminal"))
_SHOWN = select(_R.samples, _R.began, _R.clock_offset).where(_MINE, _R.clock_offset.is_not(None))
_BEFORE = Prepared(_SHOWN.where(_R.began < bindparam("began")).order_by(_R.began.desc(), _R.number.desc()).limit(1))
_AFTER = Prepared(_SHOWN.where(_R.began >= bindparam("began")).order_by(_R.began, _R.number).limit(1))
_OFF = Prepared(select(_R.number).where(_MINE, or_(_R.clock_offset > STEADY, _R.clock_offset < -STEADY)).limit(1))


def to_text(samples: Iterable[Sample]) -> str:
    """Samples as text."""
    return ";".join(f"{s.ours}:{'' if s.offset is None else s.offset}" for s in samples)


def from_text(text: str) -> tuple[Sample, ...]:
    """Samples from text."""
    pairs = (part.split(":") for part in text.split(";")) if text else ()
    return tuple(Sample(int(ours), int(offset) if offset else None) for ours, offset in pairs)


def samples_of(new: Reading) -> tuple[Sample, ...]:
    """A live reading's samples; its one offset, where that is all it says."""
    if new.samples or new.began is None or new.clock_offset is None:
        return new.samples
    return (Sample(new.began, new.clock_offset),)


def looks(connection: Connection, hall_id: str) -> dict[str, list[Look]]:
    """The live reads of every terminal whose clock was ever off, by terminal."""
    rows = fetch(
        connection,
        select(_R.terminal, _R.number, _R.spans, _R.samples, _R.began, _R.clock_offset, _R.serial)
        .where(_R.hall_id == hall_id, _R.began.is_not(None))
        .order_by(_R.number),
    )
    found: dict[str, list[tuple[int, str, tuple[Sample, ...], str]]] = defaultdict(list)
    off: set[str] = set()
    for terminal, number, text, kept, began, offset, serial in rows:
        # Readings of an earlier version have their one offset only.
        samples = from_text(kept) or (Sample(began, offset),)
        found[terminal].append((number, text, samples, serial))
        if any(s.offset is not None and abs(s.offset) > STEADY for s in samples):
            off.add(terminal)
    return {
        terminal: [Look(n, spans.from_text(text), samples, serial) for n, text, samples, serial in found[terminal]]
        for terminal in sorted(off)
    }


def around(connection: Connection, hall_id: str, terminal: str, began: Moment) -> tuple[Sample | None, Sample | None]:
    """The last sample that showed a time before a live read began, and the first after it."""
    here = {"hall": hall_id, "terminal": terminal, "began": began}
    before = [s for row in _BEFORE.run(connection, **here) for s in reversed(_told(*row))]
    after = [s for row in _AFTER.run(connection, **here) for s in _told(*row)]
    return next(iter(before), None), next(iter(after), None)


def ever_off(connection: Connection, hall_id: str, terminal: str) -> bool:
    """Whether a terminal's clock was ever not steady."""
    return bool(_OFF.run(connection, hall=hall_id, terminal=terminal))


def _told(kept: str, began: Moment, offset: int | None) -> list[Sample]:
    # Readings of an earlier version have their one offset only.
    samples = from_text(kept) or (() if offset is None else (Sample(began, offset),))
    return [s for s in samples if s.offset is not None]
