"""Requests to make up one punch: filed for a checkpoint that nobody's punch served, granted by somebody else as a paper
sign-in at its due time, or refused.

What may be is decided in the transaction that writes, so that no two at once pass a cap, or are both decided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import structlog

from punchsync.core.appeal import plain
from punchsync.core.judge import Verdict
from punchsync.core.moment import Day, Moment, day_of, parse_moment, show_day, show_moment
from punchsync.operations.desk_records import REQUEST, put
from punchsync.operations.hall import Hall, month_of
from punchsync.operations.ports import Body, Work

OPEN: Final = "open"
GRANTED: Final = "granted"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
COUNTED: Final = frozenset({OPEN, GRANTED})
"""States in which a request takes up one of a month's."""
ASKED_FOR: Final = frozenset({"missing", "unverified"})
"""Verdicts that a request may be about."""

log = structlog.get_logger(__name__)


class NotSo(Exception):
    """Why a request can't be filed or decided so: a code and what was found, by name; times as text."""

    def __init__(self, code: str, **found: object) -> None:
        super().__init__(code, found)
        self.code, self.found = code, found


# What decides


def used(requests: Mapping[str, Body], person: str, day: Day) -> int:
    """How many of a person's requests of the month of a day count."""
    month = show_day(day)[:7]
    return sum(
        1
        for body in requests.values()
        if body["person_id"] == person and body["at"][:7] == month and body["state"] in COUNTED
    )


def fit(requests: Mapping[str, Body], person: str, at: Moment, cap: int) -> None:
    """Raise NotSo for a request that is one too many."""
    when = show_moment(at)
    for id, body in requests.items():
        if (body["person_id"], body["at"]) == (person, when) and body["state"] in COUNTED:
            raise NotSo("twice", id=id, state=body["state"])
    if cap == 0:
        raise NotSo("closed")
    if used(requests, person, day_of(at)) >= cap:
        raise NotSo("cap", cap=cap, month=when[:7])


def awaited(work: Work, person: str, at: Moment) -> Verdict:
    """The checkpoint that is due then, as the last settle judged it; raises NotSo where there is nothing to make up."""
    horizon = work.checkpoints.horizon()
    if horizon is not None and day_of(at) <= horizon:
        raise NotSo("sealed", day=show_day(day_of(at)), through=show_day(horizon))
    for v in work.months.verdicts_of([person], [day_of(at)]):
        if v.due == at and v.verdict in ASKED_FOR:
            return v
    raise NotSo("not_missing", at=show_moment(at))


def undecided(known: Mapping[str, Body], id: str) -> Body:
    """A request that is open; raises NotSo."""
    body = known.get(id)
    if body is None:
        raise NotSo("unknown", id=id)
    if body["state"] != OPEN:
        raise NotSo("decided", id=id, state=body["state"], by=body["decided_by"])
    return body


def impartial(body: Body, named: Collection[str], by: Collection[str]) -> None:
    """Raise NotSo for a decision by the person it is about, or by who filed it, `by` any of the decider's names."""
    mine = {plain(name) for name in by if name}
    if mine & {plain(name) for name in (body["person_id"], *named)}:
        raise NotSo("own")
    if plain(body["filed_by"]) in mine:
        raise NotSo("filer", by=body["filed_by"])


# What is done


def file(hall: Hall, cap: int, person: str, at: Moment, reason: str, by: str, new: Callable[[], str]) -> str:
    """Ask that a checkpoint be made up; returns the request's id. Raises NotSo, with nothing stored."""
    with hall.store.writing() as work:
        requests = work.records.all(REQUEST)
        fit(requests, person, at, cap)
        awaited(work, person, at)
        id = new()
        while id in requests:
            id = new()
        body = {
            "request_id": id, "person_id": person, "at": show_moment(at), "reason": reason, "filed_by": by,
            "filed_at": show_moment(hall.clock.now()), "state": OPEN, "decided_by": "", "decided_at": "", "note": "",
        }  # fmt: skip
        put(hall, work, REQUEST, id, body)
    log.info("request_filed", request=id)
    return id


def grant(hall: Hall, id: str, by: Sequence[str], note: str) -> None:
    """Grant a request, with the paper sign-in that follows in the same transaction. Raises NotSo.

    `by` are the decider's names, the one under which he signs first.
    """
    with hall.store.writing() as work:
        body = undecided(work.records.all(REQUEST), id)
        impartial(body, names(work, body["person_id"]), by)
        at = moment_of(body)
        awaited(work, body["person_id"], at)
        name = by[0]
        decided(hall, work, body, GRANTED, name, note)
        paper = {
            "person_id": body["person_id"], "at": body["at"], "sheet": id, "approved_by": name, "withdrawn": "",
        }  # fmt: skip
        work.records.put("paper", [(f"{body['person_id']}\t{body['at']}", paper)], hall.clock.now())
        work.months.mark(month_of(day_of(at)))
    log.info("request_decided", request=id, state=GRANTED)


def refuse(hall: Hall, id: str, by: Sequence[str], note: str) -> None:
    """Refuse a request. Raises NotSo."""
    with hall.store.writing() as work:
        body = undecided(work.records.all(REQUEST), id)
        impartial(body, names(work, body["person_id"]), by)
        decided(hall, work, body, REFUSED, by[0], note)
    log.info("request_decided", request=id, state=REFUSED)


def withdraw(hall: Hall, id: str, by: str, person: str) -> None:
    """Take a request back, as who filed it or as whom it is about. Raises NotSo."""
    with hall.store.writing() as work:
        body = undecided(work.records.all(REQUEST), id)
        if plain(by) != plain(body["filed_by"]) and person != body["person_id"]:
            raise NotSo("not_filer", filer=body["filed_by"])
        decided(hall, work, body, WITHDRAWN, by, "")
    log.info("request_decided", request=id, state=WITHDRAWN)


def decided(hall: Hall, work: Work, body: Body, state: str, by: str, note: str) -> None:
    """Keep a decision as the next version of its request."""
    after = {**body, "state": state, "decided_by": by, "decided_at": show_moment(hall.clock.now()), "note": note}
    put(hall, work, REQUEST, body["request_id"], after)


def names(work: Work, person: str) -> list[str]:
    """All that a person was ever called."""
    return [body["name"] for body in work.records.all("staff").values() if body["person_id"] == person]


def moment_of(body: Body) -> Moment:
    """When the checkpoint was due that a request is about."""
    return parse_moment(body["at"])
