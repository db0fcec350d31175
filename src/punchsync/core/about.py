"""Which days an imported record is about, by its body as stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from punchsync.core.moment import Day, day_of, parse_day, parse_moment, to_day
from punchsync.core.period import span_of
from punchsync.core.records import LAST_DAY

Body = Mapping[str, str]
Days = tuple[Day, Day]


def about(kind: str, body: Body) -> Days:
    """The first and the last day that a record is about, both included.

    Open ends reach to `LAST_DAY`; a date of the calendar is about its whole year, which it may make a known one.
    """
    return _SPANS[kind](body)


def _dates(body: Body) -> Days:
    return parse_day(body["from"]), parse_day(body["to"]) if body["to"] else LAST_DAY


def _span(body: Body) -> Days:
    start, end = body["start"], body["end"]
    first = parse_day(start[:10])
    if not end:
        return first, LAST_DAY
    if len(end) == 13:  # a half of a day
        return first, parse_day(end[:10])
    return first, max(first, day_of(parse_moment(end) - 1))


def _outage(body: Body) -> Days:
    first = parse_day(body["start"][:10])
    return first, parse_day(body["end"][:10]) if body["end"] else LAST_DAY


def _on(column: str) -> Callable[[Body], Days]:
    def days(body: Body) -> Days:
        on = parse_day(body[column][:10])
        return on, on

    return days


def _year(body: Body) -> Days:
    year = int(body["date"][:4])
    return to_day(date(year, 1, 1)), to_day(date(year, 12, 31))


def _period(body: Body) -> Days:
    return span_of(body["period"])


_SPANS: Final[Mapping[str, Callable[[Body], Days]]] = {
    "staff": _dates,
    "device": _dates,
    "roster": _dates,
    "leave": _span,
    "outing": _span,
    "standin": _span,
    "incident": _on("at"),
    "outage": _outage,
    "paper": _on("at"),
    "ruling": _on("date"),
    "calendar": _year,
    "scores": _period,
    "request": _on("at"),
    "sign": _on("at"),
    "looked": _on("at"),
}
