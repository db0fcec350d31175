"""Reading terminals over the network: from a socket's bytes to a `Reading`, or to the reason why there is none.

What: a terminal is dialled (`link`, `tcp`, `udp`), its frames are cut and verified (`frames`, `pieces`), a session asks
what is permitted (`asks`, `zk`, `session`, `answers`), one connection brings the log, or its new end (`plan`, `fetch`),
and the bytes are decoded (`layout`, `users`, `decode`) and judged against what was known (`growth`, `reading`); `visit`
and `network` put them together, try again where that may help, and are what the rest of the house calls. Why: public
clients of this protocol lose rows silently, spin, or never end; here every read ends within its deadline, either with
exactly the terminal's bytes or with a failure that has a name. What it is not: it stores nothing, pairs no person with
a user id, and changes nothing at a terminal but its clock, where the hall wants that: it never disables one, never
clears a log, never asks for templates.
"""

from punchsync.core.reading import Memory
from punchsync.terminals.network import PAUSES, NetworkReader
from punchsync.terminals.visit import Address

__all__ = ["PAUSES", "Address", "Memory", "NetworkReader"]
