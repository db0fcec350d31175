"""Files and single rows into a hall's store: read by `intake`, taken in by `operations`, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from punchsync.core.moment import Moment
from punchsync.core.reading import Reading
from punchsync.intake.attlog import parse_attlog
from punchsync.intake.cross import cross
from punchsync.intake.parse import Context, Parsed, parse, parse_row
from punchsync.intake.punches import parse_punches_csv
from punchsync.intake.touched import touched
from punchsync.operations import bring_in
from punchsync.operations.bring_in import BroughtIn, people
from punchsync.operations.hall import Hall

if TYPE_CHECKING:
    from punchsync.bootstrap.site import Site


def bring_records(site: Site, kind: str, data: bytes, name: str, dry_run: bool = False) -> BroughtIn:
    """A CSV or XLSX file of one kind; raises ReachesBack."""
    return bring(site.hall, kind, parse(kind, data, name, context_of(site.hall)), name, dry_run)


def bring_row(site: Site, kind: str, cells: Mapping[str, str], dry_run: bool = False) -> BroughtIn:
    """One record as typed, its cells by the English names of its columns; raises ReachesBack.

    Problems name their columns by those names (`Problem.column`); the file's name of a problem is empty.
    """
    return bring(site.hall, kind, parse_row(kind, cells, context_of(site.hall)), "", dry_run)


def bring(hall: Hall, kind: str, parsed: Parsed, name: str, dry_run: bool) -> BroughtIn:
    """Rows that were read, if all of them could be; raises ReachesBack."""
    if parsed.problems:
        return BroughtIn(len(parsed.rows), 0, parsed.problems)

    def crossing(kind: str, merged: Any) -> Sequence[Any]:
        return cross(kind, merged, name=name, places=parsed.places)

    return bring_in.bring_in(hall, kind, parsed.rows, crossing, touched, dry_run=dry_run)


def bring_punches(
    site: Site,
    data: bytes,
    name: str,
    terminal: str | None,
    through: Moment | None,
    form: str = "attlog",
    dry_run: bool = False,
) -> BroughtIn:
    """A terminal's USB file (`attlog`, which must name its terminal), or a CSV of punches (`csv`)."""
    if form == "csv":
        found = [*parse_punches_csv(data, name, terminal, through, frozenset(t.id for t in site.hall.terminals))]
    else:
        one = parse_attlog(data, name, terminal or "", through)
        found = [*one] if isinstance(one, list) else [one]
    readings = [r for r in found if isinstance(r, Reading)]
    if len(readings) != len(found):
        return BroughtIn(0, 0, found)
    return bring_in.bring_punches(site.hall, readings, dry_run=dry_run)


def context_of(hall: Hall) -> Context:
    """What a hall's files may refer to."""
    return Context(
        frozenset(s.id for s in hall.pack.shifts), frozenset(people(hall)), frozenset(t.id for t in hall.terminals)
    )
