"""What several pages ask again and again, worked out once and kept until it may be another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from punchsync.desk.ask import Ask
from punchsync.operations.ports import Body

T = TypeVar("T")


def kept(ask: Ask, name: str, make: Callable[[], T]) -> T:
    """What follows from what is known now, under a name of its own."""
    known = ask.known
    there = ask.desk.shelf.get(name)
    if there is None or there[0] is not known:
        there = ask.desk.shelf[name] = (known, make())
    found: T = there[1]
    return found


def records(ask: Ask, kind: str) -> Mapping[str, Body]:
    """The latest version of every record of a kind that only the desk writes, by key; read anew after each record."""
    name = f"records {kind}"
    with ask.hall.store.reading() as work:
        newest = work.records.newest()
        there = ask.desk.shelf.get(name)
        if there is None or there[0] != newest:
            there = ask.desk.shelf[name] = (newest, {**work.records.all(kind)})
    found: Mapping[str, Body] = there[1]
    return found
