"""Issued bulletins are printed in the hall's forms, after a kill too; what can't be made holds up nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servicekit import make_site, until

from punchsync.bootstrap import Site, opened
from punchsync.bootstrap.printing import print_issued
from punchsync.core.moment import day_of, show_day
from punchsync.core.sought import Owed
from punchsync.operations.settle import settle
from punchsync.service.bulletin import publish_period
from punchsync.service.printer import TRIES, Printer

FORMS = '[bulletin]\nforms = ["md", "txt", "html"]\n'


@contextmanager
def issued(folder: Path, settings: str = FORMS) -> Iterator[tuple[Site, str]]:
    """A site whose bulletin of today was issued by a service that was killed before it printed, and its day."""
    with opened(make_site(folder, None, settings)) as site:
        settle(site.hall, site.clock.now())
        day = day_of(site.clock.now())
        publish_period(site.hall, "daily", day, site.folder / "bulletins", house=site.house())
        yield site, show_day(day)


def printed(site: Site) -> list[str]:
    """The files of bulletins that can be seen."""
    return sorted(p.name for p in (site.folder / "bulletins").iterdir() if not p.name.startswith("."))


def owed(site: Site) -> list[Owed]:
    with site.store.reading() as work:
        return work.printing.owed()


def test_what_a_killed_service_did_not_print_is_printed_by_the_next_one(tmp_path: Path) -> None:
    with issued(tmp_path / "site") as (site, day):
        assert (printed(site), owed(site)) == ([f"daily-{day}.md"], [Owed("daily", day[:4], 1, 0)])
        printer = Printer(site)
        until(lambda: not owed(site))
        printer.end()
        assert printer.ended(10)
        assert printed(site) == [f"daily-{day}.{form}" for form in ("html", "md", "txt")]
        lines = (site.folder / "bulletins" / f"daily-{day}.txt").read_text(encoding="utf-8")
        assert "第 1 号" in lines and "甲*" in lines and "甲一" not in lines


def test_a_form_that_can_not_be_made_is_tried_again_and_then_left(tmp_path: Path) -> None:
    with issued(tmp_path / "site") as (site, day):
        (site.folder / "templates").mkdir()
        (site.folder / "templates" / "document.html").write_text("{% nonsense %}", encoding="utf-8")
        printer = Printer(site, look=0.05)
        until(lambda: not owed(site))
        printer.end()
        assert printer.ended(10)
        assert printed(site) == [f"daily-{day}.md", f"daily-{day}.txt"]


def test_a_try_that_failed_is_counted(tmp_path: Path) -> None:
    with issued(tmp_path / "site") as (site, day):
        (site.folder / "bulletins" / f"daily-{day}.html").mkdir()
        printer = Printer(site)
        until(lambda: owed(site)[0].tries)
        printer.end()
        assert printer.ended(10)
        assert owed(site)[0].tries < TRIES


def test_an_older_edition_printed_late_leaves_the_newer_one_s_files(tmp_path: Path) -> None:
    with issued(tmp_path / "site") as (site, day):
        with site.store.writing() as work:
            work.papers.issue("daily", day, "# 新的", site.clock.now())
        done = print_issued(site.hall, site.house(), "daily", day[:4], 1, ["txt"], site.folder / "bulletins")
        assert (done.files, printed(site)) == ({}, [f"daily-{day}.md"])
        done = print_issued(site.hall, site.house(), "daily", day[:4], 2, ["txt"], site.folder / "bulletins")
        assert [p.name for p in done.files.values()] == [f"daily-{day}.txt"]
        assert "新的" in (site.folder / "bulletins" / f"daily-{day}.txt").read_text(encoding="utf-8")
