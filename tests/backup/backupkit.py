"""A hall with some of everything, ready to be backed up, and what its backups must hold."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "operations"))

from verifykit import at_site, fill
from verifykit import behind as behind

from punchsync.bootstrap import Site
from punchsync.core.manifest import STORE, Copied, Manifest, TableSum
from punchsync.core.moment import parse_moment
from punchsync.operations.backup.archive import write
from punchsync.operations.backup.files import staged
from punchsync.store import SqlStore

SECRET = "geheim-4711"
NOW = parse_moment("2026-11-12 23:10:00")
SETTINGS = """
[backup]
days = 1
weeks = 0
months = 0
"""
DB = "data/punchsync.db"


def make(folder: Path) -> Path:
    """A site on SQLite with rows, bulletins, a pack of its own and a credential; nobody has it open."""
    with at_site(folder, f"sqlite:///{DB}") as site:
        fill(site)
    (folder / "punchsync.toml").write_text((folder / "punchsync.toml").read_text() + SETTINGS, encoding="utf-8")
    for name, text in (
        ("bulletins/2026-11-09.md", "通报"),
        ("bulletins/.2026-11-10.md.part", "通"),
        ("packs/own.toml", 'id = "own"'),
        ("credentials/t1", SECRET),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def copy(site: Path, to: Path) -> Path:
    shutil.copytree(site, to)
    return to


def held(url: str, hall: str = "demo") -> Copied:
    """What a store holds."""
    store = SqlStore(url, hall)
    try:
        return store.held()
    finally:
        store.close()


def in_site(site: Path) -> Copied:
    return held(f"sqlite:///{site / DB}")


@contextmanager
def opened(site: Path) -> Iterator[Site]:
    with Site(site) as found:
        yield found


def add_record(site: Path, key: str = "P9") -> None:
    """One row more, with its link."""
    with opened(site) as found, found.store.writing() as work:
        work.records.put("incident", [(key, {})], NOW)


def small(folder: Path, **more: Any) -> Path:
    """A backup of next to nothing, as a file: as good as a real one to whoever takes it apart."""
    made = folder / "small"
    (made / "bulletins").mkdir(parents=True)
    (made / STORE).write_bytes(b"rows")
    (made / "bulletins/1.md").write_text("one")
    store = Copied("0005", (TableSum("hall", 1, "0" * 64),), 0, "0" * 64, 0, "0" * 64)
    given = {"hall": "demo", "name": "n", "program": "1", "made_at": NOW, "store": store, "files": staged(made)} | more
    write(made, Manifest(**given), folder / "small.tar.gz")
    shutil.rmtree(made)
    return folder / "small.tar.gz"


def listed(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def left(site: Path) -> list[str]:
    """What of a work under way lies in a site."""
    return [p.name for p in site.rglob("*") if p.name.startswith(".") and not p.name.endswith(".md.part")]
