"""The worked examples of the halls' rules, from import to export."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from .commandline import export
from .site import MONDAY, Hall, attlog, incident, leave, one_day, staff

NORMAL = ["normal"] * 4


def test_example_1_599_seconds_are_normal(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:39:59", "12:01:00", "14:30:00", "17:20:01")

    assert (hall.verdicts(), hall.violations(), hall.points()) == (NORMAL, [], {})
    assert [r[8] for r in export(tmp_path, "verdicts")] == ["599", "0", "0", "599"]


def test_example_2_600_seconds_are_late_and_early(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:40:00", "12:01:00", "14:20:00", "17:20:00")

    assert hall.verdicts() == ["late", "normal", "normal", "early"]
    assert hall.violations() == [("1", "late", "punch"), ("2", "early", "punch")]
    assert hall.points() == {"P1 勤": "-1", "公安 文明服务": "-1"}
    assert [r for r in export(tmp_path, "verdicts") if r[7] != "normal"] == [
        (MONDAY, "P1", "1", "in", f"{MONDAY} 08:30:00", f"{MONDAY} 08:40:00", "T1", "late", "600"),
        (MONDAY, "P1", "2", "out", f"{MONDAY} 17:30:00", f"{MONDAY} 17:20:00", "T1", "early", "600"),
    ]


def test_example_3_a_missing_out_makes_the_morning_absent(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:25:00", "13:55:00", "17:31:00")

    assert hall.verdicts() == ["normal", "missing", "normal", "normal"]
    assert hall.violations() == [("1", "absent_half_day", "punch")]
    assert hall.points() == {"P1 勤": "-2.5", "公安 文明服务": "-2.5"}


def test_example_7_ten_lates_yield_a_half_day_that_is_not_charged(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    days = [date(2026, 10, 12) + timedelta(days=n) for n in range(12)]
    worked = [str(d) for d in days if d.weekday() < 5]
    hall.bring("staff", staff(from_=worked[0], to=worked[-1]))
    punched = [f"{d} {clock}:00" for d in worked for clock in ("08:45", "12:01", "14:20", "17:31")]
    path = hall.write("1_attlog.dat", attlog(*punched, f"{worked[0]} 18:00:00"))
    hall.done("import", "punches", str(path), "--terminal", "T1", "--through", "2026-11-01 00:00:00")
    hall.settle("2026-11-01 00:00:00")

    late, derived = ("1", "late", "punch"), ("1", "absent_half_day", "conversion")
    assert hall.violations() == [*[late] * 9, derived, late]
    assert hall.points() == {"P1 勤": "-5", "公安 文明服务": "-5"}


def test_example_8_after_a_valid_leave_the_in_is_due_at_its_end(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "10:09:00", "12:00:00", "14:30:00", "17:30:00", leave=[leave("08:30", "10:00")])

    assert (hall.verdicts(), hall.violations()) == (NORMAL, [])
    assert export(tmp_path, "verdicts")[0][4] == f"{MONDAY} 10:00:00"


def test_example_9_what_is_not_read_is_not_charged(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:25:00", through=f"{MONDAY} 11:00:00", as_of=f"{MONDAY} 13:00:00")

    assert hall.verdicts() == ["normal", "pending", "pending", "pending"]
    assert (hall.violations(), hall.points()) == ([], {})


def test_example_10_a_later_file_reverses_the_absences_once(tmp_path: Path) -> None:
    hall = one_day(tmp_path)
    first = export(tmp_path, "ledger")
    assert sorted((r[3], r[4], r[8]) for r in first) == [("1", "person", "-2.5")] * 2 + [("1", "window", "-2.5")] * 2

    path = hall.write("2_attlog.dat", attlog("08:25:00", "12:01:00", "14:25:00", "17:31:00"))
    bring = ["import", "punches", str(path), "--terminal", "T1", "--through", "2026-11-12 12:00:00"]
    hall.done(*bring)
    hall.settle("2026-11-12 12:00:00")
    second = [r for r in export(tmp_path, "ledger") if r not in first]
    hall.done(*bring)
    hall.settle("2026-11-12 12:00:00")

    assert sorted((r[0], r[3], r[8], r[12]) for r in second) == sorted(
        ("2026-11-12", "2", "2.5", original[1]) for original in first
    )
    assert len(export(tmp_path, "ledger")) == 8
    assert (hall.verdicts(), hall.points(), hall.run("verify").status) == (NORMAL, {}, 0)


def test_example_11_findings_yield_an_early_then_a_half_day(tmp_path: Path) -> None:
    good = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")
    one = one_day(tmp_path / "1", *good, incident=[incident("I1", f"{MONDAY} 10:00")])
    two = one_day(
        tmp_path / "2", *good, incident=[incident("I1", f"{MONDAY} 10:00"), incident("I2", f"{MONDAY} 15:00")]
    )

    assert one.violations() == [("1", "early", "conversion"), ("1", "wandering", "incident")]
    assert one.points() == {"P1 勤": "-2", "公安 文明服务": "-2"}
    assert two.violations() == [
        ("1", "early", "conversion"), ("1", "wandering", "incident"), ("2", "absent_half_day", "conversion"),
        ("2", "wandering", "incident"),
    ]  # fmt: skip
    assert two.points() == {"P1 勤": "-4.5", "公安 文明服务": "-4.5"}


def test_example_12_a_late_in_the_dark_is_unverified_until_upheld(tmp_path: Path) -> None:
    dark = {"terminal_id": "T1", "start": f"{MONDAY} 08:20", "end": f"{MONDAY} 08:35", "kind": "no_punch"}
    hall = one_day(tmp_path, "08:50:00", "12:01:00", "14:25:00", "17:31:00", outage=[dark])
    assert (hall.verdicts(), hall.points()) == (["unverified", *NORMAL[1:]], {})

    upheld = {"ruling_id": "D1", "person_id": "P1", "window": "", "date": MONDAY, "session": "1", "kind": "",
              "effect": "uphold", "as_kind": "", "document": "某号", "decided_by": "某",
              "decided_at": f"{MONDAY} 20:00"}  # fmt: skip
    assert hall.bring("ruling", upheld).status == 0
    hall.settle()

    assert (hall.verdicts(), hall.points()) == (["late", *NORMAL[1:]], {"P1 勤": "-0.5", "公安 文明服务": "-0.5"})


def test_example_13_a_leave_not_taken_up_accuses_nobody(tmp_path: Path) -> None:
    good = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")

    evening = one_day(tmp_path / "1", *good, leave=[leave("16:00", "17:30")])
    morning = one_day(tmp_path / "2", *good, leave=[leave("08:30", "10:00")])

    assert [hall.verdicts() for hall in (evening, morning)] == [NORMAL, NORMAL]
