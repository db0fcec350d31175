"""The literal judge pack by pack: worked examples, thresholds and limits, checkpoints, charges, by hand."""

from __future__ import annotations

import pytest

from .files import settings
from .generate import random_site, second_wave
from .halls import HALLS
from .hand import DAY, OVER, charged, hall, noted, out, posted, rostered, ruled, said, today, words
from .judge import judge
from .records import Site, days_between, merged, moment
from .validity import problems

GOOD = {  # punches of a normal day of every default shift
    "county": ["08:25:00", "12:01:00", "13:55:00", "17:31:00"],
    "tianyang": ["08:25:00", "14:25:00"],
    "tongshan": ["08:25:00", "12:01:00", "13:55:00", "17:31:00"],
    "changxing": ["08:25:00", "11:31:00", "13:55:00", "17:31:00"],
    "ninetofive": ["08:55:00", "17:01:00"],
    "foursign": ["09:55:00", "13:31:00", "15:55:00", "19:51:00"],
    "pinghu": ["08:25:00", "11:31:00", "13:55:00", "17:31:00"],
    "citizens": ["08:55:00", "12:01:00", "13:25:00", "17:01:00"],
}


def one(pack: str, punched: list[str], **tables: list[dict[str, str]]) -> Site:
    """A site of one person and one day."""
    site = hall(pack, [posted()], {"P1": punched}, **tables)
    if pack == "county":
        site.answers = {"late_points": "0.3", "training_late_points": "0.7"}
    return site


@pytest.mark.parametrize("pack", sorted(GOOD))
def test_a_good_day_of_the_default_shift_is_normal(pack: str) -> None:
    got = judge(one(pack, GOOD[pack]), OVER)
    assert set(words(got)) == {"normal"}
    assert len(words(got)) == len(GOOD[pack])
    assert got["violations"] == got["sums"] == []


@pytest.mark.parametrize("pack", sorted(GOOD))
def test_one_second_late_is_late(pack: str) -> None:
    start = {"foursign": "10:00", "ninetofive": "09:00", "citizens": "09:00"}.get(pack, "08:30")
    assert words(judge(one(pack, [f"{start}:00", *GOOD[pack][1:]]), OVER))[0] == "normal"
    got = judge(one(pack, [f"{start}:01", *GOOD[pack][1:]]), OVER)
    assert words(got)[0] == "late"
    assert today(got) == [("1", "late/punch")]
    assert [r[6] for r in got["violations"]] == ["1"]


def test_example_4_two_punches_40_seconds_apart_serve_one() -> None:
    got = judge(one("foursign", ["09:58:00", "13:31:00", "13:31:40", "19:55:00"]), OVER)
    assert words(got) == ["normal", "normal", "missing", "normal"]
    assert [r[5] for r in got["verdicts"] if r[2:4] == ("1", "out")] == [f"{DAY} 13:31:00"]
    assert today(got) == [("2", "absent_half_day/punch")]
    assert got["scores"] == got["sums"] == []


def test_example_5_two_minutes_apart_serve_both() -> None:
    assert words(judge(one("foursign", ["09:58:00", "13:31:00", "13:33:00", "19:55:00"]), OVER)) == ["normal"] * 4


def test_example_6_tianyang_late_and_past_15_minutes_off_post() -> None:
    got = judge(one("tianyang", ["08:30:01", "14:45:00"]), OVER)
    assert words(got) == ["late", "late"]
    assert charged(got) == [("person", "勤", "2026", "-0.4"), ("window", "人員管理", "2026-Q4", "-1")]
    got = judge(one("tianyang", ["08:30:01", "14:45:01"]), OVER)
    assert words(got) == ["late", "late"]
    assert today(got) == [("1", "late/punch"), ("2", "off_post/punch")]
    assert [r[6] for r in got["violations"]] == ["1", "901"]
    assert charged(got) == [("person", "勤", "2026", "-0.7"), ("window", "人員管理", "2026-Q4", "-1")]


def test_tianyang_windows_open_90_minutes_before_and_no_checkpoint_is_out() -> None:
    assert words(judge(one("tianyang", ["07:00:00", "13:00:00"]), OVER)) == ["normal", "normal"]
    got = judge(one("tianyang", ["06:59:59", "12:59:59"]), OVER)
    assert words(got) == ["missing", "missing"]
    assert charged(got) == [("person", "勤", "2026", "-1"), ("window", "人員管理", "2026-Q4", "-2")]


def test_tianyang_rulings_know_the_late_past_the_limit_as_off_post() -> None:
    punched = ["08:45:01", "14:25:00"]
    assert today(judge(one("tianyang", punched, ruling=[ruled("excuse", 1, "late")]), OVER)) == [
        ("1", "off_post/punch")
    ]
    assert today(judge(one("tianyang", punched, ruling=[ruled("excuse", 1, "off_post")]), OVER)) == []


def test_tianyang_dark_until_the_last_normal_second() -> None:
    outage = {"terminal_id": "T1", "start": f"{DAY} 08:00:00", "end": f"{DAY} 08:30:00", "kind": "no_punch"}
    assert words(judge(one("tianyang", ["08:50:00", "14:25:00"], outage=[outage]), OVER))[0] == "unverified"
    outage["start"], outage["end"] = f"{DAY} 08:30:01", f"{DAY} 08:49:00"
    assert words(judge(one("tianyang", ["08:50:00", "14:25:00"], outage=[outage]), OVER))[0] == "late"


def test_tianyang_incidents_and_what_they_take() -> None:
    kinds = ["games", "no_badge", "missed_joint_review", "late_meeting", "private_work", "leave_breach"]
    rows = [noted(n, f"{DAY} 09:0{n}:00", kind) for n, kind in enumerate(kinds)]
    rows.append(noted(9, f"{DAY} 10:00:00", "window_empty", person=""))
    got = judge(one("tianyang", GOOD["tianyang"], incident=rows), OVER)
    # person 1 + 0.2 + 2 + 1 + 0 + 1; window 1 + 0.2 + 1 + 1 + 0 + 1 + 2
    assert charged(got) == [("person", "勤", "2026", "-5.2"), ("window", "人員管理", "2026-Q4", "-6.2")]


def test_county_charges_with_the_halls_answers() -> None:
    rows = [
        noted(1, f"{DAY} 09:00:00", "off_post"),
        noted(2, f"{DAY} 19:00:00", "late_training"),
        noted(3, f"{DAY} 19:10:00", "missed_weekly"),
        noted(4, f"{DAY} 19:20:00", "missed_joint_review"),
        noted(5, f"{DAY} 19:30:00", "duty_harm"),
        noted(6, f"{DAY} 19:40:00", "wandering"),
        noted(7, f"{DAY} 10:00:00", "wandering"),
    ]
    got = judge(one("county", ["08:30:01", "12:01:00", "13:55:00"], incident=rows), OVER)
    assert today(got)[:2] == [("0", "duty_harm/incident"), ("0", "late_training/incident")]
    assert ("1", "wandering/incident") in today(got)
    assert ("0", "wandering/incident") not in today(got)
    assert charged(got) == [
        ("person", "会议", "2026", "-7.7"),  # 0.7 + 2 + 5
        ("person", "值班", "2026", "-5"),
        ("person", "考勤", "2026", "-3.3"),  # 0.3 + 1 + 2
        ("window", "人员到岗", "2026-10", "-8"),  # 3 + 5
    ]
    assert ("2026", "person", "P1", "会议", "7", "-7.7", "0") in got["scores"]
    assert ("2026-10", "window", "公安", "人员到岗", "20", "-8", "12") in got["scores"]


def test_example_14_changxing_five_lates_one_entry() -> None:
    days = days_between(moment("2026-10-12").date(), moment("2026-10-16").date())
    punched = [f"{d} {t}" for d in days for t in ("08:30:01", "11:31:00", "13:55:00", "17:31:00")]
    site = hall("changxing", [posted(to="2026-10-16")], {"P1": punched})
    got = judge(site, OVER)
    assert [r[3] for r in got["violations"]] == ["late"] * 5
    assert got["sums"] == [
        ("person", "P1", "工作纪律", "2026-Q4", "2026-10-12", "-5"),
        ("window", "公安", "执行制度", "2026-Q4", "2026-10-12", "-5"),
    ]
    site.interpretations = {"changxing.per": "occurrence"}
    got = judge(site, OVER)
    assert [r[5] for r in got["sums"]] == ["-5"] * 10
    assert ("2026-Q4", "person", "P1", "工作纪律", "20", "-25", "0") in got["scores"]


def test_changxing_items_are_charged_once_each_and_off_post_is_the_windows_own() -> None:
    rows = [
        noted(1, f"{DAY} 09:00:00", "off_post"),
        noted(2, f"{DAY} 09:10:00", "wandering"),
        noted(3, f"{DAY} 09:20:00", "private_work"),
        noted(4, f"{DAY} 19:20:00", "missed_study"),
        noted(5, f"{DAY} 19:30:00", "late_weekly"),
        noted(6, f"{DAY} 19:40:00", "no_badge"),
        noted(7, f"{DAY} 15:00:00", "off_post"),
    ]
    got = judge(one("changxing", GOOD["changxing"], incident=rows), OVER)
    assert charged(got) == [
        ("person", "工作纪律", "2026-Q4", "-15"),
        ("window", "执行制度", "2026-Q4", "-10"),
        ("window", "文明服务", "2026-Q4", "-3"),
    ]


def test_changxing_games_bar_person_and_window() -> None:
    got = judge(one("changxing", GOOD["changxing"], incident=[noted(1, f"{DAY} 09:00:00", "games")]), OVER)
    assert got["outcomes"] == [
        ("2026-Q4", "person", "P1", "award_barred", "1", "proposed"),
        ("2026-Q4", "person", "P1", "star_minus_two", "5", "proposed"),
        ("2026-Q4", "window", "公安", "award_barred", "1", "proposed"),
    ]


def test_ninetofive_one_end_missing_is_a_half_day_and_both_are_two() -> None:
    for punched, rows in ((["08:55:00"], 1), (["17:01:00"], 1), ([], 2)):
        got = judge(one("ninetofive", punched), OVER)
        assert today(got) == [("1", "absent_half_day/punch")] * rows
        assert got["tallies"][0][6] == str(rows)


def test_ninetofive_two_half_days_only_where_more_than_half_is_required() -> None:
    for end, rows in (("13:00:00", 1), ("12:59:59", 2)):
        outing = out(f"{DAY} 09:00:00", f"{DAY} {end}", f"{DAY} 08:00")
        assert today(judge(one("ninetofive", [], outing=[outing]), OVER)) == [("1", "absent_half_day/punch")] * rows


def test_ninetofive_with_one_of_two_excused_only_the_other_counts() -> None:
    outage = {"terminal_id": "T1", "start": f"{DAY} 08:00:00", "end": f"{DAY} 08:10:00", "kind": "no_punch"}
    waiting = judge(one("ninetofive", [], outage=[outage]), OVER)
    assert (words(waiting), today(waiting)) == (["unverified", "missing"], [])
    excused = judge(one("ninetofive", [], outage=[outage], ruling=[ruled("excuse", 1)]), OVER)
    assert today(excused) == []  # the ruling excuses the missing end too
    upheld = judge(one("ninetofive", [], outage=[outage], ruling=[ruled("uphold", 1)]), OVER)
    assert today(upheld) == [("1", "absent_half_day/punch")] * 2


def test_ninetofive_rostered_two_sessions_follow_the_common_rule() -> None:
    roster = [rostered(1, "P1", DAY, DAY, "09:00-12:00+13:00-17:00")]
    got = judge(one("ninetofive", [], roster=roster), OVER)
    assert today(got) == [("1", "absent_half_day/punch"), ("2", "absent_half_day/punch")]


def test_pinghu_shifts_by_id() -> None:
    for shift, punched in (
        ("noon", ["11:30:00", "14:00:00"]),
        ("duty", ["09:00:00", "11:00:00", "14:00:00", "16:00:00"]),
    ):
        got = judge(one("pinghu", punched, roster=[rostered(1, "P1", DAY, DAY, shift)]), OVER)
        assert words(got) == ["normal"] * len(punched)
        assert got["scores"] == []


def test_bureau_without_a_roster_row_owes_nothing() -> None:
    got = judge(one("bureau", []), OVER)
    assert got["verdicts"] == got["violations"] == []
    roster = [rostered(1, "P1", DAY, DAY, "08:30-12:00+14:00-17:30")]
    got = judge(one("bureau", [], roster=roster), OVER)
    assert said(got) == [("10-12", "P1", "1", "absent_half_day/punch"), ("10-12", "P1", "2", "absent_half_day/punch")]
    assert got["sums"] == got["scores"] == []


def test_settings_name_pack_and_answers() -> None:
    text = settings(one("county", []))
    assert 'pack = "county"' in text
    assert 'answers = { late_points = "0.3", training_late_points = "0.7" }' in text


MONTHS = {"short": "2026-10", "month": "2026-02", "quarter": "2026-09", "year": "2026-12"}
CASES = [(pack, seed, length) for pack in HALLS for length in MONTHS for seed in range(8 if length == "short" else 2)]


@pytest.mark.parametrize(("pack", "seed", "length"), [case for case in CASES if case[0] != "yihuang"])
def test_random_sites_of_every_pack_are_valid_and_judge(pack: str, seed: int, length: str) -> None:
    site, as_of = random_site(seed, month=MONTHS[length], length=length, pack=pack)
    assert problems(site) == []
    got = judge(site, as_of)
    assert site.pack == pack
    assert all(len(row) == len(rows[0]) for rows in got.values() for row in rows)
    assert all(row[7] != "" for row in got["verdicts"])
    whole = merged(site, second_wave(seed, site))
    assert problems(whole) == []
    judge(whole, whole.as_of)
