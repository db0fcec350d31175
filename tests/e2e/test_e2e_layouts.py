"""Logs of every layout over TCP and UDP in one site; slots that change hands; how much is read of a log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import get_args

import pytest

from punchsync.emulator import Record, Traits, wire
from punchsync.emulator.traits import Layout, Transport

from .commandline import export
from .live import CLEAN, NOBODY, Live, noticed, read_of, when
from .site import MONDAY

SUNDAY = "2026-11-08"
TUESDAY = "2026-11-10"
WEDNESDAY = "2026-11-11"
LAYOUTS = get_args(Layout)
SLOTTED = ("8", "8b")


def moved(live: Live) -> list[tuple[str, int]]:
    """Plan and bytes of every stored reading."""
    with closing(sqlite3.connect(live.path / "data" / "punchsync.db")) as db:
        return db.execute("SELECT plan, bytes_moved FROM reading ORDER BY number").fetchall()


# layouts


def test_terminals_of_every_layout_over_tcp_and_udp_give_the_right_punches_side_by_side(live: Live) -> None:
    """User 42 types 0042; where rows or users hold numbers the zeros are lost, and it is the same person."""
    live.people("P1", "P42")
    wanted = []
    for n, (layout, transport) in enumerate((y, t) for y in LAYOUTS for t in get_args(Transport)):
        traits = Traits(layout=layout, user_bytes=28 if layout == "8b" else 72, inline_limit=0 if n % 2 else 1024)
        id = f"T{n:02}"
        device = live.connect(live.device(f"S{n:02}", traits=traits), id, transport=transport)
        short = layout in ("16", "8b")
        for user in ("1", "0042"):
            device.enrol(user, "甲")
            for k, clock in enumerate(CLEAN):
                at = when(clock) + timedelta(seconds=n)
                device.punch(user, at, verify=(1, 15, 4, 25)[k], state=k)
                person, said = ("P1", "1") if user == "1" else ("P42", "42" if short else "0042")
                wanted.append((str(at), said, person, id, str((1, 15, 4, 25)[k]), str(k), transport))

    done = live.poll("20:40:00")

    assert [(t["ok"], t["records"], t["new"], t["defects"], t["unknown_ids"]) for t in done["terminals"]] == [
        (True, 8, 8, 0, [])
    ] * 14
    assert export(live.path, "punches") == sorted(wanted)
    assert (live.judged(), live.accused()) == ({"P1": ["normal"] * 4, "P42": ["normal"] * 4}, NOBODY)
    live.sound()


@pytest.mark.parametrize("layout", SLOTTED)
@pytest.mark.parametrize("inline_limit", [0, 1024], ids=["tail", "full"])
def test_a_slot_that_changed_hands_is_nobody_s_for_certain_and_both_are_unverified(
    live: Live, layout: Layout, inline_limit: int
) -> None:
    """P2 gets P1's slot after the noon poll; whose the afternoon's punches are the rows don't say."""
    device = live.connect(live.device(traits=Traits(layout=layout, inline_limit=inline_limit)))
    live.people("P1", "P2", "P3")
    device.enrol("1", slot=7)
    device.enrol("3", slot=3)
    live.taken("1", *CLEAN[:2])
    live.taken("3", *CLEAN[:2])
    live.poll("12:40:00")
    device.enrol("2", slot=7)
    live.taken("2", *CLEAN[2:])

    done = live.poll("20:40:00")

    assert (read_of(done)["new"], read_of(done)["defects"]) == (0, 2)
    assert live.judged() == {
        "P1": ["normal", "normal", "unverified", "unverified"],
        "P2": ["missing", "unverified", "unverified", "unverified"],
        "P3": ["normal", "normal", "missing", "missing"],
    }
    assert (live.times("P1"), live.times("P2")) == (list(CLEAN[:2]), [])
    assert {r[1] for r in export(live.path, "violations")} == {"P3"}
    live.sound()


@pytest.mark.parametrize("layout", SLOTTED)
def test_what_a_slot_s_first_user_punched_stays_his_after_full_reads(live: Live, layout: Layout) -> None:
    device = live.connect(live.device(traits=Traits(layout=layout)))
    live.people("P1", "P2")
    device.enrol("1", slot=7)
    live.taken("1", *CLEAN)
    live.poll("20:40:00")
    before = export(live.path, "punches")
    device.enrol("2", slot=7)
    live.taken("2", *CLEAN, date=TUESDAY)

    for args in ((), ("resync",), ("resync", "T1")):
        live.poll(f"{TUESDAY} 20:40:00", *args)
    live.taken("2", *CLEAN, date=WEDNESDAY)
    last = live.poll(f"{WEDNESDAY} 20:40:00")

    assert export(live.path, "punches")[:4] == before
    assert live.judged(TUESDAY) == {"P1": ["unverified"] * 4, "P2": ["unverified"] * 4}
    assert live.judged(WEDNESDAY) == {"P1": ["missing"] * 4, "P2": ["normal"] * 4}
    assert [r[2] for r in export(live.path, "punches")] == ["P1"] * 4 + ["P2"] * 4
    assert (read_of(last)["new"], read_of(last)["defects"]) == (4, 4)
    live.sound()


def test_a_terminal_whose_new_firmware_writes_another_layout_goes_on_and_says_so(live: Live) -> None:
    device = live.connect()
    live.people("P1")
    live.taken("1", *CLEAN[:2])
    live.poll("12:40:00")
    device.traits = Traits(layout="49")
    live.taken("1", *CLEAN[2:])

    done = live.poll("20:40:00", status=1)

    assert noticed(done) == [("T1", "layout_changed", "40→49")]
    assert (live.judged(), live.times()) == ({"P1": ["normal"] * 4}, list(CLEAN))
    live.sound()


def test_a_layout_that_the_settings_say_is_not_read_as_another(live: Live) -> None:
    live.connect(more='layout = "16"\n')
    live.people("P1")
    live.taken("1", *CLEAN)

    done = live.poll("20:40:00", status=4)

    assert (read_of(done)["failure"], export(live.path, "punches")) == ("layout", [])


# defects


@pytest.mark.parametrize("transport", get_args(Transport))
def test_rows_that_are_no_punches_are_kept_and_protect_those_who_may_have_made_them(
    live: Live, transport: Transport
) -> None:
    """31 February by user 1 in the morning, and a row without a user at half past five."""
    device = live.connect(transport=transport)
    live.people("P1", "P2", "P3")
    for user in "123":
        live.taken(user, "08:25:00")
    device.store([Record(1, "1", wire.pack_fields(2026, 2, 31, 12, 0, 0))])
    for user in "12":
        live.taken(user, *CLEAN[1:])
    device.store([Record(9, "", wire.pack_time(when("17:32:00")))])
    live.taken("1", "17:33:00")

    done = live.poll("20:40:00")

    assert (read_of(done)["records"], read_of(done)["defects"]) == (12, 2)
    # P3 may have made the row of 17:32 and no other.
    assert live.judged() == {
        "P1": ["normal"] * 4,
        "P2": ["normal"] * 4,
        "P3": ["normal", "missing", "missing", "unverified"],
    }
    live.sound()


# how much is read


def test_the_second_poll_of_a_day_moves_little_and_a_new_day_s_first_is_full(live: Live) -> None:
    device = live.connect()
    live.people("P1", from_=SUNDAY)
    start = wire.pack_time(when("00:00:00", SUNDAY))
    device.store(Record(1, "1", start + 20 * n) for n in range(3_000))
    live.taken("1", CLEAN[0])

    plans = []
    for punch, poll in zip(CLEAN[1:], ("09:10:00", "12:40:00", "20:40:00"), strict=True):
        plans.append(read_of(live.poll(poll))["plan"])
        live.taken("1", punch)
    plans += [read_of(live.poll(f"{TUESDAY} {at}"))["plan"] for at in ("09:10:00", "12:40:00")]

    assert plans == ["full", "tail", "tail", "full", "tail"]
    assert [plan for plan, _bytes in moved(live)] == plans
    assert all(size < 20_000 if plan == "tail" else size > 120_000 for plan, size in moved(live)), moved(live)
    assert export(live.path, "coverage")[0][3] == "3004"
    assert live.judged() == {"P1": ["normal"] * 4}
    live.sound()


@pytest.mark.parametrize(
    ("plan", "time_range", "second"),
    [("auto", True, "tail"), ("full", True, "full"), ("range", True, "range"), ("range", False, "full")],
)
def test_every_plan_gives_the_same_exports(live: Live, plan: str, time_range: bool, second: str) -> None:
    device = live.connect(live.device(traits=Traits(time_range=time_range, inline_limit=0)), more=f'plan = "{plan}"\n')
    live.people("P1", "P2", from_=SUNDAY)
    start = wire.pack_time(when("00:00:00", SUNDAY))
    device.store(Record(1, "1", start + 20 * n) for n in range(100))
    for punch, poll in zip(CLEAN, ("09:10:00", "12:40:00", "15:10:00", "20:40:00"), strict=True):
        # Twice in one second: both are kept.
        live.taken("1", punch, punch)
        live.poll(poll)

    rows = export(live.path, "punches", "--from", MONDAY)

    assert [(r[0][11:], r[2]) for r in rows] == [(at, "P1") for at in CLEAN for _ in range(2)]
    assert live.judged() == {"P1": ["normal"] * 4, "P2": ["missing"] * 4}
    used = [p for p, _bytes in moved(live)]
    assert used == ["full", second, second, second]
    live.sound()
