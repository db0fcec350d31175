"""Ways a terminal's answers go wrong: small functions that compose, the same for TCP and UDP.

What: what a fault is (`step`), how bytes arrive (`arrival`), what a network does to datagrams (`datagrams`),
what frames say (`content`), what happens at the device meanwhile (`meanwhile`), and all of them by name for
scenario files (`named`). What it is not: how a model differs from another is no fault but one of its `Traits`.
"""

from punchsync.emulator.faults.arrival import (
    coalesce,
    cut_after,
    delay,
    dribble,
    drop_mid_transfer,
    garbage,
    pace,
    reboot_mid_transfer,
    split_at,
    stall,
    truncate,
)
from punchsync.emulator.faults.content import (
    busy,
    corrupt_checksum,
    interject,
    lie_count,
    long_chunk,
    short_chunk,
    wrong_reply,
    wrong_session,
)
from punchsync.emulator.faults.datagrams import duplicate, late, lose, reorder
from punchsync.emulator.faults.meanwhile import clear_before, clock_before, punch_before
from punchsync.emulator.faults.step import Cut, Fault, Pause, Reboot, Step, chain, clean, only

__all__ = [
    "Cut",
    "Fault",
    "Pause",
    "Reboot",
    "Step",
    "busy",
    "chain",
    "clean",
    "clear_before",
    "clock_before",
    "coalesce",
    "corrupt_checksum",
    "cut_after",
    "delay",
    "dribble",
    "drop_mid_transfer",
    "duplicate",
    "garbage",
    "interject",
    "late",
    "lie_count",
    "long_chunk",
    "lose",
    "only",
    "pace",
    "punch_before",
    "reboot_mid_transfer",
    "reorder",
    "short_chunk",
    "split_at",
    "stall",
    "truncate",
    "wrong_reply",
    "wrong_session",
]
