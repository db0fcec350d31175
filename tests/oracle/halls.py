"""Literal judge for tests: the numbers of every hall's written rules, as HALLS.md has them (HALLS: Packs)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

HOURS_3 = timedelta(hours=3)


@dataclass(frozen=True)
class Hall:
    """Shifts by id, checkpoints kept, threshold and limit in seconds, categories with base (= cap) and period."""

    shifts: dict[str, str]
    default: str  # the shift of a working day without a roster row; empty: none
    checkpoints: tuple[str, ...] = ("in", "out")
    in_opens_before: timedelta = HOURS_3
    threshold: int = 1
    limit: int | None = None  # more seconds late than this is off_post
    categories: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)


HALLS = {
    "yihuang": Hall(
        {"winter": "08:30-12:00+14:30-17:30", "summer": "08:30-12:00+15:00-18:00"},
        "winter",
        threshold=600,
        categories={
            "person": {"勤": (30, "month"), "德·会议学习": (10, "month")},
            "window": {"文明服务": (45, "month")},
        },
    ),
    "county": Hall(
        {"day": "08:30-12:00+14:00-17:30"},
        "day",
        categories={
            "person": {"考勤": (7, "year"), "会议": (7, "year"), "值班": (6, "year")},
            "window": {"人员到岗": (20, "month")},
        },
    ),
    "tianyang": Hall(
        {"day": "08:30-12:00+14:30-17:30"},
        "day",
        checkpoints=("in",),
        in_opens_before=timedelta(minutes=90),
        limit=900,
        categories={"person": {"勤": (100, "year")}, "window": {"人員管理": (100, "quarter")}},
    ),
    "tongshan": Hall({"day": "08:30-12:00+14:00-17:30"}, "day"),
    "changxing": Hall(
        {"day": "08:30-11:30+14:00-17:30"},
        "day",
        categories={
            "person": {"工作纪律": (20, "quarter")},
            "window": {"执行制度": (30, "quarter"), "文明服务": (15, "quarter")},
        },
    ),
    "ninetofive": Hall({"day": "09:00-17:00"}, "day"),
    "foursign": Hall({"day": "10:00-13:30+16:00-19:50"}, "day"),
    "pinghu": Hall(
        {"day": "08:30-11:30+14:00-17:30", "noon": "11:30-14:00", "duty": "09:00-11:00+14:00-16:00"},
        "day",
    ),
    "citizens": Hall({"day": "09:00-12:00+13:30-17:00"}, "day"),
    "bureau": Hall({}, ""),
}

# what a source lost: the hall must answer
ANSWERS = {"county": ("late_points", "training_late_points")}
