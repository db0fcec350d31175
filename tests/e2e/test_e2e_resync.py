"""Terminals that were away, exchanged, cleared or full: what is known again, what is lost, and nobody is charged."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from punchsync.emulator import Record, Traits, wire

from .commandline import export
from .live import CLEAN, NOBODY, Live, noticed, read_of, when
from .site import MONDAY

TUESDAY = "2026-11-10"
WEDNESDAY = "2026-11-11"
OTHER = (
    "考勤机 T1 没有读到：这是另一台考勤机的序列号或记录，没有采用：检查 host 是否指错；"
    "确已换机的，运行 punchsync resync 并写明这台的编号"
)


def coverage(live: Live) -> list[tuple[str, str, str]]:
    """Terminal, through and state as exported."""
    return [(r[0], r[1], r[5]) for r in export(live.path, "coverage")]


def repaired(done: dict[str, Any]) -> list[tuple[str, str | None, str | None, list[list[str]]]]:
    """Terminal, before, through and lost of a round."""
    return [(c["terminal"], c["before"], c["through"], c["lost"]) for c in done["coverage"]]


def booked(done: dict[str, Any], what: str) -> list[tuple[str, str, str]]:
    """Date, account and points of what a round reversed or posted."""
    return sorted((e["value_date"], e["account_id"], e["points"]) for e in done["settled"][what])


def standing(live: Live) -> set[str]:
    """Everybody's points."""
    return {r[5] for r in export(live.path, "scores")}


# away


def test_days_offline_charge_nobody_until_a_resync_has_read_them(live: Live) -> None:
    live.connect()
    live.people("P1", "P2")
    live.taken("1", *CLEAN)
    live.taken("2", *CLEAN)
    live.poll("20:40:00")
    live.terminals["T1"].unplug()
    live.taken("1", *CLEAN, date=TUESDAY)
    live.taken("2", *CLEAN[:3], date=TUESDAY)
    live.taken("1", *CLEAN, date=WEDNESDAY)
    live.taken("2", *CLEAN, date=WEDNESDAY)
    live.poll(f"{TUESDAY} 20:40:00", status=4)
    live.at(f"{TUESDAY} 20:50:00", "settle")
    away = (live.judged(TUESDAY), live.accused(), coverage(live))

    live.terminals["T1"].plug()
    done = live.poll(f"{WEDNESDAY} 20:40:00", "resync")

    pending = ["pending"] * 4
    assert away == ({"P1": pending, "P2": pending}, NOBODY, [("T1", f"{MONDAY} 20:40:00", "silent")])
    assert repaired(done) == [("T1", f"{MONDAY} 20:40:00", f"{WEDNESDAY} 20:40:00", [])]
    assert live.judged(TUESDAY) == {"P1": ["normal"] * 4, "P2": ["normal", "normal", "normal", "missing"]}
    assert live.judged(WEDNESDAY) == {"P1": ["normal"] * 4, "P2": ["normal"] * 4}
    assert booked(done, "posts") == [(TUESDAY, "P2", "-2.5"), (TUESDAY, "公安", "-2.5")]
    assert coverage(live) == [("T1", f"{WEDNESDAY} 20:40:00", "ok")]
    live.sound()


def test_punches_that_a_resync_finds_take_back_what_was_charged_and_every_reversal_is_reported(live: Live) -> None:
    """P1 punched where he need not: that terminal is asked of the tax window only."""
    live.connect()
    live.connect(id="T2", more='windows = ["税务"]\n')
    live.people("P1", "P2")
    live.taken("2", *CLEAN)
    live.taken("1", *CLEAN, terminal="T2")
    live.terminals["T2"].unplug()
    first = live.poll("20:40:00", status=1)
    charged = live.judged()
    live.terminals["T2"].plug()

    said = live.at(f"{TUESDAY} 08:00:00", "resync", "T2", "--json")
    again = live.at(f"{TUESDAY} 08:00:00", "resync", "T2")
    done = json.loads(said.out)
    entries = [(MONDAY, who, "-2.5") for who in ("P1", "P1", "公安", "公安")]
    assert (charged, booked(first, "posts")) == ({"P1": ["missing"] * 4, "P2": ["normal"] * 4}, entries)
    assert (live.judged()["P1"], booked(done, "posts")) == (["normal"] * 4, [])
    assert booked(done, "reversals") == [(day, who, "2.5") for day, who, _points in entries]
    assert {e["reverses"] for e in done["settled"]["reversals"]} == {e["entry_id"] for e in first["settled"]["posts"]}
    assert (said.status, again.status, "新增 0 笔，冲回 0 笔" in again.out, standing(live)) == (0, 0, True, {"0"})
    live.sound()


def test_a_resync_says_on_lines_how_far_it_read_and_what_it_took_back(live: Live) -> None:
    live.connect()
    live.connect(id="T2", more='windows = ["税务"]\n')
    live.people("P1", "P2")
    live.taken("2", *CLEAN)
    live.taken("1", *CLEAN, terminal="T2")
    live.terminals["T2"].unplug()
    live.poll("20:40:00", status=1)
    live.terminals["T2"].plug()

    said = live.at(f"{TUESDAY} 08:00:00", "resync", "T2").out

    assert f"考勤机 T2：此前读到 从未读到，现在读到 {TUESDAY} 08:00:00" in said.splitlines()
    assert "已记账：新增 0 笔，冲回 4 笔" in said.splitlines()
    assert [line.split()[0] for line in said.splitlines() if line.startswith("E0")] == [
        "E00000005", "E00000006", "E00000007", "E00000008",
    ]  # fmt: skip


def test_a_usb_file_brought_in_between_doubles_nothing(live: Live) -> None:
    device = live.connect()
    live.people("P1")
    live.taken("1", *CLEAN)
    live.poll("20:40:00")
    live.terminals["T1"].unplug()
    live.taken("1", *CLEAN, date=TUESDAY)
    path = live.file(device.records)
    live.poll(f"{TUESDAY} 20:40:00", status=4)
    live.done("import", "punches", path, "--terminal", "T1", "--through", f"{TUESDAY} 20:30:00")
    live.at(f"{TUESDAY} 20:50:00", "settle")
    by_file = (live.judged(TUESDAY), coverage(live))
    live.taken("1", *CLEAN, date=WEDNESDAY)

    live.terminals["T1"].plug()
    done = live.poll(f"{WEDNESDAY} 20:40:00")

    assert by_file[0] == {"P1": ["normal"] * 4}
    assert (read_of(done)["records"], read_of(done)["new"]) == (12, 4)
    assert repaired(done) == [("T1", f"{TUESDAY} 20:30:00", f"{WEDNESDAY} 20:40:00", [])]
    assert [r[0] for r in export(live.path, "punches")] == [
        f"{date} {at}" for date in (MONDAY, TUESDAY, WEDNESDAY) for at in CLEAN
    ]
    assert [r[6] for r in export(live.path, "punches")] == ["tcp"] * 4 + ["file"] * 4 + ["tcp"] * 4
    assert live.accused() == NOBODY
    live.sound()


# exchanged


def broken_down(live: Live) -> list[Record]:
    """T1 breaks down at three, after P1's afternoon punch that nobody has read; a new one hangs there from four on.

    It brought two rows from where it was before, by which user 1 was somebody else.
    """
    device = live.connect(live.device(traits=Traits(inline_limit=0)))
    live.people("P1", "P2")
    live.taken("1", *CLEAN[:2])
    live.taken("2", *CLEAN[:2])
    live.poll("12:40:00")
    live.taken("1", CLEAN[2])
    brought = [Record(1, "1", wire.pack_time(when(at)), 1, 0) for at in ("2026-11-06 08:25:00", f"{MONDAY} 08:50:00")]
    device.replace("S9", records=brought)
    live.taken("1", CLEAN[3])
    return brought


@pytest.mark.parametrize("command", [("poll",), ("poll", "T1"), ("resync",)])
def test_a_new_device_in_a_terminal_s_place_is_refused_unless_it_is_named(live: Live, command: tuple[str, ...]) -> None:
    broken_down(live)
    before = live.exports()

    ran = live.at("20:40:00", *command)

    assert (ran.status, ran.err.splitlines(), live.exports()) == (4, [OTHER], before)
    live.sound()


def test_a_named_resync_goes_on_with_the_new_device_and_charges_nobody_for_what_is_lost_between(live: Live) -> None:
    broken_down(live)

    done = live.poll("20:40:00", "resync", "T1", status=1)

    lost = [f"{MONDAY} 12:01:01", f"{MONDAY} 17:31:00"]
    assert noticed(done) == [("T1", "replaced", "S1→S9")]
    assert (read_of(done)["new"], read_of(done)["defects"]) == (1, 2)
    assert repaired(done) == [("T1", f"{MONDAY} 12:40:00", f"{MONDAY} 20:40:00", [lost])]
    assert live.judged() == {
        "P1": ["normal", "normal", "unverified", "normal"],
        "P2": ["normal", "normal", "unverified", "unverified"],
    }
    assert (live.accused(), live.times()) == (NOBODY, ["08:25:00", "12:01:00", "17:31:00"])
    assert (
        f"考勤机 T1 有一段记录灭失：{lost[0]} – {lost[1]}；这段时间的人不会被扣分，可补签或裁定"
        in live.warned("20:41:00")["warn"]
    )
    live.sound()


def test_rows_from_elsewhere_on_a_new_device_are_kept_as_foreign_and_are_nobody_s(live: Live) -> None:
    broken_down(live)
    raws = [live.devices["T1"].log_blob()[4 + 40 * n : 44 + 40 * n] for n in range(2)]

    live.poll("20:40:00", "resync", "T1", status=1)
    live.taken("1", "18:00:00")
    again = live.poll("20:50:00")

    with closing(sqlite3.connect(live.path / "data" / "punchsync.db")) as db:
        kept = [(bytes(raw), reason) for raw, reason in db.execute("SELECT raw, reason FROM defect ORDER BY number")]
    assert kept == [(raw, "foreign") for raw in raws]
    assert (read_of(again)["new"], read_of(again)["defects"], read_of(again)["plan"]) == (1, 0, "tail")
    assert live.times() == ["08:25:00", "12:01:00", "17:31:00", "18:00:00"]
    live.sound()


def test_a_pair_of_terminals_swapped_by_mistake_is_refused_even_by_name(live: Live) -> None:
    live.connect()
    live.connect(id="T2")
    live.people("P1", "P2")
    live.taken("1", *CLEAN[:2])
    live.taken("2", *CLEAN[:2], terminal="T2")
    live.poll("12:40:00")
    live.taken("1", *CLEAN[2:])
    live.taken("2", *CLEAN[2:], terminal="T2")
    ports = {id: terminal.port for id, terminal in live.terminals.items()}
    before = live.exports()
    live.name("T1", ports["T2"])
    live.name("T2", ports["T1"])

    done = live.poll("20:40:00", status=4)
    named = live.at("20:40:00", "resync", "T1")
    swapped = live.exports()
    live.name("T1", ports["T1"])
    live.name("T2", ports["T2"])
    live.poll("20:40:00")

    assert [(t["failure"], t["detail"].split()[-1]) for t in done["terminals"]] == [
        ("other_device", "terminal=T2"), ("other_device", "terminal=T1"),
    ]  # fmt: skip
    assert (named.status, named.err.splitlines(), swapped) == (4, [OTHER], before)
    assert (live.judged(), live.accused()) == ({"P1": ["normal"] * 4, "P2": ["normal"] * 4}, NOBODY)
    live.sound()


def test_a_terminal_that_moved_to_another_port_goes_on_with_a_tail(live: Live) -> None:
    device = live.connect(live.device(traits=Traits(inline_limit=0)))
    live.people("P1")
    live.taken("1", *CLEAN[:2])
    live.poll("12:40:00")
    live.terminals["T1"].unplug()
    live.connect(device)
    live.taken("1", *CLEAN[2:])

    done = live.poll("20:40:00")

    assert (read_of(done)["plan"], read_of(done)["new"], noticed(done)) == ("tail", 2, [])
    assert (live.judged(), live.times()) == ({"P1": ["normal"] * 4}, list(CLEAN))
    live.sound()


# cleared


def test_a_log_found_empty_is_refused_and_says_so(live: Live) -> None:
    device = live.connect()
    live.people("P1")
    live.taken("1", *CLEAN[:2])
    live.poll("12:40:00")
    before = live.exports()
    device.clear_log()

    ran = live.at("20:40:00", "poll")

    said = "考勤机 T1 没有读到：考勤机里的记录全没了，没有采用：查明是谁清空；此前读到的都在"
    assert (ran.status, ran.err.splitlines(), live.exports()) == (4, [said], before)
    live.sound()


@pytest.mark.parametrize("after", [("14:25:00", "17:31:00"), ("14:25:00", "17:31:00", "17:32:00", "17:33:00")])
def test_a_log_cleared_and_filled_again_is_reported_and_charges_nobody(live: Live, after: tuple[str, ...]) -> None:
    """P1's noon punch was cleared unread; whether P2 punched, too, nobody can say."""
    device = live.connect()
    live.people("P1", "P2")
    live.taken("1", "08:25:00")
    live.taken("2", "08:25:00")
    live.taken("1", "08:26:00")
    live.poll("09:10:00")
    live.taken("1", "12:01:00")
    device.clear_log()
    live.taken("1", *after)

    done = live.poll("20:40:00", status=1)

    lost = [f"{MONDAY} 08:26:01", f"{MONDAY} 14:25:00"]
    assert noticed(done) == ([("T1", "shrunk", "3→2")] if len(after) == 2 else [])
    assert repaired(done) == [("T1", f"{MONDAY} 09:10:00", f"{MONDAY} 20:40:00", [lost])]
    assert live.judged() == {
        "P1": ["normal", "unverified", "normal", "normal"],
        "P2": ["normal", "unverified", "unverified", "missing"],
    }
    assert live.accused() == NOBODY
    assert live.times() == ["08:25:00", "08:26:00", *after]
    live.sound()


# full


def test_a_full_log_that_dropped_only_what_was_read_loses_nothing(live: Live) -> None:
    live.connect(live.device(capacity=8))
    live.people("P1", "P2")
    live.taken("1", *CLEAN)
    live.taken("2", *CLEAN)
    first = live.poll("20:40:00")
    live.taken("1", *CLEAN, date=TUESDAY)
    live.taken("2", *CLEAN[:3], date=TUESDAY)

    done = live.poll(f"{TUESDAY} 20:40:00")

    assert (noticed(first), noticed(done)) == ([("T1", "full_soon", "8/8")], [("T1", "full_soon", "8/8")])
    assert (read_of(done)["records"], read_of(done)["new"], repaired(done)[0][3]) == (8, 7, [])
    assert live.judged(TUESDAY) == {"P1": ["normal"] * 4, "P2": ["normal", "normal", "normal", "missing"]}
    live.sound()


def test_a_full_log_that_dropped_what_nobody_had_read_is_a_stretch_lost(live: Live) -> None:
    live.connect(live.device(capacity=4))
    live.people("P1", "P2")
    live.taken("1", *CLEAN[:1])
    live.taken("2", *CLEAN[:1])
    live.poll("09:10:00")
    for at in CLEAN[1:]:
        live.taken("1", at)
        live.taken("2", at)

    done = live.poll("20:40:00", status=1)

    lost = [f"{MONDAY} 08:25:01", f"{MONDAY} 14:25:00"]
    assert (read_of(done)["new"], repaired(done)[0][3]) == (4, [lost])
    assert live.judged() == {p: ["normal", "unverified", "normal", "normal"] for p in ("P1", "P2")}
    assert live.accused() == NOBODY
    live.sound()
