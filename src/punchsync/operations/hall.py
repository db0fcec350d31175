"""One hall, with everything a use case may ask of the outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from punchsync.core.amendment import Amendment
from punchsync.core.moment import Moment, last_second, start_of
from punchsync.core.period import days_of_month, period_of
from punchsync.core.raw import Decoded
from punchsync.core.records import Calendar, Case, Read, Terminal
from punchsync.core.rules import Pack
from punchsync.operations.clocks import Clocks
from punchsync.operations.ports import Body, Clock, Store, TerminalReader, Work

KINDS = (
    "staff", "device", "roster", "leave", "outing", "standin", "incident", "outage", "paper", "ruling", "calendar",
    "scores",
)  # fmt: skip
Build = Callable[[Mapping[str, Iterable[Body]]], Case]


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall's rules, terminals and store, and the outside that its use cases need."""

    id: str
    name: str
    store: Store
    pack: Pack
    pack_text: str
    terminals: tuple[Terminal, ...]
    reader: TerminalReader
    clock: Clock
    published: Callable[[], Calendar]
    build: Build
    amended: Callable[[str], Sequence[Amendment]] = lambda kept: ()  # what the pack has otherwise than a kept one
    appeal_days: int | None = None  # the hall's own term for appeals, before the pack's
    kept_pack: Callable[[str], Pack | None] = lambda kept: None  # a pack as it was kept; None if it can't be read now
    decoded: Decoded = lambda source, layout, raws: None
    scored: bool = False  # whether the ledger is delivered to a scoring store


def load_case(hall: Hall, work: Work, months: Iterable[str], as_of: Moment) -> Case:
    """All that is known of a hall, with the punches of these months."""
    return with_punches(work, load_known(hall, work, as_of), months)


def load_known(hall: Hall, work: Work, as_of: Moment) -> Case:
    """All that is known of a hall but its punches."""
    case = on_calendar(hall, records(hall, work, KINDS))
    return replace(case, terminals=hall.terminals, reads=known_reads(hall, work, as_of))


def known_reads(hall: Hall, work: Work, as_of: Moment) -> tuple[Read, ...]:
    """Every read and file of the terminals, in our time."""
    return Clocks(work, hall.terminals).reads(work.readings.reads(as_of))


def on_calendar(hall: Hall, case: Case) -> Case:
    """A case with the published calendar under the hall's own dates."""
    return replace(case, calendar=replace(hall.published(), overrides=case.calendar.overrides))


def with_punches(work: Work, case: Case, months: Iterable[str]) -> Case:
    """A case with the punches, and the doubts, from the first to the last of these months."""
    wanted = sorted(months)
    if not wanted:
        return case
    return with_stretch(work, case, start_of(days_of_month(wanted[0])[0]), last_second(days_of_month(wanted[-1])[-1]))


def with_stretch(work: Work, case: Case, first: Moment, last: Moment) -> Case:
    """A case with the punches, and the doubts, of a stretch of time, both ends included."""
    clocks = Clocks(work, case.terminals)
    return replace(case, punches=tuple(clocks.punches(first, last)), doubts=tuple(clocks.doubts(first, last)))


def records(hall: Hall, work: Work, kinds: Iterable[str]) -> Case:
    """A case of the stored records of some kinds only."""
    return hall.build({kind: bodies(work, kind) for kind in kinds})


def bodies(work: Work, kind: str) -> list[Body]:
    """The stored bodies of a kind; a leave's with the `first_registered_at` of its first version, where it differs."""
    latest: dict[str, Body] = {**work.records.all(kind)}
    if kind == "leave":
        for key, first in work.records.firsts(kind, "registered_at").items():
            if first != latest[key]["registered_at"]:
                latest[key] = {**latest[key], "first_registered_at": first}
    return list(latest.values())


def month_of(day: int) -> str:
    """The month a day lies in; before all months for a day before any."""
    return period_of(day, "month") if day > 0 else ""
