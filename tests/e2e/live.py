"""A site with emulated terminals, in a hall time that stands where a test puts it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import pytest

from punchsync.bootstrap import clocks, reader
from punchsync.core.moment import Moment, to_moment
from punchsync.emulator import Device, EmulatedTerminal, Record, wire
from punchsync.emulator.traits import Transport
from punchsync.terminals import network

from .commandline import Ran, export
from .site import MONDAY, Hall, attlog, staff

Verdicts = dict[str, list[str]]
CLEAN = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")


def when(text: str, date: str = MONDAY) -> datetime:
    """A time of Monday, or of the date that it says itself."""
    return datetime.fromisoformat(text if len(text) > 10 else f"{date} {text}")


class Live(Hall):
    """A hall, its terminals and its clock: the daemon's and the terminals' hall time is `now`."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, pack: str = "yihuang", deadline: float = 10.0):
        self.now = when("07:00:00")
        self.devices: dict[str, Device] = {}
        self.terminals: dict[str, EmulatedTerminal] = {}
        self.settings: dict[str, str] = {}
        self.pack = pack
        self._stack = ExitStack()
        monkeypatch.setattr(clocks.HallClock, "now", self._moment)
        monkeypatch.setattr(reader, "DEADLINE", deadline)
        # Between two attempts nothing happens here that is worth waiting for.
        monkeypatch.setattr(network, "time", SimpleNamespace(sleep=lambda _seconds: None))
        super().__init__(path, "")
        self.set_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def _moment(self, _clock: object = None) -> Moment:
        return to_moment(self.now)

    def set_up(self, pack: str | None = None) -> None:
        """Write the settings as they stand."""
        self.pack = pack or self.pack
        head = f'[hall]\nid = "demo"\nname = "厅"\npack = "{self.pack}"\n'
        text = head + "".join(self.settings.values())
        (self.path / "punchsync.toml").write_text(text, encoding="utf-8")

    def device(self, serial: str = "S1", **options: Any) -> Device:
        """A device whose hall time is this hall's; on no network yet."""
        return Device(serial, now=lambda: self.now, **options)

    def connect(
        self, device: Device | None = None, id: str = "T1", more: str = "", transport: Transport = "tcp", **options: Any
    ) -> Device:
        """Put a device on the network, and in the settings as a terminal."""
        device = device or self.device(f"S{id[1:]}")
        options.setdefault("second", "refuse" if transport == "tcp" else "replace")
        running = self._stack.enter_context(EmulatedTerminal(device, transport=transport, **options))
        self.devices[id], self.terminals[id] = device, running
        self.name(id, running.port, f'transport = "{transport}"\n{more}')
        return device

    def name(self, id: str, port: int, more: str = "") -> None:
        """Have a terminal at a port in the settings."""
        self.settings[id] = f'[[terminal]]\nid = "{id}"\nhost = "127.0.0.1"\nport = {port}\n{more}'
        self.set_up()

    def people(self, *ids: str, **more: str) -> None:
        """Post these people for good; P7 types 7."""
        rows = [staff(id, **({"to": ""} | more)) for id in ids]
        assert self.bring("staff", *rows).status == 0

    def taken(self, user: str, *times: str, terminal: str = "T1", date: str = MONDAY) -> None:
        """Punches at these hall times, as the terminal's clock writes them now."""
        device = self.devices[terminal]
        for text in times:
            device.punch(user, device.clock_at(when(text, date)))

    def off(self, seconds: int, terminal: str = "T1") -> None:
        """Set a terminal's clock so many seconds ahead, at the hall's time."""
        self.devices[terminal].set_clock(self.now + timedelta(seconds=seconds))

    def poll(self, at: str, *args: str, status: int = 0) -> dict[str, Any]:
        """A round of reads at a hall time; what it says as JSON."""
        ran = self.at(at, *(args if args[:1] == ("resync",) else ("poll", *args)), "--json")
        assert ran.status == status, ran
        found: dict[str, Any] = json.loads(ran.out)
        return found

    def at(self, at: str, *args: str) -> Ran:
        """A command at a hall time."""
        self.now = when(at)
        return self.run(*args)

    def judged(self, date: str = MONDAY) -> Verdicts:
        """Everybody's verdicts of a day in its order; late and early with their seconds."""
        order = {"in": 0, "out": 1}
        rows = sorted((r for r in export(self.path, "verdicts") if r[0] == date), key=lambda r: (r[2], order[r[3]]))
        out: Verdicts = {}
        for r in rows:
            out.setdefault(r[1], []).append(r[7] if r[8] == "0" else f"{r[7]} {r[8]}")
        return out

    def times(self, person: str = "P1") -> list[str]:
        """The times of a person's punches as exported."""
        return [r[0][11:] for r in export(self.path, "punches") if r[2] == person]

    def accused(self) -> dict[str, object]:
        """What anybody is accused of or charged."""
        return {kind: export(self.path, kind) for kind in ("violations", "ledger")}

    def sound(self) -> None:
        """Every invariant of the store holds."""
        ran = self.run("verify")
        assert ran.status == 0, ran

    def warned(self, at: str) -> dict[str, list[str]]:
        """What `check` says, by level."""
        ran = self.at(at, "check", "--json")
        out: dict[str, list[str]] = {"ok": [], "warn": [], "fail": []}
        for line in json.loads(ran.out)["lines"]:
            out[line["level"]].append(line["text"])
        assert ran.status == bool(out["fail"]), ran
        return out

    def file(self, rows: Iterable[Record], name: str = "1_attlog.dat") -> str:
        """A terminal's USB file of these records."""
        text = "".join(attlog(f"{datetime(*wire.unpack_fields(r.time))}", user=r.user_id) for r in rows)
        return str(self.write(name, text))


NOBODY: dict[str, object] = {"violations": [], "ledger": []}
"""What is exported where nobody is accused."""


def noticed(done: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Terminal, code and value of what a round noticed."""
    return [(t["terminal"], n["code"], n["value"]) for t in done["terminals"] for n in t["noticed"]]


def read_of(done: dict[str, Any], terminal: str = "T1") -> dict[str, Any]:
    """What a round says of one terminal."""
    (found,) = [t for t in done["terminals"] if t["terminal"] == terminal]
    return found
