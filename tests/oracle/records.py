"""Literal judge for tests: the rows of one hall as the import files hold them, and how their times are
read.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

Row = dict[str, str]
Interval = tuple[datetime, datetime]
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
FAR = datetime(9000, 1, 1)

KEYS: dict[str, tuple[str, ...]] = {
    "staff": ("person_id", "from"),
    "device": ("terminal_id", "device_user_id", "from"),
    "roster": ("roster_id",),
    "leave": ("leave_id",),
    "outing": ("outing_id",),
    "standin": ("standin_id",),
    "incident": ("incident_id",),
    "outage": ("terminal_id", "start", "kind"),
    "paper": ("person_id", "at"),
    "ruling": ("ruling_id",),
    "calendar": ("date",),
    "scores": ("period", "subject_type", "subject_id", "category"),
}


@dataclass
class Site:
    """Plain rows per import kind, the terminals of the settings, the punch files and live reads.

    terminals: {"id", "windows": list | None, "from": iso | None, "to": iso | None}.
    reads: {"terminal", "rows": [(device_user_id, "YYYY-MM-DD HH:MM:SS")], "through", "live_reach"}.
    first_registered: leave_id -> `registered_at` of the version imported first, where a later one replaced it.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    terminals: list[dict[str, Any]] = field(default_factory=list)
    reads: list[dict[str, Any]] = field(default_factory=list)
    interpretations: dict[str, str] = field(default_factory=dict)
    pack: str = "yihuang"
    answers: dict[str, str] = field(default_factory=dict)  # what the pack's source leaves open
    first_registered: dict[str, str] = field(default_factory=dict)
    as_of: str = ""  # the moment it was made for; `judge` takes its own

    def rows(self, kind: str) -> list[Row]:
        """What stands of a kind: of one key the last row, and nothing withdrawn."""
        last: dict[tuple[str, ...], Row] = {}
        for row in self.tables.get(kind, []):
            last[tuple(row.get(column, "") for column in KEYS[kind])] = row
        return [row for row in last.values() if not row.get("withdrawn")]


def merged(site: Site, wave: Site) -> Site:
    """The site after a second wave of records and reads; a known key is replaced."""
    out = copy.deepcopy(site)
    for row in site.tables.get("leave", []):
        out.first_registered.setdefault(row["leave_id"], row["registered_at"])
    for kind, rows in copy.deepcopy(wave.tables).items():
        fresh = {tuple(row.get(column, "") for column in KEYS[kind]) for row in rows}
        old = [row for row in out.tables.get(kind, []) if tuple(row.get(c, "") for c in KEYS[kind]) not in fresh]
        out.tables[kind] = old + rows
    out.reads += copy.deepcopy(wave.reads)
    out.as_of = wave.as_of or site.as_of
    return out


def as_files(site: Site) -> Site:
    """The same site with live reads as files read through the same moment (an empty live read says
    nothing).
    """
    out = copy.deepcopy(site)
    out.reads = []
    for read in copy.deepcopy(site.reads):
        if read.get("live_reach"):
            if not read["rows"]:
                continue
            read["through"], read["live_reach"] = read["live_reach"], None
        out.reads.append(read)
    return out


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def clock(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def text_of(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def in_dates(row: dict[str, Any], day: date) -> bool:
    """`from` and `to` of a posting, a device row, a terminal's life: both included, empty is open."""
    if row.get("from") and day < day_of(row["from"]):
        return False
    return not (row.get("to") and day > day_of(row["to"]))


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def overlap(a: Interval, b: Interval) -> Interval | None:
    """What two half-open intervals share."""
    start, end = max(a[0], b[0]), min(a[1], b[1])
    return (start, end) if start < end else None


def minus(whole: Interval, holes: list[Interval]) -> list[Interval]:
    """A half-open interval less others, the pieces in order."""
    pieces = [whole]
    for hole in holes:
        rest: list[Interval] = []
        for piece in pieces:
            shared = overlap(piece, hole)
            if shared is None:
                rest.append(piece)
                continue
            if piece[0] < shared[0]:
                rest.append((piece[0], shared[0]))
            if shared[1] < piece[1]:
                rest.append((shared[1], piece[1]))
        pieces = rest
    return sorted(pieces)


def covered_seconds(whole: Interval, parts: list[Interval]) -> float:
    """How many seconds of an interval a union of others holds."""
    left = sum((piece[1] - piece[0]).total_seconds() for piece in minus(whole, parts))
    return (whole[1] - whole[0]).total_seconds() - left
