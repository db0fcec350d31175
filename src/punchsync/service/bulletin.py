"""A day's bulletin, issued and written to its file in one go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from punchsync.core.anchor import anchor
from punchsync.core.chain import bulletins
from punchsync.core.moment import Day, day_of, show_day
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.operations.publish import daily
from punchsync.publish.daily import markdown
from punchsync.publish.files import put


class NotSettled(Exception):
    """The day was never settled, so there is nothing to say of it."""


class Published(NamedTuple):
    """A bulletin's file, its number, and whether something of its day is still unknown."""

    file: Path
    number: int
    provisional: bool


def publish_daily(hall: Hall, day: Day, folder: Path, also: Callable[[Work], None] = lambda work: None) -> Published:
    """Issue a day's bulletin and write it into a folder; the same content keeps its number.

    The file is written before its number is committed, together with `also`: killed in between, the next attempt gets
    the same number and writes the same file. Raises NotSettled, and OSError where the file can't be written.
    """
    data = daily(hall, day)
    if data.as_of is None or day_of(data.as_of) < day:
        raise NotSettled
    file = folder / f"daily-{show_day(day)}.md"
    with hall.store.writing() as work:
        number = work.papers.issue("daily", show_day(day), markdown(data), hall.clock.now())
        # The chain as it was before this bulletin: the same however often its file is written.
        head = work.links.before(bulletins("daily", show_day(day)[:4]), number)
        put(file, markdown(data, number, str(anchor(hall.id, head))))
        also(work)
    return Published(file, number, data.provisional)
