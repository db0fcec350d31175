"""What a purge left: checkpoints that one would have written, and what they sealed as they left it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from punchsync.core.chain import Link
from punchsync.core.checkpoint import Noted, implausible, too_new, unsealed
from punchsync.core.difference import Difference
from punchsync.core.stored import MonthState
from punchsync.operations.ports import Work


def check(
    work: Work, noted: Sequence[Noted], links: Sequence[Link], states: Mapping[str, MonthState]
) -> Iterator[Difference]:
    """The first thing wrong with every checkpoint, and the tables whose sealed rows are not as the latest left them."""
    if noted:
        yield from implausible(noted, links, states.keys() - work.closings.closed())
        for one in noted:
            if "punches" in one.checkpoint.erased.days:
                yield from too_new(one, work.checkpoints.read_after(one.checkpoint.erased.days["punches"]))
        yield from unsealed(noted, work.checkpoints.results())
