"""A case laid out for judging, and a hall's month judged on it: verdicts, violations and what they owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from punchsync.core.backup import Backups
from punchsync.core.charge import Owed, charge
from punchsync.core.conversion import Derived, convert
from punchsync.core.cover import Covers
from punchsync.core.coverage import Terminals
from punchsync.core.doubt import Doubts
from punchsync.core.excuse import Excuses, days_of
from punchsync.core.intervals import Interval, measure
from punchsync.core.judge import Required, Verdict, judge_day, on_time, required, within
from punchsync.core.moment import DAY, Day, Moment, day_of
from punchsync.core.owners import Owners, Punches, punches_by_person
from punchsync.core.period import days_of_month
from punchsync.core.records import Case, Incident, Posting
from punchsync.core.registration import Registrations
from punchsync.core.rule import on
from punchsync.core.rules import Pack
from punchsync.core.tally import SessionState, Tally, leave_of, tally
from punchsync.core.threshold import Presence, leave_over
from punchsync.core.timetable import DayPlan, Timetables, plan_day
from punchsync.core.verdicts import PersonVerdicts, Verdicts
from punchsync.core.violations import Rulings, Violation, apply_rulings, bases_of_day, window_violation

NONE = Punches([], {})


class HallMonth(NamedTuple):
    """A hall's month as judged, before what depends on other months of a period is priced."""

    month: str
    verdicts: Verdicts
    violations: list[Violation]
    owed: list[Owed]
    tallies: list[Tally]
    derived: list[Derived]
    sessions: dict[str, list[SessionState]]  # required ones, by person

    @property
    def unknown(self) -> int:
        """How many required sessions are not known yet."""
        return sum(1 for states in self.sessions.values() for s in states if not s.known)


class Workday(NamedTuple):
    """A day's timetable and what follows from it alone, worked out once for all who share it.

    `left` is what is required of whom nothing is excused, `known` the sessions of whom all is known. Not `whole`: some
    session is too short to be asked for.
    """

    plan: DayPlan
    left: dict[int, Required]
    known: list[SessionState]
    whole: bool


class Judged(NamedTuple):
    """A person's month before it is charged."""

    verdicts: PersonVerdicts
    bases: list[Violation]
    waiting: set[tuple[Day, int]]
    sessions: list[SessionState]
    presence: Presence


class Parts(NamedTuple):
    """What a bench has of the whole hall, so that another one of a few of its people can have the same."""

    timetables: Timetables
    excuses: Excuses
    terminals: Terminals
    punches: Mapping[str, Punches]
    doubts: Doubts
    usual: dict[range, list[Workday | None]]
    owners: Owners
    incidents: Mapping[str, Mapping[Day, list[Incident]]]  # by person, "" a window's own


def incidents_of(case: Case) -> dict[str, dict[Day, list[Incident]]]:
    """The incidents of every person, and those of windows under "", by day and in order."""
    found: dict[str, dict[Day, list[Incident]]] = {}
    for incident in sorted(case.incidents, key=lambda i: (i.at, i.id)):
        found.setdefault(incident.person, {}).setdefault(day_of(incident.at), []).append(incident)
    return found


def parts_of(case: Case, pack: Pack) -> Parts:
    """A case laid out."""
    timetables = Timetables(case, pack)
    excuses = Excuses(case, pack, timetables)
    owners = Owners(case)
    doubts = Doubts(case.doubts, owners)
    punches = punches_by_person(case, owners)
    return Parts(timetables, excuses, Terminals(case), punches, doubts, {}, owners, incidents_of(case))


class Bench:
    """A case laid out for judging: timetables, excuses, terminals, rulings and every person's punches.

    Given the `parts` of a whole hall it judges those who are posted in the case by them.
    """

    def __init__(self, case: Case, pack: Pack, as_of: Moment, parts: Parts | None = None) -> None:
        self.case = case
        self.pack = pack
        self.as_of = as_of
        self.today: Day = day_of(as_of)
        self.parts = parts = parts or parts_of(case, pack)
        self.timetables, self.excuses, self.terminals = parts.timetables, parts.excuses, parts.terminals
        self.punches, self.doubts = parts.punches, parts.doubts
        self.rulings = Rulings(case.rulings)
        self.covers = Covers(case, self.timetables, self.excuses)
        self._registrations = Registrations(pack, self.timetables, self.excuses, self.covers)
        self._registered: dict[str, dict[Day, list[Violation]]] = {}
        self._usual = parts.usual
        self._backups = Backups(self.timetables, self.excuses, pack.dropped_piece)
        self._incidents = parts.incidents

    def workdays(self, posting: Posting, days: range) -> list[Workday | None]:
        """What a posted person owes on each of these days; the same for all who are not rostered and no B post."""
        if self.timetables.rostered(posting) or (self.pack.backup and posting.backup_for):
            return [self._workday(self.plan_of(posting, day)) for day in days]
        found = self._usual.get(days)
        if found is None:
            found = self._usual[days] = [self._workday(self.timetables.of_posting(posting, day)) for day in days]
        return found

    def _workday(self, plan: DayPlan | None) -> Workday | None:
        if plan is None:
            return None
        known = [SessionState(plan.day, s.number, True) for s in plan.sessions]
        left = required(plan, [], self.pack.dropped_piece)
        return Workday(plan, left, known, not any(rest.dropped for rest in left.values()))

    def plan_of(self, posting: Posting, day: Day) -> DayPlan | None:
        """A person's own timetable of a day and the sessions that fall to him as a B post."""
        plan = self.timetables.of_posting(posting, day)
        if self.pack.backup and posting.backup_for and on(self.pack.backup, day):
            owed = self._backups.owed(day).get(posting.person)
            if owed:
                own = [(s.start, s.end) for s in plan.sessions] if plan else []
                spans = sorted((start - day * DAY, end - day * DAY) for start, end in [*own, *owed])
                return plan_day(day, spans, self.pack.checkpoints, self.pack.opens_before)
        return plan

    def registered(self, person: str) -> dict[Day, list[Violation]]:
        """What follows from a person's leaves and outings, by day."""
        found = self._registered.get(person)
        if found is None:
            found = {}
            for v in self._registrations.of(person):
                found.setdefault(v.day, []).append(v)
            self._registered[person] = found  # whole, as another thread may ask at the same time
        return found

    def person_month(self, person: str, month: str) -> Judged:
        """A person's verdicts and base violations on the days of a month up to today."""
        days = days_of_month(month)
        last = min(days[-1], self.today)
        punches = self.punches.get(person, NONE).between(days[0], last)
        out = Judged(PersonVerdicts(person, punches, []), [], set(), [], Presence())
        excused = within(self.excuses.excused(person), days[0], last)
        registered = self.registered(person)
        incidents = self._incidents.get(person, {})
        noted = {*days_of(excused, last), *registered, *incidents}
        for posting in self.timetables.postings(person, days[0], last):
            posted = range(max(days[0], posting.first), min(last, posting.last) + 1)
            for day, work in zip(posted, self.workdays(posting, posted), strict=True):
                if day in noted or (work is not None and not work.whole):
                    away = within(excused, day, day)
                    self._day(out, posting, day, work, away, incidents.get(day, ()), registered.get(day, ()))
                elif work is not None and on_time(work.plan, punches.moments) is None:
                    self._day(out, posting, day, work)
                elif work is not None:
                    out.verdicts.rows.append(work.plan)
                    self._present(out, work)
        return out

    def _present(self, out: Judged, work: Workday) -> None:
        out.sessions.extend(work.known)
        if self.pack.presences:
            for number, start, end in work.plan.sessions:
                out.presence.ask(work.plan.day, number, end - start)

    def _day(
        self,
        out: Judged,
        posting: Posting,
        day: Day,
        work: Workday | None,
        excused: Sequence[Interval] = (),
        incidents: Sequence[Incident] = (),
        registered: Sequence[Violation] = (),
    ) -> None:
        verdicts: list[Verdict] = []
        left: dict[int, Required] = {}
        plan = work.plan if work else None
        rows, punches = out.verdicts.rows, out.verdicts.punches.of(day)
        rule = self.pack.punctual(day)
        if work is not None:
            left = required(work.plan, excused, self.pack.dropped_piece) if excused else work.left
            relevant = self.terminals.relevant(posting.window, day)
            doubts = self.doubts.of(posting.person, day, relevant)
            verdicts = judge_day(
                posting.person, work.plan, left, punches, relevant, self.terminals, rule, self.as_of, doubts
            )
            if not (excused or incidents or registered) and all(v.verdict == "normal" for v in verdicts):
                rows.extend(verdicts)
                self._present(out, work)
                return
        found = bases_of_day(posting, day, plan, verdicts, incidents, registered, excused, left, rule, self.rulings)
        rows.extend(found.verdicts)
        out.bases.extend(found.violations)
        out.waiting.update((day, number) for number in found.waiting)
        for number, rest in left.items():
            if rest.pieces:
                out.sessions.append(SessionState(day, number, number not in found.waiting))
                if self.pack.presences:
                    out.presence.ask(day, number, measure(rest.pieces))

    def windows_month(self, month: str) -> list[Violation]:
        """The windows' own violations of a month (`window_empty`), where somebody is posted there that day."""
        days = days_of_month(month)
        found: list[Violation] = []
        for day, incidents in self._incidents.get("", {}).items():
            for incident in incidents if day in days and day <= self.today else ():
                unit = next((p.unit for p in self.timetables.posted(day) if p.window == incident.window), None)
                if unit is not None:
                    found.append(window_violation(incident, day, unit))
        return apply_rulings(found, set(), self.rulings)

    def month(self, month: str) -> HallMonth:
        """A month of the whole hall."""
        days = days_of_month(month)
        last = min(days[-1], self.today)
        windows = self.windows_month(month)
        people: list[PersonVerdicts] = []
        out = HallMonth(month, Verdicts(people), windows, charge(windows, (), self.pack), [], [], {})
        for person in sorted({p.person for p in self.case.postings if p.first <= last and p.last >= days[0]}):
            judged = self.person_month(person, month)
            rows, derived = convert(judged.bases, judged.waiting, self.pack)
            rows += leave_over(person, month, self.pack, self.excuses, self.timetables, self.today)
            rows += self._low_presence(person, days, judged, rows)
            people.append(judged.verdicts)
            out.violations.extend(rows)
            out.derived.extend(derived)
            out.owed.extend(charge(rows, derived, self.pack))
            out.sessions[person] = judged.sessions
            leave = leave_of(person, self.excuses, days[0], last)
            out.tallies.append(tally(month, person, judged.sessions, rows, leave))
        return out

    def _low_presence(self, person: str, days: range, judged: Judged, rows: list[Violation]) -> list[Violation]:
        if not self.pack.presences or self.today <= days[-1]:
            return []
        for day in reversed(days):
            posting = self.timetables.posting(person, day)
            if posting is not None:
                return list(judged.presence.low(posting, day, self.pack, rows, known=not judged.waiting))
        return []
