"""Literal judge for tests: what a violation takes from whom, pack by pack (HALLS: Packs)."""

from __future__ import annotations

from decimal import Decimal

from .facts import month_of, quarter_of, year_of
from .hours import Case
from .violation import Account, Violation

FINDINGS = ("off_post", "wandering", "private_work", "games")
HALF = Decimal("0.5")
ZERO = Decimal(0)
DUTY, STUDY, SERVICE = "勤", "德·会议学习", "文明服务"
MISSED = ("missed_meeting", "missed_study", "missed_joint_review", "missed_weekly", "missed_training")
LATE_TO = ("late_meeting", "late_joint_review", "late_weekly", "late_training")
NAMING = {"month": month_of, "quarter": quarter_of, "year": year_of}

# tianyang: kind -> (person, window)
TIANYANG = {
    "late": ("0.2", "0.5"),
    "early": ("0.2", "0.5"),
    "off_post": ("0.5", "0.5"),
    "absent_half_day": ("0.5", "1"),
    "window_empty": ("0", "2"),
    "uncovered": ("0", "1"),
    "leave_breach": ("1", "1"),
    "wandering": ("1", "1"),
    "games": ("1", "1"),
    "no_badge": ("0.2", "0.2"),
    "missed_meeting": ("1", "1"),
    "missed_study": ("1", "1"),
    "missed_weekly": ("1", "1"),
    "missed_training": ("1", "1"),
    "late_meeting": ("1", "1"),
    "late_weekly": ("1", "1"),
    "late_training": ("1", "1"),
    "late_joint_review": ("1", "1"),
    "missed_joint_review": ("2", "1"),
}

# changxing: account -> item -> (points, kinds); an item charges once in the quarter
CHANGXING: dict[Account, dict[str, tuple[int, tuple[str, ...]]]] = {
    ("window", "执行制度"): {
        "表一 二2": (5, ("late", "early", "absent_half_day", "retroactive_leave", "leave_breach")),
        "表一 二3": (5, ("wandering", "private_work", "games")),
        "表一 二4": (5, (*MISSED, *LATE_TO)),
    },
    ("window", "文明服务"): {"表一 四4": (3, ("off_post",))},
    ("person", "工作纪律"): {
        "表三 四1": (
            5,
            (
                "late",
                "early",
                "absent_half_day",
                "off_post",
                "retroactive_leave",
                "leave_breach",
                "proxy_punch",
                "low_presence",
            ),
        ),
        "表三 四2": (5, ("wandering", "private_work", "games")),
        "表三 四3": (5, (*MISSED, *LATE_TO)),
    },
}


def yihuang_deductions(kind: str, warned: bool) -> dict[Account, Decimal]:
    """The table of yihuang: what a violation takes from the person's and the window's categories."""
    person, window = ("person", DUTY), ("window", SERVICE)
    if kind in ("late", "early"):
        return {person: HALF, window: HALF}
    if kind == "absent_half_day":
        return {person: Decimal("2.5"), window: Decimal("2.5")}
    if kind in FINDINGS:
        return {person: Decimal(2), window: ZERO if kind == "private_work" else Decimal(2)}
    if kind == "no_badge":
        return {person: HALF, window: Decimal(2) if warned else ZERO}
    if kind == "missed_study":
        return {person: Decimal(1), ("person", STUDY): Decimal(5)}
    if kind in ("missed_meeting", "missed_weekly", "missed_training"):
        return {("person", STUDY): Decimal(5)}
    return {}


def county_deductions(kind: str, answers: dict[str, str]) -> dict[Account, Decimal]:
    """The table of county, with the numbers its source lost."""
    posted = {"absent_half_day": "3", "late_joint_review": "2", "missed_joint_review": "5"}
    attendance = {
        "late": answers["late_points"],
        "early": answers["late_points"],
        "off_post": "1",
        "absent_half_day": "2",
        "leave_over": "5",
    }
    meetings = {
        "late_training": answers["training_late_points"],
        "missed_training": "1",
        "missed_study": "1",
        "late_weekly": "1",
        "late_meeting": "1",
        "missed_weekly": "2",
        "missed_meeting": "2",
        "late_joint_review": "3",
        "missed_joint_review": "5",
    }
    duty = {"left_duty": "2", "duty_harm": "5"}
    tables: dict[Account, dict[str, str]] = {
        ("window", "人员到岗"): posted,
        ("person", "考勤"): attendance,
        ("person", "会议"): meetings,
        ("person", "值班"): duty,
    }
    return {account: Decimal(table[kind]) for account, table in tables.items() if kind in table}


def tianyang_deductions(kind: str) -> dict[Account, Decimal]:
    person, window = TIANYANG.get(kind, ("0", "0"))
    return {("person", "勤"): Decimal(person), ("window", "人員管理"): Decimal(window)}


def changxing_points(case: Case, rows: list[Violation]) -> None:
    """Per item, account and quarter the first violation charges; per occurrence every one does."""
    every = case.site.interpretations.get("changxing.per") == "occurrence"
    charged: set[tuple[str, str, str, str]] = set()
    for r in sorted(rows, key=lambda r: (r.order, r.person)):
        r.points = {}
        for account, items in CHANGXING.items():
            owner = r.person if account[0] == "person" else r.window
            for item, (points, kinds) in items.items():
                mine = (*account, owner, item + quarter_of(r.day))
                if r.kind in kinds and owner and (every or mine not in charged):
                    charged.add(mine)
                    r.points[account] = Decimal(points)


def charge(case: Case, rows: list[Violation]) -> None:
    """Set every row's points; packs without points take none, and a window's row nothing from a person."""
    if case.site.pack == "changxing":
        changxing_points(case, rows)
        return
    for r in rows:
        if case.site.pack == "yihuang":
            points = yihuang_deductions(r.kind, r.warned)
        elif case.site.pack == "county":
            points = county_deductions(r.kind, case.site.answers)
        elif case.site.pack == "tianyang":
            points = tianyang_deductions(r.kind)
        else:
            points = {}
        r.points = {account: taken for account, taken in points.items() if r.person or account[0] == "window"}
