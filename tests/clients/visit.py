"""One visit of pyzk, or of a fork of it, to a terminal: visit.py ASK.json, an ask as visit.cjs takes it, with `key`.

Writes to the file `answer` what the client gave, part by part, or {error}.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ask = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
sys.path.insert(0, ask["modules"])


def about(zk: Any) -> dict[str, Any]:
    """Give counts, time, serial and version, as the JavaScript clients name them."""
    zk.read_sizes()
    return {
        "counts": {"userCounts": zk.users, "logCounts": zk.records, "logCapacity": zk.rec_cap},
        "time": str(zk.get_time()),
        "serial": zk.get_serialnumber(),
        "version": zk.get_firmware_version(),
    }


def users(zk: Any) -> list[list[Any]]:
    """Give the users."""
    return [[user.uid, user.user_id, user.name] for user in zk.get_users()]


def log(zk: Any) -> list[list[Any]]:
    """Give the log."""
    return [[a.user_id, str(a.timestamp), a.punch, a.status] for a in zk.get_attendance()]


def event(zk: Any) -> list[Any]:
    """Give the first punch that happens."""
    for found in zk.live_capture(new_timeout=ask["timeout"] / 1000):
        if found is None:
            raise TimeoutError("no event")
        zk.end_live_capture = True
        return [found.user_id, str(found.timestamp)]
    raise EOFError


PARTS: dict[str, Callable[[Any], Any]] = {"about": about, "users": users, "log": log, "event": event}


def visit() -> dict[str, Any]:
    """Connect, ask for every part, disconnect."""
    module = importlib.import_module(ask["client"])
    client = module.ZK(
        ask["host"],
        port=ask["port"],
        timeout=ask["timeout"] / 1000,
        password=ask["key"],
        force_udp=ask["transport"] == "udp",
        ommit_ping=True,
    )
    zk = client.connect()
    found = {part: PARTS[part](zk) for part in ask["parts"]}
    zk.disconnect()
    return found


try:
    answer = visit()
except Exception as error:  # whatever a client raises is its answer
    answer = {"error": f"{type(error).__name__}: {error}"}
Path(ask["answer"]).write_text(json.dumps(answer), encoding="utf-8")
