"""The import kinds as data: for each the columns with their Chinese names, types and values, and the key.

Source: the contract, "Import kinds". A name in `chinese` after the first one is accepted too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from punchsync.intake import words
from punchsync.intake.words import Words

Body = dict[str, str]
"""A record: English column name → canonical text, "" where nothing stands."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` names a parser of `fields`; `required` asks a value of every row, `present` only the column."""

    name: str
    chinese: tuple[str, ...]
    type: str
    required: bool = True
    present: bool = False
    values: Words = field(default_factory=dict)
    refers: str = ""  # person, terminal: must be known
    refers_if: tuple[str, str] = ("", "")  # only where that column, an earlier one of the kind, has that value

    def needed(self) -> bool:
        """Whether a file without this column is refused."""
        return self.required or self.present

    def known_only(self, before: Body) -> bool:
        """Whether a cell must name something known, by what stands in the columns before it."""
        column, value = self.refers_if
        return bool(self.refers) and (not column or before.get(column) == value)


@dataclass(frozen=True, slots=True)
class Kind:
    """An import kind: its name, its columns in the order of the contract, and the columns of a record's key."""

    name: str
    chinese: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def key_of(self, body: Body) -> str:
        """A record's key; a tab can't stand in any value."""
        return "\t".join(body[name] for name in self.key)


def _id(name: str, chinese: str) -> Column:
    return Column(name, (chinese,), "id")


def _note(name: str, *chinese: str) -> Column:
    return Column(name, chinese, "note", required=False)


PERSON: Final = Column("person_id", ("工号",), "id", refers="person")
EITHER_PERSON: Final = Column("person_id", ("工号",), "id", required=False, refers="person")
EITHER_WINDOW: Final = Column("window", ("窗口",), "text", required=False)
TERMINAL: Final = Column("terminal_id", ("考勤机", "考勤机号"), "id", refers="terminal")
DEVICE_USER: Final = Column("device_user_id", ("考勤号",), "id")
FROM: Final = Column("from", ("起", "起始日期"), "date")
TO: Final = Column("to", ("止", "截止日期"), "date")
OPEN_TO: Final = Column("to", ("止", "截止日期"), "date", required=False)
START: Final = Column("start", ("开始", "开始时间"), "start")
END: Final = Column("end", ("结束", "结束时间"), "end")
OPEN_END: Final = Column("end", ("结束", "结束时间"), "end", required=False, present=True)
AT: Final = Column("at", ("时间",), "moment")
DATE: Final = Column("date", ("日期",), "date")
REGISTERED: Final = Column("registered_at", ("登记时间",), "moment")
WITHDRAWN: Final = Column("withdrawn", ("作废", "作废时间"), "moment_or_date", required=False)


def _kind(chinese: str, *, required: bool = True, values: Words) -> Column:
    return Column("kind", ("类别", chinese), "choice", required=required, values=values)


_ALL: Final = (
    Kind(
        "staff",
        "人员",
        (
            Column("person_id", ("工号",), "id"),
            Column("name", ("姓名",), "text"),
            Column("unit", ("单位",), "text"),
            Column("window", ("窗口",), "text"),
            Column("post", ("岗位",), "choice", values=words.POSTS),
            Column("device_user_id", ("考勤号",), "id", required=False, present=True),
            Column("backup_for", ("顶岗对象",), "ids", required=False, refers="person"),
            FROM,
            OPEN_TO,
            WITHDRAWN,
        ),
        ("person_id", "from"),
    ),
    Kind(
        "device",
        "考勤号对照",
        (
            Column("terminal_id", TERMINAL.chinese, "id", required=False, present=True, refers="terminal"),
            DEVICE_USER,
            PERSON,
            FROM,
            OPEN_TO,
            WITHDRAWN,
        ),
        ("terminal_id", "device_user_id", "from"),
    ),
    Kind(
        "roster",
        "排班",
        (
            _id("roster_id", "排班号"),
            Column("entered_at", ("录入时间",), "moment_or_date"),
            EITHER_PERSON,
            EITHER_WINDOW,
            FROM,
            TO,
            Column("shift", ("班次",), "shift"),
            Column("days", ("适用日",), "days", required=False),
            WITHDRAWN,
        ),
        ("roster_id",),
    ),
    Kind(
        "leave",
        "请假",
        (
            _id("leave_id", "请假号"),
            PERSON,
            _kind("请假类别", values=words.LEAVES),
            START,
            END,
            Column("daily_from", ("每日起",), "clock", required=False),
            Column("daily_to", ("每日止",), "clock_end", required=False),
            REGISTERED,
            Column("certificate", ("证明",), "yes_no", required=False, values=words.YES_NO),
            Column("approvals", ("审批",), "choices", required=False, values=words.APPROVALS),
            Column("returned_at", ("销假时间",), "moment", required=False),
            WITHDRAWN,
        ),
        ("leave_id",),
    ),
    Kind(
        "outing",
        "外出",
        (_id("outing_id", "外出号"), PERSON, START, OPEN_END, REGISTERED, _note("reason", "事由"), WITHDRAWN),
        ("outing_id",),
    ),
    Kind(
        "standin",
        "顶岗",
        (
            _id("standin_id", "顶岗号"),
            Column("absent_person_id", ("请假人工号", "被顶岗人"), "id", refers="person"),
            Column("standin_person_id", ("顶岗人工号", "顶岗人"), "id", refers="person"),
            START,
            END,
            Column("filed_at", ("报备时间", "备案时间"), "moment"),
            WITHDRAWN,
        ),
        ("standin_id",),
    ),
    Kind(
        "incident",
        "督查",
        (
            _id("incident_id", "督查号"),
            EITHER_PERSON,
            EITHER_WINDOW,
            _kind("督查类别", values=words.INCIDENTS),
            AT,
            Column("noted_by", ("记录人",), "text", required=False),
            _note("place", "地点"),
            _note("evidence", "证据"),
            Column("warned", ("已指出未改",), "yes_no", required=False, values=words.YES_NO),
            WITHDRAWN,
        ),
        ("incident_id",),
    ),
    Kind(
        "outage",
        "停机",
        (
            TERMINAL,
            Column("start", START.chinese, "plain_start"),
            Column("end", END.chinese, "plain_end", required=False, present=True),
            _kind("停机类别", values=words.OUTAGES),
            WITHDRAWN,
        ),
        ("terminal_id", "start", "kind"),
    ),
    Kind(
        "paper",
        "补签",
        (
            PERSON,
            AT,
            Column("sheet", ("签到表编号",), "text", required=False),
            Column("approved_by", ("批准人",), "text"),
            WITHDRAWN,
        ),
        ("person_id", "at"),
    ),
    Kind(
        "ruling",
        "裁定",
        (
            _id("ruling_id", "裁定号"),
            EITHER_PERSON,
            EITHER_WINDOW,
            DATE,
            Column("session", ("半天",), "session"),
            _kind("违纪类别", required=False, values=words.VIOLATIONS),
            Column("effect", ("裁定",), "choice", values=words.EFFECTS),
            Column("as_kind", ("改判为",), "choice", required=False, values=words.VIOLATIONS),
            _note("document", "文书"),
            Column("decided_by", ("裁定人",), "text", required=False),
            Column("decided_at", ("裁定时间",), "moment"),
            WITHDRAWN,
        ),
        ("ruling_id",),
    ),
    Kind(
        "calendar",
        "日历",
        (DATE, _kind("日期类别", values=words.DAY_KINDS), _note("note", "备注", "说明"), WITHDRAWN),
        ("date",),
    ),
    Kind(
        "scores",
        "评分",
        (
            Column("period", ("周期",), "period"),
            Column("subject_type", ("对象类别",), "choice", values=words.SUBJECTS),
            Column("subject_id", ("对象",), "text", refers="person", refers_if=("subject_type", "person")),
            Column("category", ("类别", "评分项目"), "text"),
            Column("points", ("分值",), "points"),
            _note("note", "备注"),
            WITHDRAWN,
        ),
        ("period", "subject_type", "subject_id", "category"),
    ),
)
KINDS: Final = {kind.name: kind for kind in _ALL}
PUNCHES: Final = Kind(
    "punches",
    "打卡",
    (Column("terminal", ("考勤机", "考勤机号"), "id"), DEVICE_USER, AT),
    ("terminal", "device_user_id", "at"),
)
