"""A statement of an account as a page and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number
from punchsync.core.statement import Account, Line, Statement
from punchsync.publish.explanation_json import entry
from punchsync.publish.page import Grid, Item, Page, Row, Section
from punchsync.publish.said import points
from punchsync.texts import _
from punchsync.words import occurrence
from punchsync.words import period as period_word

Json = dict[str, Any]


def of(found: Statement) -> Page:
    """A statement as a page."""
    return Page(
        over=found.hall,
        title=_("{who} {period} 扣分对账单").format(who=who(found), period=found.period),
        under=(under(found),),
        essence=tuple(essence(found)),
        warnings=tuple(warnings(found)),
        sections=tuple(sections(found)),
        foot=(
            _("按违规日期列账，冲回写在所冲的账后面；期末得分与 punchsync export scores 一致。"),
            _("一笔账的来历：punchsync explain 账目编号。"),
        ),
    )


def who(found: Statement) -> str:
    """Whose it is."""
    if found.subject_type == "window":
        return _("窗口 {window}").format(window=found.subject_id)
    return f"{found.name}（{found.subject_id}）"


def under(found: Statement) -> str:
    """The state shown."""
    if found.as_of is None:
        return _("{unit}；还没有核算").format(unit=found.unit)
    return _("{unit}；核算到 {as_of}").format(unit=found.unit, as_of=show_moment(found.as_of))


def essence(found: Statement) -> Iterator[str]:
    """What every category comes to, what is open, and whether the months are closed."""
    for a in found.accounts:
        yield _("{category} {period}：得分 {score}（基础 {base}，合计 {points}）").format(
            category=a.category.name, period=a.period, score=number(a.score), base=number(a.category.base),
            points=points(a.points),
        )  # fmt: skip
    if not found.accounts:
        yield _("本期没有计分：没有在岗、还没有核算，或规则包没有这种类别")
    yield _("未知 {pending} 处，存疑 {unverified} 处，都没有扣分").format(
        pending=found.pending, unverified=found.unverified
    )
    closed = [m for m, c in found.closings if c is not None]
    open_ = [m for m, c in found.closings if c is None]
    if closed:
        yield _("已关账：{months}").format(months="、".join(closed))
    if open_:
        yield _("未关账：{months}").format(months="、".join(open_))


def warnings(found: Statement) -> Iterator[str]:
    """That what is shown is not final."""
    if found.due:
        yield _("须重新核算：{months} 的记录或规则有变；运行 punchsync settle").format(months="、".join(found.due))
    wrong = [a for a in found.accounts if a.agrees is False]
    for a in wrong:
        yield _("{category} {period} 的得分与上次核算不符；运行 punchsync verify").format(
            category=a.category.name, period=a.period
        )


def sections(found: Statement) -> Iterator[Section]:
    """A section for every category's period, then the corrections and what others gave."""
    for a in found.accounts:
        title = _("{category}　{period}（按{kind}，基础 {base} 分，最多扣 {cap} 分）").format(
            category=a.category.name, period=a.period, kind=period_word(a.category.period),
            base=number(a.category.base), cap=number(a.category.cap),
        )  # fmt: skip
        yield Section(title, (ledger(a, found),))
    rows = tuple(correction(x) for x in found.corrections)
    head = (_("编号"), _("记账日"), _("违规日期"), _("事由"), _("分值"), _("说明"))
    yield Section(_("更正（本期记账、属于以前日期的）"), (Grid(head, rows),) if rows else (Item(_("没有。")),))
    if found.given:
        yield Section(
            _("他处评分（不进账）"),
            tuple(
                Item(
                    _("{period} {category}：{points}").format(
                        period=g.period, category=g.category, points=points(g.points)
                    ),
                    (g.note,) if g.note else (),
                )
                for g in found.given
            ),
        )


def ledger(a: Account, found: Statement) -> Grid:
    """A category's period, from the opening to the score."""
    head = (_("编号"), _("违规日期"), _("事由"), _("分值"), _("记账日"), _("状态"))
    rows = [sum_row(_("期初合计"), number(a.opening))]
    for x in a.lines:
        rows += line(x, found)
    rows.append(sum_row(_("本期合计"), number(a.here)))
    if a.after:
        rows.append(sum_row(_("以后的合计"), number(a.after)))
    if a.cut:
        rows.append(sum_row(_("超出上限不扣"), points(a.cut)))
    rows.append(sum_row(_("得分"), number(a.score)))
    return Grid(head, tuple(rows))


def sum_row(text: str, value: str) -> Row:
    """A line that sums up."""
    return Row(("", "", text, value, "", ""), strong=True)


def line(x: Line, found: Statement) -> Iterator[Row]:
    """An entry, and right after it the one that took it back."""
    e = x.entry
    back = x.reversal
    state = _("成立") if back is None else _("已冲回")
    article = f"{e.rule}〔{e.article}〕"
    yield Row(
        (e.entry_id, show_day(e.value_date), reason(x, found), points(e.points), show_day(e.booked_on), state),
        (article,),
        struck=back is not None,
    )
    if back is not None:
        said = _("冲回 {id}").format(id=e.entry_id)
        day = show_day(back.booked_on)
        yield Row((back.entry_id, show_day(back.value_date), said, points(back.points), day, ""))


def reason(x: Line, found: Statement) -> str:
    """What an entry is for; of a window, whose violation it was."""
    if x.violation is None:
        return x.entry.rule
    said, person = occurrence(x.violation.kind, x.violation.source), x.violation.person
    return f"{found.names[person]}（{person}） {said}" if person and found.subject_type == "window" else said


def correction(x: Line) -> Row:
    """An entry booked for a day before the period."""
    e = x.entry
    said = _("冲回 {id}").format(id=e.reverses) if e.reverses else _("成立") if x.reversal is None else _("已冲回")
    what = occurrence(x.violation.kind, x.violation.source) if x.violation else e.rule
    return Row(
        (
            e.entry_id, show_day(e.booked_on), show_day(e.value_date), what, points(e.points), said,
        ),
        (f"{e.category} {e.period}　{e.rule}〔{e.article}〕",),
    )  # fmt: skip


# JSON


def to_json(found: Statement) -> Json:
    """A statement as JSON."""
    return {
        "subject_type": found.subject_type,
        "subject_id": found.subject_id,
        "name": found.name,
        "unit": found.unit,
        "period": found.period,
        "settled_as_of": None if found.as_of is None else show_moment(found.as_of),
        "accounts": [account_json(a) for a in found.accounts],
        "corrections": [line_json(x) for x in found.corrections],
        "given": [
            {"period": g.period, "category": g.category, "points": number(g.points), "note": g.note}
            for g in found.given
        ],
        "pending": found.pending,
        "unverified": found.unverified,
        "months": [
            {"month": m, "closed": c is not None, "at": None if c is None else show_moment(c.at)}
            for m, c in found.closings
        ],
        "due": list(found.due),
    }


def account_json(a: Account) -> Json:
    """A category's period as JSON."""
    return {
        "category": a.category.name, "period": a.period, "base": number(a.category.base),
        "cap": number(a.category.cap), "opening": number(a.opening), "entries": [line_json(x) for x in a.lines],
        "sum": number(a.here), "after": number(a.after), "points": number(a.points), "cut": number(a.cut),
        "score": number(a.score), "agrees": a.agrees,
    }  # fmt: skip


def line_json(x: Line) -> Json:
    """An entry with its violation and what took it back."""
    return {
        **entry(x.entry),
        "kind": x.violation.kind if x.violation else None,
        "source": x.violation.source if x.violation else None,
        "person_id": x.violation.person if x.violation else None,
        "state": "reversed" if x.reversal or x.entry.reverses else "standing",
        "reversal": entry(x.reversal) if x.reversal else None,
    }
