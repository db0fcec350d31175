"""Reading terminals over the network: from a socket's bytes to a `Reading`, or to the reason why there is none.

What: a terminal is dialled (`tcp`), its frames are cut and verified (`frames`), a session fetches the whole log and
what is needed to trust it (`zk`, `answers`), the bytes are decoded (`decode`) and judged against what was known
(`reading`); `network` puts them together and is what the rest of the house calls. Why: public clients of this
protocol lose rows silently, spin, or never end; here every read ends within its deadline, either with exactly the
terminal's bytes or with a failure that has a name. What it is not: it stores nothing, pairs no person with a user id,
and changes nothing at a terminal: it never disables one, never clears a log, never asks for users or templates.
"""

from punchsync.terminals.network import Address, NetworkReader
from punchsync.terminals.reading import Known

__all__ = ["Address", "Known", "NetworkReader"]
