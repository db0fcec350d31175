"""Files for the intake's tests: written from rows, in either language, and the demo hall's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from punchsync.intake.kinds import KINDS
from punchsync.intake.parse import Context, Parsed, parse

DEMO = Path(__file__).parents[2] / "fixtures" / "halls" / "demo"
CONTEXT = Context(
    shift_ids=frozenset({"winter", "summer"}),
    people=frozenset({"001", "002", "003", "004", "005"}),
    terminals=frozenset({"T1", "T2", "T3"}),
)


def write(kind: str, rows: Sequence[Mapping[str, str]], *, chinese: bool = False, columns: Sequence[str] = ()) -> bytes:
    """A CSV file of a kind; columns that no row has are left out, unless all are named."""
    wanted = [c for c in KINDS[kind].columns if c.name in columns or c.needed() or any(c.name in r for r in rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([c.chinese[0] if chinese else c.name for c in wanted])
    writer.writerows([[row.get(c.name, "") for c in wanted] for row in rows])
    return out.getvalue().encode()


def read(kind: str, *rows: Mapping[str, str]) -> Parsed:
    """What the intake makes of rows, written to a file in English."""
    return parse(kind, write(kind, rows), f"{kind}.csv", CONTEXT)
