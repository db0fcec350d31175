"""What the last settle concluded, period by period: only the rows of the periods that are asked for are read."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, case, func, select

from punchsync.core.decision import Decision, latest, place_of
from punchsync.core.outcome import Outcome, Rank
from punchsync.core.sought import Total
from punchsync.store.rows import changed, chunks, fetch, from_milli
from punchsync.store.tables import outcome, outcome_decision, rank, score


class SqlConcluded:
    """The conclusions of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def ranked(self) -> list[str]:
        """The periods that have a ranking."""
        rows = select(rank.c.period).where(rank.c.hall_id == self._hall).distinct().order_by(rank.c.period)
        return [str(row[0]) for row in fetch(self._connection, rows)]

    def ranks(self, period: str) -> list[Rank]:
        """A period's rankings, by subject type, rank, subject and rule."""
        r = rank.c
        rows = select(r.period, r.subject_type, r.subject_id, r.rank, r.score, r.violations, r.seconds, r.rule)
        found = fetch(self._connection, rows.where(r.hall_id == self._hall, r.period == period))
        made = (Rank(*changed(row, 4, Fraction(row[4]))) for row in found)
        return sorted(made, key=lambda x: (x.subject_type, x.rank, x.subject_id, x.rule))

    def followed(self) -> list[str]:
        """The periods that have an outcome."""
        o = outcome.c
        rows = select(o.period).where(o.hall_id == self._hall).distinct().order_by(o.period)
        return [str(row[0]) for row in fetch(self._connection, rows)]

    def outcomes(self, periods: Collection[str]) -> list[tuple[Outcome, Decision | None]]:
        """The outcomes of these periods in order, each with the latest decision on it."""
        o, d = outcome.c, outcome_decision.c
        found: list[Outcome] = []
        history: list[Decision] = []
        for chunk in chunks(sorted(set(periods))):
            rows = select(o.period, o.subject_type, o.subject_id, o.outcome, o.counted, o.rule, o.article)
            here = fetch(self._connection, rows.where(o.hall_id == self._hall, o.period.in_(chunk)))
            found += (Outcome(*changed(row, 4, Decimal(row[4]))) for row in here)
            taken = select(*(d[name] for name in Decision._fields)).where(d.hall_id == self._hall, d.period.in_(chunk))
            history += (Decision(*row) for row in fetch(self._connection, taken.order_by(d.number)))
        decided = latest(history)
        return [(o, decided.get(place_of(o))) for o in sorted(found)]

    def totals(
        self, periods: Collection[str], account_type: str = "", account_id: str = "", category: str = ""
    ) -> list[Total]:
        """What the accounts lost in these periods, by period, kind of account and category; without scores that others
        gave. Empty texts: all there are."""
        s = score.c
        place = (s.period, s.account_type, s.category)
        lost = func.sum(case((s.points != 0, 1), else_=0))
        rows = select(*place, lost, func.sum(s.points)).where(s.hall_id == self._hall, s.given == 0)
        for column, wanted in ((s.account_type, account_type), (s.account_id, account_id), (s.category, category)):
            rows = rows.where(column == wanted) if wanted else rows
        grouped = rows.where(s.period.in_(sorted(set(periods)))).group_by(*place).order_by(*place)
        return [
            Total(period, kind, name, int(accounts), from_milli(int(points)))
            for period, kind, name, accounts, points in fetch(self._connection, grouped)
        ]
