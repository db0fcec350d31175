"""Today: every window with who is there, who is not and why, what is not known, and how the terminals stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from fastapi import Response

from punchsync.core.presence import PRESENT, WindowNow, totals
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.today_now import now_of
from punchsync.desk.pages.today_words import LOOKS, Shown, moment, shown
from punchsync.desk.review.waiting import counts
from punchsync.desk.room import Room
from punchsync.findings import remedy

room = Room()
ODD: Final = frozenset({"late", "left", "not_in", "unknown", "leave", "out"})
"""What a supervisor looks at first."""


class Row(NamedTuple):
    """A window's line; the counts are of whom the user may see."""

    window: str
    unit: str
    state: str
    look: str
    present: int
    due: int
    people: list[Shown]
    odd: bool


@room.get("/today", Right.TODAY)
def today(ask: Ask) -> Response:
    """The page."""
    return ask.page("today/today.html", **said(ask))


@room.get("/today/now", Right.TODAY, by_itself=True)
def part(ask: Ask) -> Response:
    """What of it changes, for a page that is open."""
    return ask.page("today/now.html", **said(ask))


def said(ask: Ask) -> dict[str, Any]:
    """All that the page shows to this user."""
    now = now_of(ask)
    known = ask.known
    windows = [w._replace(people=tuple(p for p in w.people if ask.reach.person(p.person)))
               for w in now.windows if ask.reach.window(w.window)]  # fmt: skip
    windows = [w for w in windows if w.people]
    rows = [row(w, [shown(p, known.bench, known.people, now.at) for p in w.people]) for w in windows]
    only = ask.query("show") == "odd"
    used = terminals_of(ask, windows)
    return {
        "at": now.at,
        "rows": [r for r in rows if r.odd] if only else rows,
        "only": only,
        "windows": len(rows),
        "totals": totals(windows),
        "empty": sum(w.state == "empty" for w in windows),
        "covered": sum(w.covered for w in windows),
        "terminals": [line for line in now.lines if used is None or line.terminal.id in used],
        "kind": known.bench.timetables.kind(ask.today),
        "moment": lambda at: moment(at, now.at),
        "remedy": remedy,
        "waiting": counts(ask),
    }


def row(window: WindowNow, people: list[Shown]) -> Row:
    """A window's line."""
    due = window.count(*ODD, "in", "awaited")
    odd = window.state in ("empty", "unknown", "covered") or bool(window.count(*ODD))
    return Row(
        window.window, window.unit, window.state, LOOKS.get(window.state, ""), window.count(*PRESENT), due, people, odd
    )


def terminals_of(ask: Ask, windows: Sequence[WindowNow]) -> frozenset[str] | None:
    """The terminals that count for these windows; None for a user who sees the whole hall."""
    if ask.reach.windows is None:
        return None
    terminals = ask.known.bench.terminals
    return frozenset(t for w in windows for t in terminals.relevant(w.window, ask.today))
