"""The main job under the unit's limits: a real service reads a terminal, settles, publishes, backs up and stops.

The limits are read from the unit itself and applied by `limits.py`, as far as kernel and container permit; what was
applied, and what was not, is said at the end of a run.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from installkit import ROOT

from punchsync.bootstrap import opened
from punchsync.bootstrap.bringing import bring_records
from punchsync.emulator import Device, EmulatedTerminal

UNIT = ROOT / "systemd/punchsync.service"
PUNCHSYNC = [sys.executable, "-m", "punchsync"]
ZONE = ZoneInfo("Asia/Shanghai")
STAFF = (
    "person_id,name,unit,window,post,device_user_id,backup_for,from,to\nA1,甲一,公安局,公安,staff,1001,,2026-01-01,\n"
)
COMM_KEY = 481516
PATIENCE = 60.0
NOWHERE = {"KeyringMode", "MemoryHigh", "RemoveIPC"}
"""Settings that nothing but systemd applies."""
PROBES = """\
import ctypes, mmap, os, resource, socket, subprocess, threading

def refused(act):
    try:
        act()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return ""

def namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) == -1:
        raise OSError(ctypes.get_errno(), "unshare")

open("own", "w").close()
thread = threading.Thread(target=lambda: None)
thread.start()
thread.join()
print({
    "own folder": oct(os.stat("own").st_mode),
    "child": subprocess.run(["/bin/true"]).returncode,
    "internet": refused(lambda: socket.socket(socket.AF_INET).close()),
    "netlink": refused(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "writable code": refused(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)),
    "namespace": refused(namespace),
    "set-uid": refused(lambda: os.chmod("own", 0o4700)),
    "nicer": refused(lambda: os.nice(1)),
    "root's file": refused(lambda: os.chown("own", 0, 0)),
    "elsewhere": refused(lambda: open("/etc/own", "w")),
    "too much memory": refused(lambda: bytearray(2**30)),
    "root": os.getuid() == 0,
    "files": resource.getrlimit(resource.RLIMIT_NOFILE),
})
"""


def lacking() -> str:
    """What the limits need and is not here; "" where all is."""
    if shutil.which("systemd-analyze") is None:
        return "no systemd-analyze, which knows the sets of system calls"
    try:
        import ctypes

        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return "no libseccomp.so.2"
    return ""


pytestmark = pytest.mark.skipif(bool(lacking()), reason=f"NOT TESTED under the unit's limits: {lacking()}")


def limited(folder: Path, *command: str) -> list[str]:
    return [sys.executable, str(ROOT / "tests/install/limits.py"), str(UNIT), str(folder), "--", *command]


def told(text: str) -> dict[str, dict[str, str] | list[str]]:
    """What the launcher said of its limits."""
    (line,) = [line for line in text.splitlines() if line.startswith('{"applied"')]
    return json.loads(line)


def full(said: dict[str, dict[str, str] | list[str]]) -> bool:
    return set(said["left_out"]) <= {*NOWHERE, "PR_SET_MDWE"}


def test_what_the_unit_refuses_is_refused(tmp_path):
    (tmp_path / "site").mkdir()
    done = subprocess.run(limited(tmp_path / "site", sys.executable, "-c", PROBES), capture_output=True, text=True)

    said = told(done.stderr)
    if not full(said):
        pytest.skip(f"NOT TESTED in full under the unit's limits; left out here: {said['left_out']}")
    assert eval(done.stdout) == {
        "own folder": "0o100600",
        "child": 0,
        "internet": "",
        "netlink": "OSError",
        "writable code": "PermissionError",
        "namespace": "PermissionError",
        "set-uid": "PermissionError",
        "nicer": "PermissionError",
        "root's file": "PermissionError",
        "elsewhere": "OSError",
        "too much memory": "MemoryError",
        "root": False,
        "files": (4096, 4096),
    }, done.stderr


@pytest.fixture
def terminal() -> Iterator[EmulatedTerminal]:
    device = Device(now=lambda: datetime.now(ZONE).replace(tzinfo=None), comm_key=COMM_KEY)
    midnight = datetime.now(ZONE).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    device.enrol("1001")
    for second in (0, 1):
        device.punch("1001", midnight.replace(second=second))
    with EmulatedTerminal(device) as running:
        yield running


@pytest.fixture
def site(tmp_path, terminal) -> Path:
    """A site whose jobs of today are all due since the first minutes of the day."""
    folder = tmp_path / "site"
    folder.mkdir(mode=0o750)
    today = datetime.now(ZONE).date()
    port = free_port()
    (folder / "punchsync.toml").write_text(
        f"""
[hall]
id = "h"
name = "厅"
pack = "yihuang"
[[terminal]]
id = "T1"
host = "127.0.0.1"
port = {terminal.port}
comm_key = "credential:t1"
from = {today}
[schedule]
polls = ["00:00"]
nightly = "00:00"
backup = "00:00"
verify = "00:00"
[desk]
listen = "127.0.0.1:{port}"
"""
    )
    before = os.umask(0o077)
    try:
        with opened(folder) as made:
            assert not bring_records(made, "staff", STAFF.encode(), "staff.csv", False).problems
    finally:
        os.umask(before)
    return folder


@pytest.fixture
def credentials(tmp_path) -> Path:
    """What LoadCredential leaves for the service: read-only, its own."""
    folder = tmp_path / "site/.credentials"
    folder.mkdir()
    (folder / "t1").write_text(f"{COMM_KEY}\n")
    (folder / "t1").chmod(0o400)
    return folder


@pytest.fixture
def manager() -> Iterator[socket.socket]:
    """Who hears sd_notify: an abstract socket, which no mount hides."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0punchsync-{secrets.token_hex(8)}")
        listening.settimeout(0.2)
        yield listening


def test_a_service_does_its_whole_day_under_the_units_limits(site, credentials, manager, tmp_path, record_property):
    name = manager.getsockname().decode().replace("\0", "@", 1)
    environment = {**os.environ, "CREDENTIALS_DIRECTORY": str(credentials), "NOTIFY_SOCKET": name}
    log = tmp_path / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            limited(site, *PUNCHSYNC, "serve"), stdout=subprocess.DEVNULL, stderr=errors, env=environment
        )
        try:
            heard = hear(manager, process, lambda heard: "READY=1" in heard and day_done(site), log)
            health = get(site, "/healthz")
            process.send_signal(signal.SIGHUP)
            reloaded = hear(manager, process, lambda heard: "READY=1" in heard, log)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            process.wait(PATIENCE)
            took = time.monotonic() - began
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    said = told(log.read_text())
    left_out = ", ".join(f"{key} ({why})" for key, why in said["left_out"].items())
    record_property("under the unit's limits", f"{' '.join(said['applied'])}; left out: {left_out or 'nothing'}")
    stopped = hear(manager, None, lambda heard: "STOPPING=1" in heard, log)
    assert process.returncode == 0, log.read_text()
    assert took < 10
    assert health == 200
    steps = [line for line in [*heard, *reloaded, *stopped] if line in ("READY=1", "RELOADING=1", "STOPPING=1")]
    assert steps == ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"]
    assert failures(log) == []
    assert set(outcomes(site).values()) == {"ok"}
    assert {p.suffix for p in (site / "bulletins").glob("daily-*")} == {f".{form}" for form in FORMS}
    assert list((site / "backups").iterdir()) != []
    assert [p.name for p in site.rglob("*") if p.is_file() and p.stat().st_mode & 0o077 and p.parent.name in OWN] == []


OWN = ("data", "backups", "bulletins")
FORMS = ("docx", "html", "md", "pdf", "txt", "xlsx")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return trial.getsockname()[1]


def get(site: Path, path: str) -> int:
    """The status that the service answers with."""
    listen = tomllib.loads((site / "punchsync.toml").read_text())["desk"]["listen"]
    with closing(HTTPConnection(listen, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def day_done(site: Path) -> bool:
    """Whether the terminal was read, the day settled and published, the store backed up and verified."""
    return {"poll-1", "nightly", "backup", "verify"} <= set(outcomes(site)) and printed(site)


def printed(site: Path) -> bool:
    """Whether the day's bulletin is there in every form."""
    with closing(sqlite3.connect(f"file:{site / 'data/punchsync.db'}?mode=ro", uri=True)) as store:
        return not store.execute("SELECT 1 FROM printing").fetchall()


def outcomes(site: Path) -> dict[str, str]:
    """How each job of the run table ended."""
    with closing(sqlite3.connect(f"file:{site / 'data/punchsync.db'}?mode=ro", uri=True)) as store:
        return dict(store.execute("SELECT job, outcome FROM job_run WHERE job <> 'serve'"))


def failures(log: Path) -> list[str]:
    """What the service logged as an error."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line["event"] for line in lines if line.get("level") in ("error", "critical")]


def hear(
    manager: socket.socket, process: subprocess.Popen[bytes] | None, enough: Callable[[list[str]], bool], log: Path
) -> list[str]:
    """What the manager is told until there is enough of it; the first lines of its messages."""
    heard: list[str] = []
    give_up = time.monotonic() + PATIENCE
    while True:
        with suppress(TimeoutError):
            heard += manager.recv(4096).decode().splitlines()
        if enough(heard):
            return heard
        assert process is None or process.poll() is None, log.read_text()
        assert time.monotonic() < give_up, log.read_text()
