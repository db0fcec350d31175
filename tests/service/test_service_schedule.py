"""What is due when, by season and by settings, and what a downtime leaves to be made up for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.core.moment import DAY, HOUR, MINUTE, day_of, parse_day, parse_moment, show_day, show_moment, start_of
from punchsync.core.rules import Shift
from punchsync.packs.load import load
from punchsync.packs.shelf import find
from punchsync.service.schedule import BEGAN, KEPT_DAYS, NIGHTLY, Job, catch_up, is_done, jobs_of, planner

PACK = load(find("yihuang", Path()), {}, {}).pack
MONDAY = parse_day("2026-11-23")


def told(jobs: list[Job]) -> list[tuple[str, str]]:
    return [(job.name, show_moment(job.due)) for job in jobs]


def clocks(jobs: list[Job]) -> list[str]:
    return [show_moment(job.due)[11:] for job in jobs]


def week(now: str) -> list[Job]:
    """All jobs around a moment, as the daemon asks for them."""
    plan = planner(PACK)
    today = parse_day(now[:10])
    return [job for day in range(today - KEPT_DAYS, today + 2) for job in plan(day)]


def after(now: str, **done: str) -> list[tuple[str, str]]:
    table = {name.replace("_", "-"): parse_moment(text) for name, text in done.items()}
    return told(catch_up(week(now), table, parse_moment(now)))


def test_a_winter_day_has_four_polls_and_a_nightly_job() -> None:
    assert told(jobs_of(MONDAY, PACK)) == [
        ("poll-1", "2026-11-23 09:10:00"),
        ("poll-2", "2026-11-23 12:40:00"),
        ("poll-3", "2026-11-23 15:10:00"),
        ("poll-4", "2026-11-23 20:40:00"),
        ("nightly", "2026-11-23 21:00:00"),
    ]


def test_a_summer_day_follows_the_summer_shift() -> None:
    assert clocks(jobs_of(parse_day("2026-07-01"), PACK)) == [
        "09:10:00", "12:40:00", "15:40:00", "21:10:00", "21:30:00",
    ]  # fmt: skip


@pytest.mark.parametrize("date", ["2026-10-01", "2026-11-22"])
def test_a_holiday_and_a_sunday_have_the_jobs_of_their_season(date: str) -> None:
    assert clocks(jobs_of(parse_day(date), PACK)) == ["09:10:00", "12:40:00", "15:10:00", "20:40:00", "21:00:00"]


def test_the_seasons_change_at_their_first_and_last_day() -> None:
    days = ["2026-05-31", "2026-06-01", "2026-09-30", "2026-10-01"]
    assert [clocks(jobs_of(parse_day(d), PACK))[-1] for d in days] == ["21:00:00", "21:30:00", "21:30:00", "21:00:00"]


def test_given_polls_are_taken_in_order_and_once_with_the_nightly_job_20_min_after_the_last() -> None:
    jobs = jobs_of(MONDAY, PACK, ["18:00", "09:00", "18:00"])
    assert [(j.name, t) for j, t in zip(jobs, clocks(jobs), strict=True)] == [
        ("poll-1", "09:00:00"), ("poll-2", "18:00:00"), ("nightly", "18:20:00"),
    ]  # fmt: skip


def test_a_given_nightly_job_stands_between_polls_and_closes_its_own_day() -> None:
    jobs = jobs_of(MONDAY, PACK, ["09:00", "20:00"], "19:00")
    assert [(j.name, j.about) for j in jobs] == [("poll-1", MONDAY), ("nightly", MONDAY), ("poll-2", MONDAY)]


def test_a_nightly_job_before_the_first_poll_closes_the_day_before() -> None:
    (first, *_rest) = jobs_of(MONDAY, PACK, nightly="00:30")
    assert (first.name, show_moment(first.due), first.about) == ("nightly", "2026-11-23 00:30:00", MONDAY - 1)


def test_what_would_fall_after_midnight_is_cut_to_the_date() -> None:
    late = (Shift("late", "晚班", ((14 * HOUR, 18 * HOUR), (19 * HOUR, 23 * HOUR))),)
    pack = replace(PACK, shifts=late, seasons=(replace(PACK.seasons[0], shift="late", first=(1, 1), last=(12, 31)),))
    assert clocks(jobs_of(MONDAY, pack)) == ["14:40:00", "18:40:00", "19:40:00", "23:59:59", "23:59:59"]
    assert [j.name for j in jobs_of(MONDAY, pack)][-2:] == ["poll-4", "nightly"]


def test_a_pack_that_asks_for_signing_in_only_is_read_after_its_last_window() -> None:
    pack = replace(PACK, checkpoints=frozenset({"in"}))
    assert clocks(jobs_of(MONDAY, pack)) == ["09:10:00", "17:40:00", "18:00:00"]


def test_a_pack_without_shifts_is_read_and_closed_in_the_evening() -> None:
    assert clocks(jobs_of(MONDAY, replace(PACK, shifts=(), seasons=()))) == ["20:40:00", "21:00:00"]


def test_an_hour_s_downtime_over_a_poll_asks_for_that_poll() -> None:
    done = {"poll_1": "2026-11-23 09:10:00", "nightly": "2026-11-22 21:00:00", "serve": "2026-11-01 08:00:00"}
    assert after("2026-11-23 13:00:00", **done) == [("poll-2", "2026-11-23 12:40:00")]


def test_an_hour_s_downtime_between_jobs_asks_for_nothing() -> None:
    done = {"poll_2": "2026-11-23 12:40:00", "nightly": "2026-11-22 21:00:00", "serve": "2026-11-01 08:00:00"}
    assert after("2026-11-23 14:00:00", **done) == []


def test_a_day_s_downtime_asks_for_one_poll_and_one_nightly_job() -> None:
    done = {"poll_2": "2026-11-23 12:40:00", "nightly": "2026-11-22 21:00:00", "serve": "2026-11-01 08:00:00"}
    assert after("2026-11-24 13:00:00", **done) == [
        ("poll-2", "2026-11-24 12:40:00"),
        ("nightly", "2026-11-23 21:00:00"),
    ]


def test_three_days_downtime_asks_for_one_poll_and_each_nightly_job_in_order() -> None:
    done = {"poll_4": "2026-11-23 20:40:00", "nightly": "2026-11-22 21:00:00", "serve": "2026-11-01 08:00:00"}
    assert after("2026-11-26 08:00:00", **done) == [
        ("poll-4", "2026-11-25 20:40:00"),
        ("nightly", "2026-11-23 21:00:00"),
        ("nightly", "2026-11-24 21:00:00"),
        ("nightly", "2026-11-25 21:00:00"),
    ]


def test_a_month_s_downtime_asks_for_the_nightly_jobs_of_seven_days() -> None:
    done = {"poll_4": "2026-10-20 20:40:00", "nightly": "2026-10-20 21:00:00", "serve": "2026-10-01 08:00:00"}
    found = after("2026-11-26 08:00:00", **done)
    assert [due[:10] for name, due in found if name == NIGHTLY] == [
        show_day(parse_day("2026-11-19") + n) for n in range(7)
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 08:00:00", []),
        ("2026-11-23 09:09:59", []),
        ("2026-11-23 09:10:00", [("poll-1", "2026-11-23 09:10:00")]),
        ("2026-11-23 21:00:00", [("poll-4", "2026-11-23 20:40:00"), ("nightly", "2026-11-23 21:00:00")]),
    ],
)
def test_a_first_start_owes_nothing_for_the_days_before(now: str, expected: list[tuple[str, str]]) -> None:
    assert after(now) == expected
    assert after(now, serve=now) == expected


def test_a_service_that_never_got_to_a_job_still_owes_the_days_since_it_began() -> None:
    assert after("2026-11-24 08:00:00", serve="2026-11-23 08:00:00") == [
        ("poll-4", "2026-11-23 20:40:00"),
        ("nightly", "2026-11-23 21:00:00"),
    ]


def test_a_schedule_changed_in_the_evening_closes_the_day_once() -> None:
    done = {"poll-1": parse_moment("2026-11-23 18:00:00"), NIGHTLY: parse_moment("2026-11-23 18:20:00")}
    changed = Job(NIGHTLY, parse_moment("2026-11-23 21:00:00"), MONDAY)
    assert is_done(changed, done)
    assert not is_done(changed._replace(due=changed.due + DAY), done)


STEP = 20 * MINUTE
MONTH = 31 * DAY


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, MONTH // STEP), st.integers(1, 3 * DAY // STEP)), max_size=12))
def test_over_a_month_with_random_downtimes_every_nightly_job_is_done_once_and_none_twice(
    downtimes: list[tuple[int, int]],
) -> None:
    begin = start_of(parse_day("2026-05-20")) + 8 * HOUR  # into the summer: the schedule changes on the way
    down = [(begin + start * STEP, begin + (start + length) * STEP) for start, length in downtimes]
    plan = planner(PACK)
    days = {day: plan(day) for day in range(day_of(begin) - KEPT_DAYS, day_of(begin + MONTH) + 2)}
    done: dict[str, int] = {}
    did: Counter[Job] = Counter()
    first_up: int | None = None
    for now in range(begin, begin + MONTH, STEP):
        if any(start <= now < end for start, end in down):
            continue
        first_up = now if first_up is None else first_up
        done.setdefault(BEGAN, now)
        jobs = [job for day in range(day_of(now) - KEPT_DAYS, day_of(now) + 2) for job in days[day]]
        for job in catch_up(jobs, done, now):
            if not is_done(job, done):
                did[job] += 1
                done[job.name] = max(job.due, done.get(job.name, 0))
        owed = [
            job
            for job in jobs
            if job.name == NIGHTLY and now - KEPT_DAYS * DAY < job.due <= now and day_of(job.due) >= day_of(first_up)
        ]
        assert all(did[job] == 1 for job in owed)
    assert set(did.values()) <= {1}
    assert Counter(day_of(job.due) for job in did if job.name == NIGHTLY).most_common(1)[:1] in (
        [], *[[(day, 1)] for day in days],
    )  # fmt: skip
