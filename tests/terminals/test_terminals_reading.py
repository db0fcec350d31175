from datetime import datetime
from hashlib import sha256

import pytest
from terminalkit import NOON, blob_of, expected, record_bytes, rows_at

from punchsync.core.moment import Moment, to_moment
from punchsync.core.reading import ReadFailure, Reading
from punchsync.emulator import layout, wire
from punchsync.terminals.answers import option_value, record_count, shown_time
from punchsync.terminals.reading import ClockSample, Known, Take, clock_offset, conclude
from punchsync.terminals.trouble import Trouble

AT = to_moment(NOON)
EIGHT = to_moment(NOON.replace(hour=8))


def take(blob: bytes, count: int, serial: str = "S1") -> Take:
    return Take(blob, AT, count, count, (ClockSample(AT + 90, AT, AT, 0.01),), serial, 1234)


def concluded(blob: bytes, count: int, known: Known | None = None) -> Reading | ReadFailure:
    return conclude("t1", "192.0.2.10:4370", take(blob, count), known or Known())


def log_from(moment: datetime, count: int) -> bytes:
    start = wire.pack_time(moment)
    return blob_of(*(record_bytes(b"1001", start + i) for i in range(count)))


def last(at: Moment, *users: str) -> Known:
    return Known(last=(at, frozenset(users)))


def test_a_reading_carries_all_that_came() -> None:
    log = rows_at(3)
    blob = layout.log_blob(log, 40)
    assert concluded(blob, 3) == Reading(
        terminal="t1",
        source="tcp",
        name="192.0.2.10:4370",
        digest=sha256(blob).hexdigest(),
        rows=expected(log),
        began=AT,
        serial="S1",
        count_before=3,
        count_after=3,
        clock_offset=90,
        bytes_moved=1234,
    )


def test_another_serial_number_is_another_device() -> None:
    assert concluded(bytes(4), 0, Known("S2")) == ReadFailure("t1", "other_device", "serial=S1 known=S2")


def test_a_terminal_that_told_its_serial_number_and_tells_none_is_not_trusted() -> None:
    read = conclude("t1", "", take(bytes(4), 0, serial=""), Known("S2"))
    assert read == ReadFailure("t1", "other_device", "serial= known=S2")


def test_a_log_that_held_records_and_is_empty_was_emptied() -> None:
    assert concluded(bytes(4), 0, last(AT, "1001")) == ReadFailure("t1", "emptied", f"last_known={AT}")


def test_an_empty_log_of_a_terminal_never_read_is_a_reading() -> None:
    assert isinstance(concluded(bytes(4), 0), Reading)


def test_a_log_that_holds_the_last_known_record_is_the_same_log() -> None:
    assert isinstance(concluded(log_from(NOON.replace(hour=8), 3), 3, last(EIGHT + 2, "1001", "0042")), Reading)


@pytest.mark.parametrize(
    ("first", "code"),
    [(NOON.replace(hour=8), "other_device"), (NOON.replace(hour=8, second=1), "Reading")],
)
def test_a_log_without_the_last_known_record_may_only_begin_after_it(first: datetime, code: str) -> None:
    read = concluded(log_from(first, 3), 3, last(EIGHT, "7777"))
    assert (read.code if isinstance(read, ReadFailure) else type(read).__name__) == code


def test_a_known_moment_with_another_person_is_not_the_known_record() -> None:
    read = concluded(log_from(NOON.replace(hour=8), 5), 5, last(EIGHT + 2, "0042"))
    assert read == ReadFailure("t1", "other_device", f"first={EIGHT} last_known={EIGHT + 2}")


def test_a_full_log_that_lost_its_oldest_rows_is_a_normal_reading() -> None:
    read = concluded(log_from(NOON, 2), 2, last(EIGHT, "1001"))
    assert isinstance(read, Reading)


def test_records_of_a_clock_that_lost_its_time_do_not_make_another_device() -> None:
    lost = record_bytes(b"1001", wire.pack_time(datetime(2000, 1, 1)))
    late = record_bytes(b"1001", wire.pack_time(NOON))
    assert isinstance(concluded(blob_of(lost, late), 2, last(EIGHT, "1001")), Reading)
    assert isinstance(concluded(blob_of(lost), 1, last(EIGHT, "1001")), Reading)


def test_a_log_of_defects_alone_is_not_empty() -> None:
    bad = record_bytes(b"", wire.pack_time(NOON))
    read = concluded(blob_of(bad), 1, last(EIGHT, "1001"))
    assert isinstance(read, Reading)
    assert [d.reason for d in read.defects] == ["empty_user_id"]


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
def test_the_record_count_is_found_in_every_size_table(size: int) -> None:
    table = bytearray(size)
    table[32:36] = (605).to_bytes(4, "little")
    assert record_count(bytes(table)) == 605


@pytest.mark.parametrize("payload", [b"", bytes(79), bytes(32) + b"\xff" * 48])
def test_a_size_table_that_is_cut_or_negative_is_no_count(payload: bytes) -> None:
    with pytest.raises(Trouble) as raised:
        record_count(payload)
    assert raised.value.code == "broken"


def test_a_clock_that_shows_no_time_and_an_option_without_value_are_told_as_such() -> None:
    impossible = wire.pack_fields(2026, 2, 31, 0, 0, 0).to_bytes(4, "little")
    assert (shown_time(b"abc"), shown_time(impossible)) == (None, None)
    options = [b"~SerialNumber=A6F5\0tail", b"~SerialNumber=", b"", b"~SerialNumber=\xffA\0"]
    assert [option_value(payload) for payload in options] == ["A6F5", "", "", "\\xffA"]
