"""Random logs of one terminal, appended to, wrapped and overlapping, in any order of arrival."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storekit import NOW, OCTOBER, file, live

from punchsync.core.coverage import Coverage, cover

HISTORY = st.lists(st.tuples(st.sampled_from(["7", "8"]), st.integers(0, 12)), max_size=30)
CUT = st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(["live", "file", "word"]))
quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def logs(history, cuts):
    """Stretches of what a terminal recorded, as reads and files of it."""
    taken = sorted(((user, OCTOBER + 600 * step) for user, step in history), key=lambda p: p[1])
    for n, (start, length, kind) in enumerate(cuts):
        part = taken[start : start + length]
        reach = (part[-1][1] if part else OCTOBER) + n
        if kind == "live":
            yield live("T1", *part, began=reach)
        else:
            yield file("T1", *part, digest=f"{n}", through=reach if kind == "word" else None)


def fill(store, readings):
    with store.writing() as work:
        return [work.readings.add(r, NOW) for r in readings]


@quick
@given(HISTORY, st.lists(CUT, max_size=6), st.randoms(use_true_random=False))
def test_punches_are_the_union_of_the_logs_with_multiplicities(open_hall, history, cuts, chance):
    store = open_hall()
    readings = list(logs(history, cuts))
    chance.shuffle(readings)
    added = fill(store, readings)
    counts = [Counter((r.device_user_id, r.at) for r in reading.rows) for reading in readings]
    union: Counter[tuple[str, int]] = Counter()
    for count in counts:
        union |= count
    with store.reading() as work:
        punches = list(work.punches.stored(0, NOW))
        reads = work.readings.reads(NOW)
    assert Counter((p.device_user_id, p.at) for p in punches) == union
    assert sorted(p.number for p in punches) == list(range(1, len(punches) + 1))
    assert sum(a.new for a in added) == len(punches)
    by_number = {p.number: (p.device_user_id, p.at) for p in punches}
    for read, count, reading in zip(reads, counts, readings, strict=True):
        numbers = [n for first, last in read.spans for n in range(first, last + 1)]
        assert Counter(by_number[n] for n in numbers) == count
        assert all(b[0] > a[1] + 1 for a, b in zip(read.spans, read.spans[1:], strict=False))
        times = [r.at for r in reading.rows]
        assert (read.first, read.last) == ((min(times), max(times)) if times else (None, None))
        assert {by_number[n] for n in read.last_numbers} == {
            by_number[n] for n in numbers if by_number[n][1] == read.last
        }
    store.close()


@quick
@given(HISTORY, st.lists(CUT, max_size=6), st.randoms(use_true_random=False))
def test_coverage_does_not_depend_on_the_order_of_arrival(open_hall, history, cuts, chance):
    found = []
    for _ in range(2):
        store = open_hall()
        readings = list(logs(history, cuts))
        chance.shuffle(readings)
        fill(store, readings)
        with store.reading() as work:
            found.append(cover("T1", work.readings.reads(NOW)))
        store.close()
    assert found[0] == found[1]


@quick
@given(HISTORY, st.lists(CUT, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_reading_changes_nothing_before_the_moment_it_says_it_touches(open_hall, history, cuts, chance):
    store = open_hall()
    readings = list(logs(history, cuts))
    chance.shuffle(readings)
    before = ([], Coverage("T1", None))
    for reading in readings:
        [added] = fill(store, [reading])
        with store.reading() as work:
            after = (work.punches.between(0, NOW), cover("T1", work.readings.reads(NOW)))
        border = NOW if added.touched is None else added.touched
        assert known(*before, border) == known(*after, border)
        before = after
    store.close()


def known(punches, coverage, border):
    """What stands of a terminal before a moment."""
    return (
        [p for p in punches if p.at < border],
        min(coverage.through or 0, border),
        [(first, min(last, border)) for first, last in coverage.lost if first < border],
    )
