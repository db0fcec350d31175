"""Outcomes are proposals: people decide on them, by name, and a decision can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .commandline import Ran, export
from .site import Hall, leave, staff

OVER = "2026-12-01 12:00:00"
WORDS = ("2026-11", "window", "公安", "award")
ALL = "window_lead;inspection;unit_leader;centre_leader;centre"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Two windows on one Monday, one of them late: both are shortlisted for November."""
    hall = Hall(tmp_path / "site")
    rows = staff(), staff("P2", name="乙", unit="税务局", window="税务")
    assert hall.bring("staff", *rows).status == 0
    hall.punch("08:25:00", "12:01:00", "14:25:00", "17:31:00", through=OVER)
    hall.punch("08:45:00", "12:01:00", "14:25:00", "17:31:00", through=OVER, user="2")
    assert hall.settle(OVER).status == 0
    return hall


def outcomes(hall: Hall, *args: str) -> list[dict[str, str]]:
    """What `outcome list` says, as JSON."""
    listed: list[dict[str, str]] = json.loads(hall.done("outcome", "list", *args, "--json"))["outcomes"]
    return listed


def states(hall: Hall) -> dict[str, str]:
    """Every outcome's state by its subject, as exported."""
    return {r[2]: r[7] for r in export(hall.path, "outcomes")}


def by(hall: Hall, verb: str, *what: str) -> Ran:
    return hall.run("outcome", verb, *what, "--by", "张主任")


def test_an_outcome_is_a_proposal_until_a_named_person_confirms_it(hall: Hall) -> None:
    before = outcomes(hall)

    done = hall.run("outcome", "confirm", *WORDS, "--by", " 张主任 ", "--note", "会议\n同意")

    assert [(r["subject_id"], r["state"], r["decided_by"]) for r in before] == [
        ("公安", "proposed", ""),
        ("税务", "proposed", ""),
    ]
    assert (done.status, done.err, before[0]["id"] in done.out, "张主任" in done.out) == (0, "", True, True)
    after = outcomes(hall)[0]
    assert (after["state"], after["decided_by"], after["note"]) == ("confirmed", "张主任", "会议 同意")
    assert states(hall) == {"公安": "confirmed", "税务": "proposed"}


def test_a_short_id_names_an_outcome_and_a_decision_can_be_changed_and_taken_back(hall: Hall) -> None:
    id = outcomes(hall)[0]["id"]
    seen = []

    for verb in ("confirm", "drop", "reconsider"):
        assert by(hall, verb, id).status == 0
        seen.append(states(hall)["公安"])

    assert (len(id), seen) == (13, ["confirmed", "dropped", "proposed"])


def test_a_decision_outlives_settling_again(hall: Hall) -> None:
    by(hall, "confirm", *WORDS)

    hall.settle("2026-12-02 12:00:00")

    assert states(hall) == {"公安": "confirmed", "税务": "proposed"}


def test_what_is_so_already_is_said_and_not_written(hall: Hall) -> None:
    first = json.loads(by(hall, "drop", *WORDS, "--json").out)
    again = hall.run("outcome", "drop", *WORDS, "--by", "李主任", "--json")
    said = by(hall, "reconsider", "2026-11", "window", "税务", "award")

    assert (first["changed"], again.status, json.loads(again.out)["changed"]) == (True, 0, False)
    assert json.loads(again.out)["outcome"]["decided_by"] == "张主任"
    assert (said.status, "没有写入" in said.out) == (0, True)


def test_the_list_is_cut_by_period_and_state(hall: Hall) -> None:
    by(hall, "confirm", *WORDS)

    found = [
        [r["subject_id"] for r in outcomes(hall, *args)]
        for args in (
            ("--period", "2026"), ("--period", "2026-Q4"), ("--period", "2026-11"), ("--period", "2026-10"),
            ("--state", "confirmed"), ("--state", "proposed", "--period", "2026"), ("--state", "dropped"),
        )
    ]  # fmt: skip

    assert found == [["公安", "税务"]] * 3 + [[], ["公安"], ["税务"], []]
    shown = hall.done("outcome", "list")
    assert ("已确认" in shown, "待定" in shown, "award" in shown) == (True, True, True)
    assert hall.done("outcome", "list", "--state", "dropped").strip() == "没有这样的后果"


def test_an_outcome_that_is_not_there_is_bad_input_and_says_what_is(hall: Hall) -> None:
    wrong = by(hall, "confirm", "2026-11", "window", "公安", "award_barred")
    nobody = by(hall, "confirm", "2026-11", "person", "P1", "award")
    other_rule = by(hall, "confirm", *WORDS, "--rule", "别的规则")
    no_id = by(hall, "confirm", "o000000000000")

    assert [r.status for r in (wrong, nobody, other_rule, no_id)] == [3, 3, 3, 3]
    id = outcomes(hall)[0]["id"]
    assert [id in r.err for r in (wrong, nobody, other_rule, no_id)] == [True, False, True, False]
    assert set(states(hall).values()) == {"proposed"}


@pytest.mark.parametrize(
    "args",
    [
        WORDS, (*WORDS, "--by", " "), ("--by", "张主任"), ("2026-11", "--by", "张主任"),
        ("2026-13", *WORDS[1:], "--by", "张主任"), ("2026-11", "个人", "P1", "award", "--by", "张主任"),
        ("oxyz", "--by", "张主任"), (*WORDS, "more", "--by", "张主任"),
    ],
)  # fmt: skip
def test_who_decides_and_on_what_must_be_said(hall: Hall, args: tuple[str, ...]) -> None:
    ran = hall.run("outcome", "confirm", *args)

    assert (ran.status, ran.out, bool(ran.err), "Traceback" in ran.err) == (2, "", True, False)
    assert set(states(hall).values()) == {"proposed"}


def test_of_several_rules_with_one_outcome_one_must_be_named(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(from_="2026-01-05", to="2026-08-31"))
    more = {"registered_at": "2026-01-01 08:00", "certificate": "yes", "approvals": ALL}
    personal, sick = leave("", "", kind="personal", **more), leave("", "", kind="sick", leave_id="L2", **more)
    hall.bring(
        "leave",
        personal | {"start": "2026-01-05", "end": "2026-03-31"},
        sick | {"start": "2026-04-01", "end": "2026-07-31"},
    )
    hall.settle("2026-09-02 12:00:00")
    words = ("2026", "person", "P1", "award_barred")
    rules = [(r["id"], r["rule"]) for r in outcomes(hall, "--period", "2026") if r["outcome"] == "award_barred"]

    unclear = by(hall, "confirm", *words)
    clear = by(hall, "confirm", *words, "--rule", rules[0][1])

    assert (unclear.status, len(rules)) == (2, 2)
    assert [id in unclear.err and rule in unclear.err for id, rule in rules] == [True, True]
    assert clear.status == 0
    assert [r["id"] for r in outcomes(hall, "--state", "confirmed")] == [rules[0][0]]
