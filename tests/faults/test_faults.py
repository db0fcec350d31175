"""What can happen to a service, a little of each. All of it: scripts/prove faults, scripts/prove year."""

from __future__ import annotations

import errno
import io
import logging
import random
import time
from collections.abc import Iterator
from pathlib import Path

import fault_nest
import pytest
import structlog
from fault_cut import OPEN, SYNC, WRITE, Disk, Operation
from fault_images import prove as images
from fault_kills import Month, Twin, undisturbed
from fault_outside import network, stepped
from fault_power import prove as power
from fault_space import service_full, small
from fault_store import read_only, run
from fault_world import Plan
from fault_year import Use, flat

from punchsync.logs import configure

PLAN = Plan(days=2, people=4, terminals=2, more='backup = "off"\n')
SHORT = Plan(days=1, people=4, terminals=2, polls=("09:10", "20:40"))


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    yield undisturbed(tmp_path_factory.mktemp("twin") / "world", PLAN)
    fault_nest.end()


@pytest.fixture
def seed() -> int:
    return random.SystemRandom().randrange(2**32)


def soon() -> float:
    return time.monotonic() + 120


def test_a_service_killed_at_random_moments_leaves_what_one_that_was_not_leaves(
    tmp_path: Path, twin: Twin, seed: int
) -> None:
    found = Month(tmp_path / "month", PLAN, twin, 4, random.Random(seed)).run(soon(), print)
    assert (found.runs, found.faults) == (4, []), f"seed {seed}"


def test_the_files_of_a_store_at_work_are_whole_at_any_moment(tmp_path: Path, twin: Twin, seed: int) -> None:
    found = images(tmp_path / "images", SHORT, 6, random.Random(seed), soon(), print)
    assert (found.runs, found.faults) == (6, []), f"seed {seed}"


def test_what_was_committed_outlives_a_power_cut_and_a_store_that_does_not_sync_does_not(
    tmp_path: Path, seed: int
) -> None:
    found = power(tmp_path / "power", SHORT, 9, random.Random(seed), soon(), print, ("OFF",), 1)
    if "NOT RUN" in found[0].said:
        pytest.skip(found[0].said)
    assert [(row.runs, row.faults) for row in found] == [(9, []), (3, [])], f"seed {seed}"


def test_a_cut_keeps_what_was_synced_and_any_part_of_what_was_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    disk = Disk(tmp_path)
    name = str(tmp_path.resolve() / "file")
    for op, data in ((OPEN, b""), (WRITE, b"new"), (SYNC, b""), (WRITE, b"and")):
        disk.do(Operation(op, 5, 0, 0, name if op == OPEN else "", data))
    left = {disk.after_cut(random.Random(n))["file"] for n in range(50)}
    assert (left, disk.visible()["file"]) == ({b"new", b"and"}, b"and")


def test_a_service_on_a_full_disk_goes_on_when_there_is_room(tmp_path: Path, twin: Twin, seed: int) -> None:
    with small(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("only root may mount a file system")
        found = service_full(tmp_path / "full", disk, PLAN, twin, 3, random.Random(seed), soon(), print)
    assert (found.runs, found.faults) == (3, []), f"seed {seed}"


def test_a_store_that_is_locked_gone_exchanged_or_overwritten_is_said_and_made_up_for(
    tmp_path: Path, twin: Twin, seed: int
) -> None:
    assert list(run(tmp_path / "world", PLAN, twin, random.Random(seed))) == [], f"seed {seed}"


def test_a_store_that_may_be_written_again_is(tmp_path: Path, twin: Twin) -> None:
    assert list(read_only(tmp_path / "world", PLAN, twin)) == []


@pytest.mark.parametrize("trouble", [network, stepped])
def test_what_goes_wrong_outside_changes_nothing_in_the_end(
    tmp_path: Path, twin: Twin, seed: int, trouble: object
) -> None:
    assert list(trouble(tmp_path / "world", PLAN, twin, random.Random(seed))) == [], f"seed {seed}"  # type: ignore[operator]


def test_a_log_that_can_t_be_written_ends_no_work() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "no space")

    root = logging.getLogger()
    before = root.handlers[:]
    try:
        configure(Full())
        structlog.get_logger("punchsync.service").error("job_failed")
        root.warning("trouble")
    finally:
        structlog.reset_defaults()
        root.handlers[:] = before


def test_memory_that_grows_is_not_flat() -> None:
    months = {f"2026-{n:02d}": [Use(80_000 + 4_000 * n, 16, 5)] for n in range(1, 13)}
    steady = {month: [Use(96_000, 16, 5)] for month in months}
    assert [bool(row.faults) for row in (*flat(months), *flat(steady))] == [True, False, False, False, False, False]
