"""What is known of each terminal: its last good read, what is kept of it, its last failure, and its reads."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from punchsync.core.moment import Moment
from punchsync.core.stored import ReadRow, TerminalState
from punchsync.store.checkpoints import SqlCheckpoints
from punchsync.store.rows import fetch
from punchsync.store.tables import defect, failure, punch, reading


def states(connection: Connection, hall_id: str) -> dict[str, TerminalState]:
    """Every terminal that was ever read or tried, by its id.

    The last good read is the last live one (when counting began); of a terminal never read live, its last file's
    import. Clock offset, serial and count are the last live read's. Records that were erased were read all the same.
    """
    r, p, d, f = reading.c, punch.c, defect.c, failure.c
    failures = {
        terminal: (code, at)
        for terminal, code, at in fetch(connection, select(f.terminal, f.code, f.at).where(f.hall_id == hall_id))
    }
    imported: dict[str, int] = dict(
        fetch(
            connection,
            select(r.terminal, func.max(r.stored_at)).where(r.hall_id == hall_id).group_by(r.terminal),
        )
    )
    newest = (
        select(func.max(r.number).label("number"))
        .where(r.hall_id == hall_id, r.began.is_not(None))
        .group_by(r.terminal)
        .subquery()
    )
    live = {
        terminal: rest
        for terminal, *rest in fetch(
            connection,
            select(r.terminal, r.began, r.clock_offset, r.serial, r.count_after, r.count_before, r.rows)
            .where(r.hall_id == hall_id, r.number == newest.c.number),
        )
    }  # fmt: skip
    broken: dict[str, int] = dict(
        fetch(connection, select(d.terminal, func.count()).where(d.hall_id == hall_id).group_by(d.terminal))
    )
    erased = SqlCheckpoints(connection, hall_id).reach()
    out: dict[str, TerminalState] = {}
    for terminal in sorted({*failures, *imported}):
        kept = select(func.max(p.number)).where(p.hall_id == hall_id, p.terminal == terminal)
        began, offset, serial, after, before, rows = live.get(terminal, (None, None, "", None, None, None))
        code, failed_at = failures.get(terminal, ("", None))
        out[terminal] = TerminalState(
            terminal,
            began if began is not None else imported.get(terminal),
            max(connection.execute(kept).scalar() or 0, erased.seen.get(terminal, 0)),
            offset,
            serial,
            broken.get(terminal, 0),
            next((n for n in (after, before, rows) if n is not None), None),
            code,
            failed_at,
        )
    return out


def listed(connection: Connection, hall_id: str, terminal: str, skip: int, most: int) -> tuple[int, list[ReadRow]]:
    """How many readings there are of a terminal, and some of them, the latest first."""
    r = reading.c
    here = (r.hall_id == hall_id, r.terminal == terminal)
    columns = (
        r.number, r.source, r.name, r.stored_at, r.began, r.through, r.clock_offset, r.serial, r.plan, r.rows, r.new,
        r.held, r.last_at,
    )  # fmt: skip
    count = connection.execute(select(func.count()).select_from(reading).where(*here)).scalar() or 0
    rows = fetch(connection, select(*columns).where(*here).order_by(r.number.desc()).offset(skip).limit(most))
    return count, [ReadRow(*row) for row in rows]


def offsets(connection: Connection, hall_id: str, terminal: str, since: Moment) -> list[tuple[Moment, int]]:
    """When a terminal was read live since a moment, and how far its clock was off then, in order."""
    r = reading.c
    shown = (r.hall_id == hall_id, r.terminal == terminal, r.began >= since, r.clock_offset.is_not(None))
    rows = fetch(connection, select(r.began, r.clock_offset).where(*shown).order_by(r.began, r.number))
    return [(began, offset) for began, offset in rows]
