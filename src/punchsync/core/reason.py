"""Why something of a person's day is not known: what to do about it follows from that. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from punchsync.core.coverage import Terminals
from punchsync.core.judge import Verdict
from punchsync.core.moment import Moment, day_of, last_second
from punchsync.core.records import Posting

REASONS: Final = (
    "unread",  # terminals were not read past it
    "no_terminal",  # no terminal counts for the window
    "not_yet",  # its time had not come, or not all of it
    "doubt",  # terminals could take no punches then, lost them, or have a record that may be his
)


class Reason(NamedTuple):
    """One reason, and the terminals that it is about."""

    code: str
    terminals: tuple[str, ...] = ()


def reasons(posting: Posting, verdicts: Iterable[Verdict], terminals: Terminals, as_of: Moment) -> tuple[Reason, ...]:
    """Why verdicts of a person are pending or unverified, each reason once."""
    unread: set[str] = set()
    found: set[str] = set()
    for v in verdicts:
        if v.verdict == "unverified":
            found.add("doubt")
        elif v.verdict == "pending":
            relevant = terminals.relevant(posting.window, v.day)
            over = v.day < day_of(as_of)
            past = last_second(v.day) if over or v.due is None else v.due
            behind = {t for t in relevant if not read_past(terminals, t, past)}
            if not relevant:
                found.add("no_terminal")
            elif behind and (over or past < as_of):
                found.add("unread")
                unread |= behind
            else:
                found.add("not_yet")
    return tuple(Reason(code, tuple(sorted(unread)) if code == "unread" else ()) for code in REASONS if code in found)


def read_past(terminals: Terminals, terminal: str, due: Moment) -> bool:
    """Whether a terminal was read past a moment."""
    through = terminals.coverages[terminal].through
    return through is not None and through >= due
