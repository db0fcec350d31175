"""Appeals: a ruling on one violation alone, stages and the term, and numbers over all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.generate import random_site
from properties.case_of import case_of, pack_of
from punchsync.core.appeal import (
    SOURCES,
    Appeal,
    AppealDecision,
    by_appeal,
    effect,
    evidence,
    last_day,
    on_merits,
    plain,
    ruling_id,
    state,
    statistics,
)
from punchsync.core.conclude import conclude, known_by
from punchsync.core.moment import DAY, day_of, parse_moment
from punchsync.core.records import Case, Ruling
from punchsync.core.rules import Pack
from punchsync.core.score import posted_months
from punchsync.core.settle import MonthResult, settle
from punchsync.core.violations import ABSENT, Rulings, Violation

from .build import day, hall, incident, kinds, month, outage, ruling, words

GOOD = "08:25 12:01 14:25 17:31"
ABSENT_1 = (1, ABSENT, "punch")
LAWS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def on_one(v: str, does: str = "excuse", id: str = "appeal-000001", **more: str) -> Ruling:
    """An appeal's ruling on the violation of an id."""
    return replace(ruling(does, id=id, **more), violation=v)


def the(case: Case, kind: str) -> str:
    """The id of the first violation of a kind."""
    return next(v.id for v in month(case).violations if v.kind == kind)


# one violation alone


def test_of_two_alike_in_a_session_only_the_one_appealed_against_is_excused() -> None:
    notes = [incident("missed_study", "10:00", id="I1"), incident("missed_study", "11:00", id="I2")]
    case = hall(GOOD, incidents=notes)
    first, second = (v.id for v in month(case).violations)

    left = month(replace(case, rulings=(on_one(second),))).violations

    assert [v.id for v in left] == [first]


def test_an_appeal_s_ruling_fits_by_id_whatever_session_and_kind_it_names() -> None:
    case = hall("08:50 12:01 14:25 17:31")
    elsewhere = replace(on_one(the(case, "late")), session=2, kind="no_badge", person="P9")

    assert kinds(month(replace(case, rulings=(elsewhere,)))) == []


def test_what_is_amended_keeps_its_id_and_the_ruling_s() -> None:
    case = hall("08:50 12:01 14:25 17:31")
    id = the(case, "late")

    [v] = month(replace(case, rulings=(on_one(id, "amend", as_kind="early"),))).violations

    assert (v.id, v.kind, v.seconds, v.ruling) == (id, "early", 1200, "appeal-000001")


def test_of_an_appeal_s_and_another_ruling_the_later_counts_then_the_larger_id() -> None:
    case = hall("08:50 12:01 14:25 17:31")
    id = the(case, "late")
    mine = on_one(id, decided="2026-11-20 10:00")

    def left(other: Ruling) -> int:
        return len(month(replace(case, rulings=(mine, other))).violations)

    at = ("2026-11-20 09:59:59", "2026-11-20 10:00:00", "2026-11-20 10:00:01")
    assert [left(ruling("uphold", id="Z", decided=when)) for when in at] == [0, 0, 1]
    assert left(ruling("uphold", id="b", decided=at[1])) == 1
    assert left(ruling("uphold", kind="early", decided=at[2])) == 0


def test_an_appeal_s_ruling_fits_no_checkpoint_that_is_not_verified() -> None:
    case = hall("12:01 14:25 17:31", outages=[outage("08:00", "09:00")])
    id = the(hall("12:01 14:25 17:31"), ABSENT)

    found = [month(replace(case, rulings=(on_one(id, does),))) for does in ("excuse", "uphold")]

    assert [words(f)[0] for f in found] == ["unverified", "unverified"]
    assert [f.unknown for f in found] == [1, 1]
    assert Rulings([on_one(id)]).fitting("P1", "", day(), 1, ABSENT) is None


def test_a_ruling_on_a_violation_that_is_there_no_more_does_nothing() -> None:
    absent = the(hall("14:25 17:31"), ABSENT)

    late = month(hall("08:50 12:01 14:25 17:31", rulings=[on_one(absent)]))

    assert kinds(late) == [(1, "late", "punch")]


def test_an_excused_absence_brings_nothing_back_that_it_swallowed() -> None:
    case = hall("08:50 14:25 17:31")

    assert kinds(month(case)) == [ABSENT_1]
    assert kinds(month(replace(case, rulings=(on_one(the(case, ABSENT)),)))) == []


def judged(case: Case, pack: Pack, as_of: int) -> tuple[list[MonthResult], dict[tuple[str, ...], Decimal]]:
    """All months, and the score of every person by period and category."""
    today = day_of(as_of)
    results, bench = settle(case, pack, posted_months(case.postings, today), as_of)
    said = conclude(pack, case, bench.excuses, known_by(results, today), today)
    own = {(s.account_id, s.period, s.category): s.score for s in said.scores if s.account_type == "person"}
    return results, own


def bases(results: list[MonthResult]) -> dict[str, Violation]:
    return {v.id: v for r in results for v in r.violations if v.source in SOURCES}


@LAWS
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_an_excused_appeal_touches_one_violation_and_lowers_nobody_s_score(seed: int, rng: Random) -> None:
    site, when = random_site(seed)
    pack, as_of = pack_of(site), parse_moment(when)
    case = replace(case_of(site, pack, as_of), rulings=())
    before, scores = judged(case, pack, as_of)
    known = bases(before)
    if not known:
        return
    v = known[rng.choice(sorted(known))]

    after, changed = judged(replace(case, rulings=(on_one(v.id),)), pack, as_of)

    derived = {(d.day, d.session) for r in (*before, *after) for d in r.violations if d.source == "conversion"}
    different = {id for id, b in (known.items() ^ bases(after).items()) if (b.day, b.session) not in derived}
    assert different <= {v.id}
    assert v.id not in bases(after)
    assert {key: score for key, score in changed.items() if score < scores[key]} == {}


# stages and the term


def appeal(number: int, stage: int = 1, kind: str = "late", at: int = 0, late: str = "") -> Appeal:
    return Appeal(number, "v1", stage, day(), "P1", "公安", 1, kind, 900, "punch", "甲", "person", "故障", late, at)


def decision(number: int, outcome: str, at: int = 0) -> AppealDecision:
    return AppealDecision(number, outcome, "", "李", "1 号", "", "", at)


@pytest.mark.parametrize(
    ("begins", "days", "last"),
    [(("2026-11-09",), 5, "2026-11-14"), (("2026-11-09", "2026-11-12"), 5, "2026-11-17"),
     (("2026-12-30", "2026-11-12"), 5, "2027-01-04"), (("2026-11-09",), None, None)],
)  # fmt: skip
def test_a_term_is_counted_from_the_latest_day(begins: tuple[str, ...], days: int | None, last: str | None) -> None:
    assert last_day(map(day, begins), days) == (day(last) if last else None)


def test_only_what_was_decided_on_the_merits_makes_the_next_a_review() -> None:
    history = [appeal(n) for n in range(1, 6)]
    decided = by_appeal(decision(n, o) for n, o in ((1, "withdrawn"), (2, "moot"), (3, "upheld"), (5, "amended")))

    assert [a.number for a in on_merits(history, decided)] == [3, 5]
    assert [state(a, decided) for a in history] == ["withdrawn", "moot", "upheld", "open", "amended"]


def test_what_is_upheld_stays_as_an_earlier_ruling_made_it() -> None:
    earlier = ruling("amend", as_kind="off_post")

    assert effect("upheld", "", "off_post", earlier) == ("amend", "off_post")
    assert effect("upheld", "", "late", ruling("uphold")) == effect("upheld", "", "late", None) == ("uphold", "")
    assert effect("amended", "games", "late", earlier) == ("amend", "games")
    assert effect("excused", "", "late", earlier) == ("excuse", "")


def test_the_ids_of_rulings_sort_as_their_appeals_were_filed() -> None:
    made = [ruling_id(n) for n in (2, 9, 10, 999, 1000)]

    assert made == sorted(made)


def test_evidence_is_intact_while_its_bytes_are_those_that_came() -> None:
    [one, two] = evidence([("a.jpg", b"abc"), ("a.jpg", b"abd")])

    assert (one.position, two.position, one.intact, one.digest != two.digest) == (1, 2, True, True)
    assert one._replace(content=b"abd").intact is False


# numbers


def test_numbers_count_states_and_kinds_and_how_long_it_took() -> None:
    rows = [appeal(1), appeal(2, 2), appeal(3, kind="games", late="病"), appeal(4, kind="games"), appeal(5, at=DAY - 1)]
    decided = [decision(1, "upheld", 3 * DAY), decision(2, "excused", 4 * DAY), decision(3, "withdrawn", 9 * DAY),
               decision(5, "excused", DAY)]  # fmt: skip

    found = statistics(rows, by_appeal(decided), 1)

    assert found.kinds == {
        "games": {"withdrawn": 1, "open": 1},
        "late": {"upheld": 1, "excused": 2},
    }
    counts = defaultdict(int, found.states)
    assert (counts["open"], counts["excused"], counts["moot"]) == (1, 2, 0)
    assert (found.filed, found.reviews, found.late, found.overdue) == (5, 1, 1, 1)
    assert (found.excused_percent, found.median_days) == (Decimal("66.7"), Decimal(3))


def test_without_a_decision_there_is_no_share_and_no_median() -> None:
    found = statistics([appeal(1)], {}, 0)

    assert (found.excused_percent, found.median_days) == (None, None)


def test_names_are_compared_by_their_letters_and_digits() -> None:
    ways = ("张三（本人）", " 张三 (本人)\u200b", "张三【本人】", "张三本人")

    assert {plain(name) for name in ways} == {"张三本人"}
    assert plain("Li Si") == plain("ＬＩ　ＳＩ") != plain("Li Wu")
