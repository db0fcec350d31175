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

_DASH: Final = r"[\s\-_.:\u00ad\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d]"
_PRINTED: Final = re.compile(rf"(.*?\S)\s+([0-9]{{1,18}})\s+([0-9a-f](?:[0-9a-f]|{_DASH})*)\u3002*", re.IGNORECASE)
"""An anchor, perhaps as it was printed: after a label that ends in a colon, and with a full stop at the end."""


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
    """An anchor as typed or pasted; a label, spaces, dashes, width and case do not matter. Raises NoAnchor."""
    found = _PRINTED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise NoAnchor("form")
    before, height, rest = found.groups()
    hex_ = re.sub(_DASH, "", rest).lower()
    if len(hex_) > len(GENESIS):
        raise NoAnchor("form")
    mine = re.escape(unicodedata.normalize("NFKC", hall).casefold())
    if not re.search(rf"(?:^|:\s*){mine}$", before.casefold()):
        raise NoAnchor("hall")
    if len(hex_) < LEAST:
        raise NoAnchor("short")
    return Anchor(hall, int(height), hex_)


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
