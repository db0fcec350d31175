"""One purged hall for all tests that change it behind its back, and a database of each kind."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from purgekit import NOW, Hall, Keep, made

from punchsync.operations.purge import purge

Fresh = Callable[[], Hall]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_server").new()
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(scope="session")
def purged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Gives copies of a hall of which a year was purged."""
    yield from _copies(tmp_path_factory.mktemp("purged"), purging=True)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Gives copies of a hall of which nothing was purged yet."""
    yield from _copies(tmp_path_factory.mktemp("whole"), purging=False)


def _copies(folder: Path, *, purging: bool) -> Iterator[Fresh]:
    with made(folder / "site", f"sqlite:///{folder}/site/store.db", "tianyang", 7) as hall:
        hall.issue()
        hall.appeals()
        if purging:
            purge(hall.site.hall, Keep(), NOW, "张主任")
    numbers, opened = itertools.count(1), []

    def copy() -> Hall:
        place = folder / f"copy{next(numbers)}"
        shutil.copytree(folder / "site", place)
        text = (place / "punchsync.toml").read_text(encoding="utf-8")
        (place / "punchsync.toml").write_text(text.replace(f"{folder}/site/", f"{place}/"), encoding="utf-8")
        opened.append(hall.again(place))
        return opened[-1]

    yield copy
    for one in opened:
        one.close()
