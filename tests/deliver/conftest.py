"""A settled site for each test, and a scripted receiver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.site import Hall, one_day

from .kit import Server, serving


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with six entries."""
    folder = tmp_path_factory.mktemp("settled") / "site"
    one_day(folder, "08:50:00", "12:01:00", "14:50:00", "17:00:00")
    return folder


@pytest.fixture
def hall(settled: Path, tmp_path: Path) -> Hall:
    """A copy of it."""
    shutil.copytree(settled, tmp_path / "site")
    return Hall(tmp_path / "site")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server
