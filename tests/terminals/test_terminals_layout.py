from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logkit import AT, EIGHT, FEBRUARY_31, MARK, NOW, SIZES, log, record, some

from punchsync.core.moment import DAY
from punchsync.core.reading import LAYOUTS
from punchsync.emulator import wire
from punchsync.terminals.layout import Misfit, body_of, choose, prefix_of, size_of

OLD = wire.pack_time(datetime(2000, 1, 1))


def chosen(blob: bytes, before: int, after: int | None = None, pinned: str = "") -> str:
    result = choose(blob, before, before if after is None else after, pinned, AT)
    return result.code if isinstance(result, Misfit) else result


def test_records_have_their_sizes_and_one_layout_has_bytes_before_them() -> None:
    assert {name: size_of(name) for name in LAYOUTS} == SIZES
    assert {name: prefix_of(name) for name in LAYOUTS} == dict.fromkeys(LAYOUTS, 0) | {"40p": 9}
    assert [body_of(log(name, some(name, 2)), name) for name in LAYOUTS] == [b"".join(some(n, 2)) for n in LAYOUTS]


@pytest.mark.parametrize("count", [2, 3, 8, 49, 400])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_told_by_its_records(name: str, count: int) -> None:
    assert chosen(log(name, some(name, count)), count) == name


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name not in ("40p", "49p")])
def test_one_record_is_enough(name: str) -> None:
    assert chosen(log(name, some(name, 1)), 1) == name


def test_one_record_with_the_mark_may_be_of_two_layouts_and_is_not_guessed() -> None:
    blob = log("40p", some("40p", 1))
    assert choose(blob, 1, 1, "", AT) == Misfit(
        "layout", "bytes=53 total=49 before=1 after=1 layout=40p|49p sound=1.00"
    )
    assert [chosen(blob, 1, pinned=name) for name in ("40p", "49p")] == ["40p", "49p"]


@pytest.mark.parametrize("name", ["8", "8b"])
@pytest.mark.parametrize("state", [0, 1, 4, 5, 255])
def test_the_two_orders_of_eight_bytes_are_told_apart_by_their_times(name: str, state: int) -> None:
    raws = [record(name, 1 + n, EIGHT + 60 * n, 1, state) for n in range(10)]
    assert chosen(log(name, raws), 10) == name


@pytest.mark.parametrize("name", LAYOUTS)
def test_some_defective_records_do_not_hide_the_layout(name: str) -> None:
    nobody = 0 if name in ("8", "8b", "16") else ""
    bad = [record(name, nobody, EIGHT), record(name, 1, FEBRUARY_31), record(name, 1, OLD)]
    assert chosen(log(name, some(name, 8) + bad), 11) == name


@pytest.mark.parametrize(("good", "bad", "result"), [(3, 2, "40"), (2, 2, "40"), (2, 3, "layout"), (0, 5, "layout")])
def test_a_layout_in_which_less_than_half_of_the_records_can_be_is_none(good: int, bad: int, result: str) -> None:
    blob = log("40", some("40", good) + [record("40", "", EIGHT)] * bad)
    assert chosen(blob, good + bad) == result
    assert chosen(blob, good + bad, pinned="40") == "40"


@pytest.mark.parametrize(
    ("packed", "result"),
    [(NOW + DAY - 1, "40"), (NOW + DAY, "40"), (NOW + DAY + 1, "layout"), (OLD, "40"), (FEBRUARY_31, "layout")],
)
def test_a_plausible_record_is_no_later_than_a_day_after_our_clocks(packed: int, result: str) -> None:
    assert chosen(log("40", [record("40", "1", packed)]), 1) == result


def test_what_was_found_is_told_of_a_log_that_nobody_could_have_made() -> None:
    assert choose(log("40", [bytes(40)] * 3), 3, 3, "", AT) == Misfit(
        "layout", "bytes=124 total=120 before=3 after=3 layout=40 sound=0.00"
    )


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize(("before", "after", "fits"), [(8, 10, 1), (9, 10, 1), (10, 10, 1), (10, 11, 1), (11, 12, 0)])
def test_punches_between_counting_and_reading_are_allowed(name: str, before: int, after: int, fits: int) -> None:
    assert chosen(log(name, some(name, 10)), before, after) == (name if fits else "short")


@pytest.mark.parametrize(("before", "after"), [(11, 11), (9, 9), (11, 10), (10, 9), (0, 9)])
def test_counts_that_disagree_with_the_log_are_a_short_one(before: int, after: int) -> None:
    for pinned in ("", "40"):
        assert choose(log("40", some("40", 10)), before, after, pinned, AT) == Misfit(
            "short", f"bytes=404 total=400 before={before} after={after}"
        )


def test_fewer_or_more_bytes_than_the_total_are_a_short_log() -> None:
    whole = log("40", some("40", 10))
    blobs = [b"", whole[:3], whole[:4], whole[:-1], whole[:-40], whole + b"\0", whole + whole[4:44]]
    assert [chosen(blob, 10, pinned=pinned) for blob in blobs for pinned in ("", "40")] == ["short"] * 14


def test_sizes_that_fit_both_are_told_apart_by_what_can_be() -> None:
    assert chosen(log("40", some("40", 1)), 0, 5) == "40"
    assert chosen(log("8", some("8", 5)), 0, 5) == "8"
    assert chosen(log("16", some("16", 2)), 1, 4) == "16"


@pytest.mark.parametrize("size", [24, 52, 56])
def test_records_of_a_size_that_no_layout_has_are_a_layout_that_we_do_not_know(size: int) -> None:
    raws = [raw[:40] + bytes(size - 40) if size > 40 else raw[-size:] for raw in some("40", 100)]
    assert choose(log("40", raws), 100, 100, "", AT) == Misfit(
        "layout", f"bytes={4 + 100 * size} total={100 * size} before=100 after=100"
    )


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("count", [3, 5, 8])
def test_a_count_that_is_wrong_makes_no_other_layout_of_one_that_we_know(name: str, count: int) -> None:
    assert chosen(log(name, some(name, 4)), count) == "short"


def test_bytes_that_are_no_whole_records_of_the_layout_it_had_are_another_layout() -> None:
    blob = (41).to_bytes(4, "little") + bytes(41)
    assert chosen(blob, 1, pinned="40") == "layout"


@pytest.mark.parametrize("pinned", ["", *LAYOUTS])
@pytest.mark.parametrize("blob", [b"", bytes(4)])
def test_a_log_of_no_records_has_the_layout_it_had(pinned: str, blob: bytes) -> None:
    assert [chosen(blob, 0, after, pinned) for after in (0, 1)] == [pinned] * 2
    assert [chosen(blob, 1, after, pinned) for after in (0, 1)] == ["short"] * 2


@pytest.mark.parametrize(
    ("name", "damaged", "result"), [("40p", 1, "short"), ("49p", 1, "49p"), ("49p", 2, "49p"), ("49p", 3, "short")]
)
def test_the_mark_is_asked_for_even_where_the_layout_is_pinned(name: str, damaged: int, result: str) -> None:
    blob = bytearray(log(name, some(name, 4)))
    for n in range(damaged):
        blob[4 + 49 * n] ^= 1
    assert chosen(bytes(blob), 4, pinned=name) == result


def test_a_pinned_layout_wins_over_what_looks_better_and_gives_way_only_where_it_does_not_fit() -> None:
    blob = log("8", some("8", 6))
    assert [chosen(blob, 6, pinned=name) for name in ("8b", "8", "16", "40")] == ["8b", "8", "8", "8"]


def test_a_prefix_alone_is_an_empty_log() -> None:
    alone = len(MARK).to_bytes(4, "little") + MARK
    assert [choose(alone, 0, 0, pinned, AT) for pinned in ("", "40p")] == ["40p", "40p"]
    told = [choose(alone, 1, 1, "", AT), choose(alone, 0, 0, "8", AT)]
    assert [one.code for one in told if isinstance(one, Misfit)] == ["layout", "layout"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 12), st.integers(0, 12), st.sampled_from(["", *LAYOUTS]), st.booleans())
def test_random_bytes_never_have_a_layout_that_their_counts_do_not_allow(
    body: bytes, before: int, after: int, pinned: str, marked: bool
) -> None:
    body = MARK + body if marked else body
    blob = len(body).to_bytes(4, "little") + body
    result = choose(blob, before, after, pinned, AT)
    if isinstance(result, Misfit):
        assert result.code in ("short", "layout")
    elif body:
        assert result and before <= (len(body) - prefix_of(result)) / size_of(result) <= after
