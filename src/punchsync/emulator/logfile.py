"""The rows of a terminal in a scenario: written there, exported by a terminal, or as a real one's bytes.

`rows` in the file itself, `log` an export beside it (tab-separated), `raw` a file of one row in hexadecimal
digits a line; one of the three.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from punchsync.emulator import layout as layouts
from punchsync.emulator.table import STAMP_ALLOWED, Table, packed_stamp, read_hex
from punchsync.emulator.traits import Layout

USER_ID_ALLOWED = "1–24 位字母或数字（加引号）"

_WAYS = ("rows", "log", "raw")
_MOST_LINE_PROBLEMS = 20
_ROW_ALLOWED = '["工号", "YYYY-MM-DD HH:MM:SS"，验证方式，状态]，后两项 0–255，可省略'
_LINE_ALLOWED = "工号、时间、验证方式、状态、工作代码，以制表符分隔"


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row already in a terminal's log; `time` is the packed u32 and need not be a real date."""

    user_id: str
    time: int
    verify: int = 1
    state: int = 0
    raw: bytes | None = None


def read_rows(table: Table, folder: Path, layout: Layout) -> tuple[LogRow, ...]:
    """Give the rows a table says, in whichever of the three ways."""
    given = [way for way in _WAYS if table.has(way)]
    for way in given[1:]:
        table.report(way, " 和 ".join(given), "rows、log、raw 三者之一", "请只留一个")
    rows: list[LogRow] = []
    for index, item in enumerate(table.items("rows")):
        row = _row(item) if isinstance(item, list) else None
        if row is None:
            table.report(f"rows[{index}]", item, _ROW_ALLOWED, "请改正这一行")
        else:
            rows.append(row)
    if name := table.text("log", "", longest=255):
        rows += _lines(table, "log", folder / name, _exported, _LINE_ALLOWED, f"时间为{STAMP_ALLOWED}")
    if name := table.text("raw", "", longest=255):
        allowed = f"一行一条记录，{layouts.row_bytes(layout)} 字节的十六进制"
        remedy = f"请改正这一行，或改 layout（现为 {layout}）"
        rows += _lines(table, "raw", folder / name, lambda line: _hex(line, layout), allowed, remedy)
    return tuple(rows)


def is_user_id(text: str) -> bool:
    """Say whether a scenario may use this user id."""
    return text.isascii() and text.isalnum() and len(text) <= 24


def _row(item: list[object]) -> LogRow | None:
    match item:
        case [str(user_id), str(stamp), *rest] if len(rest) <= 2 and is_user_id(user_id):
            packed = packed_stamp(stamp)
            codes = [code for code in rest if type(code) is int and 0 <= code <= 255]
            if packed is None or len(codes) != len(rest):
                return None
            verify, state = [*codes, *(1, 0)[len(codes) :]]
            return LogRow(user_id, packed, verify, state)
    return None


def _exported(line: str) -> LogRow | None:
    user_id, stamp, *rest = [part.strip() for part in line.split("\t")] + [""]
    codes = [part for part in rest[:2] if part]
    if not all(code.isdecimal() for code in codes):
        return None
    return _row([user_id, stamp, *(int(code) for code in codes)])


def _hex(line: str, layout: Layout) -> LogRow | None:
    raw = read_hex(line)
    if raw is None or len(raw) != layouts.row_bytes(layout):
        return None
    record = layouts.read_row(raw, layout)
    return LogRow(record.user_id, record.time, record.verify, record.state, raw)


def _lines(
    table: Table, key: str, path: Path, read: Callable[[str], LogRow | None], allowed: str, remedy: str
) -> list[LogRow]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        table.report(key, f"{path.name}：{type(error).__name__}", "可读的 UTF-8 文件", "请检查文件名")
        return []
    rows: list[LogRow] = []
    bad: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = read(line)
        if row is None:
            bad.append((number, line))
        else:
            rows.append(row)
    for number, line in bad[:_MOST_LINE_PROBLEMS]:
        table.report(f"{key} {path.name} 第 {number} 行", line, allowed, remedy)
    if len(bad) > _MOST_LINE_PROBLEMS:
        left = len(bad) - _MOST_LINE_PROBLEMS
        table.report(f"{key} {path.name}", f"另有 {left} 行有错", "没有错行", "请先改正以上各行")
    return rows
