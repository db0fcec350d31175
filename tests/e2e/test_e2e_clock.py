"""Clocks of terminals that are off, drift, jump, die or show nonsense: no punch vanishes, nobody is accused."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from punchsync.core.moment import parse_moment

from .commandline import export
from .live import CLEAN, NOBODY, Live, noticed, read_of, when
from .site import MONDAY

POLLS = ("09:10:00", "12:40:00", "15:10:00", "20:40:00")
UNKNOWN = ["unverified"] * 4
TRUE = {
    "P1": ["08:30:00", "11:30:00", "14:00:00", "17:30:00"],
    "P2": ["08:30:01", "11:29:59", "14:00:01", "17:29:59"],
}
"""Punches on the edge of every checkpoint, and a second past it."""


def punched(live: Live, status: int = 0) -> list[dict[str, Any]]:
    """A clean day of P1 with four polls that end so."""
    done = []
    for punch, poll in zip(CLEAN, POLLS, strict=True):
        live.taken("1", punch)
        done.append(live.poll(poll, status=status))
    return done


def samples(live: Live) -> list[list[int | None]]:
    """The offsets that each stored reading has sampled."""
    with closing(sqlite3.connect(live.path / "data" / "punchsync.db")) as db:
        texts = [text for (text,) in db.execute("SELECT samples FROM reading ORDER BY number")]
    return [[int(o) if o else None for o in (s.split(":")[1] for s in text.split(";"))] for text in texts]


# off


def test_a_terminal_two_minutes_ahead_is_judged_by_our_time_at_all_four_edges(live: Live) -> None:
    live.set_up("changxing")
    device = live.connect()
    live.people("P1", "P2", "P3")
    live.off(120)
    live.poll("07:30:00")
    device.punch("3", when("08:31:30"))
    for edge, past in zip(TRUE["P1"], TRUE["P2"], strict=True):
        for user, clock in sorted((("1", edge), ("2", past)), key=lambda p: p[1]):
            live.taken(user, clock)
    live.taken("3", "17:31:00")

    done = live.poll("20:40:00")

    assert noticed(done) == [("T1", "clock_off", "120")]
    assert live.judged() == {
        "P1": ["normal"] * 4,
        "P2": ["late 1", "early 1", "late 1", "early 1"],
        "P3": ["normal", "missing", "missing", "normal"],
    }
    assert {person: live.times(person) for person in ("P1", "P2", "P3")} == TRUE | {"P3": ["08:29:30", "17:31:00"]}
    assert live.warned("20:41:00")["warn"] == ["考勤机 T1 的时钟差 120 秒；打卡已按时差校正，请校准"]
    live.sound()


def test_explain_shows_the_time_and_the_bytes_that_the_terminal_wrote(live: Live) -> None:
    device = live.connect()
    live.people("P1")
    live.off(120)
    device.punch("1", when("08:31:30"))
    raw = device.log_blob()[4:].hex()
    live.poll("20:40:00")

    text = live.done("explain", "P1", MONDAY).splitlines()
    (said,) = json.loads(live.done("explain", "P1", MONDAY, "--json"))["punches"]

    at = text.index("原始打卡")
    assert text[at + 1 : at + 4] == [
        "  08:29:30  T1  考勤号 1（人员表）  用于第 1 半天上班",
        f"    考勤机的钟写的是 {MONDAY} 08:31:30，按读机时测得的时差校正",
        "    时差：20:40:00 第一次测得 +120 秒；此前没有测过，钟也可能是准的",
    ]
    assert raw in "".join(line.strip() for line in text[at:])
    assert said | {
        "at": f"{MONDAY} 08:29:30", "raw_at": f"{MONDAY} 08:31:30", "terminal": "T1", "device_user_id": "1",
        "reading": 1, "position": 0, "raw": raw, "source": "tcp",
        "clock": {"how": "first", "from": None, "to": f"{MONDAY} 20:40:00", "before": 120, "after": 120},
    } == said  # fmt: skip


@pytest.mark.parametrize(
    ("late", "early"), [("08:39:59", "11:50:01"), ("08:40:00", "11:50:00")], ids=["within", "at the threshold"]
)
def test_the_threshold_is_met_to_the_second_by_a_clock_that_is_behind(live: Live, late: str, early: str) -> None:
    live.connect()
    live.people("P1")
    live.off(-300)
    live.poll("07:00:00")
    live.taken("1", late, early, "14:25:00", "17:31:00")

    live.poll("20:40:00")

    judged = ["normal 599", "normal 599"] if late == "08:39:59" else ["late 600", "early 600"]
    assert live.judged() == {"P1": [*judged, "normal", "normal"]}
    assert live.times() == [late, early, "14:25:00", "17:31:00"]
    live.sound()


def test_nobody_is_charged_by_a_correction_that_may_not_have_been_due(live: Live) -> None:
    """The clock was right on Monday; somebody set it before the terminal was read for the first time."""
    live.set_up("changxing")
    live.connect()
    live.people("P1")
    live.taken("1", "08:29:00", "11:30:30", "13:59:00", "17:30:30")
    live.now = when("2026-11-10 07:00:00")
    live.off(120)

    live.poll("2026-11-10 08:00:00")

    assert live.accused() == NOBODY


# drift


def test_what_a_drifting_clock_wrote_between_two_polls_is_interpolated(live: Live) -> None:
    live.set_up("changxing")
    live.connect(live.device(drift_ppm=400))
    live.people("P1", "P2")
    live.poll("07:30:00")
    live.taken("1", *TRUE["P1"])
    live.taken("2", *TRUE["P2"])

    done = live.poll("20:40:00")

    # 400 in a million is 19.68 s from seven to the evening's poll, and half a second a quarter of an hour.
    assert read_of(done)["clock_offset_seconds"] == 19
    found = {p: [abs(wanted - got) for wanted, got in zip(seconds(clocks), seconds(live.times(p)), strict=True)]
             for p, clocks in TRUE.items()}  # fmt: skip
    assert all(off <= 1 for offs in found.values() for off in offs), found
    live.sound()


def seconds(clocks: list[str]) -> list[int]:
    return [parse_moment(f"{MONDAY} {c}") for c in clocks]


# beyond what is corrected


@pytest.mark.parametrize("off", [600, -600])
def test_ten_minutes_off_is_corrected(live: Live, off: int) -> None:
    live.connect()
    live.people("P1")
    live.off(off)

    done = punched(live)

    assert [read_of(d)["clock_offset_seconds"] for d in done] == [off] * 4
    assert (live.judged(), live.times(), live.accused()) == ({"P1": ["normal"] * 4}, list(CLEAN), NOBODY)
    live.sound()


@pytest.mark.parametrize("off", [601, -601, 7_200])
def test_a_second_more_is_not_and_those_who_punched_are_unverified(live: Live, off: int) -> None:
    """P2 never came and is absent all the same: what was written that day was written by others."""
    live.connect()
    live.people("P1", "P2")
    live.off(off)

    done = punched(live, status=1)
    said = live.at("20:50:00", "poll")
    warned = live.warned("20:51:00")["warn"]

    assert live.judged() == {"P1": UNKNOWN, "P2": ["missing"] * 4}
    assert {r[1] for r in export(live.path, "violations")} == {"P2"}
    assert {r[5] for r in export(live.path, "ledger")} == {"P2", "公安"}
    assert [set(noticed(d)) for d in done] == [{("T1", "clock_beyond", f"{off:+d}")}] * 4
    beyond = f"考勤机 T1 的时钟差得太多：{off:+d} 秒；按这个钟写下的打卡不作数，当事人存疑，请校准"
    assert (said.status, said.err.splitlines()) == (1, [beyond])
    assert beyond in warned
    assert [text for text in warned if "已按时差校正" in text] == []
    live.sound()


def test_explain_says_that_a_clock_was_not_to_be_trusted(live: Live) -> None:
    live.connect()
    live.people("P1")
    live.off(660)
    punched(live, status=1)

    text = live.done("explain", "P1", MONDAY)
    said = json.loads(live.done("explain", "P1", MONDAY, "--json"))["punches"]

    assert text.count("    考勤机的钟当时不可信，这一条不作打卡，当事人此间的缺卡、迟到、早退一律存疑") == 4
    assert [(p["at"], p["raw_at"][11:]) for p in said] == [
        (None, "08:36:00"), (None, "12:12:00"), (None, "14:36:00"), (None, "17:42:00"),
    ]  # fmt: skip


def test_a_terminal_s_own_bound_decides_what_is_corrected(live: Live) -> None:
    live.connect(more="max_correction = 119\n")
    live.people("P1")
    live.off(120)
    punched(live, status=1)
    strict = live.judged()
    live.name("T1", live.terminals["T1"].port, "max_correction = 120\n")

    live.run("settle", "--from", "2026-11-01", "--to", "2026-11-30")

    assert (strict, live.judged(), live.times()) == ({"P1": UNKNOWN}, {"P1": ["normal"] * 4}, list(CLEAN))
    live.sound()


# dead


def test_rows_of_a_dead_clock_are_kept_and_accuse_nobody_while_others_are_judged(live: Live) -> None:
    """The battery is empty from noon on: who punched then is unverified, who did not is absent."""
    device = live.connect()
    live.people("P1", "P2", "P3")
    for person, clocks in {"1": CLEAN[:2], "2": CLEAN[:2], "3": CLEAN[:1]}.items():
        live.taken(person, *clocks)
    live.poll("12:40:00")
    device.lose_battery()
    live.now = when("14:25:00")
    device.punch("1")
    live.now = when("17:31:00")
    device.punch("1")
    raws = {r.time: device.log_blob()[4 + 40 * n : 44 + 40 * n] for n, r in enumerate(device.records)}

    done = live.poll("20:40:00", status=1)

    assert (read_of(done)["new"], read_of(done)["defects"]) == (0, 2)
    assert live.judged() == {
        "P1": ["normal", "normal", "unverified", "unverified"],
        "P2": ["normal", "normal", "missing", "missing"],
        "P3": ["normal", "missing", "missing", "missing"],
    }
    with closing(sqlite3.connect(live.path / "data" / "punchsync.db")) as db:
        kept = [(bytes(raw), reason) for raw, reason in db.execute("SELECT raw, reason FROM defect ORDER BY number")]
    assert kept == [(raw, "dead_clock") for raw in list(raws.values())[-2:]]
    assert "有 2 条记录无法读成打卡，已原样保留；请到考勤机上核对" in live.warned("20:45:00")["warn"]
    live.sound()


# set by hand


@pytest.mark.parametrize(("jump", "read_as", "early"), [(-180, "11:44:12", 948), (180, "11:45:46", 854)])
def test_a_clock_set_between_two_polls_leaves_only_those_in_doubt_who_punched_there(
    live: Live, jump: int, read_as: str, early: int
) -> None:
    """At ten somebody sets the clock; P1 leaves at a quarter to twelve, P2 is not seen again."""
    live.connect()
    live.people("P1", "P2")
    for user in "12":
        live.taken(user, "08:25:00")
    live.poll("09:10:00")
    live.now = when("10:00:00")
    live.off(jump)
    live.taken("1", "11:45:00")
    live.poll("12:40:00")
    live.taken("1", "14:25:00", "17:31:00")
    live.poll("20:40:00")

    assert live.judged() == {
        "P1": ["normal", f"unverified {early}", "normal", "normal"],
        "P2": ["normal", "missing", "missing", "missing"],
    }
    assert live.times() == ["08:25:00", read_as, "14:25:00", "17:31:00"]
    assert {r[1] for r in export(live.path, "violations")} == {"P2"}
    assert live.warned("20:41:00")["warn"] == [
        f"考勤机 T1 的时钟被拨动过：{MONDAY} 09:10:00 – {MONDAY} 12:40:00：+0→{jump:+d} 秒；"
        "这段时间缺卡、迟到、早退的人存疑，请查明",
        f"考勤机 T1 的时钟差 {jump} 秒；打卡已按时差校正，请校准",
    ]
    live.sound()


def test_a_clock_set_back_to_punch_by_it_is_listed_by_poll_and_by_check_before_and_after(live: Live) -> None:
    """P1 comes at twenty past nine, sets the clock back, punches, and sets it right again."""
    device = live.connect()
    live.people("P1", "P2")
    live.poll("07:30:00")
    live.taken("2", "08:25:00", "09:19:00")
    live.now = when("09:20:00")
    live.off(-3_600)
    device.punch("1")
    live.off(0)

    before = live.warned("12:39:00")["warn"]
    done = live.poll("12:40:00")
    after = live.warned("12:41:00")["warn"]

    value = f"{MONDAY} 09:19:00→{MONDAY} 08:20:00 1"
    said = f"考勤机 T1 的记录时间倒退：{value}；查明是否有人拨钟打卡"
    assert noticed(done) == [("T1", "set_back", value)]
    assert (said in before, after) == (True, [said])
    live.sound()


# set by us


def test_a_clock_is_set_after_reading_read_back_and_recorded(live: Live) -> None:
    device = live.connect(more="set_clock = 30\n")
    live.people("P1")
    live.off(120)
    live.taken("1", "08:25:00")

    first = live.poll("09:10:00")
    order = device.received_order
    live.taken("1", "12:01:00", "14:25:00", "17:31:00")
    second = live.poll("20:40:00")

    assert order.index(202) > order.index(1503)
    assert (noticed(first), noticed(second)) == ([("T1", "clock_set", "+120→+0")], [])
    assert (device.clock, samples(live)) == (when("20:40:00"), [[120, 120, 0], [0, 0]])
    assert (live.judged(), live.times()) == ({"P1": ["normal"] * 4}, list(CLEAN))
    live.sound()


def test_a_clock_that_is_off_by_no_more_than_it_may_be_is_left_alone(live: Live) -> None:
    device = live.connect(more="set_clock = 30\n")
    live.off(30)

    live.poll("09:10:00")

    assert (device.received[202], samples(live)) == (0, [[30, 30]])


def test_no_clock_is_ever_set_by_an_as_of(live: Live) -> None:
    device = live.connect(more="set_clock = 30\n")
    live.off(120)

    live.poll("09:10:00", "--as-of", f"{MONDAY} 09:10:00")

    assert device.received[202] == 0


def test_nor_by_check_or_dump(live: Live) -> None:
    device = live.connect(more="set_clock = 30\n")
    live.off(120)
    live.taken("1", "06:00:00")

    live.warned("09:10:00")
    live.done("dump", "T1", "--out", str(live.path / "out"))

    assert device.received[202] == 0


# senseless


def test_a_senseless_clock_over_sensible_rows_accuses_and_protects_nobody(live: Live) -> None:
    """The terminal tells a time of 45 days ahead while what it writes is right."""
    device = live.connect()
    live.people("P1", "P2")
    live.taken("1", "08:25:00", "12:01:00")
    live.off(45 * 86_400)
    live.poll("12:40:00", status=1)
    for at in CLEAN[2:]:
        device.punch("1", when(at))
    live.poll("20:40:00", status=1)

    assert live.judged() == {"P1": ["normal"] * 4, "P2": ["missing"] * 4}
    assert live.times() == list(CLEAN)
    live.sound()


# order


def test_a_file_that_reaches_past_the_last_poll_is_corrected_as_the_clock_was_then_and_after_it_as_it_is(
    live: Live,
) -> None:
    device = live.connect()
    live.people("P1")
    live.off(120)
    live.taken("1", *CLEAN[:2])
    live.poll("12:40:00")
    live.taken("1", *CLEAN[2:])
    path = live.file(device.records)
    live.now = when("20:30:00")
    live.done("import", "punches", path, "--terminal", "T1", "--through", f"{MONDAY} 20:30:00")
    live.run("settle")
    by_file = (live.judged(), live.times())

    live.poll("20:40:00")

    assert by_file == ({"P1": ["normal"] * 4}, list(CLEAN))
    assert (live.judged(), live.times()) == by_file
    live.sound()


@pytest.mark.parametrize("first", ["poll", "file"])
def test_a_poll_with_an_offset_and_a_file_of_the_same_rows_are_the_same_in_either_order(live: Live, first: str) -> None:
    device = live.connect()
    live.people("P1", "P2")
    live.off(120)
    live.taken("1", *CLEAN)
    live.taken("2", "08:41:00", "12:01:00", "14:25:00")
    path = live.file(device.records)

    def file() -> None:
        live.done("import", "punches", path, "--terminal", "T1", "--through", f"{MONDAY} 20:30:00")

    steps = {"poll": lambda: live.poll("20:40:00"), "file": file}
    live.now = when("20:40:00")
    for step in sorted(steps, key=lambda s: s != first):
        steps[step]()
    live.run("settle")

    assert live.times() == list(CLEAN)
    assert live.judged() == {"P1": ["normal"] * 4, "P2": ["late 660", "normal", "normal", "missing"]}
    assert len(export(live.path, "punches")) == 7
    live.sound()


def test_terminals_that_agree_against_our_clock_keep_a_typed_round_from_charging_anybody(live: Live) -> None:
    live.connect()
    live.connect(id="T2")
    live.people("P1", "P2")
    for punch, poll in zip(CLEAN, POLLS, strict=True):
        live.taken("1", punch)
        live.taken("2", punch, terminal="T2")
        live.poll(poll)
    for terminal in ("T1", "T2"):
        live.off(-86_400, terminal)  # as if the server's clock had gone a day ahead
    tomorrow = "2026-11-10 20:40:00"

    ran = live.at(tomorrow, "poll")
    assert (ran.status, "服务器的时钟却差 +86400 秒" in ran.err, "timedatectl" in ran.err) == (1, True, True), ran
    assert live.poll(tomorrow, "resync", status=1)["server_clock_off_seconds"] == 86_400
    assert live.run("settle").status == 0
    assert live.accused() == NOBODY
    live.off(0, "T1")
    assert live.poll(tomorrow, "T1", status=0)["server_clock_off_seconds"] == 0
    live.sound()


def test_one_terminal_that_is_off_says_nothing_of_our_clock(live: Live) -> None:
    live.connect()
    live.connect(id="T2")
    live.people("P1")
    live.off(3_600)
    done = live.poll("09:10:00", status=1)
    assert (done["server_clock_off_seconds"], done["settled"] is None) == (0, False)
    done = live.poll("09:11:00", "T1", status=1)
    assert (done["server_clock_off_seconds"], done["settled"] is None) == (0, False)
