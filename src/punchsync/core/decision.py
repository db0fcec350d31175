"""Decisions on outcomes: a proposal is confirmed, dropped or taken up again by a named person, and nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple

from punchsync.core.moment import Moment
from punchsync.core.outcome import Outcome

PROPOSED: Final = "proposed"
STATES: Final = (PROPOSED, "confirmed", "dropped")

Place = tuple[str, str, str, str, str]  # period, subject type, subject id, outcome, rule


class Decision(NamedTuple):
    """A decision on an outcome; `state` is what it has been since (`proposed`: a decision taken back)."""

    number: int
    period: str
    subject_type: str
    subject_id: str
    outcome: str
    rule: str
    state: str
    decided_by: str
    note: str
    decided_at: Moment


def place_of(row: Outcome | Decision) -> Place:
    """What makes an outcome that one and no other, whatever its count."""
    return (row.period, row.subject_type, row.subject_id, row.outcome, row.rule)


def short_id(place: Place) -> str:
    """A short stable id of an outcome, for lists and typing."""
    return "o" + hashlib.sha256("\x1f".join(place).encode()).hexdigest()[:12]


def latest(history: Iterable[Decision]) -> dict[Place, Decision]:
    """The decision that counts on every outcome: the last of a history in its order."""
    return {place_of(d): d for d in history}
