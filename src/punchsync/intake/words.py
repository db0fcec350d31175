"""The values of the choice columns: English code → the Chinese words that mean it, the first one preferred."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from punchsync.core.records import INCIDENT_KINDS, LEAVE_KINDS, SIGN_OFFS, VIOLATION_KINDS

Words = Mapping[str, tuple[str, ...]]

POSTS: Final[Words] = {
    "staff": ("窗口工作人员", "工作人员", "窗口人员"),
    "lead": ("负责人", "窗口负责人", "窗口首席"),
    "chief": ("首席", "首席代表"),
}
YES_NO: Final[Words] = {"yes": ("是", "有"), "no": ("否", "无")}
_LEAVE: Final = (
    "公假", "事假", "病假", "年休假", "婚假", "产假", "丧假", "探亲假", "工伤假",
    "陪产假", "育儿假", "哺乳假", "产检假", "调休", "其他",
)  # fmt: skip
LEAVES: Final[Words] = {code: (word,) for code, word in zip(LEAVE_KINDS, _LEAVE, strict=True)}
_SIGN_OFFS: Final = (
    ("窗口负责人",), ("督查", "督查科"), ("单位领导", "单位负责人"), ("中心领导", "中心负责人"), ("中心",),
)  # fmt: skip
APPROVALS: Final[Words] = dict(zip(SIGN_OFFS, _SIGN_OFFS, strict=True))
_INCIDENT: Final = (
    ("窗口无人在岗",), ("脱岗",), ("串岗",), ("干私活",), ("玩游戏",), ("未佩证",), ("缺席会议",), ("会议迟到",),
    ("缺席学习",), ("缺席联审",), ("联审迟到",), ("缺席例会", "缺席周例会"), ("例会迟到", "周例会迟到"),
    ("缺席培训",), ("培训迟到",), ("值班脱岗",), ("值班造成后果",), ("早退",), ("违反请假制度",), ("代打卡",),
)  # fmt: skip
INCIDENTS: Final[Words] = dict(zip(INCIDENT_KINDS, _INCIDENT, strict=True))
_DERIVED: Final[Words] = {
    "late": ("迟到",),
    "absent_half_day": ("旷工半天",),
    "retroactive_leave": ("事后补假",),
    "uncovered": ("未派人代岗",),
    "leave_over": ("超假",),
    "low_presence": ("在岗率不足",),
}
VIOLATIONS: Final[Words] = {code: (INCIDENTS.get(code) or _DERIVED[code]) for code in VIOLATION_KINDS}
OUTAGES: Final[Words] = {
    "no_punch": ("无法打卡",),
    "lost": ("记录灭失",),
    "unreachable": ("无法读取", "连接不上"),
}
EFFECTS: Final[Words] = {"excuse": ("免责", "不计"), "uphold": ("维持",), "amend": ("改判",)}
DAY_KINDS: Final[Words] = {
    "work": ("上班",),
    "off": ("休息", "放假"),
    "am_off": ("上午休息", "上午休"),
    "pm_off": ("下午休息", "下午休"),
}
SUBJECTS: Final[Words] = {"person": ("个人",), "window": ("窗口",)}
DAYS: Final[Words] = {"workdays": ("工作日",), "rest": ("休息日",), "all": ("每天",)}
WEEKDAYS: Final[Words] = {
    "mon": ("周一", "星期一"),
    "tue": ("周二", "星期二"),
    "wed": ("周三", "星期三"),
    "thu": ("周四", "星期四"),
    "fri": ("周五", "星期五"),
    "sat": ("周六", "星期六"),
    "sun": ("周日", "星期日", "周天", "星期天"),
}
HALVES: Final[Words] = {"am": ("上午",), "pm": ("下午",)}
OFF: Final = ("off", "休", "休息")


def code_of(words: Words, text: str) -> str | None:
    """The code that a code or a Chinese word means, or None."""
    low = text.lower()
    if low in words:
        return low
    return next((code for code, known in words.items() if text in known), None)


def listed(words: Words) -> str:
    """All codes with their preferred Chinese word, for a message."""
    return ", ".join(f"{code} {known[0]}" for code, known in words.items())
