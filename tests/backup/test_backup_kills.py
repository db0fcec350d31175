"""A few of the kills that scripts/prove makes many of."""

from __future__ import annotations

import random

import pytest
from backup_kills import Kills


@pytest.mark.parametrize("what", ["backup", "restore", "anew"])
def test_killed_at_any_moment_it_leaves_the_old_or_the_new_whole_and_is_done_the_next_time(
    template, backup, tmp_path, what
):
    kills = Kills(template, backup, tmp_path)
    assert getattr(kills, what)(random.Random()) == []
