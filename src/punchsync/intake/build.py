"""Canonical bodies to the core's records. Bodies must come from `parse`: nothing is checked again here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final, TypedDict, TypeVar

from punchsync.core.moment import DAY, FOREVER, HOUR, Day, Moment, parse_clock, parse_day, parse_moment
from punchsync.core.records import (
    LAST_DAY,
    Bound,
    Device,
    GivenScore,
    Incident,
    Leave,
    Outage,
    Outing,
    Paper,
    Posting,
    Roster,
    Ruling,
    StandIn,
)  # fmt: skip
from punchsync.core.sessions import is_sessions, parse_sessions
from punchsync.intake.shifts import weekdays

Body = Mapping[str, str]
Record = (
    Posting | Device | Roster | Leave | Outing | StandIn | Incident | Outage | Paper | Ruling | GivenScore
    | tuple[Day, str]
)  # fmt: skip
R = TypeVar("R")


class Built(TypedDict):
    """The records of a hall under the names of `core.records.Case`."""

    postings: tuple[Posting, ...]
    devices: tuple[Device, ...]
    rosters: tuple[Roster, ...]
    leaves: tuple[Leave, ...]
    outings: tuple[Outing, ...]
    standins: tuple[StandIn, ...]
    incidents: tuple[Incident, ...]
    outages: tuple[Outage, ...]
    papers: tuple[Paper, ...]
    rulings: tuple[Ruling, ...]
    given: tuple[GivenScore, ...]


def build(kind: str, body: Body) -> Record:
    """A body as the record of its kind; of the calendar a day and its kind."""
    return _BUILDERS[kind](body)


def build_all(bodies: Mapping[str, Iterable[Body]]) -> Built:
    """All records that are not withdrawn, for `Case(**…)`; the calendar's go through `overrides`."""
    return Built(
        postings=_each(bodies, "staff", posting),
        devices=_each(bodies, "device", device),
        rosters=_each(bodies, "roster", roster),
        leaves=_each(bodies, "leave", leave),
        outings=_each(bodies, "outing", outing),
        standins=_each(bodies, "standin", standin),
        incidents=_each(bodies, "incident", incident),
        outages=_each(bodies, "outage", outage),
        papers=_each(bodies, "paper", paper),
        rulings=_each(bodies, "ruling", ruling),
        given=_each(bodies, "scores", given),
    )


def overrides(bodies: Iterable[Body]) -> dict[Day, str]:
    """The hall's own dates, for `Calendar.overrides`."""
    return dict(override(body) for body in bodies if not body.get("withdrawn"))


def _each(bodies: Mapping[str, Iterable[Body]], kind: str, make: Callable[[Body], R]) -> tuple[R, ...]:
    return tuple(make(body) for body in bodies.get(kind, ()) if not body.get("withdrawn"))


def posting(body: Body) -> Posting:
    """A row of `staff`."""
    backup_for = tuple(body["backup_for"].split(";")) if body["backup_for"] else ()
    return Posting(
        body["person_id"],
        body["name"],
        body["unit"],
        body["window"],
        body["post"],
        body["device_user_id"],
        backup_for,
        parse_day(body["from"]),
        _last(body),
    )


def device(body: Body) -> Device:
    """A row of `device`."""
    return Device(body["terminal_id"], body["device_user_id"], body["person_id"], parse_day(body["from"]), _last(body))


def roster(body: Body) -> Roster:
    """A row of `roster`."""
    written, on = body["shift"], weekdays(body["days"])
    timed = is_sessions(written)
    return Roster(
        body["roster_id"],
        parse_moment(body["entered_at"]),
        body["person_id"],
        body["window"],
        parse_day(body["from"]),
        _last(body),
        "" if timed else written,
        parse_sessions(written) if timed else (),
        "weekdays" if on else body["days"],
        on,
    )


def leave(body: Body) -> Leave:
    """A row of `leave`, with `first_registered_at` beside its columns where its first version says otherwise."""
    first = body.get("first_registered_at")
    daily = (_clock(body["daily_from"]), _clock(body["daily_to"])) if body["daily_from"] else None
    return Leave(
        body["leave_id"],
        body["person_id"],
        body["kind"],
        bound(body["start"]),
        bound(body["end"]),
        daily,
        parse_moment(body["registered_at"]),
        body["certificate"] == "yes",
        frozenset(body["approvals"].split(";")) if body["approvals"] else frozenset(),
        parse_moment(body["returned_at"]) if body["returned_at"] else None,
        parse_moment(first) if first else None,
    )


def outing(body: Body) -> Outing:
    """A row of `outing`."""
    end = bound(body["end"]) if body["end"] else None
    registered = parse_moment(body["registered_at"])
    return Outing(body["outing_id"], body["person_id"], bound(body["start"]), end, registered, body["reason"])


def standin(body: Body) -> StandIn:
    """A row of `standin`."""
    return StandIn(
        body["standin_id"],
        body["absent_person_id"],
        body["standin_person_id"],
        bound(body["start"]),
        bound(body["end"]),
        parse_moment(body["filed_at"]),
    )


def incident(body: Body) -> Incident:
    """A row of `incident`."""
    return Incident(
        body["incident_id"],
        body["person_id"],
        body["window"],
        body["kind"],
        parse_moment(body["at"]),
        body["noted_by"],
        body["place"],
        body["evidence"],
        body["warned"] == "yes",
    )


def outage(body: Body) -> Outage:
    """A row of `outage`; without an end it goes on for ever."""
    end = parse_moment(body["end"]) if body["end"] else FOREVER
    return Outage(body["terminal_id"], parse_moment(body["start"]), end, body["kind"])


def paper(body: Body) -> Paper:
    """A row of `paper`."""
    return Paper(body["person_id"], parse_moment(body["at"]), body["sheet"], body["approved_by"])


def ruling(body: Body) -> Ruling:
    """A row of `ruling`, or an appeal's decision, which has a `violation` beside its columns."""
    return Ruling(
        body["ruling_id"],
        body["person_id"],
        body["window"],
        parse_day(body["date"]),
        int(body["session"]),
        body["kind"],
        body["effect"],
        body["as_kind"],
        body["document"],
        body["decided_by"],
        parse_moment(body["decided_at"]),
        body.get("violation", ""),
    )


def given(body: Body) -> GivenScore:
    """A row of `scores`."""
    return GivenScore(
        body["period"],
        body["subject_type"],
        body["subject_id"],
        body["category"],
        Decimal(body["points"]),
        body["note"],
    )


def override(body: Body) -> tuple[Day, str]:
    """A row of `calendar`."""
    return parse_day(body["date"]), body["kind"]


def bound(text: str) -> Bound:
    """A canonical end of a span; a half's moment is 00:00 or 12:00 of its day."""
    half = text[11:]
    if half in ("am", "pm"):
        return Bound(parse_day(text[:10]) * DAY + (12 * HOUR if half == "pm" else 0), half)
    return Bound(parse_moment(text))


def _clock(text: str) -> Moment:
    return DAY if text == "24:00:00" else parse_clock(text)


def _last(body: Body) -> Day:
    return parse_day(body["to"]) if body["to"] else LAST_DAY


_BUILDERS: Final[Mapping[str, Callable[[Body], Record]]] = {
    "staff": posting,
    "device": device,
    "roster": roster,
    "leave": leave,
    "outing": outing,
    "standin": standin,
    "incident": incident,
    "outage": outage,
    "paper": paper,
    "ruling": ruling,
    "calendar": override,
    "scores": given,
}
