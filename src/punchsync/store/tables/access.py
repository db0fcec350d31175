"""Who may use the desk: accounts, logged-in browsers, tokens. Rows that change; who did it is in the access log."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from punchsync.store.tables.columns import key, number, of_hall, perhaps, table, text

account = table(
    "account",
    *key("login"),
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
    of_hall(),
)

web_session = table(
    "web_session",
    *key("digest"),
    text("login"),
    text("csrf"),
    number("made_at"),
    number("seen_at"),
    text("address"),
    text("agent"),
    of_hall(),
    Index("web_session_by_login", "hall_id", "login"),
)

api_token = table(
    "api_token",
    *key(),
    number("number", primary_key=True),
    text("digest"),
    text("name"),
    text("login"),
    text("scopes"),
    number("made_at"),
    perhaps("ends_at"),
    perhaps("used_at"),
    perhaps("revoked_at"),
    of_hall(),
    UniqueConstraint("hall_id", "digest", name="api_token_digest"),
)
