"""A scoring store that is a table of a SQL database: made if absent, and only ever inserted into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import UserDefinedType

from punchsync.core.outbox import Answer, Batch
from punchsync.core.readback import COLUMNS, ENTRY_ID, Row, Unreadable, by_id, plain

IN_LIST: Final = 500
TRIES: Final = 3
SHOWN: Final = 200


class Points(UserDefinedType[Decimal]):
    """`NUMERIC(18, 3)`, handed over as text where the driver knows no decimals; comes back exactly as it went in."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The column's type as every database of ours spells it."""
        return "NUMERIC(18, 3)"

    def bind_processor(self, dialect: Any) -> Callable[[Any], object]:
        """What is handed to the driver."""
        return str if dialect.name == "sqlite" else lambda value: value

    def result_processor(self, _dialect: Any, _coltype: object) -> Callable[[Any], Decimal | None]:
        """What the driver gives; SQLite keeps it as the shortest number that stands for it."""
        return lambda value: None if value is None else Decimal(str(value))


# Lengths that every database's row holds; empty texts are null on Oracle, and read as empty.
entry = Table(
    "punchsync_score_entry",
    MetaData(),
    Column("booked_on", Date, nullable=False),
    Column("entry_id", String(64), primary_key=True),
    Column("cause", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("account_type", String(16), nullable=False),
    Column("account_id", String(255), nullable=False),
    Column("category", String(255), nullable=False),
    Column("period", String(16), nullable=False),
    Column("points", Points, nullable=False),
    Column("rule", Text),
    Column("article", Text),
    Column("value_date", Date, nullable=False),
    Column("reverses", String(64)),
    mysql_charset="utf8mb4",
)


class Unusable(ValueError):
    """A URL that names no database, or one whose driver is not installed; says which."""


class SqlStore:
    """Speaks to one database; connects for every batch, so that one that was down is found again; raises Unusable."""

    def __init__(self, url: str, *, name: str, timeout: float) -> None:
        self.name = name
        self._timeout = timeout
        self._engine = engine_of(url, timeout)
        self._over = False
        self._made = False

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        """Insert what of a batch is not there, in one transaction; an entry that is there otherwise refuses it all."""
        error: Exception
        for _ in range(TRIES):
            if self._over:
                return Answer("again", "stopped")
            try:
                if not self._made:
                    entry.metadata.create_all(self._engine, checkfirst=True)
                    self._made = True
                with self._engine.begin() as connection:
                    self._limit(connection)
                    put(connection, rows)
                return Answer("delivered", "sql")
            except Refusal as refusal:
                return Answer("parked", refusal.code, refusal.detail)
            except DataError as refused:
                return Answer("parked", "data", words(refused))
            except IntegrityError as raced:
                error = raced  # somebody else put the same entries there meanwhile: look again
            except Exception as failed:
                self._made = False
                return Answer("again", "sql", words(failed))
        return Answer("parked", "constraint", words(error))

    def read_back(self, most: int) -> list[Row]:
        """Every entry there, none where the table is not; raises Unreadable."""
        rows: list[Row] = []
        try:
            with self._engine.connect() as connection:
                self._limit(connection)
                if not inspect(connection).has_table(entry.name):
                    return []
                for found in connection.execute(select(entry).order_by(entry.c.entry_id)):
                    rows.append(as_row(found))
                    if len(rows) > most:
                        raise Unreadable("endless", for_good=True)
        except (SQLAlchemyError, ArithmeticError, ValueError) as error:
            raise Unreadable("sql", words(error)) from None
        return sorted(rows, key=lambda row: row[ENTRY_ID])

    def interrupt(self) -> None:
        """Begin nothing more. A statement under way ends by its own limit."""
        self._over = True

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _limit(self, connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            limit = text("SELECT set_config('statement_timeout', :limit, true)")
            connection.execute(limit, {"limit": str(round(self._timeout * 1000))})


def engine_of(url: str, timeout: float) -> Engine:
    """An engine that keeps no connection; raises Unusable."""
    try:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        limits = waiting(address.get_backend_name(), address.get_driver_name(), timeout)
        return create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=limits)
    except (ArgumentError, ImportError, ValueError) as error:
        raise Unusable(words(error)) from None


class Refusal(Exception):
    """A batch that the table can't take, by what is there already or by how it keeps it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def put(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert the rows that are not there, and see that all are there as sent; raises Refusal."""
    ids = [row[ENTRY_ID] for row in rows]
    there = stored(connection, ids)
    compare([row for row in rows if row[ENTRY_ID] in there], there, "conflict")
    new = [row for row in rows if row[ENTRY_ID] not in there]
    if new:
        connection.execute(entry.insert(), [typed(row) for row in new])
        # A database that shortens or rounds what it is given doesn't always say so.
        compare(new, stored(connection, ids), "altered")


def compare(rows: Sequence[Row], there: Mapping[str, Row], code: str) -> None:
    """Raise Refusal, naming entry and column, where a row is not there as it is sent."""
    for row in rows:
        found = there.get(row[ENTRY_ID], ("",) * len(COLUMNS))
        for name, right, was in zip(COLUMNS, row, found, strict=True):
            if was != right:
                raise Refusal(code, f"{row[ENTRY_ID]} {name}: {was} / {right}")


def stored(connection: Connection, ids: Sequence[str]) -> dict[str, Row]:
    """What is there of some entries."""
    rows: list[Row] = []
    for start in range(0, len(ids), IN_LIST):
        some = select(entry).where(entry.c.entry_id.in_(ids[start : start + IN_LIST]))
        rows += [as_row(found) for found in connection.execute(some)]
    return by_id(rows)


def typed(row: Row) -> dict[str, Any]:
    """A row as the table's types want it."""
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    for name in ("booked_on", "value_date"):
        values[name] = date.fromisoformat(values[name])
    return {**values, "revision": int(values["revision"]), "points": Decimal(values["points"])}


def as_row(found: Any) -> Row:
    """A row of the table in our columns."""
    return plain(found._mapping)


def waiting(backend: str, driver: str, seconds: float) -> dict[str, Any]:
    """What makes a driver give up on a database that does not answer, where we know how."""
    whole = max(1, round(seconds))
    if backend == "sqlite":
        return {"timeout": seconds}
    if driver in ("psycopg", "psycopg2"):
        return {"connect_timeout": max(2, whole), "tcp_user_timeout": whole * 1000}
    if driver in ("pymysql", "mysqldb"):
        return {"connect_timeout": whole, "read_timeout": whole, "write_timeout": whole}
    return {}


def words(error: Exception) -> str:
    """What the database said, in one line, without the statement and its values."""
    said = getattr(error, "orig", None) or error
    text = " ".join(str(said).split())
    return "".join(c for c in text if c.isprintable())[:SHOWN]
