"""Why a checkpoint is served by this punch and no other: what decides against each other choice, and by how much."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings

from punchsync.core.alternatives import CRITERIA, Fate, alternatives, fates, forced, merit
from punchsync.core.match import Due, match
from punchsync.core.moment import show_clock
from punchsync.core.rules import Punctuality

from .build import at
from .test_core_match import FOURSIGN, MORNING, ONE, TEN, crowded, days, due

Drawn = tuple[list[Due], list[int], Punctuality]


def against(dues: list[Due], punched: str, rule: Punctuality = TEN) -> list[list[tuple[str, str, int | None, int]]]:
    """For each checkpoint, each other choice with the criterion that decides and by how much."""
    punches = [at(clock) for clock in punched.split()]
    found = alternatives(dues, punches, rule, match(dues, punches, rule))
    return [
        [("-" if a.punch is None else show_clock(a.punch % 86_400), a.criterion, a.by, a.at) for a in row]
        for row in found
    ]


def test_a_choice_that_leaves_another_checkpoint_unmatched_is_worse_by_one() -> None:
    assert against(MORNING, "08:35 12:01") == [
        [("-", "unmatched", 1, -1)],
        [("08:35:00", "unmatched", 1, -1), ("-", "unmatched", 1, -1)],
    ]


def test_one_more_late_decides_before_any_seconds() -> None:
    assert against([due("in", "08:30")], "08:25 08:40") == [
        [("08:40:00", "late_early", 1, -1), ("-", "unmatched", 1, -1)]
    ]


def test_then_seconds_late_and_early_and_then_the_distance() -> None:
    assert against([due("out", "12:00")], "11:59 12:10 12:20") == [
        [("11:59:00", "seconds", 60, -1), ("12:20:00", "distance", 600, -1), ("-", "unmatched", 1, -1)]
    ]


def test_last_the_earlier_punch_at_the_first_checkpoint_that_differs() -> None:
    dues = [due("out", "12:00"), due("in", "14:30")]

    assert against(dues, "13:15") == [[("-", "earlier", None, 0)], [("13:15:00", "earlier", None, 0)]]
    assert against([due("in", "13:00"), due("out", "13:00")], "12:59 13:01", TEN)[0] == [
        ("13:01:00", "unmatched", 1, -1),
        ("-", "unmatched", 1, -1),
    ]


@pytest.mark.parametrize(
    ("punched", "expected"),
    [
        ("13:31:00 13:31:40", [("serves", 0), ("close", 0)]),
        ("13:31:00 13:32:00", [("serves", 0), ("serves", 1)]),
        ("13:20:00 13:31:00 16:00:00 19:50:01", [("worse", 0), ("serves", 0), ("serves", 1), ("outside", None)]),
    ],
)
def test_every_moment_has_its_fate(punched: str, expected: list[tuple[str, int | None]]) -> None:
    punches = [at(clock) for clock in punched.split()]

    found = fates(FOURSIGN, punches, match(FOURSIGN, punches, ONE))

    assert list(found.values()) == [Fate(*row) for row in expected]


def allowed(dues: list[Due], chosen: tuple[int | None, ...]) -> bool:
    times = [m for m in chosen if m is not None]
    inside = all(m is None or d.opens <= m <= d.shuts for d, m in zip(dues, chosen, strict=True))
    return inside and all(b - a >= 60 for a, b in pairwise(times))


def every(dues: list[Due], punches: list[int]) -> list[tuple[int | None, ...]]:
    """Every matching there is."""
    return [c for c in product([None, *punches], repeat=len(dues)) if allowed(dues, c)]


def hold(drawn: Drawn) -> None:
    """What holds of every day: the matching chosen is best, and each alternative the best with its choice forced."""
    dues, punches, rule = drawn
    chosen = tuple(match(dues, punches, rule))
    best = merit(dues, chosen, rule)
    merits = {c: merit(dues, c, rule) for c in every(dues, punches)}
    found = alternatives(dues, punches, rule, chosen)

    assert best == min(merits.values())
    for place, row in enumerate(found):
        assert [a.punch for a in row] == [
            m
            for m in [*(p for p in punches if dues[place].opens <= p <= dues[place].shuts), None]
            if m != chosen[place]
        ]
        for a in row:
            mine = merits[a.matching]
            assert a.matching == forced(dues, punches, rule, place, a.punch)
            assert mine == min(m for c, m in merits.items() if c[place] == a.punch)
            assert mine > best
            assert a.by is None or a.by > 0
            n = CRITERIA.index(a.criterion)
            assert (best[:n], best[n] < mine[n]) == (mine[:n], True)


@settings(max_examples=60, deadline=None)
@given(days())
def test_the_matching_chosen_is_never_worse_than_any_alternative(drawn: Drawn) -> None:
    hold((drawn[0], drawn[1][:5], drawn[2]))


@settings(max_examples=60, deadline=None)
@given(crowded())
def test_nor_for_punches_at_any_second(drawn: Drawn) -> None:
    hold((drawn[0], drawn[1][:5], drawn[2]))
