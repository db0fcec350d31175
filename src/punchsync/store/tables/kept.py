"""What is known of people and terminals, as it came: records, readings, punches."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint

from punchsync.store.tables.columns import key, number, of_hall, perhaps, table, text

record = table(
    "record",
    *key("kind", "key"),
    number("version", primary_key=True),
    text("body"),
    number("stored_at"),
    number("batch", server_default="0"),
    of_hall(),
    Index("record_by_batch", "hall_id", "batch"),
)

reading = table(
    "reading",
    *key(),
    number("number", primary_key=True),
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
    text("layout", server_default=""),
    perhaps("held"),
    perhaps("capacity"),
    text("samples", server_default=""),
    perhaps("continues"),
    text("replaces", server_default=""),
    of_hall(),
    Index("reading_by_last", "hall_id", "terminal", "last_at"),
    Index("reading_by_digest", "hall_id", "terminal", "digest"),
)

punch = table(
    "punch",
    *key("terminal"),
    number("number", primary_key=True),
    text("device_user_id"),
    number("at"),
    number("ordinal"),
    text("verify"),
    text("state"),
    Column("raw", LargeBinary, nullable=False),
    number("reading"),
    number("position"),
    # In this order it serves a terminal's stretch of time as well.
    UniqueConstraint("hall_id", "terminal", "at", "device_user_id", "ordinal", name="punch_identity"),
    Index("punch_by_user", "hall_id", "terminal", "device_user_id", "at"),
)

device_user = table("device_user", *key("terminal", "device_user_id"))

defect = table(
    "defect",
    *key("terminal"),
    number("number", primary_key=True),
    Column("raw", LargeBinary, nullable=False),
    text("reason"),
    number("ordinal"),
    number("reading"),
    number("position"),
    text("users", server_default="[]"),
    perhaps("first_at"),
    perhaps("last_at"),
    UniqueConstraint("hall_id", "terminal", "raw", "reason", "ordinal", name="defect_identity"),
)

memory = table(
    "memory",
    *key("terminal"),
    number("reading"),
    text("serial"),
    text("layout"),
    number("held"),
    Column("tail", LargeBinary, nullable=False),
    number("full_on"),
    text("refused"),
    text("slots"),
    number("began"),
    of_hall(),
)

quarantine = table(
    "quarantine",
    *key("terminal"),
    number("at"),
    text("code"),
    text("detail"),
    Column("blob", LargeBinary, nullable=False),
    of_hall(),
)

failure = table("failure", *key("terminal"), number("at"), text("code"), text("detail"))

person_name = table("person_name", *key("alias"), text("salt"), text("name"), of_hall())
