"""Literal judge for tests: the contract's validity rules for import rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import combinations

from .halls import ANSWERS, HALLS
from .hours import Case
from .reading import claims
from .records import DAY, KEYS, Row, Site, day_of, midnight, moment

COLUMNS: dict[str, tuple[str, ...]] = {
    "staff": ("person_id", "name", "unit", "window", "post", "device_user_id", "backup_for", "from", "to"),
    "device": ("terminal_id", "device_user_id", "person_id", "from", "to"),
    "roster": ("roster_id", "entered_at", "person_id", "window", "from", "to", "shift", "days"),
    "leave": (
        "leave_id",
        "person_id",
        "kind",
        "start",
        "end",
        "daily_from",
        "daily_to",
        "registered_at",
        "certificate",
        "approvals",
        "returned_at",
    ),
    "outing": ("outing_id", "person_id", "start", "end", "registered_at", "reason"),
    "standin": ("standin_id", "absent_person_id", "standin_person_id", "start", "end", "filed_at"),
    "incident": (
        "incident_id",
        "person_id",
        "window",
        "kind",
        "at",
        "noted_by",
        "place",
        "evidence",
        "warned",
    ),
    "outage": ("terminal_id", "start", "end", "kind"),
    "paper": ("person_id", "at", "sheet", "approved_by"),
    "ruling": (
        "ruling_id",
        "person_id",
        "window",
        "date",
        "session",
        "kind",
        "effect",
        "as_kind",
        "document",
        "decided_by",
        "decided_at",
    ),
    "calendar": ("date", "kind", "note"),
    "scores": ("period", "subject_type", "subject_id", "category", "points", "note"),
}
MOMENTS = ("at", "registered_at", "filed_at", "returned_at", "decided_at", "entered_at")


def roughly(text: str, is_end: bool) -> datetime:
    """A bound as it can be read without a timetable."""
    day = midnight(day_of(text[:10]))
    if text.endswith(" am"):
        return day + (DAY / 2 if is_end else timedelta())
    if text.endswith(" pm"):
        return day + (DAY if is_end else DAY / 2)
    if len(text) == 10:
        return day + (DAY if is_end else timedelta())
    return moment(text)


def rosters_ok(row: Row, shifts: set[str]) -> bool:
    if row["shift"] == "off" or row["shift"] in shifts:
        return True
    parts = [[time.fromisoformat(t) for t in part.split("-")] for part in row["shift"].split("+")]
    ok = all(start < end for start, end in parts) and len(parts) <= 2
    if len(parts) == 2:
        gap = datetime.combine(date.min, parts[1][0]) - datetime.combine(date.min, parts[0][1])
        ok = ok and gap >= timedelta(minutes=30)
    return ok


def posting_dates(row: Row, last: date) -> tuple[date, date]:
    return day_of(row["from"]), day_of(row["to"]) if row["to"] else last


def problems(site: Site) -> list[str]:
    """Everything the contract calls bad input; empty for a good site."""
    out: list[str] = []
    people = {row["person_id"] for row in site.tables.get("staff", [])}
    windows = {row["window"] for row in site.tables.get("staff", [])}
    terminals = {t["id"] for t in site.terminals}
    shifts = set(HALLS[site.pack].shifts)
    out += [f"answer {key}" for key in ANSWERS.get(site.pack, ()) if key not in site.answers]
    for kind, rows in site.tables.items():
        keys = [tuple(row.get(c, "") for c in KEYS[kind]) for row in rows]
        if len(set(keys)) != len(keys):
            out.append(f"{kind}: a key twice")
        for row in rows:
            out += [f"{kind}: {problem}" for problem in row_problems(kind, row, people, windows, terminals, shifts)]
    staff = site.rows("staff")
    horizon = [day_of(row[c]) for row in staff for c in ("from", "to") if row[c]]
    if not horizon:
        return out
    first, last = min(horizon), max(horizon) + timedelta(days=60)
    for a, b in combinations(staff, 2):
        (a1, a2), (b1, b2) = posting_dates(a, last), posting_dates(b, last)
        if a1 <= b2 and b1 <= a2:
            if a["person_id"] == b["person_id"]:
                out.append(f"staff: overlapping postings of {a['person_id']}")
            if a["window"] == b["window"] and a["unit"] != b["unit"]:
                out.append(f"staff: {a['window']} in two units")
            if a["device_user_id"] == b["device_user_id"] and a["person_id"] != b["person_id"]:
                out.append(f"staff: id {a['device_user_id']} twice")
    for a, b in combinations(site.rows("device"), 2):
        (a1, a2), (b1, b2) = posting_dates(a, last), posting_dates(b, last)
        same = all(a[c] == b[c] for c in ("terminal_id", "device_user_id"))
        if same and a1 <= b2 and b1 <= a2 and a["person_id"] != b["person_id"]:
            out.append(f"device: {a['device_user_id']} twice")
    for terminal in sorted(terminals):
        for day in (first, last):
            claims_ok = all(person in people for person in claims_of(site, terminal, day))
            if not claims_ok:
                out.append(f"device: unknown person on {terminal}")
    return out


def claims_of(site: Site, terminal: str, day: date) -> list[str]:
    return list(claims(Case(site, "2026-01-01 00:00:00"), terminal, day).values())


def row_problems(
    kind: str, row: Row, people: set[str], windows: set[str], terminals: set[str], shifts: set[str]
) -> list[str]:
    out = []
    if set(row) - set(COLUMNS[kind]) - {"withdrawn"}:
        out.append(f"columns {sorted(row)}")
    for column in ("person_id", "absent_person_id", "standin_person_id"):
        if row.get(column) and row[column] not in people:
            out.append(f"unknown person {row[column]}")
    if kind in ("roster", "incident", "ruling") and bool(row["person_id"]) == bool(row["window"]):
        out.append("one of person and window")
    if row.get("window") and row["window"] not in windows:
        out.append(f"unknown window {row['window']}")
    if kind in ("device", "outage") and row["terminal_id"] and row["terminal_id"] not in terminals:
        out.append(f"unknown terminal {row['terminal_id']}")
    for column in MOMENTS:
        if row.get(column) and len(row[column]) <= 10:
            out.append(f"{column} without its time")
    if row.get("start") and row.get("end") and roughly(row["end"], True) <= roughly(row["start"], False):
        out.append(f"{row['start']} – {row['end']}")
    if bool(row.get("daily_from")) != bool(row.get("daily_to")):
        out.append("daily hours: both or neither")
    if row.get("daily_from") and row["daily_to"] <= row["daily_from"]:
        out.append("daily hours reversed")
    if row.get("from") and row.get("to") and row["to"] < row["from"]:
        out.append("from, to reversed")
    if kind == "roster" and not rosters_ok(row, shifts):
        out.append(f"shift {row['shift']}")
    if kind == "incident" and (row["kind"] == "window_empty") != bool(row["window"]):
        out.append("a window's incident is window_empty")
    if kind == "scores" and row["subject_id"] not in (people if row["subject_type"] == "person" else windows):
        out.append(f"unknown subject {row['subject_id']}")
    if kind == "paper" and not row["approved_by"]:
        out.append("not approved")
    if kind == "ruling" and (row["effect"] == "amend") != bool(row["as_kind"]):
        out.append("as_kind goes with amend")
    return out
