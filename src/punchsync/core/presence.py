"""Who is where now, as far as the terminals tell: one status for each posted person, and how each window stands.

A present state charges nobody. What the terminals were not read far enough to tell is `unknown` and says why; nobody is
called late before the judge is sure, and none not signed in before every terminal of his was read past the moment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from punchsync.core.intervals import Interval, covers, touches
from punchsync.core.judge import Verdict
from punchsync.core.moment import MINUTE, Moment
from punchsync.core.records import Posting
from punchsync.core.timetable import DayPlan, Session

STATUSES: Final = (
    "in",  # signed in to the session that runs, or early to the next one
    "late",  # the same, by a punch of which the judge is sure that it is late
    "left",  # signed in and out again, though the session runs
    "not_in",  # no punch up to the moment that all of his terminals were read through, a while ago at most
    "awaited",  # the session runs and he may still come in time
    "unknown",  # see WHY
    "leave",
    "out",  # on an outing
    "between",  # no session runs: before the first, in a break, after the last
    "off",  # no sessions today
)
WHY: Final = (
    "no_terminal",  # no terminal counts for the window
    "unread",  # his terminals were not read past the moment at which he would be late
    "stale",  # they were, and he had not come; but nothing was read since
    "doubt",  # they were dark meanwhile, or have a record that may be his
    "unasked",  # nobody signs in to this session
    "calendar",  # a year that nobody has published
)
PRESENT: Final = frozenset({"in", "late"})
AWAY: Final = frozenset({"left", "not_in", "leave", "out"})
"""Known not to be at the window."""
FRESH: Final = 30 * MINUTE
"""How long it may be said of somebody that he is not there, after the terminals were read."""
STAYS: Final = 10 * MINUTE
"""Punches closer than this are one coming or one going: nobody goes out that soon."""
OPEN: Final = ("staffed", "covered", "opening", "unknown", "empty", "closed")
"""How a window stands; `covered` by somebody of another window, `closed` while none of its sessions runs."""


class Sight(NamedTuple):
    """What is known of one posted person's day; `plan` None for none, and `rest` says why (off, unrostered, calendar).

    `verdicts` as the judge has them now, `punches` today's up to now, in order; `leave` and `out` what was registered,
    in order or not; `seen` the moment through which all of his terminals were read (-1: none counts); `dark` when they
    could show nothing of him (half-open).
    """

    posting: Posting
    plan: DayPlan | None
    rest: str
    verdicts: Sequence[Verdict]
    punches: Sequence[Moment]
    leave: Sequence[Interval]
    out: Sequence[Interval]
    seen: Moment
    dark: Sequence[Interval]


class Whereabouts(NamedTuple):
    """Where a posted person is: `why` for `unknown`, `between` (before, break, over) and `off`; `since` as of when.

    That is when he came or went, or how far the terminals were read. `tardy`: some session of the day was begun late.
    """

    person: str
    name: str
    window: str
    unit: str
    status: str
    why: str = ""
    since: Moment | None = None
    tardy: bool = False
    standins: tuple[str, ...] = ()
    covered: bool = False


class WindowNow(NamedTuple):
    """A window, its people by person id, and how it stands."""

    window: str
    unit: str
    state: str
    people: tuple[Whereabouts, ...]

    def count(self, *statuses: str) -> int:
        """How many of its people have one of these statuses."""
        return sum(p.status in statuses for p in self.people)

    @property
    def tardy(self) -> int:
        """How many came late to some session today."""
        return sum(p.tardy for p in self.people)

    @property
    def covered(self) -> int:
        """How many are away and somebody is there for them."""
        return sum(p.covered for p in self.people)


def totals(windows: Iterable[WindowNow]) -> Mapping[str, int]:
    """How many people have each status."""
    found = Counter(p.status for w in windows for p in w.people)
    return {status: found[status] for status in STATUSES}


def whereabouts(sight: Sight, late: int, now: Moment) -> Whereabouts:
    """Where one person is now; from `late` seconds on a punch is late."""
    posting, plan = sight.posting, sight.plan
    tardy = any(v.checkpoint == "in" and v.verdict == "late" for v in sight.verdicts)

    def said(status: str, why: str = "", since: Moment | None = None) -> Whereabouts:
        return Whereabouts(posting.person, posting.name, posting.window, posting.unit, status, why, since, tardy)

    if plan is None:
        return said("unknown", "calendar") if sight.rest == "calendar" else said("off", sight.rest)
    if covers(sight.leave, now):
        return said("leave")
    if covers(sight.out, now):
        return said("out")
    session, side = running(plan, now)
    if session is None:
        return said("between", side)
    sign_in = next((v for v in sight.verdicts if v.session == session.number and v.checkpoint == "in"), None)
    stays = visits(session, sight.verdicts, sight.punches)
    if now < session.start and not stays:
        return said("between", side)
    if len(stays) % 2:
        known_late = sign_in is not None and sign_in.verdict == "late"
        return said("late" if known_late else "in", since=stays[-1])
    if stays:
        return said("left", since=stays[-1])
    return said(*missing(sight, plan, session, sign_in, late, now))


def running(plan: DayPlan, now: Moment) -> tuple[Session | None, str]:
    """The session that runs, or the one to which people may sign in already; and what it is between sessions."""
    for session in plan.sessions:
        if session.start <= now < session.end:
            return session, ""
    side = "before" if now < plan.sessions[0].start else "over" if now >= plan.sessions[-1].end else "break"
    coming = next((s for s in plan.sessions if now < s.start), None)
    opens = next((p.opens for p in plan.checkpoints if coming and (p.session, p.kind) == (coming.number, "in")), None)
    return (coming if opens is not None and opens <= now else None), side


def visits(session: Session, verdicts: Sequence[Verdict], punches: Sequence[Moment]) -> list[Moment]:
    """When somebody came, went, came again: punches that serve the session, or lie in it and serve no other one."""
    own = {v.punch for v in verdicts if v.session == session.number and v.punch is not None}
    other = {v.punch for v in verdicts if v.session != session.number and v.punch is not None}
    found = sorted(own | {at for at in punches if session.start <= at < session.end and at not in other})
    out: list[Moment] = []
    last: Moment | None = None
    for at in found:
        if last is None or at - last >= STAYS:
            out.append(at)
        last = at
    return out


def missing(
    sight: Sight, plan: DayPlan, session: Session, sign_in: Verdict | None, late: int, now: Moment
) -> tuple[str, str, Moment | None]:
    """Status, why and since when, of somebody who shows no punch in a session that runs."""
    if sign_in is None:
        return "unknown", "unasked", None
    if sign_in.due is None:  # what leave leaves of the session is too short to be asked for
        return "between", "break", None
    opens = next(p.opens for p in plan.checkpoints if (p.session, p.kind) == (session.number, "in"))
    last = sign_in.due + late - 1
    if now <= last:
        return "awaited", "", None
    if sight.seen < 0:
        return "unknown", "no_terminal", None
    if sight.seen < last:
        return "unknown", "unread", sight.seen
    if touches(sight.dark, opens, now + 1):
        return "unknown", "doubt", None
    if now - sight.seen > FRESH:
        return "unknown", "stale", sight.seen
    return "not_in", "", sight.seen


def windows_of(people: Sequence[Whereabouts], standins: Mapping[str, Sequence[str]]) -> list[WindowNow]:
    """All windows by name; `standins` are those who stand in for a person now, the filed ones first."""
    present = {p.person for p in people if p.status in PRESENT}
    by_window: dict[str, list[Whereabouts]] = defaultdict(list)
    for one in people:
        names = tuple(standins.get(one.person, ())) if one.status in AWAY else ()
        by_window[one.window].append(one._replace(standins=names, covered=not present.isdisjoint(names)))
    out: list[WindowNow] = []
    for name, rows in sorted(by_window.items()):
        rows.sort(key=lambda p: p.person)
        unsure = any(s not in present for p in rows for s in p.standins)
        out.append(WindowNow(name, rows[0].unit, stands(rows, unsure=unsure), tuple(rows)))
    return out


def stands(people: Sequence[Whereabouts], *, unsure: bool = False) -> str:
    """How a window with these people stands; empty only where of everybody who is due it is known that he is not there.

    `unsure`: somebody was named to stand in who has shown no punch himself.
    """
    found = {p.status for p in people}
    if found & PRESENT:
        return "staffed"
    if any(p.covered for p in people):
        return "covered"
    if "unknown" in found:
        return "unknown"
    if "awaited" in found:
        return "opening"
    if found & AWAY:
        return "unknown" if unsure else "empty"
    return "closed"
