"""What is kept of some people or one account is what the whole has of them, in the same order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from storekit import DAY_1, NOW, at, live, plan, post

from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.outcome import Rank
from punchsync.core.score import Score
from punchsync.core.settle import MonthResult
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation

VERDICTS = tuple(
    Verdict(DAY_1 + n, p, 1, side, at("08:30") + 86_400 * n, None, "", said, 0, "missing")
    for n in range(3)
    for p in ("p1", "p2", "p3")
    for side, said in (("in", "pending" if n else "unverified"), ("out", "normal"))
)
LATE = Violation("v1", DAY_1, "p1", 1, "late", "公安", "公安局", 660, "punch", 0, at("08:41"))
EMPTY = Violation("v2", DAY_1 + 1, "", 0, "window_empty", "公安", "公安局", 0, "incident", 2, at("15:00"), True, "i1")
OTHER = LATE._replace(id="v3", person="p2", window="税务")


def settled(store):
    tallies = tuple(Tally("2026-10", p, *range(10)) for p in ("p1", "p2"))
    facts = (Fact("2026-10", "tens", "person", "p1", Decimal(8)), Fact("2026-10", "tens", "window", "公安", Decimal(2)))
    result = MonthResult("2026-10", VERDICTS, (LATE, EMPTY, OTHER), (), tallies, (), (), facts, 0)
    scores = [Score("2026-10", "person", p, "勤", Decimal(30), Decimal("-1.5"), Decimal("28.5")) for p in ("p1", "p2")]
    ranks = [Rank("2026-10", "window", w, n, Fraction(n, 3), 1, 60, "best") for n, w in ((1, "公安"), (2, "税务"))]
    with store.writing() as work:
        work.months.replace(result, 0, NOW, "digest")
        work.months.conclude([*scores, replace_given(scores[0])], [], ranks)
    return scores, ranks


def replace_given(score):
    return score._replace(category="票决", given=True)


def test_of_some_people_there_are_their_verdicts_and_what_of_them_is_not_known(store):
    settled(store)
    with store.reading() as work:
        own, whole = work.own, list(work.months.verdicts(DAY_1, DAY_1 + 1))
        assert list(own.verdicts(["p1", "p3"], DAY_1, DAY_1 + 1)) == [v for v in whole if v.person != "p2"]
        assert list(own.verdicts([], DAY_1, DAY_1 + 900)) == []
        assert len(list(own.verdicts(["p1"], DAY_1 - 900, DAY_1 + 900))) == 6
        assert own.unknown(["p2"], DAY_1, DAY_1 + 1) == [
            (DAY_1, "p2", "unverified"), (DAY_1 + 1, "p2", "pending"),
        ]  # fmt: skip
        assert own.unknown(["p2"], DAY_1, DAY_1 + 2, at("08:30")) == [(DAY_1, "p2", "unverified")]


def test_of_a_person_or_window_there_are_the_violations_tallies_facts_scores_and_ranks(store):
    scores, ranks = settled(store)
    with store.reading() as work:
        own = work.own
        assert own.violations(DAY_1, DAY_1 + 1, person="p1") == [LATE]
        assert own.violations(DAY_1, DAY_1 + 1, window="公安") == [LATE, EMPTY]
        assert own.violations(DAY_1 + 1, DAY_1 + 1, window="公安") == [EMPTY]
        assert [t.person for t in own.tallies(["2026-10", "2026-11"], ["p2"])] == ["p2"]
        assert [f.value for f in own.facts(["2026-10"], "person")] == [Decimal(8)]
        assert own.facts(["2026-10"], "window", "税务") == own.facts(["2026-09"], "window") == []
        assert own.scores("person", "p1") == [scores[0], replace_given(scores[0])]
        assert own.points("2026-10", "person") == scores
        assert own.ranks("window", "税务", ["2026-10", "2026"]) == [(ranks[1], 2)]


def test_of_accounts_there_are_the_entries_in_the_order_of_booking(store):
    window = replace(post("v4@window:公安/考勤", account="公安"), account_type="window")
    with store.writing() as work:
        booked = work.ledger.append(plan(post("v1@x"), window, post("v2@y", account="p2"), post("v3@z")), NOW)
    with store.reading() as work:
        assert work.own.entries(DAY_1, DAY_1, ["p1"], ["公安"]) == [booked[0], booked[1], booked[3]]
        assert work.own.entries(DAY_1 + 1, DAY_1 + 9, ["p1"], []) == work.own.entries(DAY_1, DAY_1, [], []) == []


def test_of_some_ids_there_are_the_punches_with_their_bytes(store):
    with store.writing() as work:
        for terminal in ("T1", "T2"):
            read = live(terminal, ("1", at("08:20")), ("2", at("08:21")), ("01", at("08:22")), began=NOW)
            work.readings.add(read, NOW)
    with store.reading() as work:
        found = work.own.stored({"T1": ["1", "01"], "T2": ["2"]}, at("08:00"), at("09:00"))
        assert [(p.terminal, p.device_user_id) for p in found] == [("T1", "1"), ("T2", "2"), ("T1", "01")]
        assert found == [p for p in work.punches.stored(at("08:00"), at("09:00")) if p in found]


def test_records_with_a_text_are_the_latest_that_have_it(store):
    bodies = [("a", {"person_id": 'p"1', "kind": "late"}), ("b", {"person_id": "p2"}), ("c", {"person_id": 'p"1'})]
    with store.writing() as work:
        work.records.put("incident", bodies, NOW)
        work.records.put("incident", [("c", {"person_id": "p2"})], NOW)
    with store.reading() as work:
        assert work.own.records("incident", 'p"1') == {"a": bodies[0][1]}
        assert work.own.records("incident", "p%") == work.own.records("leave", "p2") == {}
