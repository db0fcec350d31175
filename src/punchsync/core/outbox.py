"""The outbox: which entries go to a scoring store next, what its answer means, and when to try again. Pure.

The ledger is the outbox. Its heights count up without gaps, so what is booked and what is owed to a scoring store are
one transaction. A *batch* is a stretch of heights that is written down before it is first sent and never cut anew: sent
again, it has the same content and the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from punchsync.core.moment import Moment

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
PARKED: Final = "parked"
"""States of a batch. A parked one was refused: somebody has to look, and those after it go on."""

AGAIN: Final = "again"
LONGEST: Final = 300.0
"""Seconds; the longest pause between two tries."""
FIRST_PAUSE: Final = 0.5

CONFLICT: Final = 409


class Batch(NamedTuple):
    """Entries from height `first` to height `last`, sent as one; its number by scoring store, and its key (ASCII)."""

    number: int
    first: int
    last: int
    key: str


class Delivery(NamedTuple):
    """A batch as kept: how often it was tried, with what answer, when it was made and last tried (0: never)."""

    batch: Batch
    state: str
    tries: int
    detail: str
    made_at: Moment
    tried_at: Moment


class Answer(NamedTuple):
    """What a scoring store made of a batch: `delivered`, `parked` or `again`; of a notice also `unsure`.

    `code` may be logged; `detail` is the store's own words, which may hold data. `after`: seconds it asks us to wait.
    """

    meaning: Literal["delivered", "parked", "again", "unsure"]
    code: str
    detail: str = ""
    after: float = 0.0


class Cut(NamedTuple):
    """How far a scoring store's batches reach: the highest number and the highest height."""

    number: int
    height: int


class Flaw(NamedTuple):
    """Something in the outbox that does not follow from the ledger: where, what was found, what is right."""

    place: str
    found: str
    right: str


def key_of(hall: str, first: int, last: int, head: str, times: int = 0) -> str:
    """A batch's key: from the hall, its heights and the ledger's chain hash at its last one.

    `times`: how many batches of the same heights were made before, so that what is sent anew is not taken for the same.
    """
    body = json.dumps([hall, first, last, head, *([times] if times else [])], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def next_range(cut: Cut, height: int, size: int) -> tuple[int, int] | None:
    """The heights of the batch that follows, at most `size` of them; None where the ledger goes no further."""
    if height <= cut.height:
        return None
    return cut.height + 1, min(cut.height + size, height)


def ranges(heights: Iterable[int], size: int) -> Iterator[tuple[int, int]]:
    """Heights as stretches without gaps, in order, of at most `size` each."""
    first = last = 0
    for height in sorted(set(heights)):
        if first and height == last + 1 and height - first < size:
            last = height
            continue
        if first:
            yield first, last
        first = last = height
    if first:
        yield first, last


def of_status(status: int, detail: str = "", after: float = 0.0) -> Answer:
    """What an HTTP status says: 2xx taken, 409 there already, any other 4xx refused, everything else try again."""
    code = f"http_{status}"
    if 200 <= status < 300 or status == CONFLICT:
        return Answer("delivered", code)
    if 400 <= status < 500:
        return Answer("parked", code, detail)
    return Answer("again", code, detail, after)


def better(state: str, meaning: str) -> str:
    """The state of a batch after an answer, whatever other answer came meanwhile: what was taken stays taken."""
    if DELIVERED in (state, meaning):
        return DELIVERED
    return PARKED if PARKED in (state, meaning) else WAITING


def pause(failures: int, asked: float = 0.0) -> float:
    """Seconds to wait after so many failures in a row: doubling from half a second to five minutes.

    A store that asks for longer gets it, within the same limit.
    """
    doubled = FIRST_PAUSE * 2.0 ** min(max(failures, 1) - 1, 30)
    return min(max(doubled, asked), LONGEST)


def latest(deliveries: Iterable[Delivery]) -> dict[int, str]:
    """The state of every height that any batch holds, by the last batch that holds it."""
    states: dict[int, str] = {}
    for d in sorted(deliveries, key=lambda d: d.batch.number):
        states.update(dict.fromkeys(range(d.batch.first, d.batch.last + 1), d.state))
    return states


def flaws(hall: str, store: str, deliveries: Iterable[Delivery], heads: Mapping[int, str]) -> Iterator[Flaw]:
    """What of a store's batches does not follow from the ledger, whose chain hashes are given by height.

    In the order of their numbers, which have no gaps, batches go on where those before them ended, or send again what
    those held; every key is that of its content.
    """
    reach, expected = 0, 1
    times: dict[tuple[int, int], int] = {}
    for d in sorted(deliveries, key=lambda d: d.batch.number):
        b = d.batch
        place = f"{store} #{b.number}"
        if b.number != expected:
            yield Flaw(place, f"#{b.number}", f"#{expected}")
        expected = b.number + 1
        found = f"{b.first}-{b.last}"
        if not (1 <= b.first <= b.last and (b.first == reach + 1 or b.last <= reach)):
            yield Flaw(place, found, f"{reach + 1}-" if b.first > reach else f"-{reach}")
        elif b.last not in heads:
            yield Flaw(place, found, f"-{max(heads, default=0)}")
        elif b.key != (right := key_of(hall, b.first, b.last, heads[b.last], times.get((b.first, b.last), 0))):
            yield Flaw(place, b.key, right)
        if d.state not in (WAITING, DELIVERED, PARKED):
            yield Flaw(place, d.state, f"{WAITING}, {DELIVERED}, {PARKED}")
        times[b.first, b.last] = times.get((b.first, b.last), 0) + 1
        reach = max(reach, b.last)
