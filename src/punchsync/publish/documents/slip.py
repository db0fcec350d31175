"""The leave slip (请假条) for a person's own file; what nobody signed yet is left to be signed by hand."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync import words
from punchsync.core.leave_slip import Signed, Slip
from punchsync.core.moment import show_moment
from punchsync.leave_words import lacking, lacks, stretch
from punchsync.publish.document import Column, Document, Part, Said, Section, Table
from punchsync.texts import _


def document(slip: Slip) -> Document:
    """The slip."""
    parts = (who(slip), what(slip), Table((Column(_("请假事由"), "blank"),), (("",),)), *standins(slip), signed(slip))
    said = tuple(Said(text) for text in stands(slip))
    under = (_("{hall}，{id} 号。").format(hall=slip.hall, id=slip.leave.id),)
    return Document(
        slip.hall, "slip", slip.leave.id, _("请假条"), "form", under=under, provisional=not slip.standing.valid,
        sections=(Section("slip", "", (*parts, *said)),),
    )  # fmt: skip


def who(slip: Slip) -> Table:
    """Whose leave it is."""
    posting = slip.posting
    columns = (
        Column(_("姓名"), "name"), Column(_("工号"), "person"), Column(_("窗口")), Column(_("单位")), Column(_("岗位")),
    )  # fmt: skip
    row = (posting.name, slip.leave.person, posting.window, posting.unit, words.post(posting.post)) if posting else (
        "", slip.leave.person, "", "", "",
    )  # fmt: skip
    return Table(columns, (row,), personal=True)


def what(slip: Slip) -> Table:
    """The leave itself."""
    leave = slip.leave
    returned = "" if leave.returned_at is None else minute(leave.returned_at)
    counted = _("{n} 个半天").format(n=slip.standing.half_days)
    if slip.taken != slip.standing.half_days:
        counted += _("，实休 {n} 个").format(n=slip.taken)
    columns = (
        Column(_("假别")), Column(_("起止"), share=3), Column(_("时长")), Column(_("登记时间"), share=2),
        Column(_("证明")), Column(_("销假"), share=2),
    )  # fmt: skip
    row = (words.leave(leave.kind), stretch(leave), counted, minute(leave.registered_at),
           _("有") if leave.certificate else _("无"), returned)  # fmt: skip
    return Table(columns, (row,), personal=True)


def standins(slip: Slip) -> Iterator[Part]:
    """Who stands in."""
    if not slip.standins:
        yield Said(_("顶岗人：没有登记。"))
        return
    columns = (Column(_("顶岗人"), "name"), Column(_("工号"), "person"), Column(_("起")), Column(_("止")))
    rows = tuple((s.name, s.person, minute(s.start), minute(s.end)) for s in slip.standins)
    yield Table(columns, rows, personal=True)


def signed(slip: Slip) -> Table:
    """The person, and every sign-off; a place to sign where nobody has."""
    columns = (
        Column(_("审批"), share=2), Column(_("签字人"), "name", 2), Column(_("时间"), share=3),
        Column(_("意见"), share=3), Column(_("手签"), "blank", 3),
    )  # fmt: skip
    rows = ((_("请假人"), "", "", "", ""), *(sign(s) for s in slip.signed))
    return Table(columns, rows, personal=True)


def sign(row: Signed) -> tuple[str, ...]:
    """A sign-off's cells."""
    [what] = lacks([row.code])
    at = "" if row.at is None else minute(row.at)
    if row.given:
        return (what, row.by, at, row.note or (_("同意") if row.by else _("已签，没有登记是谁")), "")
    refused = _("不同意：{why}").format(why=row.note) if row.refused else ""
    return (what, row.by if row.refused else "", at if row.refused else "", refused, "")


def stands(slip: Slip) -> Iterator[str]:
    """Whether the leave is valid now, and what it lacks."""
    at = minute(slip.now)
    if slip.standing.valid:
        yield _("截至 {at}：审批齐全，请假有效。").format(at=at)
    else:
        yield _("截至 {at}：请假还没有生效，缺：{lacks}。").format(at=at, lacks=lacking(slip.standing.lacking))


def minute(at: int) -> str:
    """A moment without its seconds."""
    return show_moment(at)[:16]
