"""An emulated ZKTeco terminal, on the wire.

What: a terminal's state (`device`, `traits`), its answers (`session`, `transfer`, `layout`, `wire`), its side
of TCP and UDP (`server`, `serving`, `tcp`, `udp`, `loop`), the ways it can misbehave (`faults`), and a hall of
several terminals played from a file (`scenario`, `stage`). Why: the daemon, its tests, its demonstration and
other people's clients can be run against a device that drops, lies, stalls and forgets, without one at hand.
What it is not: it shares no code with the daemon's own decoder nor with any client library, so that one
mistake can't hide another; it stores no templates, and it listens on loopback unless told otherwise.
"""

from punchsync.emulator.device import Device
from punchsync.emulator.loop import Loop
from punchsync.emulator.scenario import Scenario, ScenarioProblem, load
from punchsync.emulator.server import EmulatedTerminal
from punchsync.emulator.stage import Stage, play
from punchsync.emulator.traits import Record, Traits, User

__all__ = [
    "Device",
    "EmulatedTerminal",
    "Loop",
    "Record",
    "Scenario",
    "ScenarioProblem",
    "Stage",
    "Traits",
    "User",
    "load",
    "play",
]
