"""The one public verb of the judge: a hall's months, from records to verdicts, violations and wanted entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from punchsync.core.charge import Wanted, charge
from punchsync.core.conversion import Derived, convert
from punchsync.core.coverage import Terminals
from punchsync.core.excuse import Excuses
from punchsync.core.intervals import Interval
from punchsync.core.judge import PAPER, Required, Verdict, judge_day, of_day, overlapping, required
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.outcome import Standing
from punchsync.core.owners import Owners
from punchsync.core.period import days_of_month
from punchsync.core.records import LEAVE_KINDS, Case, Incident, Posting
from punchsync.core.rules import Pack
from punchsync.core.tally import SessionState, Tally, tally
from punchsync.core.timetable import DayPlan, Timetables
from punchsync.core.violations import Bases, Rulings, Violation, apply_rulings, bases_of_day, window_violation


@dataclass(frozen=True, slots=True)
class MonthResult:
    """All that is said of a hall's month; `unknown` counts the checkpoints still pending or unverified."""

    month: str
    verdicts: tuple[Verdict, ...]
    violations: tuple[Violation, ...]
    wanted: tuple[Wanted, ...]
    tallies: tuple[Tally, ...]
    standings: tuple[Standing, ...]
    derived: tuple[Derived, ...]
    unknown: int


class Judged(NamedTuple):
    """A person's month before it is charged."""

    verdicts: list[Verdict]
    bases: list[Violation]
    waiting: set[tuple[Day, int]]
    sessions: list[SessionState]


class Bench:
    """A case laid out for judging: timetables, excuses, terminals, rulings and every person's punches."""

    def __init__(self, case: Case, pack: Pack, as_of: Moment) -> None:
        self.case = case
        self.pack = pack
        self.as_of = as_of
        self.today: Day = day_of(as_of)
        self.timetables = Timetables(case, pack)
        self.excuses = Excuses(case, pack, self.timetables, self.today)
        self.terminals = Terminals(case)
        self.rulings = Rulings(case.rulings)
        self.punches = punches_by_person(case)
        self._incidents: dict[tuple[str, Day], list[Incident]] = defaultdict(list)
        self._windows: list[Incident] = []
        for incident in sorted(case.incidents, key=lambda i: (i.at, i.id)):
            if incident.person:
                self._incidents[incident.person, day_of(incident.at)].append(incident)
            else:
                self._windows.append(incident)

    def person_month(self, person: str, month: str) -> Judged:
        """A person's verdicts and base violations on the days of a month up to today."""
        out = Judged([], [], set(), [])
        excused = self.excuses.excused(person)
        punches = self.punches.get(person, {})
        for day in days_of_month(month):
            if day > self.today:
                break
            posting = self.timetables.posting(person, day)
            if posting is None:
                continue
            plan = self.timetables.of_posting(posting, day)
            incidents = self._incidents.get((person, day), ())
            if plan is None and not incidents:
                continue
            self._day(out, posting, day, plan, overlapping(excused, day), punches.get(day, {}), incidents)
        return out

    def _day(
        self,
        out: Judged,
        posting: Posting,
        day: Day,
        plan: DayPlan | None,
        excused: list[Interval],
        punches: dict[Moment, str],
        incidents: Sequence[Incident],
    ) -> None:
        verdicts: list[Verdict] = []
        left: dict[int, Required] = {}
        if plan is not None:
            relevant = self.terminals.relevant(posting.window, day)
            verdicts = judge_day(
                posting.person, plan, excused, punches, relevant, self.terminals, self.pack, self.as_of
            )
            if not incidents and all(v.verdict == "normal" for v in verdicts):
                out.verdicts.extend(verdicts)
                out.sessions.extend(SessionState(day, s.number, True) for s in plan.sessions)
                return
            left = required(plan, excused, self.pack.dropped_piece)
        found: Bases = bases_of_day(posting, day, plan, verdicts, incidents, excused, left, self.rulings)
        out.verdicts.extend(found.verdicts)
        out.bases.extend(found.violations)
        out.waiting.update((day, number) for number in found.waiting)
        out.sessions.extend(
            SessionState(day, number, number not in found.waiting) for number, rest in left.items() if rest.pieces
        )

    def windows_month(self, month: str) -> list[Violation]:
        """The windows' own violations of a month (`window_empty`), where somebody is posted there that day."""
        days = days_of_month(month)
        found: list[Violation] = []
        for incident in self._windows:
            day = day_of(incident.at)
            if day in days and day <= self.today:
                unit = next(
                    (p.unit for p in self.case.postings if p.window == incident.window and p.first <= day <= p.last),
                    None,
                )
                if unit is not None:
                    found.append(window_violation(incident, day, unit))
        return apply_rulings(found, set(), self.rulings)

    def month(self, month: str) -> MonthResult:
        """A month of the whole hall."""
        days = days_of_month(month)
        last = min(days[-1], self.today)
        verdicts: list[Verdict] = []
        violations: list[Violation] = self.windows_month(month)
        entries: list[Wanted] = charge(violations, (), self.pack)
        tallies: list[Tally] = []
        derived: list[Derived] = []
        unknown = 0
        people = sorted({p.person for p in self.case.postings if p.first <= last and p.last >= days[0]})
        for person in people:
            judged = self.person_month(person, month)
            rows, from_others = convert(judged.bases, judged.waiting, self.pack)
            verdicts += judged.verdicts
            violations += rows
            derived += from_others
            entries += charge(rows, from_others, self.pack)
            unknown += sum(1 for s in judged.sessions if not s.known)
            leave = {kind: self.excuses.total(person, kind, days[0], last) for kind in self._leave_kinds(person)}
            tallies.append(tally(month, person, judged.sessions, rows, leave))
        return MonthResult(
            month,
            tuple(verdicts),
            tuple(violations),
            tuple(entries),
            tuple(tallies),
            tuple(standings(month, violations)),
            tuple(derived),
            unknown,
        )

    def _leave_kinds(self, person: str) -> list[str]:
        kinds = {leave.kind for leave in self.excuses.leaves_of(person)}
        return [k for k in LEAVE_KINDS if k in kinds]


def punches_by_person(case: Case) -> dict[str, dict[Day, dict[Moment, str]]]:
    """Every person's punches and paper sign-ins, by day, each second once."""
    owners = Owners(case)
    rows: dict[tuple[str, Day], list[tuple[Moment, str]]] = defaultdict(list)
    for terminal, device_user_id, at in case.punches:
        day = day_of(at)
        person = owners.of(terminal, device_user_id, day)
        if person is not None:
            rows[person, day].append((at, terminal))
    for paper in case.papers:
        rows[paper.person, day_of(paper.at)].append((paper.at, PAPER))
    out: dict[str, dict[Day, dict[Moment, str]]] = defaultdict(dict)
    for (person, day), punches in rows.items():
        out[person][day] = of_day(sorted(punches), day)
    return out


def standings(month: str, violations: Iterable[Violation]) -> list[Standing]:
    """How many violations, and of how many seconds, stand against each person and window."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for v in violations:
        for subject in (("person", v.person), ("window", v.window)):
            if subject[1]:
                counts[subject][0] += 1
                counts[subject][1] += v.seconds
    return [Standing(month, subject, n, seconds) for subject, (n, seconds) in sorted(counts.items())]


def settle(
    case: Case,
    pack: Pack,
    months: Iterable[str],
    as_of: Moment,
    progress: Callable[[str], None] = lambda month: None,
) -> tuple[list[MonthResult], Bench]:
    """Judge and charge the given months as known at `as_of`; also the laid-out case, for what asks further.

    `progress` hears of every month done.
    """
    bench = Bench(case, pack, as_of)
    results: list[MonthResult] = []
    for month in months:
        results.append(bench.month(month))
        progress(month)
    return results, bench
