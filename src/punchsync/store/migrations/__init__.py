"""The schema's history: brings a database up to date, by Alembic, and only when something is due.

Alembic takes longer to import than most commands take to run, so the stored revision is read by plain SQL first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from punchsync.store import engine as engines

REVISIONS: Final = ("0001", "0002", "0003", "0004")
"""Every revision this version knows, oldest first; a test holds it to the files in `versions/`."""


class SchemaTooNew(RuntimeError):
    """A database that a later version of the product has written; carries the revision found."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the store's schema is {revision}, this version knows {REVISIONS[-1]} at most")
        self.revision = revision


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest schema, in one transaction. Raises SchemaTooNew for one that is past it."""
    with engines.reading(engine) as connection:
        found = revision(connection)
    if found == REVISIONS[-1]:
        return
    if found is not None and found not in REVISIONS:
        raise SchemaTooNew(found)
    with engines.writing(engine) as connection:
        _migrate(connection)


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    # Whoever waited for the writer before us finds the work done: Alembic reads the revision in this transaction.
    command.upgrade(config, "head")
