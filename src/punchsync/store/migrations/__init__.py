"""The schema's history: brings a database up to date, by Alembic, and only when something is due.

Alembic takes longer to import than most commands take to run, so the stored revision is read by plain SQL first.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, inspect, text

from punchsync.store import engine as engines

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision this version knows, oldest first; a test holds it to the files in `versions/`."""


log = structlog.get_logger("punchsync.store")


class SchemaTooNew(RuntimeError):
    """A database that a later version of the product has written; carries the revision found."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the store's schema is {revision}, this version knows {REVISIONS[-1]} at most")
        self.revision = revision


def upgrade(engine: Engine, keep: Path | None = None) -> Path | None:
    """Bring a database to the newest schema, in one transaction. Raises SchemaTooNew for one that is past it.

    With a folder to keep it in, a database that has a schema is copied before (`before.keep`, which raises NoCopy);
    returns where that copy is.
    """
    began = time.monotonic()
    with engines.reading(engine) as connection:
        found = revision(connection)
    if found == REVISIONS[-1]:
        return None
    if found is not None and found not in REVISIONS:
        raise SchemaTooNew(found)
    kept: Path | None = None
    with engines.writing(engine) as connection:
        # Whoever waited for the writer before us finds the work done.
        found = revision(connection)
        if keep is not None and found not in (None, REVISIONS[-1]):
            from punchsync.store.migrations import before

            kept = before.keep(connection, keep, str(found), REVISIONS[-1], _migrate)
        _migrate(connection)
    if kept is not None:
        log.warning("schema_upgraded", found=found, now=REVISIONS[-1], kept=str(kept), ms=_since(began))
    return kept


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _migrate(connection: Connection, to: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
