"""Checkpoints: what a purge erased, up to which day what was judged is sealed, and what remains of each link. Pure.

A purge erases the rows of whole years. The links of what it erased stay; an erasure says what remains of each. The
results of those years can't be computed anew any more, so that the checkpoint keeps their digests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from punchsync.core.chain import Link, place_of
from punchsync.core.closing import Dated
from punchsync.core.difference import Difference
from punchsync.core.moment import Day, Moment, day_of, show_day, start_of, to_date, to_day
from punchsync.core.period import days_of_month, span_of

TABLES: Final = ("punches", "records", "bulletins", "names")
"""What a hall says for how many years it keeps."""

SEALING: Final = ("punches", "records")
"""Those that judging rests on: the months whose rows went are never judged again."""

AWAY: Final = ("leave", "outing", "standin")
"""Kinds whose records are judged by all of their length, however little of it a month has."""

GOING: Final = (*AWAY, "roster", "incident", "paper", "ruling", "outage", "request", "sign", "looked")
"""Kinds that go. Staff, device and calendar stay: they say who was where to this day; scores that others gave are no
raw data but results, and stay as those do."""

LATE: Final = (*GOING, "scores")
"""Kinds of which nothing can come any more where they are about sealed days only."""

CHAIN: Final = "checkpoint"
SEALED: Final = "sealed"

D = TypeVar("D", bound=Dated)


class Erased(NamedTuple):
    """What was erased: the last day of each table (December 31), and what is to be known of it afterwards.

    Of punches that last day is still there. Records of leave, outings, stand-ins and rosters are whole again from the
    day `whole` on, which is earlier than the day after the last where one of them reached across it. `seen` are the
    highest punch numbers of terminals as of then.
    """

    days: Mapping[str, Day] = {}
    whole: Day = 0
    seen: Mapping[str, int] = {}

    @property
    def punches_before(self) -> Moment:
        """Punches that say an earlier time are gone; 0 where none are."""
        return start_of(self.days["punches"]) if "punches" in self.days else 0


class Erasure(NamedTuple):
    """A link whose rows are not whole any more, and the digest of what remains of them: empty if that is nothing."""

    chain: str
    number: int
    checkpoint: int
    digest: str


class Checkpoint(NamedTuple):
    """A purge as noted: the last sealed day (0: none), by whom, what was erased, digests of what was sealed by table.

    `height` and `hash` are where the hall's chain ended before it.
    """

    number: int
    through: Day
    by: str
    erased: Erased
    results: Mapping[str, str]
    height: int
    hash: str
    at: Moment


class Noted(NamedTuple):
    """A checkpoint as stored, the digest of its rows as they are now, and its erasures."""

    checkpoint: Checkpoint
    digest: str
    erasures: tuple[Erasure, ...]


class Cut(NamedTuple):
    """What a purge is to erase: tables with the last day of each, and what a last day doesn't say by itself.

    `through` is the last day that is sealed afterwards (0: none). `spared` are numbers of punches, by terminal, that
    say an earlier time but bear on later days; `records` kinds and keys, whole from the day `whole` on; `appeals` those
    whose grounds and evidence go; `people` the keys of staff records whose names go.
    """

    days: Mapping[str, Day]
    through: Day = 0
    whole: Day = 0
    spared: Mapping[str, Collection[int]] = {}
    records: Collection[tuple[str, str]] = ()
    appeals: Collection[int] = ()
    people: Collection[str] = ()


Gone = Mapping[str, int]
"""How many rows went (or would go): punches, defects, records, appeals, bulletins, names, accounts."""


class Sealed(Exception):
    """Something that asks for what was erased; carries the last day of that, and the checkpoint that did it."""

    def __init__(self, through: Day, checkpoint: int) -> None:
        super().__init__(f"sealed through {through} by checkpoint {checkpoint}")
        self.through, self.checkpoint = through, checkpoint


def horizon_of(checkpoints: Iterable[Checkpoint]) -> Day | None:
    """The last sealed day; None where there is none."""
    return max((c.through for c in checkpoints), default=0) or None


def reach_of(checkpoints: Iterable[Checkpoint]) -> Erased:
    """What was erased by all of these together, in their order."""
    days: dict[str, Day] = {}
    seen: dict[str, int] = {}
    whole = 0
    for c in checkpoints:
        for table, day in c.erased.days.items():
            days[table] = max(day, days.get(table, 0))
        whole = max(whole, c.erased.whole)
        seen |= c.erased.seen
    return Erased(days, whole, seen)


def sealing(checkpoints: Sequence[Checkpoint], first: Day | None, last: Day | None = None) -> Sealed | None:
    """Why days from `first` on (None: whichever there are), up to `last`, can't be judged; None if they can."""
    through = horizon_of(checkpoints)
    if through is None or not ((first is not None and first <= through) or (last is not None and last <= through)):
        return None
    return Sealed(through, next(c.number for c in checkpoints if c.through == through))


def erased(checkpoints: Iterable[Checkpoint], table: str) -> Sealed:
    """That a table's rows were erased, and how far."""
    found = [(c.erased.days[table], c.number) for c in checkpoints if table in c.erased.days]
    return Sealed(*max(found, default=(0, 0)))


def unpublishable(checkpoints: Sequence[Checkpoint], first: Day, last: Day) -> Sealed | None:
    """Why a bulletin of these days can't be issued: what it said was erased, or what it would rest on; None if it can.

    Whatever was issued of them before stays as it was.
    """
    gone = erased(checkpoints, "bulletins")
    return gone if last <= gone.through else sealing(checkpoints, first)


def open_months(months: Iterable[str], horizon: Day | None) -> list[str]:
    """Those of some months that are not sealed, in their order."""
    return [m for m in months if horizon is None or days_of_month(m)[-1] > horizon]


def as_sealed(fresh: Iterable[D], stored: Iterable[D], horizon: Day | None) -> list[D]:
    """The fresh rows of periods that are not sealed with the stored rows of those that are."""
    if horizon is None:
        return list(fresh)
    return [
        *(row for row in stored if span_of(row.period)[1] <= horizon),
        *(row for row in fresh if span_of(row.period)[1] > horizon),
    ]


def year_end(day: Day) -> Day:
    """The last day of the calendar year that a day lies in."""
    return to_day(to_date(day).replace(month=12, day=31))


def kept_until(today: Day, years: int) -> Day:
    """The last day of the latest year that may go: since its end so many whole years are over.

    0 where no such year is.
    """
    year = to_date(today).year - years - 1
    return to_day(to_date(today).replace(year=year, month=12, day=31)) if year > 0 else 0


# What verify asks


def trusted(noted: Iterable[Noted], links: Iterable[Link]) -> dict[tuple[str, int], str]:
    """What remains of each link that was touched, by the latest checkpoint that says so.

    Only what is linked itself counts: otherwise whoever takes out a row could say that it was erased.
    """
    linked = {link.number: link.digest for link in links if link.chain == CHAIN}
    out: dict[tuple[str, int], str] = {}
    for one in sorted(noted, key=lambda n: n.checkpoint.number):
        if linked.get(one.checkpoint.number) == one.digest:
            out |= {(e.chain, e.number): e.digest for e in one.erasures if may_erase(one.checkpoint, e.chain)}
    return out


def amended(links: Iterable[Link], remains: Mapping[tuple[str, int], str]) -> list[Link]:
    """Links as rows are to be compared with them: of those that were touched what remains, if anything does."""
    out: list[Link] = []
    for link in links:
        digest = remains.get((link.chain, link.number), link.digest)
        if digest:
            out.append(link._replace(digest=digest))
    return out


def may_erase(checkpoint: Checkpoint, chain: str) -> bool:
    """Whether rows of a chain are of a table that a checkpoint erased; of all other chains nothing ever goes."""
    kind = chain.partition("/")[0]
    tables = {"reading": {"punches"}, "record": {"records", "names"}, "appeal": {"records"}, "bulletin": {"bulletins"}}
    return not tables.get(kind, set()).isdisjoint(checkpoint.erased.days)


def implausible(noted: Iterable[Noted], links: Sequence[Link], still_open: Collection[str]) -> Iterator[Difference]:
    """The first thing about each checkpoint that no purge would have written.

    A purge erases whole years, each at least a year after its end, and says where the chain ended before it; none of
    the settled months that are `still_open` is sealed.
    """
    heads = {link.height: link.hash for link in links}
    own = {link.number: link for link in links if link.chain == CHAIN}
    known = {(link.chain, link.number) for link in links}
    sealed = 0
    for one in sorted(noted, key=lambda n: n.checkpoint.number):
        c = one.checkpoint
        place = f"checkpoint {c.number}"
        ends = sorted({c.through, *c.erased.days.values()} - {0})
        allowed = kept_until(day_of(c.at), 1)
        last = next((d for d in ends if d != year_end(d) or d > allowed), None)
        odd = next((e for e in one.erasures if not may_erase(c, e.chain) or (e.chain, e.number) not in known), None)
        due = max([sealed, *(c.erased.days.get(t, 0) for t in SEALING)])
        unclosed = min((m for m in still_open if days_of_month(m)[-1] <= c.through), default="")
        if last is not None:
            yield Difference(SEALED, place, f"through={show_day(last)}", f"through={show_day(allowed)}")
        elif c.through != due:
            yield Difference(SEALED, place, f"through={c.through}", f"through={due}")
        elif odd is not None:
            yield Difference(SEALED, f"erasure {odd.chain} {odd.number}", odd.digest or "-", "")
        elif c.height and heads.get(c.height) != c.hash:
            yield Difference(SEALED, place, c.hash, heads.get(c.height, ""))
        elif c.number in own and c.height != own[c.number].height - 1:
            yield Difference(SEALED, place_of(own[c.number]), str(c.height), str(own[c.number].height - 1))
        elif unclosed:
            yield Difference(SEALED, place, f"open={unclosed}", "")
        sealed = max(sealed, c.through)


def too_new(one: Noted, read_after: Mapping[str, int]) -> Iterator[Difference]:
    """The first reading whose punches can't have been erased, for they were made after the days that were.

    `read_after` has, by terminal, the first live reading that was begun after those days: what a later one brought was
    not there then.
    """
    for e in one.erasures:
        kind, _slash, terminal = e.chain.partition("/")
        if kind == "reading" and e.number > read_after.get(terminal, e.number):
            yield Difference(SEALED, f"erasure {e.chain} {e.number}", e.digest, "")
            return


def unsealed(noted: Sequence[Noted], results: Mapping[str, str]) -> Iterator[Difference]:
    """The tables whose sealed rows are not those that the latest checkpoint left."""
    if not noted:
        return
    latest = max(noted, key=lambda n: n.checkpoint.number).checkpoint
    for table in sorted(latest.results.keys() | results.keys()):
        found, right = results.get(table, ""), latest.results.get(table, "")
        if found != right:
            through = show_day(latest.through) if latest.through else "-"
            yield Difference(SEALED, f"{table} (checkpoint {latest.number}, {through})", found, right)
