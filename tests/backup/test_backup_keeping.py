"""Which backups stay and which go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.keeping import Backup, Keep, backups, name_of, outlived
from punchsync.core.moment import DAY, day_of, parse_moment, show_day, to_date

HALLS = st.sampled_from(["demo", "大厅", "a.b", "a-b", "x+y(1)", "punchsync-demo"])
MOMENTS = st.integers(parse_moment("2026-01-01 00:00:00"), parse_moment("2029-01-01 00:00:00"))
KEEPS = st.builds(Keep, st.integers(1, 9), st.integers(0, 6), st.integers(0, 14))
MADE = st.lists(st.builds(lambda at, good: Backup(name_of("h", at, good=good), at, good), MOMENTS, st.booleans()))
NIGHT = parse_moment("2026-01-01 23:10:00")


def nightly(day: int, good: bool = True) -> Backup:
    at = NIGHT + day * DAY
    return Backup(name_of("demo", at, good=good), at, good)


def test_a_name_says_whose_backup_it_is_when_it_was_made_and_whether_all_was_well():
    assert name_of("demo", NIGHT) == "punchsync-demo-20260101-231000.tar.gz"
    assert name_of("demo", NIGHT, good=False, sealed=True) == "punchsync-demo-20260101-231000-differs.tar.gz.age"


@given(HALLS, HALLS, MOMENTS, st.booleans(), st.booleans())
def test_only_a_hall_s_own_backups_are_taken_for_its_own(hall, other, at, good, sealed):
    name = name_of(hall, at, good=good, sealed=sealed)
    strangers = [f"x{name}", f"{name}.part", f".{name}", name.replace(".tar", ".txt"), name.replace("-20", "-1")]
    assert backups(hall, [name, *strangers, "punchsync-demo-20269999-000000.tar.gz"]) == [Backup(name, at, good)]
    assert hall == other or backups(other, [name]) == []


def test_two_years_of_nights_leave_seven_days_four_weeks_and_twelve_months():
    there: list[Backup] = []
    for day in range(730):
        there.append(nightly(day))
        gone = outlived(there, Keep(7, 4, 12))
        there = [b for b in there if b not in gone]
        assert len(there) <= 7 + 4 + 12
    assert [show_day(day_of(b.at)) for b in there] == [
        *(f"2027-{month:02}-{last}" for month, last in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30), 1)),
        "2027-12-12", "2027-12-19",
        *(f"2027-12-{day}" for day in range(25, 32)),
    ]  # fmt: skip


def test_all_backups_of_the_latest_day_stay_until_the_next():
    day = [Backup(str(n), NIGHT + n, True) for n in range(5)]
    assert outlived(day, Keep(1, 0, 0)) == []
    assert outlived([*day, nightly(1)], Keep(2, 0, 0)) == day[:4]


def test_backups_with_something_odd_push_no_good_one_out():
    good, odd = [nightly(0)], [nightly(day, good=False) for day in range(1, 400)]
    kept = {*good, *odd} - {*outlived([*good, *odd], Keep(7, 4, 12))}
    assert good[0] in kept and len(kept) <= 1 + 7 + 4 + 12


def test_a_service_that_stood_still_for_a_year_finds_what_there_was():
    there = [nightly(day) for day in range(5)]
    assert outlived([*there, nightly(400)], Keep(7, 0, 0)) == []


@given(MADE, KEEPS)
def test_the_newest_good_one_stays_and_no_more_than_asked(there, keep):
    gone = outlived(there, keep)
    kept = [b for b in there if b not in gone]
    for good in (True, False):
        own = [b for b in there if b.good is good]
        if own:
            newest = max(own, key=lambda b: (b.at, b.name))
            assert newest in kept
            today = {b for b in own if day_of(b.at) == day_of(newest.at)}
            assert len({b for b in kept if b.good is good} - today) < sum(keep)
    assert outlived(kept, keep) == []


@given(MADE, KEEPS)
def test_the_last_of_each_day_week_and_month_kept_is_there(there, keep):
    gone = set(outlived(there, keep))
    for good in (True, False):
        own = sorted({(b.at, b.name) for b in there if b.good is good})
        for count, period in (
            (keep.days, lambda d: d),
            (keep.weeks, lambda d: to_date(d).isocalendar()[:2]),
            (keep.months, lambda d: to_date(d).timetuple()[:2]),
        ):
            lasts = list({period(day_of(at)): name for at, name in own}.values())
            assert not {b.name for b in gone if b.good is good} & set(lasts[len(lasts) - count :] if count else ())
