"""The real daemon as a process of its own, in a world's time; and what it says of its commits.

Run as a script, given a `Started` in JSON and the pid of whoever starts it, it serves; `Service` starts, kills, stops
and watches it.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from datetime import time as midnight
from functools import partial
from hashlib import sha256
from pathlib import Path
from select import select
from typing import Any, NamedTuple

import sqlalchemy
from fault_nest import die_with, nest
from fault_world import World, WorldClock, world_boot

from punchsync.core.moment import DAY, day_of, to_date
from punchsync.packs.load import load as load_pack
from punchsync.packs.shelf import find as find_pack
from punchsync.service.schedule import BEGAN, PURGE, Job, Planner, Table, catch_up, horizon, schedule_of, waits
from punchsync.settings import load as load_settings
from punchsync.store.tables import job_run, settle_run

LOOK, PAUSE, GRACE, PATIENCE, TURN = 0.5, 0.1, 6.0, 120.0, 5.0


class Started(NamedTuple):
    """How a service is started: its site and its world's clock, where its log and its marks go.

    `wait` is how long it waits for the store, `synchronous` how well the store is synced, `obedient` whether
    files' modes hold for it even if root runs it, `desk` whether health and metrics are
    served, `states` whether every state of the store is written down.
    """

    site: str
    clock: str
    log: str
    marks: str = ""
    wait: int = 30
    synchronous: str = "FULL"
    obedient: bool = False
    look: float = LOOK
    desk: bool = False
    states: bool = True


def run(how: Started) -> None:
    """Serve until told to end; ends the process."""
    log = os.open(how.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    os.dup2(log, 2)
    if how.obedient:
        obey()
    from punchsync.bootstrap import site as sites
    from punchsync.cli import COLLECTING
    from punchsync.cli.answering import answering
    from punchsync.logs import configure
    from punchsync.service.daemon import Inbox, heeding, serve
    from punchsync.store import engine, sqlite, store

    gc.set_threshold(*COLLECTING)
    engine.WAIT_SECONDS = how.wait  # type: ignore[misc]
    sqlite.PRAGMAS = (f"synchronous = {how.synchronous}", *sqlite.PRAGMAS[1:])  # type: ignore[misc]
    sites.HallClock = partial(WorldClock, Path(how.clock))  # type: ignore[misc,assignment]
    sites.Reader = partial(sites.Reader, patient=False)  # type: ignore[misc,assignment]
    if how.marks:
        store.SqlStore = telling(store.SqlStore, how.marks, how.states)  # type: ignore[misc]
    inbox = Inbox()
    with heeding(inbox), sites.opened(Path(how.site)) as site:
        configure(os.fdopen(os.dup(2), "w", buffering=1))
        threading.Thread(target=waking, args=(Path(how.clock), inbox), daemon=True).start()
        status = serve(
            site,
            inbox=inbox,
            look=how.look,
            grace=GRACE,
            companions=[answering] if how.desk else [],
            boot=world_boot(Path(how.clock)),
            pauses=lambda times: PAUSE,
        )
    os._exit(status)


def waking(clock: Path, inbox: Any) -> None:
    """Have the service look whenever the world's time has moved: its own alarms ring by real time."""
    handle, known = os.open(clock, os.O_RDONLY), b""
    while True:
        now = os.pread(handle, 64, 0)
        if now != known:
            known = now
            inbox.put("")
        time.sleep(0.002)


def obey() -> None:
    """Let the modes of files hold for this process, whoever runs it (capset without CAP_DAC_*; nothing for users)."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = struct.pack("=Ii", 0x20080522, 0)
    sets = ctypes.create_string_buffer(24)
    assert libc.capget(head, sets) == 0
    parts = list(struct.unpack("=6I", sets.raw))
    parts[0] &= ~0b110
    assert libc.capset(head, struct.pack("=6I", *parts)) == 0, os.strerror(ctypes.get_errno())


def telling(kind: Any, marks: str, states: bool = True) -> Any:
    """A store that writes down what it will hold before each commit, that it does after it, and which jobs are done.

    Whoever watches reads this, and leaves the store's files alone.
    """
    handle = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    known: set[tuple[str, int, str]] = set()

    def ran(work: Any) -> list[tuple[str, int, str]]:
        connection = work.links._connection
        rows = {(r.job, r.due, r.outcome) for r in connection.execute(sqlalchemy.select(job_run))}
        settled = connection.execute(sqlalchemy.select(sqlalchemy.func.max(settle_run.c.as_of))).scalar()
        rows |= {("settled", settled, "")} if settled is not None else set()
        return sorted(rows - known, key=lambda row: row[1])

    def told(rows: list[tuple[str, int, str]]) -> bytes:
        known.update(rows)
        said = (f"settled {due}" if job == "settled" else f"ran {job} {due} {outcome}" for job, due, outcome in rows)
        return "".join(f"{line}\n" for line in said).encode()

    class Telling(kind):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            with self.reading() as work:
                os.write(handle, told(ran(work)))

        @contextmanager
        def writing(self) -> Iterator[Any]:
            with super().writing() as work:
                yield work
                new = ran(work)
                if states:
                    state = fingerprint(work.links._connection.connection.dbapi_connection)
                    os.write(handle, f"going {state}\n".encode())
            if states:
                os.write(handle, f"done {state}\n".encode())
            os.write(handle, told(new))

    return Telling


def fingerprint(connection: sqlite3.Connection) -> str:
    """A digest of every row of every table."""
    told = sha256()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in tables:
        told.update(name.encode())
        for row in connection.execute(f"SELECT * FROM {name}"):
            told.update(repr(row).encode())
    return told.hexdigest()


class Marks:
    """What a store said of itself: its states in the order of their commits, how many of them were said to be
    committed, and its run table; `read` takes in what was said since."""

    def __init__(self, first: str = "") -> None:
        self.states, self.done = [first], 0
        self.runs: list[tuple[str, int, str]] = []
        self.settled: int | None = None
        self._seen = 0

    def read(self, text: bytes) -> Marks:
        """Take in all that is said in these bytes; a line that was not finished is none."""
        end = text.rfind(b"\n") + 1
        for line in text[self._seen : end].decode().splitlines():
            word, *rest = line.split()
            if word == "going":
                self.states.append(rest[0])
            elif word == "done":
                self.done = max(self.done, *(n for n, known in enumerate(self.states) if known == rest[0]))
            elif word == "settled":
                self.settled = int(rest[0])
            else:
                self.runs.append((rest[0], int(rest[1]), rest[2]))
        self._seen = end
        return self

    def may_be(self, state: str) -> bool:
        """Whether a store may be in a state: the last one said to be committed, or one that was on its way."""
        return state in self.states[self.done :]


class Service:
    """A site's service: one process at a time."""

    def __init__(self, world: World, site: Path, **options: Any) -> None:
        self.world, self.site, self._options = world, site, options
        self.log = Path(options.get("log") or site.parent / f"{site.name}.log")
        self._marks_file = Path(options.get("marks") or site.parent / f"{site.name}.marks")
        self.marks = Marks(state_of(site / "data" / "punchsync.db"))
        self.pid = self._handle = 0
        self._command: subprocess.Popen[bytes] | None = None
        self.status: int | None = None
        self._before: set[tuple[str, int]] = set()

    def how(self) -> Started:
        return Started(
            **{
                "site": str(self.site),
                "clock": str(self.world.clock),
                "log": str(self.log),
                "marks": str(self._marks_file),
                **self._options,
            }
        )

    def start(self, environ: Mapping[str, str] | None = None) -> None:
        """Start it: forked from this process's nest, or with `environ` as a command of its own."""
        self.status = None
        self._before = {(job, due) for job, due, _outcome in self.said().runs}
        if environ is None:
            self.pid = nest().start(self.how()._asdict())
        else:
            argv = [sys.executable, __file__, json.dumps(self.how()._asdict()), str(os.getpid())]
            self._command = subprocess.Popen(argv, env={**os.environ, **environ}, stdout=subprocess.DEVNULL)
            self.pid = self._command.pid
        self._handle = os.pidfd_open(self.pid)

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Every thread of it stands still, wherever it is."""
        self.signal(signal.SIGSTOP)
        tasks = Path(f"/proc/{self.pid}/task")
        while any(task.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "T" for task in tasks.iterdir()):
            time.sleep(0.0005)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    def kill(self) -> bool:
        """Kill it by SIGKILL; False where it had ended by itself."""
        if self.alive():
            self.signal(signal.SIGKILL)
        return self._ended() == -signal.SIGKILL

    def stop(self) -> int | None:
        """Tell it to end; its status."""
        # A process that is only starting has not asked to be told yet.
        lock = self.site / "data" / "serve.lock"
        self.until(lambda: not self.alive() or (lock.is_file() and lock.read_text().strip() == str(self.pid)))
        if self.alive():
            self.signal(signal.SIGTERM)
        return self._ended()

    def alive(self) -> bool:
        """Whether it runs."""
        return bool(self._handle) and not select([self._handle], [], [], 0)[0]

    def _ended(self) -> int | None:
        """Wait for its end; its status."""
        if self._handle:
            assert select([self._handle], [], [], PATIENCE)[0], "it does not end"
            os.close(self._handle)
            self._handle = 0
            self.status = nest().wait(self.pid) if self._command is None else self._command.wait()
            self._command = None
        return self.status

    def until(self, true: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait for something; AssertionError when it does not come."""
        give_up = time.monotonic() + patience
        while not true():
            assert time.monotonic() < give_up, f"it did not come; the log ends: {self.tail()}"
            time.sleep(0.005)

    def caught_up(self, *, purges: bool = False) -> bool:
        """Whether the run table says that all is done that is due by the server's clock, or all but purges: those wait
        for terminals that agree with the clock, after a start until the next poll."""
        left = owed(self.world, self.said())
        return not [job for job in left if purges or job.name != PURGE]

    def said(self) -> Marks:
        """What the service's store has said of itself so far."""
        return self.marks.read(self._marks_file.read_bytes()) if self._marks_file.exists() else self.marks

    def commits(self, count: int, patience: float) -> None:
        """Wait until so many more transactions are about to be committed, but not longer than this."""
        give_up = time.monotonic() + patience
        wanted = len(self.said().states) + count
        while len(self.said().states) < wanted and time.monotonic() < give_up:
            pass

    def work(self, patience: float = PATIENCE) -> None:
        """Wait until all that is due is done."""
        self.until(lambda: self.caught_up() or not self.alive(), patience)
        assert self.alive(), f"the service ended by itself: {self.tail()}"
        # A purge comes when terminals have agreed with the clock. The alarms of a time that is long past ring all at
        # once, and what they ask for is in the queue before it.
        give_up = time.monotonic() + TURN
        while self._heard() and not self.caught_up(purges=True) and time.monotonic() < give_up:
            time.sleep(0.005)

    def _heard(self) -> bool:
        """Whether terminals were read since it was started."""
        return any(job.startswith("poll-") for job, due, _outcome in self.said().runs if (job, due) not in self._before)

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8")[-1000:] if self.log.exists() else "(no log)"

    def events(self) -> list[dict[str, Any]]:
        """What the service logged so far."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]


def state_of(store: Path) -> str:
    """The state of a store that nobody has open."""
    with closing(sqlite3.connect(store)) as db:
        return fingerprint(db)


def owed(world: World, marks: Marks) -> list[Job]:
    """The jobs that are due by the server's clock and not done, as the service itself counts."""
    ran: dict[str, set[int]] = {}
    for job, moment, _outcome in marks.runs:
        ran.setdefault(job, set()).add(moment)
    now = world.server_now
    jobs = horizon(planner_of(world), now)
    table = Table(ran, min(ran.get(BEGAN, {now})), marks.settled)
    return [job for job in catch_up(jobs, table, now) if not waits(job, jobs, table)]


def planner_of(world: World) -> Planner:
    """The schedule of a world's sites, as the service itself plans it."""
    if world.site_made not in _PLANNERS:
        settings = load_settings(world.site_made)
        pack = load_pack(find_pack(settings.hall.pack, world.site_made), {}, {}).pack
        _PLANNERS[world.site_made] = schedule_of(settings, pack)
    return _PLANNERS[world.site_made]


def planned(world: World, day: int) -> Sequence[Job]:
    """The jobs of a day."""
    return planner_of(world)(day)


def due(world: World, job: Job) -> int:
    """When a job is due, as an instant."""
    return world.plan.instant(datetime.combine(to_date(day_of(job.due)), midnight()) + timedelta(seconds=job.due % DAY))


_PLANNERS: dict[Path, Planner] = {}

if __name__ == "__main__":
    die_with(int(sys.argv[2]))
    run(Started(**json.loads(sys.argv[1])))
