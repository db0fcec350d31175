"""A new leave, the preview of it while it is typed, and a correction."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Response

from punchsync.core.records import SIGN_OFFS
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.ids import LETTERS, new_id
from punchsync.desk.leave.form import Draft, blank, read, typed_of
from punchsync.desk.leave.ledger import effect_of, ledger_section
from punchsync.desk.leave.told import Section, View, candidates, tell
from punchsync.desk.leave.words import kinds
from punchsync.desk.leave.write import keep, story_of
from punchsync.desk.room import Room
from punchsync.operations.leave import Row, Story
from punchsync.texts import _

room = Room()


@room.get("/leave/new", Right.LEAVE_WRITE)
def show(ask: Ask) -> Response:
    """An empty form."""
    return form(ask, new_id("QJ", ask.now), blank(ask), (), False, {})


@room.post("/leave/new", Right.LEAVE_WRITE, "leave register")
def register(ask: Ask) -> Response:
    """Register a leave; the same form sent twice is one leave."""
    id = ask.form.one("leave_id")
    if not re.fullmatch(rf"QJ[0-9]{{8}}-[{LETTERS}]{{5}}", id):
        raise Missing(id)
    ask.about["leave"] = id
    with ask.hall.store.reading() as work:
        there = work.records.history("leave", [id])
    if there:
        story_of(ask, id)
        return ask.to(f"/leave/{id}", _("这张表单已经登记过了，没有再记一次。"))
    draft = read(ask, id)
    return written(ask, id, 0, draft, "register", _("已登记。"))


@room.get("/leave/{id:path}/edit", Right.LEAVE_WRITE, "leave")
def correct_form(ask: Ask) -> Response:
    """The form of a leave that is there."""
    found = to_correct(ask)
    body = found.latest
    approvals = tuple(s for s in SIGN_OFFS if s in body["approvals"].split(";"))
    return form(ask, ask.path("id"), typed_of(ask, body), approvals, body["certificate"] == "yes", {}, found)


@room.post("/leave/{id:path}/edit", Right.LEAVE_WRITE, "leave correct")
def correct(ask: Ask) -> Response:
    """Correct a leave; the versions before stay."""
    found = to_correct(ask)
    draft = read(ask, ask.path("id"), found.latest, found.versions[0].body["registered_at"])
    seen = ask.form.one("seen")
    if seen != str(len(found.versions)):
        draft.problems[""] = _("这条请假刚被别人改过；请看过现在的样子再改")
    return written(ask, ask.path("id"), len(found.versions), draft, "correct", _("已更正。"), found)


@room.post("/leave/preview", Right.LEAVE_WRITE, "leave preview")
def preview(ask: Ask) -> Response:
    """What a form as it is now would mean; changes nothing."""
    id = ask.form.one("leave_id")
    found = story_of(ask, id) if ask.form.one("seen") else None
    first = found.versions[0].body["registered_at"] if found else ""
    draft = read(ask, id or new_id("QJ", ask.now), found.latest if found else None, first)
    if draft.person:
        ask.about["person"] = draft.person
    return ask.page("leave/preview.html", **told(ask, draft))


def to_correct(ask: Ask) -> Story:
    """A leave that may be corrected; one that was withdrawn is over."""
    found = story_of(ask, ask.path("id"))
    if found.latest["withdrawn"]:
        raise Missing(ask.path("id"))
    return found


def written(ask: Ask, id: str, seen: int, draft: Draft, step: str, done: str, found: Story | None = None) -> Response:
    """Write a form that is good, or show it again with what is wrong."""
    problems = dict(draft.problems)
    if draft.body is not None and not problems:
        also = [Row("standin", draft.standin["standin_id"], draft.standin)] if draft.standin else []
        problems = keep(ask, draft.body, seen, step, draft.typed["note"], also=also)
        if not problems:
            return ask.to(f"/leave/{id}", done)
    again = draft._replace(problems=problems)
    return form(ask, id, dict(draft.typed), draft.approvals, draft.certificate, problems, found, again)


def form(
    ask: Ask, id: str, typed: dict[str, str], approvals: tuple[str, ...], certificate: bool, problems: dict[str, str],
    found: Story | None = None, draft: Draft | None = None,
) -> Response:  # fmt: skip
    """The form, with the preview of what was typed."""
    whole = [text for name, text in problems.items() if name not in typed]
    shown: dict[str, Any] = told(ask, draft) if draft else {"sections": [], "meant": None, "draft": None, "free": []}
    return ask.page(
        "leave/form.html", 422 if problems else 200, id=id, typed=typed, approvals=approvals, certificate=certificate,
        problems=problems, whole=whole, kinds=kinds(), sign_offs=SIGN_OFFS, seen=len(found.versions) if found else 0,
        **shown,
    )  # fmt: skip


def told(ask: Ask, draft: Draft) -> dict[str, Any]:
    """The preview's words."""
    sections: list[Section] = []
    change, leave, free = draft.change, draft.leave, []
    if change is not None and leave is not None:
        view = View(ask.known, ask.hall.pack, change, leave)
        sections = [*tell(view), ledger_section(ask, view, change, effect_of(ask, change))]
        free = [f for f in candidates(view) if not f.why]
    meant = None
    if draft.person:
        day = leave.start.moment // 86_400 if leave else ask.today
        meant = (draft.person, ask.known.name(draft.person), ask.known.posting(draft.person, day))
    return {"sections": sections, "meant": meant, "draft": draft, "free": free}
