"""What a reading found of layout and clock, doubts of defects, memories of terminals, logs put aside."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.types import TEXT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, **more)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def perhaps(name: str) -> sa.Column[int | None]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def table(name: str, *parts: Any) -> None:
    hall = sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])
    op.create_table(
        name, text("hall_id"), *parts, hall, sa.PrimaryKeyConstraint("hall_id", "terminal"), sqlite_with_rowid=False
    )


def upgrade() -> None:
    for column in (
        text("layout", server_default=""),
        perhaps("held"),
        perhaps("capacity"),
        text("samples", server_default=""),
        perhaps("continues"),
        text("replaces", server_default=""),
    ):
        op.add_column("reading", column)
    for column in (text("users", server_default="[]"), perhaps("first_at"), perhaps("last_at")):
        op.add_column("defect", column)
    table(
        "memory",
        text("terminal"),
        number("reading"),
        text("serial"),
        text("layout"),
        number("held"),
        blob("tail"),
        number("full_on"),
        text("refused"),
        text("slots"),
        number("began"),
    )
    remember_serials()
    table("quarantine", text("terminal"), number("at"), text("code"), text("detail"), blob("blob"))


def remember_serials() -> None:
    """Which device each terminal is was told by its latest live reading so far; the next read is a full one."""
    nothing = "''::bytea" if op.get_context().dialect.name == "postgresql" else "x''"
    columns = "hall_id, terminal, reading, serial, layout, held, tail, full_on, refused, slots, began"
    op.execute(
        f"INSERT INTO memory ({columns}) "  # noqa: S608 # texts of ours
        f"SELECT hall_id, terminal, number, serial, '', 0, {nothing}, 0, '', '{{}}', began FROM reading AS r "
        "WHERE number = (SELECT max(number) FROM reading AS o "
        "WHERE o.hall_id = r.hall_id AND o.terminal = r.terminal AND o.began IS NOT NULL)"
    )
