"""One hall for all crash tests of a worker."""

from collections.abc import Iterator

import pytest
from hall import States, shrink
from killing import stage

shrink()


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[States]:
    with stage(tmp_path_factory.mktemp("hall") / "sites") as made:
        yield made
