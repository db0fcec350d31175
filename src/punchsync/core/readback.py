"""A scoring store read back: its entries in the ledger's columns, and where they are not what the ledger says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NamedTuple

from punchsync.core.ledger import Entry
from punchsync.core.moment import show_day
from punchsync.core.points import number

COLUMNS: Final = (
    "booked_on", "entry_id", "cause", "revision", "account_type", "account_id", "category", "period", "points",
    "rule", "article", "value_date", "reverses",
)  # fmt: skip
"""An entry as a scoring store gets it: the columns of the export `ledger`, all of them texts."""
ENTRY_ID: Final = COLUMNS.index("entry_id")
POINTS: Final = COLUMNS.index("points")
DIGITS: Final = 24

Row = tuple[str, ...]


class Unreadable(Exception):
    """A scoring store that can't be read back: why, as a code that may be logged, and the store's own words.

    `for_good` where it never could be; otherwise it may be at another time.
    """

    def __init__(self, code: str, detail: str = "", *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code, self.detail, self.for_good = code, detail, for_good


class Difference(NamedTuple):
    """An entry of which a scoring store says something else than the ledger.

    `missing` there, `unknown` here, `different` in `column`, or there `doubled`.
    """

    kind: Literal["missing", "unknown", "different", "doubled"]
    entry_id: str
    column: str = ""
    found: str = ""
    right: str = ""


def texts(e: Entry) -> Row:
    """An entry in the columns that scoring stores get."""
    return (
        show_day(e.booked_on), e.entry_id, e.cause, str(e.revision), e.account_type, e.account_id, e.category,
        e.period, number(e.points), e.rule, e.article, show_day(e.value_date), e.reverses,
    )  # fmt: skip


def plain(found: Mapping[str, object]) -> Row:
    """An entry as a scoring store gives it, in our columns and spelling; what it has besides is its own affair.

    Nothing stands for an empty text, and a number may be one. Raises ValueError, naming the column, for one that lacks.
    """
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise ValueError(", ".join(missing))
    row = ["" if found[name] is None else str(found[name]) for name in COLUMNS]
    row[POINTS] = spelled(row[POINTS])
    return tuple(row)


def spelled(points: str) -> str:
    """Points as the ledger spells them; as they stand where they are no number that it could have sent."""
    try:
        exact = Decimal(points)
    except InvalidOperation:
        return points
    digits, exponent = exact.as_tuple()[1:]
    sane = isinstance(exponent, int) and len(digits) <= DIGITS and abs(exponent) <= DIGITS
    return number(exact) if sane else points


def differences(owed: Mapping[str, Row], all_of: Mapping[str, Row], found: Iterable[Row]) -> Iterator[Difference]:
    """Where a store differs: `owed` are the entries that were delivered, `all_of` every entry, by entry id.

    An entry that waits still, or was refused, may be there or not; if it is, it must be the same.
    """
    there: dict[str, Row] = {}
    seen: Counter[str] = Counter()
    for row in found:
        id = row[ENTRY_ID]
        seen[id] += 1
        if id not in there or there[id] == all_of.get(id):
            there[id] = row  # of two, the one that differs is named
    for id in sorted(there.keys() | owed.keys()):
        if id not in there:
            yield Difference("missing", id)
        elif id not in all_of:
            yield Difference("unknown", id)
        else:
            yield from unlike(id, there[id], all_of[id])
        if seen[id] > 1:
            yield Difference("doubled", id, found=str(seen[id]), right="1")


def unlike(id: str, found: Row, right: Row) -> Iterator[Difference]:
    """The columns in which two rows of one entry differ."""
    for name, was, ought in zip(COLUMNS, found, right, strict=True):
        if was != ought:
            yield Difference("different", id, name, was, ought)


def by_id(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by their entry ids."""
    return {row[ENTRY_ID]: row for row in rows}
