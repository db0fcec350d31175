"""Outcomes: what totals and scores lead to, and the decisions on them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import Response

from punchsync.bootstrap.telling import of_outcomes
from punchsync.core.closing import kept
from punchsync.core.decision import STATES
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.pages.ranking import chosen, in_order
from punchsync.desk.room import Room
from punchsync.desk.rules.cited import cited
from punchsync.operations.outcomes import NoSuchOutcome, Stated, Wanted, decide, of_period
from punchsync.texts import _
from punchsync.words import outcome, outcome_state

room = Room()
ROWS: Final = 50
LONGEST: Final = 200
"""Characters of a note."""


@room.get("/outcomes", Right.OUTCOME_SEE, "outcomes")
def show(ask: Ask) -> Response:
    """A period's outcomes within reach, fifty a page."""
    return listed(ask)


@room.post("/outcomes/{id}", Right.OUTCOME_DECIDE, "outcome decide")
def decided(ask: Ask) -> Response:
    """Confirm or drop an outcome, or take it up again (`state`), with a note."""
    id, state, note = ask.path("id"), ask.form.one("state"), " ".join(ask.form.one("note").split())
    ask.about["outcome"] = id
    if state not in STATES:
        raise Missing(state)
    if len(note) > LONGEST or not note.isprintable():
        text = _("附注有 {n} 个字；应不超过 {most} 个，也没有控制符").format(n=len(note), most=LONGEST)
        return listed(ask, {id: text}, note)
    try:
        row, new = decide(
            ask.hall, Wanted(id=id), state, ask.who, note, of_outcomes(ask.hall, ask.desk.site.listeners())
        )
    except NoSuchOutcome:
        raise Missing(id) from None
    said = _("{what}：{state}。") if new else _("{what} 本来就是“{state}”，没有写入。")
    back = {name: ask.form.one(name) for name in ("period", "state_of", "page") if ask.form.one(name)}
    return ask.to(
        f"/outcomes?{urlencode({'period': row.outcome.period, **back})}",
        said.format(what=outcome(row.outcome.outcome), state=outcome_state(row.state)),
    )


def listed(ask: Ask, problems: dict[str, str] | None = None, note: str = "") -> Response:
    """The list; with what is wrong with a decision, that outcome alone."""
    with ask.hall.store.reading() as work:
        periods = in_order(work.concluded.followed())
        period = chosen(ask, periods) if not problems else ""
        rows = [r for p in ([period] if period else periods if problems else []) for r in of_period(work, p)]
        issued = bool(period) and kept(period, work.closings.closed())
    state = ask.query("state_of")
    rows = [r for r in rows if within(ask, r) and state in ("", r.state) and (not problems or r.id in problems)]
    if problems and not rows:
        raise Missing(next(iter(problems)))
    counts = {each: sum(1 for r in rows if r.state == each) for each in STATES}
    pages = max(-(-len(rows) // ROWS), 1)
    page = min(max(int(ask.query("page")) if ask.query("page").isdecimal() else 1, 1), pages)
    return ask.page(
        "outcomes/list.html",
        422 if problems else 200,
        periods=periods,
        period=period,
        state=state,
        states=STATES,
        rows=rows[(page - 1) * ROWS : page * ROWS],
        counts=counts,
        issued=issued,
        page=page,
        pages=pages,
        address=f"/outcomes?{urlencode({'period': period, 'state_of': state})}&",
        problems=problems or {},
        note=note,
        longest=LONGEST,
        cited=cited,
    )


def within(ask: Ask, row: Stated) -> bool:
    """Whether an outcome's subject is within the reader's reach."""
    o = row.outcome
    return ask.reach.person(o.subject_id) if o.subject_type == "person" else ask.reach.window(o.subject_id)
