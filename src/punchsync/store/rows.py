"""Fast ways in and out: plain tuples, past the row objects of Core, which cost more than the database itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, count, islice
from operator import itemgetter
from typing import Any, Final, TypeVar

from sqlalchemy import BigInteger, ClauseElement, Connection, Executable, LargeBinary, Select, Table, Text
from sqlalchemy.exc import DBAPIError

IN_LIST: Final = 500
"""How many values go into one IN list: well below every database's limit on variables."""
BLOCK: Final = 5_000

COPIED: Final = {Text: "text", BigInteger: "int8", LargeBinary: "bytea"}
"""PostgreSQL's names of the types of our columns."""

Tuple = tuple[Any, ...]
V = TypeVar("V", int, str)

_cursors = count(1)


@contextmanager
def said(connection: Connection) -> Iterator[Any]:
    """A driver's cursor, closed at the end; the driver's errors become SQLAlchemy's."""
    driver: Any = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except driver.Error as error:
        raise DBAPIError.instance(
            None, None, error, driver.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()


def fetch(connection: Connection, statement: Executable) -> list[Tuple]:
    """All rows of a SELECT as plain tuples."""
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    return list(cursor.fetchall())


def stream(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Iterator[Tuple]:
    """The rows of a SELECT as plain tuples, a block at a time; to be used up within the transaction."""
    for block in blocks(connection, statement):
        yield from block


def blocks(connection: Connection, statement: Select[*tuple[Any, ...]], size: int = BLOCK) -> Iterator[Sequence[Tuple]]:
    """The same by blocks of at most so many rows, none of them empty."""
    if connection.dialect.name == "postgresql":
        yield from _fetched(connection, statement, size)
        return
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    while block := cursor.fetchmany(size):
        yield block


def _fetched(connection: Connection, statement: Select[*tuple[Any, ...]], size: int) -> Iterator[Sequence[Tuple]]:
    """By a cursor in the database, which ends with the transaction: the driver's own would hold all rows in memory."""
    made: Any = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    name = f"punchsync_{next(_cursors)}"
    with said(connection) as cursor:
        cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {made.string}", made.construct_params(), prepare=False)
    found = size
    while found == size:
        with said(connection) as cursor:
            block = cursor.execute(f"FETCH {size} FROM {name}", prepare=False).fetchall()
        found = len(block)
        if block:
            yield block
    with said(connection) as cursor:
        # Until then no statement of the same transaction may alter the table.
        cursor.execute(f"CLOSE {name}", prepare=False)


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
        with said(connection) as cursor:
            cursor.execute(made.string, parameters)
            return list(cursor.fetchall()) if cursor.description is not None else []

    def one(self, connection: Connection, **values: Any) -> Any:
        """The first column of its first row; None without a row."""
        rows = self.run(connection, **values)
        return rows[0][0] if rows else None


class Unstorable(ValueError):
    """A text with a NUL in it, which not every database can hold; nothing that we read or are told has one."""


def insert(connection: Connection, table: Table, rows: Sequence[Tuple]) -> None:
    """Insert tuples that hold a value for every column of a table, in its order. Raises Unstorable."""
    if not rows:
        return
    texts = [n for n, column in enumerate(table.columns) if isinstance(column.type, Text)]
    # One look at all of them together costs a fraction of a look at each.
    if "\0" in "".join(chain.from_iterable(map(itemgetter(*texts), rows))):
        raise Unstorable(f"a NUL in a text for {table.name}")
    put(connection, table, rows)


def put(connection: Connection, table: Table, rows: Sequence[Tuple]) -> None:
    """Insert tuples as they are; on PostgreSQL a text with a NUL fails."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(c.name) for c in table.columns)
    with said(connection) as cursor:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([COPIED[type(c.type)] for c in table.columns])
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" for _ in table.columns)
            into = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # nosec B608 # noqa: S608 # our names
            cursor.executemany(into, rows)


def chunks(values: Iterable[V], size: int = IN_LIST) -> Iterator[list[V]]:
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
