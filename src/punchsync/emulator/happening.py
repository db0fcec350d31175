"""One `[[event]]` of a scenario: something that happens to a terminal at a hall time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from punchsync.emulator.faults.named import FaultPlan
from punchsync.emulator.logfile import USER_ID_ALLOWED, LogRow, is_user_id, read_rows
from punchsync.emulator.plan import TerminalPlan, read_fault, read_users
from punchsync.emulator.table import Table
from punchsync.emulator.traits import User

_KEYS: Mapping[str, tuple[str, ...]] = {
    "punch": ("user", "verify", "state"),
    "enrol": ("user", "name", "slot"),
    "remove": ("user",),
    "unplug": (),
    "plug": (),
    "reboot": ("seconds",),
    "drop": ("reads",),
    "lose": ("datagrams",),
    "fault": (),
    "mend": (),
    "clear": (),
    "set_clock": ("to",),
    "battery": (),
    "replace": ("serial", "users", "rows", "log", "raw"),
    "move": (),
}


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
    name: str = ""
    slot: int | None = None
    serial: str = ""
    users: tuple[User, ...] = ()
    rows: tuple[LogRow, ...] = ()
    fault: FaultPlan | None = None


def read_event(table: Table, start: datetime, plans: Sequence[TerminalPlan], folder: Path) -> Event:
    """Read one event of these terminals; its log files are looked for in `folder`."""
    do = table.choice("do", tuple(_KEYS))
    keys = _KEYS.get(do, ())
    at = table.moment("at", None)
    if at != datetime.min and at < start:
        table.report("at", str(at), f"不早于 start（{start}）", "请改晚，或把它写进 rows")
    terminal = table.choice("terminal", [plan.id for plan in plans])
    layouts = [plan.traits.layout for plan in plans if plan.id == terminal]
    table.text("note", "", longest=200)
    event = Event(
        at=at,
        terminal=terminal,
        do=do,
        user_id=_user(table) if "user" in keys else "",
        verify=table.integer("verify", 1, 0, 255) if "verify" in keys else 1,
        state=table.integer("state", 0, 0, 255) if "state" in keys else 0,
        to=table.moment("to") if "to" in keys else None,
        seconds=table.number("seconds", 60, 0, 86_400) if do == "reboot" else 60.0,
        reads=_reads(table, do),
        name=table.text("name", "") if do == "enrol" else "",
        slot=(table.integer("slot", 0, 1, 0xFFFF) or None) if "slot" in keys else None,
        serial=table.text("serial") if "serial" in keys else "",
        users=read_users(table) if "users" in keys else (),
        rows=read_rows(table, folder, layouts[0] if layouts else "40") if "rows" in keys else (),
        fault=read_fault(table) if do == "fault" else None,
    )
    if not do:
        # Nobody can tell which keys belong to it.
        table.ignore()
    table.finish()
    return event


def _reads(table: Table, do: str) -> int:
    key = {"drop": "reads", "lose": "datagrams"}.get(do)
    return table.integer(key, 1, 1, 1_000) if key else 1


def _user(table: Table) -> str:
    user_id = table.text("user", longest=24)
    if user_id and not is_user_id(user_id):
        table.report("user", user_id, USER_ID_ALLOWED, "请改正工号")
    return user_id
