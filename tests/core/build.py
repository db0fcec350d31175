"""A hall's records for the core's tests, as short to write as they are to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from punchsync.core.moment import DAY, Day, Moment, parse_clock, parse_day, parse_moment
from punchsync.core.records import (
    Bound,
    Calendar,
    Case,
    Device,
    Incident,
    Leave,
    Outage,
    Outing,
    Paper,
    Posting,
    Punch,
    Read,
    Roster,
    Ruling,
    StandIn,
    Terminal,
)
from punchsync.core.rules import Pack
from punchsync.core.settle import MonthResult, settle
from punchsync.packs.load import load
from punchsync.packs.shelf import shipped

MONDAY = "2026-11-09"  # winter hours: 08:30–12:00, 14:30–17:30
LATER = "2026-11-10 12:00"
YIHUANG: Pack = load(shipped()["yihuang"]).pack
CALENDAR = Calendar(frozenset({2026}), frozenset(), frozenset())


def at(text: str) -> Moment:
    """A moment; a clock time alone is Monday's."""
    return parse_moment(text if len(text) > 8 else f"{MONDAY} {text}")


def day(text: str = MONDAY) -> Day:
    return parse_day(text)


def bound(text: str) -> Bound:
    """A moment, or a half of a day: `2026-11-09 am`."""
    if text.endswith(("am", "pm")):
        return Bound(parse_day(text[:10]) * DAY + (DAY // 2 if text.endswith("pm") else 0), text[-2:])
    return Bound(at(text))


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """`08:30-12:00 14:30-17:30` as seconds of the day."""
    pairs = [piece.split("-") for piece in text.split()]
    return tuple((parse_clock(start), parse_clock(end)) for start, end in pairs)


def posting(
    person: str = "P1", first: str = MONDAY, last: str = MONDAY, *, window: str = "公安", unit: str = "公安局",
    post: str = "staff", device: str = "1", backup: str = "",
) -> Posting:  # fmt: skip
    """A posting; `backup` names those whose B post it is."""
    return Posting(person, f"{person}某", unit, window, post, device, tuple(backup.split()), day(first), day(last))


def device(terminal: str, user: str, person: str, first: str = "2026-01-01", last: str = "2026-12-31") -> Device:
    return Device(terminal, user, person, day(first), day(last))


def roster(
    id: str = "R1", shift: str = "", sessions: str = "", *, person: str = "P1", window: str = "", first: str = MONDAY,
    last: str = "", days: str = "", weekdays: Sequence[int] = (), entered: str = "2026-01-01 00:00",
) -> Roster:  # fmt: skip
    return Roster(
        id, at(entered), person, window, day(first), day(last or first), shift, spans(sessions), days,
        frozenset(weekdays),
    )  # fmt: skip


def leave(
    start: str, end: str, *, id: str = "L1", person: str = "P1", kind: str = "annual", daily: str = "",
    registered: str = "2026-11-01 00:00", certificate: bool = False, approvals: str = "centre",
    returned: str = "",
) -> Leave:  # fmt: skip
    return Leave(
        id, person, kind, bound(start), bound(end), spans(daily)[0] if daily else None, at(registered), certificate,
        frozenset(approvals.split()), at(returned) if returned else None,
    )  # fmt: skip


def outing(start: str, end: str = "", *, registered: str = "07:00", id: str = "O1", person: str = "P1") -> Outing:
    return Outing(id, person, bound(start), bound(end) if end else None, at(registered))


def standin(
    start: str, end: str, *, filed: str = "07:00", id: str = "S1", absent: str = "P1", by: str = "P9"
) -> StandIn:
    return StandIn(id, absent, by, bound(start), bound(end), at(filed))


def incident(
    kind: str, when: str, *, id: str = "I1", person: str = "P1", window: str = "", warned: bool = False
) -> Incident:
    return Incident(id, "" if window else person, window, kind, at(when), warned=warned)


def outage(start: str, end: str, kind: str = "no_punch", terminal: str = "T1") -> Outage:
    return Outage(terminal, at(start), at(end), kind)


def paper(when: str, person: str = "P1") -> Paper:
    return Paper(person, at(when), "7", "某")


def ruling(
    effect: str, session: int = 1, *, id: str = "D1", kind: str = "", as_kind: str = "", person: str = "P1",
    window: str = "", decided: str = "2026-11-20 10:00",
) -> Ruling:  # fmt: skip
    return Ruling(id, person, window, day(), session, kind, effect, as_kind, "某号", "某", at(decided))


def terminal(id: str = "T1", *windows: str, first: str = "2026-01-01", last: str = "2026-12-31") -> Terminal:
    return Terminal(id, frozenset(windows), day(first), day(last))


def file(
    *numbers: int,
    first: str = "",
    last: str = "",
    through: str = "",
    reach: str = "",
    id: int = 1,
    terminal: str = "T1",
) -> Read:
    """A read that holds these punch numbers, the largest of them at `last`."""
    return Read(
        terminal, id, tuple((n, n) for n in numbers), at(first) if first else None, at(last) if last else None,
        (max(numbers),) if last else (), at(reach) if reach else None, at(through) if through else None,
    )  # fmt: skip


def hall(punched: str = "", through: str = LATER, **rows: Any) -> Case:
    """P1 of 公安, posted on Monday, with punches on T1, which a file covers until `through`."""
    times = [at(clock) for clock in punched.split()]
    numbers = tuple(range(1, len(times) + 1))
    known: dict[str, Sequence[object]] = {
        "postings": [posting()],
        "terminals": [terminal()],
        "reads": [
            Read("T1", 1, tuple((n, n) for n in numbers), min(times, default=None), max(times, default=None),
                 numbers[-1:], None, at(through))
        ],
        "punches": [Punch("T1", "1", time) for time in times],
    }  # fmt: skip
    calendar = rows.pop("calendar", CALENDAR)
    return Case(**{kind: tuple(found) for kind, found in {**known, **rows}.items()}, calendar=calendar)


def month(case: Case, as_of: str = LATER, pack: Pack = YIHUANG, name: str = "2026-11") -> MonthResult:
    """One month of the hall, judged."""
    return settle(case, pack, [name], at(as_of))[0][0]


def words(result: MonthResult) -> list[str]:
    """Its verdicts, in the order of the day."""
    return [v.verdict for v in result.verdicts]


def kinds(result: MonthResult) -> list[tuple[int, str, str]]:
    """Session, kind and source of its violations, in time order."""
    return [(v.session, v.kind, v.source) for v in result.violations]


def sums(result: MonthResult) -> dict[str, Decimal]:
    """Points by account and category."""
    out: dict[str, Decimal] = defaultdict(Decimal)
    for w in result.wanted:
        out[f"{w.account_id} {w.category}"] += w.points
    return dict(out)
