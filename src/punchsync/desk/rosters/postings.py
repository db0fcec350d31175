"""What a change of posting and a leave of the hall write: the rows of a person's postings; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from punchsync.core.moment import parse_day, show_day

Body = Mapping[str, str]
SHORTEST: Final = 2
LONGEST: Final = 20
"""Characters of a name."""


class Rows(NamedTuple):
    """The rows to be written together; `later` are postings that stand in the way."""

    rows: list[dict[str, str]]
    later: list[Body]


def standing(bodies: Iterable[Body], person: str) -> list[Body]:
    """A person's postings that are not withdrawn, in time."""
    mine = [b for b in bodies if b["person_id"] == person and not b.get("withdrawn")]
    return sorted(mine, key=lambda b: b["from"])


def moved(postings: Iterable[Body], new: Body) -> Rows:
    """A new posting from its `from` on: the one that holds the day before ends there, all or nothing."""
    first = new["from"]
    closing = [b for b in postings if b["from"] < first and (not b["to"] or b["to"] >= first)]
    later = [b for b in postings if b["from"] > first and (not new["to"] or b["from"] <= new["to"])]
    return Rows([*({**b, "to": day_before(first)} for b in closing), dict(new)], later)


def left(postings: Iterable[Body], last: str) -> Rows:
    """A person's last day in the hall: the posting of that day ends with it."""
    closing = [b for b in postings if b["from"] <= last and (not b["to"] or b["to"] > last)]
    return Rows([{**b, "to": last} for b in closing], [b for b in postings if b["from"] > last])


def day_before(text: str) -> str:
    """The date before a date."""
    return show_day(parse_day(text) - 1)
