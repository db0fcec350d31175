"""Presence at the windows hour by hour, over days that were settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from punchsync.core.bench import Bench
from punchsync.core.hourly import Hours, hourly
from punchsync.core.judge import Verdict, required, within
from punchsync.core.moment import Day, Moment, start_of
from punchsync.core.staffing import Stay, stays


def hours(bench: Bench, verdicts: Iterable[Verdict], first: Day, last: Day, settled: Moment) -> Hours:
    """The presence of every window from day `first` to `last`, as far as it was settled."""
    by_place: dict[tuple[str, Day], list[Verdict]] = defaultdict(list)
    for v in verdicts:
        by_place[v.person, v.day].append(v)
    return hourly(_days(bench, by_place, first, min(last, bench.today), settled))


def _days(
    bench: Bench, by_place: dict[tuple[str, Day], list[Verdict]], first: Day, last: Day, settled: Moment
) -> Iterator[tuple[str, Sequence[Stay]]]:
    for posting in bench.case.postings:
        excused = within(bench.excuses.excused(posting.person), first, last)
        posted = range(max(first, posting.first), min(last, posting.last) + 1)
        for day, work in zip(posted, bench.workdays(posting, posted), strict=True):
            found = by_place.get((posting.person, day))
            if work is None or not found:
                continue
            gone = within(excused, day, day)
            left = required(work.plan, gone, bench.pack.dropped_piece) if gone else work.left
            relevant = bench.terminals.relevant(posting.window, day)
            seen = min(settled, bench.terminals.read_through(relevant, start_of(day)))
            yield posting.window, stays(work.plan, left, found, seen, min(settled, start_of(day + 1)))
