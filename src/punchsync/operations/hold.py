"""After a restore: nothing is booked or delivered until the ledger holds all that the scoring store has.

A backup is older than what was delivered since. Were the ledger to go on from it, its next entries would get ids that
are out already: one entry would be lost at the scoring store, and another charged twice. The store says so itself, from
before it is put in its place.
"""

from __future__ import annotations

from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work


class Unreconciled(Exception):
    """What would book or deliver before a restored ledger was compared with the scoring store."""


def held(hall: Hall, work: Work) -> bool:
    """Whether the ledger waits to be compared; one that is delivered nowhere has nothing to be compared with."""
    return hall.scored and work.runs.held()


def not_held(hall: Hall, work: Work) -> None:
    """Raise Unreconciled where it does."""
    if held(hall, work):
        raise Unreconciled
