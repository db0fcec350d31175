"""Good files of every kind, in every encoding and both languages, give the same bodies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from punchsync.intake.kinds import KINDS
from punchsync.intake.parse import Parsed, parse
from punchsync.intake.words import APPROVALS, LEAVES

from .examples import CANONICAL, KEYS, WRITTEN
from .files import CONTEXT, DEMO, read, write

each_kind = pytest.mark.parametrize("kind", list(KINDS))


def whole(kind: str) -> Parsed:
    """What the example of a kind must give."""
    return Parsed([(KEYS[kind], CANONICAL[kind])], [], {KEYS[kind]: 2})


@each_kind
@pytest.mark.parametrize("chinese", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_is_read_from_either_language_in_every_encoding(kind: str, chinese: bool, encoding: str) -> None:
    data = write(kind, [WRITTEN[kind]], chinese=chinese).decode().encode(encoding)

    assert parse(kind, data, "f.csv", CONTEXT) == whole(kind)


@each_kind
def test_a_body_written_again_is_the_same_body(kind: str) -> None:
    assert read(kind, CANONICAL[kind]) == whole(kind)


@each_kind
def test_a_file_with_only_its_header_is_fine(kind: str) -> None:
    assert read(kind) == Parsed()


@each_kind
def test_the_demo_hall_has_a_good_file_of_every_kind(kind: str) -> None:
    parsed = parse(kind, (DEMO / f"{kind}.csv").read_bytes(), f"{kind}.csv", CONTEXT)

    assert parsed.problems == []
    assert parsed.rows
    assert parse(kind, (DEMO / f"{kind}.csv").read_bytes(), f"{kind}.csv", CONTEXT) == parsed


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_blank_lines_and_the_order_of_columns_do_not_matter(ending: str) -> None:
    lines = ["", "note,日期,KIND", "", ",,", '"a, ""b""",2026-10-24 ,上班', "", ""]

    parsed = parse("calendar", ending.join(lines).encode(), "c.csv", CONTEXT)

    body = {"date": "2026-10-24", "kind": "work", "note": 'a, "b"', "withdrawn": ""}
    assert parsed == Parsed([("2026-10-24", body)], [], {"2026-10-24": 5})


def test_a_row_that_stands_twice_counts_once() -> None:
    assert read("calendar", WRITTEN["calendar"], WRITTEN["calendar"]) == whole("calendar")


def test_columns_that_may_be_left_out_are_empty() -> None:
    row = {"leave_id": "L1", "person_id": "001", "kind": "sick", "start": "2026-10-12", "end": "2026-10-12",
           "registered_at": "2026-10-11 16:00"}  # fmt: skip

    body = read("leave", row).rows[0][1]

    assert body == row | {
        "start": "2026-10-12 00:00:00", "end": "2026-10-13 00:00:00", "registered_at": "2026-10-11 16:00:00",
        "daily_from": "", "daily_to": "", "certificate": "no", "approvals": "", "returned_at": "", "withdrawn": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("standin", "顶岗号,被顶岗人,顶岗人,开始时间,结束时间,备案时间,作废时间"),
        ("scores", "周期,对象类别,对象,评分项目,分值,备注,作废"),
    ],
)
def test_other_names_of_a_column_are_read_too(kind: str, head: str) -> None:
    data = f"{head}\n{','.join(WRITTEN[kind].values())}\n"

    assert parse(kind, data.encode(), "f.csv", CONTEXT) == whole(kind)


def test_numbers_of_a_workbook_are_points_and_years() -> None:
    head = [c.name for c in KINDS["scores"].columns if c.needed()]
    rows = [(2026, "window", "公安", "panel", 92.5), ("2026-10", "window", "公安", "panel", -3)]

    parsed = parse("scores", workbook(head, *rows), "f.xlsx", CONTEXT)

    assert [(body["period"], body["points"]) for _key, body in parsed.rows] == [("2026", "92.5"), ("2026-10", "-3")]


def test_people_of_a_staff_file_may_be_named_in_it() -> None:
    rows = [WRITTEN["staff"] | {"person_id": "X1", "backup_for": "X2"},
            WRITTEN["staff"] | {"person_id": "X2", "backup_for": ""}]  # fmt: skip

    assert read("staff", *rows).problems == []


def workbook(*rows: Sequence[object]) -> bytes:
    """An XLSX file whose first sheet holds these rows; the second one is not looked at."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("其他").append(["x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_says_the_same_as_text() -> None:
    head = [c.chinese[0] for c in KINDS["leave"].columns]
    row = ["L1", "001", "事假", "2026-10-12 上午", date(2026, 10, 13), time(8, 30), timedelta(days=1),
           datetime(2026, 10, 11, 16), True, "督查、窗口负责人",
           datetime(2026, 10, 13, 11, 0, 29, 999_999)]  # fmt: skip

    assert parse("leave", workbook(head, row), "f.xlsx", CONTEXT) == whole("leave")


def test_a_date_cell_is_no_moment_and_a_number_keeps_no_decimals() -> None:
    head = ["incident_id", "person_id", "window", "kind", "at"]

    parsed = parse("incident", workbook(head, [], [7, "001", None, "early", date(2026, 10, 13)]), "f.xlsx", CONTEXT)

    assert [(p.row, p.column, p.found) for p in parsed.problems] == [(3, "at", '写的是 "2026-10-13"')]


def test_cells_that_lost_their_value_are_problems() -> None:
    parsed = parse("calendar", workbook(["date", "kind", "note"], [10**16, "#N/A", "x"]), "f.xlsx", CONTEXT)

    assert [(p.row, p.column, p.found) for p in parsed.problems] == [
        (2, "A", '格子里是 "1e+16"'),
        (2, "B", '格子里是 "#N/A"'),
    ]


def test_a_broken_workbook_is_a_problem() -> None:
    good = workbook(["date", "kind"])

    for data in (good[:200], good[:-40], b"PK\x03\x04" + b"x" * 99):
        parsed = parse("calendar", data, "f.xlsx", CONTEXT)
        assert parsed.rows == []
        assert len(parsed.problems) == 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "date,kind\n", "日期,类别,备注\n", "PK\x03\x04"]))
def test_no_bytes_make_the_intake_raise(data: bytes, head: str) -> None:
    parsed = parse("calendar", head.encode() + data, "f.csv", CONTEXT)

    assert all(p.show() for p in parsed.problems)


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["2026-10-12", "2026-10-12 pm", "001", "T1", "yes", "off", "08:30-12:00", "24:00", "2026-13-01 00:00", "；"]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_cells_make_the_intake_raise_and_good_bodies_come_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KINDS)))
    changed = data.draw(st.dictionaries(st.sampled_from([c.name for c in KINDS[kind].columns]), CELL, max_size=3))

    parsed = read(kind, CANONICAL[kind] | changed)

    assert read(kind, *[body for _key, body in parsed.rows]).rows == parsed.rows


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
BOUNDS = st.builds(lambda d, t: f"{d} {t}", DAYS, st.sampled_from(["am", "pm", "08:30:00", "00:00:00"]))


@settings(max_examples=100, deadline=None)
@given(
    BOUNDS,
    BOUNDS,
    st.sampled_from(list(LEAVES)),
    st.sets(st.sampled_from(list(APPROVALS))),
    st.text("甲乙丙,;\"' x0", min_size=1, max_size=9).map(str.strip).filter(lambda s: s and ";" not in s),
)
def test_bodies_of_leave_come_back(one: str, other: str, kind: str, given_: set[str], id_: str) -> None:
    start, end = sorted([one, other])
    body = CANONICAL["leave"] | {
        "leave_id": id_, "start": start, "end": end[:10] + " 23:59:59", "kind": kind,
        "approvals": ";".join(a for a in APPROVALS if a in given_),
    }  # fmt: skip

    assert read("leave", body) == Parsed([(id_, body)], [], {id_: 2})
