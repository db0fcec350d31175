"""A terminal's log without anybody in it: user ids of the same look, the same one for the same person. Pure.

What a log's bytes are otherwise stays as it is, so that what a terminal does wrong can be shown to others.
"""

from __future__ import annotations

from random import Random
from struct import Struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIELD: Final = {"16": (0, 4), "40": (2, 24), "40p": (2, 24), "49": (2, 24), "49p": (11, 24)}
"""Where a record holds its user id: offset and bytes. Records of 8 bytes hold a slot's number only."""
_NUMBER: Final = Struct("<I")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Pseudonyms:
    """Other ids for ids: as long, with as many leading zeros, figures for figures; no two the same."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: dict[str, str] = {"": ""}
        self._taken: set[str] = set()

    def of(self, id: str) -> str:
        """The id that stands for one."""
        found = self._given.get(id)
        if found is None:
            found = self._new(id)
            self._given[id] = found
            self._taken.add(found)
        return found

    def _new(self, id: str) -> str:
        zeros = len(id) - len(id.lstrip("0"))
        for _ in range(200):
            tail = "".join(self._like(c, first=n == 0) for n, c in enumerate(id[zeros:]))
            if id[:zeros] + tail not in self._taken:
                return id[:zeros] + tail
        # A room of few ids, all of them taken: one more figure keeps people apart.
        return self._new("1" + id)

    def _like(self, character: str, *, first: bool) -> str:
        if character.isdecimal():
            return str(self._chance.randint(1 if first else 0, 9))
        # What makes an id unreadable makes the other one so.
        return self._chance.choice(_LETTERS) if character.isprintable() else character


def redacted(raw: bytes, layout: str, names: Pseudonyms) -> bytes:
    """A record with another user id; KeyError for a layout that is not known."""
    if layout in ("8", "8b"):
        return raw
    offset, size = _FIELD[layout]
    field = raw[offset : offset + size]
    if layout == "16":
        number = _NUMBER.unpack(field)[0]
        other = _NUMBER.pack(int(names.of(str(number))) & 0xFFFFFFFF) if number else field
    else:
        text, end, rest = field.partition(b"\0")
        try:
            id = text.decode()
            # Blanks around an id are no part of it.
            name = id.replace(id.strip(), names.of(id.strip())).encode() if id.strip() else text
        except UnicodeDecodeError:
            name = bytes(unreadable(text))
        # What lies behind the end is left of an earlier id; nobody reads it.
        other = (name + end + bytes(len(rest))).ljust(size, b"\0")[:size]
    return raw[:offset] + other + raw[offset + size :]


def unreadable(text: bytes) -> Iterable[int]:
    """Bytes that are as unreadable as those of an id that is no text."""
    return (0xFF if byte > 0x7F else 0x3F for byte in text)
