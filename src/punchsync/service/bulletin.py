"""A bulletin that the service or the command line issues, with the notices of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from punchsync.bootstrap.issuing import House, Issue, NotSettled, Published, publish
from punchsync.core.attention import Listener
from punchsync.core.moment import Day, Moment
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.service.herald import herald

__all__ = ["Also", "NotSettled", "Published", "publish_period"]

Also = Callable[[Work], None]


def publish_period(
    hall: Hall,
    kind: str,
    day: Day,
    folder: Path,
    also: Also = lambda work: None,
    listeners: Iterable[Listener] = (),
    house: House | None = None,
) -> Published:
    """Issue the bulletin of a day, or of the week, month or quarter it lies in, as `publish`; `listeners` are told."""

    def told(work: Work, issue: Issue, at: Moment) -> None:
        herald(work, issue, issue.document, listeners, at)
        also(work)

    return publish(hall, kind, day, folder, told, house)
