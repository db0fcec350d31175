"""Deliveries through a network at its worst: in the end the receiver's table is the ledger. More: scripts/prove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import hostile_run
import pytest
from hostile_proxy import KINDS
from hostile_run import Result, run

from punchsync.core.outbox import Answer, Batch
from punchsync.core.readback import Row
from punchsync.deliver.http import HttpStore
from punchsync.receiver import ScoreTable
from punchsync.receiver.table import Taken

LIBRARY, PROCESSES = 8, 1
FIRST = Random().randrange(2**24)


def shown(result: Result) -> str:
    return f"seed {result.seed}, {result.by}: {result.faults}"


@pytest.mark.parametrize("n", range(LIBRARY))
def test_every_entry_arrives_once_whatever_the_network_does(template: Path, tmp_path: Path, n: int) -> None:
    result = run(FIRST + n, tmp_path / "run", template)
    assert result.faults == (), shown(result)


@pytest.mark.parametrize("n", range(PROCESSES))
def test_every_entry_arrives_once_whoever_is_killed(template: Path, tmp_path: Path, n: int) -> None:
    result = run(FIRST + n, tmp_path / "run", template, processes=2)
    assert result.faults == (), shown(result)


@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_of_one_kind_alone_loses_or_doubles_an_entry(template: Path, tmp_path: Path, kind: str) -> None:
    result = run(7, tmp_path / "run", template, kinds=(kind,))
    assert result.faults == (), shown(result)
    assert result.done[kind] > 0


@pytest.mark.parametrize("kind", ["twice", "stale"])
def test_an_answer_that_comes_again_is_not_taken_for_the_next_batch_s(
    template: Path, tmp_path: Path, kind: str
) -> None:
    results = [run(n, tmp_path / "run", template, kinds=(kind, "cut before")) for n in range(3)]
    assert [shown(r) for r in results if r.faults] == []


# Whether what is wrong would be found


class Hopeful(HttpStore):
    """A sender that takes silence for a yes."""

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        answer = super().deliver(batch, rows)
        return answer if answer.code.startswith("http_") else Answer("delivered", answer.code)


class Careless(HttpStore):
    """A sender that gives a batch another key each time, and doesn't look at its entries' ids."""

    tries = 0

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        Careless.tries += 1
        anew = [(*row[:1], f"E{Careless.tries * 100 + n:08d}", *row[2:]) for n, row in enumerate(rows)]
        return super().deliver(batch._replace(key=f"{Careless.tries:032x}"), anew)


@pytest.mark.parametrize("wrong", [Hopeful, Careless])
def test_a_sender_that_does_wrong_is_found(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: type[HttpStore]
) -> None:
    monkeypatch.setattr(hostile_run, "HttpStore", wrong)
    assert any(run(n, tmp_path / "run", template).faults for n in range(5))


def test_a_receiver_that_answers_before_it_keeps_is_found(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = ScoreTable.take
    chance = Random(1)

    def forgetful(self: ScoreTable, *batch: object) -> object:
        return Taken(1, 0) if chance.random() < 0.1 else take(self, *batch)

    monkeypatch.setattr(ScoreTable, "take", forgetful)
    assert any(run(n, tmp_path / "run", template).faults for n in range(5))
