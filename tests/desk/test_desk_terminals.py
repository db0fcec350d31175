"""Terminals over HTTP: how they stand, and reading one anew, with a real emulated terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from deskkit import USUAL, Browser, StandingClock, copied, desk_of, text_of

from punchsync.bootstrap.bringing import bring_row
from punchsync.bootstrap.reader import Reader
from punchsync.core.moment import parse_moment
from punchsync.core.reading import ReadFailure
from punchsync.emulator import Device, EmulatedTerminal, User
from punchsync.emulator.faults import drop_mid_transfer

NOW = datetime(2026, 11, 20, 10, 0, 0)
GIVE_UP = 20.0
"""Seconds until a reading that does not end is none."""


def device() -> Device:
    """T1 as its people used it, everybody on time; its clock is 95 seconds fast."""
    made = Device("SN4711", users=[User(n, str(n), "x") for n in range(1, 8)], now=lambda: NOW + timedelta(seconds=95))
    for day in (d for d in range(2, 21) if datetime(2026, 11, d).weekday() < 5):
        for clock in USUAL:
            at = datetime(2026, 11, day, int(clock[:2]), int(clock[3:]))
            for user in range(1, 8) if at < NOW else ():
                made.punch(str(user), at)
    return made


@pytest.fixture
def terminal() -> Iterator[EmulatedTerminal]:
    with EmulatedTerminal(device()) as running:
        yield running


@pytest.fixture
def hall(template: Path, tmp_path: Path, terminal: EmulatedTerminal) -> Iterator[Browser]:
    """The hall with T1 on the network."""
    folder = copied(template, tmp_path / "hall")
    file = folder / "punchsync.toml"
    there = f'id = "T1"\nhost = "{terminal.host}"\nport = {terminal.port}\n'
    file.write_text(file.read_text(encoding="utf-8").replace('id = "T1"\n', there), encoding="utf-8")
    clock = StandingClock()
    with desk_of(folder, clock) as made:
        reader = Reader(folder, made.site.settings.terminal, clock, clock, patient=False)
        made.site.hall = made.desk.hall = replace(made.site.hall, reader=reader)
        yield made
        job = made.desk.shelf.get("resync")
        if job is not None:
            job.thread.join(GIVE_UP)
            assert not job.running


def over(browser: Browser, id: str = "T1") -> str:
    """What a reading came to."""
    give_up = time.monotonic() + GIVE_UP
    while time.monotonic() < give_up:
        answer = browser.get(f"/terminals/{id}/resync")
        if "every 1s" not in answer.text:
            return text_of(answer)
        time.sleep(0.02)
    raise AssertionError(answer.text)


def held(hall: Browser) -> tuple[threading.Event, threading.Event]:
    """Readings wait: `begun` when one is asked for, until `free`."""
    begun, free, real = threading.Event(), threading.Event(), hall.desk.reread

    def waiting(terminal, records, judged):
        records(100, 400)
        begun.set()
        assert free.wait(GIVE_UP)
        return real(terminal, records, judged)

    hall.desk.reread = waiting
    return begun, free


def test_a_log_read_anew_repairs_what_was_charged_and_lists_it(hall: Browser) -> None:
    hall.as_role("clerk")
    answer = hall.post("/terminals/T1/resync")
    said = over(hall)

    assert (answer.status_code, answer.headers["location"]) == (303, "/terminals/T1")
    assert "机内 399 条，新增 " in said and "冲回 8 笔，新记 0 笔" in said
    assert "此前读到 2026-11-20 09:59:00，现在读到 2026-11-20 10:00:00" in said
    assert "E00000009 2026-11-04 个人 欧阳见微知著 0.5" in said
    page = text_of(hall.get("/terminals/T1"))
    assert "状态 正常" in page and "序列号 SN4711" in page and "时钟差（秒） +95" in page
    assert "网络读机 TCP 全部 399" in page


def test_a_reading_tells_how_many_records_came(hall: Browser) -> None:
    steps: list[tuple[int, int]] = []
    hall.desk.reread("T1", lambda had, of: steps.append((had, of)), lambda had, of: None)

    assert steps[-1] == (399, 399)
    assert steps == sorted(steps)


def test_an_administrator_reads_a_terminal_and_is_told_nothing_of_anybody_s_points(hall: Browser) -> None:
    hall.as_role("admin").post("/terminals/T1/resync")
    said = over(hall)

    assert "冲回 8 笔" in said
    assert "欧阳见微知著" not in said and "E00000009" not in said


def test_a_reading_goes_on_after_its_starter_logged_out_and_a_second_press_joins_it(hall: Browser) -> None:
    begun, free = held(hall)
    hall.as_role("clerk").post("/terminals/T1/resync")
    assert begun.wait(GIVE_UP)
    hall.post("/logout")
    other = hall.other().as_role("inspector")
    running = text_of(other.get("/terminals/T1/resync"))
    first = hall.desk.shelf["resync"]
    other.post("/terminals/T1/resync")
    joined = text_of(other.get("/terminals/T1"))
    free.set()

    assert running == "2026-11-20 10:00 由 经办甲 开始。 正在读：100 / 400 条"
    assert "正在重读，由 经办甲 开始；这里看到的就是那一次。" in joined
    assert "由 经办甲 开始的重读已完成" in over(other)
    assert hall.desk.shelf["resync"] is first


@pytest.mark.parametrize(
    ("gone", "remedy"),
    [(False, "应答中断或校验不符：稍后再读"), (True, "对方拒绝连接：检查考勤机是否开机、端口是否正确")],
)
def test_a_connection_that_breaks_says_what_to_do_and_changes_nothing(
    hall: Browser, terminal: EmulatedTerminal, gone: bool, remedy: str
) -> None:
    with hall.site.store.reading() as work:
        before = [e.hash for e in work.ledger.entries()]
    terminal.faults = drop_mid_transfer(200)
    if gone:
        terminal.stop()
    hall.as_role("clerk").post("/terminals/T1/resync")
    said = over(hall)
    with hall.site.store.reading() as work:
        after = [e.hash for e in work.ledger.entries()]

    assert f"没有做成。{remedy}" in said
    assert before == after
    assert "没有读成。" in text_of(hall.get("/terminals/T1"))


def test_what_goes_wrong_otherwise_is_said_without_its_details(hall: Browser) -> None:
    def broken(terminal, records, judged):
        raise RuntimeError("/var/lib/secret")

    hall.desk.reread = broken
    hall.as_role("clerk").post("/terminals/T1/resync")
    said = over(hall)

    assert "没有做成（RuntimeError）" in said and "secret" not in said
    assert not hall.desk.shelf["resync"].running


def test_a_terminal_without_an_address_can_not_be_read(hall: Browser) -> None:
    hall.as_role("clerk").post("/terminals/T2/resync")

    assert "只能导入文件" in text_of(hall.get("/terminals/T2"))
    assert "resync" not in hall.desk.shelf


@pytest.mark.parametrize("path", ["/terminals/T9", "/terminals/T9/resync", "/terminals/..%2f..%2fetc"])
def test_there_is_no_other_terminal(hall: Browser, path: str) -> None:
    assert hall.as_role("clerk").get(path).status_code == 404
    assert hall.post("/terminals/T9/resync").status_code == 404


@pytest.mark.parametrize("role", ["window_lead", "unit", "staff"])
def test_who_may_not_is_denied(hall: Browser, role: str) -> None:
    hall.as_role(role)

    assert [hall.get(p).status_code for p in ("/terminals", "/terminals/T1", "/terminals/T1/resync")] == [403] * 3
    assert hall.post("/terminals/T1/resync").status_code == 403
    assert "resync" not in hall.desk.shelf


def test_a_leader_sees_terminals_and_reads_none(hall: Browser) -> None:
    hall.as_role("leader")

    assert "把整台机的记录重读一遍" not in hall.get("/terminals/T1").text
    assert hall.post("/terminals/T1/resync").status_code == 403


def test_the_drawings_tell_outages_and_what_is_not_read(hall: Browser) -> None:
    outage = {"terminal_id": "T1", "start": "2026-11-12 09:00", "end": "2026-11-12 15:00", "kind": "no_punch"}
    assert not bring_row(hall.site, "outage", outage).problems
    with hall.site.store.writing() as work:
        work.readings.failed(ReadFailure("T2", "wrong_key"), parse_moment("2026-11-20 09:30:00"))
    hall.as_role("clerk")
    one, other, listed = hall.get("/terminals/T1?days=31"), hall.get("/terminals/T2"), hall.get("/terminals")

    assert "<title>不能打卡 2026-11-12 09:00 – 2026-11-12 15:00</title>" in one.text
    assert "<title>还没读 2026-11-20 09:00 – 2026-11-20 10:00</title>" in other.text
    assert one.text.count('class="read"') == 1 + 31 + 1  # the legend, a bar for each day, one more round the outage
    assert other.text.count('class="read"') == 1 + 14
    assert "2026-11-20 09:30 没有读成。 通信密码不对" in text_of(other)
    assert "通信密码不对" in text_of(listed)


@pytest.mark.parametrize("query", ["days=x", "days=15", "page=0", "page=-1", "page=99999", "page=٣", "page=<b>"])
def test_odd_queries_show_the_page(hall: Browser, query: str) -> None:
    assert hall.as_role("clerk").get(f"/terminals/T1?{query}").status_code == 200
