"""Reads terminals, and asks them what time it is: a round of reads is the witness of our own clock.

A reading is held back until its whole round is in where what the others say decides how far it may be believed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.stored import EARLIEST
from punchsync.operations.ports import TerminalReader
from punchsync.service.keeper import Keeper
from punchsync.service.trust import OFF

HOLD: Final = 300.0
"""Seconds that a reading is held back at most."""


class Untimely(Exception):
    """A reading not to be kept: our clock is in doubt, and by it punches would count as not yet made, for good."""


class Round:
    """The reads of one round, as they come in."""

    def __init__(self, terminals: Iterable[str], keeper: Keeper) -> None:
        self._left = set(terminals)
        self._keeper = keeper
        keeper.trusted()
        self._since = keeper.steps
        self._offsets: list[int] = []
        self._answered = False
        self._whole = threading.Condition()

    def came(self, terminal: str, found: Reading | ReadFailure | None) -> None:
        """One of them is in."""
        with self._whole:
            if isinstance(found, Reading):
                self._answered = True
                offset = found.clock_offset
                # A terminal whose own clock was reset knows nothing of ours.
                if offset is not None and (found.began or 0) + offset >= EARLIEST:
                    self._offsets.append(offset)
            self._left.discard(terminal)
            if not self._left:
                if self._answered:
                    self._keeper.heard(self._offsets, self._since)
                self._whole.notify_all()

    def wait(self) -> None:
        """Until all are in."""
        with self._whole:
            self._whole.wait_for(lambda: not self._left, HOLD)


class Witness:
    """A reader of terminals whose readings claim no more than our clock can answer for, and that beats at each."""

    def __init__(self, reader: TerminalReader, keeper: Keeper, beat: Callable[[], None]) -> None:
        self._reader, self._keeper, self._beat = reader, keeper, beat
        self._round: Round | None = None

    @contextmanager
    def round(self, terminals: Iterable[str]) -> Iterator[None]:
        """These terminals are read now, each once."""
        self._round = Round(terminals, self._keeper)
        try:
            yield
        finally:
            self._round = None

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What the reader brings; raises Untimely for what must not be kept while our clock is in doubt."""
        keeper, turn = self._keeper, self._round
        reached = keeper.reaching()
        found: Reading | ReadFailure | None = None
        try:
            sets = kept and keeper.may_set
            found = self._reader.read(terminal, memory, full=full, replaced=replaced, kept=sets)
        finally:
            self._beat()
            keeper.trusted()
            if turn is not None:
                turn.came(terminal, found)
        if isinstance(found, ReadFailure):
            return found
        if turn is not None and (not keeper.confirmed or abs(found.clock_offset or 0) > OFF):
            turn.wait()
        if keeper.doubt and any(d.reason == "future" and d.raw not in memory.odd for d in found.defects):
            raise Untimely(terminal)
        return reached(found)
