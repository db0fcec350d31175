"""Triggers that refuse to change or delete the rows of a table."""

from __future__ import annotations

from alembic import op

PROCEDURE = """
CREATE OR REPLACE FUNCTION punchsync_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def append_only(*names: str) -> None:
    """Make tables refuse UPDATE and DELETE (and TRUNCATE, where there is such a thing)."""
    postgresql = op.get_context().dialect.name == "postgresql"
    if postgresql:
        op.execute(PROCEDURE)
    for name in names:
        for verb in ("UPDATE", "DELETE", *(["TRUNCATE"] if postgresql else [])):
            if postgresql:
                each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
                does = f"FOR EACH {each} EXECUTE FUNCTION punchsync_append_only()"
            else:
                does = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            op.execute(f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} {does}")
