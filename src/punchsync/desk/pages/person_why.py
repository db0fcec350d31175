"""Why: an entry of the ledger, or a violation, with the day behind it, down to the raw bytes and the article."""

from __future__ import annotations

from fastapi import Response

from punchsync.core.explained import Explained
from punchsync.core.period import period_of
from punchsync.core.sought import Sought
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.room import Room
from punchsync.desk.segment import segment, unsegment
from punchsync.operations.explain import NothingThere, explain_day, explain_entry, explain_window
from punchsync.publish.explanation import of_day, of_entry
from punchsync.publish.explanation_charge import violation as said_of

room = Room()


@room.get("/entry/{entry_id}", Right.PERSON_SEE, "entry")
def entry(ask: Ask) -> Response:
    """An entry of an account within reach, whose day is that of somebody within reach."""
    id = ask.path("entry_id")
    ask.about["entry"] = id
    with ask.hall.store.reading() as work:
        there = work.ledger.find(id)
    if there is None:
        raise Missing(id)
    # Somebody's charge on his window's account is his business, the window's other charges are not.
    if there.account_type == "person":
        ask.person(there.account_id)
    try:
        found = explain_entry(ask.hall, id, ask.desk.references, ask.known.bench)
    except NothingThere:
        raise Missing(id) from None
    about = found.about
    person = found.behind.person if found.behind else found.origin.person if found.origin else ""
    if person:
        ask.person(person)
    elif there.account_type == "window":
        ask.window(there.account_id)
    day = there.value_date
    return ask.page(
        "person/why.html",
        paper=of_entry(found),
        item=None,
        violation=found.behind,
        back=back_of(about),
        month=period_of(day, "month"),
    )


@room.get("/violation/{id}", Right.PERSON_SEE, "violation")
def violation(ask: Ask) -> Response:
    """A violation that stands; of one that was taken back its entry."""
    id = unsegment(ask.path("id"))
    ask.about["violation"] = id
    with ask.hall.store.reading() as work:
        found = work.months.violation(id)
        booked = [] if found else work.ledger.page(Sought(cause=f"{id}@"), 1)
    if found is None:
        if not booked or not id:
            raise Missing(id)
        return ask.to(f"/entry/{segment(booked[0].entry.entry_id)}")
    names, bench = ask.desk.references, ask.known.bench
    if found.person:
        about = explain_day(ask.hall, ask.person(found.person), found.day, names, bench)
    else:
        about = explain_window(ask.hall, ask.window(found.window), found.day, names, bench)
    item = next((said_of(v, found.day) for v in about.violations if v.violation.id == id), None)
    return ask.page(
        "person/why.html",
        paper=of_day(about),
        item=item,
        violation=found,
        back=back_of(about),
        month=period_of(found.day, "month"),
    )


def back_of(about: Explained | None) -> str:
    """The page that an explained day belongs to."""
    if about is None:
        return ""
    return f"/person/{segment(about.person)}" if about.person else f"/window/{segment(about.window)}"
