"""What awaits a user, by his role: counted from what is kept, so that every page can say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from punchsync.core.bench import Bench
from punchsync.core.moment import DAY, Day, day_of
from punchsync.core.records import Leave
from punchsync.desk.access.rights import SIGNS, Right
from punchsync.desk.ask import Ask
from punchsync.desk.review.appeal import seen
from punchsync.desk.review.kept import kept, records
from punchsync.desk.review.queue import doubtful, own, unknown_ids
from punchsync.operations.appeal_brief import Brief, undecided
from punchsync.operations.desk_records import REQUEST, SIGN
from punchsync.operations.ports import Body
from punchsync.operations.requests import OPEN
from punchsync.texts import _

ANY: Final = "any"
"""What a leave lacks that has no sign-off at all, where whose it is does not matter."""
BACK: Final = 62
"""Days back to which a leave's end may lie to await a sign-off: who has not signed by then won't."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that awaits the user: what, where, how many."""

    title: str
    path: str
    count: int


class Lacking(NamedTuple):
    """A leave with the sign-offs that its ladder asks and it has not, and its first and last day."""

    leave: Leave
    sign_offs: tuple[str, ...]
    half_days: int
    first: Day
    last: Day


def counts(ask: Ask) -> list[Waiting]:
    """What awaits the user; only what there is."""
    found = [Waiting(_("请假待审批"), "/tasks#leave", len(leaves(ask)))]
    if ask.may(Right.REQUEST_DECIDE):
        found.append(Waiting(_("补卡申请待批"), "/requests", len(requests(ask))))
    if ask.may(Right.APPEAL_DECIDE):
        found.append(Waiting(_("申诉待决定"), "/appeals", len(appeals(ask))))
    if ask.may(Right.REVIEW_DECIDE):
        found.append(Waiting(_("存疑待裁定"), "/review", len(doubtful(ask))))
    if ask.may(Right.IDS_MAP):
        found.append(Waiting(_("考勤号待认主"), "/review/ids", len(unknown_ids(ask))))
    return [one for one in found if one.count]


def leaves(ask: Ask) -> list[Lacking]:
    """The leaves of others within reach that lack a sign-off which the user may give, the earliest first."""
    signs = SIGNS.get(ask.account.role, ())
    if not signs or not ask.may(Right.LEAVE_SIGN):
        return []
    said = records(ask, SIGN)
    return [
        one
        for one in kept(ask, "leaves that lack", lambda: lacking(ask.known.bench, ask.today))
        if ask.reach.person(one.leave.person)
        and any((s in one.sign_offs or ANY in one.sign_offs) and f"{one.leave.id}\t{s}" not in said for s in signs)
        and not own(ask, one.leave.person)
    ]


def lacking(bench: Bench, today: Day) -> list[Lacking]:
    """All leaves that are not over for long and lack a sign-off."""
    out: list[Lacking] = []
    for leave in bench.case.leaves:
        if day_of(leave.end.moment) < today - BACK:
            continue
        standing = bench.excuses.standing(leave)
        if standing.lacking:
            taken = bench.excuses.asked(leave)
            first = day_of(taken[0][0]) if taken else day_of(leave.start.moment)
            last = (taken[-1][1] - 1) // DAY if taken else first
            out.append(Lacking(leave, standing.lacking, standing.half_days, first, last))
    return sorted(out, key=lambda one: (one.first, one.leave.id))


def requests(ask: Ask) -> list[Body]:
    """The open requests that the user may decide, the earliest first."""
    found = [
        body
        for body in records(ask, REQUEST).values()
        if body["state"] == OPEN
        and ask.reach.person(body["person_id"])
        and not own(ask, body["person_id"])
        and body["filed_by"] != ask.who
    ]
    return sorted(found, key=lambda body: (body["filed_at"], body["request_id"]))


def appeals(ask: Ask) -> list[Brief]:
    """The open appeals that the user may decide, the earliest first."""
    with ask.hall.store.reading() as work:
        found = undecided(ask.hall, work, ask.today)
    return [b for b in found if seen(ask, b.appeal) and not own(ask, b.appeal.person) and b.appeal.filed_by != ask.who]
