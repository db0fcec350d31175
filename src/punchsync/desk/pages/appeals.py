"""Appeals: the list with their terms, and filing one: the violation, the grounds, the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Response

from punchsync.core.appeal import FIRST, MERITS, OPEN, SOURCES, by_appeal, on_merits, state
from punchsync.core.checkpoint import Sealed
from punchsync.core.moment import Day
from punchsync.core.violations import Violation
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.registers.write import who
from punchsync.desk.review.appeal import ACCEPTS_LATE, SEALED, evidence, refused, seen, violation
from punchsync.desk.room import Room
from punchsync.operations.appeal_brief import every
from punchsync.operations.appealed import until
from punchsync.operations.appeals import Filing, Objection, file
from punchsync.operations.settle import TooEarly
from punchsync.texts import _

room = Room()
ROWS: Final = 50
BACK: Final = 93
"""Days back for which violations are offered; those of before are appealed against from where they are shown."""
LONGEST: Final = 2000


@room.get("/appeals", Right.APPEAL_SEE, "appeals")
def show(ask: Ask) -> Response:
    """The appeals within reach: open ones, or all."""
    with ask.hall.store.reading() as work:
        found = [b for b in every(ask.hall, work, ask.today) if seen(ask, b.appeal)]
    waiting = [b for b in reversed(found) if b.state == OPEN]
    show_all = ask.query("show") == "all"
    rows = found if show_all else waiting
    page, pages = ask.paged(len(rows), ROWS)
    return ask.page(
        "appeals/list.html",
        rows=rows[(page - 1) * ROWS : page * ROWS],
        waiting=len(waiting),
        every=len(found),
        show_all=show_all,
        page=page,
        pages=pages,
    )


@room.get("/appeals/new", Right.APPEAL_FILE, "appeal form")
def new(ask: Ask) -> Response:
    """The form for a violation, or first the violations of a person to choose from."""
    id = ask.query("violation")
    if id:
        return form(ask, violation(ask, id))
    typed, person, wrong = ask.query("person"), "", ""
    if typed in ask.known.people:
        person = ask.person(typed)
    elif typed:
        person, wrong = who(ask, typed)
    elif ask.account.person in ask.known.people:
        person = ask.person(ask.account.person)
    return ask.page(
        "appeals/choose.html",
        422 if wrong else 200,
        person=person,
        typed=typed,
        why=wrong,
        rows=of_person(ask, person) if person else [],
        back=BACK,
        others=ask.reach.people is None or len(ask.reach.people) > 1,
    )


@room.post("/appeals/new", Right.APPEAL_FILE, "appeal filed")
def add(ask: Ask) -> Response:
    """File it."""
    v = violation(ask, ask.form.one("violation"))
    grounds, late = (" ".join(ask.form.one(name).split()) for name in ("grounds", "late"))
    files, bad = evidence(ask.form.files.get("evidence", []))
    wrong = {"evidence": bad} if bad else {}
    if not grounds or len(grounds) > LONGEST:
        wrong["grounds"] = _("写明申诉的理由，不超过 {n} 个字。").format(n=LONGEST)
    if len(late) > LONGEST:
        wrong["late"] = _("理由不超过 {n} 个字。").format(n=LONGEST)
    by, role = filer(ask, v)
    if not by:
        wrong["by"] = _("写上是谁申诉的。")
    if wrong:
        return form(ask, v, problems=wrong)
    filing = Filing(by, grounds, role, tuple(files), late if ask.account.role in ACCEPTS_LATE else "")
    try:
        row = file(ask.hall, v.id, filing)
    except Objection as why:
        if why.code == "unknown":
            raise Missing(v.id) from None
        return form(ask, v, refused(why), made_of=why.found.get("made_of", ()))
    except Sealed:
        return form(ask, v, SEALED())
    except TooEarly:
        return form(ask, v, _("服务器的时间早于上次核算，请找管理员。"))
    ask.about["appeal"] = row.appeal.number
    said = _("已受理，申诉编号 {number}，证据 {n} 件。").format(number=row.appeal.number, n=len(files))
    return ask.to(f"/appeals/{row.appeal.number}", said)


def filer(ask: Ask, v: Violation) -> tuple[str, str]:
    """Who files, and as what: a clerk in the name of who came to him, everybody else in his own."""
    if ask.account.role == "clerk":
        role = "unit" if ask.form.one("role") == "unit" or not v.person else "person"
        return " ".join(ask.form.one("by").split())[:60], role
    return ask.who, "person" if v.person and v.person == ask.account.person else "unit"


def of_person(ask: Ask, person: str) -> list[tuple[Violation, int | None]]:
    """A person's latest violations that may be appealed against, each with the appeal that is there, if any."""
    with ask.hall.store.reading() as work:
        found = work.months.violations_of(person, ask.today - BACK, ask.today)
        appeals = {a.violation: a.number for a in work.appeals.all()}
    return [(v, appeals.get(v.id)) for v in reversed(found) if v.source in SOURCES]


def form(
    ask: Ask, v: Violation, why: str = "", problems: Mapping[str, str] | None = None, made_of: object = ()
) -> Response:
    """The form."""
    with ask.hall.store.reading() as work:
        decisions = by_appeal(work.appeals.decisions())
        history = [a for a in work.appeals.all() if a.violation == v.id]
        first = on_merits(history, decisions)
        last: Day | None = until(ask.hall, work, v, decisions[first[0].number] if first else None)
    return ask.page(
        "appeals/new.html",
        422 if why or problems else 200,
        v=v,
        why=why,
        problems=problems or {},
        made_of=made_of,
        last=last,
        overdue=last is not None and ask.today > last,
        stage=FIRST + len(first),
        open=[a.number for a in history if state(a, decisions) == OPEN],
        first=[a.number for a in history if state(a, decisions) in MERITS],
        accepts_late=ask.account.role in ACCEPTS_LATE,
        on_behalf=ask.account.role == "clerk",
        typed={
            "grounds": ask.form.one("grounds"),
            "late": ask.form.one("late"),
            "by": ask.form.one("by") or (ask.known.name(v.person) if v.person else ""),
            "role": ask.form.one("role") or ("person" if v.person else "unit"),
        },
    )
