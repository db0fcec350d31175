"""One visit of a public client to an emulated terminal: a process of its own, with an end in time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from client_list import USERS, Client
from client_packages import node

from punchsync.emulator import Device, EmulatedTerminal, Record, Traits, wire

HERE = Path(__file__).parent
NOON = datetime(2026, 10, 8, 12, 0, 5)
LIMIT = 60.0
"""Seconds after which a visit is ended."""
PATIENCE = 8.0
"""Seconds a client waits for an answer."""
PUNCH = ("77", datetime(2026, 10, 8, 17, 0, 1))
"""The punch that happens while a client listens: a number that also fits in a byte, as one client reads it."""

Answer = dict[str, Any]


def terminal_with(rows: int, traits: Traits, key: int = 0) -> Device:
    """Give a terminal with the users and so many rows, one of them of a person long deleted."""
    device = Device(comm_key=key, users=USERS, traits=replace(traits), now=lambda: NOON)
    who = [user.user_id for user in USERS] + ["777"]
    began = datetime(2026, 9, 1, 7, 59, 58)
    device.store(
        Record(
            device.uid_of(who[n % len(who)]),
            who[n % len(who)],
            wire.pack_time(began + timedelta(seconds=397 * n)),
            verify=(1, 15, 4, 25)[n % 4],
            state=(0, 1, 4, 5, 255)[n % 5],
        )
        for n in range(rows)
    )
    return device


def visit(
    folder: Path, modules: Path, client: Client, terminal: EmulatedTerminal, parts: list[str], *, key: int = 0
) -> Answer:
    """Run one visit in a process of its own; a punch happens as soon as the client has asked for events."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="visit-", dir=folder) as name:
        room = Path(name)
        ask = {
            "client": client.name,
            "modules": str(modules),
            "host": terminal.host,
            "port": terminal.port,
            "transport": client.transport,
            "parts": parts,
            "tells": client.tells,
            "timeout": int(PATIENCE * 1000),
            "key": key,
            "answer": str(room / "answer.json"),
        }
        (room / "ask.json").write_text(json.dumps(ask), encoding="utf-8")
        runs = [sys.executable, str(HERE / "visit.py")] if client.python else [node(), str(HERE / "visit.cjs")]
        registered = terminal.device.received[wire.Command.REG_EVENT]
        with (
            (room / "said").open("wb") as said,
            subprocess.Popen(
                [*runs, str(room / "ask.json")],
                cwd=room,
                env={"TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            try:
                if "event" in parts:
                    punch_once_asked(terminal.device, registered, process)
                process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                return {"error": f"ended after {LIMIT:g} s"}
            finally:
                process.kill()
        if not (room / "answer.json").exists():
            return {"error": f"no answer: {(room / 'said').read_text(encoding='utf-8', errors='replace')[-300:]}"}
        answer: Answer = json.loads((room / "answer.json").read_text(encoding="utf-8"))
        return answer


def punch_once_asked(device: Device, registered: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the client has registered for events, then let somebody punch."""
    until = time.monotonic() + PATIENCE
    while device.received[wire.Command.REG_EVENT] == registered:
        if process.poll() is not None or time.monotonic() > until:
            return
        time.sleep(0.005)
    device.punch(*PUNCH)
