"""A person's statement of account of a month, quarter or year."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Response

from punchsync.core.period import days_of_month, months_of, period_of
from punchsync.core.statement import Line, Statement
from punchsync.desk.access.reach import Reach
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.pages.person import FIRST_MONTH, LAST_MONTH, beside
from punchsync.desk.room import Room
from punchsync.desk.segment import segment, unsegment
from punchsync.operations.statement import Nobody, statement
from punchsync.publish.statement import of

room = Room()


def period_asked(ask: Ask) -> str:
    """The period of the address: a month, quarter or year; this month where it names none."""
    text = ask.query("period")
    try:
        months = months_of(text) if text.isascii() and text[:4].isdecimal() and len(text) <= 7 else []
    except ValueError:
        months = []
    good = months and len(text[:4]) == 4 and months[0] >= FIRST_MONTH and months[-1] <= LAST_MONTH
    return text if good else period_of(ask.today, "month")


def beside_of(period: str, by: int) -> str:
    """The period of the same kind before or after one."""
    months = months_of(period)
    kind = {1: "month", 3: "quarter", 12: "year"}[len(months)]
    return period_of(days_of_month(beside(months[0 if by < 0 else -1], by))[0], kind)


@room.get("/person/{id}/statement", Right.PERSON_SEE, "statement")
def person_statement(ask: Ask) -> Response:
    """The page, which is made to be printed, too."""
    return shown(ask, "person", ask.person(unsegment(ask.path("id"))))


def shown(ask: Ask, subject_type: str, id: str) -> Response:
    """A statement of a person or window; of people out of reach it names nobody."""
    period = period_asked(ask)
    ask.about["period"] = period
    try:
        found = statement(ask.hall, subject_type, id, period, ask.known.case)
    except Nobody:
        raise Missing(id) from None
    first = days_of_month(months_of(period)[0])[0]
    return ask.page(
        "person/statement.html",
        paper=of(masked(found, ask.reach)),
        back=f"/{subject_type}/{segment(id)}",
        period=period,
        kinds=[(kind, period_of(first, kind)) for kind in ("month", "quarter", "year")],
        before=beside_of(period, -1),
        after=beside_of(period, 1),
        id=id,
        subject_type=subject_type,
    )


def masked(found: Statement, reach: Reach) -> Statement:
    """A statement that names nobody out of reach: who left a window is no longer its lead's business."""

    def named(line: Line) -> Line:
        v = line.violation
        return line if v is None or reach.person(v.person) else line._replace(violation=v._replace(person=""))

    accounts = tuple(a._replace(lines=tuple(map(named, a.lines))) for a in found.accounts)
    return found if reach.people is None else replace(found, accounts=accounts)
