"""What follows from what is known: verdicts, violations, scores; made anew by every settle."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from punchsync.store.tables.columns import key, number, of_hall, perhaps, table, text

UNVERIFIED = sql("verdict = 'unverified'")

hall_month = table(
    "hall_month",
    *key("month"),
    number("marked"),
    number("settled"),
    number("as_of"),
    number("unknown"),
    text("pack"),
    of_hall(),
)

verdict = table(
    "verdict",
    *key(),
    number("day", primary_key=True),
    text("person", primary_key=True),
    number("session", primary_key=True),
    text("checkpoint", primary_key=True),
    perhaps("due"),
    perhaps("punch"),
    text("terminal"),
    text("verdict"),
    number("seconds"),
    text("would"),
    Index("verdict_unverified", "hall_id", "day", sqlite_where=UNVERIFIED, postgresql_where=UNVERIFIED),
)

violation = table(
    "violation",
    *key("month", "id"),
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
    text("rule", server_default=""),
    Index("violation_by_day", "hall_id", "day"),
    Index("violation_by_person", "hall_id", "person", "day"),
)

tally = table(
    "tally",
    *key("month", "person"),
    *(
        number(name)
        for name in (
            "required_sessions", "late", "early", "off_post", "absent_half_days", "in_post_days",
            "leave_official", "leave_personal", "leave_sick", "leave_other",
        )
    ),
)  # fmt: skip

fact = table("fact", *key("month", "rule", "subject_type", "subject_id"), text("value"))

standing = table("standing", *key("month", "subject_type", "subject_id"), number("violations"), number("seconds"))

score = table(
    "score",
    *key("period", "account_type", "account_id", "category"),
    number("given", primary_key=True),
    number("base"),
    number("points"),
    number("score"),
)

outcome = table(
    "outcome",
    *key("period", "subject_type", "subject_id", "outcome", "rule"),
    text("counted"),
    text("article"),
)

rank = table(
    "rank",
    *key("period", "rule", "subject_type", "subject_id"),
    number("rank"),
    text("score"),
    number("violations"),
    number("seconds"),
)
