"""Tables with a last row that sums up their counts."""

from __future__ import annotations

from collections.abc import Sequence

from punchsync.publish.document import Column, Table
from punchsync.texts import _


def summed(columns: Sequence[Column], rows: Sequence[tuple[str, ...]], caption: str = "") -> Table:
    """A table of rows, with a row of sums where there are several."""
    if len(rows) < 2:
        return Table(tuple(columns), tuple(rows), caption)
    last = tuple(
        str(sum(int(row[n]) for row in rows if row[n])) if c.kind == "count" else _("合计") if n == 0 else ""
        for n, c in enumerate(columns)
    )
    return Table(tuple(columns), (*rows, last), caption, total=True)
