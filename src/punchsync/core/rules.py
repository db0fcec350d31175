"""A hall's written rules in the form the judge asks them: the loaded shape of a pack.

Numbers are the pack's; only the kinds of rule are ours: here those of time, leave, conversions and points, and the
pack; those of outcomes in `outcome_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from punchsync.core.intervals import Interval
from punchsync.core.moment import Day
from punchsync.core.outcome_rules import Count, Grade, PointsLimit, PostedDays, Ranking, Repeat, Runs, Star, Worst
from punchsync.core.rule import Cites, Rule

# Whose time is asked


@dataclass(frozen=True, slots=True)
class Shift:
    """Named sessions of a day, as seconds of the day."""

    id: str
    name: str
    sessions: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Season(Rule):
    """The default shift of a stretch of every year, `begins` to `ends` as (month, day), on weekdays (0 Monday)."""

    shift: str
    begins: tuple[int, int] = (1, 1)
    ends: tuple[int, int] = (12, 31)
    weekdays: frozenset[int] = frozenset(range(7))

    def holds(self, month: int, day: int) -> bool:
        """Whether a date of any year lies in the season, both ends included; it may run over New Year."""
        return in_stretch((month, day), self.begins, self.ends)


def in_stretch(at: tuple[int, int], begins: tuple[int, int], ends: tuple[int, int]) -> bool:
    """Whether a (month, day) lies in a stretch of every year, both ends included; it may run over New Year."""
    return begins <= at <= ends if begins <= ends else at >= begins or at <= ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality(Rule):
    """When a punch is late or early: from `late` / `early` seconds on (at least 1).

    More than `late_limit` / `early_limit` seconds are `late_beyond` / `early_beyond` instead. A session is absent once
    however many checkpoints are missing, or (`absent_half_day_each`) once for each one missing.
    """

    late: int
    early: int
    late_limit: int | None = None
    late_beyond: str = ""
    early_limit: int | None = None
    early_beyond: str = ""
    missing: str = "absent_half_day"  # or absent_half_day_each
    each_over: Decimal = Decimal("0.5")  # each by itself only where more than this part of the session is required


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup(Rule):
    """The B post owes the session of an A post who is wholly excused from it, where a window has only one A."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDuty(Rule):
    """Every working day must be rostered; the next month's roster is due before the month begins."""


# Leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung(Rule):
    """What a leave of these kinds needs of people in these posts (empty: all), up to `up_to` half-days (None: any)."""

    kinds: frozenset[str]
    posts: frozenset[str] = frozenset()
    up_to: int | None = None
    sign_offs: tuple[str, ...] = ()
    certificate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Rule):
    """A valid leave of at least so many half-days must be stood in for, else it yields `yields`.

    `whole`: by stand-in rows over all of it. Otherwise session by session, by a partner of the A and B posts or by
    rows. `in_time`: only rows filed in time count. `alone`: least half-days of the only A of a window. `letter`: a
    sign-off without which the leave yields `unlettered` instead. Without `yields` its lack is shown on the bulletin,
    nothing more.
    """

    half_days: int
    half_days_lead: int
    half_days_alone: int
    whole: bool
    in_time: bool
    yields: str
    per: str = "leave"  # or session
    letter: str = ""
    unlettered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRegistration(Rule):
    """A leave or an outing that was not registered in time yields a violation.

    Of a leave at its start (session 0), of an outing in the first session it touches.
    """

    about: str  # leave, outing
    yields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLimit(Rule):
    """More than `over` half-days of these kinds of leave together in a calendar year: an outcome, or a violation."""

    kinds: frozenset[str]
    over: int
    outcome: str = ""
    yields: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(Rule):
    """A month with less than `below` of its required seconds present yields a violation."""

    below: Decimal
    yields: str


# What follows from violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings(Rule):
    """Patrol findings counted together per person and month: what the first and each later one also yield."""

    kinds: frozenset[str]
    begins: str
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion(Rule):
    """Every `every`-th violation of these kinds in a person's month yields one more; `mode` says which points count."""

    kinds: frozenset[str]
    every: int
    yields: str
    mode: str  # heavier, replace, add, count_only


# Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Rule):
    """A part of the score of a kind of account: base, cap, the period it counts by, and what it charges per.

    `per` item: only the first violation of an item in a period makes an entry.
    """

    account: str
    name: str
    base: Decimal
    cap: Decimal
    period: str  # month, quarter, year
    per: str = "occurrence"  # occurrence, item


@dataclass(frozen=True, slots=True)
class Charge:
    """Points of one account and category.

    `when` names a condition of the violation (`warned`), or is empty; `least` and `below` bound its seconds.
    """

    account: str
    category: str
    points: Decimal
    when: str = ""
    least: int = 0
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What the occurrences `begin` to `end` (None: all further ones) of an item cost: their points times `times`.

    `outcome` (a warning, say) is proposed for each of them.
    """

    begin: int
    end: int | None
    times: Decimal
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Rule):
    """One thing a regulation asks: the violation kinds it is about and what each occurrence costs.

    `steps` differ by the how-many-th it is for the account in a period of the kind `counted`.
    """

    name: str
    kinds: frozenset[str]
    charges: tuple[Charge, ...] = ()
    steps: tuple[Step, ...] = ()
    counted: str = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealTerm(Rule):
    """Within how many days an appeal is to be filed; judging never asks for it."""

    days: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A hall's regulation as the judge reads it."""

    id: str
    name: str
    digest: str
    documents: tuple[Document, ...]
    interpretations: tuple[Interpretation, ...] = ()
    shifts: tuple[Shift, ...] = ()
    seasons: tuple[Season, ...] = ()
    checkpoints: frozenset[str] = frozenset({"in", "out"})
    dropped_piece: int = 600
    opens_before: int = 10_800
    punctuality: tuple[Punctuality, ...]
    backup: tuple[Backup, ...] = ()
    roster_duty: tuple[RosterDuty, ...] = ()
    otherwise: tuple[str, ...] = ()  # sign-offs of a leave that no rung is about; none named: any one
    ladder: tuple[Rung, ...] = ()
    covers: tuple[Cover, ...] = ()
    late_registrations: tuple[LateRegistration, ...] = ()
    leave_limits: tuple[LeaveLimit, ...] = ()
    presences: tuple[Presence, ...] = ()
    findings: tuple[Findings, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    counts: tuple[Count, ...] = ()
    points_limits: tuple[PointsLimit, ...] = ()
    runs: tuple[Runs, ...] = ()
    worsts: tuple[Worst, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    stars: tuple[Star, ...] = ()
    posted_days: tuple[PostedDays, ...] = ()
    grades: tuple[Grade, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    appeals: tuple[AppealTerm, ...] = ()
    span: str = "month"  # within what charges depend on each other: month, quarter, year
    _items: dict[str, tuple[Item, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the items by the kinds they are about: every violation asks for them."""
        for kind in {k for item in self.items for k in item.kinds}:
            self._items[kind] = tuple(i for i in self.items if kind in i.kinds)

    def shift(self, id: str) -> Shift | None:
        """The shift of that id, if the pack has it."""
        return next((s for s in self.shifts if s.id == id), None)

    def cite(self, cites: Cites) -> str:
        """Documents and articles as a reader wants them: `考评办法 (三)1; 先进个人 三3(2)`."""
        short = {d.id: d.short for d in self.documents}
        return "; ".join(f"{short[document]} {article}" for document, article in cites)

    def punctual(self, day: Day) -> Punctuality:
        """The punctuality in force on a day; the loader sees to it that there is one."""
        if len(self.punctuality) == 1:
            return self.punctuality[0]
        return next(r for r in self.punctuality if r.first <= day <= r.last)

    def items_for(self, kind: str, day: Day) -> list[Item]:
        """The items about a kind of violation that are in force on a day, in the pack's order."""
        return [i for i in self._items.get(kind, ()) if i.first <= day <= i.last]

    def category(self, account: str, name: str, day: Day) -> Category:
        """The category of that account and name in force on a day; raises KeyError if the pack has none."""
        for category in self.categories:
            if category.account == account and category.name == name and category.on(day):
                return category
        raise KeyError(f"{account}/{name}")
