"""A sample of the matrix that scripts/prove runs whole, and whether a reader that does wrong would be found."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import matrix_acts
import matrix_faults
import matrix_hall
import pytest
from matrix_faults import FAULTS
from matrix_proof import table

from matrix import BY_NAME, Cell, Result, cells, run
from punchsync.core.reading import LAYOUTS, PLANS, ReadFailure, Reading, Row
from punchsync.emulator import faults
from punchsync.terminals import fetch
from punchsync.terminals.tcp import TcpLink

COSTLY = ("8", "8b", "16")
"""Layouts of which several chunks are thousands of records."""


def sample() -> list[Cell]:
    """One cell for each fault, of another layout, plan and transport than the one before."""
    every = cells()
    chosen = []
    for n, fault in enumerate(FAULTS):
        mine = [c for c in every if c.fault == fault.name and not (fault.long and c.layout in COSTLY)]
        chosen.append(mine[n * 11 % len(mine)])
    return chosen


SAMPLE = sample()
PLAIN = Cell("none", "40", "tail", "tcp")
CLEARED = Cell("deleted user", "8", "full", "tcp")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("matrix")


@pytest.mark.parametrize("cell", SAMPLE, ids=map(str, SAMPLE))
def test_a_read_ends_in_the_right_punches_or_in_a_failure_by_name(cell: Cell, folder: Path) -> None:
    result = run(cell, folder)
    assert result.good, f"{result.ending}: {result.why}"


def test_the_sample_has_every_fault_and_of_all_else_many() -> None:
    assert {cell.fault for cell in SAMPLE} == {fault.name for fault in FAULTS}
    for place, names, least in ((1, LAYOUTS, 8), (2, PLANS, 30), (3, ("tcp", "udp"), 40)):
        counted = Counter(cell[place] for cell in SAMPLE)
        assert {name for name in names if counted[name] < least} == set()


def test_every_fault_has_cells_and_says_why_some_make_no_sense() -> None:
    every = Counter(cell.fault for cell in cells())
    whole = len(LAYOUTS) * len(PLANS) * 2
    assert {f.name for f in FAULTS if not every[f.name] or (every[f.name] == whole) == bool(f.why)} == set()
    assert len({f.name for f in FAULTS}) == len(FAULTS)


def test_every_fault_of_the_emulator_is_in_the_matrix() -> None:
    text = "".join(Path(str(room.__file__)).read_text(encoding="utf-8") for room in (matrix_acts, matrix_faults))
    made = {name for name in faults.__all__ if name[0].islower() and f"faults.{name}" not in text}
    # How faults compose; and what `Scene.during` does.
    assert made == {"chain", "clean", "punch_before", "clear_before", "clock_before"}


# A reader that does wrong


def changed(place: int, **values: object) -> Callable[[Reading], Reading]:
    """A reading with other values in one of its rows."""

    def alter(reading: Reading) -> Reading:
        rows = list(reading.rows)
        rows[place] = rows[place]._replace(**values)
        return replace(reading, rows=tuple(rows))

    return alter


def dropped(reading: Reading) -> Reading:
    return replace(reading, rows=reading.rows[:-1])


def doubled(reading: Reading) -> Reading:
    return replace(reading, rows=(*reading.rows, reading.rows[-1]))


def invented(reading: Reading) -> Reading:
    last = reading.rows[-1]
    return replace(reading, rows=(*reading.rows, Row(last.position + 1, last.raw, "1001", last.at + 5, "1", "0")))


def shifted(reading: Reading) -> Reading:
    return changed(-1, at=reading.rows[-1].at + 1)(reading)


WRONG: dict[str, tuple[Callable[[Reading], object], str]] = {
    "drops a row": (dropped, "1 punches missing"),
    "doubles a row": (doubled, "1 punches too many"),
    "invents a row": (invented, "1 punches too many"),
    "shifts a time": (shifted, "1 punches missing"),
    "takes it for another's": (changed(-1, device_user_id="9"), "1 punches missing"),
    "takes the verify for another": (changed(-1, verify="7"), "1 punches missing"),
    "takes the state for another": (changed(-1, state="7"), "1 punches missing"),
    "keeps other bytes": (changed(-1, raw=b"?"), "1 punches missing"),
    "brings nothing": (lambda reading: replace(reading, rows=()), "punches missing"),
    "always fails": (lambda reading: ReadFailure("t1", "timeout"), "timeout , not read"),
    "fails by no name": (lambda reading: ReadFailure("t1", "odd"), "odd , not read"),
    "reads by another plan": (lambda reading: replace(reading, plan="range"), "read by plan range, not tail"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_reader_that_does_wrong_is_found(what: str, folder: Path) -> None:
    alter, why = WRONG[what]
    result = run(PLAIN, folder, alter)
    assert not result.good
    assert why in result.why


def test_a_reader_that_loses_a_defect_or_takes_it_for_a_punch_is_found(folder: Path) -> None:
    def lost(reading: Reading) -> Reading:
        return replace(reading, defects=())

    def trusting(reading: Reading) -> Reading:
        one = reading.defects[0]
        return replace(
            reading, defects=(), rows=(*reading.rows, Row(one.position, one.raw, "7", one.first or 0, "1", "0"))
        )

    assert "defects missing" in run(CLEARED, folder, lost).why
    assert "punches too many" in run(CLEARED, folder, trusting).why


def test_a_reader_that_is_in_no_position_to_know_must_fail(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punchsync.terminals.reading.doubtful", lambda log, last: None)
    result = run(Cell("another log", "40", "full", "tcp"), folder)
    assert result == (result.cell, "read full", False, "read by plan full, not other_device")


def test_a_cell_in_which_nothing_went_wrong_proves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = replace(BY_NAME["a punch between count and read"], arm=lambda s: s.during(9, lambda: None))
    monkeypatch.setitem(BY_NAME, never.name, never)
    assert run(Cell(never.name, "40", "full", "tcp"), folder).why == "it never went wrong"


def test_a_reader_that_asks_for_more_than_it_may_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_names_slots", lambda *_: True)
    assert "command 1503 0109000500000000000000" in run(PLAIN, folder).why


def test_a_reader_that_leaves_its_socket_open_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    monkeypatch.setattr(TcpLink, "close", lambda link: left.append(link._socket))
    result = run(PLAIN, folder)
    for each in left:
        each.close()
    assert "a socket is left open" in result.why


@pytest.fixture
def ending() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.name == "poll":
            thread.join(5)


def test_a_reader_that_hangs_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch, ending: threading.Event) -> None:
    monkeypatch.setattr(matrix_hall, "LIMIT", -8.0)

    def hang(reading: Reading) -> Reading:
        ending.wait()
        raise RuntimeError

    assert run(PLAIN, folder, hang)[1:] == ("hangs", False, "hangs")


def test_a_reader_that_raises_is_found(folder: Path) -> None:
    def fail(reading: Reading) -> Reading:
        raise ZeroDivisionError("oh")

    assert run(PLAIN, folder, fail)[1:] == ("raised ZeroDivisionError", False, "raised ZeroDivisionError: oh")


def test_the_table_has_a_line_for_each_fault_and_each_cell_that_failed() -> None:
    one, other = Cell("none", "40", "full", "tcp"), Cell("busy", "40", "tail", "udp")
    lines = table([Result(one, "read full", True), Result(other, "broken", False, "not busy")])
    assert [line.split() for line in lines] == [
        ["tcp", "full", "tcp", "tail", "tcp", "range", "udp", "full", "udp", "tail", "udp", "range"],
        ["none", "1/1", "full", "-", "-", "-", "-", "-"],
        ["busy", "-", "-", "-", "-", "0/1", "broken", "FAILED", "-"],
        ["FAILED", "busy", "/", "40", "tail", "udp:", "broken:", "not", "busy"],
        ["2", "cells:", "1", "read", "right,", "0", "failed", "by", "the", "right", "name,", "1", "FAILED"],
    ]
