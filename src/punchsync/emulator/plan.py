"""One `[[terminal]]` of a scenario: what a terminal is at the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import le
from pathlib import Path
from typing import Any, cast, get_args

from punchsync.emulator.door import Second
from punchsync.emulator.faults.named import FAULTS, FaultPlan, Flag, Hex, Knob, Real, Value, Whole, Wholes
from punchsync.emulator.logfile import USER_ID_ALLOWED, LogRow, is_user_id, read_rows
from punchsync.emulator.table import Table
from punchsync.emulator.traits import ChunkWay, Layout, Traits, Transport, User
from punchsync.emulator.wire import Answer

_REFUSALS = (int(Answer.ACK_ERROR), int(Answer.NO_BUFFER), int(Answer.ERROR_COMMAND), int(Answer.UNKNOWN))
_USER_LIMITS = (0xFFFF, 0xFF, 0xFFFFFFFF)
_USER_ALLOWED = '["工号", "姓名"]，其后可加编号、权限、卡号'


@dataclass(frozen=True, slots=True)
class TerminalPlan:
    """One terminal of a scenario as it is at the start; `second` None is the transport's own way."""

    id: str
    port: int = 0
    comm_key: int = 0
    serial: str = ""
    capacity: int = 100_000
    user_capacity: int = 3_000
    clock_offset: timedelta = timedelta()
    drift_ppm: float = 0.0
    frame_pause_ms: float = 0.0
    transport: Transport = "tcp"
    second: Second | None = None
    traits: Traits = field(default_factory=Traits)
    users: tuple[User, ...] = ()
    rows: tuple[LogRow, ...] = ()
    faults: tuple[FaultPlan, ...] = ()


def read_terminal(table: Table, start: datetime, folder: Path) -> TerminalPlan:
    """Read one terminal; its log files are looked for in `folder`."""
    name = table.text("id", longest=32)
    if table.has("clock") and table.has("clock_offset"):
        table.report("clock", "clock 和 clock_offset", "两者之一", "请删去一个")
    offset = table.moment("clock", start) - start
    offset += timedelta(seconds=table.number("clock_offset", 0, -1_000_000_000, 1_000_000_000))
    traits = _traits(table)
    plan = TerminalPlan(
        id=name,
        port=table.integer("port", 0, 0, 65_535),
        comm_key=table.integer("comm_key", 0, 0, 0xFFFFFFFF, secret=True),
        serial=table.text("serial", f"EMU-{name}"),
        capacity=table.integer("capacity", 100_000, 1, 1_000_000),
        user_capacity=table.integer("user_capacity", 3_000, 1, 1_000_000),
        clock_offset=offset,
        drift_ppm=table.number("clock_drift_ppm", 0, -1_000_000, 1_000_000),
        frame_pause_ms=table.number("frame_pause_ms", 0, 0, 1_000),
        transport=cast(Transport, table.choice("transport", get_args(Transport), "tcp")),
        second=cast(Second, table.choice("second", get_args(Second), "")) or None,
        traits=traits,
        users=read_users(table),
        rows=read_rows(table, folder, traits.layout),
        faults=_faults(table),
    )
    table.finish()
    return plan


def read_users(table: Table) -> tuple[User, ...]:
    """Read a table's `users`; one without a slot gets the next."""
    users: dict[str, User] = {}
    for index, item in enumerate(table.items("users")):
        user = _user(item, max((user.uid for user in users.values()), default=0) + 1)
        if user is None:
            table.report(f"users[{index}]", item, _USER_ALLOWED, f"工号为{USER_ID_ALLOWED}")
        elif user.user_id in users or user.uid in {other.uid for other in users.values()}:
            table.report(f"users[{index}]", item, "不重复的工号和编号", "请删去重复的一行")
        else:
            users[user.user_id] = user
    return tuple(users.values())


def read_fault(table: Table) -> FaultPlan | None:
    """Read a fault by its name and parameters; None, and its other keys let be, when there is no such fault."""
    name = table.choice("name", tuple(FAULTS))
    if not name:
        table.ignore()
        return None
    values = {key: _value(table, key, knob) for key, knob in FAULTS[name].knobs.items()}
    return FaultPlan(name, values)


def _faults(table: Table) -> tuple[FaultPlan, ...]:
    items = table.tables("fault")
    found = [read_fault(item) for item in items]
    for item in items:
        item.finish()
    return tuple(fault for fault in found if fault is not None)


def _user(item: object, slot: int) -> User | None:
    match item:
        case [str(user_id), str(name), *rest] if user_id and is_user_id(user_id) and len(rest) <= 3:
            numbers = [*rest, *(slot, 0, 0)[len(rest) :]]
            whole = [number for number in numbers if type(number) is int and number >= 0]
            if len(whole) == len(_USER_LIMITS) and all(map(le, whole, _USER_LIMITS)) and whole[0]:
                return User(whole[0], user_id, name, whole[1], whole[2])
    return None


def _traits(table: Table) -> Traits:
    usual = Traits()
    picked: Mapping[str, int | None] = {
        "sizes_bytes": table.pick("sizes", (80, 92, 112)),
        "user_bytes": table.pick("users_bytes", (28, 72)),
        "event_bytes": table.pick("event_bytes", (10, 12, 14, 32, 36, 37, 52)),
        "data_answer": table.pick("data_answer", (int(Answer.ACK_OK), int(Answer.ACK_DATA))),
        "buffer_refusal": table.pick("buffer_refusal", _REFUSALS),
        "range_refusal": table.pick("range_refusal", _REFUSALS),
    }
    said = replace(
        usual,
        name=table.text("name", usual.name),
        firmware=table.text("firmware", usual.firmware),
        chunks=cast(ChunkWay, table.choice("chunks", get_args(ChunkWay), usual.chunks)),
        frame_bytes=table.integer("frame_bytes", usual.frame_bytes, 16, 65_472),
        indexed_frames=table.flag("indexed_frames", usual.indexed_frames),
        inline_limit=table.integer("inline_limit", usual.inline_limit, 0, 65_472),
        udp_largest_chunk=table.integer("udp_largest_chunk", usual.udp_largest_chunk, 16, 65_472),
        read_start=cast(Any, table.choice("read_start", ("honoured", "ignored", "refused"), usual.read_start)),
        layout=cast(Layout, table.choice("layout", get_args(Layout), usual.layout)),
        encoding=table.choice("encoding", ("utf-8", "gbk"), usual.encoding),
        asks_key_zero=table.flag("key_zero_asks", usual.asks_key_zero),
        encrypted_only=table.flag("encrypted", usual.encrypted_only),
        time_range=table.flag("time_range", usual.time_range),
        total_off=table.integer("total_off", usual.total_off, -65_536, 65_536),
    )
    return replace(said, **cast(Any, {key: value for key, value in picked.items() if value is not None}))


def _value(table: Table, key: str, knob: Knob) -> Value:
    match knob:
        case Whole(default, low, high):
            return table.integer(key, default, low, high)
        case Real(usual, least, most):
            return table.number(key, usual, least, most)
        case Flag(unless_said):
            return table.flag(key, unless_said)
        case Hex(given):
            return table.hexadecimal(key, given)
        case Wholes(listed, highest):
            return table.integers(key, listed, highest)
