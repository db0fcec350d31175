from dataclasses import astuple, replace
from datetime import datetime
from hashlib import sha256

import pytest
from logkit import (
    AT,
    EIGHT,
    FEBRUARY_31,
    NOON,
    NOW,
    SIZES,
    SLOTS,
    concluded,
    last,
    log,
    range_take,
    read_once,
    record,
    rows_of,
    some,
    tail_take,
    take,
    user_list,
)

from punchsync.core.moment import DAY, to_moment
from punchsync.core.reading import LAYOUTS, OVERLAP, Defect, Memory, ReadFailure, Reading, Row, Sample
from punchsync.emulator import wire
from punchsync.terminals.answers import Sizes, option_value, record_count, shown_time, sizes
from punchsync.terminals.decode import Decoded
from punchsync.terminals.plan import overlap_of
from punchsync.terminals.reading import Again, Take, clock_offset, conclude, dated
from punchsync.terminals.take import ClockSample
from punchsync.terminals.trouble import Trouble

EIGHT_AT = to_moment(NOON.replace(hour=8))
OTHER = {1: "1001", 2: "77"}


def minutes(first: int, count: int) -> list[bytes]:
    return [record("40", "1001", EIGHT + 60 * n) for n in range(first, first + count)]


def code_of(result: object) -> str:
    return result.code if isinstance(result, ReadFailure) else type(result).__name__


# A full read


def test_a_reading_carries_all_that_came() -> None:
    raws = some("40", 70)
    blob = log("40", raws)
    came = replace(
        take(blob, 70),
        samples=(ClockSample(AT + 90, AT, AT + 3, 0.01), ClockSample(None, AT, AT, 0.02)),
        source="udp",
    )
    assert conclude("t1", "192.0.2.10:4370", came, Memory(refused=frozenset({"tail"})), AT) == Reading(
        terminal="t1",
        source="udp",
        name="192.0.2.10:4370",
        digest=sha256(blob).hexdigest(),
        rows=rows_of(raws, "40"),
        began=AT,
        serial="S1",
        count_before=70,
        count_after=70,
        clock_offset=89,
        bytes_moved=1234,
        plan="full",
        layout="40",
        held=70,
        capacity=100_000,
        samples=(Sample(AT + 1, 89), Sample(AT, None)),
        tail=b"".join(raws[-OVERLAP:]),
        refused=frozenset({"tail"}),
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [OVERLAP - 1, OVERLAP, OVERLAP + 1])
def test_a_log_of_any_layout_is_read_and_its_end_remembered(layout: str, count: int) -> None:
    raws = some(layout, count)
    users = SLOTS if layout in ("8", "8b") else None
    reading = conclude("t1", "", take(log(layout, raws), count, users=users), Memory(), AT)
    assert isinstance(reading, Reading)
    assert reading.rows == rows_of(raws, layout)
    assert (reading.layout, reading.held, reading.tail) == (layout, count, b"".join(raws[-OVERLAP:]))
    assert reading.slots == (users or {})


@pytest.mark.parametrize("layout", ["", "40", "8"])
@pytest.mark.parametrize("blob", [b"", bytes(4)])
def test_an_empty_log_is_a_reading_with_the_layout_it_had(blob: bytes, layout: str) -> None:
    reading = conclude("t1", "", take(blob, 0), Memory(layout=layout, slots=SLOTS if layout == "8" else {}), AT)
    assert isinstance(reading, Reading)
    assert (reading.layout, reading.held, reading.tail, reading.rows) == (layout, 0, b"", ())
    assert reading.slots == (SLOTS if layout == "8" else {})


def test_a_log_that_held_records_and_is_empty_was_emptied() -> None:
    assert concluded(bytes(4), 0, last(AT, "1001")) == ReadFailure("t1", "emptied", f"last_known={AT}")


def test_a_log_that_holds_the_last_known_record_is_the_same_log() -> None:
    assert isinstance(concluded(log("40", minutes(0, 3)), 3, last(EIGHT_AT + 120, "1001", "0042")), Reading)


@pytest.mark.parametrize(
    ("first", "code"), [(EIGHT - 1, "other_device"), (EIGHT, "other_device"), (EIGHT + 1, "Reading")]
)
def test_a_log_without_the_last_known_record_may_only_begin_after_it(first: int, code: str) -> None:
    read = concluded(log("40", [record("40", "1001", first + n) for n in range(3)]), 3, last(EIGHT_AT, "7777"))
    assert code_of(read) == code


def test_a_known_moment_with_another_person_is_not_the_known_record() -> None:
    read = concluded(log("40", minutes(0, 5)), 5, last(EIGHT_AT + 120, "0042"))
    assert read == ReadFailure("t1", "other_device", f"first={EIGHT_AT} last_known={EIGHT_AT + 120}")


def test_a_full_log_that_lost_its_oldest_rows_is_a_normal_reading() -> None:
    assert isinstance(concluded(log("40", minutes(5, 2)), 2, last(EIGHT_AT, "1001")), Reading)


def test_records_of_a_clock_that_lost_its_time_do_not_make_another_device() -> None:
    lost = record("40", "1001", wire.pack_time(datetime(2000, 1, 1)))
    late = record("40", "1001", NOW)
    for raws in ([lost, late], [lost]):
        assert isinstance(concluded(log("40", raws), len(raws), last(EIGHT_AT, "1001")), Reading)


def test_a_log_of_defects_alone_is_not_empty() -> None:
    read = concluded(log("40", [record("40", "", NOW)]), 1, last(EIGHT_AT, "1001"))
    assert isinstance(read, Reading)
    assert [d.reason for d in read.defects] == ["empty_user_id"]


def test_records_known_before_stay_what_they_were() -> None:
    raws = [*some("40", 2), record("40", "1001", NOW + 3600)]
    first, memory = read_once("40", raws)
    again = conclude("t1", "", take(log("40", raws), 3), memory, AT + DAY)
    assert isinstance(again, Reading)
    assert [d.reason for d in again.defects] == ["future"]
    assert (again.rows, again.defects) == (first.rows, first.defects)


# Layouts


def test_a_log_that_is_not_understood_is_a_failure_with_its_bytes() -> None:
    blob = log("40", [bytes(40)] * 3)
    assert conclude("t1", "", take(blob, 3), Memory(), AT) == ReadFailure(
        "t1", "layout", "bytes=124 total=120 before=3 after=3 layout=40 sound=0.00", blob
    )


def test_a_log_that_is_short_is_a_failure_without_them() -> None:
    assert conclude("t1", "", take(log("40", minutes(0, 3)), 4), Memory(), AT) == ReadFailure(
        "t1", "short", "bytes=124 total=120 before=4 after=4"
    )


@pytest.mark.parametrize(
    ("memory", "code"),
    [
        (Memory(layout="16", last=(EIGHT_AT + 120, frozenset({"1001"}))), "Reading"),
        (Memory(layout="16", last=(EIGHT_AT + 121, frozenset({"1001"}))), "layout"),
        (Memory(layout="16", last=(EIGHT_AT - 1, frozenset({"1001"}))), "layout"),
        (Memory(layout="16"), "layout"),
        (Memory(layout=""), "Reading"),
        (Memory(layout="40"), "Reading"),
    ],
)
def test_a_layout_other_than_before_is_taken_only_with_the_last_known_record(memory: Memory, code: str) -> None:
    blob = log("40", minutes(0, 3))
    read = conclude("t1", "", take(blob, 3), memory, AT)
    assert code_of(read) == code
    if isinstance(read, ReadFailure):
        assert (read.detail, read.blob) == ("layout=16 found=40 last_known=missing", blob)


def test_the_halls_layout_wins_over_the_one_before_and_must_fit() -> None:
    came = take(log("8b", some("8b", 5)), 5, users=SLOTS)
    wrong = conclude("t1", "", came, Memory(layout="8b"), AT, layout="8")
    assert isinstance(wrong, Reading) and (wrong.layout, wrong.rows) == ("8", ())
    assert conclude("t1", "", came, Memory(layout="8b"), AT, layout="40") == ReadFailure(
        "t1", "layout", "layout=40 found=8b", came.blob
    )


# Serial numbers


@pytest.mark.parametrize(
    ("serial", "memory", "replaced", "result"),
    [
        ("S1", Memory(serial="S2"), False, "serial=S1 known=S2"),
        ("", Memory(serial="S2"), False, "serial= known=S2"),
        ("S1", Memory(serial="S2", elsewhere={"S1": "t9"}), False, "serial=S1 known=S2 terminal=t9"),
        ("S1", Memory(serial="S2", elsewhere={"S1": "t9"}), True, "serial=S1 known=S2 terminal=t9"),
    ],
)
def test_another_device_is_not_stored(serial: str, memory: Memory, replaced: bool, result: str) -> None:
    came = take(bytes(4), 0, serial)
    assert conclude("t1", "", came, memory, AT, replaced) == ReadFailure("t1", "other_device", result)


@pytest.mark.parametrize("serial", ["S1", ""])
@pytest.mark.parametrize("memory", [Memory(), Memory(serial="S1"), Memory(elsewhere={"S1": "t9"})])
def test_a_device_that_is_the_one_known_or_the_first_is_stored(serial: str, memory: Memory) -> None:
    read = conclude("t1", "", take(bytes(4), 0, serial or memory.serial), memory, AT)
    assert isinstance(read, Reading) and read.replaces == ""


@pytest.mark.parametrize("serial", ["S2", ""])
def test_a_replaced_device_is_read_as_one_never_read_before(serial: str) -> None:
    _, memory = read_once("8", [record("8", 1, NOW)] * 2, {1: "1001"})
    odd = {record("8", 1, EIGHT): (Defect(0, b"", "future"),)}
    memory = replace(memory, refused=frozenset({"tail"}), odd=odd, began=EIGHT_AT - 91)
    raws = [record("8", 1, EIGHT), record("8", 1, NOW)]
    read = conclude("t1", "", take(log("8", raws), 2, serial, {1: "7"}), memory, AT, True)
    assert isinstance(read, Reading)
    assert read.rows == (
        Row(0, raws[0], "7", EIGHT_AT, "1", "0"),
        Row(1, raws[1], "7", AT, "1", "0"),
    )
    assert (read.defects, read.replaces, read.refused, read.slots) == ((), "S1", frozenset(), {1: "7"})


def test_what_a_new_device_brought_from_elsewhere_is_kept_and_counts_for_nobody() -> None:
    memory = Memory(serial="S1", reading=1, began=AT - 91)
    raws = [record("40", "1001", EIGHT), record("40", "1001", NOW)]
    read = conclude("t1", "", take(log("40", raws), 2, "S2"), memory, AT, True)
    assert isinstance(read, Reading)
    assert read.rows == (Row(1, raws[1], "1001", AT, "1", "0"),)
    assert read.defects == (Defect(0, raws[0], "foreign"),)


@pytest.mark.parametrize(("shown", "whose"), [(AT, False), (AT - 601, True), (AT - 700, True)])
def test_what_a_new_device_wrote_shortly_before_by_its_clock_may_be_of_after(shown: int, whose: bool) -> None:
    memory = Memory(serial="S1", reading=1, began=AT)
    came = replace(
        take(log("40", [record("40", "1001", NOW - 600)]), 1, "S2"), samples=(ClockSample(shown, AT, AT, 0.1),)
    )
    read = conclude("t1", "", came, memory, AT, True)
    assert isinstance(read, Reading)
    assert ([d.reason for d in read.defects], bool(read.rows)) == (([], True) if whose else (["foreign"], False))


def test_a_replaced_device_may_have_another_layout_and_an_empty_log() -> None:
    _, memory = read_once("40", some("40", 3))
    for blob, count, layout in ((log("16", some("16", 2)), 2, "16"), (bytes(4), 0, "")):
        read = conclude("t1", "", take(blob, count, "S2"), memory, AT, replaced=True)
        assert isinstance(read, Reading) and (read.layout, read.held, read.replaces) == (layout, count, "S1")


def test_a_part_of_a_replaced_devices_log_is_read_again_in_full() -> None:
    raws = some("40", 3)
    _, memory = read_once("40", raws)
    came = replace(tail_take("40", raws, memory), serial="S2")
    assert conclude("t1", "", came, memory, AT, replaced=True) == Again("serial=S2 known=S1")
    assert code_of(conclude("t1", "", came, memory, AT)) == "other_device"


def test_a_device_that_was_allowed_to_be_another_and_is_not_continues() -> None:
    raws = some("40", 3)
    _, memory = read_once("40", raws)
    read = conclude("t1", "", tail_take("40", raws, memory), memory, AT, replaced=True)
    assert isinstance(read, Reading) and (read.continues, read.replaces) == (1, "")


# Users of slots


def test_a_slot_that_had_another_user_is_either_ones_and_known_records_stay_their_users() -> None:
    _, memory = read_once("8", some("8", 2))
    raws = [*some("8", 2), record("8", 1, NOW), record("8", 2, NOW)]
    read = conclude("t1", "", take(log("8", raws), 4, users=OTHER), memory, AT)
    assert isinstance(read, Reading)
    assert [row.device_user_id for row in read.rows] == ["1001", "42", "1001"]
    assert read.defects == (Defect(3, raws[3], "changed_slot", ("42", "77"), AT, AT),)
    assert read.slots == OTHER


@pytest.mark.parametrize("users", [None, b"", user_list(SLOTS)[:-1]])
def test_a_log_of_slots_without_a_list_of_their_users_is_broken(users: bytes | None) -> None:
    raws = some("8", 2)
    came = replace(take(log("8", raws), 2, users=SLOTS), users=users)
    assert code_of(conclude("t1", "", came, Memory(), AT)) == "broken"
    _, memory = read_once("8", raws)
    came = replace(tail_take("8", raws, memory, SLOTS), users=users)
    assert code_of(conclude("t1", "", came, memory, AT)) == "broken"


# The end of a log


def known(layout: str, count: int) -> tuple[list[bytes], Memory]:
    """Records, the memory of the first `count` of them; there are nine more."""
    raws = some(layout, count + 9)
    return raws, replace(read_once(layout, raws[:count])[1], refused=frozenset({"x"}))


def in_range(raws: list[bytes], layout: str, memory: Memory, users: dict[int, str] | None = None) -> Take:
    overlap = overlap_of(memory)
    assert overlap is not None
    inside = [raw for n, raw in enumerate(raws) if EIGHT + 60 * n >= overlap.begin]
    return range_take(layout, inside, len(raws), users)


@pytest.mark.parametrize("plan", ["tail", "range"])
@pytest.mark.parametrize("count", [2, OVERLAP, OVERLAP + 1, 130])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_end_of_a_log_brings_its_new_records(layout: str, count: int, plan: str) -> None:
    raws, memory = known(layout, count)
    users = SLOTS if layout in ("8", "8b") else None
    came = tail_take(layout, raws, memory, users) if plan == "tail" else in_range(raws, layout, memory, users)
    assert conclude("t1", "a", came, memory, AT) == Reading(
        terminal="t1",
        source="tcp",
        name="a",
        digest=sha256(came.blob).hexdigest(),
        rows=rows_of(raws, layout)[count:],
        began=AT,
        serial="S1",
        count_before=count + 9,
        count_after=count + 9,
        clock_offset=90,
        bytes_moved=1234,
        plan=plan,
        layout=layout,
        held=count + 9,
        capacity=100_000,
        samples=(Sample(AT, 90),),
        continues=1,
        tail=b"".join(raws[-OVERLAP:]),
        slots=users or {},
        refused=frozenset({"x"}),
    )


@pytest.mark.parametrize("plan", ["tail", "range"])
def test_a_log_with_nothing_new_goes_on_from_nothing_new(plan: str) -> None:
    raws, memory = known("40", 100)
    raws = raws[:100]
    read = conclude(
        "t1", "", tail_take("40", raws, memory) if plan == "tail" else in_range(raws, "40", memory), memory, AT
    )
    assert isinstance(read, Reading)
    assert (read.rows, read.held, read.tail, read.continues) == ((), 100, memory.tail, 1)


@pytest.mark.parametrize("plan", ["tail", "range"])
@pytest.mark.parametrize(
    ("before", "after", "fits"), [(107, 109, 1), (109, 109, 1), (109, 110, 1), (110, 111, 0), (107, 108, 0)]
)
def test_the_new_records_must_be_as_many_as_were_counted(plan: str, before: int, after: int, fits: int) -> None:
    raws, memory = known("40", 100)
    came = tail_take("40", raws, memory) if plan == "tail" else in_range(raws, "40", memory)
    read = conclude("t1", "", replace(came, before=before, after=after), memory, AT)
    assert isinstance(read, Reading) if fits else isinstance(read, Again) and read.refused == ""


def test_a_tail_that_is_not_that_of_the_known_log_is_read_again_in_full() -> None:
    raws, memory = known("40", 100)
    good = tail_take("40", raws, memory)
    blob = bytearray(good.blob)
    blob[0] ^= 1
    wrong = {
        "overlap": replace(good, blob=bytes(blob)),
        "fewer": replace(good, blob=good.blob[: 63 * 40], total=99 * 40, before=99, after=99),
        "emptied": replace(good, blob=b"", total=0, before=0, after=0),
        "parts of records": replace(good, total=good.total + 1),
        "another start": replace(good, start=good.start + 40),
    }
    for why, came in wrong.items():
        read = conclude("t1", "", came, memory, AT)
        assert isinstance(read, Again) and read.refused == "", why


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b[40:], lambda b: b + b"\0", lambda b: b""])
def test_a_tail_of_another_length_is_no_tail(change: object) -> None:
    raws, memory = known("40", 100)
    good = tail_take("40", raws, memory)
    read = conclude("t1", "", replace(good, blob=change(good.blob)), memory, AT)  # type: ignore[operator]
    assert isinstance(read, Again) and read.refused == "tail"


def test_a_range_that_does_not_begin_with_the_known_records_is_read_again_in_full() -> None:
    raws, memory = known("40", 100)
    for inside in (raws[38:], raws[100:], [], [*raws[37:60], *raws[61:]]):
        read = conclude("t1", "", range_take("40", inside, 109), memory, AT)
        assert isinstance(read, Again) and read.refused == "", read


def test_a_range_that_is_cut_or_holds_records_before_it_is_none() -> None:
    raws, memory = known("40", 100)
    good = in_range(raws, "40", memory)
    cut = replace(good, blob=good.blob[:-1])
    odd = replace(good, blob=(len(good.blob) - 5).to_bytes(4, "little") + good.blob[4:-1], total=len(good.blob) - 5)
    for came in (cut, odd, range_take("40", raws, 109), range_take("40", raws[36:], 109)):
        read = conclude("t1", "", came, memory, AT)
        assert isinstance(read, Again) and read.refused == "range", read


def test_a_range_of_a_log_whose_known_end_is_of_one_second_is_read_again_in_full() -> None:
    raws = [record("40", "1001", EIGHT)] * 3
    _, memory = read_once("40", raws)
    assert conclude("t1", "", range_take("40", raws, 3), memory, AT) == Again("overlap=none")


def test_a_record_under_a_wrong_clock_is_not_in_a_range_and_found_by_a_full_read() -> None:
    raws, memory = known("40", 100)
    wrong = record("40", "1001", wire.pack_time(datetime(2000, 1, 1)))
    inside = in_range(raws, "40", memory)
    read = conclude("t1", "", replace(inside, before=110, after=110), memory, AT)
    assert isinstance(read, Again) and read.refused == ""
    whole = conclude("t1", "", take(log("40", [*raws, wrong]), 110), memory, AT)
    assert isinstance(whole, Reading) and [d.position for d in whole.defects] == [109]


@pytest.mark.parametrize("changes", [{"reading": None}, {"tail": b""}, {"layout": ""}, {"held": 10}])
def test_a_part_of_a_log_that_is_not_remembered_is_read_again_in_full(changes: dict[str, object]) -> None:
    raws, memory = known("40", 100)
    came = tail_take("40", raws, memory)
    assert isinstance(conclude("t1", "", came, replace(memory, **changes), AT), Again)  # type: ignore[arg-type]


def test_a_part_of_a_log_whose_layout_the_hall_now_tells_otherwise_is_read_again_in_full() -> None:
    raws, memory = known("40", 100)
    came = tail_take("40", raws, memory)
    assert isinstance(conclude("t1", "", came, memory, AT, layout="49"), Again)
    assert isinstance(conclude("t1", "", came, memory, AT, layout="40"), Reading)


def test_a_defect_at_the_end_of_a_log_was_made_between_the_two_reads() -> None:
    raws = [*some("40", 70), record("40", "", EIGHT + 60 * 70)]
    _, memory = read_once("40", raws)
    bad = record("40", "42", FEBRUARY_31)
    read = conclude("t1", "", tail_take("40", [*raws, bad], memory), memory, AT)
    assert isinstance(read, Reading)
    assert read.defects == (Defect(71, bad, "impossible_date", ("42",), AT, AT),)


@pytest.mark.parametrize(
    ("offset", "known", "stretch"),
    [
        (0, True, (EIGHT_AT, AT)),  # between the reads, as no neighbour says more
        (1200, True, (EIGHT_AT, AT)),
        (0, False, (AT - DAY, AT)),
        (1200, False, (AT - DAY - 1200, AT)),
        (-1200, False, (AT - DAY, AT + 1200)),
        (40 * DAY, False, (AT - DAY, AT)),  # a senseless clock says nothing of its neighbours
    ],
)
def test_when_a_record_without_a_time_was_made_is_said_by_our_clock(
    offset: int, known: bool, stretch: tuple[int, int]
) -> None:
    bad = Defect(10, b"x", "impossible_date", ("42",), AT - DAY, AT)
    came = replace(take(bytes(4), 0), samples=(ClockSample(AT + offset, AT, AT, 0.1),))
    memory = Memory(began=EIGHT_AT, held=10) if known else Memory()
    assert dated(Decoded((), (bad,)), came, memory) == (replace(bad, first=stretch[0], last=stretch[1]),)


def test_a_record_of_nobody_was_made_when_it_says_or_when_it_would_by_the_clock_as_it_is() -> None:
    bad = Defect(0, b"x", "empty_user_id", (), EIGHT_AT, EIGHT_AT)
    came = replace(take(bytes(4), 0), samples=(ClockSample(AT + 500, AT, AT, 0.1),))
    assert dated(Decoded((), (bad,)), came, Memory()) == (replace(bad, first=EIGHT_AT - 500),)


def test_new_records_that_equal_known_ones_are_new_ones_of_the_slots_user() -> None:
    raw = record("8", 2, NOW)
    _, memory = read_once("8", [raw])
    raws = [raw, raw, record("8", 1, NOW)]
    read = conclude("t1", "", tail_take("8", raws, memory, OTHER), memory, AT)
    assert isinstance(read, Reading)
    assert read.defects == (Defect(1, raw, "changed_slot", ("42", "77"), AT, AT),)
    assert [row.device_user_id for row in read.rows] == ["1001"]
    # A full read after it finds the same.
    odd = {raw: read.defects}
    memory = replace(memory, slots=OTHER, odd=odd, said={raw: ("42",), raws[2]: ("1001",)})
    whole = conclude("t1", "", take(log("8", raws), 3, users=OTHER), memory, AT)
    assert isinstance(whole, Reading)
    assert ([r.device_user_id for r in whole.rows], whole.defects) == (["42", "1001"], read.defects)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reading_on_by_parts_brings_what_a_full_read_brings(layout: str) -> None:
    raws = some(layout, 30)
    raws[12] = record(layout, 1, FEBRUARY_31)
    raws[17] = record(layout, 1, EIGHT, verify=77)
    users = SLOTS if layout in ("8", "8b") else None
    first, memory = read_once(layout, raws[:10])
    rows, defects = list(first.rows), list(first.defects)
    for end in (11, 15, 15, 30):
        read = conclude("t1", "", tail_take(layout, raws[:end], memory, users), memory, AT)
        assert isinstance(read, Reading)
        rows += read.rows
        defects += read.defects
        memory = replace(memory, held=end, tail=read.tail, reading=(read.continues or 0) + 1)
    whole, _ = read_once(layout, raws)
    assert (tuple(rows), [d[:3] for d in map(astuple, defects)]) == (
        whole.rows,
        [d[:3] for d in map(astuple, whole.defects)],
    )
    assert (memory.tail, memory.held) == (whole.tail, whole.held) and len(raws[0]) == SIZES[layout]


# Clocks and answers


@pytest.mark.parametrize(
    ("samples", "offset"),
    [
        ((), None),
        ((ClockSample(None, 100, 100, 0.1),), None),
        ((ClockSample(90, 100, 104, 4.0), ClockSample(95, 105, 105, 0.2)), -10),
        ((ClockSample(None, 100, 100, 0.1), ClockSample(95, 100, 106, 6.0)), -8),
        ((ClockSample(100, 100, 100, 0.1), ClockSample(101, 100, 100, 0.1)), 0),
    ],
)
def test_the_clock_is_compared_in_the_sample_that_took_least(
    samples: tuple[ClockSample, ...], offset: int | None
) -> None:
    assert clock_offset(samples) == offset


@pytest.mark.parametrize("size", [80, 92, 112])
def test_the_counts_are_found_in_every_size_table(size: int) -> None:
    table = bytearray(size)
    table[16:20] = (31).to_bytes(4, "little")
    table[32:36] = (605).to_bytes(4, "little")
    assert (record_count(bytes(table)), sizes(bytes(table))) == (605, Sizes(31, 605, None))
    table[64:68] = (100_000).to_bytes(4, "little")
    assert sizes(bytes(table)) == Sizes(31, 605, 100_000)


def test_a_capacity_below_nothing_is_none() -> None:
    assert sizes(bytes(64) + b"\xff" * 16) == Sizes(0, 0, None)


@pytest.mark.parametrize("payload", [b"", bytes(79), bytes(32) + b"\xff" * 48, bytes(16) + b"\xff" * 4 + bytes(60)])
def test_a_size_table_that_is_cut_or_negative_is_no_count(payload: bytes) -> None:
    for read in (record_count, sizes):
        with pytest.raises(Trouble) as raised:
            read(payload)
        assert raised.value.code == "broken"


def test_a_clock_that_shows_no_time_and_an_option_without_value_are_told_as_such() -> None:
    impossible = FEBRUARY_31.to_bytes(4, "little")
    assert (shown_time(b"abc"), shown_time(impossible)) == (None, None)
    options = [b"~SerialNumber=A6F5\0tail", b"~SerialNumber=", b"", b"~SerialNumber=\xffA\0"]
    assert [option_value(payload) for payload in options] == ["A6F5", "", "", "\\xffA"]
