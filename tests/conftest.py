"""What tests of several rooms share: a real PostgreSQL, word of what was not tested, and new stores in no time."""

from __future__ import annotations

import pytest

from postgres import UNAVAILABLE, postgres_server, postgres_url
from remembered import real_migrations, remembered_migrations

__all__ = ["postgres_server", "postgres_url", "real_migrations", "remembered_migrations"]
SAID = "NOT TESTED"
"""What the reason of a skip begins with that is to be seen at the end of a run."""


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
