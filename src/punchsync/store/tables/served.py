"""What the service does and says: jobs, bulletins, states that need somebody."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from punchsync.store.tables.columns import key, number, of_hall, perhaps, table, text

job_run = table("job_run", *key("job"), number("due", primary_key=True), number("done_at"), text("outcome"))

job_trouble = table(
    "job_trouble",
    *key("job"),
    number("due"),
    number("since"),
    number("at"),
    number("times"),
    text("error"),
    text("detail"),
    of_hall(),
)

bulletin = table(
    "bulletin",
    *key("kind", "year"),
    number("number", primary_key=True),
    text("period"),
    text("content"),
    number("issued_at"),
    Index("bulletin_by_period", "hall_id", "kind", "period"),
)

printing = table("printing", *key("kind", "year"), number("number", primary_key=True), number("tries"), of_hall())

attention = table(
    "attention",
    *key(),
    number("number", primary_key=True),
    text("code"),
    text("about"),
    text("value"),
    number("opened_at"),
    number("seen_at"),
    number("told"),
    perhaps("told_at"),
    perhaps("closed_at"),
    of_hall(),
    Index("attention_by_code", "hall_id", "code", "about"),
)

notice = table(
    "notice",
    *key(),
    number("number", primary_key=True),
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
    number("done", server_default="0"),
    number("under_way", server_default="0"),
    number("wait", server_default="0"),
    of_hall(),
    UniqueConstraint("hall_id", "channel", "key", name="notice_once"),
)

contact = table("contact", *key("person"), text("address"), number("changed_at"), of_hall())

told = table("told", *key("what"), number("height"), of_hall())
