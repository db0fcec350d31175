"""The service killed while it catches up: every bulletin that was owed is issued once, and says what its file says."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hall import argv, punchsync
from killing import LATE, Kill, left_open, store_open

from punchsync.bootstrap import opened
from punchsync.core.moment import DAY, Moment, day_of, show_day, start_of, to_moment
from punchsync.emulator import Device, EmulatedTerminal

ZONE = ZoneInfo("Asia/Shanghai")
OWED = 6
PATIENCE = 120.0


def wall() -> datetime:
    return datetime.now(ZONE).replace(tzinfo=None)


class Service:
    """A site whose service was down for some days, and how long it takes to catch up when nobody kills it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._today = start_of(day_of(to_moment(wall())))
        device = Device(now=wall)
        for days in range(10):
            for user in ("1001", "1002"):
                device.enrol(user)
                device.punch(user, wall() - timedelta(days=10 - days))
        self.terminal = EmulatedTerminal(device)
        self.terminal.start()
        self._base = self._made(folder / "base")
        twin = shutil.copytree(self._base, folder / "twin")
        began = time.monotonic()
        process = started(twin)
        self.opened = store_open(twin, process, True) - began
        self._until_done(twin, process)
        self.seconds = time.monotonic() - began
        assert self._ended(twin, process) == 0
        assert list(self.faults(twin)) == []

    def close(self) -> None:
        self.terminal.stop()

    def kill(self, chance: random.Random) -> Kill:
        """Kill the service once at a random moment of catching up, start it again, and say what is wrong."""
        site = shutil.copytree(self._base, self._folder / "killed")
        try:
            late = chance.random() < LATE
            after = chance.uniform(0, self.seconds - self.opened if late else self.seconds)
            process = started(site)
            if late:
                store_open(site, process, True)
            time.sleep(after)
            process.kill()
            process.wait()
            inside = left_open(site)
            again = started(site)
            self._until_done(site, again)
            status = self._ended(site, again)
            faults = [*self.faults(site), *([f"serve ended with {status}"] if status else [])]
            return Kill(self.opened * late + after, inside, tuple(faults))
        finally:
            shutil.rmtree(site)

    def faults(self, site: Path) -> Iterator[str]:
        """What is not as it should be once the service has caught up."""
        owed = [show_day(day_of(self._today) - n) for n in range(OWED - 1, -1, -1)]
        with closing(sqlite3.connect(site / "data" / "punchsync.db")) as db:
            issued = db.execute("SELECT period, number, content FROM bulletin ORDER BY period").fetchall()
            nights = db.execute("SELECT due FROM job_run WHERE job = 'nightly' ORDER BY due").fetchall()
        if [period for period, _n, _c in issued if period in owed] != owed:
            yield f"bulletins issued: {[(period, n) for period, n, _c in issued]}"
        dues = [due for (due,) in nights if self._today - OWED * DAY < due <= self._today]
        if dues != [self._today - n * DAY for n in range(OWED - 1, -1, -1)]:
            yield f"nightly jobs done: {dues}"
        for period, number, _content in issued:
            text = (site / "bulletins" / f"daily-{period}.md").read_text(encoding="utf-8")
            if f"第 {number} 号" not in text:
                yield f"the file of {period} is not number {number}"
        if any((site / "data").glob("serve.lock")):
            yield "a lock is left"
        verified = punchsync(site, "verify")
        if verified.returncode != 0:
            yield f"verify: status {verified.returncode}: {verified.stderr[-300:]}"

    def _made(self, site: Path) -> Path:
        from punchsync.bootstrap.bringing import bring_records

        site.mkdir()
        (site / "punchsync.toml").write_text(
            f'[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\n[[terminal]]\nid = "T1"\nhost = "127.0.0.1"\n'
            f'port = {self.terminal.port}\n[schedule]\npolls = ["00:00"]\nnightly = "00:00"\n'
            'bulletins = ["daily"]\nbackup = "off"\nverify = "off"\n[bulletin]\nforms = ["md", "txt"]\n',
            encoding="utf-8",
        )
        first = show_day(day_of(self._today) - 9)
        staff = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n" + "".join(
            f"A{n},甲{n},公安局,公安,staff,100{n},,{first},\n" for n in (1, 2)
        )
        with opened(site) as made:
            assert not bring_records(made, "staff", staff.encode(), "staff.csv", False).problems
            with made.store.writing() as work:
                for job, due in (("serve", self._today - 9 * DAY), ("nightly", self._today - OWED * DAY)):
                    work.runs.done(job, due, due, "ok")
        return site

    def _until_done(self, site: Path, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + PATIENCE
        while self._last(site) < self._today:
            assert process.poll() is None, "the service ended by itself"
            assert time.monotonic() < give_up, "the service did not catch up"
            time.sleep(0.05)

    def _last(self, site: Path) -> Moment:
        with closing(sqlite3.connect(site / "data" / "punchsync.db")) as db:
            return int(db.execute("SELECT max(due) FROM job_run WHERE job = 'nightly'").fetchone()[0])

    def _ended(self, site: Path, process: subprocess.Popen[bytes]) -> int:
        # A process that is only starting has not asked to be told yet: wait until it holds the site.
        until = time.monotonic() + PATIENCE
        lock = site / "data" / "serve.lock"
        while time.monotonic() < until and process.poll() is None:
            if lock.is_file() and lock.read_text().strip() == str(process.pid):
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        return process.wait(PATIENCE)


def started(site: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(argv(site, "serve"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
