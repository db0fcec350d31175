"""Half-open intervals against plain sets of moments."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.intervals import Interval, covers, intersect, measure, subtract, touches, union

POINTS = range(-2, 22)
ANY = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6)


def moments(intervals: list[Interval]) -> set[int]:
    return {m for start, end in intervals for m in range(start, end)}


@given(ANY)
def test_a_union_holds_the_same_moments_sorted_and_apart(intervals: list[Interval]) -> None:
    found = union(intervals)

    assert moments(found) == moments(intervals)
    assert all(start < end for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert measure(found) == len(moments(intervals))
    assert [m for m in POINTS if covers(found, m)] == sorted(moments(intervals))


@given(ANY, ANY)
def test_an_intersection_holds_what_both_hold(one: list[Interval], other: list[Interval]) -> None:
    assert moments(intersect(union(one), union(other))) == moments(one) & moments(other)


@given(st.tuples(st.integers(0, 10), st.integers(10, 20)), ANY)
def test_what_is_left_of_an_interval_holds_no_hole(whole: Interval, holes: list[Interval]) -> None:
    found = subtract(whole, union(holes))

    assert moments(found) == moments([whole]) - moments(holes)
    assert found == union(found)


@given(ANY, st.integers(0, 19), st.integers(1, 5))
def test_to_touch_is_to_share_a_moment(intervals: list[Interval], start: int, length: int) -> None:
    shared = bool(moments(intervals) & set(range(start, start + length)))

    assert touches(union(intervals), start, start + length) == shared
