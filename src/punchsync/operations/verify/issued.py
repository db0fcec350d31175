"""What was issued as months were closed against the links that were made of it then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from punchsync.core.chain import ISSUED, Link, issued_chain, unlike_issued
from punchsync.core.closing import CLOSE, ending_with
from punchsync.core.difference import Difference
from punchsync.operations.ports import Work


def check(work: Work, links: Sequence[Link]) -> Iterator[Difference]:
    """Every period and table that is not as issued; periods of months opened again since are nobody's."""
    chains = {
        c.number: {issued_chain(table, period) for period in ending_with(c.month) for table in ISSUED}
        for c in work.closings.all()
        if c.action == CLOSE
    }
    yield from unlike_issued((link for link in links if is_issued(link.chain)), work.links.issued(), chains)


def is_issued(chain: str) -> bool:
    """Whether a chain is one of what was issued."""
    return chain.partition("/")[0] in ISSUED and "/" in chain
