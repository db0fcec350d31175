"""A scenario: several terminals, their first log rows and what happens to them, read from a TOML file.

The format is described in fixtures/scenarios/one.toml and udp.toml. All times are hall time, naive. A dump of
a real terminal is a scenario of one terminal without events; it need not say `start`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from punchsync.emulator.clock import wall_time
from punchsync.emulator.happening import Event, read_event
from punchsync.emulator.logfile import LogRow
from punchsync.emulator.plan import TerminalPlan, read_terminal
from punchsync.emulator.table import ScenarioProblem, Table

__all__ = ["Event", "LogRow", "Scenario", "ScenarioProblem", "TerminalPlan", "load"]


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
    title = table.text("title", "", longest=200)
    start = table.moment("start", None if table.has("event") else wall_time().replace(microsecond=0))
    speed = table.number("speed", 1.0, 0, 86_400)
    terminals = table.tables("terminal")
    if not terminals:
        table.report("terminal", "0 台", "至少一台终端", "请加一段 [[terminal]]")
    plans = [read_terminal(item, start, folder) for item in terminals]
    _unique(terminals, "id", [plan.id or None for plan in plans])
    _unique(terminals, "port", [(plan.transport, plan.port) if plan.port else None for plan in plans])
    events = [read_event(item, start, plans, folder) for item in table.tables("event")]
    table.finish()
    in_order = sorted(events, key=lambda event: event.at)
    return Scenario(title, start, speed, tuple(plans), tuple(in_order))


def _unique(tables: list[Table], key: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for table, value in zip(tables, values, strict=True):
        if value is not None and value in seen:
            table.report(key, str(value), "不与其他终端重复", f"请换一个 {key}")
        seen.add(value)
