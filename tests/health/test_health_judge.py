"""What is well: every check with its edges, from facts alone."""

from __future__ import annotations

from typing import Any

import pytest

from punchsync.service.facts import Facts, Gauges
from punchsync.service.health import LOCKED, OVERDUE, QUIET, STUCK, Check, Limits, Seen, Trouble, alive, judge
from punchsync.service.pulse import Pulse, State
from punchsync.service.recent import Late
from punchsync.service.timeline import JobState

NOW = 1_000_000
LIMITS = Limits(free=100, coverage=3600)
IDLE = State(True, "", 0.0, 1.0, 0, ())


def gauges(through: int | None, *, live: bool = True) -> Gauges:
    return Gauges(through, through, 0, None, 0, live)


def facts(terminals: dict[str, Gauges] | None = None, owed: int | None = None, began: int | None = NOW - 50) -> Facts:
    job = JobState("poll-1", None, None, "", NOW + 5, owed=owed)
    return Facts(NOW, began, terminals or {}, {}, 0, None, {}, (job,), {}, 0, 0)


def seen(**other: Any) -> Seen:
    return Seen(IDLE, facts(), "", 100, OVERDUE + 1)._replace(**other)


def verdict(of: Seen) -> dict[str, Check]:
    return {check.name: check for check in judge(of, LIMITS).checks if not check.ok}


def test_a_service_at_rest_is_alive_and_ready() -> None:
    assert alive(IDLE).ok
    assert judge(seen(), LIMITS) == (
        (
            Check("service", True, None),
            Check("store_read", True, None),
            Check("store_write", True, None),
            Check("schedule", True, None),
            Check("disk", True, 100),
            Check("coverage", True, None),
        ),
    )


@pytest.mark.parametrize(("looked", "well"), [(STUCK - 1, True), (STUCK, True), (STUCK + 1, False)])
def test_a_main_loop_that_does_not_go_round_is_dead(looked: float, well: bool) -> None:
    state = IDLE._replace(looked=looked)
    assert alive(state).ok is well
    assert ("service" not in verdict(seen(state=state))) is well


@pytest.mark.parametrize(("quiet", "well"), [(QUIET - 1, True), (QUIET, True), (QUIET + 1, False)])
def test_a_job_without_progress_hangs(quiet: float, well: bool) -> None:
    state = IDLE._replace(doing="poll-1", quiet=quiet)
    assert alive(state).checks[1] == Check("job", well, "poll-1", "" if well else "no_progress")
    assert judge(seen(state=state), LIMITS).checks[0] == Check("service", well, "poll-1", "" if well else "stuck")


def test_a_service_that_has_not_looked_yet_is_alive_and_not_ready() -> None:
    state = Pulse().state()
    assert alive(state).ok
    assert verdict(seen(state=state)) == {"service": Check("service", False, None, "starting")}


def test_a_store_that_does_not_answer_leaves_the_rest_unknown() -> None:
    assert verdict(seen(facts=Late(1.54))) == {
        "store_read": Check("store_read", False, 1.5, "no_answer"),
        "schedule": Check("schedule", False, None, "unknown"),
        "coverage": Check("coverage", False, None, "unknown"),
    }
    assert verdict(seen(facts=Trouble("OperationalError")))["store_read"].reason == "OperationalError"


@pytest.mark.parametrize(
    ("writable", "reason"),
    [("", ""), ("OSError", "OSError"), (Late(LOCKED - 1), ""), (Late(LOCKED), ""), (Late(LOCKED + 1), "locked")],
)
def test_a_store_that_somebody_writes_is_well_for_as_long_as_that_may_take(writable: str | Late, reason: str) -> None:
    found = judge(seen(writable=writable), LIMITS).checks[2]
    assert (found.ok, found.reason) == (not reason, reason)


@pytest.mark.parametrize(("free", "reason"), [(101, ""), (100, ""), (99, "low"), (None, "unknown")])
def test_room_at_the_limit_is_enough(free: int | None, reason: str) -> None:
    found = judge(seen(free=free), LIMITS).checks[4]
    assert found == Check("disk", not reason, free, reason)


@pytest.mark.parametrize(("behind", "well"), [(OVERDUE - 1, True), (OVERDUE, True), (OVERDUE + 1, False)])
def test_a_job_is_overdue_an_hour_after_its_time(behind: int, well: bool) -> None:
    found = judge(seen(facts=facts(owed=NOW - behind)), LIMITS).checks[3]
    assert found == Check("schedule", well, None if well else "poll-1", "" if well else "overdue")


def test_a_service_that_just_began_has_an_hour_to_make_up() -> None:
    late = facts(owed=NOW - 10 * OVERDUE)
    assert "schedule" not in verdict(seen(facts=late, served=float(OVERDUE)))
    assert "schedule" in verdict(seen(facts=late, served=OVERDUE + 1.0))


@pytest.mark.parametrize(("age", "well"), [(3599, True), (3600, True), (3601, False)])
def test_the_freshest_terminal_counts(age: int, well: bool) -> None:
    known = facts({"T1": gauges(NOW - age), "T2": gauges(NOW - 9999), "T3": gauges(None)})
    assert judge(seen(facts=known), LIMITS).checks[5] == Check("coverage", well, age, "" if well else "old")


def test_without_any_read_it_is_as_old_as_the_service_and_without_live_terminals_nothing() -> None:
    never = {"T1": gauges(None)}
    assert judge(seen(facts=facts(never)), LIMITS).checks[5] == Check("coverage", True, 50)
    assert not judge(seen(facts=facts(never, began=NOW - 3601)), LIMITS).ok
    assert judge(seen(facts=facts(never, began=None)), LIMITS).checks[5] == Check("coverage", True, 0)
    files = {"T1": gauges(NOW - 9999, live=False)}
    assert judge(seen(facts=facts(files)), LIMITS).checks[5] == Check("coverage", True, None)


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    assert judge(seen(facts=facts({"T1": gauges(NOW + 99)})), LIMITS).checks[5].value == 0
