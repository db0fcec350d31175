"""What review asks of terminals' records: what is odd, which ids are nobody's, and whose punches are whose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from punchsync.core.bench import Bench
from punchsync.core.clock import MAX_CORRECTION
from punchsync.core.moment import HOUR, Day, Moment, day_of, last_second, parse_moment, show_moment, start_of
from punchsync.core.owners import Owners
from punchsync.core.records import Case
from punchsync.core.stored import Taken
from punchsync.core.suspicion import Seen, Suspicion, since, suspicions
from punchsync.operations.clocks import Clocks
from punchsync.operations.desk_records import LOOKED, put
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Body, Work

NEAR: Final = 3 * HOUR
"""How far from a session a punch is near it; a checkpoint's window is as wide."""


class Stranger(NamedTuple):
    """A device user id of a terminal with the punches that are nobody's: how many, the first and the last.

    `days` are all days of its punches, by the terminal's clock: how many there are, and whose (empty: nobody's).
    """

    terminal: str
    device_user_id: str
    punches: int
    first: Moment
    last: Moment
    days: tuple[tuple[Day, int, str], ...]


class Kept(NamedTuple):
    """A punch of an id in our time, and whose it is now; empty: nobody's."""

    at: Moment
    person: str


def look(hall: Hall, work: Work, bench: Bench, first: Day, last: Day) -> list[Suspicion]:
    """What is odd on these days, whoever looked at it."""
    rows = work.punches.taken(start_of(first), last_second(last))
    clocks = Clocks(work, hall.terminals)
    most = {t.id: t.correction for t in hall.terminals}
    stretches = [
        (terminal, s, most.get(terminal, MAX_CORRECTION))
        for terminal, dial in clocks.dials.items()
        for s in dial.stretches
        if start_of(first) <= s.end <= last_second(last)
    ]

    def near(person: str, at: Moment) -> bool:
        plans = (bench.timetables.of(person, day) for day in range(day_of(at) - 1, day_of(at) + 2))
        return any(s.start - NEAR <= at <= s.end + NEAR for plan in plans if plan for s in plan.sessions)

    return suspicions(
        list(placed(rows, clocks, bench.case)), bench.excuses.on_leave, near, stretches, logs(rows, bench.case)
    )


def still_odd(found: Sequence[Suspicion], looked: Mapping[str, Body]) -> list[Suspicion]:
    """What is odd but for what somebody looked at; `looked` are the records of that, by the suspicion's id."""
    return since(found, {id: parse_moment(body["through"]) for id, body in looked.items()})


def placed(rows: Iterable[Taken], clocks: Clocks, case: Case) -> Iterator[Seen]:
    """Punches in our time with whose they are; those that can't be placed are left out."""
    owners = Owners(case)
    for row in rows:
        at = row.at if row.terminal not in clocks.dials else clocks.place(row.terminal, row.number, row.at).at
        if at is not None:
            yield Seen(
                row.terminal, row.device_user_id, owners.of(row.terminal, row.device_user_id, day_of(at)) or "", at
            )


def logs(rows: Iterable[Taken], case: Case) -> Iterator[tuple[str, Sequence[tuple[Moment, str]]]]:
    """What each live read but a terminal's first brought, in the order in which the terminal wrote it.

    The first brings years in which clocks were set by whoever had the keys.
    """
    first: dict[str, int] = {}
    live: set[int] = set()
    for read in case.reads:
        if read.reach is not None:
            live.add(read.id)
            first[read.terminal] = min(read.id, first.get(read.terminal, read.id))
    found: dict[tuple[str, int], list[Taken]] = defaultdict(list)
    for row in rows:
        if row.reading in live and row.reading > first[row.terminal]:
            found[row.terminal, row.reading].append(row)
    for (terminal, _reading), log in sorted(found.items()):
        yield terminal, [(row.at, row.device_user_id) for row in sorted(log, key=lambda r: r.position)]


def dismiss(hall: Hall, suspicion: Suspicion, by: str, note: str) -> None:
    """Note that somebody looked at a suspicion, up to when it happened last; later times are told anew."""
    people = [*suspicion.people, "", ""]
    with hall.store.writing() as work:
        body = {
            "suspicion_id": suspicion.id, "kind": suspicion.kind, "terminal_id": suspicion.terminal,
            "person_id": people[0], "other_id": people[1], "through": show_moment(suspicion.last),
            "by": by, "at": show_moment(hall.clock.now()), "note": note,
        }  # fmt: skip
        put(hall, work, LOOKED, suspicion.id, body)


def strangers(work: Work, case: Case, today: Day) -> list[Stranger]:
    """The ids with punches that are nobody's, by terminal and id; days are those of the terminal's clock."""
    owners = Owners(case)
    begin = min((p.first for p in case.postings), default=today)
    unsure: dict[str, list[str]] = defaultdict(list)
    for terminal, id in work.punches.strange():
        if owners.always(terminal, id, begin, today) is None:
            unsure[terminal].append(id)
    out: list[Stranger] = []
    for terminal, ids in sorted(unsure.items()):
        for id, rows in groupby(work.punches.days_of(terminal, ids), lambda row: row.device_user_id):
            told = [(row, owners.of(terminal, id, row.day) or "") for row in rows]
            left = [row for row, person in told if not person]
            if left:
                days = tuple((row.day, row.punches, person) for row, person in told)
                count, first, last = sum(r.punches for r in left), left[0].first, left[-1].last
                out.append(Stranger(terminal, id, count, first, last, days))
    return out


def punches_of(hall: Hall, work: Work, owners: Owners, terminal: str, id: str, first: Day, last: Day) -> list[Kept]:
    """The punches of an id on these days, with whose they are now."""
    clocks = Clocks(work, hall.terminals)
    out: list[Kept] = []
    for _id, raw, number in work.punches.of_users(terminal, [id], start_of(first), last_second(last)):
        at = clocks.place(terminal, number, raw).at
        if at is not None:
            out.append(Kept(at, owners.of(terminal, id, day_of(at)) or ""))
    return sorted(out)
