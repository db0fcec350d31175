"""Deciding on an appeal: a ruling follows from it, and the ledger from the settle after it; never by hand."""

from __future__ import annotations

from fastapi import Response

from punchsync.core.appeal import AMENDED, MERITS, MOOT
from punchsync.core.checkpoint import Sealed
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.appeals_one import shown, the_one
from punchsync.desk.review.appeal import SEALED, refused
from punchsync.desk.review.queue import own
from punchsync.desk.room import Room
from punchsync.operations.appeals import Deciding, Objection, decide
from punchsync.operations.settle import TooEarly
from punchsync.texts import _
from punchsync.words import appeal_outcome

room = Room()


@room.post("/appeals/{number}/decide", Right.APPEAL_DECIDE, "appeal decided")
def take(ask: Ask) -> Response:
    """Take a decision, signed with the user's name."""
    found = the_one(ask)
    outcome, as_kind = ask.form.one("outcome"), ask.form.one("as_kind")
    document, note = (" ".join(ask.form.one(name).split()) for name in ("document", "note"))
    wrong = {}
    if outcome not in (*MERITS, MOOT):
        wrong["outcome"] = _("请选一种决定。")
    if outcome == AMENDED and not as_kind:
        wrong["as_kind"] = _("请选改判为哪一类。")
    if outcome in MERITS and not document:
        wrong["document"] = _("写上作出决定的文书。")
    if len(document) > 200 or len(note) > 500:
        wrong["note"] = _("文书不超过 200 个字，附注不超过 500 个字。")
    if wrong:
        return shown(ask, found, problems=wrong)
    if own(ask, found.brief.appeal.person):
        return shown(ask, found, _("不能决定自己的申诉；应由别人决定。"))
    deciding = Deciding(outcome, ask.who, document, as_kind if outcome == AMENDED else "", note)
    ask.about["outcome"] = outcome
    try:
        decide(ask.hall, found.brief.appeal.number, deciding, settling=False)
    except Objection as why:
        return shown(ask, found, refused(why))
    except Sealed:
        return shown(ask, found, SEALED())
    except TooEarly:
        return shown(ask, found, _("服务器的时间早于上次核算，请找管理员。"))
    ask.desk.settle()
    said = _("已决定：{outcome}；核算以后，账目随之变动。").format(outcome=appeal_outcome(outcome))
    return ask.to(f"/appeals/{found.brief.appeal.number}", said)
