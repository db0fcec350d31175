"""One database of each kind for all contract tests, a hall of its own for each: one hall never shows in another."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from punchsync.store import SqlStore

_numbers = itertools.count(1)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the address of an empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_server").new
    return lambda: f"sqlite:///{tmp_path_factory.mktemp('store')}/punchsync.db"


@pytest.fixture(scope="session")
def store_url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """An empty database of the test's own."""
    return new_url()


@pytest.fixture
def open_hall(store_url: str) -> Iterator[Callable[[], SqlStore]]:
    """Opens a hall that nobody has used yet."""
    opened: list[SqlStore] = []

    def new() -> SqlStore:
        opened.append(SqlStore(store_url, f"hall{next(_numbers)}", "示范县政务服务中心"))
        return opened[-1]

    yield new
    for store in opened:
        store.close()


@pytest.fixture
def store(open_hall: Callable[[], SqlStore]) -> SqlStore:
    return open_hall()
