"""Rows against their links: what was written down is there, as it was, and nothing else is; punches are their bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from punchsync.core.chain import ROWS, Kept, Link, place_of, unlike, unlike_runs, unlike_set
from punchsync.core.checkpoint import CHAIN, amended
from punchsync.core.difference import Difference
from punchsync.core.raw import Brought, Decoded, misread
from punchsync.operations.ports import Work
from punchsync.operations.verify.issued import is_issued

READING = "reading/"
NOTHING: Final[Mapping[tuple[str, int], str]] = {}


def check(
    work: Work, links: Sequence[Link], decoded: Decoded, remains: Mapping[tuple[str, int], str] = NOTHING
) -> Iterator[Difference]:
    """The first difference of every chain; of a terminal's also the first punch that is not what its bytes say.

    `remains` says what is left of links, by chain and number, some of whose rows were erased.
    """
    chains = by_chain(amended(links, remains))
    yield from unlike(chains.pop(CHAIN, []), work.checkpoints.kept())
    terminals = {c.removeprefix(READING) for c in chains if c.startswith(READING)}
    for terminal in sorted(terminals.union(work.links.terminals())):
        bytes_ = Bytes(decoded)
        kept = bytes_.passing(work.links.readings(terminal))
        yield from unlike(chains.pop(READING + terminal, []), kept)
        for _rest in kept:
            pass  # a link broke, but the bytes of all punches are to be seen
        yield from bytes_.differences
    for chain, stored in work.links.rows():
        yield from unlike(chains.pop(chain, []), stored)
    yield from unlike_set(chains.pop("pack", []), work.links.packs())
    yield from unlike_runs(chains.pop("ledger", []), work.links.entries())
    for left in chains.values():
        if is_issued(left[0].chain):
            continue
        yield Difference(ROWS, place_of(left[0]), "", left[0].digest)


def by_chain(links: Iterable[Link]) -> dict[str, list[Link]]:
    """Links by their chains, in the order of their numbers."""
    out: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        out[link.chain].append(link)
    for rows in out.values():
        rows.sort(key=lambda link: link.number)
    return dict(out)


class Bytes:
    """Looks at the punches of readings on their way, until one is not what its bytes say."""

    def __init__(self, decoded: Decoded) -> None:
        self.differences: list[Difference] = []
        self._decoded = decoded

    def passing(self, readings: Iterable[tuple[Kept, Brought | None]]) -> Iterator[Kept]:
        """What is kept of the readings, each once its punches are looked at."""
        for kept, brought in readings:
            if brought is not None and not self.differences:
                self.differences.extend(misread(brought, self._decoded))
            yield kept
