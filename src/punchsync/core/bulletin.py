"""What a day's bulletin says: windows, occurrences, what is not known yet, corrections, and the state of the data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from punchsync.core.away import Away
from punchsync.core.hourly import Hours
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry, stands
from punchsync.core.moment import Day, Moment
from punchsync.core.outcome import Outcome
from punchsync.core.period import period_of, span_of
from punchsync.core.reason import Reason
from punchsync.core.records import Posting
from punchsync.core.violations import ABSENT, TIMED, Violation

EMPTY: str = "window_empty"


class WindowDay(NamedTuple):
    """A window's day in numbers of people, and of occurrences; `covered`: excused, with somebody named to stand in."""

    window: str
    unit: str
    posted: int
    present: int
    excused: int
    covered: int
    late: int
    early: int
    off_post: int
    absent: int
    empty: int
    unknown: int


class Occurrence(NamedTuple):
    """One violation with rule and article; `at` is when it was seen, None where no moment shows it."""

    day: Day
    window: str
    person: str
    name: str
    kind: str
    session: int
    at: Moment | None
    seconds: int
    source: str
    rule: str
    article: str
    place: str = ""


class Unknown(NamedTuple):
    """A person whose days are not known in full, how many checkpoints, and why."""

    window: str
    person: str
    name: str
    pending: int
    unverified: int
    why: tuple[Reason, ...] = ()


class Unrostered(NamedTuple):
    """Somebody without a roster row where the pack asks one."""

    window: str
    person: str
    name: str


class Alone(NamedTuple):
    """A leave of the day for which the pack asks a stand-in and nobody stands in."""

    window: str
    person: str
    name: str
    leave: str


class Following(NamedTuple):
    """What totals led to in a period that holds the day: a confirmed one by name, proposals as a number."""

    period: str
    subject_type: str
    subject: str  # a person's id or a window; empty for proposals
    name: str  # a person's; empty for a window and for proposals
    outcome: str
    article: str
    proposals: int


class TerminalDay(NamedTuple):
    """How far a terminal was read."""

    terminal: str
    through: Moment | None
    state: str


class Daily(NamedTuple):
    """All of a day's bulletin."""

    hall: str
    day: Day
    as_of: Moment | None
    windows: list[WindowDay]
    leave: Away
    occurrences: list[Occurrence]
    unknown: list[Unknown]
    without_timetable: int
    unrostered: list[Unrostered]  # where the pack asks a roster for every working day
    alone: list[Alone]
    outcomes: list[Following]
    corrections: list[Entry]
    terminals: list[TerminalDay]
    hours: Hours
    names: Mapping[str, str]

    @property
    def provisional(self) -> bool:
        """Whether something of the day is not known yet."""
        return bool(self.unknown)


def windows(
    postings: Sequence[Posting],
    verdicts: Iterable[Verdict],
    violations: Iterable[Violation],
    standing_in: AbstractSet[str] = frozenset(),
) -> list[WindowDay]:
    """The windows of a day by name; people without a timetable that day are not counted as posted.

    `standing_in` are the absent for whom somebody is named to stand in.
    """
    by_person: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        by_person[v.person].append(v)
    rows = list(violations)
    absent = {v.person for v in rows if v.kind == ABSENT}
    out: list[WindowDay] = []
    units = {p.window: p.unit for p in postings}
    for window in sorted(units):
        people = [p.person for p in postings if p.window == window and p.person in by_person]
        kinds = Counter(v.kind for v in rows if v.window == window)
        states = {p: {v.verdict for v in by_person[p]} for p in people}
        unknown = {p for p, s in states.items() if s & {"pending", "unverified"}}
        excused = {p for p, s in states.items() if s == {"excused"}}
        gone = {p for p in people if p in absent}
        out.append(
            WindowDay(
                window, units[window], len(people), len(set(people) - unknown - excused - gone), len(excused),
                len(excused & standing_in), kinds["late"], kinds["early"], kinds["off_post"], kinds[ABSENT],
                kinds[EMPTY], len(unknown),
            )
        )  # fmt: skip
    return out


def unknown(
    postings: Sequence[Posting], verdicts: Iterable[Verdict], why: Mapping[str, tuple[Reason, ...]]
) -> list[Unknown]:
    """The people of whom something is pending or unverified, with the reasons by person."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for v in verdicts:
        counts[v.person][v.verdict] += 1
    return [
        Unknown(
            p.window, p.person, p.name, counts[p.person]["pending"], counts[p.person]["unverified"],
            why.get(p.person, ()),
        )
        for p in sorted(postings, key=lambda p: (p.window, p.person))
        if counts[p.person]["pending"] or counts[p.person]["unverified"]
    ]  # fmt: skip


def followings(outcomes: Iterable[tuple[Outcome, str]], day: Day, names: Mapping[str, str]) -> list[Following]:
    """The outcomes of the periods that hold a day: confirmed ones by name, proposals only as a number."""
    out: list[Following] = []
    proposed: Counter[tuple[str, str, str, str]] = Counter()
    for o, state in outcomes:
        first, last = span_of(o.period)
        if not first <= day <= last or state == "dropped":
            continue
        if state == "confirmed":
            name = names.get(o.subject_id, "") if o.subject_type == "person" else ""
            out.append(Following(o.period, o.subject_type, o.subject_id, name, o.outcome, o.article, 1))
        else:
            proposed[o.period, o.subject_type, o.outcome, o.article] += 1
    rows = [Following(p, t, "", "", o, article, n) for (p, t, o, article), n in proposed.items()]
    return sorted(out) + sorted(rows)


def occurrences(
    violations: Iterable[Violation],
    names: Mapping[str, str],
    cited: Mapping[str, tuple[str, str]],
    places: Mapping[str, str],
) -> list[Occurrence]:
    """Violations by window, person and time; `places` of incidents by their ids."""
    return [
        Occurrence(
            v.day, v.window, v.person, names.get(v.person, ""), v.kind, v.session, seen_at(v), v.seconds, v.source,
            *cited[v.id], places.get(v.cause, "") if v.source == "incident" else "",
        )
        for v in sorted(violations, key=lambda v: (v.window, v.person, v.day, v.order))
    ]  # fmt: skip


def seen_at(v: Violation) -> Moment | None:
    """The moment that shows a violation: of what was punched late or early, and of what was noted down."""
    return v.at if v.source == "incident" or (v.source == "punch" and v.kind in TIMED) else None


def corrections(
    entries: Iterable[tuple[int, Entry]],
    first: Day,
    last: Day,
    told: int | None = None,
    closed: AbstractSet[str] = frozenset(),
) -> list[Entry]:
    """Entries for days before a bulletin's that take something back, post anew after that, or come too late.

    `entries` with their heights, in the order of booking: those booked on the bulletin's days (`first` to `last`), or
    before but after the first `told` of them, which were there when the bulletin before was issued (None: there was
    none). Too late is whatever is booked for a month that is `closed`.
    """
    return [
        e
        for height, e in entries
        if (first <= e.booked_on <= last or (told is not None and height > told and e.booked_on < first))
        and e.value_date < first
        and (not stands(e) or e.revision > 1 or period_of(e.value_date, "month") in closed)
    ]
