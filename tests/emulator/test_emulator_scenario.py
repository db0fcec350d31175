from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from punchsync.emulator import Scenario, ScenarioProblem, Traits, User, load, play, wire
from punchsync.emulator.faults.named import FaultPlan
from punchsync.emulator.scenario import Event, LogRow, TerminalPlan
from punchsync.emulator.wire import Command

SCENARIOS = Path(__file__).resolve().parents[2] / "fixtures" / "scenarios"


def frozen(name: str, tmp_path: Path) -> Scenario:
    """Load an example with free ports and standing time."""
    text = (SCENARIOS / name).read_text(encoding="utf-8").replace("speed = 60", "speed = 0")
    path = tmp_path / name
    for beside in SCENARIOS.glob("*.hex"):
        (tmp_path / beside.name).write_bytes(beside.read_bytes())
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("port =")), "utf-8")
    scenario = load(path)
    assert isinstance(scenario, Scenario)
    return scenario


def written(tmp_path: Path, text: str) -> Scenario | list[ScenarioProblem]:
    path = tmp_path / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("name", sorted(path.name for path in SCENARIOS.glob("*.toml")))
def test_the_examples_have_no_problems(name: str) -> None:
    assert isinstance(load(SCENARIOS / name), Scenario)


def test_a_minimal_scenario_has_these_defaults(tmp_path: Path) -> None:
    plan = TerminalPlan("a", serial="EMU-a")
    text = 'start = "2026-10-08 08:00:00"\n[[terminal]]\nid = "a"\n'
    assert written(tmp_path, text) == Scenario("", datetime(2026, 10, 8, 8), 1.0, (plan,), ())


def test_rows_users_and_events_are_read_in_order(tmp_path: Path) -> None:
    scenario = written(
        tmp_path,
        """
        start = 2026-10-08T08:00:00
        [[terminal]]
        id = "a"
        clock = 2026-10-08T07:59:30
        users = [["1001", "甲一"]]
        rows = [["1001", "2026-02-31 08:00:00", 15, 1]]
        [[event]]
        at = 2026-10-08T08:02:00
        terminal = "a"
        do = "clear"
        [[event]]
        at = 2026-10-08T08:01:00
        terminal = "a"
        do = "punch"
        user = "1001"
        """,
    )
    assert isinstance(scenario, Scenario)
    (plan,) = scenario.terminals
    assert plan.users == (User(1, "1001", "甲一"),)
    assert plan.rows == (LogRow("1001", wire.pack_fields(2026, 2, 31, 8, 0, 0), 15, 1),)
    assert plan.clock_offset == timedelta(seconds=-30)
    assert scenario.events == (
        Event(datetime(2026, 10, 8, 8, 1), "a", "punch", "1001"),
        Event(datetime(2026, 10, 8, 8, 2), "a", "clear"),
    )


def test_an_exported_log_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "gate_attlog.dat").write_text(
        "     1001\t2026-10-08 08:25:00\t1\t0\t0\t0\n0042\t2026-10-08 08:26:00\n\n", encoding="utf-8"
    )
    text = 'start = 2026-10-08T09:00:00\n[[terminal]]\nid = "a"\nlog = "gate_attlog.dat"\n'
    scenario = written(tmp_path, text)
    assert isinstance(scenario, Scenario)
    assert scenario.terminals[0].rows == (
        LogRow("1001", wire.pack_fields(2026, 10, 8, 8, 25, 0), 1, 0),
        LogRow("0042", wire.pack_fields(2026, 10, 8, 8, 26, 0)),
    )


def test_every_problem_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.dat").write_text("1001 2026-10-08 08:25:00\n", encoding="utf-8")
    problems = written(
        tmp_path,
        """
        speed = -1
        colour = "red"
        [[terminal]]
        id = "a"
        port = 99999
        comm_key = "a secret"
        users = [["1001", "甲一"], ["1001", "乙二"], [1002, "丙三"]]
        rows = [["1001", "2026-10-08 24:00:00"], ["1001", "2026-10-08 08:00:00", 256]]
        [[terminal]]
        id = "a"
        chunks = "many"
        log = "bad.dat"
        clock = 2026-10-08T08:00:00
        clock_offset = 3
        [[event]]
        at = "tomorrow"
        terminal = "b"
        do = "explode"
        [[event]]
        at = 2026-10-08T08:00:00
        terminal = "a"
        do = "punch"
        to = 2026-10-08T08:00:00
        """,
    )
    assert isinstance(problems, list)
    assert sorted(problem.key for problem in problems) == sorted(
        [
            "start", "speed", "colour",
            "terminal[0].port", "terminal[0].comm_key", "terminal[0].users[1]", "terminal[0].users[2]",
            "terminal[0].rows[0]", "terminal[0].rows[1]",
            "terminal[1].id", "terminal[1].chunks", "terminal[1].log bad.dat 第 1 行", "terminal[1].clock",
            "event[0].at", "event[0].terminal", "event[0].do",
            "event[1].user", "event[1].to",
        ]
    )  # fmt: skip
    assert "a secret" not in repr(problems)
    assert all(problem.found and problem.allowed and problem.remedy for problem in problems)


def test_what_a_model_does_is_read(tmp_path: Path) -> None:
    scenario = written(
        tmp_path,
        """
        [[terminal]]
        id = "a"
        transport = "udp"
        second = "refuse"
        layout = 16
        chunks = "frames"
        frame_bytes = 500
        indexed_frames = false
        capacity = 9
        user_capacity = 8
        sizes = 112
        users_bytes = 28
        event_bytes = 12
        encoding = "gbk"
        key_zero_asks = true
        encrypted = true
        time_range = true
        range_refusal = 65535
        buffer_refusal = 4989
        data_answer = 2002
        inline_limit = 0
        read_start = "ignored"
        total_off = -40
        users = [["1001", ""], ["1002", "乙二", 9, 14, 77], ["1003", ""]]
        [[terminal.fault]]
        name = "late"
        answers = 1
        [[terminal.fault]]
        name = "split"
        at = [3]
        """,
    )
    assert isinstance(scenario, Scenario)
    traits = Traits(
        chunks="frames", frame_bytes=500, indexed_frames=False, inline_limit=0, read_start="ignored", sizes_bytes=112,
        layout="16", user_bytes=28, event_bytes=12, encoding="gbk", asks_key_zero=True, encrypted_only=True,
        time_range=True, range_refusal=65535, buffer_refusal=4989, data_answer=2002, total_off=-40,
    )  # fmt: skip
    late = FaultPlan("late", {"frames": 1, "answers": 1, "commands": (1501,), "skip": 0, "times": 0})
    plan = TerminalPlan(
        "a", serial="EMU-a", capacity=9, user_capacity=8, transport="udp", second="refuse", traits=traits,
        users=(User(1, "1001"), User(9, "1002", "乙二", 14, 77), User(10, "1003")),
        faults=(late, FaultPlan("split", {"at": (3,)})),
    )  # fmt: skip
    assert scenario.terminals == (plan,)


def test_every_problem_of_a_model_its_faults_and_its_rows_is_reported(tmp_path: Path) -> None:
    (tmp_path / "rows.hex").write_text(f"{'00' * 40}\n{'00' * 39}\nxyz\n", encoding="utf-8")
    problems = written(
        tmp_path,
        """
        [[terminal]]
        id = "a"
        transport = "serial"
        layout = "41"
        sizes = 81
        encrypted = 1
        read_start = "sometimes"
        users = [["1001", "甲一", 0], ["1002", "乙二", 1, 2, 3, 4], ["1003", "", 1], ["1004", "", 1]]
        rows = []
        raw = "rows.hex"
        [[terminal.fault]]
        name = "gremlin"
        depth = 3
        [[terminal.fault]]
        name = "garbage"
        hex = "0"
        commands = [70000]
        colour = "red"
        """,
    )
    assert isinstance(problems, list)
    assert sorted(problem.key.removeprefix("terminal[0].") for problem in problems) == sorted(
        [
            "transport", "layout", "sizes", "encrypted", "read_start", "users[0]", "users[1]", "users[3]", "raw",
            "raw rows.hex 第 2 行", "raw rows.hex 第 3 行",
            "fault[0].name", "fault[1].hex", "fault[1].commands", "fault[1].colour",
        ]
    )  # fmt: skip
    assert all(problem.found and problem.allowed and problem.remedy for problem in problems)


def test_every_problem_of_an_event_is_reported(tmp_path: Path) -> None:
    events = [
        'do = "enrol"\nuser = "a b"\nslot = 0',
        'do = "replace"\nrows = [["1", "never"]]',
        'do = "lose"\ndatagrams = 0\nreads = 3',
        'do = "fault"\nname = "none"\ndepth = 1',
        'do = "fault"\nname = "delay"\nms = "long"\ndepth = 1',
        'do = "battery"\nnote = 3',
    ]
    head = 'start = 2026-10-08T08:00:00\n[[terminal]]\nid = "a"\n'
    at = '\n[[event]]\nat = 2026-10-08T09:00:00\nterminal = "a"\n'
    problems = written(tmp_path, head + "".join(at + event for event in events))
    assert isinstance(problems, list)
    assert sorted(problem.key for problem in problems) == [
        "event[0].slot", "event[0].user", "event[1].rows[0]", "event[1].serial", "event[2].datagrams", "event[2].reads",
        "event[3].name", "event[4].depth", "event[4].ms", "event[5].note",
    ]  # fmt: skip


def test_a_dump_of_a_real_terminal_is_served_back_byte_by_byte(tmp_path: Path, dial: Callable) -> None:
    raws = [bytes(range(start, start + 40)) for start in (0, 100, 200)]
    (tmp_path / "log.hex").write_text("".join(raw.hex(" ") + "\n" for raw in raws), encoding="utf-8")
    scenario = written(
        tmp_path,
        """
        [[terminal]]
        id = "a"
        layout = "40p"
        firmware = "Ver 8.0.4.6"
        name = "MB20"
        users = [["1001", ""]]
        raw = "log.hex"
        """,
    )
    assert isinstance(scenario, Scenario)
    with play(scenario) as stage:
        client = dial(stage.terminals["a"])
        client.connect()
        assert client.prepare_log().payload == (129).to_bytes(4, "little") + b"\xff255" + bytes(5) + b"".join(raws)
        assert client.ask(Command.VERSION).payload == b"Ver 8.0.4.6\0"


def test_a_problem_names_file_key_finding_allowance_and_remedy(tmp_path: Path) -> None:
    problems = written(tmp_path, 'start = 2026-10-08T08:00:00\n[[terminal]]\nid = "a"\nport = 70000\n')
    file = str(tmp_path / "hall.toml")
    expected = ScenarioProblem(file, "terminal[0].port", "70000", "0–65535 的整数", "请改成范围内的整数")
    assert problems == [expected]


def test_an_event_before_the_start_is_a_problem(tmp_path: Path) -> None:
    event = '[[event]]\nat = 2026-10-08T07:59:59\nterminal = "a"\ndo = "clear"\n'
    problems = written(tmp_path, f'start = 2026-10-08T08:00:00\n[[terminal]]\nid = "a"\n{event}')
    assert isinstance(problems, list)
    assert [problem.key for problem in problems] == ["event[0].at"]


@pytest.mark.parametrize("text", ["start = ", "start = 2026-10-08T08:00:00\n", "terminal = 3\n", "[terminal]\n"])
def test_what_is_no_scenario_is_a_problem_and_no_crash(tmp_path: Path, text: str) -> None:
    problems = written(tmp_path, text)
    assert isinstance(problems, list) and problems


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    problems = load(tmp_path / "none.toml")
    assert isinstance(problems, list)
    assert [problem.found for problem in problems] == ["FileNotFoundError"]


def test_one_terminal_plays_its_two_days(tmp_path: Path, dial: Callable) -> None:
    with play(frozen("one.toml", tmp_path)) as stage:
        terminal = stage.terminals["gate"]
        device = terminal.device
        assert stage.addresses() == {"gate": terminal.address}
        assert (device.record_count, device.clock) == (10, datetime(2026, 10, 9, 8, 20, 12))
        assert dial(terminal).connect().command == 2000
        stage.advance_to(datetime(2026, 10, 9, 18, 0, 0))
        found = [(row.user_id, wire.unpack_time(row.time), row.verify, row.state) for row in device.records]
    assert found[10:] == [
        ("1001", datetime(2026, 10, 9, 8, 24, 22), 1, 0),
        ("0042", datetime(2026, 10, 9, 8, 28, 12), 1, 0),
        ("1002", datetime(2026, 10, 9, 8, 31, 42), 1, 0),
        ("1001", datetime(2026, 10, 9, 17, 30, 17), 1, 1),
        ("A105", datetime(2026, 10, 9, 17, 45, 12), 15, 1),
    ]


def test_a_flaky_terminal_drops_three_times_and_is_unplugged_and_back(tmp_path: Path, dial: Callable) -> None:
    with play(frozen("faulty.toml", tmp_path)) as stage:
        flaky = stage.terminals["flaky"]
        for _ in range(3):
            client = dial(flaky)
            client.connect()
            with pytest.raises(EOFError):
                client.prepare_log()
        client = dial(flaky)
        client.connect()
        assert len(client.prepare_log().payload) == 4 + 5 * 40
        stage.advance_to(datetime(2026, 10, 8, 8, 30))
        assert (flaky.plugged, flaky.device.record_count) == (False, 7)
        with pytest.raises(ConnectionRefusedError):
            dial(flaky)
        stage.advance_to(datetime(2026, 10, 8, 8, 40))
        assert dial(flaky).connect().command == 2000


def test_a_locked_terminal_has_its_clock_set_reboots_and_is_cleared(tmp_path: Path, dial: Callable) -> None:
    with play(frozen("faulty.toml", tmp_path)) as stage:
        locked = stage.terminals["locked"]
        client = dial(locked)
        assert client.connect().command == 2005
        assert client.ask(Command.AUTH, wire.scramble(5678, client.session)).command == 2000
        assert locked.device.clock == datetime(2000, 1, 1)
        stage.advance_to(datetime(2026, 10, 8, 8, 30))
        assert locked.device.clock == datetime(2026, 10, 8, 8, 30, 3)
        stage.advance_to(datetime(2026, 10, 8, 9, 1, 29))
        assert not locked.plugged
        stage.advance_to(datetime(2026, 10, 8, 9, 1, 30))
        assert (locked.plugged, locked.device.record_count) == (True, 2)
        stage.advance_to(datetime(2026, 10, 8, 12, 0))
        assert locked.device.records == ()


def test_in_running_time_events_happen_by_themselves(tmp_path: Path) -> None:
    punch = '[[event]]\nat = 2026-10-08T09:00:00\nterminal = "a"\ndo = "punch"\nuser = "1001"\n'
    text = f'start = 2026-10-08T08:00:00\nspeed = 86400\n[[terminal]]\nid = "a"\n{punch}'
    scenario = written(tmp_path, text)
    assert isinstance(scenario, Scenario)
    with play(scenario) as stage:
        device = stage.terminals["a"].device
        for _ in range(500):
            stage.wait(0.01)
            if device.records:
                break
    # Under the clock of its own moment, however late the thread was.
    assert [wire.unpack_time(row.time) for row in device.records] == [datetime(2026, 10, 8, 9)]


def test_a_taken_port_leaves_no_terminal_running(tmp_path: Path) -> None:
    text = 'start = 2026-10-08T08:00:00\n[[terminal]]\nid = "a"\n'
    first = written(tmp_path, text)
    assert isinstance(first, Scenario)
    with play(first) as stage:
        port = stage.addresses()["a"][1]
        second = written(tmp_path, f'{text}[[terminal]]\nid = "b"\nport = {port}\n')
        assert isinstance(second, Scenario)
        with pytest.raises(OSError, match="in use"), play(second):
            pass


def test_udp_terminals_lose_datagrams_change_people_and_are_replaced(tmp_path: Path, dial: Callable) -> None:
    with play(frozen("udp.toml", tmp_path)) as stage:
        terminal = stage.terminals["udp"]
        device = terminal.device
        assert [terminal.transport for terminal in stage.terminals.values()] == ["udp", "tcp", "tcp"]
        client = dial(terminal)
        client.connect()
        client.prepare_log()
        assert [[packet.command for packet in client.read(0, 124)] for _ in range(2)] == [
            [1500, 2000],
            [1500, 1501, 2000],
        ]
        stage.advance_to(datetime(2026, 10, 8, 8, 5))
        assert [len(client.read(0, 124)) for _ in range(3)] == [2, 2, 3]
        stage.advance_to(datetime(2026, 10, 8, 8, 10))
        assert [[packet.command for packet in client.read(0, 124)] for _ in range(2)] == [[1500, 2000], [1500, 2000]]
        assert client.receive().command == Command.DATA
        stage.advance_to(datetime(2026, 10, 8, 9, 30))
        assert [(row.uid, row.user_id) for row in device.records][2:] == [(1, "3001"), (1, "3003")]
        assert [user.user_id for user in device.users] == ["3003", "3002"]
        stage.advance_to(datetime(2026, 10, 8, 10, 0))
        assert (device.serial, [row.user_id for row in device.records]) == ("EMU0000000399", ["3002"])
        assert client.connect().command == 2000


def test_clocks_run_fast_are_turned_back_and_begin_anew(tmp_path: Path) -> None:
    with play(frozen("clocks.toml", tmp_path)) as stage:
        stage.advance_to(datetime(2026, 10, 8, 18, 0))
        last = {name: terminal.device.records[-2:] for name, terminal in stage.terminals.items()}
    assert {name: [wire.unpack_fields(row.time)[:5] for row in rows] for name, rows in last.items()} == {
        "fast": [(2026, 10, 7, 17, 31), (2026, 10, 8, 17, 35)],
        "turned": [(2026, 10, 8, 8, 30), (2026, 10, 8, 8, 30)],
        "dead": [(2026, 10, 7, 8, 29), (2000, 1, 1, 0, 8)],
    }
