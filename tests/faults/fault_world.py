"""A simulated hall: its time, its people at emulated terminals, and the folder of its site.

Time is what this process says it is, in a file that the service under test reads: nothing waits for a real hour.
"""

from __future__ import annotations

import mmap
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from punchsync.bootstrap import Site
from punchsync.bootstrap import site as sites
from punchsync.core.moment import Moment, to_day, to_moment
from punchsync.emulator import Device, EmulatedTerminal, Loop

POLLS = ("09:10", "12:40", "15:10", "20:40")
NIGHTLY = "21:00"
WINDOWS = ("公安", "税务", "社保", "住建")
DUE = ("08:30:00", "12:00:00", "14:30:00", "17:30:00")
_TIME = struct.Struct("=qq")

Punch = tuple[int, str, str, datetime]
"""When somebody punches, as an instant; at which terminal, as whom, and the hall's time then."""


class Plan(NamedTuple):
    """A hall to be simulated: so many people and terminals over days that follow `first`."""

    first: date = date(2026, 3, 2)
    days: int = 30
    people: int = 8
    terminals: int = 3
    zone: str = "Asia/Shanghai"
    seed: int = 1
    polls: tuple[str, ...] = POLLS
    nightly: str = NIGHTLY
    more: str = ""

    def instant(self, hall: datetime) -> int:
        """A hall's time as an instant, in seconds; of a time that comes twice the first."""
        return int(hall.replace(tzinfo=ZoneInfo(self.zone)).timestamp())

    def hall(self, instant: int) -> datetime:
        """An instant as hall time."""
        return datetime.fromtimestamp(instant, ZoneInfo(self.zone)).replace(tzinfo=None)

    def at(self, day: int, clock: str) -> int:
        """The instant of a clock time, `HH:MM`, on the day so many after the first."""
        return self.instant(datetime.combine(self.first + timedelta(day), datetime.strptime(clock, "%H:%M").time()))

    def day(self, n: int) -> int:
        """The day so many after the first, as the core counts days."""
        return to_day(self.first + timedelta(n))

    def persons(self) -> list[str]:
        return [f"P{n:03d}" for n in range(self.people)]

    def punches(self) -> list[Punch]:
        """What everybody does in all that time, in order: mostly in time, now and then late, early or not at all."""
        chance = random.Random(self.seed)
        out: list[Punch] = []
        for n in range(self.days):
            day = self.first + timedelta(n)
            if day.weekday() >= 5:
                continue
            for p in range(self.people):
                for k, due in enumerate(DUE):
                    away = chance.gauss(-300, 200) if k % 2 == 0 else chance.expovariate(1 / 300) + 5
                    luck = chance.random()
                    if luck < 0.02:
                        continue
                    if luck < 0.06:
                        away = chance.randint(601, 2400) * (1 if k % 2 == 0 else -1)
                    at = datetime.combine(day, datetime.strptime(due, "%H:%M:%S").time()) + timedelta(seconds=int(away))
                    where = (p + (chance.random() < 0.1)) % self.terminals
                    out.append((self.instant(at), f"T{where + 1}", str(1001 + p), at))
        return sorted(out)


class WorldClock:
    """The hall's clock as the server shows it: the world's time, and by how many seconds the server is off."""

    def __init__(self, file: Path, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        with file.open("r+b") as handle:
            self._time = mmap.mmap(handle.fileno(), _TIME.size)

    def now(self) -> Moment:
        """Now, in hall time."""
        true, off = _TIME.unpack(self._time[:])
        return to_moment(datetime.fromtimestamp(true + off, self._zone).replace(tzinfo=None))


def world_boot(file: Path) -> Callable[[], float]:
    """For how long the server has been running, in seconds: the true time, which nobody sets."""
    with file.open("r+b") as handle:
        time = mmap.mmap(handle.fileno(), _TIME.size)
    return lambda: float(_TIME.unpack(time[:])[0])


class World:
    """A hall at work: `go` lets time pass and people punch; terminals answer while the context lasts."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        folder.mkdir(parents=True)
        self.plan, self.folder = plan, folder
        self.clock = folder / "clock"
        self.site_made = folder
        self.clock.write_bytes(_TIME.pack(plan.at(0, "00:00"), 0))
        with self.clock.open("r+b") as handle:
            self._time = mmap.mmap(handle.fileno(), _TIME.size)
        self._loop = Loop()
        self._coming = plan.punches()
        self.punched: list[Punch] = []
        self.terminals = {f"T{n + 1}": self._terminal(n) for n in range(plan.terminals)}

    def __enter__(self) -> World:
        self._loop.start()
        for terminal in self.terminals.values():
            terminal.start()
        return self

    def __exit__(self, *_: object) -> None:
        for terminal in self.terminals.values():
            terminal.stop()
        self._loop.end()
        self._time.close()

    @property
    def now(self) -> int:
        """The true time, as an instant."""
        return int(_TIME.unpack(self._time[:])[0])

    @property
    def server_now(self) -> Moment:
        """What the server's clock shows, in hall time."""
        true, off = _TIME.unpack(self._time[:])
        return to_moment(self.plan.hall(true + off))

    def go(self, to: int) -> None:
        """Let time pass until then; what is done meanwhile is in the terminals' logs."""
        while self._coming and self._coming[0][0] <= to:
            punch = self._coming.pop(0)
            _at, terminal, user, hall = punch
            device = self.terminals[terminal].device
            device.punch(user, device.clock_at(hall))
            self.punched.append(punch)
        self._set(max(to, self.now), _TIME.unpack(self._time[:])[1])

    def step(self, off: int) -> None:
        """Set the server's clock so many seconds off."""
        self._set(self.now, off)

    @contextmanager
    def opened(self, site: Path) -> Iterator[Site]:
        """A site opened in this process, in this world's time."""
        real = sites.HallClock
        sites.HallClock = partial(WorldClock, self.clock)  # type: ignore[misc,assignment]
        try:
            with sites.opened(site) as made:
                yield made
        finally:
            sites.HallClock = real  # type: ignore[misc]

    def bring(self, site: Path, kind: str, text: str) -> None:
        """Import records."""
        from punchsync.bootstrap.bringing import bring_records

        with self.opened(site) as made:
            assert not bring_records(made, kind, text.encode(), f"{kind}.csv", False).problems

    def site(self, name: str, base: Path | None = None) -> Path:
        """A new site of this hall with its people in it; its store is closed."""
        site = self.folder / name if base is None else base / name
        site.mkdir(parents=True)
        (site / "punchsync.toml").write_text(settings(self.plan, self.terminals), encoding="utf-8")
        self.bring(site, "staff", staff(self.plan))
        self.site_made = site
        return site

    def _set(self, true: int, off: int) -> None:
        self._time[:] = _TIME.pack(true, off)

    def _terminal(self, n: int) -> EmulatedTerminal:
        device = Device(f"EMU{n:010d}", now=lambda: self.plan.hall(self.now))
        for p in range(self.plan.people):
            device.enrol(str(1001 + p))
        return EmulatedTerminal(device, loop=self._loop)


def settings(plan: Plan, terminals: dict[str, EmulatedTerminal]) -> str:
    """A site's punchsync.toml; its terminals' ports are those of this world."""
    head = f'[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\ntimezone = "{plan.zone}"\n'
    polls = ", ".join(f'"{p}"' for p in plan.polls)
    schedule = f'[schedule]\npolls = [{polls}]\nnightly = "{plan.nightly}"\n'
    parts = [f'[[terminal]]\nid = "{id}"\nhost = "127.0.0.1"\nport = {t.port}\n' for id, t in terminals.items()]
    plain = '[bulletin]\nforms = ["md"]\n'
    return head + schedule + plan.more + plain + "".join(parts)


def staff(plan: Plan) -> str:
    head = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    first = plan.first.isoformat()
    rows: Sequence[str] = [
        f"{p},甲{n},{WINDOWS[n % 4]}局,{WINDOWS[n % 4]},staff,{1001 + n},,{first},"
        for n, p in enumerate(plan.persons())
    ]
    return head + "\n".join(rows) + "\n"
