"""Random sites brought through the command line or straight into a store, and what they must say."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from oracle.files import settings
from oracle.judge import Exports, judge
from oracle.records import Site, as_files
from oracle.validity import COLUMNS
from punchsync.bootstrap import Site as Opened
from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.judge import Verdict
from punchsync.core.moment import parse_moment, show_day
from punchsync.operations.bring_in import BroughtIn
from punchsync.operations.export import export

COMPARED = ("verdicts", "violations", "scores", "outcomes", "ranking", "tallies")

Rows = list[tuple[str, ...]]


def folder(site: Site, path: Path) -> Path:
    """A site's folder with its settings."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "punchsync.toml").write_text(settings(site), encoding="utf-8")
    return path


def table(kind: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows as the CSV file that a clerk would import."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS[kind], "withdrawn"], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def bring(opened: Opened, kind: str, rows: Sequence[Mapping[str, str]]) -> BroughtIn:
    """Import rows of a kind; asserts that nothing is refused."""
    done = bring_records(opened, kind, table(kind, rows), f"{kind}.csv", False)
    assert list(done.problems) == [], [p.show() for p in done.problems]
    return done


def bring_read(opened: Opened, read: Mapping[str, object]) -> BroughtIn:
    """Import one read of a terminal as its USB file."""
    rows = read["rows"]
    assert isinstance(rows, list)
    lines = "".join(f"{user:>9}\t{at}\t1\t0\t0\n" for user, at in rows)
    through = parse_moment(str(read["through"])) if read.get("through") else None
    done = bring_punches(opened, lines.encode(), "1_attlog.dat", str(read["terminal"]), through, "attlog", False)
    assert list(done.problems) == [], [p.show() for p in done.problems]
    return done


def said(opened: Opened) -> dict[str, Rows]:
    """What a settled site exports, in the oracle's columns; the ledger as its standing sums."""
    out = {kind: export(opened.hall, kind).rows for kind in COMPARED}
    out["violations"] = sorted(row[:8] for row in out["violations"])
    out["outcomes"] = sorted((*row[:5], row[7]) for row in out["outcomes"])
    out["coverage"] = [row[:2] for row in export(opened.hall, "coverage").rows]
    out["sums"] = standing(export(opened.hall, "ledger").rows)
    return {kind: sorted(rows) for kind, rows in out.items()}


def standing(ledger: Iterable[Sequence[str]]) -> Rows:
    """The non-zero sums of the ledger's rows by account, category, period and value date."""
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in ledger:
        sums[row[4], row[5], row[6], row[7], row[11]] += Decimal(row[8])
    return sorted((*key, f"{points.normalize():f}") for key, points in sums.items() if points)


def right(site: Site, when: str) -> Exports:
    """What the oracle says of a site whose reads are all files."""
    return judge(as_files(site), when)


def ruling_on(v: Verdict, id: str, effect: str, decided_at: str) -> dict[str, str]:
    """A ruling on all of a verdict's session; what it amends becomes `no_badge`."""
    return {
        "ruling_id": id, "person_id": v.person, "window": "", "session": str(v.session), "date": show_day(v.day),
        "kind": "", "effect": effect, "as_kind": "no_badge" if effect == "amend" else "", "document": "某号",
        "decided_by": "某", "decided_at": decided_at,
    }  # fmt: skip
