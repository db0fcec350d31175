"""Names out of the staff records of a store that was written before they had a table of their own.

What was linked stays linked: a body says where its name went, and its digest is made of it with the name put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from punchsync.store.migrations.append_only import changeable
from punchsync.store.names import Named, moved

_RECORD = sa.table("record", *map(sa.column, ("hall_id", "kind", "key", "version", "body")))
_NAME = sa.table("person_name", *map(sa.column, ("hall_id", "alias", "salt", "name")))
_STAFF = sa.select(_RECORD.c.hall_id, _RECORD.c.key, _RECORD.c.version, _RECORD.c.body).where(_RECORD.c.kind == "staff")
_CHANGE = (
    sa.update(_RECORD)
    .where(
        _RECORD.c.hall_id == sa.bindparam("of_hall"),
        _RECORD.c.kind == "staff",
        _RECORD.c.key == sa.bindparam("of_key"),
        _RECORD.c.version == sa.bindparam("of_version"),
    )
    .values(body=sa.bindparam("aliased"))
)


def alias_names(connection: sa.Connection) -> None:
    """Move the name of every staff record to `person_name`; what can't be put back as it was stays as it is."""
    bodies: list[dict[str, object]] = []
    names: list[dict[str, str]] = []
    for hall_id, key, version, body in connection.execute(_STAFF).all():
        found = moved(body)
        if found is not None:
            text, new = found
            bodies.append({"of_hall": hall_id, "of_key": key, "of_version": version, "aliased": text})
            names.append({"hall_id": hall_id, **Named._asdict(new)})
    if not bodies:
        return
    connection.execute(sa.insert(_NAME), names)
    with changeable("record"), _wiped(connection):
        connection.execute(_CHANGE, bodies)


@contextmanager
def _wiped(connection: sa.Connection) -> Iterator[None]:
    """SQLite leaves what is replaced in its file unless told to write over it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    yield
    connection.exec_driver_sql("PRAGMA secure_delete = OFF")
