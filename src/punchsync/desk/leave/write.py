"""A leave from the desk into the store: with its stand-in and who did it together, or not at all; problems in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from punchsync.core.moment import show_day, show_moment
from punchsync.core.records import SIGN_OFFS
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.leave.form import FIELD
from punchsync.desk.registers.write import reaching, said
from punchsync.intake.cross import cross
from punchsync.intake.problem import Problem
from punchsync.intake.touched import touched
from punchsync.operations.bring_in import ReachesBack
from punchsync.operations.leave import STEPS, InSealed, Overtaken, Refused, Row, Story, sign_row, story, write
from punchsync.operations.ports import Body
from punchsync.texts import _

WHOLE: Final = ""
"""The name under which a problem of the whole record stands."""
NOTE: Final = 500
"""Characters of a reason at most."""


def story_of(ask: Ask, id: str) -> Story:
    """A leave within the user's reach, noted for the audit; raises Missing."""
    with ask.hall.store.reading() as work:
        found = story(work, id, (*SIGN_OFFS, *STEPS))
    ask.about["leave"] = id
    if found is None:
        raise Missing(id)
    ask.person(found.latest["person_id"])
    return found


def keep(
    ask: Ask, leave: Body, seen: int, step: str, note: str, given: str = "", also: Sequence[Row] = ()
) -> dict[str, str]:
    """Write a version of a leave, what comes with it, and the step that it was; what is wrong by field, if anything."""
    id = leave["leave_id"]
    signs = [sign_row(id, leave["person_id"], step, given, ask.who, show_moment(ask.now), " ".join(note.split()))]
    rows = [Row("leave", id, leave), *also]
    try:
        write(ask.hall, id, seen, rows, signs, lambda kind, merged: cross(kind, merged), touched)
    except Refused as refused:
        return {FIELD.get(p.column, p.column): said(p) for p in refused.problems if isinstance(p, Problem)}
    except ReachesBack as error:
        return {"start": reaching(error)}
    except InSealed as error:
        through = show_day(error.through) if error.through is not None else ""
        return {"start": _("{day} 及以前的日子已封存，不再核算，没有改动").format(day=through)}
    except Overtaken:
        return {WHOLE: _("这条请假刚被别人改过；请看过现在的样子再改")}
    ask.desk.settle()
    return {}


def only_signed(ask: Ask, leave: Body, seen: int, step: str, note: str) -> dict[str, str]:
    """Note that somebody refused to sign; the leave stays as it is."""
    id = leave["leave_id"]
    sign = sign_row(id, leave["person_id"], step, "no", ask.who, show_moment(ask.now), " ".join(note.split()))
    try:
        write(ask.hall, id, seen, (), [sign], lambda kind, merged: cross(kind, merged), touched)
    except Overtaken:
        return {WHOLE: _("这条请假刚被别人改过；请看过现在的样子再改")}
    return {}
