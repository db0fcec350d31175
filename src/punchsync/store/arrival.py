"""What a log means for a terminal's punches: which of its rows are known, which are new, and what it held.

Pure. A punch is (device user id, moment, ordinal): the k-th identical row of one log is the k-th such punch, so logs
that overlap bring each punch once, and rows that a terminal really recorded twice stay two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from punchsync.core.moment import Moment
from punchsync.core.reading import Row
from punchsync.core.stored import EARLIEST
from punchsync.store.spans import Span, runs

Identity = tuple[str, Moment, int]  # device user id, moment, ordinal


class Arrival(NamedTuple):
    """New rows with their numbers and ordinals, in log order, and the runs of numbers that the log held."""

    new: list[tuple[int, int, Row]]
    spans: list[Span]
    ends: Ends


class Ends(NamedTuple):
    """A log's first and last plausible record, the punch numbers at the last, and its first record past that."""

    first: Moment | None
    last: Moment | None
    last_numbers: tuple[int, ...]
    later: Moment | None


def arrive(rows: Sequence[Row], known: Mapping[Identity, int], after: int, latest: Moment) -> Arrival:
    """Place a log's rows among a terminal's known punches; new ones are numbered from `after` + 1 in log order.

    Records before 2020 or after `latest` are not plausible.
    """
    new: list[tuple[int, int, Row]] = []
    numbers: list[int] = []
    for row, ordinal in zip(rows, occurrences([(r.device_user_id, r.at) for r in rows]), strict=True):
        number = known.get((row.device_user_id, row.at, ordinal))
        if number is None:
            after += 1
            number = after
            new.append((number, ordinal, row))
        numbers.append(number)
    return Arrival(new, runs(numbers), _ends([r.at for r in rows], numbers, latest))


def occurrences(items: Sequence[Hashable]) -> list[int]:
    """For every item how many equal ones came before it."""
    if len(set(items)) == len(items):  # nearly every log
        return [0] * len(items)
    seen: Counter[Hashable] = Counter()
    out: list[int] = []
    for item in items:
        out.append(seen[item])
        seen[item] += 1
    return out


def _ends(moments: Sequence[Moment], numbers: Sequence[int], latest: Moment) -> Ends:
    good = [at for at in moments if EARLIEST <= at <= latest]
    later = min((at for at in moments if at > latest), default=None)
    if not good:
        return Ends(None, None, (), later)
    last = max(good)
    at_last = sorted(n for at, n in zip(moments, numbers, strict=True) if at == last)
    return Ends(min(good), last, tuple(at_last), later)
