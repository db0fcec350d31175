"""Suspicions: told from a threshold on, never for less, whatever the order in which punches come."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.clock import Stretch
from punchsync.core.moment import DAY, HOUR, MINUTE, parse_moment
from punchsync.core.suspicion import CLOSE, RUSH, RUSHES, TOGETHER, Seen, Suspicion, since, suspicions

T0 = parse_moment("2026-11-02 08:00:00")


@dataclass(frozen=True)
class Told:
    """What is told of some punches, without leave, at working times."""

    punches: tuple[Seen, ...]

    def all(self, away=(), near=True, **more) -> list[Suspicion]:
        return suspicions(self.punches, lambda person: away, lambda person, at: near, **more)

    def of(self, kind: str, **more) -> list[Suspicion]:
        return [s for s in self.all(**more) if s.kind == kind]


def told(*punches: tuple[str, str, int]) -> Told:
    """Punches as (terminal, person, moment); the device user id is the person's."""
    return Told(tuple(Seen(t, f"#{p}", p, at) for t, p, at in punches))


def days(person: str, count: int, offset: int = 0, terminal: str = "T1") -> list[tuple[str, str, int]]:
    return [(terminal, person, T0 + n * DAY + offset) for n in range(count)]


def test_two_who_always_come_together_are_told_from_the_sixth_time_on():
    apart = [*days("a", TOGETHER), *days("b", TOGETHER, CLOSE)]
    [found] = told(*apart).of("together")
    assert (found.people, found.terminal, len(found.times)) == (("a", "b"), "T1", TOGETHER)
    assert told(*apart[1:]).of("together") == []
    assert told(*days("a", 9), *days("b", 9, CLOSE + 1)).of("together") == []
    assert told(*days("a", 9), *days("b", 9, 1, "T2")).of("together") == []


def test_two_of_whom_both_come_far_more_often_alone_are_not_told():
    alone = [("T1", p, T0 + n * DAY + HOUR * k) for n in range(6) for k in (2, 4) for p in ("a",)]
    other = [("T1", "b", T0 + n * DAY + HOUR * k + 999) for n in range(6) for k in (2, 4)]
    assert told(*days("a", 6), *days("b", 6, 3), *alone, *other).of("together") == []
    assert len(told(*days("a", 6), *days("b", 6, 3), *alone).of("together")) == 1


def test_many_ids_in_a_moment_are_told_if_it_happens_again_and_again():
    rush = [("T1", f"p{n}", T0 + day * DAY + n) for day in range(RUSHES) for n in range(RUSH[0])]
    [found] = told(*rush).of("rush")
    assert (found.people, found.terminal, len(found.times)) == ((), "T1", RUSHES)
    assert told(*rush[1:]).of("rush") == []
    assert told(*((t, p, at + 2 * int(p[1])) for t, p, at in rush)).of("rush") == []


def test_one_person_at_two_terminals_at_once_is_told_with_the_time():
    assert told(("T1", "a", T0), ("T2", "a", T0 + 15)).of("two_places") == [
        Suspicion("two_places", "", ("a",), (T0 + 15,))
    ]
    assert told(("T1", "a", T0), ("T2", "a", T0 + 16)).of("two_places") == []
    assert told(("T1", "a", T0), ("T1", "a", T0 + 5)).of("two_places") == []


def test_a_punch_well_within_a_leave_is_told_and_one_at_its_ends_is_not():
    away = [(T0, T0 + 4 * HOUR)]
    assert len(told(("T1", "a", T0 + 30 * MINUTE)).of("on_leave", away=away)) == 1
    assert told(("T1", "a", T0 + 30 * MINUTE - 1)).of("on_leave", away=away) == []
    assert told(("T1", "a", T0 + 4 * HOUR - 30 * MINUTE)).of("on_leave", away=away) == []


def test_a_punch_in_the_night_is_told_unless_a_session_is_near():
    night = told(("T1", "a", T0 - 5 * HOUR))
    assert [s.people for s in night.of("night", near=False)] == [("a",)]
    assert night.of("night") == told(("T1", "a", T0 - 3 * HOUR)).of("night", near=False) == []


def test_clocks_and_logs_are_told_of_with_their_terminals():
    jumped, steady, far = Stretch(T0, T0 + HOUR, 0, 300), Stretch(T0, T0 + HOUR, 0, 1), Stretch(None, T0, 900, 900)
    found = told().all(clocks=[("T1", jumped, 600), ("T1", steady, 600), ("T2", far, 600)])
    assert found == [
        Suspicion("clock_jumped", "T1", (), (T0, T0 + HOUR), (0, 300)),
        Suspicion("clock_beyond", "T2", (), (T0,), (900, 900)),
    ]
    logs = [("T1", [(T0, "1"), (T0 - 61, "2"), (T0 - 100, "3")]), ("T2", [(T0, "1"), (T0 - 60, "2")])]
    assert told().all(logs=logs) == [Suspicion("set_back", "T1", (), (T0 - 61,))]


def test_what_was_looked_at_is_told_again_only_if_it_happens_again_as_often():
    [one] = told(*days("a", 12), *days("b", 12, 1)).of("together")
    assert since([one], {one.id: one.last}) == []
    assert since([one], {one.id: one.times[5]}) == [one._replace(times=one.times[6:])]
    assert since([one], {one.id: one.times[6]}) == []
    assert since([one], {"s0": one.last}) == [one]
    night = Suspicion("night", "", ("a",), (T0, T0 + DAY))
    assert since([night], {night.id: T0}) == [night._replace(times=(T0 + DAY,))]


PUNCHES = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2"]), st.sampled_from(["", "a", "b", "c"]), st.integers(0, 3), st.integers(0, 30)
    ),
    max_size=40,
)


@given(PUNCHES, st.randoms())
def test_the_order_in_which_punches_come_tells_nothing(rows, random):
    punches = [Seen(t, f"#{p}", p, T0 + day * DAY + second) for t, p, day, second in rows]
    mixed = list(punches)
    random.shuffle(mixed)
    assert Told(tuple(mixed)).all(near=False) == Told(tuple(punches)).all(near=False)


@given(PUNCHES)
def test_nobody_is_told_of_without_a_punch_of_his_and_each_time_is_one_of_a_punch(rows):
    punches = tuple(Seen(t, f"#{p}", p, T0 + day * DAY + second) for t, p, day, second in rows)
    moments, people = {p.at for p in punches}, {p.person for p in punches}
    for one in Told(punches).all(near=False):
        assert set(one.people) <= people - {""}
        assert set(one.times) <= moments
        assert list(one.times) == sorted(set(one.times))
        assert len(one.times) >= {"together": TOGETHER, "rush": RUSHES}.get(one.kind, 1)


@given(PUNCHES, st.sampled_from(["a", "b"]))
def test_more_punches_of_others_take_no_suspicion_of_two_places_away(rows, gone):
    punches = tuple(Seen(t, f"#{p}", p, T0 + day * DAY + second) for t, p, day, second in rows)
    fewer = Told(tuple(p for p in punches if p.person != gone))
    kept = [s for s in Told(punches).of("two_places") if s.people != (gone,)]
    assert kept == fewer.of("two_places")
