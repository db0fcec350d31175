"""How the demonstration begins and ends as a process: what it takes, what it leaves."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import httpx
import pytest
from demokit import left_in, nobody_left, punchsync, read_until, started

from punchsync.cli.demo_hall import MOST_DAYS


def test_three_days_end_well_and_leave_nothing(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--days", "3") as process:
        out, err = process.communicate(timeout=120)

        assert (process.returncode, err) == (0, "")
        assert "冲回 4 笔" in out and "差异 0 处" in out
        assert out.endswith("演示用的临时文件夹已删除，没有留下任何进程。\n")
        assert nobody_left(process.pid)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(("number", "moment"), [(signal.SIGINT, "2."), (signal.SIGTERM, "1.")])
def test_an_interrupted_demonstration_leaves_nothing(tmp_path: Path, number: int, moment: str) -> None:
    with started(tmp_path, "demo") as process:
        read_until(process, moment)
        process.send_signal(number)
        _out, err = process.communicate(timeout=30)

        assert process.returncode == 128 + number
        assert "Traceback" not in err
        assert nobody_left(process.pid)
    assert left_in(tmp_path) == []


def test_a_folder_with_something_in_it_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall/mine.txt").write_text("mine")

    ran = punchsync(tmp_path, "demo", "--keep", "hall")

    assert (ran.status, ran.out) == (2, "")
    assert "hall" in ran.err
    assert [p.name for p in (tmp_path / "hall").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("days", ["0", str(MOST_DAYS + 1), "x"])
def test_a_number_of_days_that_can_not_be_played_is_a_usage_error(tmp_path: Path, days: str) -> None:
    assert punchsync(tmp_path, "demo", "--days", days).status == 2


def test_each_run_says_the_same_and_a_hall_s_own_settings_in_the_environment_stay_out_of_it(tmp_path: Path) -> None:
    real = tmp_path / "real.db"
    own = {"PUNCHSYNC_STORE__URL": f"sqlite:///{real}", "PUNCHSYNC_HALL__ID": "x"}

    ran = [punchsync(tmp_path, "demo", "--days", "1", **more) for more in ({}, own)]

    assert [(r.status, r.err, "差异 0 处" in r.out) for r in ran] == [(0, "", True)] * 2
    # The anchor is of all that was kept, the terminals' ports of a run included.
    first, second = (re.sub("链锚：.*|127[.]0[.]0[.]1:[0-9]+", "", r.out) for r in ran)
    assert first == second
    assert left_in(tmp_path) == []


def test_it_speaks_english_when_asked(tmp_path: Path) -> None:
    ran = punchsync(tmp_path, "demo", "--days", "6", PUNCHSYNC_LANG="en")

    assert (ran.status, ran.err) == (0, "")


def logged_in(desk: str, login: str, password: str) -> str:
    """As what an account is greeted at the desk."""
    with httpx.Client(base_url=desk, follow_redirects=True, timeout=30, trust_env=False) as client:
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)[1]
        page = client.post("/login", data={"csrf": token, "login": login, "password": password})
        assert page.status_code == 200
        return re.search(r'<a href="/password">[^<]*<small>([^<]*)', page.text)[1]


def test_staying_keeps_terminals_and_service_up_until_interrupted(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--days", "1", "--stay") as process:
        said = "".join(read_until(process, "guanli"))
        ports = [int(port) for port in re.findall(r"考勤机 T\d 在 127\.0\.0\.1:(\d+)", said)]
        accounts = re.findall(r"^  (\w+) +\S+ +\S+ +(\S+-\S+-\S+-\S+)$", said, flags=re.MULTILINE)
        roles = [logged_in(re.search(r"http://\S+", said)[0], *account) for account in accounts]
        for port in ports:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        assert process.stderr is not None
        first = next(line for line in process.stderr if "job_done" in line)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

        assert len(ports) == 2
        assert roles == ["经办", "督查", "分管领导", "窗口负责人", "派驻单位", "本人", "管理员"]
        assert '"job": "poll-1"' in first
        assert '"failed": {}' in first
        assert process.returncode == 0
        assert nobody_left(process.pid)
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)
    assert left_in(tmp_path) == []
