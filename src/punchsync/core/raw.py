"""Punches against the bytes that they were read from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from punchsync.core.difference import Difference, fields, written
from punchsync.core.moment import Moment

RAW = "raw"


class Told(NamedTuple):
    """What the bytes of a record say by themselves; nothing of the user where they name a slot."""

    device_user_id: str | None
    at: Moment
    verify: str
    state: str


class Brought(NamedTuple):
    """The punches that a reading brought, as columns in the order of their numbers."""

    terminal: str
    source: str
    layout: str
    numbers: Sequence[int] = ()
    users: Sequence[str] = ()
    moments: Sequence[Moment] = ()
    verifies: Sequence[str] = ()
    states: Sequence[str] = ()
    raws: Sequence[bytes] = ()


Decoded = Callable[[str, str, Sequence[bytes]], Sequence[Told | None] | None]
"""Of a reading's source, layout and records: what each record says (None: nothing); None where nobody can tell."""


class _Shown(NamedTuple):
    device_user_id: str
    at: str
    verify: str
    state: str


def misread(brought: Brought, decoded: Decoded) -> Iterator[Difference]:
    """The first punch of a reading that does not follow from its bytes."""
    told = decoded(brought.source, brought.layout, brought.raws) if brought.raws else None
    if told is None:
        return
    columns = zip(brought.users, brought.moments, brought.verifies, brought.states, strict=True)
    for n, (row, says) in enumerate(zip(columns, told, strict=True)):
        if row == says or (says is not None and says.device_user_id is None and row[1:] == says[1:]):
            continue
        place = f"punch {brought.terminal} {brought.numbers[n]}"
        found = _shown(row)
        if says is None:
            yield Difference(RAW, place, fields(found, found), "")
        else:
            right = _shown((row[0] if says.device_user_id is None else says.device_user_id, *says[1:]))
            yield Difference(RAW, place, fields(found, right), fields(right, found))
        return


def _shown(row: tuple[str, Moment, str, str]) -> _Shown:
    user, at, verify, state = row
    return _Shown(user, written(at), verify, state)
