"""The notice of a bulletin that was issued: what it comes to, for each channel at its own publication level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from punchsync.bootstrap.issuing import Issue
from punchsync.core.attention import Listener
from punchsync.core.moment import Moment
from punchsync.core.notice import BULLETIN
from punchsync.operations.ports import Work
from punchsync.publish.brief import brief
from punchsync.publish.document import Document
from punchsync.texts import _
from punchsync.words import bulletin

EVENT: Final = BULLETIN


def herald(work: Work, issue: Issue, document: Document | None, listeners: Iterable[Listener], now: Moment) -> None:
    """Write down a notice for each channel that is told of bulletins; one that was told of this number is not again."""
    key = f"{EVENT}/{issue.kind}/{issue.period}/{issue.number}"
    for listener in listeners:
        if EVENT in listener.after:
            work.notices.add(key, listener.name, EVENT, *words(issue, document, listener.level), now)


def words(issue: Issue, document: Document | None, level: str) -> tuple[str, str]:
    """A notice's subject and body, in Markdown."""
    subject = _("{hall}：{what} {period} 第 {number} 号").format(
        hall=issue.hall, what=bulletin(issue.kind), period=issue.period, number=issue.number
    )
    counts = {"n": issue.violations, "unknown": issue.unknown}
    if document is None:
        return subject, _("违规 {n} 次，还不清楚的 {unknown} 人；正文在大厅的 bulletins 文件夹里").format(**counts)
    said = _("违规 {n} 次，还不清楚的 {unknown} 人。").format(**counts)
    return subject, "\n".join([said, "", *brief(document, issue.edition, level)])
