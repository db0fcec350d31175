from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logkit import AT, EIGHT, FEBRUARY_31, MARK, NOON, NOW, SLOTS, record, rows_of, some

from punchsync.core.moment import DAY, to_moment
from punchsync.core.reading import DEFECTS, LAYOUTS, Defect, Row
from punchsync.core.stored import EARLIEST
from punchsync.emulator import Record, layout, wire
from punchsync.terminals.decode import FUTURE, Decoded, Whose, records
from punchsync.terminals.packed import moment_of

WHOSE = Whose(SLOTS, SLOTS)
EIGHT_AT = to_moment(NOON.replace(hour=8))
GOOD = record("40", "1001", EIGHT)
LATER = record("40", "1001", EIGHT + 60)
GOOD_ROW = Row(0, GOOD, "1001", EIGHT_AT, "1", "0")


def forty(*raws: bytes) -> Decoded:
    return records(b"".join(raws), "40", AT)


def slotted(*raws: bytes, whose: Whose = WHOSE, odd: dict[bytes, tuple[Defect, ...]] | None = None) -> Decoded:
    return records(b"".join(raws), "8", AT, whose, odd)


# Punches


@pytest.mark.parametrize("name", LAYOUTS)
def test_rows_are_read_with_their_bytes_and_places_in_the_order_of_the_log(name: str) -> None:
    raws = some(name, 7)
    assert records(b"".join(raws), name, AT, WHOSE, position=3) == Decoded(
        tuple(row._replace(position=row.position + 3) for row in rows_of(raws, name))
    )


@pytest.mark.parametrize("name", ["8", "16", "40", "49"])
def test_rows_are_those_that_the_emulated_terminal_holds(name: str) -> None:
    log = [Record(1 + n % 2, ("1001", "42")[n % 2], EIGHT + 60 * n, 1 + n % 3, n % 5) for n in range(7)]
    blob = layout.log_blob(log, int(name))  # type: ignore[call-overload, unused-ignore]
    rows = records(blob[4:], name, AT, WHOSE).rows
    assert [r[2:] for r in rows] == [r[2:] for r in rows_of(some(name, 7), name)]


def test_no_records_are_none() -> None:
    assert records(b"", "40", AT) == Decoded()


def test_letters_and_leading_zeros_of_a_user_id_are_kept_and_what_follows_the_nul_is_not_read() -> None:
    users = [b"0042", b"A17", b"7\0rest", b"9" * 24, "甲".encode()]
    decoded = forty(*(record("40", user, EIGHT) for user in users))
    assert ([r.device_user_id for r in decoded.rows], decoded.defects) == (["0042", "A17", "7", "9" * 24, "甲"], ())


def test_exact_duplicates_are_all_kept() -> None:
    assert [r.position for r in forty(GOOD, GOOD, GOOD).rows] == [0, 1, 2]


# Times


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ((2000, 1, 1, 0, 0, 0), datetime(2000, 1, 1)),
        ((2024, 2, 29, 23, 59, 59), datetime(2024, 2, 29, 23, 59, 59)),
        ((2099, 12, 31, 8, 30, 1), datetime(2099, 12, 31, 8, 30, 1)),
        ((2026, 2, 29, 8, 0, 0), None),
        ((2026, 4, 31, 8, 0, 0), None),
    ],
)
def test_a_packed_time_is_a_moment_or_none(fields: tuple[int, ...], moment: datetime | None) -> None:
    packed = wire.pack_fields(*fields)
    assert moment_of(packed) == (None if moment is None else to_moment(moment))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_packed_time_is_what_the_calendar_says(packed: int) -> None:
    try:
        at = to_moment(datetime(*wire.unpack_fields(packed)))
    except ValueError:
        at = None
    assert moment_of(packed) == at


def test_an_impossible_date_is_kept_aside_with_the_stretch_between_its_neighbours_and_the_rest_is_read() -> None:
    bad = record("40", "0042", FEBRUARY_31)
    assert forty(GOOD, bad, LATER) == Decoded(
        (GOOD_ROW, Row(2, LATER, "1001", EIGHT_AT + 60, "1", "0")),
        (Defect(1, bad, "impossible_date", ("0042",), EIGHT_AT, EIGHT_AT + 60),),
    )


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (datetime(2000, 1, 1), "dead_clock"),
        (datetime(2019, 12, 31, 23, 59, 59), "dead_clock"),
        (datetime(2020, 1, 1), ""),
        (datetime(2020, 1, 1, 0, 0, 1), ""),
    ],
)
def test_a_time_before_2020_is_that_of_a_dead_clock(shown: datetime, reason: str) -> None:
    decoded = forty(record("40", "1", wire.pack_time(shown)))
    assert [d.reason for d in decoded.defects] == [reason] * bool(reason)
    assert [r.at for r in decoded.rows] == [to_moment(shown)] * (not reason)
    assert to_moment(datetime(2020, 1, 1)) == EARLIEST


@pytest.mark.parametrize(
    ("ahead", "reason"), [(0, ""), (FUTURE - 1, ""), (FUTURE, ""), (FUTURE + 1, "future"), (400 * DAY, "future")]
)
def test_a_time_that_no_clock_of_ours_has_reached_is_a_future_one(ahead: int, reason: str) -> None:
    later = record("40", "1", NOW + ahead % DAY + ahead // DAY * DAY)
    assert [d.reason for d in forty(later).defects] == [reason] * bool(reason)


@pytest.mark.parametrize(
    ("before", "after", "stretch"),
    [
        ([GOOD], [LATER], (EIGHT_AT, EIGHT_AT + 60)),
        ([LATER], [GOOD], (EIGHT_AT, EIGHT_AT + 60)),
        ([GOOD], [], (EIGHT_AT, AT)),
        ([], [GOOD], (EIGHT_AT - 8 * 3600, EIGHT_AT)),
        ([], [], (AT - DAY, AT)),
        ([GOOD, record("40", "", EIGHT)], [record("40", "7", FEBRUARY_31), LATER], (EIGHT_AT, EIGHT_AT + 60)),
    ],
)
def test_a_record_without_a_time_was_made_between_the_nearest_good_ones(
    before: list[bytes], after: list[bytes], stretch: tuple[int, int]
) -> None:
    bad = record("40", "1001", wire.pack_time(datetime(2000, 1, 1)))
    found = [d for d in forty(*before, bad, *after).defects if d.raw == bad]
    assert found == [Defect(len(before), bad, "dead_clock", ("1001",), *stretch)]


# Users


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (b"", "empty_user_id"),
        (b"\0001001", "empty_user_id"),
        (b"  ", "empty_user_id"),
        (b"\xff\xfe", "unreadable_user_id"),
        (b"10\x0701", "unreadable_user_id"),
    ],
)
def test_a_user_id_that_is_none_is_kept_aside_as_anybodys_at_its_moment(user: bytes, reason: str) -> None:
    bad = record("40", user, EIGHT)
    assert forty(bad, GOOD).defects == (Defect(0, bad, reason, (), EIGHT_AT, EIGHT_AT),)


def test_neither_user_nor_time_is_anybodys_in_the_stretch_between_its_neighbours() -> None:
    bad = record("40", b"\xff", FEBRUARY_31)
    assert forty(GOOD, bad, LATER).defects == (Defect(1, bad, "unreadable_user_id", (), EIGHT_AT, EIGHT_AT + 60),)


def test_the_number_zero_is_nobodys() -> None:
    raws = [record("16", user, EIGHT) for user in (0, 1, 2**32 - 1)]
    decoded = records(b"".join(raws), "16", AT)
    assert [r.device_user_id for r in decoded.rows] == ["1", str(2**32 - 1)]
    assert decoded.defects == (Defect(0, raws[0], "empty_user_id", (), EIGHT_AT, EIGHT_AT),)


# Codes


def test_verify_and_state_are_their_numbers_as_text_and_those_not_known_are_odd_beside_the_punch() -> None:
    known = {0, 1, 2, 3, 4, 5, 15, 16, 25, 101, 104, 255}
    raws = [record("40", "1", EIGHT, n, 0) for n in range(256)] + [record("40", "1", EIGHT, 0, n) for n in range(256)]
    decoded = forty(*raws)
    assert [(r.verify, r.state) for r in decoded.rows] == [(str(n), "0") for n in range(256)] + [
        ("0", str(n)) for n in range(256)
    ]
    assert decoded.defects == tuple(Defect(n, raws[n], "odd_code") for n in range(512) if n % 256 not in known)


def test_defects_come_in_the_order_of_the_log() -> None:
    raws = [record("40", "1", EIGHT, 77), record("40", "", EIGHT), record("40", "1", EIGHT, 77)]
    assert [(d.position, d.reason) for d in forty(*raws).defects] == [
        (0, "odd_code"), (1, "empty_user_id"), (2, "odd_code"),
    ]  # fmt: skip


# Slots

ONE = record("8", 1, EIGHT)


def test_the_first_read_takes_slots_as_the_list_has_them() -> None:
    raws = [record("8", slot, EIGHT) for slot in (1, 2, 3)]
    decoded = slotted(*raws, whose=Whose(SLOTS))
    assert [r.device_user_id for r in decoded.rows] == ["1001", "42"]
    assert decoded.defects == (Defect(2, raws[2], "unknown_slot", (), EIGHT_AT, EIGHT_AT),)


@pytest.mark.parametrize(
    ("then", "now", "user", "defect"),
    [
        ({1: "a"}, {1: "a"}, "a", None),
        ({2: "b"}, {1: "a"}, "a", None),
        ({1: "a"}, {1: "b"}, "", ("changed_slot", ("a", "b"))),
        ({1: "a"}, {2: "b"}, "", ("unknown_slot", ("a",))),
        ({2: "b"}, {2: "b"}, "", ("unknown_slot", ())),
    ],
)
def test_a_new_record_is_its_slots_users_unless_that_had_another_one(
    then: dict[int, str], now: dict[int, str], user: str, defect: tuple[str, tuple[str, ...]] | None
) -> None:
    decoded = slotted(ONE, whose=Whose(now, then))
    assert [r.device_user_id for r in decoded.rows] == [user] * bool(user)
    assert decoded.defects == (() if defect is None else (Defect(0, ONE, *defect, EIGHT_AT, EIGHT_AT),))


def test_a_changed_slot_without_a_time_is_either_users_in_the_stretch() -> None:
    bad = record("8", 1, FEBRUARY_31)
    assert slotted(bad, whose=Whose({1: "b"}, {1: "a"})).defects == (
        Defect(0, bad, "changed_slot", ("a", "b"), AT - DAY, AT),
    )


def test_records_known_before_are_whose_they_were_said_to_be_each_by_its_number() -> None:
    whose = Whose({1: "new"}, {1: "new"}, {ONE: ("old", "other")})
    decoded = slotted(ONE, ONE, ONE, whose=whose)
    assert ([r.device_user_id for r in decoded.rows], decoded.defects) == (["old", "other", "new"], ())


def test_a_known_record_of_a_slot_that_nobody_has_any_more_stays_its_users() -> None:
    assert [r.device_user_id for r in slotted(ONE, whose=Whose({}, SLOTS, {ONE: ("1001",)})).rows] == ["1001"]


# What was known


@pytest.mark.parametrize("reason", [reason for reason in DEFECTS if reason != "odd_code"])
def test_a_defect_known_before_stays_what_it_was(reason: str) -> None:
    old = (Defect(7, GOOD, reason, ("x", "y"), 1, 2), Defect(8, GOOD, reason, ("x",), 3, 4))
    decoded = records(LATER + GOOD + GOOD + GOOD, "40", AT, odd={GOOD: old})
    assert decoded.known == (Defect(1, GOOD, reason, ("x", "y"), 1, 2), Defect(2, GOOD, reason, ("x",), 3, 4))
    # One more of them than were known is a record of its own.
    assert ([r.position for r in decoded.rows], decoded.defects) == ([0, 3], ())


def test_an_odd_code_known_before_is_a_punch_and_odd_again() -> None:
    odd = record("40", "1001", EIGHT, 77)
    decoded = records(odd, "40", AT, odd={odd: (Defect(7, odd, "odd_code"),)})
    assert ([r.raw for r in decoded.rows], decoded.defects) == ([odd], (Defect(0, odd, "odd_code"),))


def test_of_identical_records_as_many_stay_punches_as_were_and_the_rest_the_defect() -> None:
    old = Defect(1, ONE, "changed_slot", ("1001", "x"), EIGHT_AT, EIGHT_AT)
    decoded = slotted(ONE, ONE, ONE, whose=Whose(SLOTS, SLOTS, {ONE: ("1001",)}), odd={ONE: (old, old)})
    assert [r.position for r in decoded.rows] == [0]
    assert [d.position for d in decoded.known] == [1, 2]


# Whatever there is

MOMENTS = st.integers(wire.pack_fields(2020, 1, 1, 0, 0, 0) // DAY, wire.pack_fields(2026, 9, 28, 0, 0, 0) // DAY)
PUNCHES = st.lists(
    st.tuples(st.integers(1, 2), MOMENTS, st.integers(0, DAY - 1), st.integers(0, 255), st.integers(0, 255)),
    max_size=20,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(LAYOUTS), PUNCHES)
def test_what_is_packed_is_read_again(name: str, punches: list[tuple[int, int, int, int, int]]) -> None:
    raws, expected = [], []
    for n, (slot, day, second, verify, state) in enumerate(punches):
        packed = day * DAY + second
        user = {1: "1001", 2: "42"}[slot]
        raws.append(record(name, slot if name in ("8", "8b") else int(user), packed, verify, state, extra=n))
        at = wire.unpack_time(packed)
        if at is not None:
            expected.append(Row(n, raws[-1], user, to_moment(at), str(verify), str(state)))
    decoded = records(b"".join(raws), name, AT, WHOSE)
    assert decoded.rows == tuple(expected)
    kept = {d.position for d in decoded.defects if d.reason != "odd_code"}
    assert kept == set(range(len(raws))) - {row.position for row in expected}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=24), st.integers(0, 2**32 - 1)), max_size=20))
def test_every_record_is_either_a_row_or_a_defect_with_its_own_bytes(fields: list[tuple[bytes, int]]) -> None:
    raws = [record("40", user, packed) for user, packed in fields]
    decoded = forty(*raws)
    rows = {row.position: row.raw for row in decoded.rows}
    defects = {d.position: d.raw for d in decoded.defects if d.reason != "odd_code"}
    assert not rows.keys() & defects.keys()
    assert rows | defects == dict(enumerate(raws))
    assert all(d.first is not None and d.last is not None and d.first <= d.last for d in decoded.defects)


def test_the_mark_of_a_record_is_kept_with_it() -> None:
    raw = record("49p", "1001", EIGHT)
    assert records(raw, "49p", AT).rows == (Row(0, raw, "1001", EIGHT_AT, "1", "0"),)
    assert raw.startswith(MARK)
