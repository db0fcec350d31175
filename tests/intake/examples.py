"""One good row of each kind as written, and the body it stands for."""

from __future__ import annotations

WRITTEN: dict[str, dict[str, str]] = {
    "staff": {
        "person_id": "001", "name": "甲一", "unit": "公安局", "window": "公安", "post": "lead",
        "device_user_id": "0007", "backup_for": "002；003", "from": "2026-01-01", "to": "2026-12-31",
        "withdrawn": "2026-02-01",
    },
    "device": {
        "terminal_id": "T1", "device_user_id": "0007", "person_id": "001", "from": "2026-01-01", "to": "",
        "withdrawn": "",
    },
    "roster": {
        "roster_id": "R1", "entered_at": "2026-09-20 09:00", "person_id": "", "window": "公安", "from": "2026-10-01",
        "to": "2026-10-31", "shift": "08:00-12:00+14:00-24:00", "days": "周六，周一", "withdrawn": "",
    },
    "leave": {
        "leave_id": "L1", "person_id": "001", "kind": "事假", "start": "2026-10-12 上午", "end": "2026-10-13",
        "daily_from": "08:30", "daily_to": "24:00", "registered_at": "2026-10-11 16:00", "certificate": "有",
        "approvals": "督查、窗口负责人", "returned_at": "2026-10-13 11:00:30", "withdrawn": "",
    },
    "outing": {
        "outing_id": "O1", "person_id": "001", "start": "2026-10-15 09:00", "end": "", "registered_at":
        "2026-10-15 08:20", "reason": "送达，文书", "withdrawn": "",
    },
    "standin": {
        "standin_id": "S1", "absent_person_id": "001", "standin_person_id": "002", "start": "2026-10-12 下午", "end":
        "2026-10-13", "filed_at": "2026-10-11 16:30", "withdrawn": "",
    },
    "incident": {
        "incident_id": "I1", "person_id": "001", "window": "", "kind": "玩游戏", "at": "2026-10-19 10:20",
        "noted_by": "督查员", "place": "二楼", "evidence": "照片", "warned": "", "withdrawn": "",
    },
    "outage": {
        "terminal_id": "T1", "start": "2026-10-21", "end": "2026-10-21 pm", "kind": "无法打卡", "withdrawn": "",
    },
    "paper": {
        "person_id": "001", "at": "2026-10-21 08:28", "sheet": "7", "approved_by": "中心领导", "withdrawn": "",
    },
    "ruling": {
        "ruling_id": "D1", "person_id": "001", "window": "", "date": "2026-10-19", "session": "1", "kind": "迟到",
        "effect": "改判", "as_kind": "early", "document": "裁字", "decided_by": "效能办", "decided_at":
        "2026-10-20 16:00", "withdrawn": "",
    },
    "calendar": {"date": "2026-10-24", "kind": "上班", "note": "切换", "withdrawn": ""},
    "scores": {
        "period": "2026-q4", "subject_type": "个人", "subject_id": "001", "category": "互评", "points": "+88.250",
        "note": "十人", "withdrawn": "",
    },
}  # fmt: skip

CANONICAL: dict[str, dict[str, str]] = {
    "staff": WRITTEN["staff"] | {"backup_for": "002;003", "withdrawn": "2026-02-01 00:00:00"},
    "device": WRITTEN["device"],
    "roster": WRITTEN["roster"] | {"entered_at": "2026-09-20 09:00:00", "days": "mon,sat"},
    "leave": WRITTEN["leave"]
    | {
        "kind": "personal",
        "start": "2026-10-12 am",
        "end": "2026-10-14 00:00:00",
        "daily_from": "08:30:00",
        "daily_to": "24:00:00",
        "registered_at": "2026-10-11 16:00:00",
        "certificate": "yes",
        "approvals": "window_lead;inspection",
    },
    "outing": WRITTEN["outing"] | {"start": "2026-10-15 09:00:00", "registered_at": "2026-10-15 08:20:00"},
    "standin": WRITTEN["standin"]
    | {"start": "2026-10-12 pm", "end": "2026-10-14 00:00:00", "filed_at": "2026-10-11 16:30:00"},
    "incident": WRITTEN["incident"] | {"kind": "games", "at": "2026-10-19 10:20:00", "warned": "no"},
    "outage": WRITTEN["outage"] | {"start": "2026-10-21 00:00:00", "end": "2026-10-22 00:00:00", "kind": "no_punch"},
    "paper": WRITTEN["paper"] | {"at": "2026-10-21 08:28:00"},
    "ruling": WRITTEN["ruling"] | {"kind": "late", "effect": "amend", "decided_at": "2026-10-20 16:00:00"},
    "calendar": WRITTEN["calendar"] | {"kind": "work"},
    "scores": WRITTEN["scores"] | {"period": "2026-Q4", "subject_type": "person", "points": "88.25"},
}

KEYS = {
    "staff": "001\t2026-01-01",
    "device": "T1\t0007\t2026-01-01",
    "roster": "R1",
    "leave": "L1",
    "outing": "O1",
    "standin": "S1",
    "incident": "I1",
    "outage": "T1\t2026-10-21 00:00:00\tno_punch",
    "paper": "001\t2026-10-21 08:28:00",
    "ruling": "D1",
    "calendar": "2026-10-24",
    "scores": "2026-Q4\tperson\t001\t互评",
}
