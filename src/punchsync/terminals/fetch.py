"""What one connection brings: everything that is asked in a read, in its order. Decides nothing."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from punchsync.terminals.plan import Plan
from punchsync.terminals.reading import clock_offset
from punchsync.terminals.take import ClockSample, Take
from punchsync.terminals.trouble import Refusal, Trouble, Unhonoured

if TYPE_CHECKING:
    from collections.abc import Callable

    from punchsync.core.moment import Moment
    from punchsync.terminals.answers import Sizes
    from punchsync.terminals.link import Link
    from punchsync.terminals.session import Session

FULL: Final = Plan("full")

_FAREWELL: Final = 2.0
"""How long is waited for all that comes after the log, in seconds: what was asked is there already."""
_SLOTTED: Final = 8
"""The size of records that name a slot, of which only the user list says whose it is."""


class HallClock(Protocol):
    """Hall time."""

    def now(self) -> Moment: ...


@dataclass(frozen=True, slots=True)
class Errand:
    """What a read is for.

    `slotted` says that the records are known to name slots; `set_clock` from what difference in seconds on the clock
    is set (None: never), and only of the terminal with this `serial` number (empty: of any); `heard` is told how many
    records of how many came so far, as far as bytes tell.
    """

    plan: Plan = FULL
    slotted: bool = False
    set_clock: int | None = None
    serial: str = ""
    heard: Callable[[int, int], None] = lambda had, records: None


class Fetched(NamedTuple):
    """A take, and the plan that the terminal refused on the way to it, if it did."""

    take: Take
    refused: str = ""


class _Log(NamedTuple):
    plan: str
    total: int
    blob: bytes
    refused: str = ""


def fetch(session: Session, link: Link, clock: HallClock, errand: Errand | None = None) -> Fetched:
    """Read a terminal once: clocks, counts before and after, the log, the serial number; raises Trouble.

    Where the clock is to be set it is set last, and read back as a third sample; that may fail.
    """
    errand = errand or Errand()
    session.connect()
    samples = [_sample(session, clock)]
    began = clock.now()
    before = session.sizes()
    session.moved = lambda had, size: errand.heard(before.records * had // size, before.records)
    log = _log(session, errand.plan, before)
    session.moved = lambda had, size: None
    after = session.sizes()
    samples.append(_sample(session, clock))
    users = _users(session) if errand.slotted or _names_slots(log, before, after) else None
    serial = session.serial()
    with suppress(Trouble):
        link.hasten(_FAREWELL)
        if errand.serial in ("", serial) and _wrong(samples, errand.set_clock):
            # Who punched since the log was taken did so by the old clock: that read comes first.
            if session.sizes().records == after.records:
                session.set_clock(clock.now())
                samples.append(_sample(session, clock))
    with suppress(Trouble):
        session.disconnect()
    take = Take(
        plan=log.plan,
        blob=log.blob,
        start=errand.plan.start if log.plan == "tail" else 0,
        total=log.total,
        began=began,
        before=before.records,
        after=after.records,
        capacity=after.capacity,
        samples=tuple(samples),
        serial=serial,
        bytes_moved=link.received,
        users=users,
        user_count=after.users,
        source=link.source,
    )
    return Fetched(take, log.refused)


def _log(session: Session, plan: Plan, sizes: Sizes) -> _Log:
    refused = ""
    try:
        if plan.name == "tail":
            return _Log(*session.tail(plan.start))
        if plan.name == "range":
            try:
                return _counted("range", session.between(plan.begin))
            except Unhonoured as found:
                refused = found.plan
        return _counted("full", session.log(), refused)
    except Refusal as refusal:
        # Some terminals have no buffer to prepare for a log of no records; those that only push have none ever.
        if sizes.records or not refusal.final or refusal.code == "push_only":
            raise
        return _counted("full", b"", refused)


def _counted(plan: str, blob: bytes, refused: str = "") -> _Log:
    return _Log(plan, int.from_bytes(blob[:4], "little"), blob, refused)


def _names_slots(log: _Log, before: Sizes, after: Sizes) -> bool:
    records, rest = divmod(log.total, _SLOTTED)
    return log.plan != "range" and not rest and max(1, before.records) <= records <= after.records


def _users(session: Session) -> bytes | None:
    try:
        return session.user_list()
    except Refusal as refusal:
        if refusal.passing:
            raise
        return None


def _wrong(samples: list[ClockSample], threshold: int | None) -> bool:
    offset = clock_offset(samples)
    return threshold is not None and offset is not None and abs(offset) > threshold


def _sample(session: Session, clock: HallClock) -> ClockSample:
    asked, start = clock.now(), time.monotonic()
    shown = session.clock()
    return ClockSample(shown, asked, clock.now(), time.monotonic() - start)
