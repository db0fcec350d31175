"""Every bad input of the contract is a problem with row and column; all of a file's are listed at once."""

from __future__ import annotations

import pytest

from punchsync.intake.cells import LARGEST
from punchsync.intake.kinds import KINDS
from punchsync.intake.parse import Parsed, parse
from punchsync.intake.problem import Problem, brief

from .examples import CANONICAL, WRITTEN
from .files import CONTEXT, DEMO, read, write


def places(parsed: Parsed) -> list[tuple[int | None, str]]:
    return [(p.row, p.column) for p in parsed.problems]


BAD = [
    ("leave", {"start": "2026-10-13", "end": "2026-10-12"}, "end"),
    ("leave", {"start": "2026-10-12 10:00", "end": "2026-10-12 10:00"}, "end"),
    ("leave", {"start": "2026-10-12 pm", "end": "2026-10-12 am"}, "end"),
    ("leave", {"start": "2026-10-13 am", "end": "2026-10-12 pm"}, "end"),
    ("leave", {"start": "2026-10-13 am", "end": "2026-10-13 00:00"}, "end"),
    ("leave", {"start": "2026-10-13 00:00", "end": "2026-10-12 pm"}, "end"),
    ("outing", {"start": "2026-10-15 09:00", "end": "2026-10-15 08:59:59"}, "end"),
    ("outage", {"start": "2026-10-21 pm", "end": "2026-10-21 12:00"}, "end"),
    ("leave", {"end": ""}, "end"),
    ("leave", {"daily_from": "10:00", "daily_to": "10:00"}, "daily_to"),
    ("leave", {"daily_from": "10:00", "daily_to": ""}, "daily_to"),
    ("leave", {"daily_from": "", "daily_to": "10:00"}, "daily_from"),
    ("leave", {"daily_from": "8:00"}, "daily_from"),
    ("leave", {"daily_from": "24:00"}, "daily_from"),
    ("incident", {"at": "2026-10-19"}, "at"),
    ("paper", {"at": "2026-10-19"}, "at"),
    ("leave", {"registered_at": "2026-10-19"}, "registered_at"),
    ("outing", {"registered_at": "2026-10-19"}, "registered_at"),
    ("leave", {"returned_at": "2026-10-19"}, "returned_at"),
    ("ruling", {"decided_at": "2026-10-19"}, "decided_at"),
    ("paper", {"at": "昨天"}, "at"),
    ("paper", {"at": "2026-02-30 08:00"}, "at"),
    ("paper", {"at": "2026-10-19 24:00"}, "at"),
    ("paper", {"at": "2026-10-19 08:60"}, "at"),
    ("paper", {"at": "2026/10/19 08:00"}, "at"),
    ("calendar", {"date": "2026-W01-1"}, "date"),
    ("calendar", {"date": "20261001"}, "date"),
    ("calendar", {"date": "2026-10-19 08:00"}, "date"),
    ("calendar", {"date": "0026-10-19"}, "date"),
    ("calendar", {"kind": "half"}, "kind"),
    ("leave", {"person_id": "1"}, "person_id"),
    ("device", {"person_id": "009"}, "person_id"),
    ("staff", {"backup_for": "002;009"}, "backup_for"),
    ("roster", {"person_id": "009", "window": ""}, "person_id"),
    ("device", {"terminal_id": "t1"}, "terminal_id"),
    ("outage", {"terminal_id": "T9"}, "terminal_id"),
    ("outage", {"terminal_id": ""}, "terminal_id"),
    ("staff", {"post": "boss"}, "post"),
    ("staff", {"from": "2026-02-01", "to": "2026-01-31"}, "to"),
    ("device", {"from": "2026-02-01", "to": "2026-01-31"}, "to"),
    ("roster", {"from": "2026-11-01"}, "to"),
    ("roster", {"to": ""}, "to"),
    ("roster", {"person_id": "001"}, "person_id"),
    ("roster", {"window": ""}, "person_id"),
    ("roster", {"shift": "12:00-08:00"}, "shift"),
    ("roster", {"shift": "14:00-17:00+08:00-12:00"}, "shift"),
    ("roster", {"shift": "08:00-12:00+11:00-17:00"}, "shift"),
    ("roster", {"shift": "08:00-12:00+12:29-17:00"}, "shift"),
    ("roster", {"shift": "08:00-09:00+10:00-11:00+12:00-13:00"}, "shift"),
    ("roster", {"shift": "spring"}, "shift"),
    ("roster", {"days": "workdays,mon"}, "days"),
    ("incident", {"window": "公安"}, "person_id"),
    ("incident", {"person_id": ""}, "person_id"),
    ("incident", {"kind": "window_empty"}, "kind"),
    ("incident", {"person_id": "", "window": "公安"}, "kind"),
    ("incident", {"warned": "maybe"}, "warned"),
    ("ruling", {"person_id": "", "window": "公安"}, "kind"),
    ("ruling", {"kind": "window_empty"}, "kind"),
    ("ruling", {"as_kind": ""}, "as_kind"),
    ("ruling", {"effect": "excuse"}, "as_kind"),
    ("ruling", {"session": "5"}, "session"),
    ("ruling", {"session": ""}, "session"),
    ("paper", {"approved_by": " "}, "approved_by"),
    ("leave", {"approvals": "inspection;boss"}, "approvals"),
    ("leave", {"leave_id": "L1;L2"}, "leave_id"),
    ("staff", {"name": "甲" * 201}, "name"),
    ("staff", {"name": "甲\x07一"}, "name"),
    ("staff", {"name": "甲\u200b一"}, "name"),
    ("outing", {"reason": "一\n二"}, "reason"),
    ("calendar", {"withdrawn": "yes"}, "withdrawn"),
    ("standin", {"standin_id": ""}, "standin_id"),
    ("standin", {"standin_id": "S1；S2"}, "standin_id"),
    ("standin", {"absent_person_id": ""}, "absent_person_id"),
    ("standin", {"absent_person_id": "009"}, "absent_person_id"),
    ("standin", {"standin_person_id": ""}, "standin_person_id"),
    ("standin", {"standin_person_id": "2"}, "standin_person_id"),
    ("standin", {"standin_person_id": "001"}, "standin_person_id"),
    ("standin", {"start": "2026-10"}, "start"),
    ("standin", {"end": ""}, "end"),
    ("standin", {"end": "2026-10-12 am"}, "end"),
    ("standin", {"start": "2026-10-13 08:00", "end": "2026-10-13 08:00"}, "end"),
    ("standin", {"filed_at": ""}, "filed_at"),
    ("standin", {"filed_at": "2026-10-11"}, "filed_at"),
    ("standin", {"withdrawn": "作废"}, "withdrawn"),
    ("scores", {"period": ""}, "period"),
    ("scores", {"period": "2026-13"}, "period"),
    ("scores", {"period": "2026-00"}, "period"),
    ("scores", {"period": "2026-1"}, "period"),
    ("scores", {"period": "2026-Q0"}, "period"),
    ("scores", {"period": "2026-Q5"}, "period"),
    ("scores", {"period": "2026Q4"}, "period"),
    ("scores", {"period": "2026-10-01"}, "period"),
    ("scores", {"period": "２０２６"}, "period"),
    ("scores", {"period": "1899"}, "period"),
    ("scores", {"period": "9999-12"}, "period"),
    ("scores", {"subject_type": ""}, "subject_type"),
    ("scores", {"subject_type": "unit"}, "subject_type"),
    ("scores", {"subject_id": ""}, "subject_id"),
    ("scores", {"subject_id": "009"}, "subject_id"),
    ("scores", {"subject_id": "公安"}, "subject_id"),
    ("scores", {"subject_type": "窗口", "subject_id": "公\x07安"}, "subject_id"),
    ("scores", {"category": ""}, "category"),
    ("scores", {"category": "甲" * 201}, "category"),
    ("scores", {"points": ""}, "points"),
    ("scores", {"points": "0.0005"}, "points"),
    ("scores", {"points": "1,000"}, "points"),
    ("scores", {"points": "1e2"}, "points"),
    ("scores", {"points": ".5"}, "points"),
    ("scores", {"points": "5."}, "points"),
    ("scores", {"points": "+-5"}, "points"),
    ("scores", {"points": "－5"}, "points"),
    ("scores", {"points": "95 分"}, "points"),
    ("scores", {"points": "nan"}, "points"),
    ("scores", {"points": "1000000"}, "points"),
    ("scores", {"note": "一\n二"}, "note"),
    ("scores", {"withdrawn": "作废"}, "withdrawn"),
]


@pytest.mark.parametrize(("kind", "change", "column"), BAD)
def test_a_bad_cell_is_a_problem_of_its_row_and_column(kind: str, change: dict[str, str], column: str) -> None:
    parsed = read(kind, CANONICAL[kind] | change)

    assert places(parsed) == [(2, column)]
    assert parsed.rows == []


GOOD = [
    ("leave", {"start": "2026-10-12 pm", "end": "2026-10-12 08:00"}),
    ("leave", {"start": "2026-10-12 12:00", "end": "2026-10-12 am"}),
    ("leave", {"start": "2026-10-12", "end": "9999-12-31"}),
    ("roster", {"shift": "08:00-12:00+12:30-17:00"}),
    ("roster", {"shift": "winter"}),
    ("roster", {"shift": "休"}),
    ("roster", {"from": "2026-10-31"}),
    ("device", {"terminal_id": ""}),
    ("incident", {"person_id": "", "window": "公安", "kind": "窗口无人在岗"}),
    ("ruling", {"person_id": "", "window": "公安", "kind": "", "effect": "excuse", "as_kind": ""}),
    ("staff", {"name": "甲" * 200, "device_user_id": ""}),
    ("standin", {"start": "2026-10-13", "end": "2026-10-13"}),
    ("standin", {"start": "2026-10-13 pm", "end": "2026-10-13 下午", "filed_at": "2026-10-20 00:00"}),
    ("scores", {"subject_type": "window", "subject_id": "009"}),
    ("scores", {"period": "9998-12"}),
    ("scores", {"note": ""}),
]


@pytest.mark.parametrize(("kind", "change"), GOOD)
def test_what_is_just_within_the_rules_is_good(kind: str, change: dict[str, str]) -> None:
    assert read(kind, CANONICAL[kind] | change).problems == []


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("+2", "2"), ("-0.500", "-0.5"), ("007", "7"), ("0.001", "0.001"), ("1.5000", "1.5"), ("100", "100"),
        ("-0", "0"), ("-999999.999", "-999999.999"),
    ],
)  # fmt: skip
def test_points_are_written_in_one_way(text: str, canonical: str) -> None:
    body = read("scores", CANONICAL["scores"] | {"points": text}).rows[0][1]

    assert body == CANONICAL["scores"] | {"points": canonical}


def test_a_subject_of_a_type_that_is_not_known_is_not_looked_for() -> None:
    assert places(read("scores", CANONICAL["scores"] | {"subject_type": "组", "subject_id": "009"})) == [
        (2, "subject_type")
    ]


def test_scores_of_one_subject_differ_by_period_and_category() -> None:
    row = CANONICAL["scores"]
    rows = [row, row | {"period": "2026-10"}, row | {"category": "评议"}, row | {"subject_type": "window"}]

    parsed = read("scores", *rows, row | {"points": "88.251"})

    assert [key.split("\t") for key, _body in parsed.rows] == [
        ["2026-Q4", "person", "001", "互评"],
        ["2026-10", "person", "001", "互评"],
        ["2026-Q4", "person", "001", "评议"],
        ["2026-Q4", "window", "001", "互评"],
    ]
    assert [(p.row, p.column, p.found) for p in parsed.problems] == [
        (6, "period", '与第 2 行都是 "2026-Q4 person 001 互评"，内容不同')
    ]


def test_nobody_stands_in_for_himself() -> None:
    (problem,) = read("standin", CANONICAL["standin"] | {"standin_person_id": "001"}).problems

    assert problem == Problem(
        "standin.csv", 2, "standin_person_id", "请假人和顶岗人都是 001", "另一个人的工号", "核对请假人和顶岗人"
    )


@pytest.mark.parametrize(
    ("column", "text", "allowed", "remedy"),
    [
        ("period", "2026年", "YYYY-MM, YYYY-Qn，或 YYYY", "月写成 2026-10，季写成 2026-Q4，年写成 2026"),
        ("points", "优", "不到一百万的数，可带 + 或 -，最多三位小数", "写成 92.5 或 -0.5；小数更多的四舍五入到三位"),
        ("subject_id", "009", "已导入的人员的工号", "核对工号（前面的零也算），或先导入人员 (staff)"),
    ],
)
def test_a_bad_score_says_what_is_allowed_and_what_to_do(column: str, text: str, allowed: str, remedy: str) -> None:
    (problem,) = read("scores", CANONICAL["scores"] | {column: text}).problems

    assert problem == Problem("scores.csv", 2, column, f'写的是 "{text}"', allowed, remedy)


def test_all_problems_of_a_file_are_listed_with_row_and_column() -> None:
    data = (
        "请假号,工号,类别,开始,结束,登记时间\n"
        "L1,001,事假,2026-10-12,2026-10-12,昨天\n"
        "L2,009,公差,2026-10-12,2026-10-12,2026-10-11 08:00\n"
        "\n"
        "L3,001,事假,2026-10-12\n"
        "L4,001,事假,2026-10-12,2026-10-12,2026-10-11 08:00,x\n"
        "L5,001,事假,2026-10-12,2026-10-11,2026-10-11 08:00\n"
        "L6,001,事假,2026-10-12,2026-10-12,2026-10-11 08:00\n"
        "L6,001,病假,2026-10-12,2026-10-12,2026-10-11 08:00\n"
    )

    parsed = parse("leave", data.encode(), "leave.csv", CONTEXT)

    assert places(parsed) == [
        (2, "登记时间"), (3, "工号"), (3, "类别"), (5, ""), (6, ""), (7, "结束"), (9, "请假号"),
    ]  # fmt: skip
    assert [key for key, _body in parsed.rows] == ["L6"]


def test_a_bad_cell_hides_no_contradiction_between_the_others() -> None:
    change = {"start": "2026-10-13", "end": "2026-10-12", "kind": "公差", "daily_to": "08:00"}

    assert places(read("leave", CANONICAL["leave"] | change)) == [(2, "kind"), (2, "end"), (2, "daily_to")]


def test_a_problem_says_place_what_was_found_what_is_allowed_and_what_to_do() -> None:
    problem = read("paper", CANONICAL["paper"] | {"at": "2026-10-19"}).problems[0]

    assert problem == Problem(
        "paper.csv", 2, "at", '写的是 "2026-10-19"', "YYYY-MM-DD HH:MM[:SS]", "补上几点几分，例如 2026-10-19 08:30"
    )
    assert problem.show() == (
        'paper.csv 第 2 行「at」：写的是 "2026-10-19"；应为 YYYY-MM-DD HH:MM[:SS]；补上几点几分，例如 2026-10-19 08:30'
    )


def test_what_can_not_be_printed_is_escaped_and_cut() -> None:
    assert brief("a\x1b[31m" + "甲" * 99) == "a\\x1b[31m" + "甲" * 54 + "…"


def only(kind: str, data: bytes) -> Problem:
    """The one problem of a file."""
    (problem,) = parse(kind, data, "f.csv", CONTEXT).problems
    return problem


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\r\n\r\n", "文件是空的"),
        (b"date,kind\n2026\x00", "第 15 个字节是 NUL，不是文本文件"),
        (b"date,kind\n2026-10-01,\xff\n", "第 22 个字节起读不出文字"),
        (b"\xef\xbb\xbfdate,kind\n2026-10-01,\xc9\xcf\n", "第 25 个字节起读不出文字"),
        ("date,kind".encode("utf-16"), "是 UTF-16 编码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "是旧的 XLS 文件"),
        (b'date,kind\n"2026-10-01,work\n', "引号或分隔不合 CSV 写法（unexpected end of data）"),
        (b"date;kind;note\n", '整行只有一格："date;kind;note"'),
        (b"x" * (LARGEST + 1), f"文件有 {LARGEST + 1} 字节"),
    ],
)
def test_what_is_no_table_is_one_problem(data: bytes, found: str) -> None:
    assert only("calendar", data).found == found


def test_a_header_of_another_kind_says_which() -> None:
    problem = only("leave", (DEMO / "incident.csv").read_bytes())

    assert problem.found == "表头是「督查」（incident）的"
    assert problem.remedy == "改用 import incident，或换成「请假」的文件"


def test_unknown_double_and_missing_columns_are_all_named() -> None:
    parsed = parse("calendar", "日期,date,备 注,\n".encode() + b"1,2,3,4\n", "c.csv", CONTEXT)

    assert [(p.row, p.column, p.found, p.allowed) for p in parsed.problems[:2]] == [
        (1, "date", "与「日期」是同一列", "每列只出现一次"),
        (1, "备 注", "没有这一列", "类别 kind, [备注 note], [作废 withdrawn]"),
    ]
    assert parsed.problems[2].found == "缺少列：类别 kind"


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_needed_column_that_is_missing_and_one_too_many_are_problems(kind: str) -> None:
    head, row = write(kind, [WRITTEN[kind]]).decode().splitlines()
    less = ",".join(head.split(",")[1:])

    assert parse(kind, less.encode(), "f.csv", CONTEXT).problems
    assert parse(kind, f"{head},more\n{row},1\n".encode(), "f.csv", CONTEXT).problems


def test_every_chinese_name_of_a_kind_means_one_column() -> None:
    for kind in KINDS.values():
        names = [name for c in kind.columns for name in c.chinese]
        assert len(names) == len(set(names)), kind.name
