"""The State Council's published calendar: the only place where chinese_calendar is spoken to."""

from __future__ import annotations

from punchsync.core.moment import to_day
from punchsync.core.records import Calendar


def published() -> Calendar:
    """All years that the installed chinese_calendar covers, with their holidays and make-up days."""
    from chinese_calendar.constants import holidays, workdays  # here, because its tables take a while

    return Calendar(
        years=frozenset(on.year for on in holidays),
        holidays=frozenset(to_day(on) for on in holidays),
        makeup=frozenset(to_day(on) for on in workdays),
    )
