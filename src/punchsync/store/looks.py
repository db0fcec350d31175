"""How the terminals' clocks stood at each live read; a sample is kept as `ours:offset`, those of a read by `;`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from punchsync.core.clock import STEADY, Look
from punchsync.core.moment import Moment
from punchsync.core.reading import Reading, Sample
from punchsync.store import spans
from punchsync.store.rows import Prepared, fetch
from punchsync.store.tables import reading

_R = reading.c
_LAST = Prepared(
    select(_R.samples, _R.began, _R.clock_offset)
    .where(_R.hall_id == bindparam("hall"), _R.terminal == bindparam("terminal"), _R.began < bindparam("before"))
    .order_by(_R.began.desc(), _R.number.desc())
    .limit(1)
)


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
        samples = from_text(kept) or (() if offset is None else (Sample(began, offset),))
        found[terminal].append((number, text, samples, serial))
        if any(s.offset is not None and abs(s.offset) > STEADY for s in samples):
            off.add(terminal)
    return {
        terminal: [Look(n, spans.from_text(text), samples, serial) for n, text, samples, serial in found[terminal]]
        for terminal in sorted(off)
    }


def last_sample(connection: Connection, hall_id: str, terminal: str, before: Moment) -> tuple[Sample, ...]:
    """The samples of a terminal's latest live read that began before a moment."""
    rows = _LAST.run(connection, hall=hall_id, terminal=terminal, before=before)
    if not rows:
        return ()
    samples, began, offset = rows[0]
    return from_text(samples) or (() if offset is None else (Sample(began, offset),))
