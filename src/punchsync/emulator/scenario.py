"""A scenario: several terminals, their first log rows and what happens to them, read from a TOML file.

The format is described in fixtures/scenarios/one.toml and faulty.toml. All times are hall time, naive.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from punchsync.emulator.device import ChunkWay, User
from punchsync.emulator.table import STAMP_ALLOWED, ScenarioProblem, Table, packed_stamp

__all__ = ["Event", "LogRow", "Scenario", "ScenarioProblem", "TerminalPlan", "load"]

_CHUNK_WAYS = ("data", "prepare", "frames")
_EVENT_KEYS: Mapping[str, tuple[str, ...]] = {
    "punch": ("user", "verify", "state"),
    "unplug": (),
    "plug": (),
    "clear": (),
    "set_clock": ("to",),
    "reboot": ("seconds",),
    "drop": ("reads",),
}
_MOST_LINE_PROBLEMS = 20
_USER_ID_ALLOWED = "1–24 位字母或数字（加引号）"
_ROW_ALLOWED = '["工号", "YYYY-MM-DD HH:MM:SS"，验证方式，状态]，后两项 0–255，可省略'


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row already in a terminal's log; `time` is the packed u32 and need not be a real date."""

    user_id: str
    time: int
    verify: int = 1
    state: int = 0


@dataclass(frozen=True, slots=True)
class TerminalPlan:
    """One terminal of a scenario as it is at the start."""

    id: str
    port: int
    comm_key: int
    serial: str
    name: str
    firmware: str
    capacity: int
    clock_offset: timedelta
    drift_ppm: float
    chunks: ChunkWay
    frame_pause_ms: float
    users: tuple[User, ...]
    rows: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to a terminal at a hall time; what `do` does not need keeps its default."""

    at: datetime
    terminal: str
    do: str
    user_id: str = ""
    verify: int = 1
    state: int = 0
    to: datetime | None = None
    seconds: float = 60.0
    reads: int = 1


@dataclass(frozen=True, slots=True)
class Scenario:
    """A hall to be played; events are in order of time."""

    title: str
    start: datetime
    speed: float
    terminals: tuple[TerminalPlan, ...]
    events: tuple[Event, ...]


def load(path: Path) -> Scenario | list[ScenarioProblem]:
    """Read a scenario file and the log files it names: the scenario, or every problem found in them."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return [ScenarioProblem(str(path), "", type(error).__name__, "可读的文件", "请检查路径和权限")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [ScenarioProblem(str(path), "", str(error), "UTF-8 的 TOML 文件", "请按提示的行列改正")]
    problems: list[ScenarioProblem] = []
    scenario = _scenario(Table(str(path), "", data, problems), path.parent)
    return problems or scenario


def _scenario(table: Table, folder: Path) -> Scenario:
    title = table.text("title", "")
    start = table.moment("start")
    speed = table.number("speed", 1.0, 0, 86_400)
    terminals = table.tables("terminal")
    if not terminals:
        table.report("terminal", "0 台", "至少一台终端", "请加一段 [[terminal]]")
    plans = [_terminal(item, start, folder) for item in terminals]
    _unique(terminals, "id", [plan.id or None for plan in plans])
    _unique(terminals, "port", [plan.port or None for plan in plans])
    ids = [plan.id for plan in plans]
    events = [_event(item, start, ids) for item in table.tables("event")]
    table.finish()
    in_order = sorted(events, key=lambda event: event.at)
    return Scenario(title, start, speed, tuple(plans), tuple(in_order))


def _unique(tables: list[Table], key: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for table, value in zip(tables, values, strict=True):
        if value is not None and value in seen:
            table.report(key, str(value), "不与其他终端重复", f"请换一个 {key}")
        seen.add(value)


def _terminal(table: Table, start: datetime, folder: Path) -> TerminalPlan:
    name = table.text("id", longest=32)
    if table.has("clock") and table.has("clock_offset"):
        table.report("clock", "clock 和 clock_offset", "两者之一", "请删去一个")
    offset = table.moment("clock", start) - start
    offset += timedelta(seconds=table.number("clock_offset", 0, -1_000_000_000, 1_000_000_000))
    plan = TerminalPlan(
        id=name,
        port=table.integer("port", 0, 0, 65_535),
        comm_key=table.integer("comm_key", 0, 0, 0xFFFFFFFF, secret=True),
        serial=table.text("serial", f"EMU-{name}"),
        name=table.text("name", "F18"),
        firmware=table.text("firmware", "Ver 6.60 Apr 28 2017"),
        capacity=table.integer("capacity", 100_000, 1, 1_000_000),
        clock_offset=offset,
        drift_ppm=table.number("clock_drift_ppm", 0, -1_000_000, 1_000_000),
        chunks=cast(ChunkWay, table.choice("chunks", _CHUNK_WAYS, "prepare")),
        frame_pause_ms=table.number("frame_pause_ms", 0, 0, 1_000),
        users=_users(table),
        rows=_rows(table, folder),
    )
    table.finish()
    return plan


def _users(table: Table) -> tuple[User, ...]:
    users: dict[str, User] = {}
    for index, item in enumerate(table.items("users")):
        match item:
            case [str(user_id), str(name)] if _is_user_id(user_id) and user_id not in users:
                users[user_id] = User(len(users) + 1, user_id, name)
            case [str(user_id), str()] if user_id in users:
                table.report(f"users[{index}]", user_id, "不重复的工号", "请删去重复的一行")
            case _:
                table.report(f"users[{index}]", item, '["工号", "姓名"]', f"工号为{_USER_ID_ALLOWED}")
    return tuple(users.values())


def _rows(table: Table, folder: Path) -> tuple[LogRow, ...]:
    if table.has("rows") and table.has("log"):
        table.report("log", "rows 和 log", "两者之一", "请删去一个")
    rows: list[LogRow] = []
    for index, item in enumerate(table.items("rows")):
        row = _row(item) if isinstance(item, list) else None
        if row is None:
            table.report(f"rows[{index}]", item, _ROW_ALLOWED, "请改正这一行")
        else:
            rows.append(row)
    name = table.text("log", "", longest=255)
    return tuple(rows + _log_file(table, folder / name)) if name else tuple(rows)


def _row(item: list[object]) -> LogRow | None:
    match item:
        case [str(user_id), str(stamp), *rest] if len(rest) <= 2 and _is_user_id(user_id):
            packed = packed_stamp(stamp)
            codes = [code for code in rest if _is_code(code)]
            if packed is None or len(codes) != len(rest):
                return None
            return LogRow(user_id, packed, *cast(list[int], codes))
    return None


def _log_file(table: Table, path: Path) -> list[LogRow]:
    """Read tab-separated `user id, time, verify, state, workcode`, as a terminal exports its log."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        table.report("log", f"{path.name}：{type(error).__name__}", "可读的 UTF-8 文件", "请检查文件名")
        return []
    rows: list[LogRow] = []
    bad: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _line(line)
        if row is None:
            bad.append((number, line))
        else:
            rows.append(row)
    for number, line in bad[:_MOST_LINE_PROBLEMS]:
        allowed = "工号、时间、验证方式、状态、工作代码，以制表符分隔"
        table.report(f"log {path.name} 第 {number} 行", line, allowed, f"时间为{STAMP_ALLOWED}")
    if len(bad) > _MOST_LINE_PROBLEMS:
        left = len(bad) - _MOST_LINE_PROBLEMS
        table.report(f"log {path.name}", f"另有 {left} 行有错", "没有错行", "请先改正以上各行")
    return rows


def _line(line: str) -> LogRow | None:
    user_id, stamp, *rest = [part.strip() for part in line.split("\t")] + [""]
    codes = [part for part in rest[:2] if part]
    if not all(code.isdecimal() for code in codes):
        return None
    return _row([user_id, stamp, *(int(code) for code in codes)])


def _event(table: Table, start: datetime, ids: list[str]) -> Event:
    do = table.choice("do", tuple(_EVENT_KEYS))
    keys = _EVENT_KEYS.get(do, ())
    at = table.moment("at", None)
    if at != datetime.min and at < start:
        table.report("at", str(at), f"不早于 start（{start}）", "请改晚，或把它写进 rows")
    event = Event(
        at=at,
        terminal=table.choice("terminal", ids),
        do=do,
        user_id=_user(table) if "user" in keys else "",
        verify=table.integer("verify", 1, 0, 255) if "verify" in keys else 1,
        state=table.integer("state", 0, 0, 255) if "state" in keys else 0,
        to=table.moment("to") if "to" in keys else None,
        seconds=table.number("seconds", 60, 0, 86_400) if "seconds" in keys else 60.0,
        reads=table.integer("reads", 1, 1, 1_000) if "reads" in keys else 1,
    )
    # With an unknown `do` nobody can tell which keys belong to it.
    table.finish(() if do else {key for legal in _EVENT_KEYS.values() for key in legal})
    return event


def _user(table: Table) -> str:
    user_id = table.text("user", longest=24)
    if user_id and not _is_user_id(user_id):
        table.report("user", user_id, _USER_ID_ALLOWED, "请改正工号")
    return user_id


def _is_user_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= 24


def _is_code(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255
