"""A round of reads: side by side, stored whole or not at all, nothing of one terminal taking another along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from operationskit import EVENING, STAFF, at, hall_of, reading

from punchsync.core.coverage import Coverage
from punchsync.core.moment import parse_day
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.operations.hall import Hall
from punchsync.operations.poll import NoSuchTerminal, Polled, poll, store, waiting
from punchsync.operations.settle import TooEarly, settle

CLEAN = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")
PATIENCE = 10


def day(terminal: str, user: str = "1", **more: Any) -> Reading:
    return reading(terminal, *((user, t) for t in CLEAN), **more)


def kept(hall: Hall) -> list[tuple[str, str, str]]:
    """Terminal and user of everything stored, with the state of each terminal that failed."""
    with hall.store.reading() as work:
        punches = {(p.terminal, p.device_user_id, "punched") for p in work.punches.between(0, EVENING)}
        failed = {(t, "", s.last_failure) for t, s in work.readings.states().items() if s.last_failure}
    return sorted(punches | failed)


# side by side


def test_reads_are_told_as_asked_in_whatever_order_they_came(tmp_path: Path) -> None:
    last_came = Event()

    def waits() -> Reading:
        assert last_came.wait(PATIENCE)
        return day("T1")

    def goes() -> Reading:
        last_came.set()
        return day("T2", "2")

    with hall_of(tmp_path / "s", {"T1": waits, "T2": goes}) as (hall, _reader, _store):
        done = poll(hall, EVENING)

        assert [(r.terminal, r.records, r.new, r.failure) for r in done.reads] == [
            ("T1", 4, 4, None), ("T2", 4, 4, None),
        ]  # fmt: skip
        assert kept(hall) == [("T1", "1", "punched"), ("T2", "2", "punched")]
        assert done.settled is not None
        assert (done.settled.verdicts, done.settled.pending, done.settled.posts) == (8, 0, ())


def test_a_terminal_that_is_silent_keeps_no_other_waiting(tmp_path: Path) -> None:
    """Two hundred of them: the first answers when all others are stored."""
    others = [f"T{n}" for n in range(2, 201)]
    told: list[tuple[int, int]] = []
    stored = Event()

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == total - 1:
            stored.set()

    def waits() -> ReadFailure:
        assert stored.wait(PATIENCE)
        return ReadFailure("T1", "timeout")

    answers = {"T1": waits, **{id: reading(id, ("1", "08:25:00")) for id in others}}
    with hall_of(tmp_path / "s", answers) as (hall, _reader, _store):
        done = poll(hall, EVENING, progress=progress)

    assert [r.terminal for r in done.failed] == ["T1"]
    assert told[-2:] == [(199, 200), (200, 200)]
    assert [n for n, _total in told] == sorted({n for n, _total in told})


def test_what_came_together_is_taken_together() -> None:
    came: SimpleQueue[Any] = SimpleQueue()
    for id in ("T1", "T2", "T3"):
        came.put((id, day(id)))

    assert [id for id, _result in waiting(came)] == ["T1", "T2", "T3"]


def test_results_that_came_together_are_stored_in_one_transaction(tmp_path: Path) -> None:
    results = [day("T1"), ReadFailure("T2", "busy"), day("T3", "2")]
    with hall_of(tmp_path / "s", dict.fromkeys(("T1", "T2", "T3"), results[0])) as (hall, _reader, written):
        told, errors = store(hall, results, dict.fromkeys(("T1", "T2", "T3"), Memory()))

        assert (written.writes, [p.terminal for p in told], errors) == ([["T1", "T3"]], ["T1", "T2", "T3"], [])
        assert kept(hall) == [("T1", "1", "punched"), ("T2", "", "busy"), ("T3", "2", "punched")]


# failures


def test_a_failure_beside_a_success_is_told_and_kept_without_its_bytes(tmp_path: Path) -> None:
    failure = ReadFailure("T2", "layout", "bytes=67", b"secret rows")
    with hall_of(tmp_path / "s", {"T1": day("T1"), "T2": failure}) as (hall, _reader, _store):
        done = poll(hall, EVENING)

        assert done.reads[1] == Polled("T2", 0, 0, 0, None, (), ReadFailure("T2", "layout", "bytes=67"))
        assert kept(hall) == [("T1", "1", "punched"), ("T2", "", "layout")]
        with hall.store.reading() as work:
            assert work.memories.set_aside() == {"T2": (EVENING, "bytes=67", b"secret rows")}


def test_where_all_fail_nothing_is_settled(tmp_path: Path) -> None:
    answers = {id: ReadFailure(id, "refused") for id in ("T1", "T2")}
    with hall_of(tmp_path / "s", answers) as (hall, _reader, _store):
        done = poll(hall, EVENING)

        assert (len(done.failed), done.settled, done.repaired) == (2, None, ())
        assert kept(hall) == [("T1", "", "refused"), ("T2", "", "refused")]
        with hall.store.reading() as work:
            assert work.runs.settled_as_of() is None


def test_a_good_read_ends_what_was_said_of_a_failure(tmp_path: Path) -> None:
    with hall_of(tmp_path / "s", {"T1": ReadFailure("T1", "busy")}) as (hall, reader, _store):
        poll(hall, EVENING)
        failed = kept(hall)
        reader.answers["T1"] = day("T1")
        poll(hall, EVENING)

        assert (failed, kept(hall)) == ([("T1", "", "busy")], [("T1", "1", "punched")])


@pytest.mark.parametrize("error", [ValueError("T2"), KeyboardInterrupt()])
def test_a_reader_that_breaks_is_told_only_after_all_others_are_stored(tmp_path: Path, error: BaseException) -> None:
    answers = {"T1": day("T1"), "T2": error, "T3": day("T3", "2")}
    with hall_of(tmp_path / "s", answers) as (hall, _reader, _store):
        with pytest.raises(type(error)):
            poll(hall, EVENING)

        assert kept(hall) == [("T1", "1", "punched"), ("T3", "2", "punched")]


def test_a_reading_that_can_t_be_stored_takes_no_other_along(tmp_path: Path) -> None:
    answers = {"T1": day("T1"), "T2": day("T2"), "T3": ReadFailure("T3", "busy"), "T4": day("T4", "2")}
    with hall_of(tmp_path / "s", answers, bad=("T2",)) as (hall, _reader, _store):
        with pytest.raises(OSError, match="T2"):
            poll(hall, EVENING)

        assert kept(hall) == [("T1", "1", "punched"), ("T3", "", "busy"), ("T4", "2", "punched")]


def test_a_group_that_can_t_be_stored_is_stored_one_by_one(tmp_path: Path) -> None:
    results = [day("T1"), day("T2"), ReadFailure("T3", "busy"), day("T4", "2")]
    memories = {r.terminal: Memory() for r in results}
    with hall_of(tmp_path / "s", dict.fromkeys(memories, results[0]), bad=("T2",)) as (hall, _reader, written):
        told, errors = store(hall, results, memories)

        assert written.writes == [["T1"], [], ["T4"]]
        assert ([p.terminal for p in told], [str(e) for e in errors]) == (["T1", "T3", "T4"], ["T2"])
        assert kept(hall) == [("T1", "1", "punched"), ("T3", "", "busy"), ("T4", "2", "punched")]


# who is asked, and how


@pytest.mark.parametrize(
    ("named", "full", "asked"),
    [((), False, (False, False)), (("T1",), False, (False, False)), ((), True, (True, False)),
     (("T1",), True, (True, True))],
)  # fmt: skip
def test_only_a_full_read_of_a_terminal_that_is_named_takes_another_device_for_its_successor(
    tmp_path: Path, named: tuple[str, ...], full: bool, asked: tuple[bool, bool]
) -> None:
    with hall_of(tmp_path / "s", {"T1": day("T1")}) as (hall, reader, _store):
        poll(hall, EVENING, named, full=full)

    assert reader.asked == {"T1": [(Memory(), *asked)]}


def test_a_terminal_that_is_named_twice_is_read_once_and_no_other_is(tmp_path: Path) -> None:
    with hall_of(tmp_path / "s", {"T1": day("T1"), "T2": day("T2")}) as (hall, reader, _store):
        done = poll(hall, EVENING, ["T2", "T2"])

    assert (list(reader.asked), len(reader.asked["T2"]), [r.terminal for r in done.reads]) == (["T2"], 1, ["T2"])


def test_a_second_read_is_asked_with_what_the_first_has_shown(tmp_path: Path) -> None:
    first = day("T1", tail=b"tail")
    with hall_of(tmp_path / "s", {"T1": first}) as (hall, reader, _store):
        poll(hall, EVENING)
        poll(hall, EVENING)

    (before, _, _), (after, _, _) = reader.asked["T1"]
    assert before == Memory()
    assert (after.serial, after.held, after.tail, after.layout, after.began) == ("S-T1", 4, b"tail", "40", EVENING)
    assert after.last == (at("17:31:00"), frozenset({"1"}))


def test_a_terminal_that_is_not_there_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with (
        hall_of(tmp_path / "s", {"T1": day("T1")}) as (hall, reader, _store),
        pytest.raises(NoSuchTerminal) as raised,
    ):
        poll(hall, EVENING, ["T1", "T9"])

    assert (raised.value.ids, raised.value.known, reader.asked) == (("T9",), ("T1",), {})


def test_an_as_of_before_the_last_settled_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with hall_of(tmp_path / "s", {"T1": day("T1")}) as (hall, reader, _store):
        settle(hall, EVENING)
        with pytest.raises(TooEarly):
            poll(hall, EVENING - 1)

    assert reader.asked == {}


# what is told


def test_an_id_that_nobody_has_is_told_once_of_each_terminal(tmp_path: Path) -> None:
    log = [("77", t) for t in CLEAN] + [("1", "08:26:00"), ("66", "09:00:00")]
    answers = {"T1": reading("T1", *log), "T2": reading("T2", ("77", "08:30:00"))}
    with hall_of(tmp_path / "s", answers) as (hall, _reader, _store):
        done = poll(hall, EVENING)

    assert [(r.terminal, r.strangers) for r in done.reads] == [("T1", ("66", "77")), ("T2", ("77",))]


def test_coverage_that_a_round_repaired_is_told_with_what_it_was(tmp_path: Path) -> None:
    with hall_of(tmp_path / "s", {"T1": day("T1"), "T2": ReadFailure("T2", "busy")}) as (hall, _reader, _store):
        done = poll(hall, EVENING)
        again = poll(hall, EVENING)

    assert done.repaired == ((Coverage("T1", None), Coverage("T1", EVENING)),)
    assert again.repaired == ()


def test_since_has_all_months_from_then_on_judged_anew(tmp_path: Path) -> None:
    staff = STAFF.replace("2026-11-09", "2026-09-14")
    with hall_of(tmp_path / "s", {"T1": day("T1")}, staff=staff) as (hall, _reader, _store):
        first = poll(hall, EVENING)
        plain = poll(hall, EVENING)
        since = poll(hall, EVENING, since=parse_day("2026-10-20"))

    months = [done.settled.months for done in (first, plain, since) if done.settled]
    assert months == [("2026-09", "2026-10", "2026-11"), ("2026-11",), ("2026-10", "2026-11")]


def test_a_hall_whose_terminals_are_files_only_has_none_to_read(tmp_path: Path) -> None:
    with hall_of(tmp_path / "s", {"T1": day("T1")}) as (hall, _reader, _store):
        files = replace(hall, terminals=tuple(replace(t, live=False) for t in hall.terminals))
        with pytest.raises(NoSuchTerminal) as raised:
            poll(files, EVENING, ["T1"])

    assert (raised.value.ids, raised.value.known) == (("T1",), ())
