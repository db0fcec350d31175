"""Deciding what a read was: everything that came from a terminal, as a `Reading` or as a `ReadFailure`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from punchsync.core.moment import DAY
from punchsync.core.reading import ReadFailure, Reading
from punchsync.terminals.decode import Decoded, Misfit, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from punchsync.core.moment import Moment
    from punchsync.core.reading import Row

EARLIEST: Final = date(2020, 1, 1).toordinal() * DAY
"""Records before are those of a clock that lost its time; they say nothing about which log this is."""


class Known(NamedTuple):
    """What is known of a terminal: its serial number, and the time and user ids of the last record ever read."""

    serial: str = ""
    last: tuple[Moment, frozenset[str]] | None = None


class ClockSample(NamedTuple):
    """A terminal's clock (None: it showed no time) between two looks at ours; `seconds` is how long that took."""

    shown: Moment | None
    asked: Moment
    answered: Moment
    seconds: float


@dataclass(frozen=True, slots=True)
class Take:
    """What one full read brought, as it came."""

    blob: bytes
    began: Moment
    before: int
    after: int
    samples: tuple[ClockSample, ...]
    serial: str
    bytes_moved: int


def conclude(terminal: str, name: str, take: Take, known: Known) -> Reading | ReadFailure:
    """The reading that a take is, or the reason why it must not be stored as one of this terminal."""
    if known.serial and take.serial != known.serial:
        return ReadFailure(terminal, "other_device", f"serial={take.serial} known={known.serial}")
    decoded = decode(take.blob, take.before, take.after)
    if isinstance(decoded, Misfit):
        return ReadFailure(terminal, decoded.code, decoded.detail)
    doubt = doubtful(decoded, known.last)
    if doubt is not None:
        return ReadFailure(terminal, *doubt)
    return Reading(
        terminal=terminal,
        source="tcp",
        name=name,
        digest=sha256(take.blob).hexdigest(),
        rows=decoded.rows,
        defects=decoded.defects,
        began=take.began,
        serial=take.serial,
        count_before=take.before,
        count_after=take.after,
        clock_offset=clock_offset(take.samples),
        bytes_moved=take.bytes_moved,
    )


def doubtful(log: Decoded, last: tuple[Moment, frozenset[str]] | None) -> tuple[str, str] | None:
    """Why a log does not continue the one known, as a failure's code and detail; None if it may.

    A log without the last known record that begins after it does: a full log lost its oldest rows, or was cleared
    and filled again. One that begins before and still misses it was never the same log.
    """
    if last is None:
        return None
    at, users = last
    if not log.rows and not log.defects:
        return "emptied", f"last_known={at}"
    if any(row.at == at and row.device_user_id in users for row in log.rows):
        return None
    first = _first(log.rows)
    if first is None or first > at:
        return None
    return "other_device", f"first={first} last_known={at}"


def clock_offset(samples: Sequence[ClockSample]) -> int | None:
    """A terminal's clock minus ours in whole seconds, from the sample that took least; None if it showed no time."""
    told = [s for s in samples if s.shown is not None]
    if not told:
        return None
    best = min(told, key=lambda s: s.seconds)
    assert best.shown is not None
    return best.shown - (best.asked + best.answered) // 2


def _first(rows: Iterable[Row]) -> Moment | None:
    return min((row.at for row in rows if row.at >= EARLIEST), default=None)
