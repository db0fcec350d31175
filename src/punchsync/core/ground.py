"""What a verdict that is not certain rests on: how far was read against how far it must be, and what was dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from punchsync.core.coverage import Terminals
from punchsync.core.intervals import Interval
from punchsync.core.judge import PAPER, doubtful, unread
from punchsync.core.moment import Moment
from punchsync.core.rules import Punctuality
from punchsync.core.timetable import Checkpoint


class Ground(NamedTuple):
    """Why a checkpoint is pending or unverified; all of it empty where it is neither.

    `needed` is through when everything must be read; `behind` the terminals that are not, with how far they are read
    without a hole from the window's open on; `early` says that as-of itself is before the window's close; `dark` and
    `doubts` are the stretches (half-open) in which a good punch may have been made and not be seen.
    """

    needed: Moment | None = None
    behind: tuple[tuple[str, Moment], ...] = ()
    early: bool = False
    nowhere: bool = False  # no terminal counts for this window at all
    dark: tuple[Interval, ...] = ()
    doubts: tuple[Interval, ...] = ()


def ground(
    point: Checkpoint,
    due: Moment,
    would: str,
    terminal: str,
    rule: Punctuality,
    relevant: tuple[str, ...],
    terminals: Terminals,
    as_of: Moment,
    doubts: Sequence[Interval] = (),
) -> Ground:
    """What keeps a verdict from being `would`; `terminal` is where the punch matched was made."""
    if would == "normal":
        return Ground()
    through = terminals.read_through(relevant, point.opens)
    if unread(would, point, due, rule, through, as_of):
        reached = [(t, terminals.read_through((t,), point.opens)) for t in relevant]
        behind = tuple(
            (t, reach) for t, reach in reached if unread(would, point, due, rule, reach, max(as_of, point.close))
        )
        needed = due + rule.late - 1 if would == "late" else point.close
        return Ground(needed, behind, would != "late" and as_of < point.close, not relevant)
    if terminal == PAPER:
        return Ground()
    dark, unseen = (
        tuple(stretch for stretch in stretches if doubtful(would, point, due, rule, (stretch,)))
        for stretches in (terminals.dark(relevant), doubts)
    )
    return Ground(None, (), False, False, dark, unseen)
