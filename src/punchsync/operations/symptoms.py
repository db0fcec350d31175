"""What a read shows of its terminal beside punches: another device, a clock that is off, a log soon full, odd order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from punchsync.core.clock import MAX_CORRECTION, Dial
from punchsync.core.moment import DAY, HOUR, Moment, day_of, show_moment, start_of
from punchsync.core.reading import Memory, Reading, Row
from punchsync.core.records import Case, Read, Terminal
from punchsync.core.rules import Pack
from punchsync.core.stored import StoredPunch
from punchsync.core.suspicion import BACK
from punchsync.core.timetable import Timetables
from punchsync.operations.finding import Finding

OFF: Final = 60
"""Seconds that a clock may be off before somebody should set it."""
SOON_FULL: Final = (9, 10)
"""Share of a log's capacity from which it counts as soon full."""
RECENT: Final = 31 * DAY
TOLD: Final = 5
"""Records of a clock set back that are named of each terminal."""


def symptoms(reading: Reading, memory: Memory, now: Moment, most: int = MAX_CORRECTION) -> Iterator[Finding]:
    """What is noticed in a live read, given what was known of the terminal before it.

    `most` is by how many seconds this terminal's punches are corrected at most.
    """
    terminal, offset = reading.terminal, reading.clock_offset
    if reading.replaces:
        yield Finding("warn", "replaced", terminal, f"{reading.replaces}→{reading.serial}")
    held = reading.in_log
    if not held:
        yield Finding("warn", "empty_log", terminal)
    if not reading.replaces and memory.held > held:
        yield Finding("warn", "shrunk", terminal, f"{memory.held}→{held}")
    if memory.layout and reading.layout and reading.layout != memory.layout:
        yield Finding("warn", "layout_changed", terminal, f"{memory.layout}→{reading.layout}")
    if reading.capacity and held * SOON_FULL[1] >= reading.capacity * SOON_FULL[0]:
        yield Finding("warn", "full_soon", terminal, f"{held}/{reading.capacity}")
    told = [s.offset for s in reading.samples if s.offset is not None]
    if len(reading.samples) > 2 and len(told) > 2:
        yield Finding("ok", "clock_set", terminal, f"{told[0]:+d}→{told[-1]:+d}")
    elif offset is not None and abs(offset) > most:
        yield Finding("warn", "clock_beyond", terminal, f"{offset:+d}")
    elif offset is not None and abs(offset) >= OFF:
        yield Finding("warn", "clock_off", terminal, str(offset))
    yield from set_back(reading, memory)
    if reading.rows and max(r.at for r in reading.rows) > now + DAY:
        yield Finding("warn", "odd_times", terminal)


def set_back(reading: Reading, memory: Memory) -> Iterator[Finding]:
    """New records written after later ones: the clock may have been set back, punched by, and set again."""
    if memory.reading is None or reading.replaces:
        return
    for value in _backward(row for row in reading.rows if row.position >= memory.held):
        yield Finding("warn", "set_back", reading.terminal, value)


def set_backs(punches: Iterable[StoredPunch], reads: Iterable[Read]) -> Iterator[Finding]:
    """The same of punches that are kept, the latest of each terminal: not all who should see it see every read."""
    first: dict[str, int] = {}
    for read in reads:
        if read.reach is not None:
            first[read.terminal] = min(read.id, first.get(read.terminal, read.id))
    logs: dict[tuple[str, int], list[StoredPunch]] = defaultdict(list)
    for punch in punches:
        if punch.source != "file" and punch.reading > first.get(punch.terminal, punch.reading):
            logs[punch.terminal, punch.reading].append(punch)
    found: dict[str, list[str]] = defaultdict(list)
    for (terminal, _reading), log in sorted(logs.items()):
        found[terminal] += _backward(sorted(log, key=lambda p: p.position))
    for terminal, values in found.items():
        if values:
            yield Finding("warn", "set_back", terminal, "、".join(values[-TOLD:]))


def _backward(log: Iterable[Row | StoredPunch]) -> Iterator[str]:
    for one, other in pairwise(log):
        if other.at < one.at - BACK:
            yield f"{show_moment(one.at)}→{show_moment(other.at)} {other.device_user_id}"


def clocks(dials: Iterable[tuple[str, Dial]], terminals: Iterable[Terminal], now: Moment) -> Iterator[Finding]:
    """Stretches of the last month in which a terminal's clock jumped, or was off by more than may be corrected."""
    most = {t.id: t.correction for t in terminals}
    for terminal, dial in dials:
        for stretch in dial.stretches:
            if stretch.end < now - RECENT or terminal not in most:
                continue
            since = "" if stretch.start is None else show_moment(stretch.start)
            value = f"{since} – {show_moment(stretch.end)}：{stretch.before:+d}→{stretch.after:+d}"
            if stretch.off(most[terminal]):
                yield Finding("warn", "clock_beyond", terminal, value)
            elif stretch.jumped:
                yield Finding("warn", "clock_jumped", terminal, value)


def quiet(case: Case, pack: Pack, terminals: Iterable[str], now: Moment) -> Iterator[Finding]:
    """Terminals without a punch on a day on which people who use them were due more than an hour ago.

    `case` holds the day's punches. A record of the day that can't be placed in time is a sign of life, too.
    """
    today = day_of(now)
    timetables = Timetables(case, pack)
    used = {p.terminal for p in case.punches if start_of(today) <= p.at}
    used |= {d.terminal for d in case.doubts if start_of(today) <= d.last}
    for terminal in case.terminals:
        if terminal.id in used or terminal.id not in terminals or not terminal.first <= today <= terminal.last:
            continue
        due = [
            point.due
            for posting in timetables.posted(today)
            if not terminal.windows or posting.window in terminal.windows
            for plan in [timetables.of_posting(posting, today)]
            if plan
            for point in plan.checkpoints[:1]
        ]
        if due and min(due) + HOUR < now:
            yield Finding("warn", "quiet", terminal.id)
