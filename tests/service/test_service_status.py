"""`punchsync status`, the timeline behind it, and who holds a site's lock."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from servicekit import make_site, noted

from punchsync.bootstrap import Site, opened
from punchsync.cli import cmd_status
from punchsync.cli.cmd_status import as_data, lines, look, wanting
from punchsync.core.moment import DAY, parse_moment
from punchsync.core.stored import JobRun, JobTrouble
from punchsync.service.lock import alone, holder
from punchsync.service.schedule import Job
from punchsync.service.timeline import JobState, timeline

NOW = parse_moment("2026-11-23 22:00")


class Stands:
    def now(self) -> int:
        return NOW


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = make_site(tmp_path / "site", None, '\n[schedule]\npolls = ["09:00", "20:00"]\nnightly = "21:00"\n')
    noted(folder, "serve", (NOW - DAY, "began"))
    nights = [("nightly", f"2026-11-{day} 21:00") for day in (22, 23)]
    for job, due in (("poll-1", "2026-11-23 09:00"), ("poll-2", "2026-11-22 20:00"), *nights):
        noted(folder, job, (parse_moment(due), "ok"))
    noted(folder, "verify", (NOW - DAY, "differs"))
    with opened(folder) as made, made.store.writing() as work:
        work.runs.failed("backup", NOW - 100, NOW - 90, "OSError", "[Errno 28] No space left on device")
    return folder


def at(site: Path) -> Site:
    made = Site(site)
    object.__setattr__(made.hall, "clock", Stands())
    return made


def test_each_job_is_told_with_its_last_run_its_trouble_and_what_comes_next() -> None:
    jobs = [Job("poll-1", 900, 0), Job("backup", 950, 0), Job("poll-1", 1_900, 1), Job("backup", 1_950, 1)]
    run, trouble = JobRun("poll-1", 900, 905, "ok"), JobTrouble("backup", 950, 951, 990, 3, "OSError", "full")
    late = [Job("weekly", 10, 0), jobs[1]]
    assert timeline(late, jobs[2:], {"poll-1": run}, {"backup": trouble}) == [
        JobState("poll-1", 900, 905, "ok", 1_900),
        JobState("backup", None, None, "", 1_950, 951, 3, "OSError: full", 950),
        JobState("weekly", None, None, "", None, owed=10),
    ]


def test_a_site_s_status_says_what_was_done_what_is_owed_and_what_needs_somebody(site: Path) -> None:
    with at(site) as made:
        status = look(made)
        data = as_data(made, status)
        said = lines(made, status)
    jobs = {row["job"]: row for row in json.loads(json.dumps(data))["jobs"]}
    assert (data["running"], data["pid"], data["settled"]) == (False, None, None)
    assert jobs["poll-2"] == {
        "job": "poll-2", "last_due": "2026-11-22 20:00:00", "last_at": "2026-11-22 20:00:00", "outcome": "ok",
        "next_due": "2026-11-24 20:00:00", "owed": "2026-11-23 20:00:00", "trouble": None,
    }  # fmt: skip
    assert jobs["backup"]["trouble"] == {
        "since": "2026-11-23 21:58:30", "times": 1, "error": "OSError: [Errno 28] No space left on device",
    }  # fmt: skip
    assert (jobs["nightly"]["owed"], jobs["quarterly"]["next_due"]) == (None, "2026-12-31 21:00:00")
    assert len(said) == 3 + len(jobs)
    needs = wanting(status)
    assert len(needs) == 3
    assert "No space left" in needs[1]
    assert "2026-11-22" in needs[2]


def test_a_service_that_runs_is_named_by_its_process(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(site):
        with at(site) as made:
            assert look(made).pid == os.getpid()
        assert cmd_status.command.main(["--site", str(site), "--json"], standalone_mode=False) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["pid"] == os.getpid()
    assert "No space left" in err


def test_a_lock_is_looked_at_without_being_taken(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with alone(tmp_path):
        assert holder(tmp_path) == holder(tmp_path) == os.getpid()
    assert holder(tmp_path) is None
    (tmp_path / "data" / "serve.lock").write_text("1\n")
    assert holder(tmp_path) is None
