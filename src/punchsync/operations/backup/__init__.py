"""Backups: a hall's rows and files in one file, proved by restoring it before it counts, kept by day, week and month.

The rows come from one reading view, so whoever writes goes on writing. Whatever the database of the hall, those in a
backup are a SQLite store: a backup is also how a hall moves from one kind to the other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from punchsync.core.difference import Difference
from punchsync.core.keeping import Keep, backups, name_of, outlived
from punchsync.core.manifest import NAME, STORE, Manifest, unlike
from punchsync.core.moment import Day, Moment, day_of
from punchsync.operations.backup import archive, seal
from punchsync.operations.backup.files import stage, staged
from punchsync.operations.backup.place import Damaged, place, working
from punchsync.operations.hall import Hall
from punchsync.operations.ports.copied import Whole
from punchsync.operations.verify import verify

__all__ = ["BackedUp", "InTheWay", "NoFolder", "Shelf", "Source", "back_up"]

FOLDER_MODE: Final = 0o700

Proof = Literal["all", "some", "sums"]
"""What is computed anew of a backup that was restored: every month, a few that are others each day, or nothing."""
Progress = Callable[[int, int], None]


class InTheWay(FileExistsError):
    """Something that is no backup is where one is to be put. Names it."""


class NoFolder(OSError):
    """A folder of the settings that is not there: perhaps a disk that is not mounted. Names it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A site as backups see it.

    `packs` are the files of the hall's own pack. `open` opens a SQLite file as the hall's store. `recipient` is the
    public key that backups are sealed for.
    """

    hall: Hall
    store: Whole
    folder: Path
    program: str
    open: Callable[[Path], Whole]
    packs: tuple[Path, ...] = ()
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where backups are kept and how many: `into` is made if it lies in the site's folder, `also` never is."""

    into: Path
    also: Path | None
    keep: Keep


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: where, its length, and how many rows it holds.

    `differences` is what was found when it was restored and looked through. `removed` are the backups that went for
    it; `also` says why there is no second copy, and is empty if there is one or none was wanted.
    """

    file: Path
    bytes: int
    rows: int
    differences: tuple[Difference, ...]
    removed: tuple[str, ...]
    also: str
    sealed: bool
    manifest: Manifest


def back_up(
    source: Source, now: Moment, to: Path | Shelf, proof: Proof, progress: Progress = lambda done, total: None
) -> BackedUp:
    """Make a backup: a file, in the place of which nothing is or another backup, or the next one of a shelf.

    It is made beside the site's data, taken apart again and proved; then it is put where it belongs, whole or not at
    all. Raises OSError, NoFolder, InTheWay, NoKey.
    """
    if source.recipient is not None:
        seal.check(source.recipient)
    into = to.into if isinstance(to, Shelf) else to.parent
    if isinstance(to, Shelf) and into.is_relative_to(source.folder):
        into.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if not into.is_dir():
        raise NoFolder(str(into))
    if isinstance(to, Path) and to.exists() and not (to.is_file() and (seal.is_sealed(to) or archive.is_one(to))):
        raise InTheWay(str(to))
    data = source.folder / "data"
    data.mkdir(mode=0o750, exist_ok=True)
    with working(data) as work:
        file, manifest = _made(source, now, work, progress)
        differences = _tried(source, file, manifest, work / "tried", proof, progress)
        if source.recipient is not None:
            sealed = work / "sealed"
            seal.seal(file, sealed, source.recipient)
            file.unlink()
            file = sealed
        removed: tuple[str, ...] = ()
        also = ""
        if isinstance(to, Shelf):
            target = _free(source, into, now, good=not differences)
            found = place(file, target)
            also = _second(file, to.also, target.name)
            folders = (into,) if to.also is None or also else (into, to.also)
            removed = tuple(name for folder in folders for name in _rotated(source.hall.id, folder, to.keep, target))
        else:
            target = to
            found = place(file, target)
    rows = manifest.store.rows
    return BackedUp(target, found.size, rows, differences, removed, also, source.recipient is not None, manifest)


def _made(source: Source, now: Moment, work: Path, progress: Progress) -> tuple[Path, Manifest]:
    """A backup in a working folder. Files come first: a bulletin that the rows know can be printed anew."""
    made, file = work / "made", work / "backup"
    made.mkdir(mode=FOLDER_MODE)
    blanked = stage(source.folder, made, source.packs)
    copied = source.store.copy(made / STORE)
    progress(0, 1)
    here = source.folder.resolve()
    elsewhere = next((str(p) for p in source.packs if not p.is_relative_to(here)), "")
    hall = source.hall
    manifest = Manifest(hall.id, hall.name, source.program, now, copied, staged(made), blanked, elsewhere)
    archive.write(made, manifest, file)
    shutil.rmtree(made)
    progress(0, 1)
    return file, manifest


def _tried(
    source: Source, file: Path, manifest: Manifest, folder: Path, proof: Proof, progress: Progress
) -> tuple[Difference, ...]:
    """What is not as it must be once a backup is restored; raises Damaged for one that can't be."""
    folder.mkdir(mode=FOLDER_MODE)
    try:
        if archive.unpack(file, folder) != manifest:
            raise archive.NoBackup("names", NAME)
    except archive.NoBackup as error:
        raise Damaged(f"{error.reason} {error.place}") from error
    store = source.open(folder / STORE)
    try:
        differences = tuple(unlike(store.held().tables, manifest.store.tables))
        progress(0, 1)
        if proof != "sums":
            differences += _verified(replace(source.hall, store=store), proof, manifest.made_at, progress)
    finally:
        store.close()
    shutil.rmtree(folder)
    return differences


def _verified(hall: Hall, proof: Proof, now: Moment, progress: Progress) -> tuple[Difference, ...]:
    """What `verify` finds; that it broke off is a difference, too, and no reason to be without a backup."""
    try:
        return verify(hall, progress, only=few(hall, day_of(now)) if proof == "some" else None).differences
    except Exception as error:
        return (Difference("verify", "", f"{type(error).__name__}: {error}", ""),)


def few(hall: Hall, day: Day) -> list[str]:
    """The last two months of a store, and of those before them one that is another each day."""
    with hall.store.reading() as work:
        months = sorted(work.months.states())
    before = months[:-2]
    return [*(before[day % len(before) :][:1] if before else ()), *months[-2:]]


def _free(source: Source, folder: Path, now: Moment, *, good: bool) -> Path:
    """The first name of a backup from now on that nothing has."""
    while (file := folder / name_of(source.hall.id, now, good=good, sealed=source.recipient is not None)).exists():
        now += 1
    return file


def _second(file: Path, also: Path | None, name: str) -> str:
    """Put a second copy where it is wanted; says why it isn't there."""
    if also is None:
        return ""
    try:
        if not also.is_dir():
            raise NoFolder(str(also))
        place(file, also / name)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _rotated(hall: str, folder: Path, keep: Keep, made: Path) -> list[str]:
    """Remove a hall's backups whose time is over, never the one just made; returns their paths."""
    removed: list[str] = []
    for backup in outlived(backups(hall, (p.name for p in folder.iterdir())), keep):
        if backup.name != made.name:
            with suppress(OSError):
                (folder / backup.name).unlink()
                removed.append(str(folder / backup.name))
    return removed
