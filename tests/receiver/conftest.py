"""A receiver on a file of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from receiverkit import receiver_on

from punchsync.receiver import Receiver


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiver_on(tmp_path / "scores.db") as made:
        yield made
