"""Fast ways in and out: plain tuples, past the row objects of Core, which cost more than the database itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import ClauseElement, Connection, Executable, Table

IN_LIST: Final = 500
"""How many values go into one IN list: well below every database's limit on variables."""
BLOCK: Final = 5_000

Tuple = tuple[Any, ...]


def fetch(connection: Connection, statement: Executable) -> list[Tuple]:
    """All rows of a SELECT as plain tuples."""
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    return list(cursor.fetchall())


def stream(connection: Connection, statement: Executable) -> Iterator[Tuple]:
    """The rows of a SELECT as plain tuples, a block at a time; to be used up within the transaction."""
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    while block := cursor.fetchmany(BLOCK):
        yield from block


class Prepared:
    """A statement with named parameters, made into SQL once: asking costs what the database takes, no more."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._made: dict[str, Any] = {}

    def run(self, connection: Connection, **values: Any) -> list[Tuple]:
        """Run it with these values; the rows of a SELECT as plain tuples, none of anything else."""
        made: Any = self._made.get(connection.dialect.name)
        if made is None:
            made = self._statement.compile(dialect=connection.dialect)
            self._made[connection.dialect.name] = made
        known = {**made.params, **values}
        parameters = tuple(known[name] for name in made.positiontup) if made.positional else known
        cursor = connection.connection.cursor()
        try:
            cursor.execute(made.string, parameters)
            return list(cursor.fetchall()) if cursor.description is not None else []
        finally:
            cursor.close()

    def one(self, connection: Connection, **values: Any) -> Any:
        """The first column of its first row; None without a row."""
        rows = self.run(connection, **values)
        return rows[0][0] if rows else None


def insert(connection: Connection, table: Table, rows: Sequence[Tuple]) -> None:
    """Insert tuples that hold a value for every column of a table, in its order."""
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(quote(c.name) for c in table.columns)
    marks = ", ".join(mark for _ in table.columns)
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 # names are the metadata's
    connection.exec_driver_sql(statement, list(rows))


def chunks(values: Iterable[str], size: int = IN_LIST) -> Iterator[list[str]]:
    """The values in lists of at most a size."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def changed(row: Tuple, place: int, value: object) -> Tuple:
    """A row with another value at one place."""
    return (*row[:place], value, *row[place + 1 :])


def to_milli(points: Decimal) -> int:
    """Points as integer milli-points; raises ValueError for what is finer than that."""
    milli = int(points * 1000)
    if milli != points * 1000:
        raise ValueError(f"finer than a thousandth of a point: {points}")
    return milli


def from_milli(milli: int) -> Decimal:
    """Integer milli-points as points, exactly."""
    return Decimal(milli) / 1000
