"""The demonstration run as a real process, with a home and a temporary folder of its own."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Ran(NamedTuple):
    """A command's exit status and what it said."""

    status: int
    out: str
    err: str


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment with an empty home, an empty temporary folder, and nothing of the tester's own settings."""
    for name in ("home", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PUNCHSYNC_")}
    return {**kept, "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), **more}


def punchsync(folder: Path, *args: str, **more: str) -> Ran:
    """Run a command to its end, in a folder."""
    argv = [sys.executable, "-m", "punchsync", *args]
    done = subprocess.run(
        argv, cwd=folder, capture_output=True, text=True, env=environment(folder, **more), timeout=120
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(folder: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    """A command under way, in a process group of its own; killed at the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "punchsync", *args],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in the background has them ignore SIGINT, which a program then inherits.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], text: str) -> list[str]:
    """The lines that a process says, up to the first that holds a text."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError("".join(lines))


def nobody_left(group: int) -> bool:
    """Whether no process of a group is there any more."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def left_in(folder: Path) -> list[str]:
    """What is left in the home and in the temporary folder."""
    return sorted(str(p.relative_to(folder)) for name in ("home", "tmp") for p in (folder / name).rglob("*"))


def export(folder: Path, site: Path, kind: str) -> list[dict[str, str]]:
    """An export's rows by column."""
    ran = punchsync(folder, "--site", str(site), "export", kind)
    assert ran.status == 0, ran
    return list(csv.DictReader(io.StringIO(ran.out)))
