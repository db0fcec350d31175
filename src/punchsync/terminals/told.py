"""What stored records say by themselves: user, time, verify and state of each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from punchsync.core.raw import Told
from punchsync.core.reading import SLOTTED
from punchsync.terminals.layout import PREFIX, SHAPES, codes, size_of, times, users
from punchsync.terminals.packed import moment_of
from punchsync.terminals.users import Texts

_BY_SIZE = {40: "40", 16: "16"}
"""What records are whose layout was not noted; of 8 bytes there are two kinds."""


def told(layout: str, raws: Sequence[bytes]) -> list[Told | None] | None:
    """What each of these records says, nothing where it can't be a record of the layout; None for no layout we know.

    A record of 8 bytes names a slot: whose it was is not in it.
    """
    layout = layout or _by_size(raws[0])
    if layout not in SHAPES:
        return None
    size = size_of(layout)
    whole = [raw for raw in raws if isinstance(raw, bytes) and len(raw) == size]
    found = iter(_told(layout, b"".join(whole)))
    if len(whole) == len(raws):
        return list(found)
    return [next(found) if isinstance(raw, bytes) and len(raw) == size else None for raw in raws]


def _told(layout: str, body: bytes) -> list[Told | None]:
    texts, out = Texts(), []
    columns = zip(users(body, layout), times(body, layout), *codes(body, layout), strict=True)
    moments: dict[int, int | None] = {}
    for user, packed, verify, state in columns:
        if packed not in moments:
            moments[packed] = moment_of(packed)
        at = moments[packed]
        told = None if layout in SLOTTED else texts[user]
        out.append(None if at is None else Told(told, at, str(verify), str(state)))
    return out


def _by_size(raw: bytes) -> str:
    if len(raw) == size_of("49"):
        return "49p" if raw.startswith(PREFIX) else "49"
    return _BY_SIZE.get(len(raw), "")
