"""What awaits whom: sign-offs, requests, appeals, checkpoints in doubt, ids; and the answers to what one asked for."""

from __future__ import annotations

import re

from deskkit import Browser, attlog, text_of

from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.moment import parse_day, parse_moment
from punchsync.operations.desk_records import SIGN, put

LEAVES = (
    "leave_id,person_id,kind,start,end,registered_at,approvals\n"
    "L2,1003,personal,2026-11-23 am,2026-11-23 pm,2026-11-20 09:00:00,window_lead\n"
    "L3,1005,personal,2026-11-24 am,2026-11-24 pm,2026-11-20 09:00:00,\n"
    "L4,1001,personal,2026-11-24 am,2026-11-24 pm,2026-11-20 09:00:00,\n"
)


def waiting(browser: Browser, role: str) -> dict[str, int]:
    other = browser.other().as_role(role)
    text = text_of(other.get("/tasks"))
    return {title: int(n) for title, n in re.findall(r"(\S+) (\d+) 件", text)}


def test_what_awaits_each_role(browser):
    site = browser.site
    assert not bring_records(site, "leave", LEAVES.encode(), "leave.csv").problems
    outage = "terminal_id,start,end,kind\nT1,2026-11-12 14:00:00,2026-11-12 18:00:00,lost\n"
    assert not bring_records(site, "outage", outage.encode(), "outage.csv").problems
    rows = attlog({"77": {"2026-11-18": ("08:20",)}})
    bring_punches(site, rows, "1_attlog.dat", "T2", parse_moment("2026-11-20 09:00:00"))
    browser.settle()
    staff = browser.as_role("staff")
    sent = {"person": "1003", "at": "2026-11-12 14:30:00", "reason": "忘了"}
    assert staff.post("/requests/new", sent).status_code == 303
    with site.store.reading() as work:
        day = parse_day("2026-11-04")
        [late] = [v for v in work.months.violations(day, day) if v.person == "1003"]
    assert staff.post("/appeals/new", {"violation": late.id, "grounds": "电梯"}).status_code == 303

    found = {role: waiting(browser, role) for role in ("inspector", "leader", "window_lead", "unit", "clerk", "admin")}
    assert {role: {k: v for k, v in rows.items() if "请假" not in k} for role, rows in found.items()} == {
        "inspector": {"补卡申请待批": 1, "存疑待裁定": 2},
        "leader": {"补卡申请待批": 1, "申诉待决定": 1, "存疑待裁定": 2},
        "window_lead": {},
        "unit": {},
        "clerk": {"考勤号待认主": 1},
        "admin": {"考勤号待认主": 1},
    }
    leave = {role: rows.get("请假待审批", 0) for role, rows in found.items()}
    assert {role: leave[role] for role in ("clerk", "admin", "unit")} == {"clerk": 0, "admin": 0, "unit": 0}
    page = text_of(browser.other().as_role("inspector").get("/tasks"))
    assert "L2 欧阳见微知著 1003 事假 2026-11-23 2" in page
    own = text_of(staff.get("/tasks"))
    assert ("待批" in own, "待决定" in own, "没有等您处理的事" in own) == (True, True, True)


def test_a_leave_awaits_its_sign_off_until_it_is_given_or_refused_and_never_of_whom_it_is(browser):
    assert not bring_records(browser.site, "leave", LEAVES.encode(), "leave.csv").problems
    lead = browser.as_role("window_lead")  # 1001, of the window of 1003
    text = text_of(lead.get("/tasks"))
    assert ("L2" in text, "L3" in text, "L4" in text) == (False, False, False)
    inspector = browser.other().as_role("inspector")
    assert "L3" in text_of(inspector.get("/tasks"))
    with browser.site.store.writing() as work:
        body = {"leave_id": "L3", "person_id": "1005", "sign_off": "inspection", "given": "no", "by": "督查乙",
                "at": "2026-11-20 10:00:00", "note": ""}  # fmt: skip
        put(browser.site.hall, work, SIGN, "L3\tinspection", body)
    text = text_of(inspector.get("/tasks"))
    assert ("L2" in text, "L3" in text) == (True, False)


def test_an_answer_is_shown_to_who_asked(browser):
    staff = browser.as_role("staff")
    sent = {"person": "1003", "at": "2026-11-12 14:30:00", "reason": "忘了"}
    id = staff.post("/requests/new", sent).headers["location"]
    boss = browser.other().as_role("leader")
    assert boss.post(f"{id}/decide", {"decision": "refuse", "note": "监控里没有人"}).status_code == 303
    text = text_of(staff.get("/tasks"))
    assert "未批准 监控里没有人" in text
    browser.clock.moment += 32 * 86400
    browser.other()
    staff = browser.other().as_role("staff")
    assert "监控里没有人" not in staff.get("/tasks").text
