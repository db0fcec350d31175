"""A terminal's USB file and the tables of other makers' terminals."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.core.moment import parse_moment, show_moment
from punchsync.core.reading import Reading, Row
from punchsync.intake import attlog
from punchsync.intake.attlog import parse_attlog
from punchsync.intake.problem import Problem
from punchsync.intake.punches import parse_punches_csv

from .files import DEMO

AT = parse_moment("2026-10-12 08:21:07")


def lines(data: bytes) -> list[tuple[int | None, str]]:
    """The problems of a USB file: line and what was found."""
    found = parse_attlog(data, "1_attlog.dat", "T1", None)
    assert isinstance(found, list)
    return [(p.row, p.found) for p in found]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r", b"\t\t\n"])
def test_a_usb_file_is_a_reading_with_its_own_bytes(ending: bytes) -> None:
    first, second = b"        1\t2026-10-12 08:21:07\t1\t0\t0\t0", b"     A007\t2026-10-12 08:21:07\t15\t255\t\t"
    data = first + ending + ending + second + ending + b"\x1a"

    reading = parse_attlog(data, "1_attlog.dat", "T1", AT + 60)

    kept = ending.rstrip(b"\r\n")
    assert reading == Reading(
        "T1",
        "file",
        "1_attlog.dat",
        hashlib.sha256(data).hexdigest(),
        (Row(0, first + kept, "1", AT, "1", "0"), Row(1, second + kept, "A007", AT, "15", "255")),
        through=AT + 60,
        bytes_moved=len(data),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_ids_may_be_letters_of_either_encoding_and_keep_their_zeros(encoding: str) -> None:
    text = "       甲1\t2026-10-12 08:21:07\t1\t0\n000000012\t2026-10-12 08:21:07\t1\t0\n"

    reading = parse_attlog(text.encode(encoding), "f", "T1", None)

    assert isinstance(reading, Reading)
    assert [row.device_user_id for row in reading.rows] == ["甲1", "000000012"]


def test_an_empty_usb_file_is_an_empty_reading() -> None:
    reading = parse_attlog(b"", "f", "T1", AT)

    assert reading == Reading("T1", "file", "f", hashlib.sha256(b"").hexdigest(), (), through=AT)


def test_truncated_and_garbled_lines_are_all_named() -> None:
    data = (
        b"        1\t2026-10-12 08:21:07\t1\t0\t0\n"
        b"        1\t2026-13-12 08:21:07\t1\t0\t0\n"
        b"        1\t2026-10-12 08:61:07\t1\t0\t0\n"
        b"        1\t2026-10-12T08:21:07\t1\t0\t0\n"
        b"         \t2026-10-12 08:21:07\t1\t0\t0\n"
        b"       \xff1\t2026-10-12 08:21:07\t1\t0\t0\n"
        b"       \x021\t2026-10-12 08:21:07\t1\t0\t0\n"
        b"        1\t2026-10-12 08:21:07\t1\t0\t0        2\t2026-10-12 08:21:09\t1\t0\t0\n"
        b"hello\n"
        b"        1\t2026-10-12 08:2"
    )

    assert lines(data) == [
        (2, '时间处写的是 "2026-13-12 08:21:07"'),
        (3, '时间处写的是 "2026-10-12 08:61:07"'),
        (4, '时间处写的是 "2026-10-12T08:21:07"'),
        (5, "没有考勤号"),
        (6, "有读不出的文字：       \\xff1\\t2026-10-12 08:21:07\\t1\\t0\\t0"),
        (7, "有读不出的文字：       \\x021\\t2026-10-12 08:21:07\\t1\\t0\\t0"),
        (8, "一行里有两条记录"),
        (9, "有 1 格"),
        (10, "有 2 格"),
    ]


def test_a_problem_of_a_usb_file_says_line_and_what_is_allowed() -> None:
    assert parse_attlog(b"hello\n", "f.dat", "T1", None) == [
        Problem(
            "f.dat",
            1,
            "",
            "有 1 格",
            "考勤号，YYYY-MM-DD HH:MM:SS，验证方式，状态，以制表符分隔",
            "文件不完整或被改过：重新从考勤机导出",
        )
    ]


def test_of_many_bad_lines_a_hundred_are_listed_and_the_rest_counted() -> None:
    found = lines(b"x\n" * 250)

    assert len(found) == 101
    assert found[-1] == (None, "另有 150 行也有问题")


def test_a_binary_file_is_one_problem() -> None:
    assert lines(b"\x7fELF\0\0") == [(None, "第 5 个字节是 NUL，不是考勤机的 U 盘文件")]


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attlog, "LARGEST", 1 << 20)

    assert lines(b"x" * ((1 << 20) + 1)) == [(None, "文件有 1048577 字节")]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"        1\t2026-10-12 08:21:07\t1\t0\t"]))
def test_no_bytes_make_a_usb_file_raise(data: bytes, head: bytes) -> None:
    found = parse_attlog(head + data, "f", "T1", None)

    assert isinstance(found, Reading) or all(p.show() for p in found)


@given(st.lists(st.tuples(st.integers(0, 99_999), st.integers(AT, AT + 10**8)), max_size=20))
def test_every_punch_of_a_usb_file_is_read(punches: list[tuple[int, int]]) -> None:
    data = "".join(f"{user:>9}\t{show_moment(at)}\t1\t0\t0\t0\n" for user, at in punches).encode()

    reading = parse_attlog(data, "f", "T1", None)

    assert isinstance(reading, Reading)
    assert [(row.device_user_id, row.at) for row in reading.rows] == [(str(user), at) for user, at in punches]


def test_the_demo_hall_has_a_usb_file() -> None:
    reading = parse_attlog((DEMO / "T1_attlog.dat").read_bytes(), "T1_attlog.dat", "T1", None)

    assert isinstance(reading, Reading)
    assert len(reading.rows) == 5


TABLE = "考勤机,考勤号,时间\nT2,7,2026-10-12 08:21:07\nT1,A,2026-10-12 08:21\nT2,8,2026-10-12 08:22\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_table_gives_a_reading_for_each_terminal_in_it(encoding: str) -> None:
    data = TABLE.encode(encoding)
    digest = hashlib.sha256(data).hexdigest()

    assert parse_punches_csv(data, "p.csv", None, AT) == [
        Reading(
            "T1", "file", "p.csv", digest, (Row(0, b"T1,A,2026-10-12 08:21", "A", AT - 7, "", ""),),
            through=AT, bytes_moved=len(data),
        ),
        Reading(
            "T2", "file", "p.csv", digest,
            (Row(0, b"T2,7,2026-10-12 08:21:07", "7", AT, "", ""),
             Row(1, b"T2,8,2026-10-12 08:22", "8", AT + 53, "", "")),
            through=AT, bytes_moved=len(data),
        ),
    ]  # fmt: skip


def test_rows_of_other_and_unknown_terminals_are_problems() -> None:
    asked = parse_punches_csv(TABLE.encode(), "p.csv", "T2", None)
    known = parse_punches_csv(TABLE.encode(), "p.csv", None, None, frozenset({"T1"}))

    assert [(p.row, p.column) for p in asked if isinstance(p, Problem)] == [(3, "考勤机")]
    assert [(p.row, p.column) for p in known if isinstance(p, Problem)] == [(2, "考勤机"), (4, "考勤机")]


def test_an_empty_table_of_a_terminal_is_an_empty_reading_of_it() -> None:
    head = b"terminal,device_user_id,at\n"

    (reading,) = parse_punches_csv(head, "p.csv", "T1", AT)

    assert isinstance(reading, Reading)
    assert (reading.terminal, reading.rows, reading.through) == ("T1", (), AT)
    assert parse_punches_csv(head, "p.csv", None, None) == []


def test_bad_cells_of_a_table_are_all_named() -> None:
    data = b"terminal,device_user_id,at\nT1,,2026-10-12\n"

    found = parse_punches_csv(data, "p.csv", None, None)

    assert [(p.row, p.column) for p in found if isinstance(p, Problem)] == [(2, "device_user_id"), (2, "at")]
