"""Restoring: a backup is taken apart and proved in a working folder, and only then put in its place.

Killed at any moment it leaves the store as it was or as it is restored; done again it goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from punchsync.core.difference import Difference
from punchsync.core.manifest import SETTINGS, STORE, Copied, Installed, Manifest, unlike
from punchsync.core.moment import Moment, show_moment
from punchsync.operations.backup import archive, seal
from punchsync.operations.backup.archive import NoBackup
from punchsync.operations.backup.files import Put, credentials, put_back
from punchsync.operations.backup.place import working
from punchsync.operations.ports.copied import Whole


class Place(NamedTuple):
    """What a site's settings say of where its store is: the hall, the address, what time it is there, and whether its
    ledger is delivered to a scoring store."""

    hall: str
    url: str
    now: Moment
    scored: bool = False


class Outside(Protocol):
    """What restoring needs of the product; all of it may raise what settings and databases raise."""

    revisions: tuple[str, ...]

    def place(self, settings: Path, site: Path) -> Place:
        """Where the store of a site is, by the settings in a folder, which may be another's."""
        ...

    def open(self, file: Path, hall: str) -> Whole:
        """A SQLite file as a hall's store, brought up to date."""
        ...

    def install(self, place: Place, store: Path, right: Copied, aside: Path | None, site: Path) -> Installed:
        """Make a site's store hold what the one in a file holds; `aside` is where what was there goes."""
        ...

    def aside(self, place: Place, site: Path, name: str) -> Path:
        """Where a store that is replaced goes, by the end of its name."""
        ...


class Misplaced(ValueError):
    """A backup that can't be restored here.

    `hall`: it is another hall's, `found`, and not that of the site, `right`; `password`: the address of its store had
    a password, which backups don't have, and there are no settings here; `settings`: it has none, and neither has the
    site.
    """

    def __init__(self, reason: Literal["hall", "password", "settings"], found: str = "", right: str = "") -> None:
        super().__init__(f"{reason} {found} {right}")
        self.reason, self.found, self.right = reason, found, right


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: what the backup says of itself, the store's place, its files, and credentials asked for."""

    manifest: Manifest
    installed: Installed
    put: Put
    credentials: tuple[str, ...]


def restore(file: Path, site: Path, outside: Outside, *, key: Path | None = None, over: bool = False) -> Restored:
    """Restore a backup into a site, or into a folder that is to become one; `over` replaces what is there.

    Raises NoBackup, NoKey, Misplaced, and what the outside raises.
    """
    own = (site / SETTINGS).exists()
    # Settings that are here are read before anything is done: nobody waits for what can't be.
    wanted = outside.place(site, site) if own else None
    with working(site / "data") as work:
        made, manifest = opened(file, work, outside.revisions, key)
        if not own and not (made / SETTINGS).exists():
            raise Misplaced("settings")
        if wanted is None:
            if manifest.blanked:
                raise Misplaced("password")
            wanted = outside.place(made, site)
        if manifest.hall != wanted.hall:
            raise Misplaced("hall", manifest.hall, wanted.hall)
        right = ready(made, manifest, outside, hold=wanted.scored)
        stamp = show_moment(wanted.now).replace("-", "").replace(":", "").replace(" ", "-")
        aside = outside.aside(wanted, site, f"replaced-{stamp}") if over else None
        installed = outside.install(wanted, made / STORE, right, aside, site)
        put = put_back(made, site)
        names = credentials((site / SETTINGS).read_text(encoding="utf-8"))
    return Restored(manifest, installed, put, names)


def tried(
    file: Path,
    folder: Path,
    outside: Outside,
    check: Callable[[Path, Path], tuple[Difference, ...]],
    *,
    key: Path | None = None,
) -> tuple[Manifest, tuple[Difference, ...]]:
    """Take a backup apart in a folder, prove it as if it were restored, and leave nothing; raises NoBackup, NoKey.

    `check` is given a folder that is like a site's, and the store.
    """
    with working(folder) as work:
        made, manifest = opened(file, work, outside.revisions, key)
        ready(made, manifest, outside)
        return manifest, check(made, made / STORE)


def opened(file: Path, work: Path, revisions: tuple[str, ...], key: Path | None) -> tuple[Path, Manifest]:
    """A backup taken apart in a working folder, unsealed if it is sealed; raises NoBackup, NoKey."""
    if seal.is_sealed(file):
        if key is None:
            raise seal.NoKey("none")
        seal.unseal(file, work / "unsealed", key)
        file = work / "unsealed"
    # Before all of it is looked at, whether this version can use it.
    schema = archive.look(file).store.schema
    if schema not in revisions:
        raise NoBackup("newer" if schema > revisions[-1] else "form", schema)
    made = work / "made"
    made.mkdir(mode=0o700)
    return made, archive.unpack(file, made)


def ready(made: Path, manifest: Manifest, outside: Outside, *, hold: bool = False) -> Copied:
    """Bring a backup's store up to date; returns what it then holds. Raises NoBackup if that is not what it was.

    With `hold` it says from then on that nothing may be booked before the scoring store was asked (`operations.hold`).
    """
    store = outside.open(made / STORE, manifest.hall)
    try:
        found = store.held()
        if manifest.store.schema == outside.revisions[-1] and any(unlike(found.tables, manifest.store.tables)):
            raise NoBackup("sum", STORE)
        if not hold:
            return found
        with store.writing() as work:
            work.runs.hold(manifest.made_at)
        return store.held()
    finally:
        store.close()
