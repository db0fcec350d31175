"""Packs written by hand for the core's tests: only the rules that a test is about."""

from __future__ import annotations

from typing import Any

from punchsync.core.moment import HOUR
from punchsync.core.rules import Document, Pack, Punctuality, Season, Shift

OFFICE = Shift("day", "平时", ((9 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)))


def said(id: str, says: str = "") -> dict[str, Any]:
    """What every rule has; it says its own id unless told otherwise, and stands in article 1."""
    return {"id": id, "says": says or id, "cites": (("doc", "一"),)}


def book(**tables: Any) -> Pack:
    """A pack of one document and two sessions on every working day, with these rules."""
    known: dict[str, Any] = {
        "shifts": (OFFICE,),
        "seasons": (Season(**said("season"), shift="day"),),
        "punctuality": (Punctuality(**said("punctuality"), late=1, early=1),),
    }
    return Pack(id="test", name="试", digest="", documents=(Document("doc", "办法", "办法"),), **{**known, **tables})


ARTICLE = "办法 一"
"""What every rule of such a pack cites."""
