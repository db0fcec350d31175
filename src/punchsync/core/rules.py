"""A hall's written rules in the form the judge asks them: the loaded shape of a pack.

Numbers are the pack's; only the kinds of rule are ours. Every item names the document and article it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from punchsync.core.intervals import Interval
from punchsync.core.moment import Day
from punchsync.core.records import FIRST_DAY, LAST_DAY

Cites = tuple[tuple[str, str], ...]  # document id, article


@dataclass(frozen=True, slots=True)
class Shift:
    """Named sessions of a day, as seconds of the day."""

    id: str
    name: str
    sessions: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of every year, `first` to `last` as (month, day) both included, with its default shift."""

    shift: str
    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, month: int, day: int) -> bool:
        """Whether a date lies in the season, which may run over New Year."""
        at = (month, day)
        return self.first <= at <= self.last if self.first <= self.last else at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class Punctuality:
    """When a matched punch is late or early: from `late` / `early` seconds on (at least 1)."""

    late: int
    early: int


@dataclass(frozen=True, slots=True)
class Rung:
    """What a leave of these kinds needs, up to `up_to` half-days (None: any length)."""

    kinds: frozenset[str]
    up_to: int | None
    sign_offs: tuple[str, ...]
    certificate: bool
    cites: Cites


@dataclass(frozen=True, slots=True)
class Charge:
    """Points of one account and category; `when` names a condition of the violation (`warned`), or is empty."""

    account: str
    category: str
    points: Decimal
    when: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a regulation asks: the violation kinds it is about and what each costs, in force `first` to `last`.

    `cites` are its sources, (document id, article).
    """

    id: str
    name: str
    kinds: frozenset[str]
    charges: tuple[Charge, ...]
    cites: Cites
    asks: str
    first: Day = FIRST_DAY
    last: Day = LAST_DAY


@dataclass(frozen=True, slots=True)
class Findings:
    """Patrol findings counted together per person and month: what the first and each later one also yield."""

    kinds: frozenset[str]
    first: str
    later: str
    cites: Cites


@dataclass(frozen=True, slots=True)
class Tens:
    """Every `every`-th violation of these kinds in a person's month yields one more; `mode` says which points count."""

    kinds: frozenset[str]
    every: int
    yields: str
    mode: str  # heavier, replace, add, count_only
    cites: Cites


@dataclass(frozen=True, slots=True)
class LeaveLimit:
    """More than `over` half-days of a kind of leave in a calendar year: an outcome."""

    id: str
    kind: str
    over: int
    outcome: str
    says: str
    cites: Cites


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the score of a kind of account: its base, its cap and the period it counts by."""

    account: str
    name: str
    base: Decimal
    cap: Decimal
    period: str  # month, quarter, year
    cites: Cites


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking of people or windows per period; `by_months`: by the mean of the months' scores."""

    id: str
    subject: str
    period: str
    places: int
    by_months: bool
    posted_throughout: bool
    says: str
    cites: Cites


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Where the source is silent or ambiguous: how the pack reads it, and whether the hall chose otherwise."""

    id: str
    says: str
    value: str
    overridden: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A source text that the pack cites; `short` is how an article names it."""

    id: str
    title: str
    short: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A hall's regulation as the judge reads it."""

    id: str
    name: str
    digest: str
    documents: tuple[Document, ...]
    interpretations: tuple[Interpretation, ...]
    shifts: tuple[Shift, ...]
    seasons: tuple[Season, ...]
    checkpoints: frozenset[str]
    dropped_piece: int
    punctuality: Punctuality
    ladder: tuple[Rung, ...]
    items: tuple[Item, ...]
    findings: Findings | None
    tens: Tens | None
    leave_limits: tuple[LeaveLimit, ...]
    categories: tuple[Category, ...]
    rankings: tuple[Ranking, ...]

    def shift(self, id: str) -> Shift | None:
        """The shift of that id, if the pack has it."""
        return next((s for s in self.shifts if s.id == id), None)

    def cite(self, cites: Cites) -> str:
        """Documents and articles as a reader wants them: `考评办法 (三)1; 先进个人 三3(2)`."""
        short = {d.id: d.short for d in self.documents}
        return "; ".join(f"{short[document]} {article}" for document, article in cites)

    def items_for(self, kind: str, day: Day) -> list[Item]:
        """The items about a kind of violation that are in force on a day, in the pack's order."""
        return [i for i in self.items if kind in i.kinds and i.first <= day <= i.last]

    def category(self, account: str, name: str) -> Category:
        """The category of that account and name; raises KeyError if the pack has none."""
        for category in self.categories:
            if category.account == account and category.name == name:
                return category
        raise KeyError(f"{account}/{name}")
