"""A site with emulated terminals for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .live import Live


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A hall without terminals and people yet."""
    with Live(tmp_path / "site", monkeypatch) as live:
        yield live
