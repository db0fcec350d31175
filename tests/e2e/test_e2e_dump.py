"""A dumped log plays again as it was, and nobody can be found in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from punchsync.bootstrap import opened
from punchsync.core.reading import Memory, Reading
from punchsync.emulator import Record, Scenario, Traits, User, load, play, wire
from punchsync.emulator.traits import Layout, Transport

from .commandline import punchsync
from .live import Live, when

SERIAL = "CKJF201960123"
PEOPLE = (User(11, "100347", "张三丰"), User(12, "0042917", "李四光"), User(13, "AB7731Q", "Wang Wu"))
ORDER = (0, 1, 2, 0, 0, 1, 2, 2)
"""Whose each row is."""


def rows(layout: Layout) -> list[Record]:
    """Rows of three people, two of them of no date and of a dead clock, one twice; the last of a user not enrolled."""
    start = wire.pack_time(when("08:00:00"))
    found = [
        Record(PEOPLE[k].uid, PEOPLE[k].user_id, start + 60 * n, verify=(1, 15, 4)[k], state=n % 5)
        for n, k in enumerate(ORDER)
    ]
    found.append(found[3])
    found.append(Record(11, "100347", wire.pack_fields(2026, 2, 31, 8, 0, 0)))
    found.append(Record(12, "0042917", wire.pack_fields(2000, 1, 1, 0, 5, 0)))
    return [*found, Record(99, "555123", start + 900)]


def read(site: Path) -> Reading:
    """The whole log of a site's T1."""
    with opened(site) as here:
        found = here.hall.reader.read("T1", Memory(), full=True)
    assert isinstance(found, Reading), found
    return found


def replayed(live: Live, out: Path) -> Reading:
    """What is read of a dump that is played."""
    scenario = load(out / "T1.toml")
    assert isinstance(scenario, Scenario), scenario
    with play(scenario) as stage:
        terminal = stage.terminals["T1"]
        live.name("T1", terminal.port, f'transport = "{terminal.transport}"\n')
        return read(live.path)


def shape(found: Reading) -> list[object]:
    """All that a reading says but who it was."""
    return [
        found.layout,
        found.held,
        found.source,
        found.capacity,
        [(r.position, r.at, r.verify, r.state, len(r.device_user_id)) for r in found.rows],
        [(d.position, d.reason, d.first, d.last, len(d.raw), len(d.users)) for d in found.defects],
    ]


def given(found: Reading) -> list[str]:
    """The user ids of a reading in order, of defects too where they are known."""
    at = {r.position: r.device_user_id for r in found.rows}
    at |= {d.position: "|".join(d.users) for d in found.defects}
    return [user for _position, user in sorted(at.items())]


@pytest.mark.parametrize("layout", get_args(Layout))
@pytest.mark.parametrize("transport", get_args(Transport))
def test_a_dump_plays_again_as_it_was_with_other_ids(
    live: Live, tmp_path: Path, layout: Layout, transport: Transport
) -> None:
    traits = Traits(layout=layout, user_bytes=72)
    device = live.device(SERIAL, users=PEOPLE, traits=traits, capacity=5_000)
    device.store(rows(layout))
    live.connect(device, transport=transport)
    live.now = when("20:40:00")
    original, before = read(live.path), live.exports()

    said = json.loads(live.done("dump", "T1", "--out", str(tmp_path / "out"), "--json"))

    assert said == {"files": [str(tmp_path / "out" / name) for name in ("T1.toml", "T1.rows")]}
    again = replayed(live, tmp_path / "out")
    assert shape(again) == shape(original)
    there = dict(zip(given(original), given(again), strict=True))
    assert [there[user] for user in given(original)] == given(again)
    assert len(set(there.values())) == len(there)
    assert [user for user, other in there.items() if user and user == other] == []
    assert live.exports() == before


@pytest.mark.parametrize("layout", get_args(Layout))
def test_nobody_and_no_serial_number_can_be_found_in_a_dump(live: Live, tmp_path: Path, layout: Layout) -> None:
    device = live.device(SERIAL, users=PEOPLE, traits=Traits(layout=layout))
    device.store(rows(layout))
    live.connect(device)
    live.now = when("20:40:00")

    live.done("dump", "T1", "--out", str(tmp_path / "out"))

    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((tmp_path / "out").iterdir())).lower()
    secrets = [SERIAL, *(part for user in PEOPLE for part in (user.user_id, user.name)), "555123"]
    secrets += ["42917", str(live.terminals["T1"].port), "127.0.0.1"]
    hidden = [secret.encode().hex() for secret in secrets]
    hidden += [int(number).to_bytes(4, "little").hex() for number in ("100347", "42917", "555123")]
    assert [s for s in (*map(str.lower, secrets), *hidden) if s in text] == []


def test_the_same_person_has_one_other_id_in_rows_and_users(live: Live, tmp_path: Path) -> None:
    device = live.device(SERIAL, users=PEOPLE)
    device.store(rows("40"))
    live.connect(device)
    live.now = when("20:40:00")

    live.done("dump", "T1", "--out", str(tmp_path / "out"))

    again = given(replayed(live, tmp_path / "out"))
    assert [again.index(again[n]) for n in range(8)] == [ORDER.index(k) for k in ORDER]
    assert [len(user) for user in again] == [len(r.user_id) for r in rows("40")]
    assert (again[1][:2], again[1][2] != "0", again[2].isalnum()) == ("00", True, True)


def test_a_dump_of_a_terminal_that_is_not_there_is_wrong_usage_and_of_a_silent_one_nothing_done(
    live: Live, tmp_path: Path
) -> None:
    live.connect()
    live.terminals["T1"].unplug()
    out = tmp_path / "out"

    unknown, silent = (live.run("dump", id, "--out", str(out)) for id in ("T9", "T1"))

    assert (unknown.status, unknown.err) == (2, "没有可读的考勤机 T9；可读的有：T1\n")
    assert (silent.status, silent.err.startswith("考勤机 T1 没有读到：对方拒绝连接")) == (4, True)
    assert not [*out.glob("*")]


def test_a_clock_that_is_off_and_a_log_of_nothing_are_dumped_too(live: Live, tmp_path: Path) -> None:
    live.connect(live.device(SERIAL))
    live.now = when("20:40:00")
    live.off(-75)

    live.done("dump", "T1", "--out", str(tmp_path / "out"))

    scenario = load(tmp_path / "out" / "T1.toml")
    assert isinstance(scenario, Scenario), scenario
    (plan,) = scenario.terminals
    assert (plan.clock_offset.total_seconds(), plan.rows, plan.serial) == (-75, (), "REDACTED")


def test_the_command_line_plays_a_dump(live: Live, tmp_path: Path) -> None:
    device = live.connect(live.device(SERIAL))
    device.store(rows("40"))
    live.done("dump", "T1", "--out", str(tmp_path / "out"))

    ran = punchsync(None, "emulate", str(tmp_path / "out" / "T1.toml"), "--for", "0", "--json")

    (found,) = json.loads(ran.out)["terminals"]
    assert (ran.status, found["id"], found["transport"]) == (0, "T1", "tcp")
