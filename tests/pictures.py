"""What a site holds, to be compared with what its twin holds to which nothing happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from punchsync.bootstrap import opened
from punchsync.operations.export import export

EXPORTS = ("punches", "verdicts", "violations", "scores", "tallies", "outcomes")


class Picture(NamedTuple):
    """What a site holds: exports, the ledger's standing sums, and causes booked twice in one revision."""

    exports: dict[str, list[tuple[str, ...]]]
    sums: dict[tuple[str, ...], Decimal]
    twice: list[tuple[str, str]]


def picture(site: Path, *more: str) -> Picture:
    """What a site holds now, in `EXPORTS` and more of them."""
    with opened(site) as open_site:
        tables = {kind: [tuple(row) for row in export(open_site.hall, kind).rows] for kind in (*EXPORTS, *more)}
        ledger = export(open_site.hall, "ledger")
    column = {name: n for n, name in enumerate(ledger.columns)}
    sums: dict[tuple[str, ...], Decimal] = {}
    for row in ledger.rows:
        key = tuple(row[column[c]] for c in ("period", "account_type", "account_id", "category"))
        sums[key] = sums.get(key, Decimal(0)) + Decimal(row[column["points"]])
    seen = Counter((row[column["cause"]], row[column["revision"]]) for row in ledger.rows)
    return Picture(tables, {k: v for k, v in sums.items() if v}, [k for k, n in seen.items() if n > 1])


def unlike(site: Path, right: Picture) -> Iterator[str]:
    """How a site differs from what its twin holds."""
    found = picture(site, *(kind for kind in right.exports if kind not in EXPORTS))
    for kind in right.exports:
        if found.exports[kind] != right.exports[kind]:
            more, less = Counter(found.exports[kind]), Counter(right.exports[kind])
            yield f"{kind}: {(more - less).total()} rows too many, {(less - more).total()} missing"
    if found.sums != right.sums:
        yield f"ledger sums differ in {len(set(found.sums.items()) ^ set(right.sums.items()))} places"
    if found.twice:
        yield f"booked twice: {found.twice[:3]}"
