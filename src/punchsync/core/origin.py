"""What a violation that may no longer stand was about: its id says so, to whoever asks for the right person and day.

An id is made of what makes a violation that one and no other, so every violation a day could have can be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from punchsync.core.moment import Day
from punchsync.core.period import period_of
from punchsync.core.rules import Pack
from punchsync.core.violations import ABSENT, violation_id

SESSIONS: Final = (1, 2, 3)
"""More than any day has."""


class Origin(NamedTuple):
    """What a violation came from; `kind` is empty where that depends on how late or early somebody was."""

    person: str
    session: int
    kind: str
    source: str
    checkpoint: str = ""
    record: str = ""  # the id of the leave, outing or incident


class Noted(NamedTuple):
    """An incident as noted, withdrawn or not: its id, its person and its kind."""

    id: str
    person: str
    kind: str


def origins(
    person: str, day: Day, pack: Pack, incidents: Iterable[Noted] = (), records: Iterable[str] = ()
) -> dict[str, Origin]:
    """Every violation that a person could have on a day, by id; `records` are the ids of his leaves and outings."""
    found = dict(_own(person, day, pack))
    for noted in incidents:
        found[violation_id("incident", noted.id)] = Origin(noted.person, 0, noted.kind, "incident", "", noted.id)
    for rule in (*pack.covers, *pack.late_registrations):
        for record in records:
            found[violation_id("registered", rule.id, record)] = Origin(person, 0, "", "leave", "", record)
    for yields in (*({f.begins for f in pack.findings} | {f.later for f in pack.findings}),):
        found |= _derived(found, yields)
    for conversion in pack.conversions:
        found |= _derived(found, conversion.yields)
    return found


def _own(person: str, day: Day, pack: Pack) -> Iterator[tuple[str, Origin]]:
    for session in SESSIONS:
        for checkpoint in ("in", "out"):
            yield (
                violation_id("punch", person, day, session, checkpoint),
                Origin(person, session, "", "punch", checkpoint),
            )
        for more in ((), ("out",)):
            yield violation_id("absent", person, day, session, *more), Origin(person, session, ABSENT, "punch")
    for limit in pack.leave_limits:
        if limit.yields:
            id = violation_id("threshold", limit.id, person, period_of(day, "year"))
            yield id, Origin(person, 0, limit.yields, "threshold")
    for presence in pack.presences:
        id = violation_id("threshold", presence.id, person, period_of(day, "month"))
        yield id, Origin(person, 0, presence.yields, "threshold")


def _derived(found: dict[str, Origin], kind: str) -> dict[str, Origin]:
    return {
        violation_id("conversion", kind, id): Origin(o.person, o.session, kind, "conversion", o.checkpoint, o.record)
        for id, o in found.items()
    }
