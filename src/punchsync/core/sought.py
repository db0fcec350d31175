"""Which entries of the ledger a reader looks for, and what a period comes to. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from punchsync.core.moment import Day, Moment


class Sought(NamedTuple):
    """Entries by their value dates and days of booking (both ends included), account, category, rule and cause.

    None and empty texts: whatever there is. Of a `cause` the beginning is enough.
    """

    value: tuple[Day, Day] | None = None
    booked: tuple[Day, Day] | None = None
    account_type: str = ""
    account_id: str = ""
    category: str = ""
    rule: str = ""
    cause: str = ""
    reversals: bool = False


class Total(NamedTuple):
    """What the accounts of a kind and category lost (or were given) in a period, and how many of them did."""

    period: str
    account_type: str
    category: str
    accounts: int
    points: Decimal


class Issued(NamedTuple):
    """A bulletin as issued, without its text; `whole` is false where a purge erased that."""

    kind: str
    year: str
    number: int
    period: str
    at: Moment
    whole: bool


class Edition(NamedTuple):
    """When a bulletin was issued, and the number of its period's one before it (0: none)."""

    at: Moment
    replaces: int


class Owed(NamedTuple):
    """A bulletin whose files are still to be printed, and how often that was tried."""

    kind: str
    year: str
    number: int
    tries: int


class KeptPack(NamedTuple):
    """A pack that judged: its digest, and since when it is kept."""

    digest: str
    at: Moment
