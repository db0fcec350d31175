"""What is due when, by season and by settings, and what a downtime leaves to be made up for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from punchsync.core.moment import DAY, HOUR, parse_day, parse_moment, show_day, show_moment
from punchsync.core.rules import Shift
from punchsync.packs.load import load
from punchsync.packs.shelf import find
from punchsync.service.alarms import at
from punchsync.service.schedule import (
    BACKUP,
    BEGAN,
    NIGHTLY,
    PERIODS,
    PURGE,
    VERIFY,
    Job,
    Planner,
    Table,
    catch_up,
    ends,
    horizon,
    is_done,
    jobs_of,
    planner,
    to_come,
    waits,
)

PACK = load(find("yihuang", Path()), {}, {}).pack
MONDAY = parse_day("2026-11-23")


def told(jobs: list[Job]) -> list[tuple[str, str]]:
    return [(job.name, show_moment(job.due)) for job in jobs]


def clocks(jobs: list[Job]) -> list[str]:
    return [show_moment(job.due)[11:] for job in jobs]


def after(now: str, plan: Planner | None = None, **done: str) -> list[tuple[str, str]]:
    table = table_of({name.replace("_", "-"): parse_moment(text) for name, text in done.items()})
    return told(catch_up(horizon(plan or planner(PACK), parse_moment(now)), table, parse_moment(now)))


def table_of(done: dict[str, int], settled: int | None = None) -> Table:
    """A run table in which everything up to these due times is done."""
    ran = {name: {due - n * DAY for n in range(200)} for name, due in done.items() if name != BEGAN}
    return Table(ran, done.get(BEGAN), settled)


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
    table = Table({"poll-1": {parse_moment("2026-11-23 18:00:00")}, NIGHTLY: {parse_moment("2026-11-23 18:20:00")}})
    changed = Job(NIGHTLY, parse_moment("2026-11-23 21:00:00"), MONDAY)
    assert is_done(changed, table)
    assert not is_done(changed._replace(due=changed.due + DAY), table)


ALL = planner(PACK, ["20:00"], "21:00", bulletins=PERIODS, backup="23:10", verify="23:30", purge=True)


def names(date: str, plan: Planner = ALL) -> list[str]:
    return [job.name for job in plan(parse_day(date))]


@pytest.mark.parametrize(
    ("date", "more"),
    [
        ("2026-11-23", []),
        ("2026-11-22", ["weekly"]),
        ("2026-10-31", ["monthly"]),
        ("2026-09-30", ["monthly", "quarterly"]),
        ("2026-05-31", ["weekly", "monthly"]),
        ("2028-02-29", ["monthly"]),
        ("2028-12-31", ["weekly", "monthly", "quarterly"]),
    ],
)
def test_bulletins_of_periods_are_due_with_the_nightly_job_of_their_last_day(date: str, more: list[str]) -> None:
    assert names(date) == ["poll-1", "nightly", *more, "backup", "verify"]
    assert {job.due for job in ALL(parse_day(date)) if job.name in PERIODS} <= {parse_moment(f"{date} 21:00")}


def test_a_nightly_job_after_midnight_takes_the_bulletins_of_the_day_before_along() -> None:
    plan = planner(PACK, ["20:00"], "00:30", bulletins=PERIODS)
    assert [(j.name, show_day(j.about)) for j in plan(parse_day("2026-06-01"))] == [
        ("nightly", "2026-05-31"), ("weekly", "2026-05-31"), ("monthly", "2026-05-31"), ("poll-1", "2026-06-01"),
    ]  # fmt: skip


def test_purge_is_due_on_the_second_after_the_backup_and_only_where_asked_for() -> None:
    assert names("2026-11-02") == ["poll-1", "nightly", "backup", "purge", "verify"]
    assert "purge" not in names("2026-11-02", planner(PACK, backup="23:10"))
    assert told(list(planner(PACK, nightly="21:00", purge=True)(parse_day("2026-11-02"))))[-1] == (
        "purge", "2026-11-02 21:00:00",
    )  # fmt: skip


def test_what_is_off_is_not_planned() -> None:
    assert names("2026-11-22", planner(PACK, ["20:00"])) == ["poll-1", "nightly"]


def test_backup_and_verify_are_made_up_for_once_and_in_order() -> None:
    done = dict.fromkeys(("poll_1", "nightly"), "2026-11-25 20:00:00")
    found = after("2026-11-26 08:00", ALL, **done, backup="2026-11-20 23:10:00", serve="2026-10-01 08:00:00")
    assert [job for job in found if job[0] in (BACKUP, VERIFY)] == [
        (BACKUP, "2026-11-25 23:10:00"), (VERIFY, "2026-11-25 23:30:00"),
    ]  # fmt: skip


def test_each_period_that_was_missed_is_made_up_for_after_100_days_no_more() -> None:
    found = after("2026-11-26 08:00", ALL, serve="2026-01-01 08:00:00")
    assert [(name, due[:10]) for name, due in found if name in ("monthly", "quarterly")] == [
        ("monthly", "2026-08-31"), ("monthly", "2026-09-30"), ("quarterly", "2026-09-30"), ("monthly", "2026-10-31"),
    ]  # fmt: skip
    assert len([name for name, _due in found if name == "weekly"]) == 14
    assert [due[:10] for name, due in found if name == PURGE] == ["2026-11-02"]
    assert found[0][0] == "poll-1"


def test_a_nightly_job_that_fails_is_still_owed_when_later_ones_are_done() -> None:
    nights = {parse_moment(f"2026-11-{day} 21:00") for day in (20, 22, 23)}
    table = Table({"poll-1": {parse_moment("2026-11-23 20:00")}, NIGHTLY: nights}, parse_moment("2026-11-20 08:00"))
    now = parse_moment("2026-11-23 22:00")
    assert told(catch_up(horizon(planner(PACK, ["20:00"]), now), table, now)) == [("nightly", "2026-11-21 20:20:00")]


@pytest.mark.parametrize(
    ("settled", "expected"),
    [(None, True), ("2026-11-22 20:59:59", True), ("2026-11-22 21:00:00", False)],
)
def test_a_period_s_bulletin_waits_for_the_settle_of_its_last_day(settled: str | None, expected: bool) -> None:
    weekly = Job("weekly", parse_moment("2026-11-22 21:00"), parse_day("2026-11-22"))
    assert waits(weekly, [], Table(settled=parse_moment(settled) if settled else None)) is expected


@pytest.mark.parametrize(("backup", "expected"), [("2026-11-01 23:10", True), ("2026-11-02 23:10", False)])
def test_a_purge_waits_for_a_backup_of_its_day(backup: str, expected: bool) -> None:
    jobs = ALL(parse_day("2026-11-02"))
    purge = next(job for job in jobs if job.name == PURGE)
    assert waits(purge, jobs, Table({BACKUP: {parse_moment(backup)}})) is expected
    assert not waits(purge, [purge], Table())


def test_the_jobs_to_come_name_each_kind() -> None:
    coming = {job.name for job in to_come(ALL, parse_moment("2026-11-23 08:00"))}
    assert coming == {"poll-1", "nightly", *PERIODS, "backup", "verify", "purge"}


def test_a_quarter_ends_in_the_months_3_6_9_and_12() -> None:
    days = range(parse_day("2026-01-01"), parse_day("2027-01-01"))
    assert [show_day(day)[5:] for day in days if ends("quarterly", day)] == ["03-31", "06-30", "09-30", "12-31"]
    assert len([day for day in days if ends("monthly", day)]) == 12
    assert len([day for day in days if ends("weekly", day)]) == 52


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2028-01-15 21:00", "Europe/Berlin", "2028-01-15 20:00"),
        ("2028-07-15 21:00", "Europe/Berlin", "2028-07-15 19:00"),
        ("2028-03-26 02:30", "Europe/Berlin", "2028-03-26 01:30"),  # left out: what 03:30 is
        ("2028-10-29 02:30", "Europe/Berlin", "2028-10-29 00:30"),  # repeated: the first
        ("2028-10-29 21:00", "Europe/Berlin", "2028-10-29 20:00"),
        ("2028-03-26 02:30", "Asia/Shanghai", "2028-03-25 18:30"),
    ],
)
def test_an_alarm_is_set_for_the_hour_that_the_zone_s_clocks_will_show(moment: str, zone: str, expected: str) -> None:
    rings = at(parse_moment(moment), ZoneInfo(zone)).astimezone(UTC)
    assert rings.strftime("%Y-%m-%d %H:%M") == expected
