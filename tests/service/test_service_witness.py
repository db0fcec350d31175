"""Readings held back until their round is in, and what is kept of them while our clock is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.core.moment import DAY, HOUR, Moment, parse_moment
from punchsync.core.reading import Defect, Memory, ReadFailure, Reading
from punchsync.service.keeper import Keeper
from punchsync.service.pulse import Pulse
from punchsync.service.trust import OFF, STEP
from punchsync.service.witness import Untimely, Witness

NOON = parse_moment("2026-11-23 12:00")


@dataclass
class World:
    """A wall clock, the time since the start, and terminals that show the true time or are off."""

    now_: Moment = NOON
    boot: float = 1_000.0
    off: dict[str, int | None] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    defects: Mapping[str, tuple[Defect, ...]] = field(default_factory=dict)
    kept: list[tuple[str, bool]] = field(default_factory=list)
    wait: Event | None = None

    def now(self) -> Moment:
        return self.now_

    def pass_(self, seconds: int) -> None:
        self.now_ += seconds
        self.boot += seconds

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        self.kept.append((terminal, kept))
        if terminal in self.silent:
            return ReadFailure(terminal, "timeout")
        offset = self.off[terminal]
        return Reading(
            terminal, "tcp", "", "", (), self.defects.get(terminal, ()), began=self.now_, clock_offset=offset
        )


class Site:
    def __init__(self, world: World, live: int | None = None) -> None:
        self.world, self.pulse, self.beats = world, Pulse(), 0
        live = len({*world.off, *world.silent}) if live is None else live
        self.keeper = Keeper(world, ZoneInfo("Asia/Shanghai"), live, self.pulse, lambda: world.boot)
        self.witness = Witness(world, self.keeper, self.beat)

    def beat(self) -> None:
        self.beats += 1

    def round(self, memories: Mapping[str, Memory] | None = None) -> dict[str, Moment | str | None]:
        """Read all terminals side by side: what began when, or why nothing is kept."""
        terminals = sorted({*self.world.off, *self.world.silent})

        def one(terminal: str) -> Moment | str | None:
            try:
                found = self.witness.read(terminal, (memories or {}).get(terminal, Memory()), kept=True)
            except Untimely:
                return "untimely"
            return found.code if isinstance(found, ReadFailure) else found.began

        with self.witness.round(terminals), ThreadPoolExecutor(max(1, len(terminals))) as pool:
            return dict(zip(terminals, pool.map(one, terminals), strict=True))


@pytest.fixture(autouse=True)
def events() -> Iterator[list[dict[str, object]]]:
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        yield captured  # type: ignore[misc]


def test_terminals_that_agree_confirm_the_clock_and_may_be_set_from_the_next_round_on() -> None:
    site = Site(World(off={"T1": 3, "T2": -4}))
    assert site.round() == {"T1": NOON, "T2": NOON}
    assert (site.keeper.doubt, site.keeper.confirmed, site.beats) == ("", True, 2)
    site.round()
    assert sorted(site.world.kept) == [("T1", False), ("T1", True), ("T2", False), ("T2", True)]


def test_a_start_with_a_clock_that_is_ahead_stores_no_reading_beyond_the_terminals_time(
    events: list[dict[str, object]],
) -> None:
    site = Site(World(off={"T1": -DAY, "T2": -DAY + 2, "T3": 0}))
    assert site.round() == {"T1": NOON - DAY, "T2": NOON - DAY + 2, "T3": NOON - DAY + 2}
    assert (site.keeper.doubt, site.keeper.trusted(), site.pulse.state().step) == ("terminals", False, DAY - 2)
    assert [e["event"] for e in events] == ["clock_disputed"]


def test_a_clock_that_is_behind_keeps_nothing_that_would_count_as_not_yet_made() -> None:
    future = Defect(7, b"new", "future")
    site = Site(World(off={"T1": DAY, "T2": DAY}, defects={"T1": (future,)}))
    assert site.round() == {"T1": "untimely", "T2": NOON}
    known = {"T1": Memory(odd={b"new": (future,)})}
    assert site.round(known) == {"T1": NOON, "T2": NOON}


def test_a_record_ahead_of_a_clock_that_is_right_is_kept_as_ever() -> None:
    site = Site(World(off={"T1": 0, "T2": 0, "T3": DAY}, defects={"T3": (Defect(1, b"x", "future"),)}))
    assert site.round() == dict.fromkeys(("T1", "T2", "T3"), NOON)


def test_a_step_is_noticed_and_doubted_until_terminals_agree(events: list[dict[str, object]]) -> None:
    site = Site(World(off={"T1": 0, "T2": 0}))
    site.round()
    site.world.now_ += HOUR
    assert (site.keeper.trusted(), site.pulse.state().step) == (False, HOUR)
    assert site.round() == {"T1": NOON, "T2": NOON}
    assert (site.keeper.trusted(), site.pulse.state().step) == (True, 0)
    assert site.round() == {"T1": NOON + HOUR, "T2": NOON + HOUR}
    assert [(e["event"], e.get("seconds")) for e in events] == [("clock_stepped", HOUR), ("clock_trusted", None)]


def test_after_a_step_nothing_is_stored_beyond_where_the_clock_was_and_no_terminal_is_set() -> None:
    site = Site(World(off={"T1": 0, "T2": 0}))
    site.round()
    site.world.kept.clear()
    site.world.now_ += DAY
    site.world.off.update(T1=-DAY, T2=None)
    assert site.round() == {"T1": NOON, "T2": NOON}
    assert sorted(site.world.kept) == [("T1", False), ("T2", False)]
    site.world.now_ -= DAY
    site.world.off.update(T1=0, T2=0)
    assert site.keeper.trusted()
    assert site.round() == {"T1": NOON, "T2": NOON}
    assert site.keeper.confirmed


@pytest.mark.parametrize("known", [True, False])
def test_a_reading_taken_by_a_clock_that_is_set_right_before_it_is_in_reaches_no_further_than_the_true_time(
    known: bool,
) -> None:
    world = World(off={"T1": 0})
    site = Site(world)
    if known:
        site.round()
    world.now_ += DAY
    if known:
        site.keeper.trusted()
    site = site if known else Site(world)

    class Mended:
        def read(self, *args: object, **options: object) -> Reading:
            world.pass_(5)
            found = Reading("T1", "tcp", "", "", (), began=world.now_, clock_offset=-DAY)
            world.now_ -= DAY
            return found

    reading = Witness(Mended(), site.keeper, site.beat).read("T1", Memory())
    assert isinstance(reading, Reading)
    assert reading.began == NOON


def test_a_round_in_the_middle_of_which_the_clock_was_stepped_says_nothing() -> None:
    world = World(off={"T1": 0, "T2": 0, "T3": 0})
    site = Site(world)
    site.round()
    with site.witness.round(["T1", "T2", "T3"]):
        for terminal in ("T1", "T2"):
            assert isinstance(site.witness.read(terminal, Memory()), Reading)
        world.now_ += DAY
        world.off["T3"] = -DAY
        last = site.witness.read("T3", Memory())
    assert isinstance(last, Reading)
    assert (last.began, site.keeper.doubt) == (NOON, "stepped")


def test_a_terminal_whose_clock_was_reset_or_shows_nothing_has_no_vote() -> None:
    reset = parse_moment("2000-01-01 00:10") - NOON
    site = Site(World(off={"T1": reset}))
    assert site.round() == {"T1": NOON}
    assert (site.keeper.doubt, site.keeper.confirmed) == ("", False)
    assert Site(World(off={"T1": None})).round() == {"T1": NOON}


def test_terminals_that_are_silent_say_nothing() -> None:
    site = Site(World(silent=frozenset({"T1", "T2"})))
    assert site.round() == {"T1": "timeout", "T2": "timeout"}
    assert (site.keeper.doubt, site.keeper.confirmed, site.keeper.may_set) == ("", False, False)


def test_a_read_that_breaks_down_holds_up_no_other() -> None:
    site = Site(World(off={"T1": 0}))
    with site.witness.round(["T0", "T1"]):
        with pytest.raises(KeyError):
            site.witness.read("T0", Memory())
        assert isinstance(site.witness.read("T1", Memory()), Reading)


def test_a_clock_before_the_last_settle_waits_for_its_time() -> None:
    site = Site(World(off={"T1": 0}))
    site.round()
    site.keeper.settled(NOON + 10)
    assert (site.keeper.trusted(), site.keeper.doubt) == (False, "behind")
    site.world.pass_(10)
    assert site.keeper.trusted()


def test_the_repeated_hour_of_summer_time_raises_no_alarm(events: list[dict[str, object]]) -> None:
    world = World(now_=parse_moment("2028-10-29 02:50"), off={"T1": 0})
    keeper = Keeper(world, ZoneInfo("Europe/Berlin"), 1, Pulse(), lambda: world.boot)
    assert keeper.trusted()
    keeper.settled(world.now_)
    world.now_ -= HOUR - 1200
    world.boot += 1200
    assert not keeper.trusted()
    assert events == []


def test_a_hall_without_terminals_to_read_believes_its_clock_and_a_step_after_a_day() -> None:
    site = Site(World())
    assert site.keeper.confirmed
    site.world.now_ += HOUR
    assert not site.keeper.trusted()
    site.world.pass_(DAY)
    assert site.keeper.trusted()
    assert site.keeper.confirmed


def test_what_is_known_of_a_clock_outlives_new_settings() -> None:
    site = Site(World(off={"T1": 0, "T2": 0}))
    site.world.now_ += DAY
    assert not site.keeper.trusted()
    heir = Keeper(site.world, ZoneInfo("Asia/Shanghai"), 2, site.pulse, lambda: site.world.boot, site.keeper)
    assert (heir.trusted(), heir.doubt) == (False, "stepped")


STEPS = st.sampled_from((DAY, -DAY, HOUR, -HOUR, 40 * DAY, 90, -90, 0))
TURNS = st.lists(
    st.tuples(st.integers(1, 5 * HOUR), STEPS, st.sets(st.sampled_from(("T1", "T2", "T3")), max_size=2)), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(STEPS, TURNS, st.sampled_from((0, 7 * HOUR, None)))
def test_no_reading_ever_reaches_beyond_the_true_time_and_a_round_that_is_whole_finds_the_clock_out(
    wrong: int, turns: list[tuple[int, int, set[str]]], odd: int | None
) -> None:
    world = World(now_=NOON + wrong)
    site = Site(world, live=3)
    for passed, set_to, silent in turns:
        world.pass_(passed)
        before, wrong = wrong, set_to if set_to else wrong
        world.now_ += wrong - before
        true = world.now_ - wrong
        offsets = {"T1": -wrong, "T2": -wrong, "T3": None if odd is None else odd - wrong}
        world.off = {id: offset for id, offset in offsets.items() if id not in silent}
        world.silent = frozenset(silent)
        found = site.round()
        # Where only a terminal answers that is wrong itself or shows no time, nobody knows better.
        if not silent >= {"T1", "T2"}:
            assert all(began <= true + OFF + STEP for began in found.values() if isinstance(began, int))
        if not silent & {"T1", "T2"}:
            assert site.keeper.trusted() == (abs(wrong) <= OFF)
        if site.keeper.confirmed:
            assert abs(wrong) <= OFF + STEP
