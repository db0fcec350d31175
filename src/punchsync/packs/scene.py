"""A worked case of a pack as a hall's records: its people, their punches, and whatever else was written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from punchsync.core.moment import (
    DAY,
    HOUR,
    Day,
    Moment,
    day_of,
    parse_clock,
    parse_day,
    parse_moment,
    start_of,
    to_date,
    to_day,
    weekday,
)
from punchsync.core.period import months_between
from punchsync.core.records import (
    Bound,
    Calendar,
    Case,
    GivenScore,
    Incident,
    Leave,
    Outage,
    Outing,
    Posting,
    Punch,
    Read,
    Roster,
    Ruling,
    StandIn,
    Terminal,
)
from punchsync.core.sessions import is_sessions, parse_sessions
from punchsync.packs.case_schema import CasePart, CaseRosterPart
from punchsync.packs.fields import WEEKDAYS

PERSON, TERMINAL = "甲", "T1"
DAY_WORDS = ("", "workdays", "rest", "all")
LONG_BEFORE: Moment = 0


class Scene(NamedTuple):
    """A case ready to be judged: its records, the moment that stands for now, and the months it touches."""

    case: Case
    as_of: Moment
    months: list[str]


class Place(NamedTuple):
    """Where and when a person of a case is posted, and the punches of the days."""

    id: str
    window: str
    post: str
    backup_for: tuple[str, ...]
    spans: tuple[tuple[Day, Day], ...]
    days: Mapping[Day, str]
    every: str


def scene(part: CasePart, later: Mapping[str, str] | None = None) -> Scene:
    """A worked case as records, with the punches of `later` instead of those of the same dates.

    Raises ValueError with what can't be read, or where 甲 has no day.
    """
    as_of = parse_moment(part.as_of) if part.as_of else None
    people = list(places(part, later or {}, as_of))
    first, last = min(s[0] for p in people for s in p.spans), max(s[1] for p in people for s in p.spans)
    if as_of is None:
        as_of = start_of(max([last, *(d for p in people for d in p.days)]) + 1) + 12 * HOUR
    through = parse_moment(part.read_through) if part.read_through else as_of
    calendar = calendar_of(part, people, first, last)
    punches = sorted(p for n, person in enumerate(people, 1) for p in punches_of(person, str(n), calendar, through))
    case = Case(
        postings=tuple(posting for n, p in enumerate(people, 1) for posting in postings(p, str(n))),
        rosters=tuple(roster(x, n) for n, x in enumerate(part.roster, 1)),
        leaves=tuple(
            Leave(
                f"L{n}", x.person, x.kind, bound(x.start), bound(x.end, ending=True), None, moment(x.registered),
                x.certificate, frozenset(x.approvals),
            )
            for n, x in enumerate(part.leave, 1)
        ),
        outings=tuple(
            Outing(f"O{n}", x.person, bound(x.start), bound(x.end, ending=True), moment(x.registered))
            for n, x in enumerate(part.outing, 1)
        ),
        standins=tuple(
            StandIn(f"S{n}", x.absent, x.standin, bound(x.start), bound(x.end, ending=True), moment(x.filed))
            for n, x in enumerate(part.standin, 1)
        ),
        incidents=tuple(
            Incident(f"I{n}", "" if x.window else x.person, x.window, x.kind, moment(x.at), warned=x.warned)
            for n, x in enumerate(part.incident, 1)
        ),
        outages=tuple(Outage(TERMINAL, moment(x.start), moment(x.end), x.kind) for x in part.outage),
        rulings=tuple(
            Ruling(f"R{n}", PERSON, "", to_day(x.date), x.session, x.kind, x.effect, x.as_kind, "", "", n)
            for n, x in enumerate(part.ruling, 1)
        ),
        given=tuple(
            GivenScore(
                x.period, "person" if x.subject in {p.id for p in people} else "window", x.subject, x.category, x.points
            )
            for x in part.score
        ),
        terminals=(Terminal(TERMINAL),),
        reads=(read(punches, through),),
        punches=tuple(punches),
        calendar=calendar,
    )  # fmt: skip
    return Scene(case, as_of, months_between(first, last))


def places(part: CasePart, later: Mapping[str, str], as_of: Moment | None) -> Iterator[Place]:
    """甲 and the other people of a case; who has no days of their own is posted on those of 甲."""
    days = by_day({**part.days, **later})
    if not days and part.first is None:
        raise ValueError("days, from")
    spans = posted(part.first, part.last, days, as_of)
    yield Place(PERSON, part.window, part.post, part.backup_for, spans, days, part.every)
    for other in part.person:
        own = by_day(other.days)
        yield Place(
            other.id, other.window, other.post, other.backup_for, posted(other.first, other.last, own, as_of) or spans,
            own, other.every,
        )  # fmt: skip


def posted(
    first: date | None, last: date | None, days: Iterable[Day], as_of: Moment | None
) -> tuple[tuple[Day, Day], ...]:
    """The stretches of a posting: `first` to `last` if one of them is given, else each day named.

    A missing end is the first or last day named, or as-of's date.
    """
    named = sorted(days)
    if first is None and last is None:
        return tuple((d, d) for d in named)
    begin = to_day(first) if first else min([*named, to_day(last or date.max)])
    end = to_day(last) if last else day_of(as_of) if as_of is not None else max([begin, *named])
    return ((begin, end),)


def postings(place: Place, device_user_id: str) -> Iterator[Posting]:
    """A person's postings; the unit is called after the person."""
    for first, last in place.spans:
        yield Posting(
            place.id, place.id, f"{place.id}局", place.window, place.post, device_user_id, place.backup_for, first, last
        )


def calendar_of(part: CasePart, people: Iterable[Place], first: Day, last: Day) -> Calendar:
    """Days named are working days, unless the case's calendar says otherwise; all others Monday to Friday."""
    named = {d: "work" for p in people for d in p.days}
    own = {parse_day(d): kind for d, kind in part.calendar.items()}
    years = frozenset(range(to_date(first).year, to_date(last).year + 2))
    return Calendar(years, frozenset(), frozenset(), {**named, **own})


def punches_of(place: Place, device_user_id: str, calendar: Calendar, through: Moment) -> Iterator[Punch]:
    """A person's punches on the days named, and on every other working day of the posting as far as it is read."""
    for day, clocks in place.days.items():
        for clock in clocks.split():
            yield Punch(TERMINAL, device_user_id, start_of(day) + parse_clock(clock))
    usual = [parse_clock(clock) for clock in place.every.split()]
    for first, last in place.spans:
        for day in range(first, last + 1):
            working = calendar.overrides.get(day, "work" if weekday(day) < 5 else "off") != "off"
            if working and day not in place.days:
                yield from (
                    Punch(TERMINAL, device_user_id, start_of(day) + clock)
                    for clock in usual
                    if start_of(day) + clock <= through
                )


def read(punches: list[Punch], through: Moment) -> Read:
    """The one read of the case's terminal; it holds all of the punches."""
    times = [p.at for p in punches]
    last = max(times, default=None)
    numbers = tuple(n for n, at in enumerate(times, 1) if at == last) or (1,)
    held = ((1, max(1, len(punches))),)
    return Read(TERMINAL, 1, held, min(times, default=None), last, numbers, through, through)


def roster(x: CaseRosterPart, n: int) -> Roster:
    """A roster row; later rows win over earlier ones."""
    written = is_sessions(x.shift)
    return Roster(
        f"D{n:03d}", n, x.person or ("" if x.window else PERSON), x.window, to_day(x.first), to_day(x.last),
        "" if written else x.shift, parse_sessions(x.shift) if written else (),
        x.days if x.days in DAY_WORDS else "weekdays",
        frozenset() if x.days in DAY_WORDS else frozenset(WEEKDAYS.index(d) for d in x.days.split(",")),
    )  # fmt: skip


def by_day(days: Mapping[str, str]) -> dict[Day, str]:
    """Dates as days."""
    return {parse_day(day): clocks for day, clocks in sorted(days.items())}


def moment(text: str) -> Moment:
    """A moment; nothing written is long before anything in the case."""
    return parse_moment(text) if text else LONG_BEFORE


def bound(text: str, *, ending: bool = False) -> Bound:
    """One end of a span: a date alone is its 00:00, or its 24:00 as an end; `am`, `pm` are halves of a day."""
    head, _gap, tail = text.partition(" ")
    if tail in ("am", "pm"):
        return Bound(start_of(parse_day(head)) + (DAY // 2 if tail == "pm" else 0), tail)
    if not tail:
        return Bound(start_of(parse_day(head)) + (DAY if ending else 0))
    return Bound(parse_moment(text))
