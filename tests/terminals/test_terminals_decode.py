from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terminalkit import NOON, blob_of, expected, record_bytes, rows_at

from punchsync.core.moment import to_moment
from punchsync.core.reading import Defect, Row
from punchsync.emulator import layout, wire
from punchsync.terminals.decode import Decoded, Misfit, decode, moment_of, records

NOW = wire.pack_time(NOON)
FEBRUARY_31 = wire.pack_fields(2026, 2, 31, 8, 0, 0)
GOOD = record_bytes(b"1001", NOW)


def code_of(result: Decoded | Misfit) -> str:
    return result.code if isinstance(result, Misfit) else "decoded"


def test_rows_are_read_with_their_bytes_and_places_in_the_order_of_the_log() -> None:
    log = rows_at(5)
    assert decode(layout.log_blob(log, 40), 5, 5) == Decoded(expected(log))


def test_a_log_of_no_records_is_empty_with_and_without_its_total() -> None:
    assert [decode(blob, 0, 0) for blob in (b"", bytes(4))] == [Decoded(), Decoded()]


def test_letters_and_leading_zeros_of_a_user_id_are_kept_and_what_follows_the_nul_is_not_read() -> None:
    users = [b"0042", b"A17", b"7\0rest", b"9" * 24, "甲".encode()]
    decoded = records(b"".join(record_bytes(u, NOW) for u in users))
    assert ([r.device_user_id for r in decoded.rows], decoded.defects) == (["0042", "A17", "7", "9" * 24, "甲"], ())


def test_verify_and_state_are_their_numbers_as_text() -> None:
    values = [0, 1, 2, 3, 4, 5, 15, 16, 25, 101, 104, 255]
    decoded = records(b"".join(record_bytes(b"1", NOW, verify=v, state=255 - v) for v in values))
    assert [(r.verify, r.state) for r in decoded.rows] == [(str(v), str(255 - v)) for v in values]


def test_an_impossible_date_is_kept_aside_and_the_rest_is_read() -> None:
    bad = record_bytes(b"1001", FEBRUARY_31)
    row = Row(0, GOOD, "1001", to_moment(NOON), "1", "0")
    assert decode(blob_of(GOOD, bad, GOOD), 3, 3) == Decoded(
        (row, Row(2, GOOD, "1001", to_moment(NOON), "1", "0")), (Defect(1, bad, "impossible_date"),)
    )


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
def test_a_user_id_that_is_none_is_kept_aside_with_its_reason(user: bytes, reason: str) -> None:
    bad = record_bytes(user, NOW)
    assert records(bad + GOOD).defects == (Defect(0, bad, reason),)


def test_exact_duplicates_are_all_kept() -> None:
    assert [r.position for r in records(GOOD * 3).rows] == [0, 1, 2]


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


@pytest.mark.parametrize("before", [8, 9, 10])
@pytest.mark.parametrize("after", [10, 11])
def test_punches_between_counting_and_reading_are_allowed(before: int, after: int) -> None:
    assert code_of(decode(layout.log_blob(rows_at(10), 40), before, after)) == "decoded"


@pytest.mark.parametrize(("before", "after"), [(11, 11), (9, 9), (11, 10), (10, 9), (0, 9)])
def test_counts_that_disagree_with_the_log_are_a_short_one(before: int, after: int) -> None:
    assert decode(layout.log_blob(rows_at(10), 40), before, after) == Misfit(
        "short", f"bytes=404 total=400 before={before} after={after}"
    )


def test_fewer_or_more_bytes_than_the_total_are_a_short_log() -> None:
    whole = layout.log_blob(rows_at(10), 40)
    blobs = [b"", whole[:3], whole[:4], whole[:-1], whole[:-40], whole + b"\0", whole + GOOD]
    assert [code_of(decode(blob, 10, 10)) for blob in blobs] == ["short"] * 7


@pytest.mark.parametrize("size", [8, 16, 49])
@pytest.mark.parametrize("after", [1000, 1001])
def test_other_record_sizes_are_told_by_their_counts(size: int, after: int) -> None:
    result = decode(layout.log_blob(rows_at(1000), size), 1000, after)
    assert result == Misfit(
        "layout", f"bytes={4 + 1000 * size} total={1000 * size} before=1000 after={after} record_size={size}"
    )


def test_sizes_that_can_not_be_told_apart_are_not_guessed() -> None:
    assert decode(blob_of(GOOD), 0, 5) == Misfit("layout", "bytes=44 total=40 before=0 after=5 record_size=8|40")


@pytest.mark.parametrize("body", [GOOD, GOOD * 3])
def test_the_nine_byte_prefix_is_another_layout(body: bytes) -> None:
    prefix = bytes.fromhex("ff3235350000000000")
    count = len(body) // 40
    assert [
        code_of(decode(total.to_bytes(4, "little") + prefix + body, count, count))
        for total in (len(body), len(body) + 9)
    ] == ["layout"] * 2


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 12), st.integers(0, 12))
def test_random_bytes_never_stop_the_decoder_nor_give_more_than_was_counted(
    blob: bytes, before: int, after: int
) -> None:
    result = decode(blob, before, after)
    if isinstance(result, Decoded):
        assert before <= len(result.rows) + len(result.defects) <= after


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=24), st.integers(0, 2**32 - 1)), max_size=20))
def test_every_record_is_either_a_row_or_a_defect_with_its_own_bytes(fields: list[tuple[bytes, int]]) -> None:
    raws = [record_bytes(user, packed) for user, packed in fields]
    decoded = records(b"".join(raws))
    found = {row.position: row.raw for row in decoded.rows} | {d.position: d.raw for d in decoded.defects}
    assert found == dict(enumerate(raws))
    for row in decoded.rows:
        packed = fields[row.position][1]
        assert row.at == to_moment(datetime(*wire.unpack_fields(packed)))
