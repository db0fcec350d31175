"""What is wrong with a terminal, told apart by poll and check in words that say what to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from punchsync.core.reading import FAILURES
from punchsync.emulator import Record, Traits, faults, wire
from punchsync.findings import remedy

from .live import CLEAN, NOBODY, Live, noticed, read_of
from .site import MONDAY

TUESDAY = "2026-11-10"
SUNDAY = "2026-11-15"
TOLD = {
    "T1": "",
    "T2": "refused",
    "T3": "timeout",
    "T4": "busy",
    "T5": "wrong_key",
    "T6": "encrypted",
    "T7": "push_only",
    "T8": "other_device",
    "T9": "layout",
}
REMEDIES = {
    "refused": "对方拒绝连接：检查考勤机是否开机、端口是否正确",
    "timeout": "限时内没有应答：检查网线、电源与网络",
    "busy": "接得通却不应答，多半正被别的软件占用：关掉那个软件的连接，稍后再读",
    "wrong_key": "通信密码不对：检查 comm_key 所指凭据与考勤机上的通信密码",
    "encrypted": "这台固件要求加密握手（6001），不能直接读取：改用 U 盘文件导入",
    "push_only": "这台固件只会主动上传（4989），没有可读的记录区：改用 U 盘文件导入",
    "layout": "记录格式不认识，没有采用，原文已另存：用 punchsync dump 取出交技术人员，或改用 U 盘文件导入",
    "other_device": "这是另一台考勤机的序列号或记录，没有采用：检查 host 是否指错；"
    "确已换机的，运行 punchsync resync 并写明这台的编号",
}


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """Nine terminals, of which the first is well and each of the others has something else."""
    with Live(tmp_path / "site", monkeypatch, deadline=2.0) as live:
        live.people("P1", "P2")
        live.connect()
        live.taken("1", *CLEAN)
        live.connect(id="T2")
        live.terminals["T2"].unplug()
        live.connect(id="T3", faults=faults.only(faults.stall(60.0), int(wire.Answer.ACK_OK), skip=1))
        live.connect(id="T4", second="wait")
        live.connect(live.device("S5", comm_key=1234), id="T5")
        live.connect(live.device("S6", traits=Traits(encrypted_only=True)), id="T6")
        live.connect(live.device("S7", traits=Traits(buffer_refusal=4989)), id="T7")
        live.taken("1", "06:00:00", terminal="T7")
        live.connect(id="T8")
        live.taken("1", "06:00:00", terminal="T8")
        live.poll("06:30:00", "T8")
        live.devices["T8"].replace("S99")
        live.connect(id="T9")
        live.devices["T9"].store(Record(n, str(n), 0, raw=bytes([n]) * 21) for n in (1, 2, 3))
        with socket.create_connection(live.terminals["T4"].address) as holding:
            holding.sendall(wire.frame(wire.Packet(int(wire.Command.CONNECT), 0, 0)))
            assert holding.recv(100)
            yield live


def test_every_trouble_is_told_apart_by_poll_which_says_what_to_do_and_reads_the_others(ward: Live) -> None:
    ran = ward.at("20:40:00", "poll", "--json")
    done = json.loads(ran.out)

    said = [f"考勤机 {id} 没有读到：{REMEDIES[code]}" for id, code in TOLD.items() if code]
    assert (ran.status, ran.err.splitlines()) == (1, said)
    assert {t["terminal"]: t["failure"] for t in done["terminals"]} == TOLD
    assert (read_of(done)["new"], read_of(done)["ok"]) == (4, True)
    # P2 may have punched at any of those that were not read.
    assert (ward.judged(), ward.accused()) == ({"P1": ["normal"] * 4, "P2": ["pending"] * 4}, NOBODY)
    ward.sound()


def test_check_says_the_same_of_each_and_stores_nothing(ward: Live) -> None:
    before = ward.exports()

    said = ward.warned("20:40:00")

    assert said["fail"] == [f"考勤机 {id}：{REMEDIES[code]}" for id, code in TOLD.items() if code]
    assert "考勤机 T1：可读，4 条记录" in said["ok"]
    assert ward.exports() == before


def test_where_none_answers_nothing_could_be_done(ward: Live) -> None:
    before = ward.exports()

    ran = ward.at("20:40:00", "poll", *[id for id, code in TOLD.items() if code in ("refused", "wrong_key", "layout")])

    assert (ran.status, len(ran.err.splitlines()), ward.exports()) == (4, 3, before)


def test_every_failure_has_words_of_its_own() -> None:
    said = [remedy(code) for code in FAILURES]

    assert len(set(said)) == len(FAILURES)
    assert [code for code, text in zip(FAILURES, said, strict=True) if code == text] == []


# a log that is not understood


def test_a_log_that_is_not_understood_is_kept_aside_to_be_taken_out_as_it_came(live: Live) -> None:
    device = live.connect()
    live.people("P1")
    device.store(Record(n, str(n), 0, raw=bytes([n]) * 21) for n in (1, 2, 3))
    none = live.at("20:30:00", "dump", "T1", "--aside", "--out", str(live.path / "out"))
    live.poll("20:40:00", status=4)

    said = live.done("dump", "T1", "--aside", "--out", str(live.path / "out"))
    warned = live.warned("20:50:00")["warn"]

    assert (none.status, none.err.splitlines()) == (4, ["考勤机 T1 没有另存着的记录"])
    assert (live.path / "out" / "T1.log").read_bytes() == device.log_blob()
    assert f"{MONDAY} 20:40:00 读到的 67 字节，原样，没有脱敏，不要外传" in said
    (line,) = [text for text in warned if "另存着" in text]
    assert line.startswith(f"考勤机 T1 有一份读不懂的记录另存着：{MONDAY} 20:40:00 ")
    assert line.endswith("；用 punchsync dump --aside 取出")
    live.sound()


# well, but


def test_a_log_soon_full_is_noticed_and_no_reason_for_attention(live: Live) -> None:
    live.connect(live.device(capacity=10))
    live.people("P1")
    live.taken("1", *CLEAN, *["17:40:00"] * 5)

    done = live.poll("20:40:00")

    assert noticed(done) == [("T1", "full_soon", "9/10")]
    words = "考勤机 T1 的记录快满了（9/10）；满了会丢最早的记录，请确认都已读到，再到机上清理"
    assert words in live.at("20:41:00", "poll").out.splitlines()
    assert words in live.warned("20:42:00")["warn"]


def test_a_terminal_without_a_punch_on_a_working_day_is_noticed_an_hour_after_people_were_due(live: Live) -> None:
    live.connect()
    live.people("P1")
    live.taken("1", *CLEAN)
    live.poll("20:40:00")

    early = noticed(live.poll(f"{TUESDAY} 09:30:00"))
    late = noticed(live.poll(f"{TUESDAY} 09:30:01"))
    warned = live.warned(f"{TUESDAY} 09:30:01")["warn"]
    rest = noticed(live.poll(f"{SUNDAY} 12:00:00"))

    assert (early, late, rest) == ([], [("T1", "quiet", "")], [])
    assert warned == ["考勤机 T1 今天是工作日却还没有一次打卡；查明是否停机，停机的用 import outage 登记"]


def test_a_terminal_whose_clock_is_far_off_is_not_quiet(live: Live) -> None:
    live.connect()
    live.people("P1")
    live.poll("07:10:00")
    live.off(-5_000)
    live.taken("1", "08:25:00")

    done = live.poll("12:40:00", status=1)

    assert noticed(done) == [("T1", "clock_beyond", "-5000")]


def test_a_terminal_without_any_record_is_noticed(live: Live) -> None:
    live.connect()
    live.people("P1")

    done = live.poll("20:40:00")

    assert noticed(done) == [("T1", "empty_log", ""), ("T1", "quiet", "")]
    assert (live.judged(), live.accused()) == ({"P1": ["pending"] * 4}, NOBODY)


def test_a_device_user_id_that_nobody_has_is_named_and_counts_once_somebody_has_it(live: Live) -> None:
    live.connect()
    live.people("P1")
    live.taken("1", *CLEAN)
    live.taken("77", *CLEAN)

    done = live.poll("20:40:00", status=1)
    live.people("P77")
    live.at("20:50:00", "settle")

    assert read_of(done)["unknown_ids"] == ["77"]
    assert live.judged() == {"P1": ["normal"] * 4, "P77": ["normal"] * 4}
    live.sound()
