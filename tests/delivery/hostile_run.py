"""One run of deliveries under faults: a ledger that grows, a receiver, a hostile proxy between, and what is wrong then.

Most runs call the library and let it die by exception where a kill would hurt most. In a run of processes the receiver
is `punchsync receiver`, the sender is `punchsync push`, and both are killed by SIGKILL.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from hostile_ledger import Growth
from hostile_proxy import KINDS, Proxy

from punchsync.bootstrap import Site
from punchsync.core.outbox import DELIVERED, PARKED, Answer, Batch, latest
from punchsync.core.readback import Row, Unreadable
from punchsync.deliver.http import HttpStore
from punchsync.deliver.sign import key_from
from punchsync.operations.deliver import check_outbox, push, reconcile, unpark
from punchsync.operations.export import export
from punchsync.operations.ports import ScoringStore
from punchsync.receiver import Receiver, ReceiverServer, ScoreTable

HALL = "示范%1"
SECRET = "whsec_cHVuY2hzeW5jLXNjb3Jpbmc="
SHORT, LONG = 0.25, 30.0
"""The sender's timeout while faults go on, and when they are over."""
SLOW = frozenset({"hang before", "hang after", "drip"})
"""Faults that cost a whole timeout."""
SETTINGS = """
[hall]
id = "{hall}"
name = "示范县政务服务中心"
pack = "yihuang"
[[terminal]]
id = "T1"
[scoring]
sink = "http"
url = "{url}"
batch = {batch}
timeout = {timeout}
{secret}
"""


class Result(NamedTuple):
    """What a run saw: what was wrong, what was done to it, and how much there was to deliver."""

    seed: int
    by: str
    faults: tuple[str, ...]
    done: Counter[str]
    entries: int
    kills: int
    seconds: float


class Killed(BaseException):
    """The library's death, at a moment where nothing of it goes on."""


class Mortal:
    """A scoring store whose sender may die just before a batch goes out, or just after its answer came."""

    def __init__(self, inner: ScoringStore, chance: Random) -> None:
        self._inner, self._chance, self.name = inner, chance, inner.name

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        self._die()
        answer = self._inner.deliver(batch, rows)
        self._die()
        return answer

    def read_back(self, most: int) -> list[Row]:
        return self._inner.read_back(most)

    def interrupt(self) -> None:
        self._inner.interrupt()

    def close(self) -> None:
        self._inner.close()

    def _die(self) -> None:
        if self._chance.random() < 0.08:
            raise Killed


class World:
    """A site, the receiver's file and the proxy, all of one run."""

    def __init__(self, seed: int, folder: Path, template: Path, processes: int) -> None:
        self.seed, self.folder, self.chance = seed, folder, Random(f"{seed}")
        self.file = folder / "scores.db"
        self.kills = 0
        self.signed = self.chance.random() < 0.5
        self.strict = self.chance.random() < 0.7
        """Nothing is refused in this run, so that all of it has to arrive in the order of booking."""
        kinds = tuple(k for k in KINDS if not (self.strict and k == "refused before"))
        self.proxy = Proxy(Random(f"{seed}/proxy"), kinds)
        self.proxy.share = self.chance.choice((0.3, 0.6, 0.8))
        self.site = folder / "site"
        (self.site / "credentials").mkdir(parents=True)
        (self.site / "credentials" / "scoring").write_text(SECRET)
        shutil.copytree(template / "data", self.site / "data")
        text = SETTINGS.format(
            hall=HALL, url=self.proxy.url, batch=self.chance.choice((1, 2, 3) if processes else (1, 2, 5, 40)),
            timeout=1 if processes else 20, secret='secret = "credential:scoring"' if self.signed else "",
        )  # fmt: skip
        (self.site / "punchsync.toml").write_text(text, encoding="utf-8")
        self.growth = Growth(Random(f"{seed}/ledger"))

    def there(self) -> list[Row]:
        """What the receiver's file holds, in the order in which it came; by our own SQL."""
        if not self.file.exists():
            return []
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        try:
            names = (
                "booked_on, entry_id, cause, revision, account_type, account_id, category, period, points, rule, "
                "article, value_date, reverses"
            )
            rows = connection.execute(f"SELECT hall_id, {names} FROM score_entry ORDER BY rowid").fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
        finally:
            connection.close()
        assert {row[0] for row in rows} <= {HALL}
        return [tuple(map(str, row[1:])) for row in rows]


def make_template(folder: Path) -> Path:
    """A site with an empty store, to be copied."""
    folder.mkdir(parents=True)
    settings = SETTINGS.format(hall=HALL, url="http://127.0.0.1:9/", batch=1, timeout=1, secret="")
    (folder / "punchsync.toml").write_text(settings, encoding="utf-8")
    with Site(folder):
        pass
    return folder


def run(seed: int, folder: Path, template: Path, *, processes: int = 0, kinds: tuple[str, ...] | None = None) -> Result:
    """One run, by so many processes or by the library, of all kinds of faults or of these; leaves no folder."""
    began = time.monotonic()
    folder.mkdir(parents=True)
    world = World(seed, folder, template, processes)
    if kinds is not None:
        world.proxy.kinds, world.strict = kinds, "refused before" not in kinds
    wrong: list[str] = []
    try:
        with Site(world.site) as site:
            wrong += of_processes(world, site, processes) if processes else of_the_library(world, site)
            entries = len(export(site.hall, "ledger").rows)
    finally:
        world.proxy.close()
        shutil.rmtree(folder, ignore_errors=True)
    by = "processes" if processes else "library"
    return Result(seed, by, tuple(wrong), world.proxy.done, entries, world.kills, time.monotonic() - began)


def of_the_library(world: World, site: Site) -> Iterator[str]:
    """Pushes of the library, which now and then dies in the middle."""
    name, size, chance = site.scoring_name(), site.settings.scoring.batch, world.chance
    assert name is not None
    if len(world.proxy.kinds) > 1 and chance.random() < 0.7:
        world.proxy.kinds = tuple(k for k in world.proxy.kinds if k not in SLOW)

    def sender(timeout: float) -> HttpStore:
        key = key_from(SECRET) if world.signed else None
        return HttpStore(
            world.proxy.url, name=name, hall=HALL, timeout=timeout, stamp=lambda: int(time.time()), key=key
        )

    def rest(seconds: float) -> None:
        if chance.random() < 0.2:
            world.growth.grow(site.hall, 2)

    with ExitStack() as stack:
        table = ScoreTable(world.file)
        stack.callback(table.close)
        receiver = Receiver(table, time.time, (key_from(SECRET),) if world.signed else (), HALL)
        server = stack.enter_context(ReceiverServer(("127.0.0.1", 0), receiver, lambda method, answer: None))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        place = urlsplit(server.url)
        world.proxy.upstream = lambda: (place.hostname or "", place.port or 0)
        world.proxy.hostile = True
        store = sender(SHORT)
        for _ in range(chance.randint(3, 7)):
            world.growth.grow(site.hall)
            for _ in range(chance.randint(1, 4)):
                try:
                    push(site.hall, Mortal(store, chance), size, turn=site.turn, patience=0.6, rest=rest)
                except Killed:
                    world.kills += 1
                    store.close()
                    store = sender(SHORT)
                yield from halfway(world, site)
            if chance.random() < 0.3:
                with contextlib.suppress(Unreadable):
                    yield from (f"read back in between: {d}" for d in reconcile(site.hall, store).differences)
            if chance.random() < 0.3:
                unpark(site.hall, name)
        store.close()
        world.proxy.calm()
        with contextlib.closing(sender(LONG)) as store:
            unpark(site.hall, name)
            done = push(site.hall, store, size, turn=site.turn, patience=LONG)
            if done.failed or done.owed.waiting or done.owed.parked:
                yield f"not all is delivered: {done}"
            yield from (f"read back: {d}" for d in reconcile(site.hall, store).differences)
        yield from at_last(world, site)


def of_processes(world: World, site: Site, rounds: int) -> Iterator[str]:
    """Pushes by processes to a process; both are killed while a request is under way."""
    with ExitStack() as stack:
        house = stack.enter_context(House(world))
        world.proxy.upstream = house.place
        world.proxy.share = 0.3
        world.proxy.kinds = tuple(k for k in world.proxy.kinds if k not in SLOW - {"hang after"})
        world.proxy.struck = house.strike
        world.proxy.hostile = True
        for _ in range(rounds):
            world.growth.grow(site.hall, 20)
            house.push("--for", "1")
            yield from halfway(world, site)
        world.proxy.calm()
        for args in (("push", "--parked", "--for", "30"), ("push", "--reconcile")):
            ran = subprocess.run(command(world, *args), capture_output=True, text=True, timeout=120, check=False)
            if ran.returncode != 0:
                yield f"{' '.join(args)}: status {ran.returncode}: {ran.stdout[-300:]} {ran.stderr[-300:]}"
        yield from at_last(world, site)


def halfway(world: World, site: Site) -> Iterator[str]:
    """What must hold at any moment: the receiver has nothing that isn't booked, and all that the sender counts done."""
    there = world.there()
    columns = export(site.hall, "ledger").columns
    place = columns.index("entry_id")
    booked = {row[place]: row for row in export(site.hall, "ledger").rows}
    yield from (f"altered: {row}" for row in there if booked.get(row[place]) != row)
    name = site.scoring_name() or ""
    with site.store.reading() as work:
        states = latest(work.deliveries.all(name))
        ids = {c.height: c.entry.entry_id for c in work.deliveries.entries(1, work.deliveries.head()[0])}
    held = {row[place] for row in there}
    lost = sorted(h for h, state in states.items() if state == DELIVERED and ids[h] not in held)
    if lost:
        yield f"believed delivered and not there: heights {lost[:5]} of {len(lost)}"
    if world.strict:
        refused = [h for h, state in states.items() if state == PARKED]
        if refused:
            yield f"refused though nobody refuses: heights {refused[:5]}"


def at_last(world: World, site: Site) -> Iterator[str]:
    """What must hold in the end: the receiver's table is the ledger, row by row, each entry once."""
    yield from halfway(world, site)
    there, booked = world.there(), [tuple(row) for row in export(site.hall, "ledger").rows]
    if sorted(there) != sorted(booked):
        more, less = Counter(there) - Counter(booked), Counter(booked) - Counter(there)
        yield f"the receiver has {more.total()} rows too many, {less.total()} too few"
    ids = [row[1] for row in there]
    if world.strict and ids != sorted(ids):
        yield f"came out of order: {ids}"
    with site.store.reading() as work:
        heads = {c.height: c.hash for c in work.ledger.entries()}
        yield from (f"outbox: {flaw}" for flaw in check_outbox(site.hall, work, heads))


def command(world: World, *args: str) -> list[str]:
    return [sys.executable, "-m", "punchsync", "--site", str(world.site), *args]


class House:
    """The receiver as a process, and the sender's; each dies now and then while a request is under way."""

    def __init__(self, world: World) -> None:
        self._world, self._chance = world, Random(f"{world.seed}/house")
        self._receiver: subprocess.Popen[str] | None = None
        self._sender: subprocess.Popen[str] | None = None
        self._place = ("", 0)
        self._timers: list[threading.Timer] = []
        self._lock = threading.Lock()
        self._secret = world.folder / "secret"
        self._secret.write_text(SECRET)

    def __enter__(self) -> House:
        return self

    def __exit__(self, *args: object) -> None:
        self._end(self._receiver)

    def place(self) -> tuple[str, int]:
        """Where the receiver is; one that died is started again."""
        with self._lock:
            if self._receiver is None or self._receiver.poll() is not None:
                self._end(self._receiver)
                self._receiver = self._start()
            return self._place

    def push(self, *args: str) -> None:
        """Have a sender run to its end or its death."""
        out = subprocess.DEVNULL
        self._sender = subprocess.Popen(command(self._world, "push", *args), stdout=out, stderr=out, text=True)
        try:
            self._sender.wait(60)
        finally:
            self._end(self._sender)

    def strike(self) -> None:
        """Now and then, kill one of the two within the next hundredth of a second."""
        luck = self._chance.random()
        victim = self._sender if luck < 0.12 else self._receiver if luck < 0.24 else None
        if victim is not None and victim.poll() is None:
            self._timers.append(threading.Timer(self._chance.uniform(0, 0.01), victim.kill))
            self._timers[-1].start()

    def _start(self) -> subprocess.Popen[str]:
        args = [sys.executable, "-m", "punchsync", "receiver", "--json", "--db", str(self._world.file), "--hall", HALL]
        if self._world.signed:
            args += ["--secret-file", str(self._secret)]
        started = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert started.stdout is not None
        place = urlsplit(json.loads(started.stdout.readline())["url"])
        self._place = (place.hostname or "", place.port or 0)
        return started

    def _end(self, process: subprocess.Popen[str] | None) -> None:
        timers, self._timers = self._timers, []
        for timer in timers:
            timer.join()
        if process is not None:
            self._world.kills += process.poll() == -signal.SIGKILL
            process.kill()
            process.communicate()


def prove(first: int, count: int, processes: int, until: float) -> list[Result]:
    """Runs of so many seeds, the last ones by processes; none is begun after `until`, by the machine's own clock."""
    found = []
    with TemporaryDirectory(prefix="punchsync-deliveries-") as name:
        template = make_template(Path(name) / "template")
        for n in range(count):
            if time.monotonic() < until:
                found.append(run(first + n, Path(name) / str(n), template, processes=4 * (n >= count - processes)))
    return found
