"""Reading a terminal's whole log anew for somebody who watches: `punchsync resync` of one terminal, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from punchsync.bootstrap.reader import Reader
from punchsync.operations.poll import Round, poll
from punchsync.operations.ports import TerminalReader

if TYPE_CHECKING:
    from punchsync.bootstrap.site import Site

Step = Callable[[int, int], None]
"""Told how much is done of how much."""


class Reread(NamedTuple):
    """What came of it; `off` is by how many seconds our clock is wrong where the terminals speak against it."""

    round: Round
    off: int = 0


class Rereading(Protocol):
    """Reads one terminal's whole log and settles; raises what `operations.poll` raises."""

    def __call__(self, terminal: str, records: Step, judged: Step) -> Reread: ...


def listened(reader: TerminalReader, records: Step) -> TerminalReader:
    """A reader that tells how many records came so far, if it is one that can."""
    return reader.heard_by(records) if isinstance(reader, Reader) else reader


def rereading(site: Site) -> Rereading:
    """For a site whose clock is believed."""

    def reread(terminal: str, records: Step, judged: Step) -> Reread:
        hall = replace(site.hall, reader=listened(site.hall.reader, records))
        return Reread(poll(hall, hall.clock.now(), [terminal], full=True, judging=judged))

    return reread
