"""What stands against somebody, by which rule, and what it cost, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punchsync.core.explained import Booked, Cap, Explained, Progress, Shown
from punchsync.core.moment import Day, show_day, show_moment
from punchsync.core.points import number
from punchsync.core.trace import Charged, Weighed
from punchsync.core.violations import Violation
from punchsync.publish.page import Grid, Item, Row
from punchsync.publish.said import dated, holder, length, points
from punchsync.texts import _
from punchsync.words import effect, source

BEFORE = 5
"""Earlier occurrences that are named; JSON holds them all."""


def violations(found: Explained) -> Iterator[Item]:
    """Every standing violation with its rule, what it was made of, and what it cost."""
    for v in found.violations:
        yield violation(v, found.day, known=found.erased is None)


def violation(v: Shown, day: Day, *, known: bool = True) -> Item:
    """A violation; whether it is known what it rests on."""
    row = v.violation
    late = "，" + length(row.seconds) if row.seconds else ""
    text = _("{what}{late}（来源：{source}）  {rule}〔{article}〕").format(
        what=dated(row, day), late=late, source=source(row.source), rule=v.rule or "—", article=v.article or "—"
    )
    return Item(text, tuple(notes(v, day)) if known else ())


def notes(v: Shown, day: Day) -> Iterator[str]:
    """What is to be known of a violation."""
    if v.says:
        yield _("规则：{says}").format(says="；".join(v.says))
    if v.reads:
        yield _("解释：{ids}").format(ids="、".join(i.id for i in v.reads))
    if v.ruling is not None:
        yield _("经裁定 {id} {effect}").format(id=v.ruling.id, effect=effect(v.ruling.effect))
    for progress in v.counts:
        yield counted(progress, day)
    if v.made_of:
        yield _("由这 {n} 项折算：{rows}").format(n=len(v.made_of), rows=listed(v.made_of, day, len(v.made_of)))
    for made in v.made_into:
        yield _("又折算成：{what}").format(what=dated(made, day))
    if v.threshold is not None:
        yield from totals(v)
    for w in v.weighed:
        yield weighed(w)
    for c in v.charges:
        yield charge(c, day)
    if not v.found:
        yield _("按现有记录它已不成立，须重新核算")
    elif not v.charges:
        yield _("规则包对它不扣分")


def counted(c: Progress, day: Day) -> str:
    """The how-many-th of its month it is."""
    earlier = _("；此前：{rows}").format(rows=listed(c.before, day, BEFORE)) if c.before else ""
    if not c.every:
        return _("督查发现，当月第 {n} 次〔{article}〕{earlier}").format(n=c.nth, article=c.article, earlier=earlier)
    return _("迟到早退，当月第 {n} 次，满 {every} 次折算〔{article}〕{earlier}").format(
        n=c.nth, every=c.every, article=c.article, earlier=earlier
    )


def totals(v: Shown) -> Iterator[str]:
    """What a violation from a total counts."""
    t = v.threshold
    if t is None:
        return
    if t.of:
        share = t.counted * 10_000 // t.of
        yield _("当月应在岗 {of} 秒，在岗 {n} 秒，为 {share}%；界限 {limit}%").format(
            of=t.of, n=t.counted, share=f"{share / 100:.2f}", limit=number(t.limit * 100)
        )
    else:
        yield _("当年到这个半天共 {n} 个半天，界限 {limit} 个半天；请假：{ids}").format(
            n=t.counted, limit=number(t.limit), ids="、".join(t.records)
        )


def listed(rows: Iterable[Violation], day: Day, most: int) -> str:
    """Violations, one after the other."""
    every = [dated(v, day) for v in rows]
    more = _("……另有 {n} 项").format(n=len(every) - most) if len(every) > most else ""
    return "、".join(every[-most:]) + more


def weighed(w: Weighed) -> str:
    """Whose points count of those that were weighed."""
    kept = {
        "derived": _("取折算的"),
        "members": _("取原来的"),
        "both": _("两者都扣"),
    }[w.kept]
    mode = {
        "heavier": _("择一从重"),
        "replace": _("以折算的代替"),
        "add": _("并罚"),
        "count_only": _("只计次数"),
    }.get(w.derived.mode, w.derived.mode)
    return _("{mode}〔{category}〕：折算的 {own} 分，原来的 {members} 分，{kept}").format(
        mode=mode, category=w.category, own=number(w.own), members=number(w.members), kept=kept
    )


def charge(c: Charged, day: Day) -> str:
    """A charge and what it came to."""
    who = holder(c.account_type, c.account_id, c.category.name)
    counted = ""
    if c.nth:
        counted = _("，{period} 第 {n} 次").format(period=c.counted, n=c.nth)
        if c.before and c.category.per == "item":
            counted += _("（一项只扣第一次：{first}）").format(first=dated(c.before[0], day))
        elif c.before:
            counted += _("（此前：{rows}）").format(rows=listed(c.before, day, BEFORE))
    text = {
        "booked": _("{who} {points}{counted}（条目：{item}）"),
        "free": _("{who} 不扣{counted}（条目：{item}）"),
        "replaced": _("{who} 不扣：折算的更重（条目：{item}，本来 {list} 分）"),
        "lighter": _("{who} 不扣：折算前的已经更重（条目：{item}，本来 {list} 分）"),
    }[c.state]
    return text.format(
        who=who, points=points(c.points), counted=counted, item=c.item.name, list=number(c.charge.points)
    )


# Entries


def entries(rows: Iterable[Booked]) -> Grid:
    """Entries with all their revisions."""
    head = (_("编号"), _("记账日"), _("账户"), _("分值"), _("说明"))
    return Grid(head, tuple(entry(b) for b in rows))


def entry(b: Booked) -> Row:
    """An entry as a row, and why it was booked later."""
    e = b.entry
    if e.reverses:
        said = _("冲回 {id}").format(id=e.reverses)
    elif b.reversed_by is not None:
        said = _("已由 {id} 冲回").format(id=b.reversed_by.entry_id)
    else:
        said = _("成立") if e.revision == 1 else _("重新记账，成立")
    beside = []
    if b.closed is not None:
        beside.append(
            _("{month} 已于 {at} 关账，所以记在 {day}").format(
                month=b.closed.month, at=show_moment(b.closed.at), day=show_day(e.booked_on)
            )
        )
    who = holder(e.account_type, e.account_id, e.category)
    return Row(
        (e.entry_id, show_day(e.booked_on), who, points(e.points), said),
        tuple(beside),
        struck=b.reversed_by is not None,
    )


def caps(rows: Iterable[Cap]) -> Iterator[Item]:
    """What the accounts come to."""
    for c in rows:
        cut = _("，超出扣分上限的 {cut} 分不再扣").format(cut=number(c.cut)) if c.cut else ""
        yield Item(
            _("{who} {period}：基础 {base} 分，合计 {points}，得分 {score}{cut}").format(
                who=holder(c.account_type, c.account_id, c.category), period=c.period, base=number(c.base),
                points=number(c.points), score=number(c.score), cut=cut,
            )
        )  # fmt: skip
