"""A round of reads that somebody types: terminals that agree with each other speak against our clock here, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from punchsync.core.moment import Day
from punchsync.operations import poll as polling
from punchsync.operations.poll import Round, Untimely
from punchsync.operations.ports import TerminalReader
from punchsync.service.keeper import Keeper
from punchsync.service.pulse import Pulse
from punchsync.service.trust import Trust
from punchsync.service.witness import Untimely as Doubted
from punchsync.service.witness import Witness

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

SEVERAL = 2
"""Terminals that must agree against our clock: of a single one its user knows better which of the two is wrong."""


def poll(
    site: Site,
    terminals: Sequence[str] = (),
    *,
    since: Day | None = None,
    full: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    judging: Callable[[int, int], None] = lambda done, total: None,
    reader: TerminalReader | None = None,
) -> tuple[Round, int]:
    """As `operations.poll.poll` at the site's moment; and by how many seconds our clock is wrong by the terminals.

    Where it is, nothing is settled, and what was read claims to reach no further than they do; a moment that was asked
    for is not doubted. Another `reader` may take the place of the site's. Raises what that raises, and Untimely.
    """
    hall = site.hall if reader is None else replace(site.hall, reader=reader)
    now = site.clock.now()
    if site.clock is not site.real_clock:
        return polling.poll(hall, now, terminals, since=since, full=full, progress=progress, judging=judging), 0
    keeper = Keeper(
        site.clock, ZoneInfo(site.settings.hall.timezone), SEVERAL, Pulse(), trust=Trust(agreed=True, heard=True)
    )
    witness = Witness(hall.reader, keeper, lambda: None)
    chosen = list(dict.fromkeys(terminals)) or [t.id for t in hall.terminals if t.live]
    try:
        with witness.round(chosen):
            done = polling.poll(
                replace(hall, reader=witness), now, terminals,
                since=since, full=full, progress=progress, judging=judging, trusted=keeper.trusted,
            )  # fmt: skip
    except Doubted:
        raise Untimely(keeper.off) from None
    return done, keeper.off
