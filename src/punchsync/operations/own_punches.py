"""The punches of some people and what is doubtful of them, in our time, without going through everybody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import replace

from punchsync.core.bench import Bench
from punchsync.core.doubt import Doubts
from punchsync.core.moment import Day, Moment, last_second, start_of
from punchsync.core.owners import as_number, punches_by_person
from punchsync.core.records import Case
from punchsync.operations.clocks import Clocks
from punchsync.operations.ports import Work


def users_of(work: Work, case: Case, people: Collection[str]) -> dict[str, list[str]]:
    """By terminal the ids that punched there and may be some people's on some day: by text, or equal as numbers."""
    texts = {p.device_user_id for p in case.postings if p.person in people and p.device_user_id}
    texts |= {d.device_user_id for d in case.devices if d.person in people}
    numbers = {as_number(text) for text in texts} - {""}
    out: dict[str, list[str]] = defaultdict(list)
    for terminal, id in work.punches.strange():
        if id in texts or as_number(id) in numbers:
            out[terminal].append(id)
    return out


def with_own(
    work: Work,
    case: Case,
    clocks: Clocks,
    people: Collection[str],
    users: Mapping[str, Collection[str]],
    first: Moment,
    last: Moment,
) -> Case:
    """A case with some people's punches and paper, and the doubts about them, of a stretch, both ends included.

    `users` are their ids by terminal (`users_of`).
    """
    return replace(
        case,
        punches=tuple(clocks.punches_of(users, first, last)),
        doubts=tuple(clocks.doubts_of(users, work.defects.doubts(), first, last)),
        papers=tuple(p for p in case.papers if p.person in people and first <= p.at <= last),
    )


def bench_with(work: Work, bench: Bench, people: Collection[str], first: Day, last: Day) -> Bench:
    """A bench without punches with those of some people on the days `first` to `last`; all else it shares."""
    users, owners = users_of(work, bench.case, people), bench.parts.owners
    clocks = Clocks(work, bench.case.terminals)
    case = with_own(work, bench.case, clocks, people, users, start_of(first), last_second(last))
    made = copy(bench)
    made.case, made.punches = case, punches_by_person(case, owners)
    made.doubts = Doubts(case.doubts, owners)
    return made
