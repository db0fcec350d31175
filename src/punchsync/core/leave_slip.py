"""What a leave slip says: whose leave, how long it is, who signed it, who stands in, and what it lacks. Pure."""

from __future__ import annotations

from typing import NamedTuple

from punchsync.core.excuse import Standing
from punchsync.core.moment import Moment
from punchsync.core.records import SIGN_OFFS, Leave, Posting
from punchsync.core.rules import Pack


class Signed(NamedTuple):
    """A sign-off of a leave: asked for, given, refused; by whom and when, where that was written down."""

    code: str
    asked: bool
    given: bool
    refused: bool = False
    by: str = ""
    at: Moment | None = None
    note: str = ""


class InPlace(NamedTuple):
    """Who stands in, from when to when."""

    name: str
    person: str
    start: Moment
    end: Moment


class Slip(NamedTuple):
    """A leave for the file; `taken` are its half-days as taken, `now` the moment at which it stands so."""

    hall: str
    leave: Leave
    posting: Posting | None
    standing: Standing
    taken: int
    signed: tuple[Signed, ...]
    standins: tuple[InPlace, ...]
    now: Moment


def signs(pack: Pack, leave: Leave, standing: Standing, told: dict[str, Signed]) -> tuple[Signed, ...]:
    """Every sign-off that a leave asks for or has, in the order of the ladder; `told` are those written down.

    Where any one will do, none of them stands for all.
    """
    rung = standing.rung
    lacks = set(standing.lacking) & {*SIGN_OFFS}
    asked = lacks | {*(rung.sign_offs if rung else pack.otherwise)}
    out: list[Signed] = []
    for code in SIGN_OFFS:
        there = told.get(code)
        given = code in leave.approvals
        if code not in asked and not given and there is None:
            continue
        row = there if there is not None and there.given == given else Signed(code, False, given)
        out.append(row._replace(asked=code in asked, given=given))
    if "any" in standing.lacking and not out:
        out.append(Signed("any", True, False))
    return tuple(out)
