"""From verdicts and incidents to base violations, and what rulings make of them (HALLS.md, Session, Incidents, Ruling).

A session's late, early, off_post and absence wait until all of its due checkpoints are known; an absence swallows them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from punchsync.core.intervals import Interval, covers, measure
from punchsync.core.judge import Required, Verdict
from punchsync.core.moment import Day, Moment
from punchsync.core.records import CONDUCT, Incident, Posting, Ruling
from punchsync.core.rules import Punctuality
from punchsync.core.timetable import DayPlan, Session

ABSENT = "absent_half_day"
EACH = "absent_half_day_each"
IN_EXCUSED_TIME = frozenset({"proxy_punch", "leave_breach"})
WAITING = frozenset({"late", "early", "off_post", ABSENT})
SWALLOWED = frozenset({"late", "early", "off_post"})
TIMED = frozenset({"late", "early", "off_post"})
PHASES = {"in": 0, "out": 1}
NOTED = 2  # the phase of what was written down at a time


class Violation(NamedTuple):
    """One violation: whose, when, of what kind, from what source, where it belongs; `id` is stable over settles."""

    id: str
    day: Day
    person: str
    session: int
    kind: str
    window: str
    unit: str
    seconds: int
    source: str
    phase: int
    at: Moment
    warned: bool = False
    cause: str = ""  # the record or violation it came from
    ruling: str = ""
    rule: str = ""  # the id of the pack's rule that derived it; empty for what was punched or noted

    @property
    def order(self) -> tuple[Day, int, int, Moment, str, str]:
        """Time order: date, session, `in`, `out`, then what was noted by time; same moment: by kind."""
        return (self.day, self.session, self.phase, self.at, self.kind, self.id)


class Bases(NamedTuple):
    """A person's base violations of a day, its sessions not known yet, and its verdicts after `uphold`."""

    violations: list[Violation]
    waiting: set[int]
    verdicts: list[Verdict]


def violation_id(*parts: object) -> str:
    """A short stable id from what makes a violation that one and no other."""
    return "v" + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


class Rulings:
    """Decisions, found by what they fit; the latest wins, then the larger id."""

    def __init__(self, rulings: Iterable[Ruling]) -> None:
        self._by_place: dict[tuple[str, str, Day, int], list[Ruling]] = defaultdict(list)
        self._by_violation: dict[str, Ruling] = {}
        for ruling in sorted(rulings, key=in_order, reverse=True):
            if ruling.violation:
                self._by_violation.setdefault(ruling.violation, ruling)
            else:
                self._by_place[ruling.person, ruling.window, ruling.day, ruling.session].append(ruling)

    def fitting(self, person: str, window: str, day: Day, session: int, kind: str, id: str = "") -> Ruling | None:
        """The ruling that decides a violation, if any; a window's has no person, a person's no window.

        Without an id (a checkpoint that is not verified is no violation yet) none that is on a single one.
        """
        own = self._by_violation.get(id)
        for ruling in self._by_place.get((person, window, day, session), ()):
            if ruling.kind in ("", kind):
                return ruling if own is None else max(ruling, own, key=in_order)
        return own


def in_order(ruling: Ruling) -> tuple[Moment, str]:
    """By what the winner of several rulings is found: the last in this order."""
    return (ruling.decided_at, ruling.id)


def session_of(plan: DayPlan | None, at: Moment) -> int:
    """The number of the session with start <= at <= end, else 0."""
    for session in plan.sessions if plan else ():
        if session.start <= at <= session.end:
            return session.number
    return 0


def bases_of_day(
    posting: Posting,
    day: Day,
    plan: DayPlan | None,
    verdicts: list[Verdict],
    incidents: Sequence[Incident],
    registered: Sequence[Violation],
    excused: Sequence[Interval],
    left: dict[int, Required],
    rule: Punctuality,
    rulings: Rulings,
) -> Bases:
    """A posted person's base violations of one day after rulings.

    `registered` are those that follow from leaves and outings; `excused` and `left` what excused time touches the day
    and leaves of its sessions.
    """
    waiting: set[int] = set()
    found: list[Violation] = []
    said: list[Verdict] = []
    swallowing: set[int] = set()
    left_early: set[int] = set()
    for session in plan.sessions if plan else ():
        own, known = uphold([v for v in verdicts if v.session == session.number], rule, rulings)
        said += own
        if not known:
            waiting.add(session.number)
            continue
        calls = {v.checkpoint: amounts_to(v, rule) for v in own}
        if ABSENT in calls.values():
            swallowing.add(session.number)
            alone = len(plan.sessions) == 1 if plan else False
            found += absences(posting, session, own, left[session.number], rule, whole_day=alone)
            continue
        if calls.get("out") == "early":
            left_early.add(session.number)
        for v in own:
            if v.verdict in ("late", "early"):
                found.append(
                    Violation(
                        violation_id("punch", v.person, day, session.number, v.checkpoint),
                        day, v.person, session.number, calls[v.checkpoint], posting.window, posting.unit, v.seconds,
                        "punch", PHASES[v.checkpoint], v.punch or session.start,
                    )
                )  # fmt: skip
    short = [i for r in left.values() for i in r.dropped]
    for incident in incidents:
        if incident.kind not in IN_EXCUSED_TIME and (covers(excused, incident.at) or covers(short, incident.at)):
            continue
        number = session_of(plan, incident.at)
        if number == 0 and incident.kind in CONDUCT:
            continue
        if incident.kind == "early" and number in left_early:
            continue
        found.append(noted(incident, day, number, posting.window, posting.unit))
    found += registered
    heard = [v for v in found if v.kind not in WAITING or v.source == "punch" or v.session not in waiting | swallowing]
    return Bases(apply_rulings(heard, waiting, rulings), waiting, said)


def amounts_to(v: Verdict, rule: Punctuality) -> str:
    """What a verdict is as a violation: its kind, past the pack's limit what the pack says, or empty."""
    call = v.would if v.verdict == "unverified" else v.verdict
    if call == "missing":
        return ABSENT
    if call == "late":
        return rule.late_beyond if rule.late_limit is not None and v.seconds > rule.late_limit else call
    if call == "early":
        return rule.early_beyond if rule.early_limit is not None and v.seconds > rule.early_limit else call
    return ""


def absences(
    posting: Posting,
    session: Session,
    own: Sequence[Verdict],
    left: Required,
    rule: Punctuality,
    *,
    whole_day: bool,
) -> list[Violation]:
    """The absence of a session: one, or two where each missing checkpoint of a one-session day counts by itself.

    Then still one where no more than the rule's part of the session was required (ninetofive: half). None where
    all of what makes it absent is unverified (and excused).
    """
    reasons = [v for v in own if v.verdict != "unverified" and amounts_to(v, rule) == ABSENT]
    if not reasons:
        return []
    day, person = reasons[0].day, reasons[0].person
    first = Violation(
        violation_id("absent", person, day, session.number),
        day, person, session.number, ABSENT, posting.window, posting.unit, 0, "punch", 0, session.start,
    )  # fmt: skip
    most = measure(left.pieces) > rule.each_over * (session.end - session.start)
    if rule.missing == EACH and whole_day and most and sum(1 for v in reasons if v.verdict == "missing") == 2:
        again = violation_id("absent", person, day, session.number, "out")
        return [first, first._replace(id=again, phase=PHASES["out"], cause=first.id)]
    return [first]


def noted(incident: Incident, day: Day, session: int, window: str, unit: str) -> Violation:
    """The violation that an incident is."""
    return Violation(
        violation_id("incident", incident.id),
        day, incident.person, session, incident.kind, window, unit, 0, "incident", NOTED, incident.at,
        incident.warned, incident.id,
    )  # fmt: skip


def uphold(verdicts: list[Verdict], rule: Punctuality, rulings: Rulings) -> tuple[list[Verdict], bool]:
    """A session's verdicts after `uphold`, and whether all of it is known (an excused `unverified` is)."""
    out: list[Verdict] = []
    known = True
    for v in verdicts:
        if v.verdict == "unverified":
            ruling = rulings.fitting(v.person, "", v.day, v.session, amounts_to(v, rule))
            if ruling is not None and ruling.effect == "uphold":
                v = v._replace(verdict=v.would)
            elif ruling is None or ruling.effect != "excuse":
                known = False
        elif v.verdict == "pending":
            known = False
        out.append(v)
    return out, known


def apply_rulings(found: list[Violation], waiting: set[int], rulings: Rulings) -> list[Violation]:
    """Base violations after `excuse` and `amend`, with the session rule applied once more."""
    out: list[Violation] = []
    for v in found:
        ruling = rulings.fitting(v.person, "" if v.person else v.window, v.day, v.session, v.kind, v.id)
        if ruling is None:
            out.append(v)
        elif ruling.effect == "amend":
            seconds = v.seconds if ruling.as_kind in TIMED else 0
            if ruling.as_kind not in WAITING or v.session not in waiting:
                out.append(v._replace(kind=ruling.as_kind, seconds=seconds, ruling=ruling.id))
        elif ruling.effect == "uphold":
            out.append(v._replace(ruling=ruling.id))
    return session_rule(out)


def session_rule(found: list[Violation]) -> list[Violation]:
    """At most one absence a session, which swallows late, early and off_post; an early by punch is the only early."""
    if len(found) < 2:  # nothing to swallow
        return found
    absent: dict[tuple[Day, int], str] = {}
    early: set[tuple[Day, int]] = set()
    for v in sorted(found, key=lambda v: v.order):
        if v.session and v.kind == ABSENT:
            absent.setdefault((v.day, v.session), v.id)
        if v.session and v.kind == "early" and v.source == "punch":
            early.add((v.day, v.session))
    out: list[Violation] = []
    for v in found:
        place = (v.day, v.session)
        if place in absent and (v.kind in SWALLOWED or (v.kind == ABSENT and absent[place] not in (v.id, v.cause))):
            continue
        if v.kind == "early" and v.source == "incident" and place in early:
            continue
        out.append(v)
    return out


def window_violation(incident: Incident, day: Day, unit: str) -> Violation:
    """The violation of a window that stood empty: no person, session 0."""
    return noted(incident, day, 0, incident.window, unit)
