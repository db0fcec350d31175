"""Literal judge for tests: the words random sites are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

WINDOWS = ["公安", "税务", "社保"]
UNITS = {"公安": "公安局", "税务": "税务局", "社保": "人社局"}
SHIFTS = [
    "off",
    "winter",
    "summer",
    "09:00-12:00+13:00-17:00",
    "08:00-14:00",
    "10:00-13:30+16:00-19:50",
    "08:30-11:30+12:00-16:00",
    "13:00-21:30",
    "01:00-05:00+20:00-23:30",
    "10:00-13:00+13:30-15:00",
]
DAYS = ["", "", "workdays", "rest", "all", "mon,wed,fri", "sat,sun", "tue"]
LEAVES = [
    "official",
    "personal",
    "personal",
    "sick",
    "annual",
    "marriage",
    "maternity",
    "bereavement",
    "family",
    "injury",
    "paternity",
    "childcare",
    "nursing",
    "prenatal",
    "compensatory",
    "other",
]
INCIDENTS = [
    "off_post",
    "off_post",
    "wandering",
    "wandering",
    "private_work",
    "private_work",
    "games",
    "games",
    "no_badge",
    "no_badge",
    "early",
    "early",
    "missed_meeting",
    "late_meeting",
    "missed_study",
    "missed_joint_review",
    "late_joint_review",
    "missed_weekly",
    "late_weekly",
    "missed_training",
    "late_training",
    "left_duty",
    "duty_harm",
    "leave_breach",
    "proxy_punch",
]
AMENDED = [
    "late",
    "early",
    "off_post",
    "absent_half_day",
    "wandering",
    "private_work",
    "games",
    "no_badge",
    "missed_study",
]
APPROVALS = [
    "",
    "window_lead",
    "inspection",
    "window_lead;inspection",
    "window_lead;inspection",
    "unit_leader",
    "unit_leader;centre_leader",
    "unit_leader;centre_leader",
    "window_lead;inspection;unit_leader;centre_leader",
    "centre",
    "window_lead;centre_leader",
]
EDGES = [0, 1, -1, 60, -60, 598, 599, 600, 601, -598, -599, -600, -601, 1799, 1800, 1801, -1800, -1801]
WINDOW_SETS = [["公安"], ["税务", "社保"], ["公安", "税务"], ["公安", "税务", "社保"]]


@dataclass(frozen=True)
class Words:
    """What a pack's sites are made of: choices, and how many rows of a kind at most."""

    shifts: list[str]
    approvals: list[str]
    threshold: int = 1
    leaves: list[str] = field(default_factory=lambda: LEAVES)
    edges: list[int] = field(default_factory=lambda: [0, 1, -1, 2, -2, 60, -60, 600, -600, 1799, 1800, 1801, -1801])
    late_by: list[int] = field(default_factory=lambda: [1, 1, 2, 600, 1500])
    dark_by: list[int] = field(default_factory=lambda: [0, 1, 2, 900, 1800, 1801, 2400])
    dark_before: list[int] = field(default_factory=lambda: [0, 0, 1, -1, 1800, 1801])  # seconds before a bound
    moves: float = 0.3  # how often somebody has two postings
    backups: float = 0.3  # how often somebody is a B
    leave_rows: int = 4
    outing_rows: int = 2
    standin_rows: int = 2


HOURS = ["off", *[shift for shift in SHIFTS if "-" in shift]]
ANY = ["centre", "centre", "window_lead", "inspection", "unit_leader", ""]
TIANYANG = ["window_lead", "window_lead", "window_lead", "window_lead;unit_leader", "window_lead;unit_leader"]
NINETOFIVE = ["window_lead", "inspection", "unit_leader", "unit_leader", "window_lead;inspection;unit_leader"]
LATE_LIMIT = [0, 1, -1, 2, 899, 900, 901, -899, -900, -901, 1799, 1800, 1801, -5399, -5400, -5401]

WORDS = {
    "yihuang": Words(
        SHIFTS,
        APPROVALS,
        600,
        edges=EDGES,
        late_by=[600, 601, 900],
        dark_by=[599, 600, 900, 1801, 2400],
        dark_before=[599, 600, 1800, 1801, 0],
        moves=0.15,
        leave_rows=3,
    ),
    "county": Words([*HOURS, "day", "day"], ANY, leaves=["personal", "sick", "personal", "sick", *LEAVES]),
    "tianyang": Words(
        [*HOURS, "day", "day"],
        [*TIANYANG, "unit_leader", "inspection", ""],
        edges=LATE_LIMIT,
        late_by=[1, 60, 899, 900, 901, 1500],
        dark_by=[0, 1, 899, 900, 901, 1800, 1801, 2400],
        backups=0.5,
        leave_rows=6,
        standin_rows=6,
    ),
    "tongshan": Words([*HOURS, "day", "day"], ANY),
    "changxing": Words([*HOURS, "day", "day"], ANY, leave_rows=5),
    "ninetofive": Words(
        ["off", "day", "day", "day", "08:00-14:00", "13:00-21:30", "09:30-16:30", "09:00-12:00+13:00-17:00"],
        [*NINETOFIVE, "unit_leader", "centre", ""],
        backups=0.5,
        leave_rows=6,
        standin_rows=6,
    ),
    "foursign": Words(
        [*HOURS, "day", "day"],
        ["centre", "centre", "unit_leader", "unit_leader", "unit_leader;centre", "window_lead", ""],
        leave_rows=6,
        outing_rows=4,
        standin_rows=6,
    ),
    "pinghu": Words([*HOURS, "day", "noon", "noon", "duty", "duty"], ANY),
    "citizens": Words([*HOURS, "day", "day"], ANY),
    "bureau": Words(HOURS, ANY, backups=0.6, leave_rows=6, outing_rows=3),
}
