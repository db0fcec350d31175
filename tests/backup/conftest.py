"""One hall for all tests of backups of a worker, copied for each that changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from backupkit import NOW, copy, make

from punchsync.bootstrap import Site
from punchsync.logs import configure


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    import structlog

    configure(quiet=True)
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    configure(quiet=True)
    return make(tmp_path_factory.mktemp("hall") / "site")


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Path:
    """A site of the test's own."""
    return copy(template, tmp_path / "site")


@pytest.fixture(scope="session")
def backup(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of that hall."""
    site = copy(template, tmp_path_factory.mktemp("source") / "site")
    with Site(site) as opened:
        return opened.back_up(NOW, site.parent / "backup.tar.gz", proof="sums").file


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the address of an empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_server").new
    numbers = count(1)
    folder = tmp_path_factory.mktemp("store")
    return lambda: f"sqlite:///{folder}/{next(numbers)}.db"


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    return new_url()
