"""What needs a person, as the store and the surroundings tell it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from attentionkit import HOUR, Found

from e2e.site import Hall, staff
from punchsync.bootstrap import Site, opened
from punchsync.bootstrap.clocks import FixedClock
from punchsync.core.moment import Moment, parse_moment
from punchsync.core.outbox import Batch
from punchsync.core.reading import ReadFailure, Reading
from punchsync.operations.attention import Around, Limits, Sights, gather

TOML = """
[hall]
id = "demo"
name = "示范县政务服务中心"
pack = "yihuang"
[[terminal]]
id = "T1"
host = "127.0.0.1"
[[terminal]]
id = "T2"
host = "127.0.0.1"
to = 2026-10-31
[[terminal]]
id = "T3"
"""
LIMITS = Limits(24 * HOUR, 1024, 48 * HOUR, 24 * HOUR)
TUESDAY = "2026-11-10 10:00:00"


def at(text: str) -> Moment:
    return parse_moment(text)


class Scene:
    """A hall in which things happen at moments, and what is found of it at one."""

    def __init__(self, folder: Path) -> None:
        self.hall = Hall(folder, TOML)
        self.limits = LIMITS
        self._site: Site | None = None

    @property
    def site(self) -> Site:
        if self._site is None:
            self._site = opened(self.hall.path).__enter__()
        return self._site

    def end(self) -> None:
        if self._site is not None:
            self._site.store.close()
        self._site = None

    def settings(self, before: str, after: str) -> None:
        """Change the settings."""
        self.end()
        (self.hall.path / "punchsync.toml").write_text(TOML.replace(before, after))

    def work(self) -> AbstractContextManager[Any]:
        return self.site.store.writing()

    def read(self, moment: str, terminal: str = "T1", **more) -> None:
        with self.work() as work:
            work.readings.add(Reading(terminal, "tcp", "x", moment, (), began=at(moment), **more), at(moment))

    def failed(self, moment: str, code: str = "timeout", terminal: str = "T1") -> None:
        with self.work() as work:
            work.readings.failed(ReadFailure(terminal, code), at(moment))

    def ran(self, job: str, moment: str, outcome: str = "ok") -> None:
        with self.work() as work:
            work.runs.done(job, at(moment), at(moment), outcome)

    def sights(self, moment: str = TUESDAY, free: Callable[[], int] = lambda: 5000, **around) -> Sights:
        with self.site.store.reading() as work:
            hall = replace(self.site.hall, clock=FixedClock(at(moment)))
            return gather(hall, work, Around(free, **around), self.limits)

    def found(self, *codes: str, moment: str = TUESDAY, **around) -> list[Found]:
        sights = self.sights(moment, **around)
        assert sights.errors == ()
        return [f for f in sights.found if f.code in codes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose database is made."""
    folder = tmp_path_factory.mktemp("made") / "site"
    with opened(Hall(folder, TOML).path):
        return folder


@pytest.fixture
def scene(made: Path, tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(shutil.copytree(made, tmp_path / "site"))
    yield scene
    scene.end()


def test_a_new_hall_needs_nobody(scene):
    assert scene.sights() == Sights((), frozenset({"store_refused", "clock_stepped", "settings_refused"}))


@pytest.mark.parametrize(
    ("failed", "silent"),
    [("2026-11-10 08:59:59", False), ("2026-11-10 09:00:00", False), ("2026-11-10 09:00:01", True)],
)
def test_a_terminal_is_silent_from_its_last_good_read_to_the_last_that_failed(scene, failed, silent):
    scene.read("2026-11-09 09:00:00")
    scene.failed(failed)
    found = Found("terminal_silent", "T1", "timeout 2026-11-09 09:00:00")
    assert scene.found("terminal_silent", moment="2026-11-20 10:00:00") == [found] * silent


def test_a_terminal_that_nobody_asked_is_not_silent(scene):
    scene.read("2026-11-09 09:00:00")
    assert scene.found("terminal_silent", moment="2026-12-20 10:00:00") == []


def test_a_terminal_may_be_off_over_the_weekend(scene):
    scene.read("2026-11-06 20:40:00")
    scene.failed("2026-11-09 09:10:00")
    assert scene.found("terminal_silent") == []
    scene.failed("2026-11-09 20:41:00")
    assert len(scene.found("terminal_silent")) == 1


def test_a_day_off_counts_where_somebody_is_due(scene):
    assert scene.hall.bring("staff", staff(to="")).status == 0
    roster = {"roster_id": "R1", "entered_at": "2026-11-01 08:00", "person_id": "P1", "window": ""}
    roster |= {"from": "2026-11-14", "to": "2026-11-15", "shift": "09:00-12:00", "days": "all"}
    assert scene.hall.bring("roster", roster).status == 0
    scene.read("2026-11-13 20:40:00")
    scene.failed("2026-11-14 20:41:00")
    assert len(scene.found("terminal_silent", moment="2026-11-15 08:00:00")) == 1


def test_a_terminal_that_was_never_read_counts_from_the_first_day_of_the_service(scene):
    scene.failed("2026-11-10 09:10:00")
    assert scene.found("terminal_silent") == []
    scene.ran("serve", "2026-11-09 09:10:00")
    assert scene.found("terminal_silent") == []
    scene.ran("serve", "2026-11-09 09:09:59")
    assert len(scene.found("terminal_silent")) == 0  # the latest start counts
    scene.failed("2026-11-10 09:10:01")
    assert scene.found("terminal_silent") == [Found("terminal_silent", "T1", "timeout")]


def test_terminals_outside_of_their_life_or_without_an_address_are_never_silent(scene):
    scene.ran("serve", "2026-01-01 09:10:00")
    for terminal in ("T2", "T3"):
        scene.failed("2026-11-10 09:10:00", terminal=terminal)
    assert scene.found("terminal_silent") == []


def test_a_refused_key_is_named_instead_of_silence(scene):
    scene.read("2026-11-06 09:00:00")
    scene.failed("2026-11-10 09:10:00", "wrong_key")
    assert scene.found("terminal_silent", "comm_key_refused") == [
        Found("comm_key_refused", "T1"),
        Found("terminal_silent", "T1", "wrong_key 2026-11-06 09:00:00", certain=False),
    ]
    scene.failed("2026-11-10 09:20:00", "timeout")
    assert scene.found("comm_key_refused") == [Found("comm_key_refused", "T1", certain=False)]
    scene.read("2026-11-10 09:30:00")
    assert scene.found("comm_key_refused") == []


@pytest.mark.parametrize(("offset", "off"), [(600, False), (-600, False), (601, True), (-601, True)])
def test_a_clock_is_off_beyond_what_is_corrected(scene, offset, off):
    scene.read("2026-11-10 09:00:00", clock_offset=offset)
    assert scene.found("clock_off") == [Found("clock_off", "T1", f"{offset:+d}")] * off


def test_a_terminal_that_shows_no_time_says_nothing_of_its_clock(scene):
    scene.read("2026-11-10 09:00:00")
    assert scene.found("clock_off") == [Found("clock_off", "T1", certain=False)]


@pytest.mark.parametrize(("held", "full"), [(899, False), (900, True), (901, True)])
def test_a_log_is_nearly_full_at_nine_tenths(scene, held, full):
    scene.read("2026-11-10 09:00:00", held=held, capacity=1000, clock_offset=0)
    assert scene.found("log_nearly_full") == [Found("log_nearly_full", "T1", f"{held}/1000")] * full


def test_while_our_own_clock_is_in_doubt_no_other_is_said_to_be_off(scene):
    scene.read("2026-11-10 09:00:00", clock_offset=-7200)
    off = Found("clock_off", "T1", "-7200")
    assert scene.found("clock_off", step=0) == scene.found("clock_off") == [off]
    assert scene.found("clock_off", "clock_stepped", step=7200) == [
        off._replace(certain=False), Found("clock_stepped", "", "+7200"),
    ]  # fmt: skip


def test_what_the_service_says_of_itself_is_found(scene):
    assert scene.found("clock_stepped", step=-7200) == [Found("clock_stepped", "", "-7200")]
    assert scene.found("settings_refused", refused=("甲", "乙")) == [Found("settings_refused", "", "甲；乙")]
    assert "clock_stepped" not in scene.sights(step=0, refused=()).blind


@pytest.mark.parametrize(
    ("moment", "years"),
    [("2026-11-30 23:59:59", []), ("2026-12-01 00:00:00", ["2027"]), ("2027-01-01 00:00:00", ["2027"])],
)
def test_next_years_calendar_is_asked_for_from_the_first_of_december(scene, moment, years):
    assert [f.about for f in scene.found("calendar_unpublished", moment=moment)] == years


def test_a_roster_that_is_missing_is_missing_until_it_is_there(scene):
    scene.settings("yihuang", "bureau")
    assert scene.hall.bring("staff", staff(from_="2026-01-01", to="")).status == 0
    roster = {"roster_id": "R1", "entered_at": "2026-09-01 08:00", "person_id": "P1", "window": "", "days": "workdays"}
    october = roster | {"from": "2026-10-01", "to": "2026-10-31", "shift": "09:00-12:00"}
    assert scene.hall.bring("roster", october).status == 0

    def missing(day: str) -> list[tuple[str, str, bool]]:
        return [f[1:] for f in scene.found("roster_missing", moment=f"{day} 10:00:00")]

    assert missing("2026-10-24") == []
    assert missing("2026-10-25") == missing("2026-10-31") == [("2026-11", "1", True)]
    assert missing("2026-11-01") == [("2026-11", "1", False)]  # a Sunday, on which nobody needs one
    assert missing("2026-11-02") == [("2026-11", "1", True), ("2026-11", "1", False)]
    november = roster | {"roster_id": "R2", "from": "2026-11-01", "to": "2026-11-30", "shift": "09:00-12:00"}
    assert scene.hall.bring("roster", november).status == 0
    assert missing("2026-11-02") == []


@pytest.mark.parametrize(
    ("free", "found"),
    [
        (1023, [Found("disk_low", "", "1023")]),
        (1024, [Found("disk_low", "", "1024", certain=False)]),
        (1126, [Found("disk_low", "", "1126", certain=False)]),
        (1127, []),
    ],
)
def test_a_disk_is_low_until_there_is_a_little_more(scene, free, found):
    assert scene.found("disk_low", free=lambda: free) == found


def test_what_can_not_be_looked_at_hides_nothing_else(scene):
    scene.read("2026-11-10 09:00:00", clock_offset=700)

    def broken() -> int:
        raise OSError("x")

    sights = scene.sights(free=broken, scoring=broken, step=0, refused=())
    assert [f.code for f in sights.found] == ["clock_off"]
    assert sights.blind == {"store_refused", "disk_low", "outbox_parked", "outbox_stuck"}
    assert [codes for codes, _error in sights.errors] == [("outbox_parked", "outbox_stuck"), ("disk_low",)]


def test_refused_and_stuck_batches_are_found(scene):
    with scene.work() as work:
        work.deliveries.add("http x", [Batch(1, 1, 5, "a"), Batch(2, 6, 8, "b")], at("2026-11-08 09:00:00"))
        work.deliveries.note("http x", 1, "parked", "http_422", at("2026-11-08 09:01:00"))
        work.deliveries.note("http x", 2, "again", "timeout", at("2026-11-09 09:00:00"))
    parked = Found("outbox_parked", "http x", "5")
    assert scene.found("outbox_parked", "outbox_stuck", scoring=lambda: "http x") == [parked]
    with scene.work() as work:
        work.deliveries.note("http x", 2, "again", "timeout", at("2026-11-09 09:00:01"))
    assert scene.found("outbox_parked", "outbox_stuck", scoring=lambda: "http x") == [
        parked, Found("outbox_stuck", "http x", "2026-11-08 09:00:00"),
    ]  # fmt: skip
    assert scene.found("outbox_parked", "outbox_stuck") == []


@pytest.mark.parametrize(
    ("moment", "old"), [("2026-11-10 23:10:00", False), ("2026-11-10 23:10:01", True), ("2026-11-30 09:00:00", True)]
)
def test_a_backup_is_too_old_after_two_days(scene, moment, old):
    scene.ran("backup", "2026-11-08 23:10:00")
    found = Found("backup_failed", "", "2026-11-08 23:10:00")
    assert scene.found("backup_failed", moment=moment) == [found] * old
    assert scene.found("backup_failed", moment=moment, settled=False) == [found._replace(certain=False)] * old
    scene.limits = replace(LIMITS, backup=None)
    assert scene.found("backup_failed", moment=moment) == []


def test_a_backup_that_was_never_made_counts_from_the_first_day_of_the_service(scene):
    assert scene.found("backup_failed") == []
    scene.ran("serve", "2026-11-08 09:00:00")
    assert scene.found("backup_failed") == [Found("backup_failed", "", "")]


def test_jobs_that_fail_are_found(scene):
    scene.ran("backup", "2026-11-09 23:10:00")
    scene.ran("verify", "2026-11-09 23:30:00", "differs")
    with scene.work() as work:
        work.runs.failed("backup", at("2026-11-10 08:30:00"), at(TUESDAY), "OSError", "x")
        for _try in range(3):
            work.runs.failed("nightly", at(TUESDAY), at(TUESDAY), "OSError", "x")
        work.runs.failed("poll-1", at(TUESDAY), at(TUESDAY), "OSError", "x")
    assert scene.found("backup_failed", "verify_failed", "job_failed") == [
        Found("backup_failed", "", "2026-11-09 23:10:00"),
        Found("verify_failed", "", "2026-11-09 23:30:00"),
        Found("job_failed", "nightly", TUESDAY),
        Found("job_failed", "poll-1", TUESDAY, certain=False),
    ]
    scene.ran("verify", "2026-11-10 08:30:00")
    scene.ran("backup", "2026-11-10 08:30:00", "differs")
    assert scene.found("verify_failed", "backup_failed") == [Found("backup_failed", "", "2026-11-10 08:30:00")]
    scene.ran("backup", "2026-11-10 08:40:00")
    assert scene.found("verify_failed", "backup_failed") == []


def test_a_channel_that_takes_nothing_is_found(scene):
    with scene.work() as work:
        work.notices.add("k", "group", "disk_low", "题", "文", at("2026-11-08 09:00:00"))
        work.notices.trying([1], at("2026-11-09 09:00:01"))
    assert scene.found("notice_failed") == [Found("notice_failed", "group", "2026-11-08 09:00:00")]
