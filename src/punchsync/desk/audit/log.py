"""The access log read from its end, a page at a time: no more of a file than the page needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from punchsync.access import MONTH, Access, files
from punchsync.core.moment import parse_day, show_day

ROWS: Final = 100
READ: Final = 2**20
"""Bytes whose lines one page looks at, at most; what lies before is another page's."""
LIGHT: Final = 8
"""How much less a block costs none of whose lines can be sought."""
BLOCK: Final = 2**18
DAY: Final = slice(8, 18)
"""Where a line says its day: `{"at": "2026-11-20T…`."""
BEGINS: Final = b'{"at": "'
FEW: Final = 14
DENIED: Final = b'"status": 403'
PLACE: Final = re.compile(r"([0-9]{4}-[0-9]{2}):([0-9]{1,15})")


class Sought(NamedTuple):
    """Lines from a day to a day (`YYYY-MM-DD`, both included), of a user, about an id, of an action, or denied."""

    first: str
    last: str
    who: str = ""
    about: str = ""
    what: str = ""
    denied: bool = False


class Found(NamedTuple):
    """Lines, the newest first; how many that were met can't be read; where to go on, empty at the end."""

    lines: list[Access]
    unreadable: int
    after: str


def page(folder: Path, sought: Sought, before: str = "", rows: int | None = ROWS, read: int | None = READ) -> Found:
    """A page of the lines that are sought, from a place on backwards (empty: from the end); None for no limit."""
    lines: list[Access] = []
    unreadable, seen = 0, 0
    month, offset = place_of(before)
    wanted = needles(sought)
    first, last = sought.first.encode(), sought.last.encode()
    days = few_days(sought)
    for file in reversed(files(folder)):
        if not sought.first[:7] <= file.stem <= sought.last or (month and file.stem > month):
            continue
        end = min(offset, file.stat().st_size) if file.stem == month else file.stat().st_size
        for start, data in blocks(file, end):
            # A look at all of a block's bytes costs a fraction of a look at its lines.
            if any(n not in data for n in wanted) or (days and not any(day in data for day in days)):
                unreadable += strangers(data)
                seen += len(data) // LIGHT
            else:
                seen += len(data)
                for at, text in backwards(data, start):
                    if strange(text):
                        unreadable += bool(text)
                        continue
                    if not first <= text[DAY] <= last or any(n not in text for n in wanted):
                        continue
                    access = read_line(text)
                    if access is None:
                        unreadable += 1
                    elif fits(access, sought):
                        lines.append(access)
                        if len(lines) == rows:
                            return Found(lines, unreadable, goes_on(folder, sought, file, at))
            if read is not None and seen >= read:
                return Found(lines, unreadable, goes_on(folder, sought, file, start))
    return Found(lines, unreadable, "")


def few_days(sought: Sought) -> list[bytes]:
    """How the lines of the days that are sought begin, if those are few: most blocks have none of them."""
    first, last = parse_day(sought.first), parse_day(sought.last)
    return [BEGINS + show_day(day).encode() for day in range(first, last + 1)] if last - first < FEW else []


def goes_on(folder: Path, sought: Sought, file: Path, at: int) -> str:
    """The place in a file to go on from; empty where nothing is before it."""
    more = at > 0 or any(sought.first[:7] <= f.stem < file.stem for f in files(folder))
    return f"{file.stem}:{at}" if more else ""


def blocks(file: Path, end: int) -> Iterator[tuple[int, bytes]]:
    """A file before a place in whole lines, some at a time, the last first, each with where it begins."""
    rest = b""
    with file.open("rb") as opened:
        while end > 0:
            start = max(0, end - BLOCK)
            opened.seek(start)
            data = opened.read(end - start) + rest
            begins = 0 if start == 0 else data.find(b"\n") + 1
            if start == 0 or begins:
                yield start + begins, data[begins:]
                rest = data[:begins]
            else:
                rest = data
            end = start


def backwards(data: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a block, the last first, each with where it begins in its file."""
    at = start + len(data)
    for text in reversed(data.split(b"\n")):
        at -= len(text)
        yield at, text
        at -= 1


def strange(text: bytes) -> bool:
    """Whether a line is none of ours, as its ends tell."""
    return not text.startswith(BEGINS) or not text.endswith(b"}")


def strangers(data: bytes) -> int:
    """How many lines of a block are none of ours, as far as counting their ends tells."""
    begun = data.count(b"\n" + BEGINS) + data.startswith(BEGINS)
    return max(data.count(b"\n") - min(begun, data.count(b"}\n")), 0)


def needles(sought: Sought) -> list[bytes]:
    """What a line that is sought has in it, as it is written: a look at the bytes saves reading the line."""
    out = [json.dumps(text, ensure_ascii=False)[1:-1] for text in (sought.who, sought.about, sought.what) if text]
    return [text.encode(errors="replace") for text in out] + ([DENIED] if sought.denied else [])


def read_line(text: bytes) -> Access | None:
    """A line; None for one that can't be read."""
    try:
        access = Access(**json.loads(text))
        sound = isinstance(access.about, dict) and all(isinstance(v, str) for v in access[:4])
    except (ValueError, TypeError, RecursionError):
        return None
    return access if sound else None


def fits(access: Access, sought: Sought) -> bool:
    """Whether a line is one that is sought; an action also fits by its first words."""
    return (
        sought.who in ("", access.who)
        and (not sought.about or access.concerns(frozenset([sought.about])))
        and (not sought.what or access.what == sought.what)
        and (not sought.denied or access.status == 403)
    )


def place_of(text: str) -> tuple[str, int]:
    """The month and offset of a place to go on from; nothing for anything else."""
    found = PLACE.fullmatch(text)
    if found is None or not MONTH.fullmatch(f"{found.group(1)}.jsonl"):
        return "", 0
    return found.group(1), int(found.group(2))
