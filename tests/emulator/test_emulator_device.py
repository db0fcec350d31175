from datetime import datetime, timedelta

from punchsync.emulator import Device, Record, User, wire
from punchsync.emulator.clock import HallClock

START = datetime(2026, 10, 8, 8, 0, 0)


def test_a_full_log_loses_its_oldest_rows() -> None:
    device = Device(capacity=3, now=lambda: START)
    for second in range(5):
        device.punch("1001", START + timedelta(seconds=second))
    seconds = [wire.unpack_fields(record.time)[5] for record in device.records]
    assert (seconds, device.record_count, device.lost) == ([2, 3, 4], 3, 2)


def test_a_punch_is_stored_under_the_terminals_own_clock() -> None:
    device = Device(now=lambda: START, clock_offset=timedelta(seconds=-90))
    assert device.punch("0042", verify=15, state=1) == Record(
        1, "0042", wire.pack_time(datetime(2026, 10, 8, 7, 58, 30)), 15, 1
    )


def test_a_drifting_clock_gains_and_goes_on_gaining_after_it_is_set() -> None:
    hall = HallClock(START, 0)
    device = Device(now=hall.now, drift_ppm=100_000)
    hall.advance(START + timedelta(seconds=100))
    before = device.clock
    device.set_clock(START)
    hall.advance(START + timedelta(seconds=110))
    assert (before, device.clock) == (START + timedelta(seconds=110), START + timedelta(seconds=11))


def test_a_removed_user_leaves_rows_behind_and_keeps_the_slot() -> None:
    device = Device(users=[User(7, "1001", "甲一")], now=lambda: START)
    device.punch("1001")
    device.remove("1001")
    assert (device.users, [record.uid for record in device.records]) == ((), [7])
    assert device.enrol("1002") == User(8, "1002")


def test_a_disabled_terminal_takes_no_punches() -> None:
    device = Device(now=lambda: START)
    device.set_enabled(False)
    assert (device.punch("1001"), device.records) == (None, ())


def test_impossible_and_far_dates_are_kept_as_they_are() -> None:
    device = Device(now=lambda: START)
    rows = [
        Record(1, "1001", wire.pack_fields(2026, 2, 31, 8, 0, 0)),
        Record(1, "1001", wire.pack_fields(2099, 12, 31, 23, 59, 59)),
    ]
    device.store(rows)
    assert list(device.records) == rows


def test_received_commands_are_counted_in_order() -> None:
    device = Device(now=lambda: START)
    for command in (1000, 50, 50):
        device.note(command)
    assert (device.received_order, device.received[50], device.received[15]) == ((1000, 50, 50), 2, 0)


def test_hall_time_runs_as_many_times_faster_as_asked() -> None:
    ticks = [0.0]
    hall = HallClock(START, 60, monotonic=lambda: ticks[0])
    ticks[0] = 10.0
    assert hall.now() == START + timedelta(minutes=10)
    assert hall.seconds_until(START + timedelta(minutes=13)) == 3.0
    assert hall.seconds_until(START) == 0.0
