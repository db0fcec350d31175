"""A hall's store: units of work on its database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from punchsync.core.manifest import Copied
from punchsync.store import copy
from punchsync.store import engine as engines
from punchsync.store.accounts import SqlAccounts, SqlSessions, SqlTokens
from punchsync.store.alone import alone
from punchsync.store.appeals import SqlAppeals
from punchsync.store.attention import SqlAttention
from punchsync.store.checkpoints import SqlCheckpoints
from punchsync.store.closings import SqlClosings
from punchsync.store.concluded import SqlConcluded
from punchsync.store.contacts import SqlContacts
from punchsync.store.decisions import SqlDecisions
from punchsync.store.defects import SqlDefects
from punchsync.store.deliveries import SqlDeliveries
from punchsync.store.ledger import SqlLedger
from punchsync.store.links import SqlLinks
from punchsync.store.memories import SqlMemories
from punchsync.store.migrations import upgrade
from punchsync.store.months import SqlMonths
from punchsync.store.notices import SqlNotices
from punchsync.store.own import SqlOwn
from punchsync.store.papers import SqlPapers
from punchsync.store.printing import SqlPrinting
from punchsync.store.punches import SqlPunches
from punchsync.store.readings import SqlReadings
from punchsync.store.records import SqlRecords
from punchsync.store.rows import insert
from punchsync.store.runs import SqlRuns
from punchsync.store.scrub import scrub
from punchsync.store.stored import SqlStored
from punchsync.store.tables import hall


class SqlWork:
    """One transaction on a hall's store, noun by noun."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self.records = SqlRecords(connection, hall_id)
        self.readings = SqlReadings(connection, hall_id)
        self.memories = SqlMemories(connection, hall_id)
        self.defects = SqlDefects(connection, hall_id)
        self.punches = SqlPunches(connection, hall_id)
        self.months = SqlMonths(connection, hall_id)
        self.concluded = SqlConcluded(connection, hall_id)
        self.ledger = SqlLedger(connection, hall_id)
        self.runs = SqlRuns(connection, hall_id)
        self.papers = SqlPapers(connection, hall_id)
        self.printing = SqlPrinting(connection, hall_id)
        self.decisions = SqlDecisions(connection, hall_id)
        self.closings = SqlClosings(connection, hall_id)
        self.appeals = SqlAppeals(connection, hall_id)
        self.deliveries = SqlDeliveries(connection, hall_id)
        self.links = SqlLinks(connection, hall_id)
        self.stored = SqlStored(connection, hall_id)
        self.checkpoints = SqlCheckpoints(connection, hall_id)
        self.attention = SqlAttention(connection, hall_id)
        self.notices = SqlNotices(connection, hall_id)
        self.contacts = SqlContacts(connection, hall_id)
        self.accounts = SqlAccounts(connection, hall_id)
        self.sessions = SqlSessions(connection, hall_id)
        self.tokens = SqlTokens(connection, hall_id)
        self.own = SqlOwn(connection, hall_id)


class SqlStore:
    """A hall's store in a database, made or brought up to date when it is opened; may be shared by threads.

    Before an older one is brought up to date, a copy is kept: beside a SQLite file, else in the folder `keep`; without
    that folder none is; `kept_before` says where. Raises SchemaTooNew for a database that a later version wrote,
    NoCopy where there is no room for that copy, UnknownDatabase for a URL that names none, UnfitDatabase for one that
    can't hold what is stored.
    """

    def __init__(self, url: str, hall_id: str, name: str = "", keep: Path | None = None) -> None:
        self._engine = engines.open_engine(url)
        self._hall = hall_id
        try:
            self.kept_before = upgrade(self._engine, keep)
            self._introduce(name)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[SqlWork]:
        """A consistent view; writing in it is refused."""
        with engines.reading(self._engine) as connection:
            yield SqlWork(connection, self._hall)

    @contextmanager
    def writing(self) -> Iterator[SqlWork]:
        """A transaction that excludes other writers; committed at the end, undone on any exception."""
        with engines.writing(self._engine, self._hall) as connection:
            yield SqlWork(connection, self._hall)

    def copy(self, file: Path) -> Copied:
        """All of the hall's rows, of one view, in a new SQLite file, which is a store itself."""
        return copy.into_file(self._engine, self._hall, file)

    def held(self) -> Copied:
        """What there is of the hall, table by table."""
        with engines.reading(self._engine) as connection:
            return copy.ends(connection, self._hall)

    def others(self) -> list[str]:
        """The ids of other halls of which a SQLite file holds more than a name; a PostgreSQL database may hold many."""
        if self._engine.dialect.name != "sqlite":
            return []
        with engines.reading(self._engine) as connection:
            found = connection.execute(select(hall.c.hall_id).where(hall.c.hall_id != self._hall)).scalars().all()
            return sorted(id for id in found if copy.held(connection, id))

    def scrub(self) -> str:
        """Take out of the database's own files what was erased: how that went, by a code of `scrub.SCRUBBED`."""
        return scrub(self._engine)

    def alone(self) -> AbstractContextManager[Callable[[], bool]]:
        """Be the hall's only service until it is left; raises Served. Gives whether that is still so."""
        return alone(self._engine, self._hall)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _introduce(self, name: str) -> None:
        """Note the hall, and its name if that is new; a store that knows it is only read."""
        known = select(hall.c.name).where(hall.c.hall_id == self._hall)
        with engines.reading(self._engine) as connection:
            found = connection.execute(known).scalar()
        if found is not None and name in ("", found):
            return
        with engines.writing(self._engine, self._hall) as connection:
            if connection.execute(known).scalar() is None:
                insert(connection, hall, [(self._hall, name, 0)])
            elif name:
                connection.execute(hall.update().where(hall.c.hall_id == self._hall).values(name=name))
