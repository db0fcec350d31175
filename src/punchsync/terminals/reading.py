"""Deciding what a take is: a `Reading`, a `ReadFailure`, or a reason to read in full. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from punchsync.core.clock import MAX_CORRECTION, STEADY
from punchsync.core.moment import DAY
from punchsync.core.reading import OVERLAP, SLOTTED, Defect, Memory, ReadFailure, Reading, Sample
from punchsync.terminals.decode import Decoded, Whose, records
from punchsync.terminals.growth import growth
from punchsync.terminals.layout import Misfit, body_of, choose, size_of
from punchsync.terminals.plan import continues
from punchsync.terminals.take import CLOCKS, Again, ClockSample, Take
from punchsync.terminals.users import slots_of

if TYPE_CHECKING:
    from punchsync.core.moment import Moment
    from punchsync.core.reading import Row

__all__ = ["Again", "ClockSample", "Memory", "Take", "clock_offset", "conclude", "doubtful"]


_TIMELESS: Final = frozenset({"impossible_date", "dead_clock", "future"})
"""Defects of records that show no time to go by."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a take told of the log: its new records, how it looks, and where it ends now."""

    decoded: Decoded
    layout: str
    slots: Mapping[int, str]
    held: int
    tail: bytes
    continues: int | None = None


def conclude(
    terminal: str,
    name: str,
    take: Take,
    memory: Memory,
    latest: Moment,
    replaced: bool = False,
    layout: str = "",
) -> Reading | ReadFailure | Again:
    """The reading that a take is, the reason why it must not be stored, or why a full read must follow.

    `latest` is the latest moment that any clock of ours shows; `replaced` says that another device may stand in the
    terminal's place, `layout` is the hall's own word on the records' layout, empty for none.
    """
    stranger = bool(memory.serial) and take.serial != memory.serial
    told = f"serial={take.serial} known={memory.serial}"
    if stranger and take.serial in memory.elsewhere:
        return ReadFailure(terminal, "other_device", f"{told} terminal={memory.elsewhere[take.serial]}")
    if stranger and not replaced:
        return ReadFailure(terminal, "other_device", told)
    found: _Found | Misfit | Again
    if take.plan == "full":
        found = _whole(take, Memory() if stranger else memory, latest, layout, replaced)
        if stranger and isinstance(found, _Found) and memory.began is not None:
            found = replace(found, decoded=_since_installed(found.decoded, memory.began, _off_by(take)))
    elif stranger:
        return Again(told)
    else:
        found = _end(take, memory, latest, layout)
    if isinstance(found, Again):
        return found
    if isinstance(found, Misfit):
        return ReadFailure(terminal, found.code, found.detail, take.blob if found.code == "layout" else b"")
    return Reading(
        terminal=terminal,
        source=take.source,
        name=name,
        digest=sha256(take.blob).hexdigest(),
        rows=found.decoded.rows,
        defects=dated(found.decoded, take, Memory() if stranger else memory),
        began=take.began,
        serial=take.serial,
        count_before=take.before,
        count_after=take.after,
        clock_offset=clock_offset(take.samples[:CLOCKS]),
        bytes_moved=take.bytes_moved,
        plan=take.plan,
        layout=found.layout,
        held=found.held,
        capacity=take.capacity,
        samples=tuple(Sample(_middle(s), _offset(s)) for s in take.samples),
        continues=found.continues,
        tail=found.tail,
        slots=found.slots,
        refused=frozenset() if stranger else memory.refused,
        replaces=memory.serial if stranger else "",
    )


def _since_installed(log: Decoded, began: Moment, offset: int) -> Decoded:
    """A new device's log without what it brought from elsewhere: until then its predecessor stood in this place.

    What lies close before may be of after it by another clock, and so it protects whose it is.
    """
    rows: list[Row] = []
    defects = list(log.defects)
    for row in log.rows:
        at = row.at - offset
        if at > began:
            rows.append(row)
        elif at > began - MAX_CORRECTION:
            defects.append(
                Defect(row.position, row.raw, "foreign", (row.device_user_id,), began, began + MAX_CORRECTION)
            )
        else:
            defects.append(Defect(row.position, row.raw, "foreign"))
    return Decoded(tuple(rows), tuple(defects))


def dated(log: Decoded, take: Take, memory: Memory) -> tuple[Defect, ...]:
    """A log's defects in the order of the log, when they were made said by our clock, as far as that is known.

    What came behind the known records was made between the two reads. Anything else was made when the terminal's clock
    showed its neighbours' times, if that clock was right or off as it is now.
    """
    offset = _off_by(take)
    found = list(log.known)
    for defect in log.defects:
        first, last = defect.first, defect.last
        if first is None or last is None:
            found.append(defect)
            continue
        first, last = first - max(offset, 0), last - min(offset, 0)
        if memory.began is not None and defect.position >= memory.held > 0:
            timeless = defect.reason in _TIMELESS and offset
            low, high = memory.began, max(memory.began, take.began)
            first = low if timeless else min(max(first, low), high)
            last = high if timeless else min(max(last, low), high)
        found.append(replace(defect, first=first, last=last))
    return tuple(sorted(found, key=lambda d: d.position))


def _off_by(take: Take) -> int:
    """By how much the clock was off, as far as that says anything of what it wrote: 0 if it was steady or senseless."""
    offset = clock_offset(take.samples[:CLOCKS]) or 0
    return offset if STEADY < abs(offset) <= DAY else 0


def _whole(take: Take, memory: Memory, latest: Moment, pinned: str, replaced: bool) -> _Found | Misfit:
    layout = choose(take.blob, take.before, take.after, pinned or memory.layout, latest)
    if isinstance(layout, Misfit):
        return layout
    if pinned and layout != pinned:
        return Misfit("layout", f"layout={pinned} found={layout}")
    slots = _slots(take, layout, memory)
    if isinstance(slots, Misfit):
        return slots
    body = body_of(take.blob, layout)
    decoded = records(body, layout, latest, Whose(slots, memory.slots, memory.said), memory.odd)
    if memory.layout and layout not in (pinned, memory.layout) and not _holds(decoded.rows, memory.last):
        return Misfit("layout", f"layout={memory.layout} found={layout} last_known=missing")
    doubt = doubtful(decoded, memory.last)
    same = replaced and bool(take.serial) and take.serial == memory.serial
    if doubt is not None and not (same and doubt[0] == "other_device"):
        return Misfit(*doubt)
    if not body:
        return _Found(decoded, layout, slots, 0, b"")
    size = size_of(layout)
    return _Found(decoded, layout, slots, len(body) // size, body[-OVERLAP * size :])


def _end(take: Take, memory: Memory, latest: Moment, pinned: str) -> _Found | Misfit | Again:
    if not continues(memory) or pinned not in ("", memory.layout):
        return Again(f"reading={memory.reading} layout={memory.layout} wanted={pinned}")
    new = growth(take, memory)
    if isinstance(new, Again):
        return new
    slots = _slots(take, memory.layout, memory)
    if isinstance(slots, Misfit):
        return slots
    decoded = records(new, memory.layout, latest, Whose(slots, memory.slots), position=memory.held)
    size = size_of(memory.layout)
    held, tail = memory.held + len(new) // size, (memory.tail + new)[-OVERLAP * size :]
    return _Found(decoded, memory.layout, slots, held, tail, memory.reading)


def _slots(take: Take, layout: str, memory: Memory) -> Mapping[int, str] | Misfit:
    if layout not in SLOTTED:
        return {}
    if take.users is None:
        # Nobody asks for the users of a log of no records.
        return memory.slots if not take.total else Misfit("broken", "users=none")
    slots = slots_of(take.users, take.user_count)
    return Misfit("broken", slots) if isinstance(slots, str) else slots


def doubtful(log: Decoded, last: tuple[Moment, frozenset[str]] | None) -> tuple[str, str] | None:
    """Why a log does not continue the one known, as a failure's code and detail; None if it may.

    A log without the last known record that begins after it does: a full log lost its oldest rows, or was cleared
    and filled again. One that begins before and still misses it was never the same log.
    """
    if last is None:
        return None
    at = last[0]
    if not log.rows and not log.defects:
        return "emptied", f"last_known={at}"
    if _holds(log.rows, last):
        return None
    first = min((row.at for row in log.rows), default=None)
    if first is None or first > at:
        return None
    return "other_device", f"first={first} last_known={at}"


def _holds(rows: Iterable[Row], last: tuple[Moment, frozenset[str]] | None) -> bool:
    return last is not None and any(row.at == last[0] and row.device_user_id in last[1] for row in rows)


def clock_offset(samples: Sequence[ClockSample]) -> int | None:
    """A terminal's clock minus ours in whole seconds, from the sample that took least; None if it showed no time."""
    told = [s for s in samples if s.shown is not None]
    return _offset(min(told, key=lambda s: s.seconds)) if told else None


def _middle(sample: ClockSample) -> Moment:
    return (sample.asked + sample.answered) // 2


def _offset(sample: ClockSample) -> int | None:
    return None if sample.shown is None else sample.shown - _middle(sample)
