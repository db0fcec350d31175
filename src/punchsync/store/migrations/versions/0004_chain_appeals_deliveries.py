"""One chain over all that is only ever added to, appeals, and what was delivered to the scoring store."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.migrations.adopt import adopt
from punchsync.store.migrations.append_only import append_only
from punchsync.store.types import TEXT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def number(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, **more)


def blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def table(name: str, *parts: Any, key: tuple[str, ...]) -> None:
    hall = sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])
    keys = sa.PrimaryKeyConstraint("hall_id", *key)
    op.create_table(name, text("hall_id"), *parts, hall, keys, sqlite_with_rowid=False)


def upgrade() -> None:
    op.add_column("record", number("batch", server_default="0"))
    op.create_index("record_by_batch", "record", ["hall_id", "batch"])
    op.add_column("settle_run", number("height", server_default="0"))
    table(
        "link",
        number("height"),
        text("chain"),
        number("number"),
        text("digest"),
        text("hash"),
        number("stored_at"),
        sa.UniqueConstraint("hall_id", "chain", "number", name="link_place"),
        key=("height",),
    )
    table(
        "appeal",
        number("number"),
        text("violation"),
        number("stage"),
        number("day"),
        text("person"),
        text("window"),
        number("session"),
        text("kind"),
        number("seconds"),
        text("source"),
        text("filed_by"),
        text("role"),
        text("grounds"),
        text("late"),
        number("filed_at"),
        key=("number",),
    )
    op.create_index("appeal_by_violation", "appeal", ["hall_id", "violation"])
    table(
        "evidence",
        number("appeal"),
        number("position"),
        text("name"),
        text("digest"),
        blob("content"),
        key=("appeal", "position"),
    )
    table(
        "appeal_decision",
        number("appeal"),
        text("outcome"),
        text("as_kind"),
        text("decided_by"),
        text("document"),
        text("note"),
        text("ruling"),
        number("decided_at"),
        key=("appeal",),
    )
    table(
        "delivery",
        text("store"),
        number("number"),
        number("first"),
        number("last"),
        text("key"),
        text("state"),
        number("tries"),
        text("detail"),
        number("made_at"),
        number("tried_at"),
        key=("store", "number"),
    )
    append_only("reading", "defect", "link", "appeal", "evidence", "appeal_decision")
    adopt(op.get_bind())
