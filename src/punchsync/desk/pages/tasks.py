"""What awaits the user, and what became of what he asked for."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from punchsync.core.moment import DAY, day_of, parse_moment
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.review.appeal import seen
from punchsync.desk.review.kept import records
from punchsync.desk.review.request_words import state
from punchsync.desk.review.waiting import Lacking, appeals, counts, leaves, requests
from punchsync.desk.room import Room
from punchsync.operations.appeal_brief import Brief, every
from punchsync.operations.desk_records import REQUEST
from punchsync.operations.ports import Body
from punchsync.operations.requests import OPEN
from punchsync.texts import _
from punchsync.words import sign_off

room = Room()
ROWS: Final = 30
ANSWERED: Final = 31 * DAY
"""How long an answer is shown."""


@room.get("/tasks", Right.SIGNED_IN, "tasks")
def show(ask: Ask) -> Response:
    """The lists, each with its first rows."""
    waiting = counts(ask)
    asked = own_requests(ask) if ask.may(Right.REQUEST_FILE) else []
    appealed = own_appeals(ask) if ask.may(Right.APPEAL_FILE) else []
    away = leaves(ask)
    return ask.page(
        "tasks/list.html",
        waiting=waiting,
        leaves=away[:ROWS],
        more_leaves=max(0, len(away) - ROWS),
        lacks=lacks,
        requests=requests(ask)[:ROWS] if ask.may(Right.REQUEST_DECIDE) else [],
        appeals=appeals(ask)[:ROWS] if ask.may(Right.APPEAL_DECIDE) else [],
        asked=asked[:ROWS],
        appealed=appealed[:ROWS],
        state=state,
    )


def lacks(one: Lacking) -> str:
    """The sign-offs that a leave lacks, in words."""
    return "、".join(_("任一级审批") if s == "any" else sign_off(s) for s in one.sign_offs)


def own_requests(ask: Ask) -> list[Body]:
    """What the user asked for himself or for others: what is open, and what was answered of late."""
    since = ask.now - ANSWERED
    found = [
        body
        for body in records(ask, REQUEST).values()
        if (body["filed_by"] == ask.who or body["person_id"] == ask.account.person)
        and ask.reach.person(body["person_id"])
        and (body["state"] == OPEN or parse_moment(body["decided_at"]) >= since)
    ]
    return sorted(found, key=lambda body: (body["filed_at"], body["request_id"]), reverse=True)


def own_appeals(ask: Ask) -> list[Brief]:
    """The appeals that the user filed or that are about him: open ones, and those decided of late."""
    with ask.hall.store.reading() as work:
        found = every(ask.hall, work, ask.today)
    return [
        b
        for b in found
        if (b.appeal.filed_by == ask.who or (b.appeal.person and b.appeal.person == ask.account.person))
        and seen(ask, b.appeal)
        and (b.decision is None or day_of(b.decision.decided_at) >= day_of(ask.now - ANSWERED))
    ]
