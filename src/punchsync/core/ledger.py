"""The ledger's plan: which entries to append so that what stands is what is wanted. Nothing is ever edited.

A cause's odd revisions post, its even ones reverse the one before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from punchsync.core.moment import Day, show_day
from punchsync.core.wanted import Wanted

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger entry; `reverses` is the entry id it takes back, or empty."""

    entry_id: str
    booked_on: Day
    cause: str
    revision: int
    account_type: str
    account_id: str
    category: str
    period: str
    points: Decimal
    rule: str
    article: str
    value_date: Day
    reverses: str
    pack: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Entries to append, in order, still without their ids (`reverses` names an existing entry)."""

    reversals: tuple[Entry, ...]
    posts: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of it, in the order of booking."""
        return self.reversals + self.posts


def plan(wanted: Iterable[Wanted], latest: Mapping[str, Entry], booked_on: Day, pack: str) -> Plan:
    """What to append: same, nothing; changed, a reversal and a new post; gone, a reversal; new, a post.

    `latest` holds the latest entry of every cause that stands in the months settled, and of every wanted cause that
    was ever booked. `pack` is the digest of the rules judged by.
    """
    reversals: list[Entry] = []
    posts: list[Entry] = []
    seen: set[str] = set()
    for want in sorted(wanted, key=lambda w: (w.value_date, w.cause)):
        if want.cause in seen:
            raise ValueError(f"two charges for one cause: {want.cause}")
        seen.add(want.cause)
        before = latest.get(want.cause)
        revision = 1
        if before is not None:
            if stands(before):
                if same(before, want):
                    continue
                reversals.append(reverse(before, booked_on))
                revision = before.revision + 2
            else:
                revision = before.revision + 1
        posts.append(
            Entry(
                "", booked_on, want.cause, revision, want.account_type, want.account_id, want.category, want.period,
                want.points, want.rule, want.article, want.value_date, "", pack,
            )
        )  # fmt: skip
    gone = [e for cause, e in latest.items() if cause not in seen and stands(e)]
    reversals += [reverse(e, booked_on) for e in sorted(gone, key=lambda e: (e.value_date, e.cause))]
    return Plan(tuple(reversals), tuple(posts))


def stands(entry: Entry) -> bool:
    """Whether the latest entry of a cause is a post."""
    return entry.revision % 2 == 1


def same(entry: Entry, want: Wanted) -> bool:
    """Whether a standing entry says all that is wanted."""
    return want == Wanted(
        entry.cause,
        entry.account_type,
        entry.account_id,
        entry.category,
        entry.period,
        entry.points,
        entry.rule,
        entry.article,
        entry.value_date,
    )


def reverse(entry: Entry, booked_on: Day) -> Entry:
    """The entry that takes another back, naming it."""
    return Entry(
        "", booked_on, entry.cause, entry.revision + 1, entry.account_type, entry.account_id, entry.category,
        entry.period, -entry.points, entry.rule, entry.article, entry.value_date, entry.entry_id, entry.pack,
    )  # fmt: skip


def link(previous: str, entry: Entry) -> str:
    """The chain hash of an entry after the one before it (`GENESIS` for a hall's first)."""
    body = [
        entry.entry_id, show_day(entry.booked_on), entry.cause, entry.revision, entry.account_type, entry.account_id,
        entry.category, entry.period, str(entry.points.normalize()), entry.rule, entry.article,
        show_day(entry.value_date), entry.reverses, entry.pack,
    ]  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()
