"""The core agrees with the literal judge on days that hypothesis draws, for every shipped pack.

What it finds it shrinks to the smallest hall that shows the difference. `ORACLE_DAYS` asks for more than the few here.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .days import PACKS, halls
from .test_properties_oracle import disagreements

DRAWN = int(os.environ.get("ORACLE_DAYS", "25"))


@pytest.mark.parametrize("pack", PACKS)
@settings(max_examples=DRAWN, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_core_and_oracle_agree_on_days_close_to_every_edge(pack: str, data: st.DataObject) -> None:
    site, when = data.draw(halls(pack))

    assert disagreements(site, when) == {}
