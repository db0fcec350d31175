"""Whom a clerk means: by number, by name or a part of it, by the initials or the beginning of the pinyin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

MOST: Final = 64
"""Readings of a name that are tried; a name of many characters with several sounds each has more."""


class Found(NamedTuple):
    """A person who may be meant."""

    id: str
    name: str


def people_like(people: Mapping[str, str], text: str, among: Iterable[str] | None = None) -> list[Found]:
    """Those of `people` (name by id) who may be meant, the likeliest first; nobody for an empty text.

    An exact number or name is meant alone where it is one person's, and so is what this desk writes itself: `1003 甲`.
    """
    wanted = plain(text)
    if not wanted:
        return []
    ids = people.keys() if among is None else [id for id in among if id in people]
    found = [(rank, id) for id in ids if (rank := likeness(id, people[id], wanted)) is not None]
    found.sort()
    best = [id for rank, id in found if rank == 0]
    chosen = best if len(best) == 1 else [id for _rank, id in found]
    return [Found(id, people[id]) for id in chosen]


def likeness(id: str, name: str, wanted: str) -> int | None:
    """How well a text fits a person, 0 best; None: not at all."""
    number, whole = plain(id), plain(name)
    if wanted in (number, whole, f"{number}{whole}"):
        return 0
    initials, sounds = readings(whole)
    if wanted in initials:
        return 1
    if whole.startswith(wanted) or number.startswith(wanted):
        return 2
    if any(each.startswith(wanted) for each in (*initials, *sounds)):
        return 3
    return 4 if wanted in whole or wanted in number else None


def plain(text: str) -> str:
    """A text as it is compared: half width, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=20_000)
def readings(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The initials and the full pinyin of a name, in every way that it may be read."""
    from pypinyin import Style, pinyin

    def all_of(style: Style) -> tuple[str, ...]:
        parts = pinyin(name, style=style, heteronym=True)
        return tuple(sorted({"".join(each) for _n, each in zip(range(MOST), product(*map(set, parts)), strict=False)}))

    return all_of(Style.FIRST_LETTER), all_of(Style.NORMAL)
