"""Literal judge for tests: rows for small halls made by hand — one window, one terminal, everything read."""

from __future__ import annotations

from .judge import Exports
from .records import Row, Site

DAY = "2026-10-12"  # a Monday
OVER = "2026-11-01 00:00:00"


def posted(person: str = "P1", **more: str) -> Row:
    """A posting of one day at the window 公安; the device user id is the person's number."""
    row = {"person_id": person, "name": person, "unit": "局", "window": "公安", "post": "staff"}
    return row | {"device_user_id": person[1:], "backup_for": "", "from": DAY, "to": DAY} | more


def hall(pack: str, staff: list[Row], punched: dict[str, list[str]], **tables: list[Row]) -> Site:
    """A site whose one terminal is read beyond everything; a time alone is of `DAY`."""
    rows = [(person[1:], at if len(at) > 10 else f"{DAY} {at}") for person, times in punched.items() for at in times]
    read = {"terminal": "T1", "rows": rows, "through": "2027-02-01 00:00:00", "live_reach": None}
    terminal = {"id": "T1", "windows": None, "from": None, "to": None}
    return Site({"staff": staff, **tables}, [terminal], [read], pack=pack)


def away(number: int, person: str, start: str, end: str, approvals: str, **more: str) -> Row:
    """A personal leave registered the evening before `DAY`."""
    row = {"leave_id": f"L{number}", "person_id": person, "kind": "personal", "start": start, "end": end}
    row |= {"daily_from": "", "daily_to": "", "registered_at": "2026-10-11 20:00", "certificate": ""}
    return row | {"approvals": approvals, "returned_at": ""} | more


def sent(number: int, absent: str, standin: str, start: str, end: str, filed_at: str = f"{DAY} 07:00") -> Row:
    row = {"standin_id": f"S{number}", "absent_person_id": absent, "standin_person_id": standin}
    return row | {"start": start, "end": end, "filed_at": filed_at}


def out(start: str, end: str, registered_at: str, person: str = "P1") -> Row:
    row = {"outing_id": f"O{start}", "person_id": person, "start": start, "end": end}
    return row | {"registered_at": registered_at, "reason": ""}


def noted(number: int, at: str, kind: str, person: str = "P1") -> Row:
    row = {"incident_id": f"I{number}", "person_id": person, "window": "" if person else "公安", "kind": kind}
    return row | {"at": at, "noted_by": "督查员", "place": "", "evidence": "", "warned": ""}


def rostered(number: int, person: str, first: str, last: str, shift: str, days: str = "all") -> Row:
    row = {"roster_id": f"R{number}", "entered_at": "2026-01-01 08:00", "person_id": person, "window": ""}
    return row | {"from": first, "to": last, "shift": shift, "days": days}


def ruled(effect: str, session: int, kind: str = "", as_kind: str = "", person: str = "P1") -> Row:
    row = {"ruling_id": "D1", "person_id": person, "window": "", "date": DAY, "session": str(session)}
    row |= {"kind": kind, "effect": effect, "as_kind": as_kind, "document": "1", "decided_by": "某"}
    return row | {"decided_at": f"{DAY} 20:00"}


def said(exports: Exports) -> list[tuple[str, str, str, str]]:
    """(date, person, session, kind/source) of every violation."""
    return [(r[0][5:], r[1], r[2], f"{r[3]}/{r[7]}") for r in exports["violations"]]


def today(exports: Exports, person: str = "P1") -> list[tuple[str, str]]:
    """(session, kind/source) of one person's violations on `DAY`."""
    return sorted((r[2], f"{r[3]}/{r[7]}") for r in exports["violations"] if r[:2] == (DAY, person))


def words(exports: Exports, person: str = "P1") -> list[str]:
    """The verdicts of a person's day in their order."""
    rows = [r for r in exports["verdicts"] if r[:2] == (DAY, person)]
    return [r[7] for r in sorted(rows, key=lambda r: (r[2], "in out".index(r[3])))]


def charged(exports: Exports) -> list[tuple[str, str, str, str]]:
    """(account type, category, period, points) of the sums."""
    return [(r[0], r[2], r[3], r[5]) for r in exports["sums"]]
