"""What the end of a log adds to what is known of it, if it is the end of that log at all. Pure.

Whatever does not fit, byte for byte and by the counts, is read again in full. Source: TERMINALS.md, "Reading the log".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchsync.terminals.layout import PREFIX, TOTAL, prefix_of, size_of, times
from punchsync.terminals.plan import overlap_of, tail_start
from punchsync.terminals.take import Again

if TYPE_CHECKING:
    from punchsync.core.reading import Memory
    from punchsync.terminals.take import Take


def growth(take: Take, memory: Memory) -> bytes | Again:
    """The records of a tail or range that came after the known ones."""
    return _of_tail(take, memory) if take.plan == "tail" else _of_range(take, memory)


def _of_tail(take: Take, memory: Memory) -> bytes | Again:
    records, rest = divmod(take.total - prefix_of(memory.layout), size_of(memory.layout))
    found = f"total={take.total} records={records} held={memory.held} before={take.before} after={take.after}"
    if rest or records < memory.held or not take.before <= records <= take.after:
        return Again(found)
    start = tail_start(memory)
    if take.start != start:
        return Again(f"start={take.start} expected={start}")
    if len(take.blob) != TOTAL + take.total - start:
        return Again(f"bytes={len(take.blob)} start={start} total={take.total}", "tail")
    if not take.blob.startswith(memory.tail):
        return Again(f"overlap=differs {found}")
    return take.blob[len(memory.tail) :]


def _of_range(take: Take, memory: Memory) -> bytes | Again:
    size, overlap = size_of(memory.layout), overlap_of(memory)
    if overlap is None:
        return Again("overlap=none")
    begin, expected = overlap
    body = take.blob[TOTAL:]
    if prefix_of(memory.layout) and body.startswith(PREFIX):
        body = body[len(PREFIX) :]
    if len(take.blob) != TOTAL + take.total or len(body) % size:
        return Again(f"bytes={len(take.blob)} total={take.total}", "range")
    outside = sum(packed < begin for packed in times(body, memory.layout))
    if outside:
        return Again(f"records={len(body) // size} outside={outside}", "range")
    if not body.startswith(expected):
        return Again(f"overlap=differs records={len(body) // size} expected={len(expected) // size}")
    new = (len(body) - len(expected)) // size
    if not take.before - memory.held <= new <= take.after - memory.held:
        return Again(f"new={new} held={memory.held} before={take.before} after={take.after}")
    return body[len(expected) :]
