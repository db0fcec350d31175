"""Packs as they judged, and bulletins as they were issued: kept word for word."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from punchsync.core.chain import bulletins
from punchsync.core.checkpoint import erased
from punchsync.core.moment import Moment
from punchsync.core.sought import Edition, Issued, KeptPack
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.checkpoints import SqlCheckpoints
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import bulletin, link, pack


class SqlPapers:
    """The papers of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def keep_pack(self, digest: str, text: str, at: Moment) -> None:
        """Keep a pack's text under its digest; one that is there already stays as it is."""
        if self.pack(digest) is None:
            row = (self._hall, digest, text, at)
            insert(self._connection, pack, [row])
            chain = SqlChain(self._connection, self._hall)
            chain.add("pack", chain.last("pack")[0] + 1, digest_of([row]), at)

    def pack(self, digest: str) -> str | None:
        """A kept pack's text."""
        found = select(pack.c.text).where(pack.c.hall_id == self._hall, pack.c.digest == digest)
        return self._connection.execute(found).scalar()

    def issue(self, kind: str, period: str, content: str, at: Moment) -> int:
        """Keep a bulletin as issued and return its number; numbers count from 1 by kind and year.

        The same content as that period's newest one keeps its number; anything else gets the year's next. Raises Sealed
        where what the period's bulletins said was erased: it does not come back.
        """
        b = bulletin.c
        newest = (
            select(b.number, b.content)
            .where(b.hall_id == self._hall, b.kind == kind, b.period == period)
            .order_by(b.number.desc())
            .limit(1)
        )
        before = self._connection.execute(newest).first()
        if before is not None and before.content == content:
            return int(before.number)
        if before is not None and not before.content:
            raise erased(SqlCheckpoints(self._connection, self._hall).all(), "bulletins")
        year = period[:4]
        highest = select(func.max(b.number)).where(b.hall_id == self._hall, b.kind == kind, b.year == year)
        number = (self._connection.execute(highest).scalar() or 0) + 1
        row = (self._hall, kind, year, number, period, content, at)
        insert(self._connection, bulletin, [row])
        SqlChain(self._connection, self._hall).add(bulletins(kind, year), number, digest_of([row]), at)
        return number

    def issued(self, kind: str, most: int, skip: int = 0) -> list[Issued]:
        """Bulletins as issued, the newest first, of one kind or (empty) of all: at most so many after so many."""
        b = bulletin.c
        rows = select(b.kind, b.year, b.number, b.period, b.issued_at, b.content != "").where(b.hall_id == self._hall)
        rows = rows.where(b.kind == kind) if kind else rows
        ordered = rows.order_by(b.issued_at.desc(), b.kind, b.year.desc(), b.number.desc()).limit(most).offset(skip)
        return [Issued._make((*row[:5], bool(row[5]))) for row in fetch(self._connection, ordered)]

    def bulletin(self, kind: str, year: str, number: int) -> tuple[Issued, str] | None:
        """One bulletin with its text."""
        b = bulletin.c
        one = select(b.period, b.issued_at, b.content).where(b.hall_id == self._hall)
        found = fetch(self._connection, one.where(b.kind == kind, b.year == year, b.number == number))
        for period, at, content in found:
            return Issued(kind, year, number, period, at, bool(content)), content
        return None

    def edition(self, kind: str, year: str, number: int) -> Edition:
        """When a bulletin was issued, and which one of its period it replaces; raises KeyError for none."""
        b = bulletin.c
        mine = (b.hall_id == self._hall, b.kind == kind)
        for at, period in fetch(
            self._connection, select(b.issued_at, b.period).where(*mine, b.year == year, b.number == number)
        ):
            before = select(func.max(b.number)).where(*mine, b.period == period, b.number < number)
            return Edition(at, self._connection.execute(before).scalar() or 0)
        raise KeyError(number)

    def newest(self, kind: str, period: str) -> int | None:
        """The number of a period's newest bulletin; None without one."""
        b = bulletin.c
        found = select(func.max(b.number)).where(b.hall_id == self._hall, b.kind == kind, b.period == period)
        return self._connection.execute(found).scalar()

    def packs(self) -> list[KeptPack]:
        """The packs that are kept, the newest first."""
        rows = select(pack.c.digest, pack.c.stored_at).where(pack.c.hall_id == self._hall)
        return [KeptPack(*r) for r in fetch(self._connection, rows.order_by(pack.c.stored_at.desc(), pack.c.digest))]

    def told(self, kind: str, period: str) -> int | None:
        """The ledger's height when the bulletin of the latest period before this one was first issued; None without."""
        b, own = bulletin.c, link.c
        before = (
            select(b.year, b.number)
            .where(b.hall_id == self._hall, b.kind == kind, b.period < period)
            .order_by(b.period.desc(), b.number)
            .limit(1)
        )
        issued = self._connection.execute(before).first()
        if issued is None:
            return None
        mine = own.hall_id == self._hall
        at = select(own.height).where(mine, own.chain == bulletins(kind, issued.year), own.number == issued.number)
        booked = select(func.max(own.number)).where(mine, own.chain == "ledger", own.height < at.scalar_subquery())
        return self._connection.execute(booked).scalar() or 0
