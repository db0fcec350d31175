"""What restoring a backup needs of the product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from punchsync.bootstrap.addresses import store_url
from punchsync.bootstrap.clocks import HallClock
from punchsync.settings import load as load_settings

if TYPE_CHECKING:
    from punchsync.core.manifest import Copied, Installed
    from punchsync.operations.backup.restore import Place
    from punchsync.store.store import SqlStore


class Restoring:
    """What restoring needs of the product."""

    def __init__(self) -> None:
        from punchsync.store.migrations import REVISIONS

        self.revisions: tuple[str, ...] = REVISIONS

    def place(self, settings: Path, site: Path) -> Place:
        """Where the store of a site is, by the settings in a folder; raises Refused."""
        from punchsync.operations.backup.restore import Place

        found = load_settings(settings)
        now = HallClock(found.hall.timezone).now()
        return Place(found.hall.id, store_url(found.store.url, site), now, found.scoring.sink != "none")

    def open(self, file: Path, hall: str) -> SqlStore:
        """A SQLite file as a hall's store, brought up to date."""
        from punchsync.store.store import SqlStore

        return SqlStore(f"sqlite:///{file}", hall)

    def install(self, place: Place, store: Path, right: Copied, aside: Path | None, site: Path) -> Installed:
        """Make a site's store hold what the one in a file holds."""
        from punchsync.store.install import install

        return install(place.url, place.hall, store, right, aside, site / "data")

    def aside(self, place: Place, site: Path, name: str) -> Path:
        """Where a store that is replaced goes: beside it, or into the site's data."""
        file = Path(place.url.removeprefix("sqlite:///")) if place.url.startswith("sqlite:") else site / "data/store"
        return file.with_name(f"{file.name}.{name}")
