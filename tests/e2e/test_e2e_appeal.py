"""Appeals through the command line: filed within the term, decided by somebody else, booked by settling, never lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from punchsync.bootstrap import opened
from punchsync.core.moment import parse_moment
from punchsync.operations.appeals import settled_since

from .commandline import Ran, export
from .site import LATER, MONDAY, TOML, Hall, attlog, incident, leave, one_day, staff

CLEAN = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")
LATE = ("08:45:00", *CLEAN[1:])
TERM = f"{TOML}\n[appeals]\ndays = 5\n"
ALL = "window_lead;inspection;unit_leader;centre_leader;centre"
FILED = "2026-11-11 09:00:00"
DECIDED = "2026-11-12 10:00:00"
BY = ("--by", "李主任", "--document", "申字 1 号")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1, late on one Monday morning and found wandering that afternoon."""
    return one_day(tmp_path / "site", *LATE, incident=[incident("I1", f"{MONDAY} 15:00")])


def ids(hall: Hall, kind: str = "") -> list[str]:
    """The ids of standing violations of a kind."""
    return [r[10] for r in export(hall.path, "violations") if kind in ("", r[3])]


def the_late(hall: Hall) -> str:
    [id] = ids(hall, "late")
    return id


def file(hall: Hall, *what: str, by: str = "甲", at: str = FILED) -> Ran:
    grounds = () if "--grounds" in what else ("--grounds", "电梯故障")
    return hall.run("appeal", "file", *what, "--by", by, *grounds, "--at", at)


def decide(hall: Hall, number: int, outcome: str, *more: str, at: str = DECIDED) -> Ran:
    by = () if "--by" in more else BY
    return hall.run("appeal", "decide", str(number), "--outcome", outcome, *by, *more, "--at", at)


def listed(hall: Hall, *args: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(hall.done("appeal", "list", *args, "--json"))["appeals"]
    return rows


def states(hall: Hall) -> list[tuple[str, str]]:
    return [(r["state"], r["effect"]) for r in listed(hall)]


def ledger(hall: Hall) -> list[tuple[str, ...]]:
    """Day of booking, revision, account, points and what is reversed, in the order of booking."""
    return [(r[0], r[3], r[5], r[8], r[12]) for r in sorted(export(hall.path, "ledger"), key=lambda r: r[1])]


# an appeal's way


def test_an_appeal_that_is_excused_takes_back_the_entries_of_that_violation_alone(hall: Hall) -> None:
    id, before = the_late(hall), hall.points()

    filed = file(hall, id)
    done = json.loads(decide(hall, 1, "excused", "--json").out)

    assert (filed.status, id in filed.out) == (0, True)
    assert ids(hall, "late") == []
    assert ids(hall, "wandering") != []
    mine = [e for e in done["settled"]["reversals"] if e["cause"].startswith(id)]
    assert len(mine) == len([e for e in done["appeal"]["entries"] if e["revision"] == 1]) > 0
    assert hall.points() != before
    row = listed(hall)[0]
    assert (row["kind"], row["seconds"], row["state"], row["effect"], row["now"]) == ("late", 900, "excused", "", None)
    assert (row["filed_by"], row["decided_by"], row["document"]) == ("甲", "李主任", "申字 1 号")
    assert [e["revision"] for e in row["entries"]].count(2) == len(mine)
    assert hall.run("verify").status == 0


def test_deciding_lets_no_time_pass(hall: Hall) -> None:
    file(hall, the_late(hall))

    done = json.loads(decide(hall, 1, "excused", "--json").out)

    assert done["settled"]["as_of"] == LATER
    assert {e["booked_on"] for e in done["settled"]["reversals"]} == {LATER[:10]}
    assert hall.settle(LATER).status == 0


def test_what_is_amended_is_booked_anew_under_the_same_id(hall: Hall) -> None:
    id = the_late(hall)
    file(hall, id)

    done = json.loads(decide(hall, 1, "amended", "--as-kind", "no_badge", "--json").out)

    now = done["appeal"]["now"]
    assert (now["id"], now["kind"], now["seconds"], now["ruling"]) == (id, "no_badge", 0, "appeal-000001")
    assert (done["appeal"]["kind"], done["appeal"]["seconds"], done["appeal"]["as_kind"]) == ("late", 900, "no_badge")
    mine = [e for e in done["settled"]["posts"] if e["cause"].startswith(id)]
    assert ({e["revision"] for e in mine}, hall.run("verify").status) == ({3}, 0)


def test_what_is_upheld_stands_with_its_entries(hall: Hall) -> None:
    before = hall.points(), ledger(hall)
    file(hall, the_late(hall))

    done = decide(hall, 1, "upheld")

    assert (done.status, states(hall)) == (0, [("upheld", "")])
    assert (hall.points(), ledger(hall)) == before


def test_without_settling_a_decision_is_kept_and_booked_by_the_next_settle(hall: Hall) -> None:
    file(hall, the_late(hall))
    before = ledger(hall)

    done = decide(hall, 1, "excused", "--no-settle")
    kept = ledger(hall), states(hall), hall.run("verify").status
    hall.settle("2026-11-12 12:00:00")

    assert (done.status, done.err) == (0, "")
    assert kept == (before, [("excused", "unsettled")], 0)
    assert {r[0] for r in ledger(hall)[len(before) :]} == {"2026-11-12"}
    assert states(hall) == [("excused", "")]


def test_an_appeal_decided_after_its_month_was_closed_is_booked_in_the_open_one(tmp_path: Path) -> None:
    hall = Hall(tmp_path / "site")
    hall.bring("staff", staff())
    hall.punch(*LATE, through="2026-12-01 12:00:00")
    hall.settle("2026-12-01 12:00:00")
    file(hall, the_late(hall))
    assert hall.run("period", "close", "2026-11", "--as-of", "2026-12-01 12:00:00").status == 0
    issued = export(hall.path, "ranking")

    assert decide(hall, 1, "excused", "--as-of", "2026-12-03 09:00:00").status == 0

    back = [(r[0], r[11]) for r in export(hall.path, "ledger") if r[12]]
    assert set(back) == {("2026-12-03", MONDAY)}
    assert (hall.points(), export(hall.path, "ranking")) == ({}, issued)
    assert hall.run("verify").status == 0


def test_while_the_month_of_the_last_settle_is_closed_a_reversal_is_booked_on_the_first_open_day(hall: Hall) -> None:
    file(hall, the_late(hall))
    hall.run("period", "close", "2026-11", "--anyway", "--reason", "提前关账", "--as-of", LATER)

    done = json.loads(decide(hall, 1, "excused", "--json").out)

    assert {e["booked_on"] for e in done["settled"]["reversals"]} == {"2026-12-01"}


# against what


def test_a_derived_violation_names_those_it_was_made_of(tmp_path: Path) -> None:
    notes = [incident("I1", f"{MONDAY} 15:00"), incident("I2", f"{MONDAY} 15:30")]
    hall = one_day(tmp_path, *CLEAN, incident=notes)
    [derived] = [r[10] for r in export(hall.path, "violations") if r[3] == "absent_half_day"]
    origin = [r[10] for r in export(hall.path, "violations") if r[3] == "wandering"]

    refused = file(hall, derived)
    assert (refused.status, [id in refused.err for id in origin]) == (3, [False, True])
    assert file(hall, origin[1]).status == 0
    booked = listed(hall)[0]["entries"]

    assert {e["cause"].partition("@")[0] for e in booked} == {derived}
    assert decide(hall, 1, "excused").status == 0
    assert derived not in ids(hall)
    assert {e["revision"] for e in listed(hall)[0]["entries"]} == {1, 2}


@pytest.mark.parametrize(("pack", "source"), [("foursign", "standin"), ("changxing", "leave")])
def test_what_follows_from_leave_can_be_appealed_against(tmp_path: Path, pack: str, source: str) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", pack))
    hall.bring("staff", staff())
    hall.bring("leave", leave("08:30", "17:30", registered_at=f"{MONDAY} 18:00", approvals=ALL, certificate="yes"))
    hall.settle()
    [id] = [r[10] for r in export(hall.path, "violations") if r[7] == source]

    assert (file(hall, id).status, decide(hall, 1, "excused").status) == (0, 0)
    assert ([r for r in export(hall.path, "violations") if r[7] == source], states(hall)) == ([], [("excused", "")])


def test_what_follows_from_totals_can_not_be_appealed_against(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", "changxing"))
    hall.bring("staff", staff())
    hall.punch(*CLEAN[:2], through="2026-12-01 12:00:00")
    hall.settle("2026-12-01 12:00:00")
    [id] = ids(hall, "low_presence")

    ran = file(hall, id)

    assert (ran.status, id in ran.err, len(ran.err.splitlines()), listed(hall)) == (3, True, 1, [])


def test_a_window_s_violation_is_its_unit_s_to_appeal_against(tmp_path: Path) -> None:
    empty = incident("I1", f"{MONDAY} 10:00", "window_empty") | {"person_id": "", "window": "公安"}
    hall = one_day(tmp_path, *CLEAN, incident=[empty])
    [id] = ids(hall)

    assert file(hall, id, "--role", "person", "--grounds", "有人").status == 2
    assert file(hall, "公安", MONDAY, by="公安局").status == 0
    [row] = listed(hall, "--person", "公安")
    assert (row["role"], row["person_id"], row["window"], row["name"]) == ("unit", "", "公安", "")
    assert decide(hall, 1, "excused", "--by", "督查员", "--document", "1 号").status == 3
    assert decide(hall, 1, "excused").status == 0
    assert (ids(hall), states(hall), hall.run("verify").status) == ([], [("excused", "")], 0)


def test_a_person_and_a_day_name_the_only_violation_or_all_there_are(hall: Hall, tmp_path: Path) -> None:
    several, nobody = file(hall, "P1", MONDAY), file(hall, "P1", "2026-11-08")
    only = one_day(tmp_path / "other", *LATE)

    shown = [r[3] for r in export(hall.path, "violations") if r[10] in several.err]
    assert (several.status, sorted(shown)) == (2, ["late", "wandering"])
    assert (nobody.status, listed(hall)) == (3, [])
    assert file(only, "P1", MONDAY).status == 0
    assert listed(only)[0]["violation"] == the_late(only)


def test_before_anything_was_settled_there_is_nothing_to_appeal_against(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff())

    ran = file(hall, "v0123456789abcdef")

    assert (ran.status, "punchsync settle" in ran.err) == (3, True)
    assert hall.done("appeal", "list").strip() == "没有这样的申诉"


# the term


def of_term(path: Path, settings: str = TERM) -> Hall:
    """P1 late on Monday, which was settled, and so booked, the day after: the term of five days ends on the 15th."""
    hall = Hall(path, settings)
    hall.bring("staff", staff())
    hall.punch(*LATE)
    hall.settle(LATER)
    return hall


@pytest.mark.parametrize(
    ("settings", "at", "status"),
    [
        (TERM, "2026-11-15 23:59:58", 0), (TERM, "2026-11-15 23:59:59", 0), (TERM, "2026-11-16 00:00:00", 3),
        (TOML, "2026-12-10 00:00:00", 0), (TOML, "2099-11-09 12:00:00", 3),
        (TOML, f"{MONDAY} 00:00:00", 0), (TOML, "2026-11-08 23:59:59", 3),
    ],
)  # fmt: skip
def test_an_appeal_is_taken_to_the_end_of_the_last_day(tmp_path: Path, settings: str, at: str, status: int) -> None:
    hall = of_term(tmp_path, settings)

    ran = file(hall, the_late(hall), at=at)

    assert (ran.status, len(listed(hall))) == (status, 1 - status // 3)


def test_after_the_term_an_appeal_is_refused_with_the_last_day_and_taken_with_a_reason(tmp_path: Path) -> None:
    hall = of_term(tmp_path)
    id, at = the_late(hall), "2026-11-16 00:00:00"

    refused = file(hall, id, at=at)
    empty = file(hall, id, "--grounds", "故障", "--late", " ", at=at)
    taken = file(hall, id, "--grounds", "故障", "--late", "住院", at=at)

    assert (refused.status, "2026-11-15" in refused.err, empty.status, taken.status) == (3, True, 2, 0)
    assert [r["late"] for r in listed(hall)] == ["住院"]


def test_a_reason_for_being_late_is_not_kept_of_who_was_in_time(tmp_path: Path) -> None:
    hall = of_term(tmp_path)

    assert file(hall, the_late(hall), "--grounds", "故障", "--late", "住院").status == 0
    assert listed(hall)[0]["late"] == ""


OWN = """
extends = "yihuang"
id = "own"
name = "自己的"
[[document]]
id = "shensu"
title = "申诉办法"
short = "申诉办法"
[[appeals]]
id = "appeals"
days = 3
cites = ["shensu 2"]
to = 2026-11-08
[[appeals]]
id = "appeals"
days = 2
cites = ["shensu 2"]
from = 2026-11-09
"""


def test_the_pack_s_term_of_the_violation_s_day_holds_where_the_hall_has_none_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    halls = [of_term(tmp_path / name, settings.replace('"yihuang"', '"../own.toml"'))
             for name, settings in (("pack", TOML), ("hall", TERM))]  # fmt: skip

    ends = [[file(hall, the_late(hall), at=at).status for at in ("2026-11-16 00:00:00", "2026-11-12 23:59:59")]
            for hall in halls]  # fmt: skip
    late = file(of_term(tmp_path / "more", TOML.replace('"yihuang"', '"../own.toml"')), "P1", MONDAY,
                at="2026-11-13 00:00:00")  # fmt: skip

    assert (ends, late.status, "2026-11-12" in late.err) == ([[3, 0], [3, 0]], 3, True)
    assert "2 日内申诉" in halls[0].done("rules", "show", str(tmp_path / "own.toml"))


def test_another_term_for_a_closed_month_stops_no_settle(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    hall = of_term(tmp_path / "site", TOML.replace('"yihuang"', '"../own.toml"'))
    hall.settle("2026-12-01 12:00:00")
    assert hall.run("period", "close", "2026-11", "--as-of", "2026-12-01 12:00:00").status == 0
    (tmp_path / "own.toml").write_text(OWN.replace("days = 2", "days = 9"), encoding="utf-8")

    assert hall.settle("2026-12-02 12:00:00").status == 0
    assert file(hall, "P1", MONDAY, at="2026-11-19 23:59:59").status == 0


def test_a_review_has_the_same_term_from_the_first_decision(tmp_path: Path) -> None:
    hall = of_term(tmp_path)
    file(hall, the_late(hall), at="2026-11-15 09:00")
    decide(hall, 1, "upheld", at="2026-11-20 10:00")

    late = file(hall, the_late(hall), at="2026-11-26 00:00:00")
    early = file(hall, the_late(hall), at="2026-11-20 09:59:59")
    in_time = file(hall, the_late(hall), at="2026-11-25 23:59:59")

    assert [r.status for r in (late, early, in_time)] == [3, 3, 0]
    assert ("2026-11-25" in late.err, "2026-11-20 10:00:00" in early.err) == (True, True)


# once open, once reviewed


def test_one_appeal_is_open_at_a_time_and_one_that_was_withdrawn_may_be_filed_again(hall: Hall) -> None:
    id = the_late(hall)
    file(hall, id)
    twice = file(hall, id)
    other = decide(hall, 1, "withdrawn", "--by", "乙")
    decide(hall, 1, "withdrawn", "--by", " 甲")
    again = file(hall, id)

    assert (twice.status, other.status, again.status) == (3, 3, 0)
    assert [(r["state"], r["stage"], r["ruling"]) for r in listed(hall)] == [("withdrawn", 1, ""), ("open", 1, "")]


def test_a_review_is_decided_by_somebody_else_and_is_the_last(hall: Hall) -> None:
    id = the_late(hall)
    file(hall, id)
    decide(hall, 1, "upheld")
    file(hall, id, at="2026-11-13 09:00")
    same = decide(hall, 2, "excused", at="2026-11-14 09:00")
    other = decide(hall, 2, "excused", "--by", "王主任", "--document", "复字 1 号", at="2026-11-14 09:00")

    assert (same.status, "李主任" in same.err, other.status) == (3, True, 0)
    assert [(r["stage"], r["state"], r["effect"]) for r in listed(hall)] == [
        (1, "upheld", "reviewed"),
        (2, "excused", ""),
    ]
    assert (ids(hall, "late"), hall.run("verify").status) == ([], 0)


def test_after_a_review_nothing_more_is_taken(hall: Hall) -> None:
    id = the_late(hall)
    for n, by in ((1, "李主任"), (2, "王主任")):
        file(hall, id, at="2026-11-13 09:00")
        decide(hall, n, "upheld", "--by", by, "--document", "号", at="2026-11-13 09:00")

    assert (file(hall, id, at="2026-11-14 09:00").status, len(listed(hall))) == (3, 2)


def test_a_review_that_upholds_leaves_what_the_first_decision_made_of_it(hall: Hall) -> None:
    id = the_late(hall)
    file(hall, id)
    decide(hall, 1, "amended", "--as-kind", "early")
    file(hall, id, at=DECIDED)
    done = json.loads(decide(hall, 2, "upheld", "--by", "王主任", "--document", "号", "--json").out)

    assert (done["appeal"]["now"]["kind"], done["appeal"]["kind"]) == ("early", "early")
    assert (done["appeal"]["now"]["ruling"], done["settled"]["posts"]) == ("appeal-000002", [])
    assert (states(hall), hall.run("verify").status) == ([("amended", "reviewed"), ("upheld", "")], 0)


def test_whom_it_concerns_does_not_decide(hall: Hall) -> None:
    [id] = ids(hall, "wandering")
    file(hall, id, by="代办人")

    names = ("甲", " 甲 ", "P1", "p1", "督查员", "督 查 员", "代办人")
    runs = [decide(hall, 1, "excused", "--by", who, "--document", "1 号") for who in names]

    assert [(r.status, r.out) for r in runs] == [(3, "")] * len(names)
    assert states(hall) == [("open", "")]


def test_a_decision_is_taken_once_and_not_before_the_appeal(hall: Hall) -> None:
    file(hall, the_late(hall))
    early = decide(hall, 1, "excused", at="2026-11-11 08:59:59")
    decide(hall, 1, "upheld")
    again = decide(hall, 1, "excused")

    assert (early.status, again.status, states(hall)) == (3, 3, [("upheld", "")])


# what changes meanwhile


def signed(hall: Hall) -> Ran:
    """A sign-in on paper: nobody was late."""
    paper = {"person_id": "P1", "at": f"{MONDAY} 08:20", "sheet": "7", "approved_by": "丙"}
    return hall.bring("paper", paper)


def test_an_open_appeal_whose_violation_is_gone_is_moot(hall: Hall) -> None:
    file(hall, the_late(hall))
    standing = decide(hall, 1, "moot")
    signed(hall)
    hall.settle(LATER)
    gone = states(hall)
    excused = decide(hall, 1, "excused")
    moot = decide(hall, 1, "moot", "--json")

    assert (gone, standing.status, excused.status, moot.status) == ([("open", "gone")], 3, 3, 0)
    assert (states(hall), listed(hall)[0]["ruling"]) == ([("moot", "")], "")


def test_a_decision_on_a_violation_that_is_gone_since_is_said_to_touch_nothing(hall: Hall) -> None:
    file(hall, the_late(hall))
    decide(hall, 1, "excused")
    before = states(hall)
    signed(hall)
    hall.settle(LATER)

    assert (before, states(hall)) == ([("excused", "")], [("excused", "gone")])
    assert "违规已因别的原因不存在" in hall.done("appeal", "list")
    assert (ids(hall, "late"), hall.run("verify").status) == ([], 0)


def test_an_amended_violation_that_an_absence_swallows_has_had_its_effect(tmp_path: Path) -> None:
    hall = one_day(tmp_path, *CLEAN[2:], incident=[incident("I1", f"{MONDAY} 09:00", "no_badge")])
    [id] = ids(hall, "no_badge")
    file(hall, id)

    done = decide(hall, 1, "amended", "--as-kind", "early")

    assert (done.status, states(hall), ids(hall, "no_badge")) == (0, [("amended", "")], [])


def test_what_a_decision_changes_is_settled_as_of_a_later_moment_that_somebody_settled_meanwhile(hall: Hall) -> None:
    with opened(hall.path) as site:
        done = settled_since(site.hall, parse_moment(LATER) - 1, lambda done, total: None)

    assert done.as_of == parse_moment(LATER)


def test_nobody_decides_on_what_the_records_no_longer_say(hall: Hall) -> None:
    file(hall, the_late(hall))
    signed(hall)

    ran = decide(hall, 1, "excused")

    assert (ran.status, "punchsync settle" in ran.err, states(hall)) == (3, True, [("open", "")])


def test_a_decision_that_a_later_ruling_overrides_needs_attention(hall: Hall) -> None:
    ruling = {"ruling_id": "R1", "person_id": "P1", "window": "", "date": MONDAY, "session": "1", "kind": "late"}
    ruling |= {"effect": "uphold", "as_kind": "", "document": "", "decided_by": "张", "decided_at": "2027-01-01 09:00"}
    hall.bring("ruling", ruling)
    hall.settle(LATER)
    file(hall, the_late(hall))

    ran = decide(hall, 1, "excused")

    assert (ran.status, bool(ran.err), states(hall)) == (1, True, [("excused", "overruled")])
    assert len(ids(hall, "late")) == 1


def test_a_file_of_rulings_neither_makes_nor_changes_those_of_appeals(hall: Hall) -> None:
    file(hall, the_late(hall))
    decide(hall, 1, "excused")
    row = {"person_id": "P1", "window": "", "date": MONDAY, "session": "1", "kind": "", "effect": "uphold"}
    row |= {"as_kind": "", "document": "", "decided_by": "", "decided_at": "2027-01-01 09:00"}

    ran = hall.bring("ruling", *({"ruling_id": id} | row for id in ("appeal-000001", "R1", "appeal-2", "appeal-")))

    assert ran.status == 3
    assert [f"第 {n} 行「ruling_id」" in ran.err for n in (2, 3, 4, 5)] == [True, False, True, True]
    assert ("punchsync appeal" in ran.err, ids(hall, "late")) == (True, [])


# evidence


def test_evidence_comes_back_as_it_was(hall: Hall, tmp_path: Path) -> None:
    bytes_ = bytes(range(256)) * 5
    (tmp_path / "a").mkdir()
    files = [hall.write("照片.jpg", bytes_), tmp_path / "a" / "照片.jpg"]
    files[1].write_bytes(b"other")
    given = [arg for path in files for arg in ("--evidence", str(path))]
    assert file(hall, the_late(hall), "--grounds", "故障", *given).status == 0

    shown = json.loads(hall.done("appeal", "show", "1", "--save", str(tmp_path / "out"), "--json"))
    again = hall.run("appeal", "show", "1", "--save", str(tmp_path / "out"))

    assert [(e["name"], e["bytes"], e["sha256"]) for e in shown["evidence"]] == [
        ("照片.jpg", 1280, hashlib.sha256(bytes_).hexdigest()),
        ("照片.jpg", 5, hashlib.sha256(b"other").hexdigest()),
    ]
    saved = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert (saved, again.status) == ({"1-照片.jpg": bytes_, "2-照片.jpg": b"other"}, 0)
    assert hall.run("verify").status == 0


def test_a_file_that_is_there_already_is_not_overwritten(hall: Hall, tmp_path: Path) -> None:
    file(hall, the_late(hall), "--grounds", "故障", "--evidence", str(hall.write("a.txt", "abc")))
    (tmp_path / "1-a.txt").write_text("else")

    ran = hall.run("appeal", "show", "1", "--save", str(tmp_path))

    assert (ran.status, "1-a.txt" in ran.err, (tmp_path / "1-a.txt").read_text()) == (3, True, "else")


def test_evidence_that_is_missing_empty_or_too_large_is_refused_and_nothing_filed(hall: Hall) -> None:
    large = hall.path / "large"
    with large.open("wb") as out:
        out.truncate(10 * 2**20 + 1)
    parts = [hall.path / f"part{n}" for n in range(4)]
    for path in parts:
        path.write_bytes(bytes(8 * 2**20))
    small = hall.write("small", "x")

    runs = [
        file(hall, the_late(hall), "--grounds", "故障", *(arg for path in paths for arg in ("--evidence", str(path))))
        for paths in ([hall.path / "none"], [hall.path], [hall.write("empty", "")], [large], parts, [small] * 21)
    ]

    assert [(r.status, r.out, bool(r.err)) for r in runs] == [(3, "", True)] * 6
    assert listed(hall) == []


# lists and numbers


def test_the_list_is_cut_by_state_person_and_day(tmp_path: Path) -> None:
    days = (MONDAY, "2026-11-10")
    hall = Hall(tmp_path)
    hall.bring("staff", *(staff(from_=d, to=d) for d in days), staff("P2", name="乙", unit="税务局", window="税务"))
    log = "".join(attlog(*LATE, date=d) for d in days) + attlog(*LATE, user="2")
    hall.write("1_attlog.dat", log)
    hall.run("import", "punches", str(hall.path / "1_attlog.dat"), "--terminal", "T1", "--through", "2026-11-12 00:00")
    hall.settle("2026-11-11 12:00:00")
    for who, when in (("P1", MONDAY), ("P1", days[1]), ("P2", MONDAY)):
        assert file(hall, who, when, by="某").status == 0
    decide(hall, 1, "upheld")

    found = [
        [r["number"] for r in listed(hall, *args)]
        for args in (
            (), ("--open",), ("--person", "P1"), ("--from", days[1]), ("--to", MONDAY), ("--person", "P3"),
            ("--open", "--person", "P1", "--from", MONDAY, "--to", days[1]),
        )
    ]  # fmt: skip

    assert found == [[1, 2, 3], [2, 3], [1, 2], [2], [1, 3], [], [2]]
    shown = hall.done("appeal", "list")
    assert [word in shown for word in ("待决定", "维持", "李主任", "申字 1 号", "900")] == [True] * 5


def test_numbers_say_how_many_were_excused_and_how_long_it_took(tmp_path: Path) -> None:
    hall = of_term(tmp_path)
    file(hall, the_late(hall))
    open_ = json.loads(hall.done("appeal", "list", "--stats", "--as-of", "2026-11-17 00:00:00", "--json"))
    soon = json.loads(hall.done("appeal", "list", "--stats", "--as-of", "2026-11-16 23:59:59", "--json"))
    decide(hall, 1, "excused", at="2026-11-14 08:00")
    done = json.loads(hall.done("appeal", "list", "--stats", "--json"))

    assert (open_["appeals"], open_["statistics"]["overdue"], soon["statistics"]["overdue"]) == ([], 1, 0)
    numbers = done["statistics"]
    assert (numbers["kinds"], numbers["excused_percent"], numbers["median_days"]) == (
        {"late": {"excused": 1}},
        "100",
        "3",
    )
    assert "中位数 3" in hall.done("appeal", "list", "--stats")
    assert "免责" in hall.done("appeal", "show", "1")


WRONG = (
    ("file",), ("file", "v0123456789abcdef", "--by", "甲"), ("file", "v0123456789abcdef", "--grounds", "g"),
    ("file", "x", "--by", "甲", "--grounds", "g"), ("file", "P1", "11-09", "--by", "甲", "--grounds", "g"),
    ("file", "P1", MONDAY, "1", "--by", "甲", "--grounds", "g"),
    ("file", "P1", MONDAY, "--by", " ", "--grounds", "g"), ("file", "P1", MONDAY, "--by", "甲", "--grounds", ""),
    ("decide", "1"), ("decide", "x", "--outcome", "upheld"), ("decide", "1", "--outcome", "no", "--by", "乙"),
    ("decide", "1", "--outcome", "upheld", "--by", "乙"),
    ("decide", "1", "--outcome", "amended", "--by", "乙", "--document", "d"),
    ("decide", "1", "--outcome", "upheld", "--as-kind", "late", "--by", "乙", "--document", "d"),
    ("decide", "1", "--outcome", "amended", "--as-kind", "late", "--by", "乙", "--document", "d"),
    ("decide", "1", "--outcome", "amended", "--as-kind", "window_empty", "--by", "乙", "--document", "d"),
    ("decide", "1", "--outcome", "upheld", "--by", "乙", "--document", "d", "--as-of", "2026-11-10 11:59:59"),
    ("list", "--from", "2026-11-10", "--to", MONDAY), ("show",), ("take", "1"),
)  # fmt: skip


def test_wrong_usage_is_said_and_changes_nothing(hall: Hall) -> None:
    file(hall, the_late(hall))

    runs = [hall.run("appeal", *args) for args in WRONG]

    said = [(r.status, r.out, bool(r.err), "Traceback" in r.err) for r in runs]
    assert dict(zip(WRONG, said, strict=True)) == dict.fromkeys(WRONG, (2, "", True, False))
    assert states(hall) == [("open", "")]


@pytest.mark.parametrize("args", [("show", "7"), ("decide", "7", "--outcome", "upheld", *BY)])
def test_an_appeal_that_is_not_there_is_bad_input(hall: Hall, args: tuple[str, ...]) -> None:
    ran = hall.run("appeal", *args)

    assert (ran.status, ran.out, "7" in ran.err) == (3, "", True)
