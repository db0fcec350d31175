"""What people decided: appeals, outcomes, closed months."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary

from punchsync.store.tables.columns import key, number, of_hall, table, text

outcome_decision = table(
    "outcome_decision",
    *key(),
    number("number", primary_key=True),
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
)

closing = table(
    "closing",
    *key(),
    number("number", primary_key=True),
    text("month"),
    text("action"),
    text("by"),
    text("reason"),
    number("at"),
    of_hall(),
)

appeal = table(
    "appeal",
    *key(),
    number("number", primary_key=True),
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
    of_hall(),
    Index("appeal_by_violation", "hall_id", "violation"),
)

evidence = table(
    "evidence",
    *key(),
    number("appeal", primary_key=True),
    number("position", primary_key=True),
    text("name"),
    text("digest"),
    Column("content", LargeBinary, nullable=False),
    of_hall(),
)

appeal_decision = table(
    "appeal_decision",
    *key(),
    number("appeal", primary_key=True),
    text("outcome"),
    text("as_kind"),
    text("decided_by"),
    text("document"),
    text("note"),
    text("ruling"),
    number("decided_at"),
    of_hall(),
)
