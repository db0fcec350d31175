"""Records for the file by the command: what the files say, what is refused, letters numbered once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from e2e.commandline import Ran
from e2e.site import LATER, TOML, Hall, leave, one_day, staff

OVER = "2026-12-01 12:00:00"
FOURSIGN = TOML.replace("yihuang", "foursign")
DAYS = ("2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12")


def document(hall: Hall, *args: str, as_of: str = OVER) -> Ran:
    return hall.run("document", *args, "--as-of", as_of, "--format", "md")


def text(hall: Hall, name: str) -> str:
    return (hall.path / "documents" / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture
def late_four_times(tmp_path: Path) -> Hall:
    """One person, late on four days of November under rules that send back to the unit for it."""
    hall = Hall(tmp_path / "site", FOURSIGN)
    assert hall.bring("staff", staff(to="2026-11-12")).status == 0
    punched = "".join(
        f"{1:>9}\t{day} {clock}\t1\t0\t0\t0\n"
        for day in DAYS
        for clock in ("10:05:00", "13:31:00", "15:55:00", "19:55:00")
    )
    path = hall.write("1_attlog.dat", punched)
    assert hall.run("import", "punches", str(path), "--terminal", "T1", "--through", OVER).status == 0
    assert hall.settle(OVER).status == 0
    return hall


def outcome(hall: Hall) -> str:
    """The id of the only outcome."""
    [row] = json.loads(hall.done("outcome", "list", "--json"))["outcomes"]
    return str(row["id"])


def test_the_grid_of_a_month_is_written_where_nobody_says_otherwise(late_four_times: Hall) -> None:
    ran = document(late_four_times, "attendance", "--month", "2026-11")
    assert (ran.status, ran.err) == (0, "")
    [row] = [line for line in text(late_four_times, "attendance-2026-11").splitlines() if line.startswith("| 甲")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[9:13] == ["△ √"] * 4
    assert cells[31:] == ["8", "8", "0", "4", "0", "0", "0", "0"]


def test_a_window_s_grid_has_its_name_and_one_that_nobody_was_posted_to_is_refused(late_four_times: Hall) -> None:
    assert document(late_four_times, "attendance", "--month", "2026-11", "--window", "公安").status == 0
    assert "## 公安（公安局）" in text(late_four_times, "attendance-2026-11-公安")
    refused = document(late_four_times, "attendance", "--month", "2026-11", "--window", "税务")
    assert (refused.status, refused.out, "税务" in refused.err) == (2, "", True)


def test_a_month_that_was_never_settled_and_what_is_no_month_are_refused(late_four_times: Hall) -> None:
    never = document(late_four_times, "month", "--month", "2026-03")
    assert (never.status, "2026-03" in never.err) == (4, True)
    wrong = document(late_four_times, "month", "--month", "2026-Q4")
    assert (wrong.status, "2026-Q4" in wrong.err) == (2, True)
    form = late_four_times.run("document", "month", "--month", "2026-11", "--format", "odt")
    assert (form.status, "odt" in form.err, "docx" in form.err) == (2, True, True)


def test_the_sheet_names_who_is_not_known_and_counts_working_days_from_tomorrow(tmp_path: Path) -> None:
    hall = one_day(tmp_path / "site", "08:25:00", "12:01:00", through="2026-11-09 13:00:00")
    said = json.loads(document(hall, "sign-off", "--month", "2026-11", "--json", as_of=LATER).out)
    assert said == {
        "files": {"md": str(hall.path / "documents" / "sign-off-2026-11.md")}, "failed": {}, "number": None,
        "provisional": True,
    }  # fmt: skip
    found = text(hall, "sign-off-2026-11")
    assert "公示期：2026-11-11 至 2026-11-17（5 个工作日）。" in found
    assert "| 公安 | 甲 | P1 | 1 |" in found
    assert "| 公安 | 甲 | P1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |  |  |" in found


def test_a_slip_says_the_kind_who_signed_and_what_it_lacks(tmp_path: Path) -> None:
    rows = {"leave": [leave("14:30", "17:30", kind="personal", approvals="window_lead")]}
    hall = one_day(tmp_path / "site", "08:25:00", "12:01:00", **rows)
    assert document(hall, "slip", "L1", as_of=LATER).status == 0
    found = text(hall, "slip-L1")
    assert "| 甲 | P1 | 公安 | 公安局 | 窗口工作人员 |" in found
    assert "| 事假 | 2026-11-09 14:30 至 17:30 | 1 个半天 | 2026-11-01 08:00 | 无 |  |" in found
    assert "| 窗口负责人 |  |  | 已签，没有登记是谁 |  |" in found
    assert "| 督查 |  |  |  |  |" in found
    assert "截至 2026-11-10 12:00：请假还没有生效，缺：督查。" in found
    unknown = document(hall, "slip", "L9", as_of=LATER)
    assert (unknown.status, "L9" in unknown.err) == (3, True)


def test_no_letter_before_somebody_confirmed(late_four_times: Hall) -> None:
    id = outcome(late_four_times)
    refused = document(late_four_times, "letter", id)
    assert (refused.status, refused.out, id in refused.err) == (2, "", True)
    assert not (late_four_times.path / "documents").exists()
    assert document(late_four_times, "letter", "o000000000000").status == 3


def test_a_letter_is_numbered_once_and_says_what_it_counts(late_four_times: Hall) -> None:
    id = outcome(late_four_times)
    late_four_times.done("outcome", "confirm", id, "--by", "张主任")
    first = json.loads(document(late_four_times, "letter", id, "--json").out)
    name = f"letter-2026-{id}"
    written = text(late_four_times, name)
    again = json.loads(document(late_four_times, "letter", id, "--json", as_of="2026-12-03 09:00:00").out)
    assert (first["number"], again["number"], text(late_four_times, name)) == (1, 1, written)
    assert "# 关于派驻人员考勤情况的函" in written
    assert "退回派出单位" in written
    assert "与此有关的违规共 4 项：" in written
    assert [line[2:12] for line in written.splitlines() if line.startswith("| 2026-")] == list(DAYS)
    assert "请你单位按有关规定处理，并将处理情况反馈本中心。" in written


def test_a_letter_that_says_something_else_gets_the_next_number(late_four_times: Hall) -> None:
    id = outcome(late_four_times)
    late_four_times.done("outcome", "confirm", id, "--by", "张主任")
    assert document(late_four_times, "letter", id).status == 0
    late_four_times.done("outcome", "reconsider", id, "--by", "张主任")
    assert document(late_four_times, "letter", id).status == 2
    row = {"incident_id": "I1", "person_id": "P1", "window": "", "kind": "early", "at": "2026-11-10 18:30:00",
           "noted_by": "督查员", "place": "", "evidence": "", "warned": "no"}  # fmt: skip
    assert late_four_times.bring("incident", row).status == 0
    assert late_four_times.settle(OVER).status == 0
    late_four_times.done("outcome", "confirm", id, "--by", "张主任")
    assert json.loads(document(late_four_times, "letter", id, "--json").out)["number"] == 2
    assert "第 2 号，代替第 1 号" in text(late_four_times, f"letter-2026-{id}")
    assert late_four_times.run("verify").status == 0


def test_the_director_s_month_stands_beside_the_last_one(late_four_times: Hall) -> None:
    assert document(late_four_times, "month", "--month", "2026-11").status == 0
    found = text(late_four_times, "month-2026-11")
    assert "| 人数 | 1 | — | — |" in found
    assert "最多的一天是 9 日：迟到 1 次，旷工 0 个半天。" in found


def test_every_paper_leaves_a_line_in_the_access_log_without_a_name(late_four_times: Hall) -> None:
    assert document(late_four_times, "attendance", "--month", "2026-11").status == 0
    logged = "".join(p.read_text(encoding="utf-8") for p in (late_four_times.path / "access").iterdir())
    assert '"document attendance"' in logged
    assert "甲" not in logged


def test_a_grid_as_pdf_and_workbook_is_made_where_no_form_is_named(late_four_times: Hall) -> None:
    ran = late_four_times.run("document", "attendance", "--month", "2026-11", "--as-of", OVER, "--json")
    files = {form: Path(file).read_bytes()[:4] for form, file in json.loads(ran.out)["files"].items()}
    assert (ran.status, files) == (0, {"xlsx": b"PK\x03\x04", "pdf": b"%PDF"})
