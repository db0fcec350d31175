"""A month's attendance, person by person and day by day: what each half-day was, and the sums at the end. Pure.

What is pending or unverified is `unknown` and nothing else: neither presence nor absence, in no mark and in no sum.
A kind of leave is never told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from punchsync.core.excuse import Excuses
from punchsync.core.intervals import touches
from punchsync.core.judge import Verdict
from punchsync.core.moment import DAY, Day, start_of
from punchsync.core.records import Posting
from punchsync.core.rules import Pack
from punchsync.core.tally import leave_of
from punchsync.core.timetable import Session, Timetables
from punchsync.core.violations import ABSENT, Rulings, Violation, amounts_to

MARKS: Final = ("present", "partly", "late", "off_post", "absent", "leave", "outing", "unknown", "none")
"""What a half-day was; `partly`: there, but for a part on leave or an outing; `none`: rest, or not posted."""
REST: Final = ("none",)
AGAINST: Final = ("off_post", "late", "early")


class Sums(NamedTuple):
    """A line's sums: half-days asked, there, on leave, absent and not known, and occurrences.

    `required` = `present` + `unknown` + the half-days with an absence, which may hold two of `absent`.
    """

    required: int
    present: int
    leave: int
    late: int
    early: int
    off_post: int
    absent: int
    unknown: int


class Line(NamedTuple):
    """A person at a window in a month: for every day the marks of its half-days; none for a day still to come."""

    window: str
    unit: str
    person: str
    name: str
    cells: tuple[tuple[str, ...], ...]
    sums: Sums


class Judged(NamedTuple):
    """What a month's judging left, and what lies at hand to read it; `last` is the last day that was judged."""

    pack: Pack
    timetables: Timetables
    excuses: Excuses
    rulings: Rulings
    last: Day
    verdicts: Mapping[tuple[str, Day], Mapping[int, Sequence[Verdict]]]
    violations: Mapping[str, Sequence[Violation]]


def by_day(verdicts: Iterable[Verdict]) -> dict[tuple[str, Day], dict[int, list[Verdict]]]:
    """Verdicts by person and day, and by session."""
    out: dict[tuple[str, Day], dict[int, list[Verdict]]] = {}
    for v in verdicts:
        out.setdefault((v.person, v.day), {}).setdefault(v.session, []).append(v)
    return out


def by_person(violations: Iterable[Violation]) -> dict[str, list[Violation]]:
    """Violations of people by whose they are."""
    out: dict[str, list[Violation]] = defaultdict(list)
    for v in violations:
        if v.person:
            out[v.person].append(v)
    return out


def lines(judged: Judged, postings: Iterable[Posting], days: range) -> list[Line]:
    """A line for everybody who was posted at a window on some of these days, by window and person."""
    together: dict[tuple[str, str], list[Posting]] = defaultdict(list)
    for p in sorted(postings, key=lambda p: p.first):
        if p.first <= days[-1] and p.last >= days[0]:
            together[p.window, p.person].append(p)
    return [_line(judged, together[place], days) for place in sorted(together)]


def _line(judged: Judged, postings: Sequence[Posting], days: range) -> Line:
    here = [(p, range(max(p.first, days[0]), min(p.last, days[-1]) + 1)) for p in postings]
    posted = {day: p for p, span in here for day in span}
    mine: dict[Day, list[Violation]] = {day: [] for day in posted}
    for v in judged.violations.get(postings[0].person, ()):
        if v.day in posted:
            mine[v.day].append(v)
    found = {day: tuple(_sessions(judged, p, day, mine[day])) for day, p in posted.items() if day <= judged.last}
    cells = tuple(
        _cell(judged, postings[0].person, day, found[day], mine[day]) if day in found else () if day in posted else REST
        for day in days
    )
    required = [m for marks in found.values() for m in marks if m not in ("leave", "outing")]
    there = sum(1 for m in required if m not in ("absent", "unknown"))
    kinds = [v.kind for rows in mine.values() for v in rows]
    leave = sum(
        sum(leave_of(p.person, judged.excuses, span[0], min(span[-1], judged.last)).values())
        for p, span in here
        if span[0] <= judged.last
    )
    last = postings[-1]
    sums = Sums(
        len(required), there, leave, kinds.count("late"), kinds.count("early"), kinds.count("off_post"),
        kinds.count(ABSENT), required.count("unknown"),
    )  # fmt: skip
    return Line(last.window, last.unit, last.person, last.name, cells, sums)


def _cell(judged: Judged, person: str, day: Day, marks: tuple[str, ...], mine: Sequence[Violation]) -> tuple[str, ...]:
    """The marks of a judged day; of a day whose only session is half an absence one for each half."""
    if marks == ("absent",) and sum(1 for v in mine if v.kind == ABSENT) == 1:
        [own] = judged.verdicts[person, day].values()
        missing = [v.checkpoint for v in own if v.verdict == "missing"]
        if len(own) > len(missing) == 1:
            return ("absent", "present") if missing == ["in"] else ("present", "absent")
    return marks or REST


def _sessions(judged: Judged, posting: Posting, day: Day, mine: Sequence[Violation]) -> Iterator[str]:
    """What each session of a judged day was."""
    own = judged.verdicts.get((posting.person, day))
    plan = judged.timetables.of_posting(posting, day)
    sessions = {s.number: s for s in plan.sessions} if plan else {}
    if own is None:
        # Asked for by what is known now, but not judged yet.
        yield from ("unknown" for _session in sessions)
        return
    for number in sorted(own):
        session = sessions.get(number, Session(number, start_of(day), start_of(day) + DAY))
        yield _mark(judged, posting.person, session, own[number], mine)


def _mark(
    judged: Judged, person: str, session: Session, own: Sequence[Verdict], violations: Sequence[Violation]
) -> str:
    span = session.start, session.end
    away = touches(judged.excuses.excused(person), *span)
    if all(v.verdict == "excused" for v in own):
        on_leave = touches(judged.excuses.on_leave(person), *span)
        return "leave" if on_leave else "outing" if away else "unknown"
    if not known(judged, own):
        return "unknown"
    kinds = {v.kind for v in violations if v.session == session.number}
    if ABSENT in kinds:
        return "absent"
    found = next((kind for kind in AGAINST if kind in kinds), "")
    if found:
        return "late" if found == "early" else found
    return "partly" if away else "present"


def known(judged: Judged, own: Sequence[Verdict]) -> bool:
    """Whether all of a session is known; what is unverified is, where a ruling excuses it."""
    for v in own:
        if v.verdict == "pending":
            return False
        if v.verdict == "unverified":
            kind = amounts_to(v, judged.pack.punctual(v.day))
            ruling = judged.rulings.fitting(v.person, "", v.day, v.session, kind)
            if ruling is None or ruling.effect != "excuse":
                return False
    return True
