"""The punches that people are made to do."""

from __future__ import annotations

from punchsync.cli.demo_habits import STAGED, habit, rush, taps
from punchsync.cli.demo_hall import BY_NAME, OPENING, PEOPLE, STRAY_NUMBER, WINDOWS, working_days
from punchsync.core.moment import parse_clock, parse_day, start_of
from punchsync.intake.notices import published


def test_twenty_people_stand_at_six_windows() -> None:
    assert (len(PEOPLE), len(WINDOWS), len(BY_NAME)) == (20, 6, 20)


def test_the_days_are_working_days_without_holidays_or_weekends() -> None:
    assert working_days(published(), 6) == [
        parse_day(d) for d in ("2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29", "2026-10-30", "2026-11-02")
    ]


def test_a_day_is_the_same_every_time_and_in_order() -> None:
    day = taps(7, OPENING)

    assert day == taps(7, OPENING) == sorted(day)
    assert day != taps(8, OPENING)


def test_whoever_the_story_tells_of_punches_as_it_says() -> None:
    for (number, name), said in STAGED.items():
        person = BY_NAME[name]
        used = STRAY_NUMBER if name == "甲四" and number >= 2 else person.number
        mine = [t.at - start_of(OPENING) for t in taps(number, OPENING) if t.number == used]
        assert mine == [parse_clock(c) for c in said.split()]


def test_a_crowd_comes_at_about_25_past_8() -> None:
    crowd, fullest = rush(taps(1, OPENING))

    assert 15 <= crowd <= 30
    assert fullest >= 3


def test_punches_stay_within_the_day_and_in_order() -> None:
    for person in PEOPLE:
        for number in range(1, 46):
            times = habit(person, number)
            assert times == sorted(times)
            assert parse_clock("08:00") < times[0] < times[-1] < parse_clock("18:11")
