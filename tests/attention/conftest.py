"""A hall's notices, and somebody who takes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attentionkit import Line, Receiver, receiving


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path)
    yield line
    line.store.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
