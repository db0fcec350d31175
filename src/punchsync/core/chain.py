"""A hall's chain: a link for all that is only ever added to, each following from the one before it. Pure.

What is kept of rows is their digest; links stand for one row, for a run of rows, or for any of a set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from punchsync.core.difference import Difference, written
from punchsync.core.ledger import GENESIS
from punchsync.core.moment import Moment

LINKS = "links"
ROWS = "rows"
ISSUE = "issued"
LEDGER = "ledger"
ISSUED = ("outcome", "rank")
"""Tables whose rows stay as issued once the last month of their period is closed."""


class Head(NamedTuple):
    """A height of a hall's chain and the hash there; (0, GENESIS) before its first link."""

    height: int
    hash: str


class Link(NamedTuple):
    """One link: its height, which of the hall's chains it belongs to, its number there, and what it stands for."""

    height: int
    chain: str
    number: int
    digest: str
    hash: str
    at: Moment


class Kept(NamedTuple):
    """What stands in a table for one link: the digest of it as it is now, and where (table and key).

    Without a number it names nothing that a link could be of.
    """

    chain: str
    number: int | None
    digest: str
    place: str
    at: Moment


def bulletins(kind: str, year: str) -> str:
    """The chain of a year's bulletins of a kind."""
    return f"bulletin/{kind}/{year}"


def issued_chain(table: str, period: str) -> str:
    """The chain of what was issued of a period in a table, link by link as its last month was closed."""
    return f"{table}/{period}"


def follow(previous: str, chain: str, number: int, digest: str, at: Moment) -> str:
    """The hash of a link after the one before it (`GENESIS` before a hall's first)."""
    return hashlib.sha256(f"{previous}\n{chain}\n{number}\n{digest}\n{at}".encode()).hexdigest()


def place_of(link: Link) -> str:
    """What a link stands for, by its table and key."""
    if link.chain == LEDGER:
        return f"ledger_entry E{link.number:08d}"
    return f"{link.chain.replace('/', ' ')} {link.number}"


def broken(links: Iterable[Link]) -> Iterator[Difference]:
    """The first link that is missing, or does not follow from the one before it."""
    previous = GENESIS
    for height, link in enumerate(links, 1):
        if link.height != height:
            yield Difference(LINKS, f"link {height}", "", f"height={height}")
            return
        right = follow(previous, link.chain, link.number, link.digest, link.at)
        if link.hash != right:
            yield Difference(LINKS, f"link {height} ({place_of(link)})", link.hash, right)
            return
        previous = link.hash


def unlike(links: Iterable[Link], kept: Iterable[Kept]) -> Iterator[Difference]:
    """The first of a chain's links, by number, that rows are not as it says; the first row that no link stands for."""
    rest = iter(links)
    link = next(rest, None)
    lost = False
    for k in kept:
        if link is None or k.number is None or k.number < link.number:
            if not lost:
                yield Difference(ROWS, k.place, k.digest, "")
            lost = True
            continue
        if link.number < k.number:
            break
        if link.digest != k.digest:
            yield Difference(ROWS, k.place, k.digest, link.digest)
            return
        link = next(rest, None)
    if link is not None:
        yield Difference(ROWS, place_of(link), "", link.digest)


def unlike_runs(links: Iterable[Link], kept: Iterable[Kept]) -> Iterator[Difference]:
    """The same where a link stands for the row of its number and all before it since the last one's.

    The rows of a run were written at its link's time.
    """
    rest = iter(links)
    link = next(rest, None)
    for k in kept:
        if link is None or k.number is None:
            yield Difference(ROWS, k.place, k.digest, "")
            return
        if link.number < k.number:
            break
        if k.at != link.at:
            yield Difference(ROWS, k.place, f"stored_at={written(k.at)}", f"stored_at={written(link.at)}")
            return
        if link.number == k.number:
            if link.digest != k.digest:
                yield Difference(ROWS, k.place, k.digest, link.digest)
                return
            link = next(rest, None)
    if link is not None:
        yield Difference(ROWS, place_of(link), "", link.digest)


def unlike_set(links: Iterable[Link], kept: Iterable[Kept]) -> Iterator[Difference]:
    """The same where rows have no number of their own: each is some link's, and each link some row's."""
    linked = {link.digest: link for link in links}
    rows = {k.digest: k for k in kept}
    lost = next((link for digest, link in linked.items() if digest not in rows), None)
    odd = next((k for digest, k in rows.items() if digest not in linked), None)
    if odd is not None:
        yield Difference(ROWS, odd.place, odd.digest, lost.digest if lost else "")
    elif lost is not None:
        yield Difference(ROWS, place_of(lost), "", lost.digest)


def unlike_issued(
    links: Iterable[Link], kept: Iterable[Kept], closings: Mapping[int, AbstractSet[str]]
) -> Iterator[Difference]:
    """Where what was issued, and is still, is not as its link of the closing that issued it says.

    `links` are those of such chains, `closings` the chains that there must be links of, by the closing's number. Of
    closings that were undone since, links only may not be of any other chain.
    """
    first: dict[tuple[str, int], Link] = {}
    for link in links:
        if link.chain not in closings.get(link.number, ()) or (link.chain, link.number) in first:
            yield Difference(ISSUE, place_of(link), "", link.digest)
            return
        first[link.chain, link.number] = link
    for k in kept:
        made = first.get((k.chain, k.number or 0))
        if made is None or made.digest != k.digest:
            yield Difference(ISSUE, k.place, k.digest, made.digest if made else "")
