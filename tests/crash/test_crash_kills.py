"""A process killed by SIGKILL at any moment leaves a store that the same command makes whole. More: scripts/prove."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hall import States
from killing import Proof, scenes

KILLS = {"poll": 1, "settle, corrections": 1}


@pytest.mark.parametrize("name", KILLS)
def test_a_command_that_was_killed_and_run_again_leaves_what_one_that_was_not_leaves(
    states: States, tmp_path: Path, name: str
) -> None:
    scene = next(s for s in scenes(states) if s.name == name)
    proof = Proof(states, scene, tmp_path / "proof")
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    kills = [proof.kill(chance) for _ in range(KILLS[name])]
    assert [k for k in kills if k.faults] == [], f"seed {seed}"
