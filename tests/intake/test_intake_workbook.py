"""Workbooks as Chinese offices make them with Excel and WPS: what is shown is what is read, or it is said why not."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from punchsync.intake.parse import Parsed, parse

from .files import CONTEXT

HEAD = ["日期", "类别", "备注"]


def saved(book: Workbook) -> bytes:
    """The file of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def numbered(data: bytes, old: int, new: int) -> bytes:
    """The same file with a format's number changed, as Chinese programs number formats that they don't describe."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as copy:
        for item in source.namelist():
            part = source.read(item)
            if item == "xl/styles.xml":
                part = re.sub(rb'numFmtId="%d"' % old, b'numFmtId="%d"' % new, part)
            copy.writestr(item, part)
    return out.getvalue()


def days(parsed: Parsed) -> list[str]:
    return [body["date"] for _key, body in parsed.rows]


@pytest.mark.parametrize("number", [27, 31, 36, 50, 57, 58])
def test_a_date_in_a_format_of_chinese_programs_is_a_date(number: int) -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append([datetime(2026, 10, 12), "上班", ""])
    book.active["A2"].number_format = "mm-dd-yy"

    parsed = parse("calendar", numbered(saved(book), 14, number), "f.xlsx", CONTEXT)

    assert (days(parsed), parsed.problems) == (["2026-10-12"], [])


@pytest.mark.parametrize("number", [32, 55])
def test_a_time_of_day_in_a_format_of_chinese_programs_is_one(number: int) -> None:
    book = Workbook()
    book.active.append(["leave_id", "person_id", "kind", "start", "end", "daily_from", "daily_to", "registered_at"])
    book.active.append(["L1", "001", "哺乳假", datetime(2026, 10, 12), datetime(2026, 10, 13), time(8, 30),
                        time(9, 30), datetime(2026, 10, 11, 16, 0, 0, 400_000)])  # fmt: skip
    for cell in book.active[2][3:5]:
        cell.number_format = "mm-dd-yy"
    for cell in book.active[2][5:7]:
        cell.number_format = "h:mm"

    parsed = parse("leave", numbered(saved(book), 20, number), "f.xlsx", CONTEXT)

    assert parsed.problems == []
    [(_key, body)] = parsed.rows
    assert (body["daily_from"], body["daily_to"]) == ("08:30:00", "09:30:00")
    assert (body["start"], body["registered_at"]) == ("2026-10-12 00:00:00", "2026-10-11 16:00:00")


def test_a_date_of_the_system_s_own_format_has_no_time() -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append([datetime(2026, 10, 12), "上班", ""])
    book.active["A2"].number_format = "[$-x-sysdate]dddd, mmmm dd, yyyy"

    assert days(parse("calendar", saved(book), "f.xlsx", CONTEXT)) == ["2026-10-12"]


def test_ids_that_are_numbers_are_read_as_they_are_shown() -> None:
    book = Workbook()
    book.active.append(["考勤机", "考勤号", "工号", "起", "止"])
    for user, format_ in ((1000.0, "General"), (12, "0000"), ("007", "@")):
        book.active.append(["T1", user, "001", date(2026, 1, 1), None])
        book.active.cell(book.active.max_row, 2).number_format = format_

    parsed = parse("device", saved(book), "f.xlsx", CONTEXT)

    assert parsed.problems == []
    assert [body["device_user_id"] for _key, body in parsed.rows] == ["1000", "0012", "007"]


def test_a_number_that_was_worked_out_has_no_more_digits_than_are_kept() -> None:
    book = Workbook()
    book.active.append(["周期", "对象类别", "对象", "评分项目", "分值", "备注"])
    book.active.append(["2026-10", "窗口", "公安", "panel", 0.1 + 0.2, ""])

    assert [body["points"] for _key, body in parse("scores", saved(book), "f.xlsx", CONTEXT).rows] == ["0.3"]


def test_empty_rows_and_columns_behind_the_table_do_not_matter() -> None:
    book = Workbook()
    book.active.append(["日期　", " 类别", "备注", None, None])
    book.active.append(["2026-10-12", "上班", "　", None, ""])
    for row in range(3, 40):
        book.active.cell(row, 9).number_format = "0.00"

    parsed = parse("calendar", saved(book), "f.xlsx", CONTEXT)

    assert (days(parsed), parsed.problems) == (["2026-10-12"], [])


def test_a_hidden_sheet_and_an_empty_one_are_passed_over() -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(["2026-10-01", "休息", "旧"])
    book.active.sheet_state = "hidden"
    book.create_sheet("空的")
    shown = book.create_sheet("日历")
    shown.append(HEAD)
    shown.append(["2026-10-12", "上班", ""])
    book.create_sheet("说明").append(["填写说明"])

    parsed = parse("calendar", saved(book), "f.xlsx", CONTEXT)

    assert (days(parsed), parsed.problems) == (["2026-10-12"], [])


def test_a_second_sheet_of_the_same_table_is_a_problem_and_not_left_out() -> None:
    book = Workbook()
    for sheet, day in ((book.active, "2026-10-12"), (book.create_sheet("11月"), "2026-11-12")):
        sheet.append(HEAD)
        sheet.append([day, "上班", ""])

    parsed = parse("calendar", saved(book), "f.xlsx", CONTEXT)

    assert [p.found for p in parsed.problems] == ["工作表「11月」也有同样的表头和内容"]


def test_a_title_above_the_header_is_named() -> None:
    book = Workbook()
    book.active.append(["2026年日历"])
    book.active.merge_cells("A1:C1")
    book.active.append(HEAD)
    book.active.append(["2026-10-12", "上班", ""])

    parsed = parse("calendar", saved(book), "f.xlsx", CONTEXT)

    assert [(p.row, p.found, p.remedy) for p in parsed.problems] == [
        (1, "写的是「2026年日历」，表头在第 2 行", "删去表头上面的标题行")
    ]


def cached(value: str, type_: str = "") -> bytes:
    """A file whose note is a formula, with the value that a spreadsheet kept of it."""
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(["2026-10-12", "上班", '=A1&"x"'])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as source, zipfile.ZipFile(out, "w") as copy:
        for item in source.namelist():
            part = source.read(item).decode()
            if item.endswith("sheet1.xml"):
                part = re.sub(r'<c r="C2"[^>]*>(<f>.*?</f>)<v */>|<c r="C2"[^>]*>(<f>.*?</f>)<v></v>',
                              lambda m: f'<c r="C2"{type_}>{m[1] or m[2]}{value}', part)  # fmt: skip
            copy.writestr(item, part)
    return out.getvalue()


@pytest.mark.parametrize(("value", "note"), [("<v>调休</v>", "调休"), ("<v></v>", "")])
def test_a_formula_is_what_the_spreadsheet_made_of_it(value: str, note: str) -> None:
    parsed = parse("calendar", cached(value, ' t="str"'), "f.xlsx", CONTEXT)

    assert parsed.problems == []
    assert [body["note"] for _key, body in parsed.rows] == [note]


def test_a_formula_that_was_never_worked_out_is_not_taken_for_an_empty_cell() -> None:
    parsed = parse("calendar", cached("<v></v>"), "f.xlsx", CONTEXT)

    assert [(p.row, p.column, p.found) for p in parsed.problems] == [(2, "C", "公式没有算出的结果")]
    assert parsed.rows == []


def test_a_file_with_a_password_is_told_from_an_old_one() -> None:
    old = b"\xd0\xcf\x11\xe0" + bytes(500)

    told = [parse("calendar", old + tail, "f.xlsx", CONTEXT).problems[0].found
            for tail in (b"", "EncryptedPackage".encode("utf-16-le"))]  # fmt: skip

    assert told == ["是旧的 XLS 文件", "有打开密码，读不出来"]


def test_a_date_in_full_width_digits_is_shown_as_it_should_be() -> None:
    parsed = parse("calendar", "date,kind,note\n２０２６－１０－１２,work,\n".encode(), "f.csv", CONTEXT)

    assert [p.remedy for p in parsed.problems] == ["数字和冒号用半角，写成 2026-10-12"]
