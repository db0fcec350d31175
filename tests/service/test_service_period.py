"""Bulletins of a week, a month and a quarter: numbered by kind, provisional until their period is over."""

from __future__ import annotations

from pathlib import Path

import pytest
from servicekit import make_site

from punchsync.bootstrap import opened
from punchsync.bootstrap.bringing import bring_records
from punchsync.core.moment import parse_day, parse_moment
from punchsync.operations.settle import settle
from punchsync.service.bulletin import NotSettled, publish_period

FRIDAY = parse_day("2026-01-09")
CLOSED = "date,kind,note\n" + "".join(f"2026-01-{day:02},off,停电\n" for day in range(5, 10))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", None)


def issue(site: Path, as_of: str, kind: str, out: Path) -> tuple[str, int, bool]:
    with opened(site, parse_moment(as_of)) as here:
        settle(here.hall, here.clock.now())
        made = publish_period(here.hall, kind, FRIDAY, out)
    return made.file.name, made.number, made.provisional


def test_each_kind_has_numbers_of_its_own_and_the_same_content_keeps_its_number(site: Path, tmp_path: Path) -> None:
    found = [
        issue(site, "2026-01-09 21:00:00", kind, tmp_path)[:2] for kind in ("weekly", "monthly", "quarterly", "weekly")
    ]
    assert found == [
        ("weekly-2026-W02.md", 1),
        ("monthly-2026-01.md", 1),
        ("quarterly-2026-Q1.md", 1),
        ("weekly-2026-W02.md", 1),
    ]


def test_a_period_that_is_not_over_is_provisional_and_superseded_by_number(site: Path, tmp_path: Path) -> None:
    with opened(site) as here:
        assert not bring_records(here, "calendar", CLOSED.encode(), "calendar.csv", False).problems
    assert issue(site, "2026-01-09 21:00:00", "weekly", tmp_path) == ("weekly-2026-W02.md", 1, True)
    assert issue(site, "2026-01-12 00:00:00", "weekly", tmp_path) == ("weekly-2026-W02.md", 2, False)
    lines = (tmp_path / "weekly-2026-W02.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# 厅考勤周报（2026-W02，2026-01-05 至 2026-01-11）"
    assert lines[2:5] == ["第 2 号，代替第 1 号", "", "核算到 2026-01-12 00:00:00。"]


def test_a_period_of_which_something_is_not_known_stays_provisional(site: Path, tmp_path: Path) -> None:
    assert issue(site, "2026-01-12 00:00:00", "weekly", tmp_path) == ("weekly-2026-W02.md", 1, True)
    lines = (tmp_path / "weekly-2026-W02.md").read_text(encoding="utf-8").splitlines()
    # Two people on five days, of whom nobody can tell: the hall has no terminal.
    assert lines[10] == "| 公安 | 公安局 | 2 | 20 | 0 | 0 | 0 | 0 | 0 | 0 | 2 |"


def test_a_period_that_was_never_settled_is_not_published(site: Path, tmp_path: Path) -> None:
    with opened(site, parse_moment("2026-01-02 21:00:00")) as here:
        settle(here.hall, here.clock.now())
        with pytest.raises(NotSettled):
            publish_period(here.hall, "weekly", FRIDAY, tmp_path)
    assert list(tmp_path.glob("*.md")) == []
