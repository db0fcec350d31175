"""`statement`: an account of a month, quarter or year whose closing figures are those of `export scores`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from punchsync.cli.common import width

from .commandline import export
from .site import MONDAY, TOML, Hall, attlog, incident, one_day, staff

Json = dict[str, Any]


def stated(hall: Hall, *args: str) -> Json:
    found: Json = json.loads(hall.done("statement", *args, "--json"))
    return found


def scores(found: Json) -> list[tuple[str, str, str, str, str, str, str]]:
    """The accounts of a statement as rows of the export."""
    who = (found["subject_type"], found["subject_id"])
    return [
        (a["period"], *who, a["category"], a["base"], a["points"], a["score"])
        for a in sorted(found["accounts"], key=lambda a: (a["period"], a["category"]))
    ]


def exported(hall: Hall, kind: str, id: str, *periods: str) -> list[tuple[str, ...]]:
    return [r for r in export(hall.path, "scores") if r[1:3] == (kind, id) and r[0] in periods]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1 late in October and November; the October one excused in December, when October had long been settled."""
    hall = Hall(tmp_path / "site")
    assert hall.bring("staff", staff(from_="2026-10-26", to="2026-12-31")).status == 0
    dates = ["2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29", "2026-10-30", *(f"2026-11-{d:02d}" for d in
             (*range(2, 7), *range(9, 14)))]  # fmt: skip
    rows = "".join(
        attlog("08:45:00" if d in ("2026-10-27", MONDAY) else "08:25:00", "12:01:00", "14:25:00", "17:31:00", date=d)
        for d in dates
    )
    path = hall.write("1_attlog.dat", rows)
    hall.done("import", "punches", str(path), "--terminal", "T1", "--through", "2026-11-13 23:59:59")
    assert hall.settle("2026-11-14 08:00:00").status == 0
    ruling = {"ruling_id": "C1", "person_id": "P1", "window": "", "date": "2026-10-27", "session": "1", "kind": ""}
    ruling |= {"effect": "excuse", "as_kind": "", "document": "", "decided_by": "效能办"}
    assert hall.bring("ruling", ruling | {"decided_at": "2026-11-14 09:00:00"}).status == 0
    assert hall.settle("2026-11-16 08:00:00").status == 0
    return hall


def test_a_month_is_stated_entry_by_entry_and_comes_to_the_score(hall: Hall) -> None:
    found = stated(hall, "person", "P1", "--month", "2026-10")

    (qin,) = [a for a in found["accounts"] if a["category"] == "勤"]
    (row,) = qin["entries"]
    assert (row["entry_id"], row["kind"], row["points"], row["state"], row["reversal"]["entry_id"]) == (
        "E00000001", None, "-0.5", "reversed", "E00000005",
    )  # fmt: skip
    assert (qin["opening"], qin["sum"], qin["after"], qin["points"], qin["score"], qin["agrees"]) == (
        "0", "0", "0", "0", "30", True,
    )  # fmt: skip
    assert scores(found) == exported(hall, "person", "P1", "2026-10")
    assert (found["pending"], found["unverified"], found["corrections"], found["due"]) == (0, 0, [], [])


def test_what_is_booked_in_a_month_for_an_earlier_one_is_listed_as_a_correction(hall: Hall) -> None:
    found = stated(hall, "person", "P1", "--month", "2026-11")

    (qin,) = [a for a in found["accounts"] if a["category"] == "勤"]
    assert [(e["entry_id"], e["kind"], e["state"]) for e in qin["entries"]] == [("E00000003", "late", "standing")]
    assert (qin["sum"], qin["score"]) == ("-0.5", "29.5")
    # October's own entries were booked in November as well, but October was open: they correct nothing.
    assert [(c["entry_id"], c["value_date"], c["reverses"]) for c in found["corrections"]] == [
        ("E00000005", "2026-10-27", "E00000001"),
    ]
    assert found["pending"] == 4  # of the 16th nothing is read yet
    assert found["months"] == [{"month": "2026-11", "closed": False, "at": None}]


def test_a_window_s_statement_names_whose_violations_they_are(hall: Hall) -> None:
    found = stated(hall, "window", "公安", "--month", "2026-11")
    text = hall.done("statement", "window", "公安", "--month", "2026-11")

    assert [(e["person_id"], e["points"]) for a in found["accounts"] for e in a["entries"]] == [("P1", "-0.5")]
    assert scores(found) == exported(hall, "window", "公安", "2026-11")
    assert "（P1） 迟到" in text


def test_a_quarter_has_a_section_for_every_month(hall: Hall) -> None:
    found = stated(hall, "person", "P1", "--period", "2026-Q4")

    assert scores(found) == exported(hall, "person", "P1", "2026-10", "2026-11")
    assert [m["month"] for m in found["months"]] == ["2026-10", "2026-11", "2026-12"]


def test_a_month_of_a_quarterly_category_opens_with_what_came_before(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", "changxing"))
    assert hall.bring("staff", staff(from_="2026-10-26", to="2026-11-09")).status == 0
    assert hall.bring("incident", incident("I1", "2026-10-27 10:00"), incident("I2", f"{MONDAY} 10:00", "off_post")
                      ).status == 0  # fmt: skip
    assert hall.settle().status == 0

    october, november = (stated(hall, "person", "P1", "--month", m)["accounts"] for m in ("2026-10", "2026-11"))

    figures = [[a[k] for k in ("period", "opening", "sum", "after", "points", "score")] for a in (*october, *november)]
    assert figures == [["2026-Q4", "0", "-5", "0", "-5", "15"], ["2026-Q4", "-5", "0", "0", "-5", "15"]]


def test_what_changed_since_the_last_settle_is_said(hall: Hall) -> None:
    assert hall.bring("incident", incident("I9", "2026-10-28 10:00")).status == 0

    ran = hall.run("statement", "person", "P1", "--month", "2026-10")

    assert stated(hall, "person", "P1", "--month", "2026-10")["due"] == ["2026-10"]
    assert "须重新核算：2026-10" in ran.out


def test_a_closed_month_says_so(hall: Hall) -> None:
    hall.done("period", "close", "2026-10", "--by", "王主任", "--as-of", "2026-11-16 08:00:00")

    assert "已关账：2026-10" in hall.done("statement", "person", "P1", "--month", "2026-10").splitlines()


def test_a_statement_fits_a_terminal_and_a_page(hall: Hall, tmp_path: Path) -> None:
    page = tmp_path / "statement.html"

    lines = hall.done("statement", "person", "P1", "--month", "2026-11").splitlines()
    hall.done("statement", "person", "P1", "--month", "2026-11", "--page", str(page))

    text = page.read_text(encoding="utf-8")
    assert lines[:3] == [
        "甲（P1） 2026-11 扣分对账单",
        "公安局；核算到 2026-11-16 08:00:00",
        "勤 2026-11：得分 29.5（基础 30，合计 -0.5）",
    ]
    assert [line for line in lines if width(line) > 80] == []
    assert [bad for bad in ("<script", "http://", "https://", "src=") if bad in text] == []
    assert ("E00000003" in text, "更正" in text) == (True, True)


def test_a_pack_without_points_has_nothing_to_state(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace("yihuang", "tongshan"))
    assert hall.bring("staff", staff()).status == 0
    assert hall.settle().status == 0

    assert stated(hall, "person", "P1", "--month", "2026-11")["accounts"] == []


def test_unknown_people_windows_and_periods_are_named(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:45:00")
    asked = [
        (["person", "P9", "--month", "2026-11"], "P9"),
        (["window", "税务", "--month", "2026-11"], "税务"),
        (["window", "P1", "--month", "2026-11"], "P1"),
        (["person", "P1"], "--month"),
        (["person", "P1", "--month", "2026-11", "--period", "2026"], "--period"),
        (["person", "P1", "--month", "2026"], "2026"),
        (["person", "P1", "--period", "2026-13"], "2026-13"),
        (["unit", "P1", "--month", "2026-11"], "unit"),
    ]

    found = [(hall.run("statement", *args), named) for args, named in asked]

    assert [(ran.status, named in ran.err, ran.out) for ran, named in found] == [(2, True, "")] * len(asked)
