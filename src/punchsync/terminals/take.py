"""What one read of a terminal brought, as it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from punchsync.core.moment import Moment

CLOCKS: Final = 2
"""How often the clock is looked at where it is not set."""


class ClockSample(NamedTuple):
    """A terminal's clock (None: it showed no time) between two looks at ours; `seconds` is how long that took."""

    shown: Moment | None
    asked: Moment
    answered: Moment
    seconds: float


@dataclass(frozen=True, slots=True)
class Take:
    """What one read brought, as it came.

    `plan` is what was really done: a terminal that hands its whole log over at once gives `full`. `blob` is, of
    `full`, the whole log from its u32 total on; of `tail` the log's bytes from offset `start` on, counted from its
    total; of `range` the whole answer from its own u32 total on. `total` is what that u32 said. `users` is the blob of
    the user list, asked only where rows are 8 bytes.
    """

    plan: str
    blob: bytes
    start: int
    total: int
    began: Moment
    before: int
    after: int
    capacity: int | None
    samples: tuple[ClockSample, ...]
    serial: str
    bytes_moved: int
    users: bytes | None
    user_count: int
    source: str


@dataclass(frozen=True, slots=True)
class Again:
    """A take that a full read must follow: why, and the plan that this terminal does not honour, if that is it."""

    reason: str
    refused: str = ""
