"""A terminal's USB file (`*_attlog.dat`) to a reading, or every line of it that is no punch.

A line, tab separated: user id (right-aligned in 9 or longer), `YYYY-MM-DD HH:MM:SS`, verify, state, and whatever
follows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, TypeVar

from punchsync.core.moment import DAY, Moment, parse_clock
from punchsync.core.reading import Reading, Row
from punchsync.intake.cells import MIB, too_large
from punchsync.intake.problem import Problem, brief, wrote
from punchsync.texts import _

T = TypeVar("T")

LARGEST: Final = 256 * MIB
LISTED: Final = 100
"""Problems that are listed; of more only the number is said."""
SHORT: Final = 12
"""Bytes after the state that can't hold another record."""

_CLOCK: Final = re.compile(rb"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_DATE: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2} ")
_BOM: Final = b"\xef\xbb\xbf"
_END_OF_FILE: Final = b"\x1a"  # some firmware closes its file with it


def parse_attlog(data: bytes, name: str, terminal: str, through: Moment | None = None) -> Reading | list[Problem]:
    """All punches of a terminal's file in its order, or all that is wrong with it; never raises for data."""
    if len(data) > LARGEST:
        return [too_large(data, name, LARGEST)]
    zero = data.find(b"\0")
    if zero >= 0:
        found = _("第 {place} 个字节是 NUL，不是考勤机的 U 盘文件").format(place=zero + 1)
        return [Problem(name, None, "", found, _("以制表符分隔的文本"), _("核对是不是 *_attlog.dat，重新从考勤机导出"))]
    reader = _Lines(name)
    rows = list(reader.rows(data))
    if reader.wrong:
        return reader.problems()
    return Reading(
        terminal,
        "file",
        name,
        hashlib.sha256(data).hexdigest(),
        tuple(rows),
        through=through,
        bytes_moved=len(data),
    )


class _Kept(dict[bytes, T]):
    """What a text reads as, worked out once for each text."""

    def __init__(self, read: Callable[[bytes], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: bytes) -> T:
        found = self[text] = self._read(text)
        return found


class _Lines:
    """One pass over the lines of a file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._problems: list[Problem] = []
        self.wrong = 0

    def rows(self, data: bytes) -> Iterator[Row]:
        """The good lines; the others are noted."""
        days = _Kept(_day)
        clocks = _Kept(_clock)
        texts = _Kept(_text)
        position = 0
        ending = b"\n" if b"\n" in data else b"\r"
        for number, line in enumerate(data.removeprefix(_BOM).split(ending), 1):
            raw = line.rstrip(b"\r")
            fields = raw.split(b"\t", 4)
            if len(fields) < 4:
                if raw.strip() and raw != _END_OF_FILE:
                    self._note(number, _("有 {count} 格").format(count=len(fields)))
                continue
            stamp = fields[1]
            day, clock = days[stamp[:11]], clocks[stamp[11:]]
            user, verify, state = texts[fields[0]], texts[fields[2]], texts[fields[3]]
            if not raw.strip():
                continue
            if day is None or clock is None:
                self._note(number, _("时间处{found}").format(found=wrote(_shown(stamp))))
            elif user is None or verify is None or state is None:
                self._note(number, _("有读不出的文字：{line}").format(line=brief(_shown(raw))))
            elif b"\r" in raw or (len(fields) > 4 and len(fields[4]) > SHORT and _DATE.search(fields[4])):
                self._note(number, _("一行里有两条记录"))
            elif not user:
                self._note(number, _("没有考勤号"))
            else:
                yield Row(position, raw, user, day + clock, verify, state)
                position += 1

    def problems(self) -> list[Problem]:
        """The problems listed, and how many more there are."""
        more = self.wrong - len(self._problems)
        if more:
            found = _("另有 {more} 行也有问题").format(more=more)
            return [*self._problems, Problem(self._name, None, "", found, "", _("先改正以上各行"))]
        return self._problems

    def _note(self, number: int, found: str) -> None:
        self.wrong += 1
        if len(self._problems) < LISTED:
            allowed = _("考勤号，YYYY-MM-DD HH:MM:SS，验证方式，状态，以制表符分隔")
            remedy = _("文件不完整或被改过：重新从考勤机导出")
            self._problems.append(Problem(self._name, number, "", found, allowed, remedy))


def _day(text: bytes) -> Moment | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text[:10].decode("ascii")).toordinal() * DAY
    except ValueError:
        return None


def _clock(text: bytes) -> int | None:
    return parse_clock(text.decode("ascii")) if _CLOCK.fullmatch(text) else None


def _text(part: bytes) -> str | None:
    """A field without its padding, or None: undecodable, or not printable."""
    stripped = part.strip(b" ")
    for encoding in ("utf-8", "gb18030"):
        try:
            found = stripped.decode(encoding)
        except UnicodeDecodeError:
            continue
        return found if found.isprintable() else None
    return None


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
