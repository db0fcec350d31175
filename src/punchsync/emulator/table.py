"""Reads a TOML table key by key with its types and bounds, and collects every problem instead of raising.

A bad or missing value is reported and replaced by a harmless one, so that the rest is still looked at.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from punchsync.emulator import wire

_MISSING = "（未填写）"
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_STAMP_BOUNDS = ((2000, 2132), (1, 12), (1, 31), (0, 23), (0, 59), (0, 59))
_LONGEST_FOUND = 60

_HEX_ALLOWED = "十六进制数字，两位一个字节"
STAMP_ALLOWED = "“YYYY-MM-DD HH:MM:SS”，年份 2000–2132"


@dataclass(frozen=True, slots=True)
class ScenarioProblem:
    """What is wrong in a scenario file: where, what was found, what is allowed, what to do."""

    file: str
    key: str
    found: str
    allowed: str
    remedy: str


def packed_stamp(text: str) -> int | None:
    """Give a terminal's u32 time of `YYYY-MM-DD HH:MM:SS`, None if malformed; the day need not exist."""
    match = _STAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    fields = (year, month, day, hour, minute, second)
    if any(not low <= value <= high for value, (low, high) in zip(fields, _STAMP_BOUNDS, strict=True)):
        return None
    return wire.pack_fields(year, month, day, hour, minute, second)


def read_hex(text: str) -> bytes | None:
    """Give the bytes of pairs of hexadecimal digits, spaces between them allowed; None when they are none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


class Table:
    """One TOML table under a key path such as `terminal[0]`, with the list its problems go to."""

    def __init__(self, file: str, path: str, data: dict[str, object], problems: list[ScenarioProblem]) -> None:
        self._file = file
        self._path = path
        self._data = data
        self._problems = problems
        self._asked: set[str] = set()

    def report(self, key: str, found: object, allowed: str, remedy: str) -> None:
        """Add a problem at a key of this table."""
        shown = found if isinstance(found, str) else repr(found)
        if len(shown) > _LONGEST_FOUND:
            shown = shown[:_LONGEST_FOUND] + "…"
        self._problems.append(ScenarioProblem(self._file, self.key(key), shown, allowed, remedy))

    def key(self, key: str) -> str:
        """Give the whole path of a key."""
        return f"{self._path}.{key}" if self._path else key

    def has(self, key: str) -> bool:
        """Say whether the key is given."""
        return key in self._data

    def text(self, key: str, default: str | None = None, longest: int = 64) -> str:
        """Give a text of 1 to `longest` printable characters; required when there is no default."""
        allowed = f"1–{longest} 个字符的文字"
        value = self._get(key, default is None, allowed)
        if value is None:
            return default or ""
        if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable():
            return value
        self.report(key, value, allowed, "请改成加引号的文字")
        return default or ""

    def integer(self, key: str, default: int, low: int, high: int, *, secret: bool = False) -> int:
        """Give an integer within bounds; a bad secret is reported without its value."""
        allowed = f"{low}–{high} 的整数"
        value = self._get(key, False, allowed)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.report(key, "（不显示）" if secret else value, allowed, "请改成范围内的整数")
        return default

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """Give a number within bounds."""
        allowed = f"{low:g}–{high:g} 的数"
        value = self._get(key, False, allowed)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        self.report(key, value, allowed, "请改成范围内的数")
        return default

    def moment(self, key: str, default: datetime | None = None) -> datetime:
        """Give a naive date and time, a TOML local date-time or a text; required when there is no default."""
        value = self._get(key, default is None, STAMP_ALLOWED)
        fallback = default or datetime.min
        if value is None:
            return fallback
        found = value
        if isinstance(value, str) and (packed := packed_stamp(value)) is not None:
            found = wire.unpack_time(packed)
        if isinstance(found, datetime) and found.tzinfo is None and 2000 <= found.year <= 2132:
            return found
        self.report(key, str(value), STAMP_ALLOWED, "请填写存在的日期和时间，不带时区")
        return fallback

    def flag(self, key: str, default: bool) -> bool:
        """Give true or false."""
        value = self._get(key, False, "true 或 false")
        if isinstance(value, bool):
            return value
        if value is not None:
            self.report(key, value, "true 或 false", "请改成 true 或 false，不加引号")
        return default

    def pick(self, key: str, allowed: Collection[int]) -> int | None:
        """Give one of these integers; None when not given."""
        listed = "、".join(map(str, allowed))
        value = self._get(key, False, listed)
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            return value
        if value is not None:
            self.report(key, value, listed, "请从允许的值中选一个")
        return None

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """Give one of these texts; a number stands for its text; required when there is no default."""
        listed = "、".join(allowed)
        value = self._get(key, default is None, listed)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value in allowed:
            return value
        if value is not None:
            self.report(key, value, listed, "请从允许的值中选一个")
        return default or ""

    def hexadecimal(self, key: str, default: bytes) -> bytes:
        """Give bytes written as pairs of hexadecimal digits."""
        value = self._get(key, False, _HEX_ALLOWED)
        found = read_hex(value) if isinstance(value, str) else None
        if found is not None:
            return found
        if value is not None:
            self.report(key, value, _HEX_ALLOWED, "请改成加引号的十六进制")
        return default

    def integers(self, key: str, default: tuple[int, ...], high: int) -> tuple[int, ...]:
        """Give a list of integers from 0 on."""
        allowed = f"0–{high} 的整数的列表"
        value = self._get(key, False, allowed)
        if value is None:
            return default
        if isinstance(value, list) and all(type(item) is int and 0 <= item <= high for item in value):
            return tuple(value)
        self.report(key, value, allowed, "请写成 [ … ]")
        return default

    def items(self, key: str) -> list[object]:
        """Give a list as it is; empty when not given."""
        value = self._get(key, False, "列表")
        if isinstance(value, list):
            return list(value)
        if value is not None:
            self.report(key, value, "列表", "请写成 [ … ]")
        return []

    def tables(self, key: str) -> list["Table"]:
        """Give a list of tables, such as those of `[[key]]`; empty when not given."""
        found: list[Table] = []
        for index, item in enumerate(self.items(key)):
            place = f"{key}[{index}]"
            if isinstance(item, dict):
                found.append(Table(self._file, self.key(place), item, self._problems))
            else:
                self.report(place, item, "表", f"请写成 [[{key}]]")
        return found

    def ignore(self) -> None:
        """Take every key for a legal one."""
        self._asked |= set(self._data)

    def finish(self) -> None:
        """Report the keys nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                self.report(key, key, "、".join(sorted(self._asked)), "请删去或改正键名")

    def _get(self, key: str, required: bool, allowed: str) -> object | None:
        self._asked.add(key)
        value = self._data.get(key)
        if value is None and required:
            self.report(key, _MISSING, allowed, f"请填写 {key}")
        return value
