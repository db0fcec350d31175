"""Columns as all tables have them: never null unless said, the hall in every key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, MetaData
from sqlalchemy import Table as SqlTable

from punchsync.store.types import TEXT

metadata = MetaData()


def text(name: str, **more: Any) -> Column[str]:
    return Column(name, TEXT, nullable=False, **more)


def number(name: str, **more: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=False, autoincrement=False, **more)


def perhaps(name: str) -> Column[int | None]:
    return Column(name, BigInteger, nullable=True)


def key(*names: str) -> list[Column[Any]]:
    """A primary key of texts, hall first."""
    return [text(n, primary_key=True) for n in ("hall_id", *names)]


def table(name: str, *parts: Any) -> SqlTable:
    # Clustered on the key: one tree less to write, and a month's rows lie together.
    return SqlTable(name, metadata, *parts, sqlite_with_rowid=False)


def of_hall() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["hall_id"], ["hall.hall_id"])
