"""What the service needs: names apart, checkpoints and erasures, attention, notices, troubles of jobs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.migrations.alias_names import alias_names
from punchsync.store.migrations.append_only import append_only
from punchsync.store.types import TEXT

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def number(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, **more)


def perhaps(name: str) -> sa.Column[int | None]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def table(name: str, *parts: Any, key: tuple[str, ...]) -> None:
    hall = sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])
    keys = sa.PrimaryKeyConstraint("hall_id", *key)
    op.create_table(name, text("hall_id"), *parts, hall, keys, sqlite_with_rowid=False)


def upgrade() -> None:
    table("person_name", text("alias"), text("salt"), text("name"), key=("alias",))
    table(
        "checkpoint",
        number("number"),
        number("through"),
        text("by"),
        text("erased"),
        text("results"),
        number("height"),
        text("hash"),
        number("at"),
        key=("number",),
    )
    table(
        "erasure",
        text("chain"),
        number("number"),
        number("checkpoint"),
        text("digest"),
        key=("chain", "number", "checkpoint"),
    )
    table(
        "attention",
        number("number"),
        text("code"),
        text("about"),
        text("value"),
        number("opened_at"),
        number("seen_at"),
        number("told"),
        perhaps("told_at"),
        perhaps("closed_at"),
        key=("number",),
    )
    op.create_index("attention_by_code", "attention", ["hall_id", "code", "about"])
    table(
        "notice",
        number("number"),
        text("key"),
        text("channel"),
        text("event"),
        text("subject"),
        text("body"),
        text("state"),
        number("tries"),
        text("detail"),
        number("made_at"),
        number("tried_at"),
        sa.UniqueConstraint("hall_id", "channel", "key", name="notice_once"),
        key=("number",),
    )
    table(
        "job_trouble",
        text("job"),
        number("due"),
        number("since"),
        number("at"),
        number("times"),
        text("error"),
        text("detail"),
        key=("job",),
    )
    append_only("checkpoint", "erasure")
    alias_names(op.get_bind())
