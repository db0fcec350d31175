"""The daemon under a server's clock that is wrong: nobody is charged by it, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from servicekit import DAY, Serving, Time, make_site, noted, runs, until

from punchsync.bootstrap import opened
from punchsync.core.moment import HOUR, MINUTE, Moment, day_of, parse_day, parse_moment, show_moment
from punchsync.emulator import Device, EmulatedTerminal
from punchsync.service.daemon import WAKE

Events = list[dict[str, object]]
Start = Callable[[Path], Serving]
MONDAY = parse_day("2026-11-23")
TEN = parse_moment("2026-11-23 10:00")
SCHEDULE = (
    '\n[schedule]\npolls = ["09:10", "12:40", "15:10", "20:40"]\nnightly = "21:00"\nbulletins = ["daily"]\n'
    'backup = "off"\nverify = "off"\n'
)


@pytest.fixture(autouse=True)
def events() -> Iterator[Events]:
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        yield captured  # type: ignore[misc]


@pytest.fixture
def time() -> Time:
    return Time(TEN)


@pytest.fixture
def terminal(time: Time) -> Iterator[EmulatedTerminal]:
    device = Device(now=time.shown)
    for user in ("1001", "1002"):
        device.enrol(user)
    device.punch("1001", time.shown().replace(hour=8, minute=20))
    with EmulatedTerminal(device) as terminal:
        yield terminal


def settled(site: Path) -> Moment | None:
    with opened(site) as opened_, opened_.store.reading() as work:
        return work.runs.settled_as_of()


def charged(site: Path) -> list[tuple[str, str]]:
    """Who is charged for which day."""
    with opened(site) as opened_, opened_.store.reading() as work:
        return sorted(
            (v.person, show_moment(v.due)[5:16]) for v in work.months.verdicts(0, 10**7) if v.verdict == "absent"
        )


def reads(site: Path) -> list[Moment | None]:
    with opened(site) as opened_, opened_.store.reading() as work:
        return [read.began for read in work.readings.notes(range(1, 100)).values()]


def seen(events: Events, *names: str) -> list[object]:
    return [e["event"] for e in events if e["event"] in names]


@pytest.fixture
def start(time: Time) -> Iterator[Callable[[Path], Serving]]:
    """Starts services, and ends those that a test left running."""
    begun: list[Serving] = []

    def start(site: Path) -> Serving:
        begun.append(Serving(site, None, time, pauses=lambda times: 0.1))
        return begun[-1]

    yield start
    for serving in begun:
        serving.stop()


@pytest.mark.parametrize("wrong", [DAY, -DAY, 40 * DAY, 2 * HOUR])
def test_a_clock_that_steps_settles_nothing_until_it_is_right_again(
    tmp_path: Path, time: Time, terminal: EmulatedTerminal, start: Start, events: Events, wrong: int
) -> None:
    site = make_site(tmp_path / "site", terminal, SCHEDULE)
    serving = start(site)
    until(lambda: seen(events, "job_done"))
    before = runs(site), settled(site)
    time.wrong = wrong
    serving.inbox.put(WAKE)
    until(lambda: serving.pulse.state().step)
    count = terminal.connections
    until(lambda: terminal.connections > count + 1)
    assert (runs(site), settled(site)) == before
    assert not (site / "bulletins").exists()
    assert seen(events, "clock_stepped", "clock_disputed") == ["clock_stepped", "clock_disputed"]
    time.wrong = 0
    serving.inbox.put(WAKE)
    until(lambda: serving.pulse.state().step == 0)
    time.true += 3 * HOUR
    serving.inbox.put(WAKE)
    until(lambda: ("poll-2", TEN + 2 * HOUR + 40 * MINUTE, "ok") in runs(site))
    assert serving.stop() == 0
    assert settled(site) == TEN + 3 * HOUR
    assert max(began or 0 for began in reads(site)) == TEN + 3 * HOUR


def test_a_read_by_a_clock_a_day_ahead_charges_nobody_when_the_terminal_is_silent_afterwards(
    tmp_path: Path, time: Time, terminal: EmulatedTerminal, start: Start, events: Events
) -> None:
    site = make_site(tmp_path / "site", terminal, SCHEDULE)
    noted(site, "serve", (TEN - DAY, "began"))
    time.wrong = DAY
    serving = start(site)
    until(lambda: seen(events, "clock_disputed"))
    until(lambda: len(reads(site)) > 1)
    assert settled(site) is None
    terminal.unplug()
    time.wrong = 0
    time.true += 20 * HOUR
    assert serving.stop() == 0
    serving = start(site)
    until(lambda: ("nightly", parse_moment("2026-11-23 21:00"), "ok") in runs(site))
    assert serving.stop() == 0
    assert max(began or 0 for began in reads(site)) == TEN
    assert charged(site) == []


def test_a_clock_a_day_behind_loses_no_punch(
    tmp_path: Path, time: Time, terminal: EmulatedTerminal, start: Start, events: Events
) -> None:
    site = make_site(tmp_path / "site", terminal, SCHEDULE)
    time.wrong = -DAY
    serving = start(site)
    until(lambda: len(seen(events, "job_held")) > 1)
    assert (reads(site), settled(site)) == ([], None)
    time.wrong = 0
    serving.inbox.put(WAKE)
    until(lambda: [e for e in runs(site) if e[0] == "poll-1" and e[1] > TEN - DAY])
    assert charged(site) == []
    time.true += 3 * HOUR
    serving.inbox.put(WAKE)
    until(lambda: [e for e in runs(site) if e[0] == "poll-2" and e[1] > TEN])
    assert serving.stop() == 0
    with opened(site) as opened_, opened_.store.reading() as work:
        assert [(p.device_user_id, show_moment(p.at)) for (p,) in zip(work.punches.stored(0, 10**12))] == [
            ("1001", "2026-11-23 08:20:00")
        ]
        assert list(work.defects.doubts()) == []
    assert charged(site) == []


def test_a_small_step_that_terminals_confirm_holds_nothing_up(
    tmp_path: Path, time: Time, terminal: EmulatedTerminal, start: Start, events: Events
) -> None:
    site = make_site(tmp_path / "site", terminal, SCHEDULE)
    serving = start(site)
    until(lambda: seen(events, "job_done"))
    time.wrong = 90
    serving.inbox.put(WAKE)
    until(lambda: seen(events, "clock_trusted"))
    time.true += 3 * HOUR
    serving.inbox.put(WAKE)
    until(lambda: [run for run in runs(site) if run[0] == "poll-2"])
    assert serving.stop() == 0


def test_a_clock_before_the_last_settle_reads_and_settles_nothing(
    tmp_path: Path, time: Time, terminal: EmulatedTerminal, start: Start, events: Events
) -> None:
    site = make_site(tmp_path / "site", terminal, SCHEDULE)
    with opened(site) as opened_, opened_.store.writing() as work:
        work.runs.settled(TEN + HOUR, "x", TEN + HOUR)
    serving = start(site)
    until(lambda: seen(events, "clock_before_last_settle"))
    until(lambda: reads(site))
    assert (settled(site), serving.pulse.state().step) == (TEN + HOUR, -HOUR)
    time.true += HOUR
    serving.inbox.put(WAKE)
    until(lambda: [run for run in runs(site) if run[0] == "poll-1"])
    assert serving.stop() == 0
    assert serving.pulse.state().step == 0
    assert day_of(TEN) == MONDAY
