"""The halls of the tests of privacy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from privacykit import ONE, fill

from e2e.site import Hall, staff


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    """A filled hall that tests only read."""
    hall = Hall(tmp_path_factory.mktemp("hall") / "site")
    fill(hall)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A hall with P1 posted, for tests that change it."""
    made = Hall(tmp_path / "site")
    assert made.bring("staff", staff(name=ONE)).status == 0
    yield made
