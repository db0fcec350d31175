"""A hall's own pack: amended by date, refused in a closed month, compared beforehand; only what differs is rebooked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from own_pack import DEARER, OWN, STRICT

from .commandline import export
from .site import TOML, Hall, attlog, staff

OCTOBER, NOVEMBER = "2026-10-12", "2026-11-09"
OVER = "2026-12-01 12:00:00"
YEARLY = """
[[count]]
id = "twice_a_year"
says = "全年迟到满两次，谈话"
subject = "person"
kinds = ["late"]
at_least = 2
within = "year"
periods = ["year"]
outcome = "talk"
cites = ["kaoqin 1"]
"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1 seven minutes late on a day of October and one of November, P2 twenty; the hall has a pack of its own."""
    hall = Hall(tmp_path / "site", TOML.replace('pack = "yihuang"', 'pack = "packs/own.toml"'))
    (hall.path / "packs").mkdir()
    amend(hall, "")
    days = (OCTOBER, NOVEMBER)
    people = (staff(), staff("P2", name="乙", unit="税务局", window="税务"))
    assert hall.bring("staff", *(p | {"from": d, "to": d} for d in days for p in people)).status == 0
    rest = ("12:01:00", "14:25:00", "17:31:00")
    log = "".join(attlog("08:37:00", *rest, date=d) + attlog("08:50:00", *rest, date=d, user="2") for d in days)
    file = hall.write("1_attlog.dat", log)
    assert hall.run("import", "punches", str(file), "--terminal", "T1", "--through", OVER).status == 0
    assert hall.settle(OVER).status == 0
    return hall


def amend(hall: Hall, text: str, name: str = "own.toml") -> Path:
    path = hall.path / "packs" / name
    path.write_text(OWN + text, encoding="utf-8")
    return path


def entries(hall: Hall) -> list[tuple[str, str, str, str, bool]]:
    """Account, value date, points and whether it takes another back, of every entry in the order of booking."""
    rows = sorted(export(hall.path, "ledger"), key=lambda r: r[1])
    return [(r[4], r[5], r[11], r[8], bool(r[12])) for r in rows]


BEFORE = [
    ("person", "P2", OCTOBER, "-0.5", False),
    ("window", "税务", OCTOBER, "-0.5", False),
    ("person", "P2", NOVEMBER, "-0.5", False),
    ("window", "税务", NOVEMBER, "-0.5", False),
]


def test_a_day_is_judged_by_what_was_in_force_that_day(hall: Hall) -> None:
    assert entries(hall) == BEFORE

    amend(hall, STRICT.format(first="2026-11-01"))
    assert hall.settle(OVER).status == 0

    assert entries(hall) == [
        *BEFORE,
        ("person", "P1", NOVEMBER, "-0.5", False),
        ("window", "公安", NOVEMBER, "-0.5", False),
    ]
    assert hall.run("verify").status == 0


def test_changed_points_reverse_and_repost_exactly_what_differs(hall: Hall) -> None:
    amend(hall, DEARER)
    assert hall.settle(OVER).status == 0
    after = entries(hall)[len(BEFORE) :]

    assert sorted(after) == sorted(
        [(*e[:3], e[3].removeprefix("-"), True) for e in BEFORE]
        + [("person", "P2", day, "-1", False) for day in (OCTOBER, NOVEMBER)]
    )
    assert hall.run("verify").status == 0


def test_a_change_of_nothing_changes_nothing(hall: Hall) -> None:
    before = hall.exports()

    amend(hall, "# 只加一句说明\n")

    assert hall.settle(OVER).status == 0
    assert hall.exports() == before


def test_an_amendment_in_a_closed_month_is_refused_and_changes_nothing(hall: Hall) -> None:
    hall.done("period", "close", "2026-10", "--as-of", OVER)
    before = hall.exports()

    amend(hall, STRICT.format(first="2026-10-15"))
    refused = hall.settle(OVER)
    assert (refused.status, "punctuality.punctuality" in refused.err, "2026-10" in refused.err) == (2, True, True)
    assert hall.exports() == before

    amend(hall, STRICT.format(first="2026-11-01"))
    assert hall.settle(OVER).status == 0
    assert len(entries(hall)) == len(BEFORE) + 2


def test_another_reading_counts_as_an_amendment_from_the_beginning(hall: Hall) -> None:
    hall.done("period", "close", "2026-10", "--as-of", OVER)
    with (hall.path / "punchsync.toml").open("a", encoding="utf-8") as settings:
        settings.write('[hall.interpretations]\n"yihuang.winter" = "08:00-12:00+14:30-17:30"\n')

    refused = hall.settle(OVER)
    assert (refused.status, "shift.winter" in refused.err) == (2, True)

    hall.done("period", "reopen", "2026-10", "--by", "张主任", "--reason", "改作息")
    assert hall.settle(OVER).status == 0


def test_what_if_compares_and_books_nothing(hall: Hall) -> None:
    other = amend(hall, STRICT.format(first="2026-10-01"), "other.toml")
    before = (hall.exports(), (hall.path / "data" / "punchsync.db").read_bytes())

    ran = hall.run("whatif", "--pack", str(other), "--from", "2026-11-01", "--to", "2026-11-30", "--json")
    said = json.loads(ran.out)

    assert (ran.status, said["months"]) == (0, ["2026-11"])
    assert [(c["account_type"], c["account_id"], c["now"], c["then"]) for c in said["points"]] == [
        ("person", "P1", "0", "-0.5"),
        ("window", "公安", "0", "-0.5"),
    ]
    assert [(v["subject_id"], v["kind"], v["now"], v["then"]) for v in said["violations"]] == [("P1", "late", 0, 1)]
    assert (hall.exports(), (hall.path / "data" / "punchsync.db").read_bytes()) == before
    text = hall.done("whatif", "--pack", str(other), "--from", "2026-11-01", "--to", "2026-11-30")
    assert ("P1" in text, "先进个人 三3(2)(3)" in text, "-0.5" in text) == (True, True, True)


def test_what_if_tells_of_a_year_in_which_the_hall_began_midway(hall: Hall) -> None:
    other = amend(hall, YEARLY, "yearly.toml")

    ran = hall.run("whatif", "--pack", str(other), "--from", "2026-10-01", "--to", "2026-12-31", "--json")
    part = hall.run("whatif", "--pack", str(other), "--from", "2026-11-01", "--to", "2026-11-30", "--json")

    gained = [[o["period"], o["subject_id"], o["count"]] for o in json.loads(ran.out)["outcomes_gained"]]
    assert gained == [["2026", "P2", "2"]]
    assert json.loads(part.out)["outcomes_gained"] == []


def test_an_amended_count_is_settled_and_replayed(hall: Hall) -> None:
    old = YEARLY.replace("at_least = 2", "at_least = 2\nto = 2026-10-31")
    amend(hall, old + YEARLY.replace("at_least = 2", "at_least = 3\nfrom = 2026-11-01"))

    settled, verified = hall.settle(OVER), hall.run("verify")

    assert (settled.status, settled.err, verified.status, verified.out.count("差异 0")) == (0, "", 0, 1)
    assert [row for row in export(hall.path, "outcomes") if row[3] == "talk"] == []


def test_what_if_by_the_hall_s_own_rules_differs_in_nothing(hall: Hall) -> None:
    same = hall.path / "packs" / "own.toml"

    said = json.loads(hall.done("whatif", "--pack", str(same), "--from", "2026-10-01", "--to", "2026-11-30", "--json"))

    assert (said["points"], said["violations"], said["outcomes_gained"], said["outcomes_lost"]) == ([], [], [], [])


def test_what_if_by_a_pack_that_asks_something_names_it(hall: Hall) -> None:
    asked = hall.run("whatif", "--pack", "county", "--from", "2026-11-01", "--to", "2026-11-30")
    answers = ("--answer", "late_points=0.5", "--answer", "training_late_points=1")
    told = hall.run("whatif", "--pack", "county", "--from", "2026-11-01", "--to", "2026-11-30", *answers)

    assert (asked.status, "late_points" in asked.err, "training_late_points" in asked.err) == (2, True, True)
    assert told.status == 0


def test_a_pack_s_own_settings_count_as_an_amendment_too(hall: Hall) -> None:
    hall.done("period", "close", "2026-10", "--as-of", OVER)

    amend(hall, '[leave]\notherwise = "centre"\n')
    refused = hall.settle(OVER)

    assert (refused.status, "leave" in refused.err) == (2, True)
