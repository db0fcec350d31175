"""Write a leave, what comes with it and who did it: all in one transaction, or nothing.

A leave is one record from its registration to its end. An extension is the same record with a later end, for the ladder
goes by the length of the whole: a second record for the added days would pass by a shorter rung.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from punchsync.core.moment import Day
from punchsync.core.stored import Version
from punchsync.operations.bring_in import Cross, Touched, take, told
from punchsync.operations.desk_records import SIGN, put
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Body, Work

STEPS: Final = ("register", "correct", "return", "extend", "withdraw")
"""What is done to a leave beside signing it."""


class Row(NamedTuple):
    """A record to write."""

    kind: str
    key: str
    body: Body


class Refused(Exception):
    """What is wrong with a record, as an import says it; nothing was written."""

    def __init__(self, kind: str, problems: Sequence[Any]) -> None:
        super().__init__(kind, problems)
        self.kind, self.problems = kind, problems


class InSealed(Exception):
    """A record about sealed days only; carries the last one. Nothing was written."""

    def __init__(self, through: Day | None) -> None:
        super().__init__(through)
        self.through = through


class Overtaken(Exception):
    """Somebody wrote another version of the leave since the one that was seen; nothing was written."""


def write(
    hall: Hall, leave: str, seen: int, rows: Sequence[Row], signs: Sequence[Row], cross: Cross, touched: Touched
) -> None:
    """Write rows and signs of a leave whose latest version is `seen` (0: there is none).

    Raises Overtaken, Refused, InSealed and ReachesBack; nothing was written then.
    """
    began = time.monotonic()
    done = []
    with hall.store.writing() as work:
        if len(work.records.history("leave", [leave])) != seen:
            raise Overtaken(leave)
        for row in rows:
            taken = take(hall, work, row.kind, [(row.key, row.body)], cross, touched)
            if taken.problems:
                raise Refused(row.kind, taken.problems)
            if taken.left_out:
                raise InSealed(taken.through)
            done.append((row.kind, taken))
        for sign in signs:
            put(hall, work, SIGN, sign.key, sign.body)
    for kind, taken in done:
        told(kind, taken, began)


def sign_row(leave: str, person: str, step: str, given: str, by: str, at: str, note: str) -> Row:
    """Who signed a leave or refused to (`given` yes, no), or did one of `STEPS` (empty)."""
    body = {"leave_id": leave, "person_id": person, "sign_off": step, "given": given, "by": by, "at": at, "note": note}
    return Row(SIGN, f"{leave}\t{step}", body)


class Story(NamedTuple):
    """Every version of a leave and of what was signed or done about it, each in order."""

    versions: Sequence[Version]
    signs: Sequence[Version]

    @property
    def latest(self) -> Body:
        """The leave as it stands."""
        return self.versions[-1].body


def story(work: Work, leave: str, steps: Sequence[str]) -> Story | None:
    """A leave's story, with what was done of these sign-offs and steps; None for an unknown one."""
    versions = work.records.history("leave", [leave])
    signs = work.records.history(SIGN, [f"{leave}\t{step}" for step in steps])
    return Story(versions, sorted(signs, key=lambda v: (v.at, v.number))) if versions else None
