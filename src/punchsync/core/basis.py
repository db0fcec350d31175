"""What a punch's time rests on: the looks at its terminal's clock before and after it was taken."""

from __future__ import annotations

from typing import NamedTuple

from punchsync.core.clock import MAX_CORRECTION, Dial, Stretch
from punchsync.core.moment import Day, Moment
from punchsync.core.records import Case


class Basis(NamedTuple):
    """How a punch came to its time.

    `right`: the clock was never off; `steady`: off by nothing in the stretch; `offset`: by the same at both looks;
    `drift`: interpolated between two; `first`: before the first look; `jumped`: the clock was set in between;
    `beyond`: off by more than may be corrected; `after`: taken after the last look (`last`: when, and how far off);
    `file`: no live read held it, so placed by what it says.
    """

    how: str
    stretch: Stretch | None = None
    last: tuple[Moment, int] | None = None


def basis(dial: Dial | None, number: int, raw: Moment, most: int = MAX_CORRECTION) -> Basis:
    """What the time of a terminal's punch rests on; no dial: its clock was never off."""
    if dial is None or dial.plain:
        return Basis("right")
    stretch = dial.stretch_of(number)
    if stretch is None:
        last = dial.last
        after = last is not None and raw >= last[0] + min(last[1], 0)
        return Basis("after", None, last) if after else Basis("file")
    if stretch.off(most):
        return Basis("beyond", stretch)
    if stretch.start is None:
        return Basis("steady" if stretch.steady else "first", stretch)
    if stretch.jumped:
        return Basis("jumped", stretch)
    if stretch.steady:
        return Basis("steady", stretch)
    return Basis("offset" if stretch.before == stretch.after else "drift", stretch)


def claim(case: Case, terminal: str, device_user_id: str, person: str, day: Day) -> str:
    """By what a device user id is somebody's on a day: `terminal`, `general`, `staff`, or equal as a `number` only."""

    def has(where: str) -> bool:
        return any(
            d.person == person and d.terminal == where and d.first <= day <= d.last
            for d in case.devices
            if d.device_user_id == device_user_id
        )

    if has(terminal):
        return "terminal"
    if has(""):
        return "general"
    own = [p for p in case.postings if p.person == person and p.first <= day <= p.last]
    return "staff" if any(p.device_user_id == device_user_id for p in own) else "number"
