"""The literal judge against the worked examples of HALLS.md, and on random sites."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from .files import settings, write_files
from .generate import random_site, second_wave
from .judge import Exports, judge
from .records import Row, Site, as_files, days_between, merged, moment, text_of
from .validity import problems

DAY = "2026-10-12"  # a Monday, winter hours
OVER = "2026-11-01 00:00:00"


def staff(**more: str) -> Row:
    row = {"person_id": "P1", "name": "甲", "unit": "局", "window": "公安", "post": "staff"}
    return row | {"device_user_id": "1", "backup_for": "", "from": DAY, "to": DAY} | more


def site_of(punched: list[str], through: str = OVER, **tables: list[Row]) -> Site:
    rows = [("1", at if len(at) > 10 else f"{DAY} {at}") for at in punched]
    read = {"terminal": "T1", "rows": rows, "through": through, "live_reach": None}
    terminal = {"id": "T1", "windows": None, "from": None, "to": None}
    return Site({"staff": [staff()], **tables}, [terminal], [read])


def leave(start: str, end: str) -> Row:
    row = {
        "leave_id": "L1",
        "person_id": "P1",
        "kind": "annual",
        "start": f"{DAY} {start}",
        "end": f"{DAY} {end}",
    }
    row |= {"daily_from": "", "daily_to": "", "registered_at": f"{DAY} 07:00", "certificate": ""}
    return row | {"approvals": "centre", "returned_at": ""}


def incident(number: int, at: str, kind: str = "wandering") -> Row:
    row = {"incident_id": f"I{number}", "person_id": "P1", "window": "", "kind": kind, "at": at}
    return row | {"noted_by": "督查员", "place": "", "evidence": "", "warned": ""}


def ruling(effect: str, session: int, **more: str) -> Row:
    row = {
        "ruling_id": "D1",
        "person_id": "P1",
        "window": "",
        "date": DAY,
        "session": str(session),
        "kind": "",
    }
    row |= {
        "effect": effect,
        "as_kind": "",
        "document": "1",
        "decided_by": "某",
        "decided_at": f"{DAY} 20:00",
    }
    return row | more


def verdicts(exports: Exports) -> list[tuple[str, str, int]]:
    order = {"in": 0, "out": 1}
    rows = sorted(exports["verdicts"], key=lambda r: (r[0], r[2], order[r[3]]))
    return [(r[2] + r[3], r[7], int(r[8])) for r in rows]


def words(exports: Exports) -> list[str]:
    return [verdict for _, verdict, _ in verdicts(exports)]


def kinds(exports: Exports) -> list[tuple[str, str, str]]:
    return sorted((r[2], r[3], r[7]) for r in exports["violations"])


def total(exports: Exports, account_type: str) -> float:
    return float(sum(Decimal(r[5]) for r in exports["sums"] if r[0] == account_type))


def test_example_1_at_599_seconds_all_is_normal() -> None:
    got = judge(site_of(["08:39:59", "12:01:00", "14:30:00", "17:20:01"]), OVER)
    assert verdicts(got) == [
        ("1in", "normal", 599),
        ("1out", "normal", 0),
        ("2in", "normal", 0),
        ("2out", "normal", 599),
    ]
    assert got["violations"] == got["sums"] == []


def test_example_2_at_600_seconds_late_and_early() -> None:
    got = judge(site_of(["08:40:00", "12:01:00", "14:20:00", "17:20:00"]), OVER)
    assert verdicts(got) == [
        ("1in", "late", 600),
        ("1out", "normal", 0),
        ("2in", "normal", 0),
        ("2out", "early", 600),
    ]
    assert (total(got, "person"), total(got, "window")) == (-1, -1)


def test_example_3_a_punch_at_noon_serves_the_nearer_checkpoint() -> None:
    got = judge(site_of(["08:25:00", "13:55:00", "17:31:00"]), OVER)
    assert words(got) == ["normal", "missing", "normal", "normal"]
    assert kinds(got) == [("1", "absent_half_day", "punch")]
    assert got["sums"] == [
        ("person", "P1", "勤", "2026-10", DAY, "-2.5"),
        ("window", "公安", "文明服务", "2026-10", DAY, "-2.5"),
    ]


def test_example_7_ten_lates_keep_their_points() -> None:
    days = [d for d in days_between(moment("2026-10-12").date(), moment("2026-10-23").date()) if d.weekday() < 5]
    punched = [f"{d} {t}" for d in days for t in ("08:40:00", "12:01:00", "14:25:00", "17:31:00")]
    site = site_of(punched)
    site.tables["staff"] = [staff(to="2026-10-23")]
    got = judge(site, OVER)
    assert len(days) == 10
    assert [k for _, k, _ in kinds(got)].count("late") == 10
    assert [r for r in got["violations"] if r[3] == "absent_half_day"] == [
        ("2026-10-23", "P1", "1", "absent_half_day", "公安", "局", "0", "conversion")
    ]
    assert (total(got, "person"), total(got, "window")) == (-5, -5)
    assert got["tallies"] == [("2026-10", "P1", "20", "10", "0", "0", "1", "10", "0", "0", "0", "0")]


def test_example_8_leave_moves_the_due_time() -> None:
    got = judge(site_of(["10:09:00", "12:00:00", "14:30:00", "17:30:00"], leave=[leave("08:30", "10:00")]), OVER)
    assert words(got) == ["normal"] * 4
    assert [r[4] for r in got["verdicts"] if r[2:4] == ("1", "in")] == [f"{DAY} 10:00:00"]


def test_example_9_what_is_not_read_is_pending() -> None:
    got = judge(site_of(["08:25:00"], through=f"{DAY} 11:00:00"), f"{DAY} 13:00:00")
    assert words(got) == ["normal", "pending", "pending", "pending"]
    assert got["violations"] == got["sums"] == []


def test_example_10_a_resync_undoes_a_day_of_absence() -> None:
    site = site_of([], through=f"{DAY} 23:59:59")
    absent = judge(site, OVER)
    assert absent["sums"] == [
        ("person", "P1", "勤", "2026-10", DAY, "-5"),
        ("window", "公安", "文明服务", "2026-10", DAY, "-5"),
    ]
    rows = [("1", f"{DAY} {t}") for t in ("08:20:00", "12:01:00", "14:25:00", "17:31:00")]
    site.reads.append({"terminal": "T1", "rows": rows, "through": None, "live_reach": "2026-10-14 09:00:00"})
    assert judge(site, OVER)["sums"] == []


def test_example_11_findings_convert_one_by_one() -> None:
    first, second = incident(1, f"{DAY} 09:00:00"), incident(2, f"{DAY} 15:00:00")
    good = ["08:25:00", "12:01:00", "14:25:00", "17:31:00"]
    one = judge(site_of(good, incident=[first]), OVER)
    assert kinds(one) == [("1", "early", "conversion"), ("1", "wandering", "incident")]
    assert (total(one, "person"), total(one, "window")) == (-2, -2)
    two = judge(site_of(good, incident=[first, second]), OVER)
    assert kinds(two)[2:] == [("2", "absent_half_day", "conversion"), ("2", "wandering", "incident")]
    assert (total(two, "person"), total(two, "window")) == (-4.5, -4.5)


def test_example_12_dark_is_unverified_until_upheld() -> None:
    outage = {"terminal_id": "T1", "start": f"{DAY} 08:20", "end": f"{DAY} 08:35", "kind": "no_punch"}
    punched = ["08:50:00", "12:01:00", "14:25:00", "17:31:00"]
    got = judge(site_of(punched, outage=[outage]), OVER)
    assert words(got) == ["unverified", "normal", "normal", "normal"]
    assert got["violations"] == got["sums"] == []
    upheld = judge(site_of(punched, outage=[outage], ruling=[ruling("uphold", 1)]), OVER)
    assert words(upheld)[0] == "late"
    assert (total(upheld, "person"), total(upheld, "window")) == (-0.5, -0.5)


def test_example_13_leave_not_taken_up_accuses_nobody() -> None:
    punched = ["08:25:00", "12:01:00", "14:25:00", "17:31:00"]
    for start, end in (("16:00", "17:30"), ("08:30", "10:00")):
        assert words(judge(site_of(punched, leave=[leave(start, end)]), OVER)) == ["normal"] * 4


def test_private_work_first_and_later_charges_the_window_what_is_heavier() -> None:
    found = [incident(1, f"{DAY} 09:00:00", "private_work"), incident(2, f"{DAY} 15:00:00", "private_work")]
    good = ["08:25:00", "12:01:00", "14:25:00", "17:31:00"]
    assert total(judge(site_of(good, incident=found[:1]), OVER), "window") == -0.5
    assert total(judge(site_of(good, incident=found), OVER), "window") == -3


def test_what_is_not_continued_is_lost_and_dark() -> None:
    site = site_of([], through=f"{DAY} 07:00:00")
    site.reads = [
        {"terminal": "T1", "rows": [("9", f"{DAY} 08:00:00")], "through": None, "live_reach": None},
        {"terminal": "T1", "rows": [("1", f"{DAY} 12:01:00")], "through": OVER, "live_reach": None},
    ]
    got = judge(site, OVER)
    assert words(got) == ["unverified", "normal", "unverified", "missing"]  # 12:00–12:01 is dark too
    assert got["coverage"] == [("T1", OVER)]


def test_award_goes_to_windows_of_a_month_that_is_over_and_known() -> None:
    good = ["08:25:00", "12:01:00", "14:25:00", "17:31:00"]
    got = judge(site_of(good), OVER)
    assert got["ranking"] == [("2026-10", "window", "公安", "1", "45", "0", "0")]
    assert got["outcomes"] == [("2026-10", "window", "公安", "award", "1", "proposed")]
    assert judge(site_of(good), text_of(moment(OVER) - timedelta(seconds=1)))["ranking"] == []


CASES = [(seed, length) for seed in range(30) for length in ("short", "month")]
CASES += [(seed, length) for seed in range(5) for length in ("quarter", "year")]
MONTHS = {"short": "2026-10", "month": "2026-10", "quarter": "2026-09", "year": "2025-12"}


@pytest.mark.parametrize(("seed", "length"), CASES)
def test_random_sites_are_valid_and_judge(seed: int, length: str) -> None:
    site, as_of = random_site(seed, month=MONTHS[length], length=length)
    assert problems(site) == []
    got = judge(site, as_of)
    assert all(len(row) == len(rows[0]) for rows in got.values() for row in rows)
    assert all(row[7] != "" for row in got["verdicts"])
    again, _ = random_site(seed, month=MONTHS[length], length=length)
    assert again == site
    wave = second_wave(seed, site)
    whole = merged(site, wave)
    assert problems(whole) == []
    judge(whole, whole.as_of)


def test_a_site_is_written_as_the_import_files_of_the_contract(tmp_path: Path) -> None:
    site, as_of = random_site(4, length="month", live=True)
    commands = write_files(site, tmp_path)
    assert commands[0][:2] == ["import", "staff"]
    assert [c[1] for c in commands].count("punches") == len(as_files(site).reads)
    for _, kind, name, *_ in commands:
        if kind != "punches":
            with Path(name).open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            assert [
                {k: v for k, v in row.items() if k in old} for row, old in zip(rows, site.tables[kind], strict=True)
            ] == (site.tables[kind])
    assert settings(site).startswith("[hall]")
    judge(as_files(site), as_of)


def test_an_excused_unverified_absence_counts_as_known_and_swallows() -> None:
    outage = {"terminal_id": "T1", "start": f"{DAY} 11:50", "end": f"{DAY} 12:10", "kind": "no_punch"}
    punched = ["08:50:00", "14:25:00", "17:31:00"]
    waiting = judge(site_of(punched, outage=[outage]), OVER)
    assert words(waiting) == ["late", "unverified", "normal", "normal"]
    assert waiting["violations"] == []
    excused = judge(site_of(punched, outage=[outage], ruling=[ruling("excuse", 1, kind="absent_half_day")]), OVER)
    assert words(excused) == ["late", "unverified", "normal", "normal"]
    assert excused["violations"] == []
    late_only = judge(site_of(punched, outage=[outage], ruling=[ruling("excuse", 1, kind="late")]), OVER)
    assert late_only["violations"] == []


def test_two_punches_59_seconds_apart_serve_one_checkpoint_and_60_serve_two() -> None:
    for gap, said in (("12:01:59", "missing"), ("12:02:00", "normal")):
        site = site_of(["08:25:00", "12:01:00", gap, "17:31:00"])
        roster = {
            "roster_id": "R1",
            "entered_at": f"{DAY} 07:00",
            "person_id": "P1",
            "window": "",
            "from": DAY,
        }
        site.tables["roster"] = [roster | {"to": DAY, "shift": "08:30-12:00+12:30-17:30", "days": ""}]
        assert words(judge(site, OVER)) == ["normal", "normal", said, "normal"]
