"""Review: checkpoints that are in doubt, and the rulings on them, one by one or for a whole stretch."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.moment import show_day, show_moment
from punchsync.core.records import LAST_DAY
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.ids import new_id
from punchsync.desk.registers.write import write_all
from punchsync.desk.review.queue import Chosen, chosen, doubtful, own, rulings, stretches, unknown_ids, why
from punchsync.desk.room import Room
from punchsync.operations.review import beside
from punchsync.texts import _

room = Room()
ROWS: Final = 50
LONGEST: Final = 300
"""Characters of a document with its reason."""


def tabs(ask: Ask) -> list[tuple[str, str, int | None]]:
    """The parts of the queue that a user may see: path, title, how many wait (None: not counted)."""
    out: list[tuple[str, str, int | None]] = []
    if ask.may(Right.REVIEW_SEE):
        with ask.hall.store.reading() as work:
            defects = work.defects.count()
        out += [
            ("/review", _("存疑"), len(doubtful(ask))),
            ("/review/defects", _("读不出的记录"), defects),
            ("/review/suspicions", _("可疑情况"), None),
        ]
    return [*out, ("/review/ids", _("无主考勤号"), len(unknown_ids(ask)))]


@room.get("/review", Right.REVIEW_SEE, "review")
def show(ask: Ask) -> Response:
    """The queue."""
    return listed(ask, chosen(ask, ask.query))


@room.post("/review/rule", Right.REVIEW_DECIDE, "ruling")
def rule(ask: Ask) -> Response:
    """Decide on the checkpoints that were ticked, or on all that were asked for."""
    wanted = chosen(ask, ask.form.one)
    ticked, all_of = set(ask.form.many("place")), ask.form.one("scope") == "all"
    effect, document, reason = (ask.form.one(name) for name in ("effect", "document", "reason"))
    rows = [d for d in doubtful(ask) if (wanted.has(d) if all_of else d.id in ticked)]
    wrong: list[str] = []
    if effect not in ("excuse", "uphold"):
        wrong.append(_("请选免责或维持。"))
    if not document or not reason:
        wrong.append(_("文书和理由都要写：裁定凭什么、为什么。"))
    if len(document) + len(reason) >= LONGEST:
        wrong.append(_("文书和理由合计应少于 {n} 个字。").format(n=LONGEST))
    if not all_of and not ticked:
        wrong.append(_("没有勾选任何一条；请勾选，或选“筛选出的全部”。"))
    elif not all_of and len(rows) != len(ticked):
        wrong.append(_("勾选的有 {n} 条已经裁定或查明，请核对后再提交。").format(n=len(ticked) - len(rows)))
    elif all_of and str(len(rows)) != ask.form.one("count"):
        wrong.append(_("筛选出的条数变了，现在是 {n} 条；请核对后再提交。").format(n=len(rows)))
    mine = [d.verdict.person for d in rows if own(ask, d.verdict.person)]
    if mine:
        wrong.append(_("其中有您自己的；不能裁定自己的，请不选它，由别人裁定。"))
    if wrong:
        return listed(ask, wanted, wrong, ticked)
    id = new_id("CD", ask.now)
    made = rulings(rows, id, effect, _("{document}：{reason}").format(document=document, reason=reason),
                   ask.who, show_moment(ask.now))  # fmt: skip
    ask.about.update(ruling=id, effect=effect, rulings=len(made), people=sorted({d.verdict.person for d in rows})[:50])
    done = write_all(ask, "ruling", made)
    if done.bad:
        return listed(ask, wanted, [*done.fields.values(), *done.lines], ticked)
    said = _("已裁定 {n} 条，裁定号 {id}；核算以后见结果。").format(n=len(rows), id=id)
    return ask.to(f"/review?{address(wanted)}", said)


def listed(ask: Ask, wanted: Chosen, wrong: list[str] | None = None, ticked: set[str] | None = None) -> Response:
    """A page of the queue."""
    whole = doubtful(ask)
    all_days = [d for d in whole if d.verdict.day <= wanted.last and wanted.window in ("", d.window)]
    within = [d for d in all_days if d.verdict.day >= wanted.first]
    rows = [d for d in within if wanted.has(d)]
    page, pages = ask.paged(len(rows), ROWS)
    shown = rows[(page - 1) * ROWS : page * ROWS]
    reasons = stretches(within)
    said = {one.stretch: why(one.stretch) for one in reasons}
    with ask.hall.store.reading() as work:
        sides = beside(work, shown, ask.hall.pack)
    return ask.page(
        "review/unverified.html",
        422 if wrong else 200,
        tabs=tabs(ask),
        wanted=wanted,
        upto="" if wanted.last == LAST_DAY else show_day(wanted.last),
        rows=shown,
        total=len(rows),
        older=len(all_days) - len(within),
        stretches=reasons,
        sides=sides,
        why=said,
        own=own,
        wrong=wrong or [],
        ticked=ticked or set(),
        windows=sorted({d.window for d in whole if d.window}),
        page=page,
        pages=pages,
        address=f"/review?{address(wanted)}&",
        stretch_address=lambda id: f"/review?{address(wanted._replace(stretch=id))}",
    )


def address(wanted: Chosen) -> str:
    """What is asked for, as an address has it."""
    last = "" if wanted.last == LAST_DAY else show_day(wanted.last)
    given = {"from": show_day(wanted.first), "to": last, "window": wanted.window, "stretch": wanted.stretch}
    return urlencode({name: text for name, text in given.items() if text})
