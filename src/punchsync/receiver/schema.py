"""The tables in which entries are kept, for SQLite; docs/scoring has the same for SQLite and for PostgreSQL.

Points are kept twice: as the text that came, and in thousandths as a whole number, so that sums are exact.
"""

from __future__ import annotations

VERSION = 1
"""What `PRAGMA user_version` says of a file with these tables."""

TABLES = """
CREATE TABLE score_entry (
    hall_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    booked_on DATE NOT NULL,
    cause TEXT NOT NULL,
    revision INTEGER NOT NULL,
    account_type TEXT NOT NULL,
    account_id TEXT NOT NULL,
    category TEXT NOT NULL,
    period TEXT NOT NULL,
    points TEXT NOT NULL,
    thousandths BIGINT NOT NULL,
    rule TEXT NOT NULL,
    article TEXT NOT NULL,
    value_date DATE NOT NULL,
    reverses TEXT NOT NULL,
    PRIMARY KEY (hall_id, entry_id),
    UNIQUE (hall_id, cause, revision),
    CHECK (account_type IN ('person', 'window')),
    CHECK (revision > 0),
    CHECK ((revision % 2 = 0) = (reverses <> ''))
);
CREATE TABLE score_batch (
    hall_id TEXT NOT NULL,
    batch_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    entries INTEGER NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (hall_id, batch_key)
);
CREATE INDEX score_entry_by_account
    ON score_entry (hall_id, period, account_type, account_id, category);
CREATE VIEW score_sum AS
    SELECT hall_id, period, account_type, account_id, category, SUM(thousandths) AS thousandths
    FROM score_entry
    GROUP BY hall_id, period, account_type, account_id, category;
"""

INSERT_ONLY = """
CREATE TRIGGER score_entry_update BEFORE UPDATE ON score_entry
BEGIN SELECT RAISE(ABORT, 'score_entry is insert-only'); END;
CREATE TRIGGER score_entry_delete BEFORE DELETE ON score_entry
BEGIN SELECT RAISE(ABORT, 'score_entry is insert-only'); END;
CREATE TRIGGER score_entry_replace BEFORE INSERT ON score_entry
WHEN EXISTS (SELECT 1 FROM score_entry WHERE hall_id = NEW.hall_id
    AND (entry_id = NEW.entry_id OR (cause = NEW.cause AND revision = NEW.revision)))
BEGIN SELECT RAISE(ABORT, 'score_entry has this entry'); END;
CREATE TRIGGER score_batch_update BEFORE UPDATE ON score_batch
BEGIN SELECT RAISE(ABORT, 'score_batch is insert-only'); END;
CREATE TRIGGER score_batch_delete BEFORE DELETE ON score_batch
BEGIN SELECT RAISE(ABORT, 'score_batch is insert-only'); END;
CREATE TRIGGER score_batch_replace BEFORE INSERT ON score_batch
WHEN EXISTS (SELECT 1 FROM score_batch WHERE hall_id = NEW.hall_id AND batch_key = NEW.batch_key)
BEGIN SELECT RAISE(ABORT, 'score_batch has this batch'); END;
"""
