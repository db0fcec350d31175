"""What tests of several rooms share: a real PostgreSQL, word of what was not tested, and new stores in no time."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import pytest

from postgres import UNAVAILABLE, postgres_server, postgres_url
from punchsync.cli import COLLECTING
from remembered import real_migrations, remembered_migrations, remembered_packs, remembered_sql

__all__ = [
    "postgres_server", "postgres_url", "real_migrations", "remembered_migrations", "remembered_packs", "remembered_sql",
]  # fmt: skip
TOGETHER = (
    "tests/clients/", "tests/crash/", "tests/demo/test_demo_story.py", "tests/e2e/test_e2e_forms.py", "tests/faults/",
    "tests/publish/test_publish_docx_pages.py", "tests/publish/test_publish_html.py",
    "tests/publish/test_publish_pdf.py", "tests/publish/test_publish_xlsx.py",
)  # fmt: skip
"""Folders and files whose tests look at what is dear to make: one worker makes it, and does them all."""
UNMEASURED = (
    "tests/crash/", "tests/demo/", "tests/desk/test_desk_hostile.py", "tests/desk/test_desk_pages.py", "tests/faults/",
    "tests/matrix/", "tests/properties/", "tests/service/test_service_year.py",
)  # fmt: skip
"""Where the same lines run very often: coverage is measured in the other tests, which reach them, too."""
SAID = "NOT TESTED"
"""What the reason of a skip begins with that is to be seen at the end of a run."""

# Some hundred processes are started that import the product: what it compiles to is kept, as it is unless somebody
# forbids it, and read by the next one in half the time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whichever worker is free takes the next test, or the next of `TOGETHER` as a whole."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(UNMEASURED):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Eight thousand tests stay to the end: the collector of garbage need not look through them over and over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [r for r in terminalreporter.getreports("skipped") if UNAVAILABLE in str(r.longrepr)]
    if skipped:
        terminalreporter.section("NOT TESTED", red=True)
        terminalreporter.line(f"{len(skipped)} tests on PostgreSQL were skipped: {skipped[0].longrepr[2]}", red=True)
    elsewhere = sorted({str(r.longrepr[2]) for r in terminalreporter.getreports("skipped") if SAID in str(r.longrepr)})
    if elsewhere:
        terminalreporter.section("NOT TESTED", red=True)
        for reason in elsewhere:
            terminalreporter.line(reason, red=True)
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "under the unit's limits":
                terminalreporter.line(f"{name}: {value}")
