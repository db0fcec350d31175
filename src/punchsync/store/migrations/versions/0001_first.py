"""The first schema: all tables, and triggers that refuse to change or delete what was written down."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.migrations.append_only import append_only
from punchsync.store.types import TEXT

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger_entry", "punch", "record", "pack", "bulletin")


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def data(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def perhaps(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def key(*names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names)


def of_hall() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])


def table(name: str, *parts: Any) -> None:
    op.create_table(name, *parts, sqlite_with_rowid=False)


def upgrade() -> None:
    table(
        "bulletin",
        text("hall_id"),
        text("kind"),
        text("year"),
        number("number"),
        text("period"),
        text("content"),
        number("issued_at"),
        key("hall_id", "kind", "year", "number"),
    )
    op.create_index("bulletin_by_period", "bulletin", ["hall_id", "kind", "period"])
    table(
        "defect",
        text("hall_id"),
        text("terminal"),
        number("number"),
        data("raw"),
        text("reason"),
        number("ordinal"),
        number("reading"),
        number("position"),
        key("hall_id", "terminal", "number"),
        sa.UniqueConstraint("hall_id", "terminal", "raw", "reason", "ordinal", name="defect_identity"),
    )
    table(
        "device_user",
        text("hall_id"),
        text("terminal"),
        text("device_user_id"),
        key("hall_id", "terminal", "device_user_id"),
    )
    table(
        "failure",
        text("hall_id"),
        text("terminal"),
        number("at"),
        text("code"),
        text("detail"),
        key("hall_id", "terminal"),
    )
    table("hall", text("hall_id"), text("name"), number("epoch"), key("hall_id"))
    table(
        "job_run",
        text("hall_id"),
        text("job"),
        number("due"),
        number("done_at"),
        text("outcome"),
        key("hall_id", "job", "due"),
    )
    table(
        "outcome",
        text("hall_id"),
        text("period"),
        text("subject_type"),
        text("subject_id"),
        text("outcome"),
        text("rule"),
        text("counted"),
        text("article"),
        text("state"),
        key("hall_id", "period", "subject_type", "subject_id", "outcome", "rule"),
    )
    table("pack", text("hall_id"), text("digest"), text("text"), number("stored_at"), key("hall_id", "digest"))
    table(
        "punch",
        text("hall_id"),
        text("terminal"),
        number("number"),
        text("device_user_id"),
        number("at"),
        number("ordinal"),
        text("verify"),
        text("state"),
        data("raw"),
        number("reading"),
        number("position"),
        key("hall_id", "terminal", "number"),
        sa.UniqueConstraint("hall_id", "terminal", "at", "device_user_id", "ordinal", name="punch_identity"),
    )
    table(
        "rank",
        text("hall_id"),
        text("period"),
        text("rule"),
        text("subject_type"),
        text("subject_id"),
        number("rank"),
        text("score"),
        number("violations"),
        number("seconds"),
        key("hall_id", "period", "rule", "subject_type", "subject_id"),
    )
    table(
        "score",
        text("hall_id"),
        text("period"),
        text("account_type"),
        text("account_id"),
        text("category"),
        number("base"),
        number("points"),
        number("score"),
        key("hall_id", "period", "account_type", "account_id", "category"),
    )
    table(
        "settle_run",
        text("hall_id"),
        number("number"),
        number("as_of"),
        number("reading"),
        text("pack"),
        number("stored_at"),
        key("hall_id", "number"),
    )
    table(
        "standing",
        text("hall_id"),
        text("month"),
        text("subject_type"),
        text("subject_id"),
        number("violations"),
        number("seconds"),
        key("hall_id", "month", "subject_type", "subject_id"),
    )
    table(
        "tally",
        text("hall_id"),
        text("month"),
        text("person"),
        number("required_sessions"),
        number("late"),
        number("early"),
        number("off_post"),
        number("absent_half_days"),
        number("in_post_days"),
        number("leave_official"),
        number("leave_personal"),
        number("leave_sick"),
        number("leave_other"),
        key("hall_id", "month", "person"),
    )
    table(
        "verdict",
        text("hall_id"),
        number("day"),
        text("person"),
        number("session"),
        text("checkpoint"),
        perhaps("due"),
        perhaps("punch"),
        text("terminal"),
        text("verdict"),
        number("seconds"),
        text("would"),
        key("hall_id", "day", "person", "session", "checkpoint"),
    )
    table(
        "violation",
        text("hall_id"),
        text("month"),
        text("id"),
        number("day"),
        text("person"),
        number("session"),
        text("kind"),
        text("window"),
        text("unit"),
        number("seconds"),
        text("source"),
        number("phase"),
        number("at"),
        number("warned"),
        text("cause"),
        text("ruling"),
        key("hall_id", "month", "id"),
    )
    op.create_index("violation_by_day", "violation", ["hall_id", "day"])
    table(
        "hall_month",
        text("hall_id"),
        text("month"),
        number("marked"),
        number("settled"),
        number("as_of"),
        number("unknown"),
        text("pack"),
        of_hall(),
        key("hall_id", "month"),
    )
    table(
        "ledger_entry",
        text("hall_id"),
        number("height"),
        text("entry_id"),
        number("booked_on"),
        text("cause"),
        number("revision"),
        text("account_type"),
        text("account_id"),
        text("category"),
        text("period"),
        number("points"),
        text("rule"),
        text("article"),
        number("value_date"),
        text("reverses"),
        text("pack"),
        text("previous"),
        text("hash"),
        number("stored_at"),
        of_hall(),
        key("hall_id", "height"),
        sa.UniqueConstraint("hall_id", "cause", "revision", name="ledger_cause_revision"),
        sa.UniqueConstraint("hall_id", "entry_id", name="ledger_entry_id"),
    )
    op.create_index("ledger_by_value_date", "ledger_entry", ["hall_id", "value_date"])
    table(
        "reading",
        text("hall_id"),
        number("number"),
        text("terminal"),
        text("source"),
        text("name"),
        text("digest"),
        perhaps("began"),
        perhaps("through"),
        text("serial"),
        perhaps("count_before"),
        perhaps("count_after"),
        perhaps("clock_offset"),
        number("bytes_moved"),
        text("plan"),
        number("rows"),
        number("new"),
        text("spans"),
        perhaps("first_at"),
        perhaps("last_at"),
        text("last_numbers"),
        perhaps("later_at"),
        number("stored_at"),
        of_hall(),
        key("hall_id", "number"),
    )
    op.create_index("reading_by_digest", "reading", ["hall_id", "terminal", "digest"])
    op.create_index("reading_by_last", "reading", ["hall_id", "terminal", "last_at"])
    table(
        "record",
        text("hall_id"),
        text("kind"),
        text("key"),
        number("version"),
        text("body"),
        number("stored_at"),
        of_hall(),
        key("hall_id", "kind", "key", "version"),
    )

    append_only(*APPEND_ONLY)
