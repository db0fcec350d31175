"""Dates, moments, ends of spans, times of day and periods: as people write them → canonical text.

Canonical: `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS`, `YYYY-MM-DD am|pm`, `HH:MM:SS` (`24:00:00` as an end), `YYYY-MM`,
`YYYY-Qn`, `YYYY`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from punchsync.core.moment import to_date, to_day
from punchsync.core.period import span_of
from punchsync.intake.bad import Bad
from punchsync.intake.words import HALVES, code_of
from punchsync.texts import _

FIRST_YEAR: Final = 1900
LAST: Final = date(9999, 12, 31)

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_PERIOD: Final = re.compile(r"[0-9]{4}(?:-(?:[0-9]{2}|Q[1-4]))?")
_MIDNIGHT: Final = ("24:00", "24:00:00")


def day(text: str) -> date | None:
    """A date written `YYYY-MM-DD`, or None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR else None


def clock_of(text: str) -> str | None:
    """A time of day written `HH:MM[:SS]`, with its seconds, or None."""
    if not _CLOCK.fullmatch(text):
        return None
    return text if len(text) == 8 else f"{text}:00"


def date_(text: str) -> str | Bad:
    """A date."""
    if day(text):
        return text
    timed = day(text[:10]) and text[10:11] == " "
    return Bad("YYYY-MM-DD", _("只写日期，去掉钟点") if timed else _hint(text))


def moment(text: str) -> str | Bad:
    """A moment; a date without its time is none."""
    head, gap, tail = text.partition(" ")
    clock = clock_of(tail.strip())
    if day(head) and clock:
        return f"{head} {clock}"
    if day(head) and not gap:
        return Bad("YYYY-MM-DD HH:MM[:SS]", _("补上几点几分，例如 {date} 08:30").format(date=head))
    return Bad("YYYY-MM-DD HH:MM[:SS]", _hint(text))


def moment_or_date(text: str) -> str | Bad:
    """A moment; a date alone is its 00:00."""
    if day(text):
        return f"{text} 00:00:00"
    found = moment(text)
    return Bad("YYYY-MM-DD [HH:MM[:SS]]", found.remedy) if isinstance(found, Bad) else found


def start(text: str) -> str | Bad:
    """The start of a span: a date (from 00:00), a moment, or a half of a day."""
    return _bound(text, ending=False)


def end(text: str) -> str | Bad:
    """The end of a span: a date (until 24:00), a moment, or a half of a day."""
    return _bound(text, ending=True)


def plain_start(text: str) -> str | Bad:
    """The start of a span that is nobody's: a morning starts at 00:00, an afternoon at 12:00."""
    return _placed(_bound(text, ending=False), {"am": "00:00", "pm": "12:00"}, ending=False)


def plain_end(text: str) -> str | Bad:
    """The end of a span that is nobody's: a morning ends at 12:00, an afternoon at 24:00."""
    return _placed(_bound(text, ending=True), {"am": "12:00", "pm": "24:00"}, ending=True)


def clock(text: str) -> str | Bad:
    """A time of day."""
    return clock_of(text) or Bad("HH:MM[:SS]", _("写成两位数，例如 08:30"))


def clock_end(text: str) -> str | Bad:
    """A time of day as an end: 24:00 too."""
    return "24:00:00" if text in _MIDNIGHT else clock(text)


def period(text: str) -> str | Bad:
    """A month, a quarter or a year."""
    name = text.upper()
    hint = _("月写成 2026-10，季写成 2026-Q4，年写成 2026")
    if day(text[:10]):
        hint = _("月写成 2026-10；表格软件把它改成日期的，先把这一列设为文本再写")
    wrong = Bad(_("YYYY-MM, YYYY-Qn，或 YYYY"), hint)
    if not _PERIOD.fullmatch(name) or int(name[:4]) < FIRST_YEAR:
        return wrong
    try:
        span_of(name)
    except ValueError:
        return wrong
    return name


def _bound(text: str, *, ending: bool) -> str | Bad:
    head, tail = text[:10], text[10:].strip()
    on = day(head)
    if on and not text[10:]:
        return _next(on) if ending else f"{head} 00:00:00"
    if on and (text[10:11] == " " or tail in ("上午", "下午")):
        if ending and tail in _MIDNIGHT:
            return _next(on)
        half = code_of(HALVES, tail)
        if half:
            return f"{head} {half}"
        at = clock_of(tail)
        if at:
            return f"{head} {at}"
    return Bad(_("YYYY-MM-DD, YYYY-MM-DD HH:MM[:SS]，或 YYYY-MM-DD am|pm （上午，下午）"), _hint(text))


def _placed(found: str | Bad, halves: dict[str, str], *, ending: bool) -> str | Bad:
    if isinstance(found, Bad) or found[11:] not in halves:
        return found
    return _bound(f"{found[:10]} {halves[found[11:]]}", ending=ending)


def _next(on: date) -> str:
    if on == LAST:
        return f"{on.isoformat()} 23:59:59"
    return f"{to_date(to_day(on) + 1).isoformat()} 00:00:00"


def _hint(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if plain != text:
        return _("数字和冒号用半角，写成 {plain}").format(plain=plain[:40])
    if "/" in text or "." in text or "年" in text:
        return _("年月日之间用 -, 月和日写两位；表格软件改了写法的，把这一列设为文本，或直接导入 XLSX")
    if _DATE.match(text) and day(text[:10]) is None:
        return _("没有这一天，请核对年月日（{first} 年起）").format(first=FIRST_YEAR)
    return _("年份四位，其余各两位，例如 2026-10-01 08:30")
