"""The notice of a bulletin that the service issued: how much it says, and of nobody by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from punchsync.bootstrap.issuing import Issue
from punchsync.core.moment import Moment
from punchsync.operations.ports import Work
from punchsync.texts import _
from punchsync.words import bulletin

EVENT: Final = "bulletin"


def herald(work: Work, issue: Issue, channels: Iterable[str], now: Moment) -> None:
    """Write down a notice for each channel; one that was told of this number is not told of it again."""
    key = f"{EVENT}/{issue.kind}/{issue.period}/{issue.number}"
    for channel in channels:
        work.notices.add(key, channel, EVENT, *words(issue), now)


def words(issue: Issue) -> tuple[str, str]:
    """A notice's subject and body."""
    subject = _("{hall}：{what} {period} 第 {number} 号").format(
        hall=issue.hall, what=bulletin(issue.kind), period=issue.period, number=issue.number
    )
    body = _("违规 {n} 次，还不清楚的 {unknown} 人；正文在大厅的 bulletins 文件夹里")
    return subject, body.format(n=issue.violations, unknown=issue.unknown)
