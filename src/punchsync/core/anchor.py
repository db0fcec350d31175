"""Anchors: a height of a hall's chain with the hash there, short enough to be printed, signed and typed again. Pure.

Whoever can write to the database can rewrite all of a chain; what was printed he can't.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from punchsync.core.chain import Head, Link
from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS

SHOWN: Final = 24
"""Hex digits that are printed: 96 bits."""
LEAST: Final = 16
"""Hex digits that an anchor must have to be checked: 64 bits."""
GROUP: Final = 4

_DASHES: Final = re.compile(r"[\s\-_.:\u00ad\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d]+")


class Anchor(NamedTuple):
    """What somebody holds in his hands: a hall, a height, and the beginning (or all) of the hash there."""

    hall: str
    height: int
    hash: str

    def __str__(self) -> str:
        return f"{self.hall} {self.height} {'-'.join(_groups(self.hash[:SHOWN]))}"


class NoAnchor(ValueError):
    """A text that is no anchor of this hall: `form` (it does not read as one), `short` or `hall`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def anchor(hall: str, head: Head) -> Anchor:
    """The anchor of a hall's chain at some height."""
    return Anchor(hall, head.height, head.hash)


def parse(text: str, hall: str) -> Anchor:
    """An anchor as typed: spaces, dashes, width and case do not matter; raises NoAnchor."""
    words = unicodedata.normalize("NFKC", text).split(maxsplit=2)
    if len(words) < 3 or not re.fullmatch(r"[0-9]{1,18}", words[1]):
        raise NoAnchor("form")
    hex_ = _DASHES.sub("", words[2]).lower()
    if not re.fullmatch(r"[0-9a-f]{1,64}", hex_):
        raise NoAnchor("form")
    if words[0].casefold() != unicodedata.normalize("NFKC", hall).casefold():
        raise NoAnchor("hall")
    if len(hex_) < LEAST:
        raise NoAnchor("short")
    return Anchor(hall, int(words[1]), hex_)


def head_of(links: Sequence[Link]) -> Head:
    """Where a chain ends."""
    return Head(links[-1].height, links[-1].hash) if links else Head(0, GENESIS)


def unheld(anchors: Iterable[Anchor], links: Sequence[Link]) -> Iterator[Difference]:
    """The anchors that a chain does not hold: it is shorter, or has another hash at that height."""
    hashes = {0: GENESIS} | {link.height: link.hash for link in links}
    for one in anchors:
        there = hashes.get(one.height)
        if there is None:
            head = head_of(links)
            yield Difference("anchor", f"link {one.height}", f"height={head.height}", str(one))
        elif not there.startswith(one.hash):
            yield Difference("anchor", f"link {one.height}", str(one._replace(hash=there)), str(one))


def _groups(text: str) -> Iterator[str]:
    rest = iter(text)
    while group := "".join(islice(rest, GROUP)):
        yield group
