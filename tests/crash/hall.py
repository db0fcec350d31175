"""A hall of sixteen people over two months, and its site in the states from which commands are killed."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from punchsync.emulator import Device, EmulatedTerminal

AS_OF = "2026-05-31 22:00:00"
FIRST, LAST = date(2026, 4, 1), date(2026, 5, 29)
PEOPLE = [f"P{n:03d}" for n in range(16)]
WINDOWS = ("公安", "税务", "社保", "住建")
DUE = ("08:30:00", "12:00:00", "14:30:00", "17:30:00")
SEED = 20260531

Punch = tuple[str, datetime]


def shrink() -> None:
    """For the suite: six people and two weeks; `scripts/prove kills` takes the whole hall."""
    global FIRST, PEOPLE
    FIRST, PEOPLE = date(2026, 5, 18), PEOPLE[:6]


def workdays() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        if day.weekday() < 5:
            yield day
        day += timedelta(1)


def punches() -> list[Punch]:
    """What everybody did at the terminal, in its order: mostly in time, now and then late, early or not at all."""
    chance = random.Random(SEED)
    out: list[Punch] = []
    for day in workdays():
        for person in PEOPLE:
            for n, due in enumerate(DUE):
                at = datetime.combine(day, datetime.strptime(due, "%H:%M:%S").time())
                away = chance.gauss(-300, 200) if n % 2 == 0 else chance.expovariate(1 / 300) + 5
                luck = chance.random()
                if luck < 0.01:
                    continue
                if luck < 0.04:
                    away = chance.randint(601, 2400) * (1 if n % 2 == 0 else -1)
                out.append((number_of(person), at + timedelta(seconds=int(away))))
    return sorted(out, key=lambda punch: punch[1])


def number_of(person: str) -> str:
    return f"{1000 + int(person[1:])}"


def staff() -> str:
    head = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    rows = [
        f"{p},甲{n},{WINDOWS[n % 4]}局,{WINDOWS[n % 4]},staff,{number_of(p)},,2026-01-01," for n, p in enumerate(PEOPLE)
    ]
    return head + "\n".join(rows) + "\n"


def leaves() -> str:
    """Some five hundred leaves that are valid, registered beforehand."""
    chance = random.Random(SEED + 1)
    head = "leave_id,person_id,kind,start,end,daily_from,daily_to,registered_at,certificate,approvals,returned_at\n"
    rows = [
        f"L{day:%m%d}{person},{person},personal,{day} {half},{day} {half},,,{day - timedelta(3)} 09:00:00,no,"
        "window_lead;inspection;unit_leader;centre_leader;centre,"
        for day in workdays()
        for person in PEOPLE
        if (half := chance.choice(("am", "pm"))) and chance.random() < 0.8
    ]
    return head + "\n".join(rows) + "\n"


def incidents() -> str:
    head = "incident_id,person_id,window,kind,at,noted_by,place,evidence,warned\n"
    rows = [
        f"I{n},{person},,{kind},{day} 10:{n % 60:02d}:00,督查,大厅,,no"
        for n, (day, person, kind) in enumerate(
            (day, PEOPLE[(k * 7) % len(PEOPLE)], ("no_badge", "wandering", "games")[k % 3])
            for k, day in enumerate(workdays())
        )
    ]
    return head + "\n".join(rows) + "\n"


def attlog(log: Sequence[Punch]) -> str:
    return "".join(f"{user:>9}\t{at:%Y-%m-%d %H:%M:%S}\t1\t0\t0\t0\r\n" for user, at in log)


@contextmanager
def terminal(log: Sequence[Punch]) -> Iterator[EmulatedTerminal]:
    """The hall's terminal, whose clock stands at `AS_OF`."""
    device = Device(now=lambda: datetime.fromisoformat(AS_OF))
    for person in PEOPLE:
        device.enrol(number_of(person))
    for user, at in log:
        device.punch(user, at)
    with EmulatedTerminal(device) as running:
        yield running


def punchsync(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own, to its end."""
    return subprocess.run(argv(site, *args), capture_output=True, text=True, timeout=300)


def argv(site: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "punchsync", "--site", str(site), *args]


def must(site: Path, *args: str) -> None:
    """A command that has to succeed before anything is proved."""
    ran = punchsync(site, *args)
    assert ran.returncode in (0, 1), (args, ran)


def without_desk(site: Path) -> None:
    """No port of this machine for a site that is served: several are at once."""
    settings = site / "punchsync.toml"
    settings.write_text(settings.read_text("utf-8").replace('listen = "127.0.0.1:8080"', 'listen = "off"'), "utf-8")


class States:
    """Sites by name, each made once: `staffed` (nothing read), `punched` (not settled), `corrected` (settled, then
    corrected, so that the next settle reverses and posts)."""

    def __init__(self, folder: Path, port: int, log: Sequence[Punch]) -> None:
        self._folder, self._port = folder, port
        self.files = folder / "files"
        self.files.mkdir(parents=True)
        (self.files / "staff.csv").write_text(staff(), encoding="utf-8")
        (self.files / "leave.csv").write_text(leaves(), encoding="utf-8")
        (self.files / "incident.csv").write_text(incidents(), encoding="utf-8")
        (self.files / "1_attlog.dat").write_bytes(attlog(log).encode())
        self._made: dict[str, Path] = {}

    def copy(self, state: str, to: Path) -> Path:
        """A site of its own in that state; no process has it open."""
        shutil.copytree(self._state(state), to)
        return to

    def punches_import(self) -> tuple[str, ...]:
        file = str(self.files / "1_attlog.dat")
        return ("import", "punches", file, "--terminal", "T1", "--through", AS_OF, "--as-of", AS_OF)

    def _state(self, state: str) -> Path:
        if state not in self._made:
            self._made[state] = self._make(state, self._folder / state)
        return self._made[state]

    def _make(self, state: str, site: Path) -> Path:
        if state == "staffed":
            at = f"T1=127.0.0.1:{self._port}"
            ran = subprocess.run(
                [sys.executable, "-m", "punchsync", "init", str(site), "--pack", "yihuang", "--terminal", at],
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert ran.returncode == 0, ran
            without_desk(site)
            must(site, "import", "staff", str(self.files / "staff.csv"))
        elif state == "punched":
            self.copy("staffed", site)
            must(site, *self.punches_import())
        else:
            self.copy("punched", site)
            must(site, "settle", "--as-of", AS_OF)
            must(site, "import", "leave", str(self.files / "leave.csv"))
            must(site, "import", "incident", str(self.files / "incident.csv"))
        return site
