"""Types of columns that need saying for every kind of database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Text

TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point: SQLite's own way, which PostgreSQL has under the name `C`."""
