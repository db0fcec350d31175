"""The ledger against itself: its chain, its revisions and reversals, and what every standing entry is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS, Entry, link, stands
from punchsync.core.points import number
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.core.score import Score
from punchsync.core.stored import ChainedEntry
from punchsync.operations.ports import Work


def check(work: Work, chained: Sequence[ChainedEntry]) -> Iterator[Difference]:
    """The first difference of each."""
    entries = [c.entry for c in chained]
    yield from chain(chained)
    yield from revisions(entries)
    yield from causes(entries, {v.id for v in work.months.violations(FIRST_DAY, LAST_DAY)})


def place(entry: Entry) -> str:
    """An entry by its table and key."""
    return f"ledger_entry {entry.entry_id}"


def chain(entries: Iterable[ChainedEntry]) -> Iterator[Difference]:
    """Every entry follows from the one before it."""
    previous = GENESIS
    for height, c in enumerate(entries, 1):
        if c.height != height:
            yield Difference("chain", f"ledger_entry E{height:08d}", "", f"height={height}")
            return
        right = link(previous, c.entry)
        if (c.previous, c.hash) != (previous, right):
            yield Difference("chain", place(c.entry), f"{c.height} {c.hash}", f"{height} {right}")
            return
        previous = c.hash


def heads(entries: Iterable[ChainedEntry]) -> dict[int, str]:
    """The chain's hash at every height, computed anew from what is booked now."""
    out: dict[int, str] = {}
    previous = GENESIS
    for c in entries:
        previous = out[c.height] = link(previous, c.entry)
    return out


def revisions(entries: Iterable[Entry]) -> Iterator[Difference]:
    """A cause's revisions count up from 1; even ones take back exactly the one before."""
    latest: dict[str, Entry] = {}
    for e in entries:
        before = latest.get(e.cause)
        right = before.revision + 1 if before else 1
        if e.revision != right:
            yield Difference("revision", place(e), str(e.revision), str(right))
            return
        if not stands(e):
            named = (before.entry_id, -before.points) if before else ("", Decimal(0))
            if (e.reverses, e.points) != named:
                found = f"{e.reverses} {number(e.points)}"
                yield Difference("reversal", place(e), found, f"{named[0]} {number(named[1])}")
                return
        latest[e.cause] = e


def causes(entries: Iterable[Entry], violations: set[str]) -> Iterator[Difference]:
    """What stands is for a violation that stands, of the account that it says."""
    standing: dict[str, Entry] = {}
    for e in entries:
        if stands(e):
            standing[e.cause] = e
        else:
            standing.pop(e.cause, None)
    for cause, e in standing.items():
        violation, at, account = cause.partition("@")
        if violation not in violations:
            yield Difference("causes", place(e), cause, "")
            return
        right = f"{e.account_type}:{e.account_id}/{e.category}"
        if account != right:
            yield Difference("causes", place(e), cause, f"{violation}{at}{right}")
            return


def sums(work: Work) -> Iterator[Difference]:
    """Every score says what the ledger's entries come to; those that others gave are not booked."""
    booked = work.ledger.sums()
    for s in work.months.scores():
        right = booked.get((s.period, s.account_type, s.account_id, s.category), Decimal(0))
        if not s.given and s.points != right:
            yield Difference("scores", place_of(s), f"points={number(s.points)}", f"points={number(right)}")
            return


def place_of(score: Score) -> str:
    """A score by its table and key."""
    return f"score {score.period} {score.account_type} {score.account_id} {score.category}"
