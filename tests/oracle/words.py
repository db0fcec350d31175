"""Literal judge for tests: the words random sites are made of."""

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
