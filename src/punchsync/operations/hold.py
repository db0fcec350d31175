"""After a restore: nothing is booked or delivered until the ledger holds all that the scoring store has.

A backup is older than what was delivered since. Were the ledger to go on from it, its next entries would get ids that
are out already: one entry would be lost at the scoring store, and another charged twice.
"""

from __future__ import annotations

from typing import Final

from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work

RESTORED: Final = "restored"
"""Among the troubles of jobs: a restore that was not reconciled yet."""


class Unreconciled(Exception):
    """What would book or deliver before a restored ledger was compared with the scoring store."""


def hold(hall: Hall) -> None:
    """Book and deliver nothing from now on, until `release`; where nothing is delivered anywhere there is no need."""
    now = hall.clock.now()
    if hall.scored:
        with hall.store.writing() as work:
            work.runs.failed(RESTORED, now, now, Unreconciled.__name__, "")


def held(hall: Hall, work: Work) -> bool:
    """Whether the ledger waits to be compared with the scoring store."""
    return hall.scored and RESTORED in work.runs.troubles()


def not_held(hall: Hall, work: Work) -> None:
    """Raise Unreconciled where it does."""
    if held(hall, work):
        raise Unreconciled


def release(work: Work) -> None:
    """Go on."""
    work.runs.eased([RESTORED])
