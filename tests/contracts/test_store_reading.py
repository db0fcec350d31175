"""What readers look up: a page of the ledger, the conclusions of one period, papers as issued."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from storekit import DAY_1, NOW, plan, post

from punchsync.core.ledger import reverse
from punchsync.core.outcome import Outcome, Rank
from punchsync.core.score import Score
from punchsync.core.sought import Issued, KeptPack, Sought, Total


def heights(found):
    return [chained.height for chained in found]


def test_a_page_of_the_ledger_has_the_newest_first_and_goes_on_below_or_above_a_height(store):
    with store.writing() as work:
        booked = work.ledger.append(plan(*(post(f"v{n}@p") for n in range(5))), NOW)
    with store.reading() as work:
        page = work.ledger.page
        assert [c.entry for c in page(Sought(), 2)] == [booked[4], booked[3]]
        assert heights(page(Sought(), 2, below=4)) == [3, 2]
        assert heights(page(Sought(), 2, below=1)) == []
        assert heights(page(Sought(), 2, above=1)) == [3, 2]
        assert heights(page(Sought())) == [5, 4, 3, 2, 1]


def test_entries_are_sought_by_dates_account_category_rule_cause_and_whether_they_reverse(store):
    window = replace(post("v4@window:公安/考勤", account="公安"), account_type="window", category="行风", rule="脱岗")
    with store.writing() as work:
        first, *_rest = work.ledger.append(
            plan(post("v1@x"), post("v2@x", day=DAY_1 + 40), post("v2@y", account="p2"), window), NOW
        )
        work.ledger.append(plan(reversals=(reverse(first, DAY_1 + 60),)), NOW)
    with store.reading() as work:

        def found(**sought):
            return heights(work.ledger.page(Sought(**sought)))

        assert found(value=(DAY_1, DAY_1 + 30)) == [5, 4, 3, 1]
        assert found(booked=(DAY_1 + 31, DAY_1 + 60)) == [5]
        assert found(account_type="person", account_id="p2") == [3]
        assert found(category="行风") == found(rule="脱岗") == found(account_type="window") == [4]
        assert found(cause="v2") == [3, 2]
        assert found(cause="v2@y") == [3]
        assert found(cause="%") == found(cause="_2") == []
        assert found(reversals=True) == [5]


def test_conclusions_are_read_by_period_with_what_was_decided(store):
    late = Outcome("2026-10", "person", "p1", "talk", Decimal(3), "迟到三次", "第三条")
    award = Outcome("2026-Q4", "window", "公安", "award", Decimal(1), "流动红旗", "第九条")
    ranks = [Rank("2026-10", "person", p, n, Fraction(n, 3), 1, 60, "best") for n, p in ((2, "p2"), (1, "p1"))]
    points = [("p1", "2026-10", "-1.5"), ("p2", "2026-10", "0"), ("p3", "2026-10", "-0.25"), ("p1", "2026-09", "-9")]
    scores = [Score(m, "person", p, "考勤", Decimal(30), Decimal(x), Decimal(30)) for p, m, x in points]
    given = Score("2026-10", "person", "p1", "考勤", Decimal(0), Decimal(80), Decimal(80), given=True)
    with store.writing() as work:
        work.months.conclude([*scores, given], [late, award], ranks)
        work.decisions.decide(("2026-10", "person", "p1", "talk", "迟到三次"), "confirmed", "主任", "", NOW)
        dropped = work.decisions.decide(("2026-10", "person", "p1", "talk", "迟到三次"), "dropped", "主任", "", NOW)
    with store.reading() as work:
        there = work.concluded
        assert (there.ranked(), there.followed()) == (["2026-10"], ["2026-10", "2026-Q4"])
        assert there.ranks("2026-10") == sorted(ranks, key=lambda r: r.rank)
        assert there.ranks("2026-09") == []
        assert there.outcomes(["2026-10"]) == [(late, dropped)]
        assert there.outcomes(["2026-Q4", "2026-10"]) == [(late, dropped), (award, None)]
        assert there.totals(["2026-10"]) == [Total("2026-10", "person", "考勤", 2, Decimal("-1.75"))]
        assert there.totals(["2026-10", "2026-09"], "person", "p1", "考勤") == [
            Total("2026-09", "person", "考勤", 1, Decimal(-9)),
            Total("2026-10", "person", "考勤", 1, Decimal("-1.5")),
        ]
        assert there.totals(["2026-10"], "window") == there.totals([]) == []


def test_bulletins_and_packs_are_listed_newest_first(store):
    with store.writing() as work:
        assert work.papers.issue("daily", "2026-10-01", "一", NOW) == 1
        assert work.papers.issue("daily", "2026-10-02", "二", NOW + 1) == 2
        assert work.papers.issue("monthly", "2026-10", "月", NOW + 2) == 1
        work.papers.keep_pack("d1", "{}", NOW)
        work.papers.keep_pack("d2", "{}", NOW + 5)
    month = Issued("monthly", "2026", 1, "2026-10", NOW + 2, True)
    second = Issued("daily", "2026", 2, "2026-10-02", NOW + 1, True)
    with store.reading() as work:
        assert work.papers.issued("", 2) == [month, second]
        assert work.papers.issued("daily", 5, 1) == [Issued("daily", "2026", 1, "2026-10-01", NOW, True)]
        assert work.papers.bulletin("daily", "2026", 2) == (second, "二")
        assert work.papers.bulletin("daily", "2025", 2) is None
        assert work.papers.packs() == [KeptPack("d2", NOW + 5), KeptPack("d1", NOW)]
