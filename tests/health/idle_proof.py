"""What a service costs that has nothing to do: memory and processor with a year of data, and how soon it is ready.

A hall of 120 people and five emulated terminals is read and settled for a year; then the service is started on it, does
what is owed today, and is left alone, with its listener on. Figures of time are ratios of medians within one run.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from punchsync.emulator import Device, EmulatedTerminal

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE, TERMINALS, DAYS = 120, 5, 365
MEMORY, PROCESSOR, START = 150.0, 0.5, 5.0
"""The most that is allowed: MB resident, percent of a core, and times the import of fastapi and sqlalchemy."""
STARTS = 5
IDLE = 90.0
"""Seconds of rest that are measured, once unasked and once scraped."""
SCRAPED = 15.0
PATIENCE = 600.0
BARE = "import fastapi, sqlalchemy"

Row = tuple[str, int, str, bool]


class Cost(NamedTuple):
    """What a process holds and has used: MB now and at most, seconds of processor."""

    now: float
    most: float
    used: float


def prove(say: Callable[[str], object]) -> list[Row]:
    """Each measure with its bound: what, runs, figure, whether it keeps the bound."""
    with tempfile.TemporaryDirectory(prefix="punchsync-idle-") as name, ExitStack() as stack:
        devices = [stack.enter_context(EmulatedTerminal(device)) for device in year()]
        port = free_port()
        site = make_site(Path(name) / "site", devices, port)
        say(f"idle: {PEOPLE} people, {TERMINALS} terminals, {DAYS} days")
        for args in (("import", "staff", str(site / "staff.csv")), ("poll",)):
            subprocess.run(command(site, *args), check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
        with serving(site) as service:
            ready(port)
            at_rest(service.pid)
        bare, whole = starts(site, port)
        with serving(site) as service:
            ready(port)
            at_rest(service.pid)
            alone, held = resting(service.pid, lambda: None)
            scraped, after = resting(service.pid, lambda: ask(port, "/metrics"))
            took = [timed(partial(ask, port, path)) for path in ("/healthz", "/readyz", "/metrics") for _ in range(20)]
    ratio = median(whole) / median(bare)
    return [
        ("idle memory", 1, f"{after.now:.0f} MB resident, {after.most:.0f} at most so far", after.now <= MEMORY),
        ("idle processor", 1, f"{alone:.2f} % of a core over {IDLE:.0f} s, {held.now:.0f} MB", alone <= PROCESSOR),
        ("scraped", 1, f"{scraped:.2f} % of a core, every {SCRAPED:.0f} s", scraped <= PROCESSOR),
        ("probes", len(took), f"median {median(took) * 1000:.0f} ms, longest {max(took) * 1000:.0f} ms", max(took) < 2),
        (
            "start to ready", STARTS,
            f"median {median(whole):.2f} s, {ratio:.1f} x a bare import ({median(bare):.2f} s)", ratio <= START,
        ),
    ]  # fmt: skip


def year() -> Iterator[Device]:
    """Terminals with a year of punches: four a day of everybody on working days, a little before and after the hour."""
    now = datetime.now(ZONE).replace(tzinfo=None, microsecond=0)
    first = (now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0)
    for terminal in range(TERMINALS):
        device = Device(now=lambda: datetime.now(ZONE).replace(tzinfo=None), serial=f"S{terminal}")
        mine = range(terminal, PEOPLE, TERMINALS)
        for person in mine:
            device.enrol(str(1000 + person))
        for day in range(DAYS):
            date = first + timedelta(days=day)
            if date.weekday() > 4:
                continue
            for hour, minute in ((8, 20), (12, 2), (14, 20), (17, 35)):
                for person in mine:
                    at = date + timedelta(hours=hour, minutes=minute, seconds=(person * 37 + day * 11) % 900)
                    device.punch(str(1000 + person), at)
        yield device


def make_site(folder: Path, terminals: Sequence[EmulatedTerminal], port: int) -> Path:
    """A hall that reads them."""
    folder.mkdir()
    text = f'[hall]\nid = "idle"\nname = "厅"\npack = "yihuang"\n[desk]\nlisten = "127.0.0.1:{port}"\n'
    for number, terminal in enumerate(terminals):
        text += f'[[terminal]]\nid = "T{number}"\nhost = "127.0.0.1"\nport = {terminal.port}\n'
    (folder / "punchsync.toml").write_text(text, encoding="utf-8")
    since = (datetime.now(ZONE) - timedelta(days=DAYS)).date()
    people = [f"P{n},某{n},单位,窗口{n % 9},staff,{1000 + n},,{since},\n" for n in range(PEOPLE)]
    head = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    (folder / "staff.csv").write_text(head + "".join(people), encoding="utf-8")
    return folder


def command(site: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "punchsync", "--site", str(site), *args]


@contextmanager
def serving(site: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A service as a process of its own, ended at the end."""
    with (site / "log").open("ab") as log:
        process = subprocess.Popen(command(site, "serve"), stdout=subprocess.DEVNULL, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def starts(site: Path, port: int) -> tuple[list[float], list[float]]:
    """Seconds of a bare import, and from starting the service until it says that it is ready, one after the other."""
    bare, whole = [], []
    for _ in range(STARTS):
        bare.append(timed(lambda: subprocess.run([sys.executable, "-c", BARE], check=True)))
        began = time.monotonic()
        with serving(site):
            ready(port)
            whole.append(time.monotonic() - began)
    return bare, whole


def ready(port: int) -> None:
    """Wait until the service says that it is ready."""
    give_up = time.monotonic() + PATIENCE
    while not ask(port, "/readyz"):
        assert time.monotonic() < give_up, "it was never ready"
        time.sleep(0.01)


def ask(port: int, path: str) -> bool:
    """Whether the answer is 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return bool(answer.read())
    except (urllib.error.URLError, OSError):
        return False


def at_rest(pid: int) -> None:
    """Wait until a process has used nothing to speak of for some seconds."""
    give_up = time.monotonic() + PATIENCE
    quiet = 0
    while quiet < 5:
        before = cost(pid).used
        time.sleep(1)
        quiet = quiet + 1 if cost(pid).used - before < 0.05 else 0
        assert time.monotonic() < give_up, "it never came to rest"


def resting(pid: int, meanwhile: Callable[[], object]) -> tuple[float, Cost]:
    """Percent of a core that a process uses at rest, and what it holds then; `meanwhile` is done now and then."""
    before, began = cost(pid), time.monotonic()
    while (left := began + IDLE - time.monotonic()) > 0:
        meanwhile()
        time.sleep(min(SCRAPED, left))
    after = cost(pid)
    return (after.used - before.used) / (time.monotonic() - began) * 100, after


def cost(pid: int) -> Cost:
    """What a process costs, by /proc."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    kib = [float(status[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return Cost(kib[0], kib[1], (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))


def timed(what: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.monotonic()
    what()
    return time.monotonic() - began


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


if __name__ == "__main__":
    for row in prove(lambda line: print(line, flush=True)):
        print(*row)
