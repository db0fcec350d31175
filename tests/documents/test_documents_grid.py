"""The attendance grid of one person's days: every mark, and the sums beside them."""

from __future__ import annotations

from core.build import (
    CALENDAR,
    YIHUANG,
    at,
    day,
    file,
    hall,
    incident,
    leave,
    month,
    outage,
    outing,
    posting,
    ruling,
)
from punchsync.core.attendance_grid import Judged, Line, Sums, by_day, by_person, lines
from punchsync.core.excuse import Excuses
from punchsync.core.moment import day_of
from punchsync.core.month_brief import Place, ends
from punchsync.core.month_sheet import Month
from punchsync.core.period import days_of_month
from punchsync.core.records import Case, Posting
from punchsync.core.timetable import Timetables
from punchsync.core.violations import Rulings
from punchsync.core.working_days import Term, after
from punchsync.publish.document import Table
from punchsync.publish.documents import grid

LATER = "2026-11-10 12:00"
MONDAY = 8
"""The place of Monday, the 9th, among the days of the month."""
WELL = "08:25 12:01 14:25 17:31"


def drawn(case: Case, as_of: str = LATER) -> list[Line]:
    """The lines of November."""
    result = month(case, as_of)
    timetables = Timetables(case, YIHUANG)
    judged = Judged(
        YIHUANG, timetables, Excuses(case, YIHUANG, timetables), Rulings(case.rulings), day_of(at(as_of)),
        by_day(result.verdicts), by_person(result.violations),
    )  # fmt: skip
    return lines(judged, case.postings, days_of_month("2026-11"))


def monday(case: Case, as_of: str = LATER) -> tuple[str, Sums]:
    """Monday's cell, and the sums of the month."""
    [line] = drawn(case, as_of)
    return grid.mark(line.cells[MONDAY]), line.sums


def test_a_day_in_order_is_one_mark_and_days_before_the_posting_are_none() -> None:
    [line] = drawn(hall(WELL))
    assert [grid.mark(cell) for cell in line.cells] == ["—"] * 8 + ["√"] + ["—"] * 21
    assert line.sums == Sums(2, 2, 0, 0, 0, 0, 0, 0)


def test_days_still_to_come_are_empty() -> None:
    [line] = drawn(hall(WELL, postings=[posting(last="2026-11-30")]))
    assert [grid.mark(cell) if cell else "" for cell in line.cells[9:12]] == ["？", "", ""]


def test_half_days_that_differ_stand_one_above_the_other() -> None:
    assert monday(hall("08:47 12:01 14:25 17:31")) == ("△\n√", Sums(2, 2, 0, 1, 0, 0, 0, 0))
    assert monday(hall("08:25 12:01 14:25 17:00")) == ("√\n△", Sums(2, 2, 0, 0, 1, 0, 0, 0))
    assert monday(hall("14:25 17:31")) == ("×\n√", Sums(2, 1, 0, 0, 0, 0, 1, 0))
    assert monday(hall("")) == ("×", Sums(2, 0, 0, 0, 0, 0, 2, 0))


def test_leave_and_outings_are_told_apart_and_a_part_of_a_half_day_is_said_to_be_one() -> None:
    morning = leave("2026-11-09 am", "2026-11-09 am", approvals="window_lead inspection unit_leader centre_leader")
    assert monday(hall("14:25 17:31", leaves=[morning])) == ("○\n√", Sums(1, 1, 1, 0, 0, 0, 0, 0))
    part = leave("08:30", "10:00", approvals="window_lead inspection unit_leader centre_leader")
    assert monday(hall("09:58 12:01 14:25 17:31", leaves=[part])) == ("◎\n√", Sums(2, 2, 1, 0, 0, 0, 0, 0))
    out = outing("14:30", "17:30")
    assert monday(hall("08:25 12:01", outings=[out])) == ("√\n⊙", Sums(1, 1, 0, 0, 0, 0, 0, 0))


def test_a_finding_shows_as_off_post() -> None:
    found = [incident("off_post", "09:30")]
    assert monday(hall(WELL, incidents=found)) == ("◇\n√", Sums(2, 2, 0, 0, 1, 1, 0, 0))


def test_what_was_not_read_is_unknown_and_no_absence() -> None:
    assert monday(hall("", through="09:00"), "2026-11-10 12:00") == ("？", Sums(2, 0, 0, 0, 0, 0, 0, 2))


def test_what_is_in_doubt_is_unknown_until_somebody_rules_on_it() -> None:
    dark = {"outages": [outage("08:20", "12:30")]}
    assert monday(hall("14:25 17:31", **dark)) == ("？\n√", Sums(2, 1, 0, 0, 0, 0, 0, 1))
    excused = hall("14:25 17:31", rulings=[ruling("excuse")], **dark)
    assert monday(excused) == ("√", Sums(2, 2, 0, 0, 0, 0, 0, 0))
    upheld = hall("14:25 17:31", rulings=[ruling("uphold")], **dark)
    assert monday(upheld) == ("×\n√", Sums(2, 1, 0, 0, 0, 0, 1, 0))


def test_an_excused_violation_leaves_no_mark() -> None:
    assert monday(hall("14:25 17:31", rulings=[ruling("excuse")])) == ("√", Sums(2, 2, 0, 0, 0, 0, 0, 0))


def test_who_changes_windows_has_a_line_at_each_with_the_days_there() -> None:
    moved = [posting(), posting(first="2026-11-10", last="2026-11-10", window="税务", unit="税务局")]
    rows = drawn(hall(WELL, postings=moved), "2026-11-10 08:00")
    assert [(x.window, grid.mark(x.cells[MONDAY]), grid.mark(x.cells[MONDAY + 1])) for x in rows] == [
        ("公安", "√", "—"), ("税务", "—", "？"),
    ]  # fmt: skip


def test_the_document_has_a_section_a_window_and_the_weekday_below_the_day() -> None:
    case = hall(WELL, postings=[posting(), twin()])
    found = grid.document(Month("某大厅", "2026-11", at("2026-11-30 23:59:59"), False, True, drawn(case)))
    assert (found.title, found.layout, found.kind) == ("2026年11月考勤表", "grid", "attendance")
    [section] = found.sections
    [table] = section.parts
    assert isinstance(table, Table)
    assert section.title == "公安（公安局）"
    assert [c.head for c in table.columns][:3] == ["姓名", "1\n日", "2\n一"]
    assert [c.head for c in table.columns][31:] == ["应到", "出勤", "请假", "迟到", "早退", "脱岗", "旷工", "未知"]
    assert [row[0] for row in table.rows] == ["P1某 P1", "P1某 P2"]
    assert not any("年休" in line for line in found.under)


def twin() -> Posting:
    """Another of the same name at the same window."""
    there = posting("P2", device="2")
    return Posting(there.person, "P1某", *[getattr(there, f) for f in Posting.__dataclass_fields__][2:])


def test_a_term_of_working_days_leaves_weekends_out_and_never_guesses_a_calendar() -> None:
    assert after(CALENDAR, day("2026-11-12"), 3) == Term(3, day("2026-11-13"), day("2026-11-17"))
    assert after(CALENDAR, day("2026-12-30"), 3) == Term(3, day("2026-12-31"), None)
    assert after(CALENDAR, day("2026-12-31"), 3) == Term(3, None, None)


def test_of_few_windows_none_is_among_the_best_and_the_worst() -> None:
    rows = [Place(name, None, n, 0) for n, name in enumerate("甲乙丙")]
    assert [[p.window for p in side] for side in ends(rows)] == [["甲", "乙"], ["丙"]]
    many = [Place(f"{n:02d}", None, n, 0) for n in range(20)]
    assert [p.window for p in ends(many)[1]] == ["19", "18", "17", "16", "15"]


def test_reads_that_say_nothing_of_the_day_leave_it_unknown() -> None:
    unread = hall("", reads=[file(1, first="2026-11-01 08:00", last="2026-11-01 08:00", through="2026-11-01 09:00")])
    assert monday(unread)[0] == "？"
