"""A bulletin of a day or of a longer period, issued and written to its file in one go."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import NamedTuple

from punchsync.core.anchor import anchor
from punchsync.core.chain import bulletins
from punchsync.core.checkpoint import unpublishable
from punchsync.core.moment import Day, day_of, show_day
from punchsync.core.summary import reach
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.operations.publish import daily, summary
from punchsync.publish.daily import markdown as daily_page
from punchsync.publish.files import put
from punchsync.publish.summary import markdown as summary_page
from punchsync.service.herald import Issue, herald

Also = Callable[[Work], None]


class NotSettled(Exception):
    """The day was never settled, so there is nothing to say of it."""


class Published(NamedTuple):
    """A bulletin's file, its number, and whether something of its day is still unknown."""

    file: Path
    number: int
    provisional: bool


def publish_daily(
    hall: Hall, day: Day, folder: Path, also: Also = lambda work: None, channels: Collection[str] = ()
) -> Published:
    """Issue a day's bulletin and write it into a folder; the same content keeps its number. `channels` are told of it.

    Raises NotSettled, Sealed for a day of which something was erased, and OSError where the file can't be written.
    """
    _open(hall, day, day)
    data = daily(hall, day)
    if data.as_of is None or day_of(data.as_of) < day:
        raise NotSettled
    told = Issue(hall.name, "daily", show_day(day), 0, len(data.occurrences), len(data.unknown))
    return _issue(hall, told, partial(daily_page, data), data.provisional, folder, also, channels)


def publish_period(
    hall: Hall, kind: str, day: Day, folder: Path, also: Also = lambda work: None, channels: Collection[str] = ()
) -> Published:
    """The same of the week, month or quarter (`weekly`, `monthly`, `quarterly`) that a day lies in."""
    _open(hall, *reach(kind, day))
    data = summary(hall, kind, day)
    if data.as_of is None or day_of(data.as_of) < data.first:
        raise NotSettled
    told = Issue(hall.name, kind, data.period, 0, len(data.occurrences), len(data.unknown))
    return _issue(hall, told, partial(summary_page, data), data.provisional, folder, also, channels)


def _open(hall: Hall, first: Day, last: Day) -> None:
    """Raise Sealed where these days are not all there to be told of."""
    with hall.store.reading() as work:
        sealed = unpublishable(work.checkpoints.all(), first, last)
    if sealed is not None:
        raise sealed


def _issue(
    hall: Hall,
    issue: Issue,
    page: Callable[..., str],
    provisional: bool,
    folder: Path,
    also: Also,
    channels: Collection[str],
) -> Published:
    """Number a bulletin, write its file, and tell the channels of it.

    The file is written before its number is committed, together with `also`: killed in between, the next attempt gets
    the same number and writes the same file.
    """
    kind, period = issue.kind, issue.period
    file = folder / f"{kind}-{period}.md"
    with hall.store.writing() as work:
        now = hall.clock.now()
        number = work.papers.issue(kind, period, page(), now)
        # The chain as it was before this bulletin: the same however often its file is written.
        head = work.links.before(bulletins(kind, period[:4]), number)
        put(file, page(number, str(anchor(hall.id, head))))
        herald(work, issue._replace(number=number), channels, now)
        also(work)
    return Published(file, number, provisional)
