"""Appeals against one violation, and what is decided on them: records, stages, the term, and numbers over all of them.

A first appeal may be followed by one review, decided by somebody else. What is decided on the merits becomes a ruling
on that violation alone; what is booked follows from judging anew.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Final, NamedTuple

from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.records import Ruling

FIRST: Final = 1
REVIEW: Final = 2
ROLES: Final = ("person", "unit")
SOURCES: Final = frozenset({"punch", "incident", "leave", "outing", "standin"})
"""Where a violation comes from that rulings act on; of what was derived those it was made of are appealed against."""

OPEN: Final = "open"
UPHELD: Final = "upheld"
EXCUSED: Final = "excused"
AMENDED: Final = "amended"
WITHDRAWN: Final = "withdrawn"
MOOT: Final = "moot"
MERITS: Final = (UPHELD, EXCUSED, AMENDED)
OUTCOMES: Final = (*MERITS, WITHDRAWN, MOOT)
"""Withdrawn by who filed it, moot because the violation is there no more: those two decide nothing."""

RULING: Final = "appeal-"
"""How the ids of appeals' rulings begin, and those of no imported one."""

MIB: Final = 1 << 20
LARGEST: Final = 10 * MIB
LARGEST_TOGETHER: Final = 30 * MIB
MOST: Final = 20


class Appeal(NamedTuple):
    """An appeal as filed, with the violation as it stood; `late` is why it was taken after the term."""

    number: int
    violation: str
    stage: int
    day: Day
    person: str
    window: str
    session: int
    kind: str
    seconds: int
    source: str
    filed_by: str
    role: str
    grounds: str
    late: str
    filed_at: Moment


class Evidence(NamedTuple):
    """A file that came with an appeal: its place from 1, name without path, SHA-256 and bytes."""

    position: int
    name: str
    digest: str
    content: bytes

    @property
    def intact(self) -> bool:
        """Whether the bytes are still those that came."""
        return digest(self.content) == self.digest


class AppealDecision(NamedTuple):
    """What was decided on an appeal; `ruling` is the id of the record that carries it out, empty without one."""

    appeal: int
    outcome: str
    as_kind: str
    decided_by: str
    document: str
    note: str
    ruling: str
    decided_at: Moment


Decisions = Mapping[int, AppealDecision]  # by the appeal's number


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def evidence(files: Iterable[tuple[str, bytes]]) -> list[Evidence]:
    """Files, by name and bytes, as the evidence of an appeal."""
    return [Evidence(n, name, digest(content), content) for n, (name, content) in enumerate(files, 1)]


def by_appeal(decisions: Iterable[AppealDecision]) -> dict[int, AppealDecision]:
    """Decisions by the number of their appeal; there is at most one on each."""
    return {d.appeal: d for d in decisions}


def state(appeal: Appeal, decisions: Decisions) -> str:
    """`open`, or what was decided."""
    found = decisions.get(appeal.number)
    return OPEN if found is None else found.outcome


def on_merits(history: Iterable[Appeal], decisions: Decisions) -> list[Appeal]:
    """Those of a violation's appeals on which something was decided: a first one, then its review."""
    return sorted((a for a in history if state(a, decisions) in MERITS), key=lambda a: a.stage)


def last_day(begins: Iterable[Day], days: int | None) -> Day | None:
    """The last day of a term of so many days after the latest of some days; None: no term."""
    return None if days is None else max(begins) + days


def plain(name: str) -> str:
    """A name as it is compared: letters and digits only, of one width, no capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum()).casefold()


def ruling_id(number: int) -> str:
    """The id of an appeal's ruling; in the order of text that of a later appeal is larger."""
    return f"{RULING}{number:06d}"


def effect(outcome: str, as_kind: str, stands_as: str, by: Ruling | None) -> tuple[str, str]:
    """The effect and `as_kind` of the ruling that carries a decision on the merits out.

    What is upheld stays as it stands: where an earlier ruling (`by`) made it what it is, that is said again, for only
    the latest ruling counts.
    """
    if outcome == EXCUSED:
        return "excuse", ""
    if outcome == AMENDED:
        return "amend", as_kind
    return ("amend", stands_as) if by is not None and by.effect == "amend" else ("uphold", "")


class Statistics(NamedTuple):
    """Numbers over appeals; shares and medians are of those decided on the merits, None where there are none.

    `kinds` counts states by the violation's kind as it was filed; `late` were taken after their term, `overdue` are
    open for longer than a term.
    """

    filed: int
    reviews: int
    late: int
    overdue: int
    states: dict[str, int]
    kinds: dict[str, dict[str, int]]
    excused_percent: Decimal | None
    median_days: Decimal | None


def statistics(appeals: Sequence[Appeal], decisions: Decisions, overdue: int) -> Statistics:
    """Counts by state and kind, how many were excused, and how many days a decision took."""
    states = Counter(state(a, decisions) for a in appeals)
    kinds: dict[str, Counter[str]] = {a.kind: Counter() for a in sorted(appeals, key=lambda a: a.kind)}
    for a in appeals:
        kinds[a.kind][state(a, decisions)] += 1
    took = [day_of(decisions[a.number].decided_at) - day_of(a.filed_at) for a in on_merits(appeals, decisions)]
    share = Decimal(100 * states[EXCUSED]) / len(took) if took else None
    return Statistics(
        len(appeals),
        sum(1 for a in appeals if a.stage == REVIEW),
        sum(1 for a in appeals if a.late),
        overdue,
        {name: states[name] for name in (OPEN, *OUTCOMES)},
        {kind: dict(found) for kind, found in kinds.items()},
        share.quantize(Decimal("0.1")) if share is not None else None,
        Decimal(str(median(took))) if took else None,
    )
