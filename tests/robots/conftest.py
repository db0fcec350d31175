"""One service of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from robotkit import JUDGES, Platform, serving


@pytest.fixture(params=sorted(JUDGES))
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    with serving(request.param) as found:
        yield found
