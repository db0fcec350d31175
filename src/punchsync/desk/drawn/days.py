"""A person's days as a page shows them: timetable, verdicts, what stands, what excuses, and what is not known and why.

Nothing that is pending or unverified becomes a fault here; it is not known, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from punchsync.core.bench import NONE, Bench
from punchsync.core.excuse import Standing
from punchsync.core.ground import ground
from punchsync.core.intervals import Interval, around, intersect, touches, union
from punchsync.core.judge import Required, Verdict, required, within
from punchsync.core.moment import Day, Moment, start_of
from punchsync.core.owners import Punches
from punchsync.core.records import Leave, Outing, Posting, StandIn
from punchsync.core.tally import SessionState
from punchsync.core.timetable import DayPlan
from punchsync.core.violations import Violation
from punchsync.publish.explanation_match import rests
from punchsync.texts import _, language
from punchsync.words import leave as leave_word
from punchsync.words import occurrence
from punchsync.words import verdict as word_of

UNSURE = frozenset({"pending", "unverified"})


@cache
def verdict_words(spoken: str) -> Mapping[str, str]:
    """Every verdict's word in a language: a month asks for hundreds."""
    return {code: word_of(code) for code in ("normal", "late", "early", "missing", "excused", "pending", "unverified")}


def verdict_word(code: str) -> str:
    """A verdict."""
    return verdict_words(language())[code]


class Mark(NamedTuple):
    """A word for a day, and its look: ok, late, bad, away, unknown, off. `title` says more."""

    look: str
    word: str
    title: str = ""

    @property
    def sign(self) -> str:
        """A shape of its own for each look, so that no colour has to be told apart."""
        return {"ok": "○", "late": "▲", "bad": "■", "away": "◇", "unknown": "？", "off": "·"}[self.look]


class Held(NamedTuple):
    """A leave, whether it is valid, and its stretches (of a day)."""

    leave: Leave
    standing: Standing
    spans: tuple[Interval, ...]


class Out(NamedTuple):
    """An outing, when it is, and whether it was registered in time."""

    outing: Outing
    span: Interval
    in_time: bool


class Stood(NamedTuple):
    """A stand-in row and when it is; `role`: absent or standin."""

    row: StandIn
    span: Interval
    role: str


class Away(NamedTuple):
    """What excuses a person, whenever it is."""

    leaves: tuple[Held, ...]
    outings: tuple[Out, ...]
    standins: tuple[Stood, ...]


class DayView(NamedTuple):
    """A person's day. `state`: judged, unsettled, later, off, unrostered, unpublished, unposted."""

    person: str
    day: Day
    state: str
    posting: Posting | None
    plan: DayPlan | None
    left: Mapping[int, Required]
    verdicts: tuple[Verdict, ...]
    violations: tuple[Violation, ...]
    punches: Mapping[Moment, str]
    leaves: tuple[Held, ...]
    outings: tuple[Out, ...]
    standins: tuple[Stood, ...]
    dark: tuple[Interval, ...]
    seen: Moment
    why: tuple[str, ...]
    now: Moment

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What to say of the day in a few words, the gravest first."""
        return tuple(marks(self))

    @property
    def unsure(self) -> list[Verdict]:
        """The checkpoints that are due by now and not known."""
        return [v for v in self.verdicts if v.verdict in UNSURE and (v.due is None or v.due <= self.now)]

    @property
    def sessions(self) -> list[SessionState]:
        """Its required sessions, each known or not."""
        return [
            SessionState(self.day, number, not any(v.session == number and v.verdict in UNSURE for v in self.verdicts))
            for number, rest in self.left.items()
            if rest.pieces
        ]


def days_of(
    bench: Bench,
    person: str,
    days: Iterable[Day],
    verdicts: Iterable[Verdict],
    violations: Iterable[Violation],
    punches: Punches = NONE,
    now: Moment = 0,
    *,
    why: bool = True,
) -> list[DayView]:
    """A person's days; verdicts and violations as settled; `bench` with his doubts if these are shown.

    Without `why` nothing says why something is not known.
    """
    said: dict[Day, list[Verdict]] = {}
    stood: dict[Day, list[Violation]] = {}
    for v in verdicts:
        if v.person == person:
            said.setdefault(v.day, []).append(v)
    for one in violations:
        if one.person == person:
            stood.setdefault(one.day, []).append(one)
    away = away_of(bench, person)
    return [
        view(bench, person, day, said.get(day, []), stood.get(day, []), punches.of(day), away, now, why=why)
        for day in days
    ]


def view(
    bench: Bench,
    person: str,
    day: Day,
    verdicts: Sequence[Verdict],
    violations: Sequence[Violation],
    punches: Mapping[Moment, str],
    away: Away,
    now: Moment,
    *,
    why: bool,
) -> DayView:
    """One day."""
    begin, end = start_of(day), start_of(day + 1)
    posting = bench.timetables.posting(person, day)
    plan = bench.plan_of(posting, day) if posting else None
    left = required(plan, within(bench.excuses.excused(person), day, day), bench.pack.dropped_piece) if plan else {}
    relevant = bench.terminals.relevant(posting.window, day) if posting else ()
    unseen = around(bench.terminals.dark(relevant), begin, end)
    dark = union([*intersect(unseen, [(begin, end)]), *bench.doubts.of(person, day, relevant)])
    opens = min((p.opens for p in plan.checkpoints), default=begin) if plan else begin
    return DayView(
        person,
        day,
        state_of(bench, posting, plan, day, verdicts, now),
        posting,
        plan,
        left,
        tuple(verdicts),
        tuple(violations),
        punches,
        tuple(h._replace(spans=mine) for h in away.leaves if (mine := tuple(intersect(h.spans, [(begin, end)])))),
        tuple(o for o in away.outings if touches([o.span], begin, end)),
        tuple(x for x in away.standins if touches([x.span], begin, end)),
        tuple(dark) if day <= now // 86_400 else (),
        min(bench.terminals.read_through(relevant, opens), now),
        tuple(reasons(bench, posting, plan, left, verdicts, now)) if why else (),
        now,
    )


def state_of(
    bench: Bench, posting: Posting | None, plan: DayPlan | None, day: Day, verdicts: Sequence[Verdict], now: Moment
) -> str:
    """What kind of day it is to a person."""
    if posting is None:
        return "unposted"
    if bench.timetables.kind(day) == "unknown":
        return "unpublished"
    if plan is None:
        return "unrostered" if bench.timetables.unrostered(posting, day) else "off"
    if start_of(day) > now:
        return "later"
    return "judged" if verdicts else "unsettled"


def away_of(bench: Bench, person: str) -> Away:
    """All leaves of a person as taken, his outings, and the stand-in rows about him."""
    excuses = bench.excuses
    leaves = (Held(x, excuses.standing(x), tuple(excuses.taken(x))) for x in excuses.leaves_of(person))
    outings = (Out(x, excuses.out(x), excuses.in_time(x)) for x in excuses.outings_of(person))
    standins = (
        Stood(x, excuses.bounds(x.absent, x.start, x.end), "absent" if x.absent == person else "standin")
        for x in bench.case.standins
        if person in (x.absent, x.standin)
    )
    return Away(tuple(leaves), tuple(outings), tuple(standins))


def reasons(
    bench: Bench,
    posting: Posting | None,
    plan: DayPlan | None,
    left: Mapping[int, Required],
    verdicts: Sequence[Verdict],
    now: Moment,
) -> list[str]:
    """Why checkpoints that are due by now are not known."""
    unsure = {(v.session, v.checkpoint): v for v in verdicts if v.verdict in UNSURE and (v.due or 0) <= now}
    if not unsure or posting is None or plan is None:
        return []
    relevant, day = bench.terminals.relevant(posting.window, plan.day), plan.day
    doubts = bench.doubts.of(posting.person, day, relevant)
    out: list[str] = []
    for point in plan.checkpoints:
        v = unsure.get((point.session, point.kind))
        if v is not None and v.due is not None and left[point.session].pieces:
            known = (relevant, bench.terminals, now, doubts)
            out += rests(ground(point, v.due, v.would, v.terminal, bench.pack.punctual(day), *known), day)
    return list(dict.fromkeys(out)) or [_("记录有新的，还没有核算")]


def marks(v: DayView) -> list[Mark]:
    """A day's words: what stands against him, what is not known, what excuses; or that all was well."""
    if v.state == "unposted":
        return []
    found: list[Mark] = []
    kinds = dict.fromkeys((x.kind, x.source) for x in v.violations)
    for kind, source in kinds:
        count = sum((x.kind, x.source) == (kind, source) for x in v.violations)
        word = occurrence(kind, source)
        found.append(Mark("late" if kind in ("late", "early") else "bad", f"{word}×{count}" if count > 1 else word))
    verdicts = {x.verdict for x in v.verdicts}
    if not v.violations and v.state == "judged":
        waits = bool(verdicts & UNSURE)
        for code in ("late", "early", "missing"):
            if code in verdicts:
                word = verdict_word(code)
                text = _("{verdict}，未定").format(verdict=word) if waits else _("{verdict}，不计").format(verdict=word)
                found.append(Mark("unknown" if waits else "away", text))
    why, unsure = "；".join(v.why), {x.verdict for x in v.unsure}
    found += [Mark("unknown", verdict_word(code), why) for code in ("unverified", "pending") if code in unsure]
    found += excused(v)
    if v.state == "judged" and not found:
        over = not verdicts & UNSURE
        found.append(Mark("ok", verdict_word("normal")) if over else Mark("off", _("当天未完")))
    if v.state == "off":
        found.append(Mark("off", _("休")))
    elif v.state == "unrostered":
        found.append(Mark("unknown", _("无排班")))
    elif v.state == "unpublished":
        found.append(Mark("unknown", _("年份未公布")))
    elif v.state == "unsettled":
        found.append(Mark("unknown", _("未核算")))
    return found


def excused(v: DayView) -> Iterable[Mark]:
    """What speaks for him: leave by its kind, outings, standing in."""
    for code, valid in dict.fromkeys((h.leave.kind, h.standing.valid) for h in v.leaves):
        word = leave_word(code)
        yield Mark("away", word) if valid else Mark("unknown", _("{leave}，未批全").format(leave=word))
    if any(o.in_time for o in v.outings):
        yield Mark("away", _("外出"))
    if any(s.role == "standin" for s in v.standins):
        yield Mark("away", _("顶岗"))
