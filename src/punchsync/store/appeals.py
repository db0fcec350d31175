"""Appeals with their evidence, and the decisions on them; only ever added to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from punchsync.core.appeal import Appeal, AppealDecision, Evidence
from punchsync.core.moment import Moment
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import appeal, appeal_decision, evidence


class SqlAppeals:
    """The appeals of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def file(self, filed: Appeal, files: Sequence[Evidence], at: Moment) -> Appeal:
        """Add an appeal with its evidence and return it with its number; numbers count from 1 by hall."""
        highest = select(func.max(appeal.c.number)).where(appeal.c.hall_id == self._hall)
        numbered = filed._replace(number=(self._connection.execute(highest).scalar() or 0) + 1)
        row = (self._hall, *numbered)
        rows = [(self._hall, numbered.number, *e) for e in files]
        insert(self._connection, appeal, [row])
        insert(self._connection, evidence, rows)
        SqlChain(self._connection, self._hall).add("appeal", numbered.number, digest_of([row, *rows]), at)
        return numbered

    def decide(self, decision: AppealDecision, at: Moment) -> None:
        """Add the decision on an appeal; raises IntegrityError where there is one."""
        row = (self._hall, *decision)
        insert(self._connection, appeal_decision, [row])
        SqlChain(self._connection, self._hall).add("appeal_decision", decision.appeal, digest_of([row]), at)

    def all(self) -> list[Appeal]:
        """Every appeal in the order of filing."""
        a = appeal.c
        rows = select(*(a[name] for name in Appeal._fields)).where(a.hall_id == self._hall).order_by(a.number)
        return [Appeal(*row) for row in fetch(self._connection, rows)]

    def undecided(self) -> list[Appeal]:
        """The appeals without a decision, in the order of filing."""
        a, d = appeal.c, appeal_decision.c
        decided = select(d.appeal).where(d.hall_id == self._hall, d.appeal == a.number).exists()
        rows = select(*(a[name] for name in Appeal._fields)).where(a.hall_id == self._hall, ~decided)
        return [Appeal(*row) for row in fetch(self._connection, rows.order_by(a.number))]

    def files(self, number: int) -> list[tuple[int, str, str, int]]:
        """The files of an appeal without their bytes: place, name, SHA-256, size."""
        e = evidence.c
        rows = select(e.position, e.name, e.digest, func.length(e.content))
        found = fetch(self._connection, rows.where(e.hall_id == self._hall, e.appeal == number).order_by(e.position))
        return [(position, name, digest, size) for position, name, digest, size in found]

    def decisions(self) -> list[AppealDecision]:
        """Every decision by the number of its appeal."""
        d = appeal_decision.c
        rows = select(*(d[name] for name in AppealDecision._fields)).where(d.hall_id == self._hall).order_by(d.appeal)
        return [AppealDecision(*row) for row in fetch(self._connection, rows)]

    def evidence(self, number: int) -> list[Evidence]:
        """The files of an appeal in their order."""
        e = evidence.c
        mine = (e.hall_id == self._hall, e.appeal == number)
        rows = select(*(e[name] for name in Evidence._fields)).where(*mine).order_by(e.position)
        return [Evidence(n, name, digest, bytes(held)) for n, name, digest, held in fetch(self._connection, rows)]
