"""Closing months: not while anything is open in them; what was issued stays, corrections are booked in the open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .commandline import Ran, export
from .site import Hall, attlog, incident, staff

OCTOBER, NOVEMBER = "2026-10-12", "2026-11-09"
OVER = "2026-12-01 12:00:00"
CLEAN = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")
LATE = ("08:45:00", *CLEAN[1:])
BY = ("--by", "张主任", "--reason", "复核")


def hall_of(path: Path, *days: str, as_of: str = OVER, through: str = OVER) -> Hall:
    """P1 in one window and P2, always late, in another, both posted on these days."""
    hall = Hall(path)
    rows = [
        row | {"from": day, "to": day}
        for day in days
        for row in (staff(), staff("P2", name="乙", unit="税务局", window="税务"))
    ]
    assert hall.bring("staff", *rows).status == 0
    log = "".join(attlog(*CLEAN, date=day) + attlog(*LATE, date=day, user="2") for day in days)
    file = hall.write("1_attlog.dat", log)
    assert hall.run("import", "punches", str(file), "--terminal", "T1", "--through", through).status == 0
    assert hall.settle(as_of).status == 0
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Two days in two months, settled when both were over."""
    return hall_of(tmp_path / "site", OCTOBER, NOVEMBER)


def close(hall: Hall, period: str, *args: str, as_of: str = OVER) -> Ran:
    return hall.run("period", "close", period, "--as-of", as_of, *args)


def listed(hall: Hall) -> dict[str, str]:
    """Every month's state."""
    return {m["month"]: m["state"] for m in json.loads(hall.done("period", "list", "--json"))["months"]}


def noted(hall: Hall, day: str, *more: str) -> None:
    """P1 was found wandering, so that a month that was judged is not so any more."""
    assert hall.bring("incident", *(incident(id, f"{day} 09:00", "private_work") for id in ("I1", *more))).status == 0


def ranks(hall: Hall, period: str) -> dict[str, str]:
    """The rank of every subject of a period."""
    return {r[2]: r[3] for r in export(hall.path, "ranking") if r[0] == period}


# closing


def test_a_month_may_be_closed_before_an_earlier_one_which_is_then_named(hall: Hall) -> None:
    second, first = close(hall, "2026-11", "--json"), close(hall, "2026-10", "--by", "张主任")

    assert (second.status, [c["month"] for c in json.loads(second.out)["closed"]]) == (0, ["2026-11"])
    assert json.loads(second.out)["open_before"] == ["2026-10"]
    assert (first.status, "2026-10" in first.out, first.err) == (0, True, "")
    assert listed(hall) == {"2026-10": "closed", "2026-11": "closed", "2026-12": "open"}
    shown = hall.done("period", "list")
    assert ("张主任" in shown, "未关账" in shown) == (True, True)


def test_a_month_that_is_closed_already_is_not_closed_twice(hall: Hall) -> None:
    close(hall, "2026-10")
    again = close(hall, "2026-10", "--by", "李主任", "--json")

    assert (again.status, json.loads(again.out)) == (
        0,
        {"closed": [], "already": ["2026-10"], "obstacles": [], "open_before": []},
    )
    assert "没有写入" in close(hall, "2026-10").out


def test_a_quarter_or_year_is_closed_month_by_month_and_opened_last_first(tmp_path: Path) -> None:
    hall = hall_of(tmp_path, "2026-08-10", as_of="2026-10-02 12:00:00", through="2026-10-02 12:00:00")

    year = close(hall, "2026", as_of="2026-10-02 12:00:00")
    quarter = close(hall, "2026-Q3", "--json", as_of="2026-10-02 12:00:00")
    middle = hall.run("period", "reopen", "2026-08", *BY)
    opened = hall.run("period", "reopen", "2026-Q3", *BY, "--json")

    assert (year.status, year.out, "2026-10" in year.err, "2026-08" in year.err) == (3, "", True, False)
    assert [c["month"] for c in json.loads(quarter.out)["closed"]] == ["2026-08", "2026-09"]
    assert (middle.status, middle.out, "2026-09" in middle.err) == (3, "", True)
    assert [c["month"] for c in json.loads(opened.out)["reopened"]] == ["2026-09", "2026-08"]
    assert set(listed(hall).values()) == {"open"}


def test_a_refusal_names_people_days_and_checkpoints_and_how_many_more(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(from_="2026-10-12", to="2026-10-19"))
    hall.settle("2026-11-02 12:00:00")

    refused = close(hall, "2026-10", as_of="2026-11-02 12:00:00")
    found = json.loads(close(hall, "2026-10", "--json", as_of="2026-11-02 12:00:00").out)["obstacles"]

    named = [line for line in refused.err.splitlines() if "甲（P1）" in line]
    assert (refused.status, refused.out, len(named)) == (3, "", 20)
    assert named[0].strip() == "甲（P1） 2026-10-12 第 1 个半天 上班：未知"
    assert ("另有 4 处" in refused.err, "24 处" in refused.err, "--anyway" in refused.err) == (True, True, True)
    assert [(o["month"], o["code"], o["count"], len(o["unknown"])) for o in found] == [("2026-10", "unknown", 24, 24)]
    assert listed(hall)["2026-10"] == "open"


def test_an_unverified_checkpoint_is_in_the_way_until_a_ruling_decides_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(from_=OCTOBER, to=OCTOBER))
    hall.bring(
        "outage",
        {"terminal_id": "T1", "start": f"{OCTOBER} 08:00", "end": f"{OCTOBER} 11:00", "kind": "no_punch"},
    )
    hall.write("1_attlog.dat", attlog(*CLEAN[1:], date=OCTOBER))
    hall.run("import", "punches", str(hall.path / "1_attlog.dat"), "--terminal", "T1", "--through", OVER)
    hall.settle(OVER)

    refused = close(hall, "2026-10")
    ruling = {"ruling_id": "R1", "person_id": "P1", "window": "", "date": OCTOBER, "session": "1", "kind": ""}
    ruling |= {"effect": "excuse", "as_kind": "", "document": "", "decided_by": "张主任"}
    assert hall.bring("ruling", ruling | {"decided_at": f"{OCTOBER} 18:00"}).status == 0
    hall.settle(OVER)

    assert (refused.status, "上班：存疑" in refused.err) == (3, True)
    assert close(hall, "2026-10").status == 0


def test_a_month_that_is_not_over_or_not_settled_since_or_due_again_is_not_closed(tmp_path: Path) -> None:
    hall = hall_of(tmp_path, OCTOBER, as_of="2026-10-20 12:00:00")

    running = close(hall, "2026-10", as_of="2026-10-31 23:59:59")
    unsettled = close(hall, "2026-10", as_of="2026-11-01 00:00:00")
    hall.settle("2026-11-01 00:00:00")
    noted(hall, OCTOBER)
    due = close(hall, "2026-10", as_of="2026-11-01 00:00:00")
    hall.settle("2026-11-01 00:00:00")

    assert [r.status for r in (running, unsettled, due)] == [3, 3, 3]
    assert ["punchsync settle" in r.err for r in (running, unsettled, due)] == [False, True, True]
    assert close(hall, "2026-10", as_of="2026-11-01 00:00:00").status == 0


def test_a_month_whose_working_days_nobody_published_is_not_closed(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    assert hall.bring("staff", staff(**{"from": "2039-01-03", "to": "2039-01-03"})).status == 0
    hall.settle("2039-02-01 12:00:00")

    refused = hall.run("period", "close", "2039-01", "--as-of", "2039-02-01 12:00:00", "--json")
    hall.bring("calendar", {"date": "2039-01-01", "kind": "off", "note": "元旦"})
    hall.settle("2039-02-01 12:00:00")
    after = hall.run("period", "close", "2039-01", "--as-of", "2039-02-01 12:00:00", "--json")

    assert (refused.status, [o["code"] for o in json.loads(refused.out)["obstacles"]]) == (3, ["unpublished"])
    assert "2039-01" in refused.err
    assert [o["code"] for o in json.loads(after.out)["obstacles"]] == ["unknown"]


def test_a_reason_closes_a_month_anyway_and_what_was_passed_over_is_said(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(from_=OCTOBER, to=OCTOBER))
    hall.settle(OVER)

    statuses = [close(hall, "2026-10", *args).status for args in ((), ("--anyway",), ("--anyway", "--reason", " "))]
    done = close(hall, "2026-10", "--anyway", "--reason", "考勤机报废", "--by", "张主任")

    assert statuses == [3, 2, 2]
    assert (done.status, "甲（P1）" in done.out, "已关账：2026-10" in done.out) == (0, True, True)
    last = json.loads(hall.done("period", "list", "--json"))["months"][0]["last"]
    assert (last["action"], last["by"], last["reason"]) == ("close", "张主任", "考勤机报废")


def test_an_as_of_before_the_last_settle_is_wrong_usage_and_without_one_it_is_the_last_settle(hall: Hall) -> None:
    early = close(hall, "2026-10", as_of="2026-11-30 12:00:00")

    assert (early.status, OVER in early.err) == (2, True)
    assert hall.run("period", "close", "2026-10").status == 0


@pytest.mark.parametrize(
    "args",
    [
        ("close",), ("close", "2026-13"), ("close", "2026-Q5"), ("close", "10"), ("close", "2026-10-12"), ("reopen",),
        ("reopen", "2026-10"), ("reopen", "2026-10", "--by", "张主任"), ("reopen", "2026-10", "--reason", "复核"),
        ("reopen", "2026-10", "--by", "", "--reason", "复核"), ("shut", "2026-10"),
    ],
)  # fmt: skip
def test_wrong_usage_is_said_and_changes_nothing(hall: Hall, args: tuple[str, ...]) -> None:
    ran = hall.run("period", *args)

    assert (ran.status, ran.out, bool(ran.err), "Traceback" in ran.err) == (2, "", True, False)


# what closing does


def test_outcomes_and_ranks_of_a_closed_month_stay_as_issued_while_scores_are_corrected(hall: Hall) -> None:
    close(hall, "2026-10")
    issued, awards, points = ranks(hall, "2026-10"), export(hall.path, "outcomes"), hall.points()
    noted(hall, OCTOBER, "I2", "I3")
    hall.settle("2026-12-02 12:00:00")
    kept, corrected = ranks(hall, "2026-10"), hall.points()
    kept_awards = export(hall.path, "outcomes")
    reopened = hall.run("period", "reopen", "2026-10", *BY)
    hall.settle("2026-12-02 12:00:00")

    assert issued == {"公安": "1", "税务": "2"}
    assert (kept, kept_awards) == (issued, awards)
    assert corrected != points
    assert hall.run("verify").status == 0
    assert (reopened.status, ranks(hall, "2026-10")) == (0, {"公安": "2", "税务": "1"})


def test_a_correction_of_a_closed_month_is_booked_on_the_day_it_is_found(hall: Hall) -> None:
    close(hall, "2026-10")
    noted(hall, OCTOBER)
    hall.settle("2026-12-02 12:00:00")

    booked = {(r[0], r[11]) for r in export(hall.path, "ledger") if r[4:6] == ("person", "P1")}

    assert booked == {("2026-12-02", OCTOBER)}
    told = hall.done("bulletin", "daily", "--date", "2026-12-02", "--out", str(hall.path / "out"))
    assert "## 更正" in next((hall.path / "out").glob("*.md")).read_text(encoding="utf-8"), told


def test_a_correction_booked_after_the_days_bulletin_stands_on_the_next_one_whatever_day_that_is(hall: Hall) -> None:
    close(hall, "2026-10")

    def told(day: str) -> bool:
        hall.settle(f"{day} 12:00:00")
        hall.done("bulletin", "daily", "--date", day, "--out", str(hall.path / "out"))
        return "## 更正" in (hall.path / "out" / f"daily-{day}.md").read_text(encoding="utf-8")

    before = told("2026-12-02")
    noted(hall, OCTOBER)
    hall.settle("2026-12-02 18:00:00")

    assert (before, told("2026-12-07"), told("2026-12-08")) == (False, True, False)


def test_while_its_own_month_is_closed_an_entry_is_booked_on_the_first_open_day(tmp_path: Path) -> None:
    hall = hall_of(tmp_path, OCTOBER, as_of="2026-10-30 12:00:00")
    close(hall, "2026-10", "--anyway", "--reason", "提前关账", as_of="2026-10-30 12:00:00")
    noted(hall, OCTOBER)

    dry = json.loads(hall.settle("2026-10-31 12:00:00", "--dry-run", "--json").out)["posts"]
    hall.settle("2026-10-31 12:00:00")

    booked = {(r[0], r[11]) for r in export(hall.path, "ledger") if r[4:6] == ("person", "P1")}
    assert booked == {("2026-11-01", OCTOBER)}
    assert {e["booked_on"] for e in dry} == {"2026-11-01"}


def test_a_month_that_is_open_is_not_opened_again(hall: Hall) -> None:
    ran = hall.run("period", "reopen", "2026-10", *BY)

    assert (ran.status, "没有写入" in ran.out, ran.err) == (0, True, "")
    assert json.loads(hall.done("period", "list", "--json"))["months"][0]["last"] is None
