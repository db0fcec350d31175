"""One cell to its canonical text, or what is allowed there: a parser for each column type.

No parser sees an empty cell: whether one is allowed is the column's business (`parse`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Set
from decimal import Decimal
from typing import Final

from punchsync.core.points import number
from punchsync.intake import shifts, times
from punchsync.intake.bad import Bad
from punchsync.intake.kinds import Column
from punchsync.intake.words import code_of, listed
from punchsync.texts import _

TEXT_MAX: Final = 200
NOTE_MAX: Final = 1000
SEPARATORS: Final = "；、"
POINTS: Final = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,3}0*)?")
"""Points are kept in thousandths; a million of them nobody gives."""
FORBIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def read(column: Column, text: str, shift_ids: Set[str]) -> str | Bad:
    """The canonical text of a cell (stripped, not empty) of that column, or what is wrong with it."""
    if column.type == "shift":
        return shifts.shift(text, shift_ids)
    return _PARSERS[column.type](column, text)


def text(column: Column, value: str) -> str | Bad:
    """A line of text of at most `TEXT_MAX` characters."""
    return _line(value, TEXT_MAX)


def note(column: Column, value: str) -> str | Bad:
    """A line of text of at most `NOTE_MAX` characters."""
    return _line(value, NOTE_MAX)


def id_(column: Column, value: str) -> str | Bad:
    """An id as written, leading zeros kept."""
    if any(c in value for c in ";；、"):
        return Bad(_("不含分号和顿号的编号"), _("每格只写一个编号"))
    return _line(value, TEXT_MAX)


def ids(column: Column, value: str) -> str | Bad:
    """A `;` list of ids, each once, in the order written."""
    found = list(dict.fromkeys(_items(value)))
    for item in found:
        line = _line(item, TEXT_MAX)
        if isinstance(line, Bad):
            return line
    return ";".join(found)


def choice(column: Column, value: str) -> str | Bad:
    """The code of one of the column's values."""
    code = code_of(column.values, value)
    return code if code is not None else Bad(listed(column.values), _("改成其中之一"))


def choices(column: Column, value: str) -> str | Bad:
    """A `;` list of codes, each once, in the order of the column's values."""
    codes = set()
    for item in _items(value):
        code = code_of(column.values, item)
        if code is None:
            return Bad(
                _("以 ; 分隔的若干项：{values}").format(values=listed(column.values)),
                _('不认识 "{item}"，请改正或删去').format(item=item[:40]),
            )
        codes.add(code)
    return ";".join(code for code in column.values if code in codes)


def session(column: Column, value: str) -> str | Bad:
    """A session's number, or 0 where none applies; a B post who owes others' sessions may have more than two."""
    found = {"上午": "1", "下午": "2"}.get(value, value)
    return found if found in ("0", "1", "2", "3", "4") else Bad(_("1 到 4，或 0（不分半天）"), _("写当日第几个半天"))


def points(column: Column, value: str) -> str | Bad:
    """A decimal without trailing zeros and without a leading `+`."""
    if POINTS.fullmatch(value):
        return number(Decimal(value))
    return Bad(_("不到一百万的数，可带 + 或 -，最多三位小数"), _("写成 92.5 或 -0.5；小数更多的四舍五入到三位"))


def _items(value: str) -> list[str]:
    for separator in SEPARATORS:
        value = value.replace(separator, ";")
    return [item.strip() for item in value.split(";") if item.strip()]


def _line(value: str, most: int) -> str | Bad:
    if len(value) > most:
        return Bad(
            _("不超过 {most} 个字符").format(most=most),
            _("这里有 {count} 个字符，请缩短").format(count=len(value)),
        )
    if not value.isprintable() and any(unicodedata.category(c) in FORBIDDEN for c in value):
        return Bad(_("一行文字，没有换行，制表符和不可见字符"), _("删去换行和不可见字符"))
    return value


Parser = Callable[[Column, str], str | Bad]


def _plain(parse: Callable[[str], str | Bad]) -> Parser:
    return lambda column, value: parse(value)


_PARSERS: Final[dict[str, Parser]] = {
    "text": text,
    "note": note,
    "id": id_,
    "ids": ids,
    "choice": choice,
    "choices": choices,
    "yes_no": choice,
    "session": session,
    "points": points,
    "date": _plain(times.date_),
    "moment": _plain(times.moment),
    "moment_or_date": _plain(times.moment_or_date),
    "start": _plain(times.start),
    "end": _plain(times.end),
    "plain_start": _plain(times.plain_start),
    "plain_end": _plain(times.plain_end),
    "clock": _plain(times.clock),
    "clock_end": _plain(times.clock_end),
    "period": _plain(times.period),
    "days": _plain(shifts.days),
}
