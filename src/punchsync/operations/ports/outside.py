"""The outside that is no store: terminals and the clock."""

from __future__ import annotations

from typing import Protocol

from punchsync.core.moment import Moment
from punchsync.core.reading import Memory, ReadFailure, Reading


class TerminalReader(Protocol):
    """Reads terminals over the network."""

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What is new at a terminal of which so much is known, or why it could not be had.

        `full` asks for all of its log; `replaced` accepts another device in its place, if it is none of the others;
        only a reading that will be `kept` may set the terminal's clock, as nothing else remembers that it did. Never
        raises for what a terminal does.
        """
        ...


class Clock(Protocol):
    """Hall time."""

    def now(self) -> Moment: ...
