"""A bulletin that the service or the command line issues, with the notices of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from punchsync.bootstrap.issuing import Issue, NotSettled, Published, publish
from punchsync.core.moment import Day, Moment
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.service.herald import herald

__all__ = ["Also", "NotSettled", "Published", "publish_daily", "publish_period"]

Also = Callable[[Work], None]


def publish_daily(
    hall: Hall, day: Day, folder: Path, also: Also = lambda work: None, channels: Collection[str] = ()
) -> Published:
    """Issue a day's bulletin and write it into a folder, as `publish`; `channels` are told of it."""
    return publish_period(hall, "daily", day, folder, also, channels)


def publish_period(
    hall: Hall, kind: str, day: Day, folder: Path, also: Also = lambda work: None, channels: Collection[str] = ()
) -> Published:
    """The same of the week, month or quarter (`weekly`, `monthly`, `quarterly`) that a day lies in."""

    def told(work: Work, issue: Issue, at: Moment) -> None:
        herald(work, issue, channels, at)
        also(work)

    return publish(hall, kind, day, folder, told)
