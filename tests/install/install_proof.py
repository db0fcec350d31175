"""A real bundle: made, unpacked, installed without a network into a folder, and the whole product run from there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from installkit import ROOT, tree
from offline import NAMESPACE

Row = tuple[str, int, str, bool]
OUTSIDE = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
"""Nobody answers at that address, and without a network it is not even tried."""


def prove(say: Callable[[str], None]) -> list[Row]:
    """A row for each step; what comes after one that failed is not tried."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="punchsync-install-") as name:
        work = Path(name)
        steps = Steps(work, say)
        for step in (
            steps.bundle, steps.cut_off, steps.installs, steps.again,
            steps.version, steps.init, steps.check, steps.upgrade, steps.rollback, steps.demo, steps.elsewhere,
        ):  # fmt: skip
            rows.append((f"install {step.__name__}", 1, *step()))
            say(f"  {rows[-1][0]}: {rows[-1][2]}")
            if not rows[-1][3]:
                break
    return rows


class Steps:
    """What is done, one after the other; each returns a result in words and whether it is good."""

    def __init__(self, work: Path, say: Callable[[str], None]) -> None:
        self._work, self._say = work, say
        self._root, self._site = work / "root", work / "root/var/lib/punchsync"
        self._root.mkdir()
        self._program = self._root / "opt/punchsync/current/venv/bin/punchsync"

    def bundle(self) -> tuple[str, bool]:
        """scripts/bundle makes an archive of whole files for this machine."""
        done = run(ROOT / "scripts/bundle", "--out", self._work)
        if done.returncode:
            return done.stderr[-300:], False
        archive = Path(done.stdout.strip())
        with tarfile.open(archive) as opened:
            opened.extractall(self._work, filter="data")
        self._made = self._work / archive.name.removesuffix(".tar.gz")
        wheels = len(list((self._made / "wheels").iterdir()))
        return f"{archive.name}: {wheels} wheels, {archive.stat().st_size // 2**20} MiB", wheels > 20

    def cut_off(self) -> tuple[str, bool]:
        """There really is no network, or it is said that only proxies fail."""
        done = offline(sys.executable, "-c", OUTSIDE)
        how = done.stderr.splitlines()[0]
        if how != NAMESPACE:
            self._say("!!! NO NETWORK NAMESPACE HERE: the network is only hidden behind proxies that fail")
            return how, True
        return how, "Network is unreachable" in done.stderr

    def installs(self) -> tuple[str, bool]:
        """The installer needs nothing but the bundle."""
        done = offline("env", f"PUNCHSYNC_PYTHON={sys.executable}", self._made / "install", "--root", self._root)
        return "into a folder" if done.returncode == 0 else done.stderr[-300:], done.returncode == 0

    def again(self) -> tuple[str, bool]:
        """A second run changes nothing."""
        before = tree(self._root)
        done = offline("env", f"PUNCHSYNC_PYTHON={sys.executable}", self._made / "install", "--root", self._root)
        same = tree(self._root) == before
        return "nothing changed" if same else "something changed", done.returncode == 0 and same

    def version(self) -> tuple[str, bool]:
        """The program runs."""
        done = offline(self._program, "--version")
        return done.stdout.strip() or done.stderr[-300:], done.returncode == 0

    def init(self) -> tuple[str, bool]:
        """It makes a site."""
        done = offline(self._program, "init", self._site, "--pack", "yihuang", "--terminal", "T1")
        return "a site" if done.returncode == 0 else done.stderr[-300:], done.returncode == 0

    def check(self) -> tuple[str, bool]:
        """It checks the site, and nothing fails."""
        done = offline(self._program, "--site", self._site, "check")
        bad = [line for line in done.stdout.splitlines() if line.startswith("fail")]
        return "; ".join(bad) or "no failure", done.returncode == 0 and not bad

    def upgrade(self) -> tuple[str, bool]:
        """Another bundle takes the place of this one, once the site is backed up."""
        newer = self._made.with_name("newer")
        shutil.copytree(self._made, newer)
        (newer / "CHANGELOG.md").write_text("newer\n")
        lines = (newer / "SHA256SUMS").read_text().splitlines()
        lines = [line for line in lines if not line.endswith("  CHANGELOG.md")]
        lines.append(f"{hashlib.sha256(b'newer' + bytes([10])).hexdigest()}  CHANGELOG.md")
        (newer / "SHA256SUMS").write_text("\n".join(lines) + "\n")
        before = (self._root / "opt/punchsync/current").readlink()
        done = offline("env", f"PUNCHSYNC_PYTHON={sys.executable}", newer / "install", "--root", self._root)
        copies = [p.name for p in (self._site / "backups").glob("before-*/*")]
        good = done.returncode == 0 and before != (self._root / "opt/punchsync/current").readlink() and len(copies) == 1
        return f"backed up as {', '.join(copies)}" if good else done.stderr[-300:], good

    def rollback(self) -> tuple[str, bool]:
        """And gives it back."""
        installer = self._root / "opt/punchsync/current/install"
        done = offline(installer, "rollback", "--root", self._root)
        good = done.returncode == 0 and offline(self._program, "--site", self._site, "check").returncode == 0
        return "the first one again, on the same site" if good else done.stderr[-300:], good

    def demo(self) -> tuple[str, bool]:
        """It plays the whole product."""
        done = offline(self._program, "demo", "--days", "1")
        return "one day" if done.returncode == 0 else done.stderr[-300:], done.returncode == 0

    def elsewhere(self) -> tuple[str, bool]:
        """A bundle for ARM64 can be made here; it can't be run here."""
        done = run(ROOT / "scripts/bundle", "--out", self._work, "--machine", "aarch64")
        said = Path(done.stdout.strip()).name if done.returncode == 0 else done.stderr[-300:]
        return f"{said} (made, not run)", done.returncode == 0


def run(*words: object) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PUNCHSYNC_")}
    return subprocess.run(
        [str(w) for w in words], capture_output=True, text=True, check=False, env=environment, timeout=600
    )


def offline(*words: object) -> subprocess.CompletedProcess[str]:
    """The same without a network."""
    return run(sys.executable, ROOT / "tests/install/offline.py", *words)
