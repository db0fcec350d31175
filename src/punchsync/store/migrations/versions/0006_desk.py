"""What the desk needs: accounts, logged-in browsers, tokens for programs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from punchsync.store.types import TEXT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


LEDGER = {
    "ledger_entry": "50000 50000 1",
    "sqlite_autoindex_ledger_entry_2": "50000 50000 2 1",  # hall, cause, revision
    "sqlite_autoindex_ledger_entry_3": "50000 50000 1",  # hall, entry_id
    "ledger_by_value_date": "50000 50000 200",
    "ledger_by_account": "50000 50000 25000 200 2",
}
"""For each index its rows, and how many of them share its first column, its first two, and so on (`sqlite_stat1`)."""


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def perhaps(name: str) -> sa.Column[int | None]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def table(name: str, *parts: Any, key: tuple[str, ...]) -> None:
    hall = sa.ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])
    keys = sa.PrimaryKeyConstraint("hall_id", *key)
    op.create_table(name, text("hall_id"), *parts, hall, keys, sqlite_with_rowid=False)


def upgrade() -> None:
    table(
        "account",
        text("login"),
        text("name"),
        text("role"),
        text("person"),
        text("windows"),
        text("unit"),
        text("state"),
        text("password"),
        text("subject"),
        number("must_change"),
        number("failures"),
        perhaps("locked_until"),
        number("made_at"),
        number("changed_at"),
        key=("login",),
    )
    table(
        "web_session",
        text("digest"),
        text("login"),
        text("csrf"),
        number("made_at"),
        number("seen_at"),
        text("address"),
        text("agent"),
        key=("digest",),
    )
    op.create_index("web_session_by_login", "web_session", ["hall_id", "login"])
    table(
        "api_token",
        number("number"),
        text("digest"),
        text("name"),
        text("login"),
        text("scopes"),
        number("made_at"),
        perhaps("ends_at"),
        perhaps("used_at"),
        perhaps("revoked_at"),
        sa.UniqueConstraint("hall_id", "digest", name="api_token_digest"),
        key=("number",),
    )
    doubtful = sa.text("verdict = 'unverified'")
    op.create_index(
        "verdict_unverified", "verdict", ["hall_id", "day"], sqlite_where=doubtful, postgresql_where=doubtful
    )
    op.create_index("punch_by_user", "punch", ["hall_id", "terminal", "device_user_id", "at"])
    op.create_index("ledger_by_account", "ledger_entry", ["hall_id", "account_type", "account_id", "value_date"])
    op.create_index("violation_by_person", "violation", ["hall_id", "person", "day"])
    if op.get_bind().dialect.name == "sqlite":
        describe_ledger()


def describe_ledger() -> None:
    """Tell SQLite what a ledger is like: by itself it reads all of a hall's, by the primary key, for one cause."""
    op.execute("PRAGMA analysis_limit = 100")  # no look at all of a large ledger, no rows of it kept as samples
    op.execute("ANALYZE ledger_entry")
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'ledger_entry'")
    for index, rows in LEDGER.items():
        op.execute(
            sa.text("INSERT INTO sqlite_stat1 VALUES ('ledger_entry', :index, :rows)").bindparams(
                index=index, rows=rows
            )
        )
