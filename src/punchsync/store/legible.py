"""Rows that hold what nobody wrote: values that can't be read back, by table and key. What is derived has no link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Table, Text, select

from punchsync.core.difference import Difference
from punchsync.core.moment import DAY
from punchsync.core.period import period_of
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.store.rows import Tuple, fetch, stream
from punchsync.store.tables import fact, metadata, standing, tally, verdict, violation

SMALL: Final = ("hall_month", "violation", "tally", "fact", "standing", "score", "outcome", "rank", "settle_run")
"""Tables that are looked at always; the others only where something could not be read."""

MONTH: Final = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")
PERIOD: Final = re.compile(r"(?!0000)[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?")
MOMENTS: Final = ("as_of", "stored_at", "at")


def illegible(connection: Connection, hall_id: str, *, every: bool = False) -> Iterator[Difference]:
    """The first such value of each table."""
    for table in metadata.sorted_tables:
        if table.name in SMALL or (every and "hall_id" in table.c):
            for row in stream(connection, select(*table.c).where(table.c.hall_id == hall_id)):
                if found := odd(table, row):
                    yield found
                    break


def odd(table: Table, row: Tuple) -> Difference | None:
    """The first value of a row that is none of its column."""
    values = dict(zip(table.c.keys(), row, strict=True))
    for column in table.c:
        value = values[column.name]
        right = typed(column, value) or said(table.name, column.name, value)
        if not right and (table.name, column.name) == ("violation", "month"):
            month = period_of(values["day"], "month") if _is_day(values["day"]) else value
            right = month if month != value else ""
        if right:
            key = [str(values[c.name]) or "-" for c in table.primary_key if c.name != "hall_id"]
            place = " ".join([table.name, *key])
            return Difference("values", place, f"{column.name}={value}", f"{column.name}={right}")
    return None


def typed(column: Column[Any], value: object) -> str:
    """The type that a column is of, if a value is not; SQLite would hold anything."""
    if value is None and column.nullable:
        return ""
    if isinstance(column.type, BigInteger):
        return "" if isinstance(value, int) else "<integer>"
    if isinstance(column.type, Text):
        return "" if isinstance(value, str) else "<text>"
    return "" if isinstance(value, bytes | memoryview) else "<bytes>"


def said(table: str, column: str, value: Any) -> str:
    """What a value of a column must look like, if it does not."""
    if table not in SMALL:
        return ""
    if column == "month":
        return "" if MONTH.fullmatch(value) else "YYYY-MM"
    if column == "period":
        return "" if PERIOD.fullmatch(value) else "YYYY|YYYY-Qn|YYYY-MM"
    if (table, column) in (("outcome", "counted"), ("fact", "value")):
        return "" if _reads(Decimal, value) else "<number>"
    if (table, column) == ("rank", "score"):
        return "" if _reads(Fraction, value) else "<fraction>"
    if column == "day":
        return "" if _is_day(value) else "<day>"
    if (table, column) in (("score", "given"), ("violation", "warned")):
        return "" if value in (0, 1) else "0|1"
    if column in MOMENTS:
        return "" if _is_day(value // DAY) else "<moment>"
    return ""


def held(connection: Connection, hall_id: str) -> Iterator[tuple[str, str]]:
    """The months that a table holds results of, each with the table; rows of no day that there is are left out."""
    for table in (verdict, violation):
        days = fetch(connection, select(table.c.day).where(table.c.hall_id == hall_id).distinct())
        months = sorted({period_of(day, "month") for (day,) in days if _is_day(day)})
        yield from ((month, table.name) for month in months)
    for table in (tally, fact, standing):
        names: Iterable[Tuple] = fetch(connection, select(table.c.month).where(table.c.hall_id == hall_id).distinct())
        yield from ((month, table.name) for (month,) in sorted(names, key=repr))


def _is_day(value: object) -> bool:
    return isinstance(value, int) and FIRST_DAY <= value <= LAST_DAY


def _reads(kind: Callable[[str], Decimal | Fraction], value: str) -> bool:
    try:
        number = kind(value)
    except (ValueError, ArithmeticError):
        return False
    return not isinstance(number, Decimal) or number.is_finite()
