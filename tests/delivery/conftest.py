"""One empty site for all runs of a worker, to be copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_run import make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("deliveries") / "template")
