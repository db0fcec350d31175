"""A document for an LED screen: no line too long or begun with a closing mark, and nothing said to be well unknown."""

from __future__ import annotations

import unicodedata

import pytest
from docsamples import ALL, EDITION, EMPTY, SMALL
from hypothesis import given
from hypothesis import strategies as st

from punchsync.publish.document import Column, Section, Table
from punchsync.publish.forms.txt import NOT_BEGINNING, columns, fold, make
from punchsync.publish.order import Order


def lines(document: object, line: int = 16) -> list[str]:
    return make(Order(document, EDITION, ("txt",), line=line), {}).decode().splitlines()  # type: ignore[arg-type]


def right(line: str, room: int) -> bool:
    seen = not any(unicodedata.category(c)[0] == "C" for c in line)
    return columns(line) <= room and line[0] not in NOT_BEGINNING and line == line.strip() and seen


@pytest.mark.parametrize("name", list(ALL))
@pytest.mark.parametrize("line", [1, 4, 8, 16, 40])
def test_no_line_is_too_long_or_begins_with_a_closing_mark(name: str, line: int) -> None:
    assert [x for x in lines(ALL[name], line) if not right(x, 2 * line)] == []


TEXTS = st.text(st.characters() | st.sampled_from("甲乙，。）“”( ).,a1\n\t"), max_size=80)


@given(TEXTS, st.integers(1, 20))
def test_any_text_is_folded_to_the_screen(text: str, line: int) -> None:
    assert [x for x in fold(text, 2 * line) if not right(x, 2 * line)] == []


def test_a_text_without_stray_marks_is_whole_after_folding() -> None:
    text = "01号综合窗口：迟到2，早退1，旷工半天1（未核），未知1。"

    assert "".join(fold(text, 12)) == text


def test_a_day_says_its_windows_its_violations_and_its_data() -> None:
    assert lines(SMALL) == [
        "示例县政务服务中心考勤日报", "（2026-11-20）", "第 12 号（暂定），代替第 11 号",
        "暂定，有的情况尚不清楚。", "核算到 2026-11-20 21:00:00。",
        "【各窗口】", "01号综合窗口：旷工半天1", "02号综合窗口：迟到1，早退1，", "未知1", "03号综合窗口：迟到2",
        "【违规】", "2026-11-01 01号综合窗口 甲一", "迟到 09:00:07 分钟0",
        "2026-11-02 02号综合窗口 乙某某", "早退 09:01:07 分钟1",
        "2026-11-03 03号综合窗口 欧阳示例", "脱岗 09:02:07", "2026-11-04 04号综合窗口 丙二", "旷工半天",
        "【数据】", "1 台考勤机正常", "T2 落后 2026-11-20 12:40:11", "没有读到的时刻不记违规。",
    ]  # fmt: skip


def test_windows_are_said_to_be_well_only_where_that_is_known() -> None:
    assert "3 个窗口都正常。" in lines(EMPTY)
    rows = (("A", "5", "0"), ("B", "5", "1"))
    known = Table((Column("窗口"), Column("应到", "count"), Column("未知", "count")), rows)
    blind = Table((Column("窗口"), Column("应到", "count"), Column("迟到", "count")), rows)

    def told(table: Table) -> list[str]:
        return lines(SMALL._replace(sections=(Section("windows", "窗", (table,)),)))[6:]

    assert told(known) == ["B：未知1", "其余 1 个窗口正常。"]
    assert told(blind) == ["B：迟到1"]
