"""`punchsync calendar`, and days of a year that nobody published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .commandline import export, punchsync
from .site import Hall, staff

YEAR = "2099"
FRIDAY = "2099-01-02"
ROWS = (
    {"date": "2099-01-01", "kind": "off", "note": "元旦"},
    {"date": "2099-01-10", "kind": "work", "note": "调休"},
    {"date": "2099-02-27", "kind": "pm_off", "note": "半天"},
)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


@pytest.mark.parametrize(
    ("date", "kind", "why"),
    [
        ("2026-10-01", "off", "holiday"),
        ("2026-10-10", "work", "makeup"),
        ("2026-10-17", "off", "weekend"),
        ("2026-10-12", "work", "weekday"),
    ],
)
def test_a_date_of_a_published_year_is_told_with_its_reason(hall: Hall, date: str, kind: str, why: str) -> None:
    found = json.loads(hall.done("calendar", date, "--json"))

    assert found == {"date": date, "kind": kind, "why": why, "note": ""}
    assert hall.done("calendar", date).startswith(f"{date}（周")


def test_the_hall_s_row_comes_before_the_published_calendar(hall: Hall) -> None:
    hall.bring("calendar", {"date": "2026-10-10", "kind": "am_off", "note": "停电"})

    assert hall.done("calendar", "2026-10-10") == "2026-10-10（周六）：工作日，上午休息，按本大厅的日历（停电）\n"
    assert "  2026-10-10（周六）  工作日，上午休息  停电" in hall.done("calendar").splitlines()


def test_a_withdrawn_row_of_the_hall_does_not_count(hall: Hall) -> None:
    hall.bring("calendar", {"date": "2026-10-10", "kind": "off", "note": "错"})
    row = {"date": "2026-10-10", "kind": "off", "note": "错", "withdrawn": "2026-10-01 08:00:00"}
    assert hall.bring("calendar", row).status == 0

    assert json.loads(hall.done("calendar", "2026-10-10", "--json"))["why"] == "makeup"


def test_the_years_are_listed_with_their_days_off_and_make_up_days(hall: Hall) -> None:
    years = {y["year"]: y for y in json.loads(hall.done("calendar", "--json"))["years"]}

    assert years[2026] == {"year": 2026, "published": True, "days_off": 33, "makeup_days": 6, "hall": []}
    year = json.loads(hall.done("calendar", "--year", "2026", "--json"))
    assert year["holidays"][-1] == {"from": "2026-10-01", "to": "2026-10-07"}
    assert year["makeup"][-1] == "2026-10-10"
    assert "  放假  2026-10-01 – 2026-10-07" in hall.done("calendar", "--year", "2026").splitlines()


@pytest.mark.parametrize("asked", [[FRIDAY], ["--year", YEAR]])
def test_a_year_that_nobody_published_is_bad_input_with_the_way_out(hall: Hall, asked: list[str]) -> None:
    ran = hall.run("calendar", *asked)

    assert (ran.status, ran.out) == (3, "")
    assert f"{YEAR} 年的放假安排没有公布" in ran.err
    assert "punchsync import calendar FILE" in ran.err
    assert "date、kind[work, off, am_off, pm_off]、note" in ran.err
    assert "已公布的年份：2004–" in ran.err


def test_the_hall_s_own_rows_make_a_year_known(hall: Hall) -> None:
    assert hall.bring("calendar", *ROWS).status == 0

    kinds = [json.loads(hall.done("calendar", d, "--json"))["kind"] for d in (*(r["date"] for r in ROWS), FRIDAY)]

    assert kinds == ["off", "work", "pm_off", "work"]
    assert "2099 年，没有公布，按本大厅导入的日历" in hall.done("calendar", "--year", YEAR)


def test_without_a_site_the_published_years_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUNCHSYNC_SITE", raising=False)

    ran = punchsync(None, "calendar", "2026-10-01")

    assert (ran.status, ran.out) == (0, "2026-10-01（周四）：休息日，国务院公布的放假\n")


def test_a_date_and_a_year_together_or_a_date_that_is_none_are_wrong_usage(hall: Hall) -> None:
    statuses = [hall.run("calendar", *args).status for args in ((FRIDAY, "--year", YEAR), ("2026-13-01",))]

    assert statuses == [2, 2]


def test_a_settle_says_which_year_is_unknown_and_an_imported_calendar_settles_its_days(hall: Hall) -> None:
    hall.bring("staff", staff(from_="2099-01-01", to=FRIDAY))
    hall.punch(f"{FRIDAY} 08:45:00", f"{FRIDAY} 12:01:00", f"{FRIDAY} 14:25:00", through="2099-01-03 00:00:00")
    before = hall.settle("2099-01-03 12:00:00")
    unknown = (hall.verdicts(), export(hall.path, "ledger"))

    assert hall.bring("calendar", *ROWS).status == 0
    waiting = hall.run("check", "--as-of", "2099-01-03 12:00:00").out
    after = hall.settle("2099-01-03 12:00:00")

    assert (before.status, unknown) == (1, ([], []))
    assert f"{YEAR} 年的放假安排没有公布" in before.err
    assert "punchsync import calendar FILE" in before.err
    assert "待核算：2099-01" in waiting
    assert (after.status, after.err) == (0, "")
    assert hall.verdicts() == ["late", "normal", "normal", "missing"]
    assert {r[0] for r in export(hall.path, "verdicts")} == {FRIDAY}
