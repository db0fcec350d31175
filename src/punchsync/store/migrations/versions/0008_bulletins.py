"""What publishing needs: files still to be printed, how far notices got, where people are written to and how far."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.types import TEXT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def number(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, **more)


def table(name: str, *parts: Any, key: tuple[str, ...]) -> None:
    hall = sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])
    keys = sa.PrimaryKeyConstraint("hall_id", *key)
    op.create_table(name, text("hall_id"), *parts, hall, keys, sqlite_with_rowid=False)


def upgrade() -> None:
    table("printing", text("kind"), text("year"), number("number"), number("tries"), key=("kind", "year", "number"))
    for name in ("done", "under_way", "wait"):
        op.add_column("notice", number(name, server_default="0"))
    table("contact", text("person"), text("address"), number("changed_at"), key=("person",))
    table("told", text("what"), number("height"), key=("what",))
