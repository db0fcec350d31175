"""Single jobs on a real store with everything else played: what they note, log and wait for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from servicekit import DAY, Time, make_site

from punchsync.bootstrap import Site
from punchsync.core.difference import Difference
from punchsync.core.moment import Day, Moment, day_of, parse_moment, show_day
from punchsync.core.stored import JobTrouble
from punchsync.operations.settle import settle
from punchsync.service.duties import CLOCK, sample
from punchsync.service.jobs import DONE, FAILED, HELD, WAITS, run
from punchsync.service.keeper import Keeper
from punchsync.service.means import Also, Beating, Erased, Means
from punchsync.service.note import begin
from punchsync.service.pulse import Pulse
from punchsync.service.rests import Rests, pause
from punchsync.service.schedule import Job, planner
from punchsync.service.witness import Witness

NOW = parse_moment("2026-11-02 23:40")
TODAY = day_of(NOW)


@dataclass
class Made:
    """What backups, checks and bulletins give back."""

    number: int = 3
    provisional: bool = False
    file: Path = Path("a.zip")
    bytes: int = 7
    differences: tuple[Difference, ...] = ()
    removed: tuple[str, ...] = ()
    also: str = ""
    links: int = 5
    months: int = 2


@dataclass
class Played:
    """Everything beside the store, and what was asked of it."""

    asked: list[tuple[str, object]] = field(default_factory=list)
    gives: Made = field(default_factory=Made)
    raises: Exception | None = None

    def _do(self, *what: Any) -> Made:
        self.asked.append(what)
        if self.raises is not None:
            raise self.raises
        return self.gives


class Stage:
    """A site whose jobs are done one at a time."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.site = Site(make_site(folder, None))
        self.time, self.played, self.beats = Time(NOW), Played(), 0
        self.scrubbed = options.pop("scrubbed", "done")
        hall = self.site.hall
        object.__setattr__(hall, "clock", self.time)
        with self.site.store.writing() as work:
            begin(work, NOW - options.pop("began", 10) * DAY)
        self.keeper = Keeper(self.time, ZoneInfo("Asia/Shanghai"), options.pop("live", 0), Pulse(), self.time.boot)
        self.plan = planner(hall.pack, ["20:00"], "21:00", backup="23:10", verify="23:30", purge=True, **options)
        object.__setattr__(hall, "store", Beating(hall.store, self._beat))
        witness = Witness(hall.reader, self.keeper, self._beat)
        self.means = Means(
            hall, self.keeper, witness, self._beat, "daily" in options.get("bulletins", ("daily",)),
            self._publish, self._back_up, self._verify, self._purge,
        )  # fmt: skip

    def run(self, name: str, days: int = 0) -> str:
        job = next(j for j in self.plan(TODAY - days) if j.name == name)
        return run(self.means, self.plan, job)

    def runs(self) -> list[tuple[str, str, str]]:
        with self.site.store.reading() as work:
            found = work.runs.latest(self.time.now())
        return sorted((r.job, show_day(day_of(r.due)), r.outcome) for r in found.values() if r.job != "serve")

    def troubles(self) -> dict[str, JobTrouble]:
        with self.site.store.reading() as work:
            return work.runs.troubles()

    def _beat(self) -> None:
        self.beats += 1

    def _publish(self, kind: str, day: Day, also: Also) -> Made:
        made = self.played._do(kind, show_day(day))
        with self.site.store.writing() as work:
            also(work)
        return made

    def _back_up(self, now: Moment) -> Made:
        return self.played._do("backup", now)

    def _verify(self, months: Collection[str]) -> Made:
        return self.played._do("verify", list(months))

    def _purge(self, now: Moment) -> Erased:
        self.played._do("purge", now)
        return Erased({"punch": 4, "record": 0}, self.scrubbed)


@pytest.fixture(autouse=True)
def events() -> Iterator[list[dict[str, object]]]:
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        yield captured  # type: ignore[misc]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "site", bulletins=("daily", "weekly", "monthly"))
    yield stage
    stage.site.store.close()


def test_a_job_of_a_day_before_the_service_first_ran_is_not_owed_even_if_its_alarm_rings(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "site", began=1, bulletins=("daily",))
    assert [stage.run("nightly", days=2), stage.run("nightly", days=1)] == [WAITS, DONE]
    assert stage.played.asked == [("daily", show_day(TODAY - 1))]
    stage.site.store.close()


def test_a_backup_is_noted_and_one_that_differs_is_an_error(stage: Stage, events: list[dict[str, object]]) -> None:
    assert stage.run("backup", days=1) == WAITS  # today's, which is due as well, makes up for it
    assert stage.run("backup") == DONE
    assert stage.runs() == [("backup", "2026-11-02", "ok")]
    stage.played.gives.differences = (Difference("copy", "punch", "4", "5"),)
    stage.time.true += DAY
    assert stage.run("backup", days=-1) == DONE
    assert stage.runs() == [("backup", "2026-11-03", "differs")]
    assert [e["event"] for e in events if e["log_level"] == "error"] == ["backup_differs"]
    assert stage.played.asked == [("backup", NOW), ("backup", NOW + DAY)]


def test_a_backup_without_its_second_copy_says_so(stage: Stage, events: list[dict[str, object]]) -> None:
    stage.played.gives.also = "no_folder"
    assert stage.run("backup") == DONE
    assert stage.runs() == [("backup", "2026-11-02", "no_copy")]
    assert ("backup_not_copied", "no_folder") in [(e["event"], e.get("why")) for e in events]


def test_a_check_takes_a_sample_and_names_where_it_differs_but_not_what_was_found(
    stage: Stage, events: list[dict[str, object]]
) -> None:
    settle(stage.site.hall, NOW)
    stage.played.gives.differences = (Difference("rows", "record A1", "甲一", ""),)
    assert stage.run("verify") == DONE
    assert stage.runs() == [("verify", "2026-11-02", "differs")]
    [(what, months)] = stage.played.asked
    assert (what, months) == ("verify", ["2026-01", "2026-02", "2026-11"])
    assert [(e["invariant"], e["place"]) for e in events if e["event"] == "verify_differs"] == [("rows", "record A1")]
    assert "甲一" not in str(events)


def test_a_purge_waits_for_the_day_s_backup_and_for_terminals_that_agree_with_the_clock(
    stage: Stage, tmp_path: Path, events: list[dict[str, object]]
) -> None:
    assert stage.run("purge") == WAITS
    assert [stage.run("backup"), stage.run("purge")] == [DONE, DONE]
    assert [e["erased"] for e in events if e.get("job") == "purge"] == [{"punch": 4}]
    other = Stage(tmp_path / "other", live=2)
    assert [other.run("backup"), other.run("purge")] == [DONE, HELD]
    other.site.store.close()


@pytest.mark.parametrize(
    ("scrubbed", "outcome"), [("", "ok"), ("done", "ok"), ("busy", "unscrubbed"), ("by_hand", "unscrubbed")]
)
def test_a_purge_whose_bytes_may_still_be_in_the_files_is_noted_as_such(
    stage: Stage, scrubbed: str, outcome: str
) -> None:
    stage.scrubbed = scrubbed
    assert [stage.run("backup"), stage.run("purge")] == [DONE, DONE]
    assert [run for run in stage.runs() if run[0] == "purge"] == [("purge", "2026-11-02", outcome)]


def test_a_month_s_bulletin_waits_for_the_settle_of_its_last_day(stage: Stage) -> None:
    assert stage.run("monthly", days=2) == WAITS
    settle(stage.site.hall, parse_moment("2026-10-31 20:59"))
    assert stage.run("monthly", days=2) == WAITS
    settle(stage.site.hall, NOW)
    assert stage.run("monthly", days=2) == DONE
    assert stage.run("monthly", days=2) == DONE
    assert stage.played.asked == [("monthly", "2026-10-31")]
    assert stage.runs() == [("monthly", "2026-10-31", "ok")]


def test_a_hall_that_wants_no_daily_bulletin_closes_its_days_all_the_same(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "site", bulletins=("monthly",))
    assert stage.run("nightly") == DONE
    assert (stage.played.asked, stage.runs()) == ([], [("nightly", "2026-11-02", "ok")])
    with stage.site.store.reading() as work:
        assert work.runs.settled_as_of() == NOW
    stage.site.store.close()


def test_a_job_that_fails_is_in_trouble_until_it_is_done(stage: Stage) -> None:
    stage.played.raises = OSError(28, "No space left on device")
    assert [stage.run("backup"), stage.run("backup")] == [FAILED, FAILED]
    due = NOW - 30 * 60
    words = "[Errno 28] No space left on device"
    assert stage.troubles() == {"backup": JobTrouble("backup", due, NOW, NOW, 2, "OSError", words)}
    stage.played.raises = ValueError("甲一")
    assert stage.run("verify") == FAILED
    assert (stage.troubles()["verify"].error, stage.troubles()["verify"].detail) == ("ValueError", "")
    stage.played.raises = None
    assert stage.run("backup") == DONE
    assert list(stage.troubles()) == ["verify"]


@pytest.mark.parametrize("name", ["poll-1", "nightly", "backup", "verify", "purge"])
def test_while_the_clock_is_in_doubt_every_job_is_held(
    stage: Stage, name: str, events: list[dict[str, object]]
) -> None:
    settle(stage.site.hall, NOW)
    assert stage.run("backup", days=0) == DONE
    stage.played.asked.clear()
    before = stage.runs()
    stage.time.wrong = 40 * DAY
    job = next(j for day in (40, 30) for j in stage.plan(TODAY + day) if j.name == name)
    assert run(stage.means, stage.plan, job) == HELD
    assert (stage.played.asked, stage.runs()) == ([], before)
    assert [e["why"] for e in events if e["event"] == "job_held"] == ["stepped"]


def test_a_job_whose_time_has_not_come_is_not_done(stage: Stage) -> None:
    assert run(stage.means, stage.plan, Job("backup", NOW + 1, TODAY)) == WAITS


def test_a_job_during_which_the_clock_is_set_back_before_its_time_is_not_noted(stage: Stage) -> None:
    def slow(now: Moment) -> Made:
        stage.time.wrong = -50
        return Made()

    object.__setattr__(stage.means, "back_up", slow)
    stage.plan = planner(stage.site.hall.pack, ["20:00"], "21:00", backup="23:40")
    assert stage.run("backup") == HELD
    assert stage.runs() == []


def test_asking_for_the_time_notes_nothing(stage: Stage) -> None:
    stage.time.wrong = DAY
    assert run(stage.means, stage.plan, Job(CLOCK, 0, 0)) == DONE
    stage.time.wrong = 0
    assert stage.runs() == []


def test_jobs_show_signs_of_life(stage: Stage) -> None:
    stage.run("nightly")
    assert stage.beats > 10


def test_each_month_has_its_turn_in_the_sample_and_the_last_one_always() -> None:
    months = [f"2026-{n:02d}" for n in range(1, 12)]
    taken = [sample(months, turn) for turn in range(5)]
    assert all(len(some) == 3 and some[-1] == "2026-11" for some in taken)
    assert sorted(m for some in taken for m in some[:-1]) == months[:-1]
    assert [sample([], 4), sample(["a"], 4), sample(["a", "b"], 4)] == [[], ["a"], ["a", "b"]]


def test_pauses_grow_to_an_hour() -> None:
    assert [pause(n) for n in (1, 2, 3, 6, 7, 8, 1_000)] == [60, 120, 240, 1_920, 3_600, 3_600, 3_600]


def test_a_job_that_failed_rests_by_itself() -> None:
    now = [0.0]
    rests, one, other = Rests(clock=lambda: now[0]), Job("backup", 1, 1), Job("backup", 2, 1)
    rests.failed(one)
    assert (rests.ready(one), rests.ready(other), rests.wait()) == (False, True, 60)
    now[0] = 60
    assert (rests.ready(one), rests.wait()) == (True, None)
    rests.failed(one)
    assert rests.wait() == 120
    rests.keep({other})
    assert rests.ready(one)
