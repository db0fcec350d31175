"""Literal judge for tests: Facts made by hand, in few words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .facts import Breach, Duty, Facts, OutcomeRow, Score
from .periods import ranking


def on(text: str) -> date:
    return date.fromisoformat(text)


def posted(first: str, last: str, **windows: str) -> dict[date, dict[str, str]]:
    """Everybody at one window from the first day to the last."""
    days = (on(last) - on(first)).days + 1
    return {on(first) + timedelta(days=n): dict(windows) for n in range(days)}


def breach(day: str, person: str, kind: str = "late", session: int = 1, seconds: int = 0, window: str = "W") -> Breach:
    return Breach(on(day), person, session, kind, window, seconds)


def some(
    count: int, person: str, kind: str, month: str = "2026-10", window: str = "W", seconds: int = 0
) -> list[Breach]:
    """One a day from the first of the month; the seconds are those of each."""
    return [breach(f"{month}-{n:02d}", person, kind, 1, seconds, window) for n in range(1, count + 1)]


def given(period: str, subject: str, points: str, category: str = "其他", kind: str = "person") -> Score:
    """An imported row."""
    return Score(period, kind, subject, category, Decimal(0), Decimal(points), Decimal(points), imported=True)


def own(period: str, subject: str, base: str, points: str, category: str = "勤", kind: str = "person") -> Score:
    """A row of the pack's own category, its cap the base."""
    score = max(Decimal(0), Decimal(base) + Decimal(points))
    return Score(period, kind, subject, category, Decimal(base), Decimal(points), score)


def days_of(person: str, pattern: str, month: str = "2026-10") -> tuple[list[Duty], list[Breach]]:
    """Required sessions, two a day from the first: `.` there, `A` absent, `?` not known."""
    duties, rows = [], []
    for n, what in enumerate(pattern):
        day, session = f"{month}-{n // 2 + 1:02d}", n % 2 + 1
        duties.append(Duty(on(day), person, session, what != "?"))
        if what == "A":
            rows.append(breach(day, person, "absent_half_day", session))
    return duties, rows


def said(rows: list[OutcomeRow], *kinds: str) -> list[str]:
    """`period subject outcome count` of the outcomes asked for, sorted."""
    assert all(row[5] == "proposed" for row in rows)
    return sorted(" ".join([row[0], row[2], row[3], row[4]]) for row in rows if not kinds or row[3] in kinds)


def october(as_of: str = "2026-11-01", *, violations: list[Breach] | None = None, **windows: str) -> Facts:
    """A hall of October 2026, and those posted from its first day to its last or as-of's date."""
    last = min(as_of, "2026-10-31")
    return Facts(on(as_of), posted("2026-10-01", last, **windows), violations or [])


def order(pack: str, facts: Facts, period: str = "") -> list[str]:
    """`subject rank score violations seconds`, sorted by rank."""
    rows = [row for row in ranking(pack, facts) if period in ("", row[0])]
    return [" ".join(row[2:]) for row in sorted(rows, key=lambda r: (int(r[3]), r[2]))]
