"""What a leave would change in the ledger, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from punchsync.core.leave_effect import Change
from punchsync.core.ledger import Entry
from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number
from punchsync.desk.ask import Ask
from punchsync.desk.leave.told import Line, Section, View
from punchsync.desk.leave.words import day_words
from punchsync.operations.leave_effect import Effect, LeaveEffects
from punchsync.texts import _

SHELF: Final = "leave effects"
SHOWN: Final = 40
"""Entries that are shown one by one."""


def effect_of(ask: Ask, change: Change) -> Effect | None:
    """What a change would book as of the last settle; None where nothing was ever settled."""
    settled = ask.known.settled
    if settled is None:
        return None
    effects = ask.desk.shelf.setdefault(SHELF, LeaveEffects(ask.hall))
    with ask.hall.store.reading() as work:
        found: Effect = effects.of(work, ask.known.bench, settled, change)
        return found


def ledger_section(ask: Ask, view: View | None, change: Change, effect: Effect | None) -> Section:
    """The entries that would be reversed and posted, and what can't be said yet."""
    return Section(_("账目"), list(lines(ask, view, change, effect)))


def lines(ask: Ask, view: View | None, change: Change, effect: Effect | None) -> Iterator[Line]:
    """The sentences of the ledger's section."""
    if effect is None:
        yield Line(_("还没有核算过，账上没有东西可改"))
        return
    as_of = show_moment(effect.as_of)[:16]
    entries = [*effect.reversals, *effect.posts]
    for entry in entries[:SHOWN]:
        yield Line(entry_words(ask, change.person, entry), "ok" if entry.points > 0 else "bad", entry.article)
    if len(entries) > SHOWN:
        yield Line(_("另有 {n} 笔").format(n=len(entries) - SHOWN))
    if not entries:
        lacking = view is not None and not view.standing.valid
        yield Line(_("手续补齐以前，账上不变") if lacking else _("按核算到 {at} 的数据，账上不变").format(at=as_of))
    else:
        net = sum(
            (e.points for e in entries if (e.account_type, e.account_id) == ("person", change.person)), Decimal(0)
        )
        yield Line(_("本人合计 {points} 分；按核算到 {at} 的数据").format(points=signed(net), at=as_of))
    if effect.closed and entries:
        months = _("、").join(effect.closed)
        text = _("{months} 已结账，不改原账，更正记在 {day}").format(months=months, day=show_day(effect.booked_on))
        yield Line(text, "late")
    if ask.known.waits:
        yield Line(_("另有改动正等着核算；上面只算这次请假的部分"), "late")


def signed(points: Decimal) -> str:
    """Points with their sign."""
    return f"+{number(points)}" if points > 0 else number(points)


def entry_words(ask: Ask, person: str, entry: Entry) -> str:
    """An entry that would be booked."""
    if entry.account_type == "person":
        whose = "" if entry.account_id == person else ask.known.name(entry.account_id)
        whose = whose or _("本人")
    else:
        whose = _("{window}窗口").format(window=entry.account_id)
    what = _("冲回 {id}").format(id=entry.reverses) if entry.reverses else _("记一笔")
    return _("{what}：{day} {rule}，{whose} {category} {points} 分").format(
        what=what, day=day_words(entry.value_date), rule=entry.rule, whose=whose, category=entry.category,
        points=signed(entry.points),
    )  # fmt: skip
