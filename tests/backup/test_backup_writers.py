"""Backups of a store to which a process of its own writes all the while."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from backupkit import DB, NOW, opened

from punchsync.bootstrap.restoring import Restoring
from punchsync.operations.backup.restore import restore

TABLES = ("pack", "bulletin", "link")
WRITE = """
import sys
from punchsync.store import SqlStore
store = SqlStore({url!r}, "demo")
n = 0
while True:
    n += 1
    with store.writing() as work:
        work.papers.keep_pack(f"w{{n}}", "text" * 300, {now})
        work.papers.issue("daily", "2026-11-11", f"content {{n}}", {now})
    print(n, flush=True)
"""


@contextmanager
def writer(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that adds rows to two tables, and links for them, in each of its transactions."""
    script = WRITE.format(url=url, now=NOW)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def counts(done):
    rows = {t.table: t.rows for t in done.manifest.store.tables}
    return [rows[table] for table in TABLES]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_backup_is_of_one_moment_while_a_process_writes(site, tmp_path, kind, request, backup):
    url = f"sqlite:///{site / DB}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new()
        settings = site / "punchsync.toml"
        settings.write_text(settings.read_text().replace(f"sqlite:///{DB}", url))
        restore(backup, site, Restoring())
    with opened(site) as found:
        before = found.store.held()
        with writer(url) as process:
            made = []
            for n in range(3):
                made.append(found.back_up(NOW + n, tmp_path / f"b{n}", proof="all" if n == 1 else "sums"))
                time.sleep(0.05)
            assert process.poll() is None
    assert [done.differences for done in made] == [(), (), ()]
    first = {t.table: t.rows for t in before.tables}
    start = [first[table] for table in TABLES]
    grown = [tuple(now - was for now, was in zip(counts(done), start, strict=True)) for done in made]
    assert all(packs == bulletins and links == packs + bulletins for packs, bulletins, links in grown), grown
    assert 0 < grown[0][0] < grown[1][0] < grown[2][0]
