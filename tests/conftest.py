"""What tests of several rooms share: a real PostgreSQL, and word of it where there is none."""

from __future__ import annotations

import pytest

from postgres import UNAVAILABLE, postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [r for r in terminalreporter.getreports("skipped") if UNAVAILABLE in str(r.longrepr)]
    if skipped:
        terminalreporter.section("NOT TESTED", red=True)
        terminalreporter.line(f"{len(skipped)} tests on PostgreSQL were skipped: {skipped[0].longrepr[2]}", red=True)
