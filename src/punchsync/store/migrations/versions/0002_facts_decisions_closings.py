"""Facts, rules of violations, given scores, decisions on outcomes, closed months; an older store keeps all it has."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.migrations.append_only import append_only
from punchsync.store.types import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("outcome_decision", "closing")


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, **more)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def key(*names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names)


def of_hall() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])


def table(name: str, *parts: Any) -> None:
    op.create_table(name, *parts, sqlite_with_rowid=False)


def upgrade() -> None:
    op.add_column("violation", text("rule", server_default=""))
    table(
        "fact",
        text("hall_id"),
        text("month"),
        text("rule"),
        text("subject_type"),
        text("subject_id"),
        text("value"),
        key("hall_id", "month", "rule", "subject_type", "subject_id"),
    )
    widen_score()
    # Until now nothing could decide on an outcome, so every row says `proposed`.
    op.drop_column("outcome", "state")
    table(
        "outcome_decision",
        text("hall_id"),
        number("number"),
        text("period"),
        text("subject_type"),
        text("subject_id"),
        text("outcome"),
        text("rule"),
        text("state"),
        text("decided_by"),
        text("note"),
        number("decided_at"),
        of_hall(),
        key("hall_id", "number"),
    )
    table(
        "closing",
        text("hall_id"),
        number("number"),
        text("month"),
        text("action"),
        text("by"),
        text("reason"),
        number("at"),
        of_hall(),
        key("hall_id", "number"),
    )
    append_only(*APPEND_ONLY)


def widen_score() -> None:
    """Make `given` part of the key; a table's key can't be altered in place."""
    shared = "hall_id, period, account_type, account_id, category, base, points, score"
    table(
        "score_with_given",
        text("hall_id"),
        text("period"),
        text("account_type"),
        text("account_id"),
        text("category"),
        number("given"),
        number("base"),
        number("points"),
        number("score"),
        key("hall_id", "period", "account_type", "account_id", "category", "given"),
    )
    op.execute(f"INSERT INTO score_with_given ({shared}, given) SELECT {shared}, 0 FROM score")  # noqa: S608 # names of ours
    op.drop_table("score")
    op.rename_table("score_with_given", "score")
