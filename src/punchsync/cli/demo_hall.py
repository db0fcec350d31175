"""The demonstration's hall: its windows, people, terminals and calendar; every name in it is plainly invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from punchsync.core.calendar import day_kind
from punchsync.core.moment import Day, parse_day, show_day
from punchsync.core.records import Calendar

HALL_ID = "demo"
HALL_NAME = "示范县政务服务中心"
PACK = "yihuang"
OPENING: Day = parse_day("2026-10-26")
MOST_DAYS = 45
"""Working days that can be played: all of them lie in 2026."""


class Window(NamedTuple):
    """A window: its unit, the stem of its people's names, how many they are, and where they punch."""

    name: str
    unit: str
    stem: str
    people: int
    terminal: str


class Person(NamedTuple):
    """One of the hall's people; `number` is the id enrolled at the terminal."""

    id: str
    name: str
    window: Window
    post: str
    number: str


WINDOWS = (
    Window("公安", "县公安局", "甲", 4, "T1"),
    Window("税务", "县税务局", "乙", 4, "T1"),
    Window("社保", "县人社局", "丙", 4, "T1"),
    Window("市场监管", "县市场监管局", "丁", 3, "T2"),
    Window("不动产", "县自然资源局", "戊", 3, "T2"),
    Window("民政", "县民政局", "己", 2, "T2"),
)
TERMINALS = ("T1", "T2")


def _people() -> Iterator[Person]:
    number = 0
    for window in WINDOWS:
        for place in range(window.people):
            number += 1
            post = "工作人员" if place else "负责人"
            yield Person(f"{1000 + number}", window.stem + "一二三四"[place], window, post, str(number))


PEOPLE = tuple(_people())
BY_NAME = {p.name: p for p in PEOPLE}
STRAYED = "甲四"
"""Whose finger was enrolled anew on the second day, under a number that nobody told the hall."""
STRAY_NUMBER = "96"

STAFF_HEAD = ("工号", "姓名", "单位", "窗口", "岗位", "考勤号", "起", "止")
DEVICE_HEAD = ("考勤机", "考勤号", "工号", "起", "止")
LEAVE_HEAD = ("请假号", "工号", "请假类别", "开始", "结束", "登记时间", "审批")
INCIDENT_HEAD = ("督查号", "工号", "窗口", "督查类别", "时间", "记录人", "地点", "已指出未改")


def staff_rows() -> list[list[str]]:
    """The staff list, everybody posted from the opening on."""
    return [
        [p.id, p.name, p.window.unit, p.window.name, p.post, p.number, show_day(OPENING), ""] for p in PEOPLE
    ]  # fmt: skip


def people_of(terminal: str) -> list[Person]:
    """Those whose windows punch at a terminal."""
    return [p for p in PEOPLE if p.window.terminal == terminal]


def working_days(calendar: Calendar, count: int) -> list[Day]:
    """The first `count` working days from the opening on."""
    days: list[Day] = []
    day = OPENING
    while len(days) < count:
        if day_kind(calendar, day) == "work":
            days.append(day)
        day += 1
    return days


def csv_text(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A file as a clerk would save it: the header, then the rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
