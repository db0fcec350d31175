"""Hall-months: marks that are never lost, results that are replaced whole."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from storekit import DAY_1, NOW, at

from punchsync.core.decision import place_of
from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.outcome import Outcome, Rank, Standing
from punchsync.core.score import Score
from punchsync.core.settle import MonthResult
from punchsync.core.stored import MonthState
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation

LATE = Violation("v1", DAY_1, "p1", 1, "late", "公安", "公安局", 660, "punch", 0, at("08:41"))
NOTED = Violation(
    "v2", DAY_1 + 1, "p1", 2, "games", "公安", "公安局", 0, "incident", 2, at("15:00"), True, "i1", "r1", "tens"
)  # fmt: skip
VERDICTS = (
    Verdict(DAY_1, "p1", 1, "in", at("08:30"), at("08:41"), "T1", "late", 660, "late"),
    Verdict(DAY_1, "p1", 1, "out", at("12:00"), None, "", "pending", 0, "missing"),
    Verdict(DAY_1, "p2", 1, "in", None, None, "", "excused", 0, ""),
)


def month(name="2026-10", verdicts=(), violations=(), tallies=(), standings=(), unknown=0, facts=()):
    return MonthResult(
        month=name,
        verdicts=verdicts,
        violations=violations,
        wanted=(),
        tallies=tallies,
        standings=standings,
        derived=(),
        unknown=unknown,
        facts=facts,
    )


def settle(store, *results, marked=0):
    with store.writing() as work:
        for result in results:
            work.months.replace(result, marked, NOW, "d1")


def mark(store, from_month):
    with store.writing() as work:
        work.months.mark(from_month)


def states(store):
    with store.reading() as work:
        return work.months.states()


def test_a_settled_month_is_marked_and_settled_again(store):
    settle(store, month("2026-09", unknown=3), month("2026-10"), month("2026-11"))
    mark(store, "2026-10")
    assert states(store) == {
        "2026-09": MonthState("2026-09", 0, 0, NOW, 3, "d1"),
        "2026-10": MonthState("2026-10", 1, 0, NOW, 0, "d1"),
        "2026-11": MonthState("2026-11", 1, 0, NOW, 0, "d1"),
    }
    settle(store, month("2026-10", unknown=2), marked=1)
    assert states(store)["2026-10"] == MonthState("2026-10", 1, 1, NOW, 2, "d1")


def test_a_mark_set_while_a_month_was_being_judged_is_not_lost(store):
    settle(store, month())
    mark(store, "2026-01")
    seen = states(store)["2026-10"].marked
    mark(store, "2026-10")
    settle(store, month(), marked=seen)
    assert states(store)["2026-10"] == MonthState("2026-10", 2, 1, NOW, 0, "d1")


def test_the_epoch_grows_with_every_mark_of_this_hall_even_of_months_never_settled(open_hall):
    store, other = open_hall(), open_hall()
    epochs = []
    for marked in (store, other, store):
        mark(marked, "2026-10")
        with store.reading() as work:
            epochs.append(work.months.epoch())
    assert epochs == [1, 1, 2]


def test_the_results_of_a_month_come_back_as_they_were_put(store):
    tallies = (Tally("2026-10", "p1", 40, 1, 0, 0, 0, 20, 0, 1, 2, 3), Tally("2026-10", "p2", *range(10)))
    standings = (Standing("2026-10", ("person", "p1"), 2, 660), Standing("2026-10", ("window", "公安"), 2, 660))
    settle(store, month("2026-10", VERDICTS[::-1], (NOTED, LATE), tallies[::-1], standings[::-1]))
    with store.reading() as work:
        assert tuple(work.months.verdicts(DAY_1, DAY_1)) == VERDICTS
        assert list(work.months.verdicts(DAY_1 + 1, DAY_1 + 30)) == []
        assert work.months.violations(DAY_1, DAY_1 + 1) == [LATE, NOTED]
        assert work.months.violations(DAY_1 + 1, DAY_1 + 1) == [NOTED]
        assert work.months.tallies(None) == list(tallies)
        assert work.months.tallies(["2026-10"]) == list(tallies)
        assert work.months.tallies(["2026-09"]) == []
        assert work.months.standings() == list(standings)


def test_a_month_settled_again_leaves_nothing_of_its_old_results_and_all_of_other_months(store):
    november = month("2026-11", (VERDICTS[0]._replace(day=DAY_1 + 31),), (), (Tally("2026-11", "p1", *range(10)),))
    settle(store, month("2026-10", VERDICTS, (LATE, NOTED), (Tally("2026-10", "p1", *range(10)),)), november)
    settle(store, month("2026-10", VERDICTS[2:]))
    with store.reading() as work:
        assert tuple(work.months.verdicts(0, DAY_1 + 90)) == (*VERDICTS[2:], *november.verdicts)
        assert work.months.violations(0, DAY_1 + 90) == []
        assert tuple(work.months.tallies(None)) == november.tallies


def test_scores_outcomes_and_ranks_are_replaced_and_come_back_exactly(store):
    scores = [
        Score("2026-10", "person", "p1", "考勤", Decimal(10), Decimal("-0.5"), Decimal("9.5")),
        Score("2026-10", "window", "公安", "考勤", Decimal(100), Decimal("-12.125"), Decimal("90")),
    ]
    outcomes = [Outcome("2026", "person", "p1", "bar", Decimal("10.5"), "r1", "第五条")]
    ranks = [
        Rank("2026-10", "person", "p2", 1, Fraction(29, 3), 0, 0, "W"),
        Rank("2026-10", "person", "p1", 2, Fraction(19, 2), 1, 660, "W"),
    ]
    with store.writing() as work:
        work.months.conclude(scores[:1], [], ranks[:1])
        work.months.conclude(reversed(scores), outcomes, reversed(ranks))
        assert work.months.scores() == scores
        assert [str(s.points) for s in work.months.scores()] == ["-0.5", "-12.125"]
        assert work.months.outcomes() == [(outcomes[0], "proposed")]
        assert work.months.ranks() == ranks


def test_an_outcome_has_the_state_of_its_latest_decision_and_finds_it_again_when_it_comes_back(store):
    row = Outcome("2026", "person", "p1", "bar", Decimal("10.5"), "r1", "第五条")
    more, other = row._replace(counted=Decimal(9)), row._replace(rule="r2")
    with store.writing() as work:
        work.months.conclude([], [row, other], [])
        for state in ("dropped", "confirmed"):
            work.decisions.decide(place_of(row), state, "张主任", "", NOW)
        decided = work.months.outcomes()
        work.months.conclude([], [], [])
        gone = work.months.outcomes()
        work.months.conclude([], [more, other], [])
        back = work.months.outcomes()
        work.decisions.decide(place_of(row), "proposed", "张主任", "", NOW)
        taken_back = work.months.outcomes()
    assert decided == [(row, "confirmed"), (other, "proposed")]
    assert gone == []
    assert back == [(more, "confirmed"), (other, "proposed")]
    assert taken_back == [(more, "proposed"), (other, "proposed")]


def test_the_facts_of_a_month_are_replaced_with_it_and_come_back_in_order(store):
    facts = (
        Fact("2026-10", "r1", "person", "p1", Decimal(3)),
        Fact("2026-10", "r1", "window", "公安", Decimal("-0.125")),
        Fact("2026-10", "r2", "person", "p1", Decimal(10)),
    )
    november = Fact("2026-11", "r1", "person", "p1", Decimal(1))
    settle(store, month(facts=facts[::-1]), month("2026-11", facts=(november,)))
    with store.reading() as work:
        first = work.months.facts()
    settle(store, month(facts=facts[1:2]))
    with store.reading() as work:
        assert (first, work.months.facts()) == ([*facts, november], [facts[1], november])


def test_a_given_score_stands_beside_a_counted_one_of_the_same_name(store):
    counted = Score("2026-10", "person", "p1", "考勤", Decimal(10), Decimal(-1), Decimal(9))
    given = Score("2026-10", "person", "p1", "考勤", Decimal(0), Decimal("2.5"), Decimal("2.5"), given=True)
    with store.writing() as work:
        work.months.conclude([counted, given], [], [])
        assert work.months.scores() == [given, counted]
