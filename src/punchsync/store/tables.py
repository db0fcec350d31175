"""The tables as the queries know them; `migrations/` makes them, and a test holds the two together.

Days and moments are integers as in the core, points integer milli-points. `hall_id` is in every key.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, LargeBinary, MetaData, UniqueConstraint
from sqlalchemy import Table as SqlTable

from punchsync.store.types import TEXT

metadata = MetaData()

APPEND_ONLY: Final = (
    "ledger_entry", "punch", "record", "pack", "bulletin", "outcome_decision", "closing", "reading", "defect", "link",
    "appeal", "evidence", "appeal_decision", "checkpoint", "erasure",
)  # fmt: skip
"""Tables whose rows the database refuses to change or delete."""


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, TEXT, nullable=False, **more)


def _number(name: str, **more: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=False, autoincrement=False, **more)


def _perhaps(name: str) -> Column[int | None]:
    return Column(name, BigInteger, nullable=True)


def _key(*names: str) -> list[Column[Any]]:
    """A primary key of texts, hall first."""
    return [_text(n, primary_key=True) for n in ("hall_id", *names)]


def _table(name: str, *parts: Any) -> SqlTable:
    # Clustered on the key: one tree less to write, and a month's rows lie together.
    return SqlTable(name, metadata, *parts, sqlite_with_rowid=False)


def _of_hall() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])


hall = _table("hall", _text("hall_id", primary_key=True), _text("name"), _number("epoch"))

record = _table(
    "record",
    *_key("kind", "key"),
    _number("version", primary_key=True),
    _text("body"),
    _number("stored_at"),
    _number("batch", server_default="0"),
    _of_hall(),
    Index("record_by_batch", "hall_id", "batch"),
)

reading = _table(
    "reading",
    *_key(),
    _number("number", primary_key=True),
    _text("terminal"),
    _text("source"),
    _text("name"),
    _text("digest"),
    _perhaps("began"),
    _perhaps("through"),
    _text("serial"),
    _perhaps("count_before"),
    _perhaps("count_after"),
    _perhaps("clock_offset"),
    _number("bytes_moved"),
    _text("plan"),
    _number("rows"),
    _number("new"),
    _text("spans"),
    _perhaps("first_at"),
    _perhaps("last_at"),
    _text("last_numbers"),
    _perhaps("later_at"),
    _number("stored_at"),
    _text("layout", server_default=""),
    _perhaps("held"),
    _perhaps("capacity"),
    _text("samples", server_default=""),
    _perhaps("continues"),
    _text("replaces", server_default=""),
    _of_hall(),
    Index("reading_by_last", "hall_id", "terminal", "last_at"),
    Index("reading_by_digest", "hall_id", "terminal", "digest"),
)

punch = _table(
    "punch",
    *_key("terminal"),
    _number("number", primary_key=True),
    _text("device_user_id"),
    _number("at"),
    _number("ordinal"),
    _text("verify"),
    _text("state"),
    Column("raw", LargeBinary, nullable=False),
    _number("reading"),
    _number("position"),
    # In this order it serves a terminal's stretch of time as well.
    UniqueConstraint("hall_id", "terminal", "at", "device_user_id", "ordinal", name="punch_identity"),
)

device_user = _table("device_user", *_key("terminal", "device_user_id"))

defect = _table(
    "defect",
    *_key("terminal"),
    _number("number", primary_key=True),
    Column("raw", LargeBinary, nullable=False),
    _text("reason"),
    _number("ordinal"),
    _number("reading"),
    _number("position"),
    _text("users", server_default="[]"),
    _perhaps("first_at"),
    _perhaps("last_at"),
    UniqueConstraint("hall_id", "terminal", "raw", "reason", "ordinal", name="defect_identity"),
)

memory = _table(
    "memory",
    *_key("terminal"),
    _number("reading"),
    _text("serial"),
    _text("layout"),
    _number("held"),
    Column("tail", LargeBinary, nullable=False),
    _number("full_on"),
    _text("refused"),
    _text("slots"),
    _number("began"),
    _of_hall(),
)

quarantine = _table(
    "quarantine",
    *_key("terminal"),
    _number("at"),
    _text("code"),
    _text("detail"),
    Column("blob", LargeBinary, nullable=False),
    _of_hall(),
)

failure = _table("failure", *_key("terminal"), _number("at"), _text("code"), _text("detail"))

hall_month = _table(
    "hall_month",
    *_key("month"),
    _number("marked"),
    _number("settled"),
    _number("as_of"),
    _number("unknown"),
    _text("pack"),
    _of_hall(),
)

verdict = _table(
    "verdict",
    *_key(),
    _number("day", primary_key=True),
    _text("person", primary_key=True),
    _number("session", primary_key=True),
    _text("checkpoint", primary_key=True),
    _perhaps("due"),
    _perhaps("punch"),
    _text("terminal"),
    _text("verdict"),
    _number("seconds"),
    _text("would"),
)

violation = _table(
    "violation",
    *_key("month", "id"),
    _number("day"),
    _text("person"),
    _number("session"),
    _text("kind"),
    _text("window"),
    _text("unit"),
    _number("seconds"),
    _text("source"),
    _number("phase"),
    _number("at"),
    _number("warned"),
    _text("cause"),
    _text("ruling"),
    _text("rule", server_default=""),
    Index("violation_by_day", "hall_id", "day"),
)

tally = _table(
    "tally",
    *_key("month", "person"),
    *(
        _number(name)
        for name in (
            "required_sessions", "late", "early", "off_post", "absent_half_days", "in_post_days",
            "leave_official", "leave_personal", "leave_sick", "leave_other",
        )
    ),
)  # fmt: skip

fact = _table("fact", *_key("month", "rule", "subject_type", "subject_id"), _text("value"))

standing = _table("standing", *_key("month", "subject_type", "subject_id"), _number("violations"), _number("seconds"))

score = _table(
    "score",
    *_key("period", "account_type", "account_id", "category"),
    _number("given", primary_key=True),
    _number("base"),
    _number("points"),
    _number("score"),
)

outcome = _table(
    "outcome",
    *_key("period", "subject_type", "subject_id", "outcome", "rule"),
    _text("counted"),
    _text("article"),
)

outcome_decision = _table(
    "outcome_decision",
    *_key(),
    _number("number", primary_key=True),
    _text("period"),
    _text("subject_type"),
    _text("subject_id"),
    _text("outcome"),
    _text("rule"),
    _text("state"),
    _text("decided_by"),
    _text("note"),
    _number("decided_at"),
    _of_hall(),
)

closing = _table(
    "closing",
    *_key(),
    _number("number", primary_key=True),
    _text("month"),
    _text("action"),
    _text("by"),
    _text("reason"),
    _number("at"),
    _of_hall(),
)

rank = _table(
    "rank",
    *_key("period", "rule", "subject_type", "subject_id"),
    _number("rank"),
    _text("score"),
    _number("violations"),
    _number("seconds"),
)

ledger_entry = _table(
    "ledger_entry",
    *_key(),
    _number("height", primary_key=True),
    _text("entry_id"),
    _number("booked_on"),
    _text("cause"),
    _number("revision"),
    _text("account_type"),
    _text("account_id"),
    _text("category"),
    _text("period"),
    _number("points"),
    _text("rule"),
    _text("article"),
    _number("value_date"),
    _text("reverses"),
    _text("pack"),
    _text("previous"),
    _text("hash"),
    _number("stored_at"),
    _of_hall(),
    UniqueConstraint("hall_id", "cause", "revision", name="ledger_cause_revision"),
    UniqueConstraint("hall_id", "entry_id", name="ledger_entry_id"),
    Index("ledger_by_value_date", "hall_id", "value_date"),
)

settle_run = _table(
    "settle_run",
    *_key(),
    _number("number", primary_key=True),
    _number("as_of"),
    _number("reading"),
    _text("pack"),
    _number("stored_at"),
    _number("height", server_default="0"),
)

job_run = _table("job_run", *_key("job"), _number("due", primary_key=True), _number("done_at"), _text("outcome"))

pack = _table("pack", *_key("digest"), _text("text"), _number("stored_at"))

bulletin = _table(
    "bulletin",
    *_key("kind", "year"),
    _number("number", primary_key=True),
    _text("period"),
    _text("content"),
    _number("issued_at"),
    Index("bulletin_by_period", "hall_id", "kind", "period"),
)

link = _table(
    "link",
    *_key(),
    _number("height", primary_key=True),
    _text("chain"),
    _number("number"),
    _text("digest"),
    _text("hash"),
    _number("stored_at"),
    _of_hall(),
    UniqueConstraint("hall_id", "chain", "number", name="link_place"),
)

appeal = _table(
    "appeal",
    *_key(),
    _number("number", primary_key=True),
    _text("violation"),
    _number("stage"),
    _number("day"),
    _text("person"),
    _text("window"),
    _number("session"),
    _text("kind"),
    _number("seconds"),
    _text("source"),
    _text("filed_by"),
    _text("role"),
    _text("grounds"),
    _text("late"),
    _number("filed_at"),
    _of_hall(),
    Index("appeal_by_violation", "hall_id", "violation"),
)

evidence = _table(
    "evidence",
    *_key(),
    _number("appeal", primary_key=True),
    _number("position", primary_key=True),
    _text("name"),
    _text("digest"),
    Column("content", LargeBinary, nullable=False),
    _of_hall(),
)

appeal_decision = _table(
    "appeal_decision",
    *_key(),
    _number("appeal", primary_key=True),
    _text("outcome"),
    _text("as_kind"),
    _text("decided_by"),
    _text("document"),
    _text("note"),
    _text("ruling"),
    _number("decided_at"),
    _of_hall(),
)

delivery = _table(
    "delivery",
    *_key("store"),
    _number("number", primary_key=True),
    _number("first"),
    _number("last"),
    _text("key"),
    _text("state"),
    _number("tries"),
    _text("detail"),
    _number("made_at"),
    _number("tried_at"),
    _of_hall(),
)

person_name = _table("person_name", *_key("alias"), _text("salt"), _text("name"), _of_hall())

checkpoint = _table(
    "checkpoint",
    *_key(),
    _number("number", primary_key=True),
    _number("through"),
    _text("by"),
    _text("erased"),
    _text("results"),
    _number("height"),
    _text("hash"),
    _number("at"),
    _of_hall(),
)

erasure = _table(
    "erasure",
    *_key("chain"),
    _number("number", primary_key=True),
    _number("checkpoint", primary_key=True),
    _text("digest"),
    _of_hall(),
)

attention = _table(
    "attention",
    *_key(),
    _number("number", primary_key=True),
    _text("code"),
    _text("about"),
    _text("value"),
    _number("opened_at"),
    _number("seen_at"),
    _number("told"),
    _perhaps("told_at"),
    _perhaps("closed_at"),
    _of_hall(),
    Index("attention_by_code", "hall_id", "code", "about"),
)

notice = _table(
    "notice",
    *_key(),
    _number("number", primary_key=True),
    _text("key"),
    _text("channel"),
    _text("event"),
    _text("subject"),
    _text("body"),
    _text("state"),
    _number("tries"),
    _text("detail"),
    _number("made_at"),
    _number("tried_at"),
    _of_hall(),
    UniqueConstraint("hall_id", "channel", "key", name="notice_once"),
)

job_trouble = _table(
    "job_trouble",
    *_key("job"),
    _number("due"),
    _number("since"),
    _number("at"),
    _number("times"),
    _text("error"),
    _text("detail"),
    _of_hall(),
)
