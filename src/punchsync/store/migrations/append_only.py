"""Triggers that refuse to change or delete the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

PROCEDURE = """
CREATE OR REPLACE FUNCTION punchsync_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def append_only(*names: str) -> None:
    """Make tables refuse UPDATE and DELETE (and TRUNCATE, where there is such a thing)."""
    postgresql = _on_postgresql()
    if postgresql:
        op.execute(PROCEDURE)
    for name in names:
        for verb in ("UPDATE", "DELETE", *(["TRUNCATE"] if postgresql else [])):
            _refuse(name, verb)


@contextmanager
def changeable(name: str) -> Iterator[None]:
    """Let a migration change rows of such a table, and make it refuse that again."""
    op.execute(f"DROP TRIGGER {name}_no_update" + (f" ON {name}" if _on_postgresql() else ""))
    yield
    _refuse(name, "UPDATE")


def _refuse(name: str, verb: str) -> None:
    if _on_postgresql():
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        does = f"FOR EACH {each} EXECUTE FUNCTION punchsync_append_only()"
    else:
        does = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    op.execute(f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} {does}")


def _on_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
