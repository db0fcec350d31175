"""The board on the hall's display: windows as cards, in numbers; nobody's whole name and nothing of why he is away."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from fastapi import Response

from punchsync import __version__
from punchsync.core.moment import Moment
from punchsync.core.presence import AWAY, PRESENT, WindowNow
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.board_names import public
from punchsync.desk.pages.today_now import Now, now_of
from punchsync.desk.room import Room
from punchsync.desk.shown import static

room = Room()
STATES: Final = {"staffed": "ok", "covered": "ok", "empty": "empty", "unknown": "open", "opening": "open", "closed": ""}


class Card(NamedTuple):
    """A window as the public sees it; `away` are all who are known not to be there, whatever the reason."""

    window: str
    state: str
    look: str
    present: int
    away: int
    unknown: int
    late: int
    covered: int
    names: list[str]


@room.get("/board", Right.BOARD)
def board(ask: Ask) -> Response:
    """The page."""
    return ask.page("board/board.html", **said(ask))


@room.get("/board/cards", Right.BOARD, by_itself=True)
def cards(ask: Ask) -> Response:
    """The cards alone, for a board that is on."""
    return ask.page("board/cards.html", **said(ask))


def said(ask: Ask) -> dict[str, Any]:
    """All that the board shows."""
    now = now_of(ask)
    how = ask.desk.settings.names
    return {
        "at": now.at,
        "cards": [card(w, how) for w in now.windows],
        "through": through(now),
        "shows": f"{__version__} {static('board.js')} {static('board.css')}",
        "names": how != "none",
    }


def card(window: WindowNow, how: str) -> Card:
    """A window's card."""
    names = [public(p.name, how) for p in window.people if p.status in PRESENT] if how != "none" else []
    return Card(
        window.window, window.state, STATES[window.state], window.count(*PRESENT), window.count(*AWAY),
        window.count("unknown"), window.tardy, window.covered, names,
    )  # fmt: skip


def through(now: Now) -> Moment | None:
    """How far all terminals of today are read; None where one never was."""
    reached = [line.through for line in now.lines]
    return None if None in reached else min((at for at in reached if at is not None), default=None)
