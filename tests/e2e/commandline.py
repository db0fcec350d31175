"""The command line driven from tests: in this process for many runs, or as a real process."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
from click.testing import CliRunner

from punchsync.cli import group
from punchsync.cli.ending import run


class Ran(NamedTuple):
    """A command's exit status and what it said."""

    status: int
    out: str
    err: str


class _Run(click.Command):
    """Runs the whole command line, endings included, under click's test runner."""

    def __init__(self, args: Sequence[str]) -> None:
        super().__init__("punchsync")
        self._args = list(args)

    def main(self, *args: object, **kwargs: object) -> None:  # type: ignore[override] # the runner only calls it
        bound = group.main

        class Bound:
            def main(self, **rest: object) -> object:
                return bound(args=list(outer), standalone_mode=False)

        outer = self._args
        raise SystemExit(run(Bound()))  # type: ignore[arg-type] # has the one method that `run` calls


def punchsync(site: Path | None, *args: str, typed: str | None = None) -> Ran:
    """Run a command in this process, with something on its standard input."""
    argv = [*(["--site", str(site)] if site else []), *map(str, args)]
    result = CliRunner().invoke(_Run(argv), [], typed)
    return Ran(result.exit_code, result.stdout, result.stderr)


def process(site: Path | None, *args: str, **environ: str) -> Ran:
    """Run a command as a process of its own."""
    argv = [sys.executable, "-m", "punchsync", *(["--site", str(site)] if site else []), *map(str, args)]
    done = subprocess.run(argv, capture_output=True, text=True, env={**os.environ, **environ}, timeout=120)
    return Ran(done.returncode, done.stdout, done.stderr)


def rows(ran: Ran) -> list[tuple[str, ...]]:
    """An export's rows, without the header."""
    assert ran.status == 0, ran
    return [tuple(r) for r in csv.reader(io.StringIO(ran.out))][1:]


def export(site: Path, kind: str, *args: str) -> list[tuple[str, ...]]:
    """One export's rows."""
    return rows(punchsync(site, "export", kind, *args))
