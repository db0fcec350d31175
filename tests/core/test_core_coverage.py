"""What is known of a terminal from the set of its reads and files, whatever their order of arrival."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.core.coverage import Coverage, Terminals, blind, cover, reach
from punchsync.core.intervals import covers
from punchsync.core.moment import FOREVER
from punchsync.core.records import Read

from .build import at, day, file, hall, outage, terminal

EIGHT, NINE, TEN = "08:00:00", "09:00:00", "10:00:00"


def test_the_first_file_covers_from_the_start_of_the_terminal_s_life_to_its_last_record() -> None:
    assert cover("T1", [file(1, 2, first=EIGHT, last=NINE)]) == Coverage("T1", at(NINE))


def test_a_live_read_reaches_to_the_clock_when_counting_began_and_a_file_to_the_word() -> None:
    live = file(1, first=EIGHT, last=EIGHT, reach="08:30")
    word = file(1, first=EIGHT, last=EIGHT, through="07:00")

    assert [cover("T1", [read]).through for read in (live, word)] == [at("08:30"), at("07:00")]


def test_a_later_file_that_still_holds_the_last_known_record_continues() -> None:
    reads = [file(1, 2, first=EIGHT, last=NINE), file(2, 3, first=NINE, last=TEN, id=2)]

    assert cover("T1", reads) == Coverage("T1", at(TEN))


def test_between_the_last_known_record_and_the_first_found_one_all_is_lost() -> None:
    reads = [file(1, 2, first=EIGHT, last=NINE), file(3, first=TEN, last=TEN, id=2)]

    assert cover("T1", reads) == Coverage("T1", at(TEN), ((at("09:00:01"), at(TEN)),))


@pytest.mark.parametrize(
    ("through", "lost"),
    [
        ("08:59:59", [("09:00:01", "10:00:00")]),
        ("09:00:01", [("09:00:02", "10:00:00")]),  # the word reaches further than the record
        ("09:59:59", [("10:00:00", "10:00:00")]),
        ("10:00:00", []),
        ("10:00:01", []),
    ],
)
def test_what_a_word_says_is_complete_is_not_lost(through: str, lost: list[tuple[str, str]]) -> None:
    reads = [file(1, first=NINE, last=NINE, through=through), file(2, first=TEN, last=TEN, id=2)]

    assert cover("T1", reads).lost == tuple((at(start), at(end)) for start, end in lost)


def test_the_lost_stretch_begins_after_the_record_not_after_the_clock_of_a_live_read() -> None:
    reads = [file(1, first=EIGHT, last=EIGHT, reach=NINE), file(2, first=TEN, last=TEN, reach="10:30", id=2)]

    assert cover("T1", reads) == Coverage("T1", at("10:30"), ((at("08:00:01"), at(TEN)),))


def test_an_empty_live_read_tells_nothing_and_an_empty_file_what_its_word_says() -> None:
    empty = [file(reach=NINE), file(id=2), file(through=TEN, id=3)]

    assert [cover("T1", [read]).through for read in empty] == [None, None, at(TEN)]
    assert cover("T1", []) == Coverage("T1", None)


def test_one_of_several_records_in_the_last_second_is_enough_to_continue() -> None:
    first = Read("T1", 1, ((1, 3),), at(EIGHT), at(NINE), (2, 3))

    continued = [cover("T1", [first, file(n, 4, first=NINE, last=TEN, id=2)]).lost for n in (2, 3)]

    assert continued == [(), ()]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(seed: int, order: Random) -> None:
    rng = Random(seed)
    records = sorted(rng.sample(range(0, 86_400, 600), 12))
    reads = []
    for n in range(1, 6):
        start = rng.randrange(12)
        held = list(range(start, rng.randrange(start, 12) + 1))
        last = max(held)
        reads.append(
            Read(
                "T1", n, ((min(held), last),), at("00:00") + records[start], at("00:00") + records[last], (last,),
                at("00:00") + records[last] + 300 if n % 2 else None,
            )
        )  # fmt: skip
    mixed = reads.copy()
    order.shuffle(mixed)

    assert cover("T1", mixed) == cover("T1", reads)


@pytest.mark.parametrize(
    ("through", "opens", "gone", "expected"),
    [
        (None, 100, [], 99),
        (50, 100, [], 99),
        (150, 100, [], 150),
        (150, 100, [(151, 201)], 200),  # lost from the second after
        (150, 100, [(152, 201)], 150),  # a second that is neither read nor lost
        (150, 100, [(100, 120)], 150),
        (150, 100, [(140, 171), (171, 181)], 180),
        (None, 100, [(100, FOREVER + 1)], FOREVER),
        (None, 100, [(101, 200)], 99),
    ],
)
def test_what_is_known_to_be_lost_counts_as_read(
    through: int | None, opens: int, gone: list[tuple[int, int]], expected: int
) -> None:
    assert reach(through, gone, opens) == expected


def test_terminals_count_on_the_days_of_their_life_for_their_windows() -> None:
    all_day = terminal("T2")
    own = terminal("T1", "公安", first="2026-11-09", last="2026-11-10")
    bench = Terminals(hall(terminals=[all_day, own]))

    found = {
        (window, date): bench.relevant(window, day(date))
        for window in ("公安", "税务")
        for date in ("2026-11-08", "2026-11-09", "2026-11-10", "2026-11-11")
    }

    assert {key: found[key] for key in found if "T1" in found[key]} == {
        ("公安", "2026-11-09"): ("T1", "T2"), ("公安", "2026-11-10"): ("T1", "T2"),
    }  # fmt: skip
    assert {terminals for key, terminals in found.items() if "T1" not in terminals} == {("T2",)}


def test_a_window_is_read_as_far_as_the_terminal_read_least() -> None:
    reads = [file(1, first=EIGHT, last=NINE), file(1, first=EIGHT, last=TEN, terminal="T2")]
    bench = Terminals(hall(terminals=[terminal("T1"), terminal("T2")], reads=reads))

    found = [bench.read_through(ids, at("08:30")) for ids in (("T1", "T2"), ("T2",), ())]

    assert found == [at(NINE), at(TEN), -1]


def test_it_is_dark_where_every_relevant_terminal_is_both_ends_included() -> None:
    rows = [
        outage("08:00", "08:30"), outage("08:20", "09:00", terminal="T2"), outage("07:00", "10:00", "unreachable"),
    ]  # fmt: skip
    bench = Terminals(hall(terminals=[terminal("T1"), terminal("T2")], outages=rows))

    dark = bench.dark(("T1", "T2"))

    assert dark == [(at("08:20"), at("08:30:01"))]
    assert [covers(dark, at(m)) for m in ("08:19:59", "08:20:00", "08:30:00", "08:30:01")] == [False, True, True, False]
    assert bench.dark(()) == []


def test_lost_stretches_and_outages_blind_a_terminal_and_unreachable_does_not() -> None:
    coverage = Coverage("T1", at(TEN), ((at(EIGHT), at(NINE)),))
    rows = [outage("09:00:01", "09:30", "lost"), outage("11:00", "12:00", "unreachable"), outage("13:00", "14:00")]

    assert blind(coverage, rows) == [(at(EIGHT), at("09:30:01")), (at("13:00"), at("14:00:01"))]
