"""Punches and defects taken out for good, with the copies of them elsewhere, and what remains of their readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from punchsync.core.checkpoint import Cut
from punchsync.core.ledger import GENESIS
from punchsync.core.moment import Day, start_of
from punchsync.store.chain import READING_CHAIN, digest_of_reading, whole
from punchsync.store.rows import Tuple, chunks, fetch, insert
from punchsync.store.tables import defect, device_user, link, memory, punch, quarantine, reading, verdict

Remains = dict[tuple[str, int], str]
"""Digests of what remains of links, by chain and number; empty where nothing does."""

NEWEST: Final = 256
"""More records than a memory's tail has."""
EVERY: Final = 2**62
"""More than any reading's number."""

_P, _D, _V, _L = punch.c, defect.c, verdict.c, link.c


class Early(NamedTuple):
    """What of a terminal goes: conditions on its punches and on its defects, and the numbers of punches that stay."""

    terminal: str
    punches: ColumnElement[bool]
    defects: ColumnElement[bool]
    spared: frozenset[int]


def early(connection: Connection, hall: str, cut: Cut) -> list[Early]:
    """What goes of every terminal.

    Defects go when their time is over; those that are of no time as soon as what brought them is as old. Of what was
    read when a terminal had been read once since, nothing goes yet: it was made later than it says, or found late, and
    `verify` can tell that nobody took it out by hand.
    """
    day = cut.days["punches"]
    before, bounds, r = start_of(day), read_after(connection, hall, day), reading.c
    old = select(r.number).where(r.hall_id == hall, r.stored_at < before)
    out: list[Early] = []
    terminals = select(r.terminal).where(r.hall_id == hall).distinct().order_by(r.terminal)
    for (terminal,) in fetch(connection, terminals):
        last = bounds.get(terminal, EVERY)
        mine = and_(_P.hall_id == hall, _P.terminal == terminal, _P.at < before, _P.reading <= last)
        past = or_(_D.last_at < before, and_(_D.last_at.is_(None), _D.reading.in_(old)))
        odd = and_(_D.hall_id == hall, _D.terminal == terminal, past, _D.reading <= last)
        out.append(Early(terminal, mine, odd, frozenset(cut.spared.get(terminal, ()))))
    return out


def count_punches(connection: Connection, hall: str, cut: Cut) -> dict[str, int]:
    """How many punches and defects would go."""
    out = {"punches": 0, "defects": 0}
    for one in early(connection, hall, cut):
        out["punches"] += len(_going(connection, one)) if one.spared else _count(connection, one.punches)
        out["defects"] += _count(connection, one.defects)
    return out


def read_after(connection: Connection, hall: str, day: Day) -> dict[str, int]:
    """The number of the first live reading of every terminal that was begun after a day."""
    r = reading.c
    rows = select(r.terminal, func.min(r.number)).where(r.hall_id == hall, r.began >= start_of(day + 1))
    return dict(fetch(connection, rows.group_by(r.terminal)))


def highest(connection: Connection, hall: str, seen: Mapping[str, int]) -> dict[str, int]:
    """The highest number that a punch of every terminal has or, by `seen`, had."""
    rows = select(_P.terminal, func.max(_P.number)).where(_P.hall_id == hall).group_by(_P.terminal)
    return {terminal: max(number, seen.get(terminal, 0)) for terminal, number in fetch(connection, rows)}


def erase_punches(connection: Connection, hall: str, cut: Cut) -> Remains:
    """Erase punches and defects, and what was copied out of them elsewhere."""
    out: Remains = {}
    for one in early(connection, hall, cut):
        found = fetch(connection, select(_P.reading).where(one.punches).distinct())
        found += fetch(connection, select(_D.reading).where(one.defects).distinct())
        _forget_tail(connection, hall, one)
        if one.spared:
            for some in chunks(_going(connection, one)):
                connection.execute(punch.delete().where(one.punches, _P.number.in_(some)))
        else:
            connection.execute(punch.delete().where(one.punches))
        connection.execute(defect.delete().where(one.defects))
        for number, digest in _readings(connection, hall, one.terminal, {n for (n,) in found}):
            out[READING_CHAIN + one.terminal, number] = digest
    _forget_users(connection, hall)
    last = cut.days["punches"]
    connection.execute(quarantine.delete().where(quarantine.c.hall_id == hall, quarantine.c.at < start_of(last + 1)))
    # A verdict has a copy of the punch that it was matched with.
    sealed = and_(_V.hall_id == hall, _V.day <= last, or_(_V.punch.is_not(None), _V.terminal != ""))
    connection.execute(verdict.update().where(sealed).values(punch=None, terminal=""))
    return out


def _going(connection: Connection, one: Early) -> list[int]:
    return sorted({n for (n,) in fetch(connection, select(_P.number).where(one.punches))} - one.spared)


def _count(connection: Connection, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(where)).scalar() or 0


def _readings(connection: Connection, hall: str, terminal: str, numbers: set[int]) -> Iterator[tuple[int, str]]:
    """What remains of these readings: each follows from the link before it, be that whole or not."""
    r = reading.c
    linked = select(_L.number, _L.digest).where(_L.hall_id == hall, _L.chain == READING_CHAIN + terminal)
    before: dict[int, str] = {}
    previous = GENESIS
    for number, digest in fetch(connection, linked.order_by(_L.number)):
        before[number], previous = previous, digest
    mine = and_(_P.hall_id == hall, _P.terminal == terminal)
    left: dict[int, list[Tuple]] = defaultdict(list)
    odd: dict[int, list[Tuple]] = defaultdict(list)
    columns = (_P.number, _P.device_user_id, _P.at, _P.ordinal, _P.verify, _P.state, _P.raw, _P.position, _P.reading)
    rows: dict[int, Tuple] = {}
    for some in chunks(sorted(numbers)):
        for row in fetch(connection, select(*columns).where(mine, _P.reading.in_(some)).order_by(_P.number)):
            left[row[8]].append(row[:8])
        here = whole(hall, "defect").where(_D.terminal == terminal, _D.reading.in_(some)).order_by(_D.number)
        for row in fetch(connection, here):
            odd[row[6]].append(row)
        rows |= {row[1]: row for row in fetch(connection, whole(hall, "reading").where(r.number.in_(some)))}
    for number in sorted(numbers):
        kept = list(zip(*left[number], strict=True))
        yield number, digest_of_reading(before[number], rows[number], kept, odd[number])


def _forget_tail(connection: Connection, hall: str, one: Early) -> None:
    """Take the last records of a log out of its memory where some of them go: the next read is then a full one."""
    here = and_(memory.c.hall_id == hall, memory.c.terminal == one.terminal)
    for (tail,) in fetch(connection, select(memory.c.tail).where(here)):
        newest = select(_P.raw).where(one.punches).order_by(_P.at.desc()).limit(NEWEST)
        worst = select(_D.raw).where(one.defects).order_by(_D.number.desc()).limit(NEWEST)
        raws = (bytes(raw) for (raw,) in (*fetch(connection, newest), *fetch(connection, worst)))
        if any(raw in bytes(tail) for raw in raws):
            connection.execute(memory.update().where(here).values(tail=b""))


def _forget_users(connection: Connection, hall: str) -> None:
    """Take out the ids that no punch has any more."""
    left = fetch(connection, select(_P.terminal, _P.device_user_id).where(_P.hall_id == hall).distinct())
    connection.execute(device_user.delete().where(device_user.c.hall_id == hall))
    insert(connection, device_user, [(hall, terminal, user) for terminal, user in sorted(left)])
