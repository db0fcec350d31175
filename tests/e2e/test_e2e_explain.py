"""`explain`: every verdict, violation and entry down to the raw bytes, as text, JSON and one page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from punchsync.cli.common import width

from .commandline import export
from .live import Live
from .site import LATER, MONDAY, TOML, Hall, attlog, incident, leave, one_day, staff

Json = dict[str, Any]
CHARGED = {"account_type": "person", "account_id": "P1", "category": "勤"}


def explained(hall: Hall, *args: str) -> Json:
    found: Json = json.loads(hall.done("explain", *(args or ("P1", MONDAY)), "--json"))
    return found


def clocks(row: Json) -> Json:
    """An alternative with its times of the day alone."""
    matching = [m[11:] if m else None for m in row["matching"]]
    return {**row, "punch": row["punch"][11:] if row["punch"] else None, "matching": matching}


def month(path: Path, late: int) -> Hall:
    """P1 late on so many working days of November, settled after it."""
    hall = Hall(path)
    assert hall.bring("staff", staff(from_="2026-11-02", to="2026-11-30")).status == 0
    dates = [f"2026-11-{d:02d}" for d in (*range(2, 7), *range(9, 14), *range(16, 21))][:late]
    rows = "".join(attlog("08:45:00", "12:01:00", "14:25:00", "17:31:00", date=d) for d in dates)
    path_ = hall.write("1_attlog.dat", rows)
    hall.done("import", "punches", str(path_), "--terminal", "T1", "--through", f"{dates[-1]} 23:59:59")
    assert hall.settle(f"{dates[-1]} 23:59:59").status == 0
    return hall


# a late with an alternative


def test_a_late_says_why_no_other_punch_would_have_been_better(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00", "08:50:00", "12:01:00", "14:25:00", "17:31:00")

    found = explained(hall)

    rest = ["12:01:00", "14:25:00", "17:31:00"]
    late = found["verdicts"][0]
    assert [clocks(a) for a in late.pop("alternatives")] == [
        {"punch": "08:50:00", "matching": ["08:50:00", *rest], "criterion": "seconds", "by": 300},
        {"punch": None, "matching": [None, *rest], "criterion": "unmatched", "by": 1},
    ]
    assert late == {
        "session": 1, "checkpoint": "in", "timetable": f"{MONDAY} 08:30:00", "due": f"{MONDAY} 08:30:00",
        "opens": f"{MONDAY} 05:30:00", "shuts": f"{MONDAY} 12:00:00", "close": f"{MONDAY} 12:00:00",
        "punch": f"{MONDAY} 08:45:00", "terminal": "T1", "verdict": "late", "seconds": 900, "would": "late",
        "rests_on": None, "judged_anew": None,
    }  # fmt: skip
    assert [(p["at"][11:], p["fate"], p["of"]) for p in found["punches"][:2]] == [
        ("08:45:00", "serves", {"session": 1, "checkpoint": "in"}),
        ("08:50:00", "worse", {"session": 1, "checkpoint": "in"}),
    ]
    (violation,) = found["violations"]
    assert [i["id"] for i in violation["interpretations"]] == [
        "yihuang.missing", "yihuang.tens_period", "yihuang.qin_period",
    ]  # fmt: skip
    assert violation["counts"] == [{"rule": "tens", "every": 10, "nth": 1, "before": []}]
    assert violation["charges"][0] == CHARGED | {
        "item": "late_early", "item_points": "-0.5", "state": "booked", "points": "-0.5",
        "cause": f"{violation['id']}@person:P1/勤", "counted": "", "nth": 0, "before": [], "times": None,
    }  # fmt: skip
    assert found["stale"] == []


def test_the_text_says_the_essence_first_and_fits_a_terminal(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00", "08:50:00", "12:01:00", "14:25:00", "17:31:00")

    lines = hall.done("explain", "P1", MONDAY).splitlines()

    assert lines[:5] == [
        "甲（P1） 2026-11-09 考勤说明",
        "公安（公安局）；核算到 2026-11-10 12:00:00",
        "第 1 半天上班迟到：应 08:30:00，打卡 08:45:00，900 秒（15 分 0 秒）",
        "违规：第 1 半天 迟到",
        "扣分：个人 P1〔勤〕 -0.5；窗口 公安〔文明服务〕 -0.5",
    ]
    assert "    不用 08:50:00：全天迟到、早退合计会多 300 秒" in lines
    assert [line for line in lines if width(line) > 80] == []


# excused by a ruling


def test_an_absence_that_a_ruling_excused_says_so_and_keeps_its_entries_with_their_reversals(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:25:00", "12:01:00")
    ruling = {"ruling_id": "C1", "person_id": "P1", "window": "", "date": MONDAY, "session": "2", "kind": ""}
    ruling |= {"effect": "excuse", "as_kind": "", "document": "裁字 1 号", "decided_by": "效能办"}
    assert hall.bring("ruling", ruling | {"decided_at": "2026-11-10 13:00:00"}).status == 0
    before = explained(hall)
    assert hall.settle("2026-11-11 12:00:00").status == 0
    after = explained(hall)

    assert (before["stale"], before["judged_anew"]) == (["violations", "entries"], [])
    assert (after["stale"], after["violations"]) == ([], [])
    assert after["rulings"] == [
        {
            "ruling_id": "C1", "effect": "excuse", "session": 2, "kind": "", "as_kind": "", "document": "裁字 1 号",
            "decided_by": "效能办", "decided_at": "2026-11-10 13:00:00", "violation": "",
        }
    ]  # fmt: skip
    assert [(e["entry_id"], e["points"], e["reverses"], e["reversed_by"]) for e in after["entries"]] == [
        ("E00000001", "-2.5", "", "E00000003"),
        ("E00000002", "-2.5", "", "E00000004"),
        ("E00000003", "2.5", "E00000001", ""),
        ("E00000004", "2.5", "E00000002", ""),
    ]


# conversions


def test_the_tenth_late_says_what_the_half_day_was_made_of_and_whose_points_count(tmp_path: Path) -> None:
    hall = month(tmp_path, 10)

    found = explained(hall, "P1", "2026-11-13")

    made, late = found["violations"]
    assert (made["kind"], made["source"], late["kind"]) == ("absent_half_day", "conversion", "late")
    assert [m["date"] for m in made["made_of"]] == [f"2026-11-{d:02d}" for d in (*range(2, 7), *range(9, 14))]
    assert [m["id"] for m in late["made_into"]] == [made["id"]]
    assert (late["counts"][0]["nth"], len(late["counts"][0]["before"])) == (10, 9)
    assert made["weighed"] == late["weighed"]
    assert made["weighed"][0] == {
        "derived": made["id"], "mode": "heavier", "account_type": "person", "category": "勤",
        "derived_points": "-2.5", "members_points": "-5", "kept": "members",
    }  # fmt: skip
    assert [(c["account_type"], c["state"], c["points"]) for c in made["charges"]] == [
        ("person", "lighter", "0"), ("window", "lighter", "0"),
    ]  # fmt: skip
    assert [e["points"] for e in found["entries"]] == ["-0.5", "-0.5"]
    (row,) = [s for s in found["scores"] if s["account_type"] == "person"]
    assert row == CHARGED | {"period": "2026-11", "base": "30", "cap": "30", "points": "-5", "score": "25", "cut": "0"}


def test_the_first_of_an_item_is_charged_and_the_second_names_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", "changxing"))
    assert hall.bring("staff", staff()).status == 0
    assert hall.punch("08:31:00", "11:31:00", "14:01:00", "17:31:00").status == 0
    assert hall.settle().status == 0

    first, second = (v["charges"][0] for v in explained(hall)["violations"])

    assert (first["counted"], first["nth"], first["state"], first["points"]) == ("2026-Q4", 1, "booked", "-5")
    assert (second["nth"], second["state"], second["points"]) == (2, "free", "0")
    assert [(b["session"], b["kind"]) for b in second["before"]] == [(1, "late")]


# clocks


def test_a_corrected_punch_shows_the_two_looks_at_the_clock_that_it_rests_on(live: Live) -> None:
    live.set_up("changxing")
    live.connect(live.device(drift_ppm=400))
    live.people("P1")
    live.poll("07:30:00")
    live.taken("1", "08:30:30")
    live.poll("20:40:00")

    (said,) = explained(live)["punches"]

    assert said["clock"] == {
        "how": "drift", "from": f"{MONDAY} 07:30:00", "to": f"{MONDAY} 20:40:00", "before": 0, "after": 19,
    }  # fmt: skip
    assert (said["at"], said["raw_at"]) == (f"{MONDAY} 08:30:31", f"{MONDAY} 08:30:32")
    assert said["doubt"] == [f"{MONDAY} 08:30:13", f"{MONDAY} 08:30:32"]
    assert (said["read"]["reading"], said["read"]["source"], said["read"]["clock_offset_seconds"]) == (2, "tcp", 19)


# not known


def test_what_is_pending_says_how_far_must_be_read_and_was(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00", "12:01:00", through=f"{MONDAY} 13:00:00")

    found = explained(hall)

    rests = [v["rests_on"] for v in found["verdicts"]]
    assert (rests[0], rests[1], rests[3]) == (
        None,
        None,
        {
            "needed_through": f"{MONDAY} 20:30:00", "behind": {"T1": f"{MONDAY} 14:29:59"}, "not_over": False,
            "no_terminal": False, "dark": [], "doubts": [],
        },
    )  # fmt: skip
    assert found["terminals"][0]["through"] == f"{MONDAY} 13:00:00"
    assert found["terminals"][0]["by"]["name"] == "1_attlog.dat"


def test_what_is_unverified_says_when_it_was_dark_and_what_it_would_be(tmp_path: Path) -> None:
    dark = {"terminal_id": "T1", "start": f"{MONDAY} 08:20", "end": f"{MONDAY} 08:35", "kind": "no_punch"}
    hall = one_day(tmp_path, "08:50:00", "12:01:00", "14:25:00", "17:31:00", outage=[dark])

    first = explained(hall)["verdicts"][0]

    assert (first["verdict"], first["would"]) == ("unverified", "late")
    assert first["rests_on"]["dark"] == [[f"{MONDAY} 08:20:00", f"{MONDAY} 08:35:01"]]


def test_leave_says_what_it_lacks_and_stand_ins_for_whom(tmp_path: Path) -> None:
    away = leave("08:30", "12:00", kind="personal", approvals="window_lead")
    hall = one_day(tmp_path, "14:25:00", "17:31:00", leave=[away])
    assert hall.bring("staff", staff("P2", name="乙")).status == 0
    row = {"standin_id": "S1", "absent_person_id": "P1", "standin_person_id": "P2", "filed_at": f"{MONDAY} 08:00"}
    assert hall.bring("standin", row | {"start": f"{MONDAY} am", "end": f"{MONDAY} am"}).status == 0

    (mine,), (standin,) = explained(hall)["leave"], explained(hall, "P2", MONDAY)["standins"]

    assert (mine["valid"], mine["approvals"], mine["lacking"], mine["in_time"]) == (
        False, ["window_lead"], ["inspection"], True,
    )  # fmt: skip
    assert mine["article"] == "考勤制度 3"
    assert standin == {
        "standin_id": "S1", "absent_person_id": "P1", "standin_person_id": "P2", "start": f"{MONDAY} 08:30:00",
        "end": f"{MONDAY} 12:00:00", "filed_at": f"{MONDAY} 08:00:00", "in_time": True, "role": "standin", "leave": [],
    }  # fmt: skip


def test_a_session_that_falls_to_the_b_post_names_both(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", "bureau"))
    assert hall.bring("staff", staff(), staff("P2", name="乙", backup_for="P1")).status == 0
    row = {"roster_id": "R1", "entered_at": "2026-11-01 08:00", "person_id": "P1", "window": "", "from": MONDAY}
    assert hall.bring("roster", row | {"to": MONDAY, "shift": "08:30-12:00", "days": ""}).status == 0
    assert hall.bring("leave", leave("08:30", "12:00")).status == 0
    assert hall.punch("08:25:00", "12:01:00", user="2").status == 0
    assert hall.settle().status == 0

    first, backup = explained(hall), explained(hall, "P2", MONDAY)

    owed = [{"a": "P1", "b": "P2", "start": f"{MONDAY} 08:30:00", "end": f"{MONDAY} 12:00:00"}]
    assert (first["backups"], backup["backups"]) == (owed, owed)
    assert (first["timetable"]["origin"], first["timetable"]["roster_id"]) == ("own", "R1")
    assert [v["verdict"] for v in backup["verdicts"]] == ["normal", "normal"]


# entries


def test_an_entry_that_was_taken_back_says_what_stood_and_when_it_went(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00", "12:01:00", "14:25:00", "17:31:00")
    assert hall.punch("08:29:00", "08:45:00", "12:01:00", "14:25:00", "17:31:00").status == 0
    assert hall.settle("2026-11-12 12:00:00").status == 0

    found, text = explained(hall, "E00000002"), hall.done("explain", "E00000002")

    assert (found["standing"], found["violation"]) == (False, None)
    assert found["was"] == {
        "person": "P1", "session": 1, "kind": "", "source": "punch", "checkpoint": "in", "record": "",
    }  # fmt: skip
    assert [(e["entry_id"], e["booked_on"], e["reversed_by"]) for e in found["history"]] == [
        ("E00000002", "2026-11-10", "E00000004"),
        ("E00000004", "2026-11-12", ""),
    ]
    assert (found["day"]["person_id"], found["day"]["verdicts"][0]["verdict"]) == ("P1", "normal")
    assert "已于 2026-11-12 由 E00000004 冲回" in text


def test_a_window_that_stood_empty_is_explained_from_its_entry(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", "tianyang"))
    assert hall.bring("staff", staff()).status == 0
    empty = incident("I1", f"{MONDAY} 10:00", "window_empty") | {"person_id": "", "window": "公安", "place": "大厅"}
    assert hall.bring("incident", empty).status == 0
    assert hall.punch("08:25:00", "14:25:00").status == 0
    assert hall.settle().status == 0

    found = explained(hall, "E00000001")

    violation = found["violation"]
    assert (violation["kind"], violation["person_id"], violation["session"]) == ("window_empty", "", 0)
    day = found["day"]
    assert (day["person_id"], day["window"], day["stale"]) == ("", "公安", [])
    assert [(i["incident_id"], i["place"], i["violation"]) for i in day["incidents"]] == [
        ("I1", "大厅", violation["id"])
    ]
    assert [(c["account_id"], c["points"], c["state"]) for c in day["violations"][0]["charges"]] == [
        ("公安", "-2", "booked")
    ]


def test_an_entry_for_a_closed_month_says_why_it_was_booked_later(tmp_path: Path) -> None:
    hall = month(tmp_path, 5)
    hall.done("period", "close", "2026-11", "--by", "王主任", "--as-of", "2026-12-01 08:00:00", "--anyway",
              "--reason", "年底")  # fmt: skip
    hall.bring("incident", incident("I1", "2026-11-04 10:00"))
    assert hall.settle("2026-12-01 08:00:00").status == 0

    rows = [e for e in explained(hall, "P1", "2026-11-04")["entries"] if e["closed"]]

    assert {(e["booked_on"], e["closed"]["month"], e["closed"]["by"]) for e in rows} == {
        ("2026-12-01", "2026-11", "王主任")
    }


# pages


def test_a_page_stands_by_itself_without_scripts(tmp_path: Path) -> None:
    hall = one_day(tmp_path / "site", "08:45:00", "12:01:00", "14:25:00", "17:31:00")
    page = tmp_path / "why.html"

    said = hall.done("explain", "E00000001", "--page", str(page))

    text = page.read_text(encoding="utf-8")
    assert str(page) in said
    assert [bad for bad in ("<script", "http://", "https://", "src=", "@import") if bad in text] == []
    assert ("账目 E00000001 说明" in text, "08:45:00" in text, "size: A4" in text) == (True, True, True)


def test_a_page_escapes_what_people_wrote(tmp_path: Path) -> None:
    hall = one_day(tmp_path / "site", "08:45:00", incident=[incident("I1", f"{MONDAY} 10:00") | {"place": "<b>"}])
    page = tmp_path / "why.html"
    hall.done("explain", "P1", MONDAY, "--page", str(page))

    assert ("&lt;b&gt;" in page.read_text(encoding="utf-8"), "<b>" in page.read_text(encoding="utf-8")) == (True, False)


def test_what_there_is_not_is_named(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00")
    asked = [
        (["P9", MONDAY], 2, "P9"),
        (["E00000099"], 2, "E00000099"),
        (["P1", "2026-13-01"], 2, "2026-13-01"),
        (["P1", MONDAY, "--page", "why.pdf"], 2, "why.pdf"),
        (["P1", MONDAY, "--page", str(tmp_path / "nowhere" / "why.html")], 4, "nowhere"),
    ]

    found = [(hall.run("explain", *args), named) for args, _status, named in asked]

    assert [(ran.status, named in ran.err, ran.out) for ran, named in found] == [(s, True, "") for _a, s, _n in asked]


def test_a_day_that_was_never_settled_is_shown_as_it_would_be(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    assert hall.bring("staff", staff()).status == 0
    assert hall.punch("08:45:00", through=LATER).status == 0

    found = explained(hall)

    assert (found["settled_as_of"], found["entries"], export(hall.path, "ledger")) == (None, [], [])
    assert [p["raw_at"] for p in found["punches"]] == [f"{MONDAY} 08:45:00"]


def test_leave_over_the_limit_says_how_many_half_days_it_counts(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace('pack = "yihuang"', 'pack = "county"\nanswers = { late_points = "0.5", '
                                       'training_late_points = "0.5" }'))  # fmt: skip
    assert hall.bring("staff", staff(from_="2026-10-01", to=MONDAY)).status == 0
    away = leave("", "", kind="personal") | {"start": "2026-10-12 am", "end": f"{MONDAY} pm"}
    assert hall.bring("leave", away).status == 0
    assert hall.settle().status == 0

    (violation,) = explained(hall, "P1", "2026-11-02")["violations"]

    assert (violation["kind"], violation["source"]) == ("leave_over", "threshold")
    assert violation["threshold"] == {"counted": 31, "limit": "30", "of": 0, "leave": ["L1"]}


def test_an_appeal_stands_with_the_day_it_is_about(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00", "12:01:00", "14:25:00", "17:31:00")
    (violation,) = explained(hall)["violations"]
    hall.done("appeal", "file", violation["id"], "--by", "甲", "--grounds", "堵车", "--at", "2026-11-10 13:00:00")

    (appeal,) = explained(hall)["appeals"]

    assert (appeal["violation"], appeal["filed_by"], appeal["grounds"], appeal["decision"]) == (
        violation["id"], "甲", "堵车", None,
    )  # fmt: skip
    assert "申诉 1：迟到，甲 于 2026-11-10 13:00:00 提出；还没有决定" in hall.done("explain", "P1", MONDAY)
