"""Records that only the desk writes: what somebody asks for, and who signed a leave.

They are kept as imported records are: every version stays, a link of the chain each, and they go with the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from punchsync.operations.hall import Hall
from punchsync.operations.ports import Body, Work

REQUEST: Final = "request"
"""A request to make up a punch: request_id, person_id, at, reason, filed_by, filed_at, state (open, granted, refused,
withdrawn), decided_by, decided_at, note."""
SIGN: Final = "sign"
"""A sign-off of a leave: key `leave_id TAB sign_off`; leave_id, person_id, sign_off, given (yes, no), by, at, note.

Also who did another step with it (register, correct, return, extend, withdraw), with `given` empty.
"""
LOOKED: Final = "looked"
"""That somebody looked at a suspicion: suspicion_id, kind, terminal_id, person_id, other_id, through, by, at, note."""

KINDS: Final = (REQUEST, SIGN, LOOKED)


def put(hall: Hall, work: Work, kind: str, key: str, body: Mapping[str, str]) -> None:
    """A new version of a record, in this transaction."""
    work.records.put(kind, [(key, body)], hall.clock.now())


def all_of(work: Work, kind: str) -> dict[str, Body]:
    """The latest version of every record of a kind, by key."""
    return {**work.records.all(kind)}
