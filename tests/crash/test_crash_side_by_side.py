"""Two processes at work on one site at the same time double nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hall import AS_OF, States, argv
from killing import SETTLE, Proof, Scene, scenes, unlike

POLL = ("poll", "--as-of", AS_OF)


@pytest.mark.parametrize(
    ("like", "state", "commands"),
    [
        ("settle, corrections", "corrected", [SETTLE, SETTLE, SETTLE]),
        ("poll", "staffed", [POLL, POLL, SETTLE]),
    ],
    ids=["three settles that correct", "two polls and a settle"],
)
def test_processes_side_by_side_leave_what_one_alone_leaves(
    states: States, tmp_path: Path, like: str, state: str, commands: list[tuple[str, ...]]
) -> None:
    scene: Scene = next(s for s in scenes(states) if s.name == like)
    proof = Proof(states, scene, tmp_path / "alone")
    site = states.copy(state, tmp_path / "together")
    running = [
        subprocess.Popen(argv(site, *command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    said = [(process.communicate(timeout=300)[1], process.returncode) for process in running]
    assert {status for _err, status in said} <= {0, 1}, said
    assert list(unlike(site, proof.right)) == []
