"""What is booked and never changed, and how it is proved and delivered."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from punchsync.store.tables.columns import key, number, of_hall, table, text

hall = table("hall", text("hall_id", primary_key=True), text("name"), number("epoch"))

pack = table("pack", *key("digest"), text("text"), number("stored_at"))

ledger_entry = table(
    "ledger_entry",
    *key(),
    number("height", primary_key=True),
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
    UniqueConstraint("hall_id", "cause", "revision", name="ledger_cause_revision"),
    UniqueConstraint("hall_id", "entry_id", name="ledger_entry_id"),
    Index("ledger_by_value_date", "hall_id", "value_date"),
    Index("ledger_by_account", "hall_id", "account_type", "account_id", "value_date"),
)

settle_run = table(
    "settle_run",
    *key(),
    number("number", primary_key=True),
    number("as_of"),
    number("reading"),
    text("pack"),
    number("stored_at"),
    number("height", server_default="0"),
)

link = table(
    "link",
    *key(),
    number("height", primary_key=True),
    text("chain"),
    number("number"),
    text("digest"),
    text("hash"),
    number("stored_at"),
    of_hall(),
    UniqueConstraint("hall_id", "chain", "number", name="link_place"),
)

checkpoint = table(
    "checkpoint",
    *key(),
    number("number", primary_key=True),
    number("through"),
    text("by"),
    text("erased"),
    text("results"),
    number("height"),
    text("hash"),
    number("at"),
    of_hall(),
)

erasure = table(
    "erasure",
    *key("chain"),
    number("number", primary_key=True),
    number("checkpoint", primary_key=True),
    text("digest"),
    of_hall(),
)

delivery = table(
    "delivery",
    *key("store"),
    number("number", primary_key=True),
    number("first"),
    number("last"),
    text("key"),
    text("state"),
    number("tries"),
    text("detail"),
    number("made_at"),
    number("tried_at"),
    of_hall(),
)
