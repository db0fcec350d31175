"""A store as backups see it: all of a hall at once."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from punchsync.core.manifest import Copied
from punchsync.operations.ports import Store


class Whole(Store, Protocol):
    """A hall's store that can be copied as a whole."""

    def copy(self, file: Path) -> Copied:
        """All of the hall's rows, of one view, in a new file that is a store itself."""
        ...

    def held(self) -> Copied:
        """What there is of the hall, table by table."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
