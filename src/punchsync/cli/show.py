"""What settles and reads say of themselves, as lines and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from punchsync.cli.common import table
from punchsync.core.ledger import Entry
from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number
from punchsync.findings import remedy
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.operations.poll import Polled, Round
    from punchsync.operations.settle import Settled


SHOWN = 100
"""Entries that a settle shows on a terminal; JSON holds them all."""


def entry_row(e: Entry) -> list[str]:
    """An entry as a row of a table."""
    return [
        e.entry_id or "-", show_day(e.value_date), e.account_type, e.account_id, e.category, number(e.points),
        e.rule, e.article, e.reverses,
    ]  # fmt: skip


def entry_json(e: Entry) -> dict[str, Any]:
    """An entry as JSON."""
    return {
        "entry_id": e.entry_id, "booked_on": show_day(e.booked_on), "cause": e.cause, "revision": e.revision,
        "account_type": e.account_type, "account_id": e.account_id, "category": e.category, "period": e.period,
        "points": number(e.points), "rule": e.rule, "article": e.article, "value_date": show_day(e.value_date),
        "reverses": e.reverses,
    }  # fmt: skip


def settled_lines(settled: Settled) -> list[str]:
    """A settle in a sentence or two."""
    line = _("核算到 {as_of}：{months} 个月，{verdicts} 个考勤点，其中未知 {pending}、存疑 {unverified}").format(
        as_of=show_moment(settled.as_of),
        months=len(settled.months),
        verdicts=settled.verdicts,
        pending=settled.pending,
        unverified=settled.unverified,
    )
    said = _("将记账") if settled.dry_run else _("已记账")
    booked = _("{said}：新增 {posts} 笔，冲回 {reversals} 笔").format(
        said=said, posts=len(settled.posts), reversals=len(settled.reversals)
    )
    return [line, booked]


def plan_lines(settled: Settled, shown: int | None = SHOWN) -> list[str]:
    """The entries of a settle as a table, the first `shown` of them; nothing where there are none."""
    rows = [entry_row(e) for e in (*settled.reversals, *settled.posts)]
    head = [_("编号"), _("日期"), _("账户"), _("名称"), _("类别"), _("分值"), _("规则"), _("条款"), _("冲回")]
    if not rows:
        return []
    left = len(rows) - len(rows[:shown])
    more = [_("……另有 {n} 笔；全部见 punchsync export ledger").format(n=left)] if left else []
    return ["", *table(head, rows[:shown]), *more]


def settled_json(settled: Settled) -> dict[str, Any]:
    """A settle as JSON."""
    return {
        "as_of": show_moment(settled.as_of),
        "dry_run": settled.dry_run,
        "months": list(settled.months),
        "verdicts": settled.verdicts,
        "pending": settled.pending,
        "unverified": settled.unverified,
        "unpublished": list(settled.unpublished),
        "reversals": [entry_json(e) for e in settled.reversals],
        "posts": [entry_json(e) for e in settled.posts],
    }


def polled_row(read: Polled) -> list[str]:
    """One terminal's read as a row."""
    if read.failure is not None:
        return [read.terminal, _("未读到"), "", "", "", remedy(read.failure.code)]
    offset = "" if read.clock_offset is None else f"{read.clock_offset:+d}"
    return [
        read.terminal,
        _("已读"),
        str(read.records),
        str(read.new),
        offset,
        _("异常记录 {n}").format(n=read.defects),
    ]


def round_lines(done: Round) -> list[str]:
    """A round of reads as a table."""
    head = [_("考勤机"), _("结果"), _("记录"), _("新增"), _("时钟差（秒）"), _("说明")]
    return table(head, [polled_row(r) for r in done.reads])


def round_json(done: Round) -> dict[str, Any]:
    """A round of reads, and the settle after it, as JSON."""
    return {
        "terminals": [
            {
                "terminal": r.terminal,
                "ok": r.failure is None,
                "records": r.records,
                "new": r.new,
                "defects": r.defects,
                "clock_offset_seconds": r.clock_offset,
                "unknown_ids": list(r.strangers),
                "failure": r.failure.code if r.failure else "",
                "detail": r.failure.detail if r.failure else "",
                "plan": r.plan,
                "noticed": [{"code": f.code, "value": f.value} for f in r.noticed],
            }
            for r in done.reads
        ],
        "coverage": [
            {
                "terminal": was.terminal,
                "before": show_moment(was.through) if was.through is not None else None,
                "through": show_moment(now.through) if now.through is not None else None,
                "lost": [[show_moment(start), show_moment(end)] for start, end in now.lost],
            }
            for was, now in done.repaired
        ],
        "settled": settled_json(done.settled) if done.settled else None,
    }
