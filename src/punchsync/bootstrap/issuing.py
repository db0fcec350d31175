"""A bulletin of a day or of a longer period, issued and written to its file in one go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from punchsync.core.anchor import anchor
from punchsync.core.bulletin import Daily
from punchsync.core.chain import bulletins
from punchsync.core.checkpoint import unpublishable
from punchsync.core.moment import Day, Moment, day_of, show_day
from punchsync.core.summary import Summary, reach
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.operations.publish import daily, summary
from punchsync.publish.daily import markdown as daily_page
from punchsync.publish.files import put
from punchsync.publish.summary import markdown as summary_page

FOLDER: Final = "bulletins"
"""Where a site's bulletins are written."""


class NotSettled(Exception):
    """The day was never settled, so there is nothing to say of it."""


class Issue(NamedTuple):
    """A bulletin as issued: how many violations it lists, how many people it says not to know of."""

    hall: str
    kind: str
    period: str
    number: int
    violations: int
    unknown: int


class Published(NamedTuple):
    """A bulletin's file, its number, and whether something of its day is still unknown."""

    file: Path
    number: int
    provisional: bool


Also = Callable[[Work, Issue, Moment], None]


def nothing(work: Work, issue: Issue, at: Moment) -> None:
    """Nothing else is written with a bulletin."""


def publish(hall: Hall, kind: str, day: Day, folder: Path, also: Also = nothing) -> Published:
    """Issue the bulletin of a day, or of the week, month or quarter it lies in, and write it into a folder.

    The same content keeps its number. Raises NotSettled, Sealed for days of which something was erased, and OSError
    where the file can't be written.
    """
    first, last = (day, day) if kind == "daily" else reach(kind, day)
    with hall.store.reading() as work:
        sealed = unpublishable(work.checkpoints.all(), first, last)
    if sealed is not None:
        raise sealed
    data, page = content(hall, kind, day)
    if data.as_of is None or day_of(data.as_of) < first:
        raise NotSettled
    period = data.period if isinstance(data, Summary) else show_day(day)
    issue = Issue(hall.name, kind, period, 0, len(data.occurrences), len(data.unknown))
    return _issue(hall, issue, page, data.provisional, folder, also)


def content(hall: Hall, kind: str, day: Day) -> tuple[Daily | Summary, Callable[..., str]]:
    """What a bulletin would say now, and the function that writes it with a number and an anchor, or without them."""
    if kind == "daily":
        today = daily(hall, day)
        return today, partial(daily_page, today)
    period = summary(hall, kind, day)
    return period, partial(summary_page, period)


def _issue(
    hall: Hall, issue: Issue, page: Callable[..., str], provisional: bool, folder: Path, also: Also
) -> Published:
    """Number a bulletin and write its file.

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
        also(work, issue._replace(number=number), now)
    return Published(file, number, provisional)
