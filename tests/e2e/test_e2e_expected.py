"""What the rules expect beside points: rosters, stand-ins; and that only confirmed outcomes are published by name."""

from __future__ import annotations

from pathlib import Path

from .site import LATER, MONDAY, TOML, Hall, leave, one_day, staff

BUREAU = TOML.replace('"yihuang"', '"bureau"')


def daily(hall: Hall, day: str = MONDAY) -> str:
    """A day's bulletin."""
    hall.done("bulletin", "daily", "--date", day)
    return (hall.path / "bulletins" / f"daily-{day}.md").read_text(encoding="utf-8")


def test_a_working_day_without_a_roster_is_listed_and_charged_to_nobody(tmp_path: Path) -> None:
    hall = Hall(tmp_path, BUREAU)
    assert hall.bring("staff", staff(to="2026-12-31"), staff("P2", name="乙", to="2026-12-31")).status == 0
    row = {"roster_id": "R1", "entered_at": "2026-11-01 08:00", "person_id": "P2", "window": "", "from": MONDAY}
    assert hall.bring("roster", row | {"to": "2026-11-30", "shift": "08:30-12:00", "days": ""}).status == 0
    assert hall.settle(LATER).status == 0

    text = daily(hall)
    middle, end = (hall.run("check", "--as-of", f"2026-11-{day} 12:00:00").out for day in ("10", "26"))

    assert ("| 公安 | 甲 | P1 |" in text.partition("工作日没有排班")[2], hall.violations()) == (True, [])
    assert ("没有排班：P1" in middle, "2026-12" in middle) == (True, False)
    assert "2026-12 的排班应在月前排好，还有 2 人没有" in end


def test_a_hall_with_a_default_shift_asks_no_roster(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:25:00", "12:01:00", "14:25:00", "17:31:00")

    assert ("排班与顶岗" in daily(hall), "没有排班" in hall.run("check", "--as-of", LATER).out) == (False, False)


def test_leave_that_nobody_stands_in_for_is_shown_and_makes_no_row(tmp_path: Path) -> None:
    away = leave("08:30", "12:00")
    hall = one_day(tmp_path, "14:25:00", "17:31:00", leave=[away])
    assert hall.bring("staff", staff("P2", name="乙", from_="2026-11-10", to="2026-11-10")).status == 0
    alone = daily(hall)

    row = {"standin_id": "S1", "absent_person_id": "P1", "standin_person_id": "P2", "filed_at": f"{MONDAY} 08:00"}
    assert hall.bring("standin", row | {"start": f"{MONDAY} am", "end": f"{MONDAY} am"}).status == 0
    hall.settle()

    assert ("请假没有人顶岗" in alone, "L1" in alone, hall.violations()) == (True, True, [])
    assert "请假没有人顶岗" not in daily(hall)


def test_only_a_confirmed_outcome_is_published_by_name(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace('"yihuang"', '"foursign"'))
    assert hall.bring("staff", staff(from_="2026-11-02", to="2026-11-06")).status == 0
    assert hall.punch(through="2026-12-01 00:00:00").status == 0
    assert hall.settle("2026-11-30 12:00:00").status == 0
    subject = ("2026-11", "person", "P1", "returned_to_unit")

    proposed = daily(hall, "2026-11-06")
    hall.done("outcome", "confirm", *subject, "--by", "王主任")
    confirmed = daily(hall, "2026-11-06")
    hall.done("outcome", "drop", *subject, "--by", "王主任")

    told = [text.partition("## 后果与表彰")[2] for text in (proposed, confirmed, daily(hall, "2026-11-06"))]
    assert ["| 1 |" in text for text in told] == [True, False, False]
    assert ["| 甲 |" in text for text in told] == [False, True, False]
    assert told[2] == ""
