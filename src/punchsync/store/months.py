"""Hall-months: their marks, and the results of the last settle, replaced whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import ColumnElement, Connection, and_, literal, select

from punchsync.core.checkpoint import sealing
from punchsync.core.decision import PROPOSED, latest, place_of
from punchsync.core.difference import Difference
from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.moment import Day, Moment
from punchsync.core.outcome import Outcome, Rank, Standing
from punchsync.core.period import days_of_month, period_of
from punchsync.core.score import Score
from punchsync.core.settle import MonthResult
from punchsync.core.stored import MonthState
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.store.checkpoints import SqlCheckpoints
from punchsync.store.decisions import SqlDecisions
from punchsync.store.legible import held, illegible
from punchsync.store.rows import changed, chunks, fetch, from_milli, insert, stream, to_milli
from punchsync.store.tables import fact, hall, hall_month, outcome, rank, score, standing, tally, verdict, violation


class SqlMonths:
    """The months of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def mark(self, from_month: str) -> None:
        """Mark every settled month from this one on as to be judged anew; sealed ones never are."""
        m = hall_month.c
        horizon = SqlCheckpoints(self._connection, self._hall).horizon()
        first = from_month if horizon is None else max(from_month, period_of(horizon + 1, "month"))
        self._connection.execute(
            hall_month.update().where(m.hall_id == self._hall, m.month >= first).values(marked=m.marked + 1)
        )
        self._connection.execute(hall.update().where(hall.c.hall_id == self._hall).values(epoch=hall.c.epoch + 1))

    def epoch(self) -> int:
        """A number that grows with every `mark`: the same number, the same records."""
        found = self._connection.execute(select(hall.c.epoch).where(hall.c.hall_id == self._hall)).scalar()
        return int(found or 0)

    def states(self) -> dict[str, MonthState]:
        """The marks of all months ever settled, in order."""
        m = hall_month.c
        rows = fetch(
            self._connection,
            select(m.month, m.marked, m.settled, m.as_of, m.unknown, m.pack)
            .where(m.hall_id == self._hall)
            .order_by(m.month),
        )
        return {row[0]: MonthState(*row) for row in rows}

    def replace(self, result: MonthResult, marked: int, as_of: Moment, pack: str) -> None:
        """Put a month's results in the place of its old ones; `marked` is the mark that was seen when loading.

        A mark set since then stays ahead of it, so the month is due again. Raises Sealed for a sealed one.
        """
        days = days_of_month(result.month)
        sealed = sealing(SqlCheckpoints(self._connection, self._hall).all(), days[0])
        if sealed is not None:
            raise sealed
        self._state(result, marked, as_of, pack)
        own = self._hall
        run = self._connection.execute
        run(verdict.delete().where(verdict.c.hall_id == own, verdict.c.day.between(days[0], days[-1])))
        for table in (violation, tally, fact, standing):
            run(table.delete().where(table.c.hall_id == own, table.c.month == result.month))
        insert(self._connection, verdict, [(own, *v) for v in result.verdicts])
        insert(
            self._connection,
            violation,
            [
                (
                    own, result.month, v.id, v.day, v.person, v.session, v.kind, v.window, v.unit, v.seconds,
                    v.source, v.phase, v.at, int(v.warned), v.cause, v.ruling, v.rule,
                )
                for v in result.violations
            ],
        )  # fmt: skip
        insert(self._connection, tally, [(own, *t) for t in result.tallies])
        insert(self._connection, fact, [(own, *f[:4], str(f.value)) for f in result.facts])
        insert(
            self._connection,
            standing,
            [(own, s.month, *s.subject, s.violations, s.seconds) for s in result.standings],
        )

    def verdicts(self, first: Day, last: Day) -> Iterator[Verdict]:
        """Verdicts by date, person, session, checkpoint."""
        v = verdict.c
        rows = stream(
            self._connection,
            select(
                v.day, v.person, v.session, v.checkpoint, v.due, v.punch, v.terminal, v.verdict, v.seconds, v.would
            )
            .where(v.hall_id == self._hall, v.day.between(first, last))
            .order_by(v.day, v.person, v.session, v.checkpoint),
        )  # fmt: skip
        return map(Verdict._make, rows)

    def violations(self, first: Day, last: Day) -> list[Violation]:
        """Standing violations of a stretch of days, by date, person, session, phase, time."""
        return self._violations(violation.c.day.between(first, last))

    def violations_of(self, person: str, first: Day, last: Day) -> list[Violation]:
        """A person's standing violations of a stretch of days, in their order."""
        return self._violations(and_(violation.c.day.between(first, last), violation.c.person == person))

    def _violations(self, which: ColumnElement[bool]) -> list[Violation]:
        v = violation.c
        rows = fetch(
            self._connection,
            select(
                v.id, v.day, v.person, v.session, v.kind, v.window, v.unit, v.seconds, v.source, v.phase, v.at,
                v.warned, v.cause, v.ruling, v.rule,
            )
            .where(v.hall_id == self._hall, which)
            .order_by(v.day, v.person, v.session, v.phase, v.at, v.kind, v.id),
        )  # fmt: skip
        return [Violation(*changed(row, 11, bool(row[11]))) for row in rows]

    def verdicts_of(self, people: Iterable[str], days: Iterable[Day]) -> list[Verdict]:
        """Some people's verdicts of some days, by date, person, session, checkpoint."""
        v = verdict.c
        rows = select(*(v[name] for name in Verdict._fields)).where(v.hall_id == self._hall)
        out: list[Verdict] = []
        for some in chunks(sorted(set(days))):  # by each day the key leads to each person's rows
            for named in chunks(sorted(set(people))):
                found = rows.where(v.day.in_(some), v.person.in_(named))
                out.extend(map(Verdict._make, fetch(self._connection, found)))
        return sorted(out, key=lambda one: one[:4])

    def unverified(self, first: Day, last: Day) -> list[Verdict]:
        """The verdicts of a stretch of days that are `unverified`, by date, person, session, checkpoint."""
        v = verdict.c
        # Written out in the statement, so that the databases see that the index holds all that is asked for.
        rows = select(*(v[name] for name in Verdict._fields)).where(
            v.hall_id == self._hall,
            v.day.between(first, last),
            v.verdict == literal("unverified", literal_execute=True),
        )
        found = fetch(self._connection, rows.order_by(v.day, v.person, v.session, v.checkpoint))
        return [Verdict(*row) for row in found]

    def violation(self, id: str) -> Violation | None:
        """A standing violation by its id."""
        found = self._violations(violation.c.id == id)
        return found[0] if found else None

    def tallies(self, months: Iterable[str] | None) -> list[Tally]:
        """Tallies of these months, or of all, by month and person."""
        t = tally.c
        every = select(*(t[name] for name in Tally._fields)).where(t.hall_id == self._hall)
        if months is None:
            rows = fetch(self._connection, every)
        else:
            rows = []
            for chunk in chunks(sorted(set(months))):
                rows += fetch(self._connection, every.where(t.month.in_(chunk)))
        return sorted(map(Tally._make, rows))

    def standings(self) -> list[Standing]:
        """Violations and seconds of every subject and month, in that order."""
        s = standing.c
        rows = fetch(
            self._connection,
            select(s.month, s.subject_type, s.subject_id, s.violations, s.seconds).where(s.hall_id == self._hall),
        )
        return sorted(Standing(month, (kind, id), n, seconds) for month, kind, id, n, seconds in rows)

    def facts(self) -> list[Fact]:
        """What every month says of its subjects under the pack's rules, by month, rule and subject."""
        f = fact.c
        rows = fetch(self._connection, select(*(f[name] for name in Fact._fields)).where(f.hall_id == self._hall))
        return sorted(Fact(*changed(row, 4, Decimal(row[4]))) for row in rows)

    def conclude(self, scores: Iterable[Score], outcomes: Iterable[Outcome], ranks: Iterable[Rank]) -> None:
        """Put scores, outcomes and rankings in the place of the old ones; decisions on outcomes stand apart."""
        own = self._hall
        for table in (score, outcome, rank):
            self._connection.execute(table.delete().where(table.c.hall_id == own))
        insert(
            self._connection,
            score,
            [(own, *s[:4], int(s.given), to_milli(s.base), to_milli(s.points), to_milli(s.score)) for s in scores],
        )
        insert(
            self._connection,
            outcome,
            [(own, *o[:4], o.rule, str(o.counted), o.article) for o in outcomes],
        )
        insert(
            self._connection,
            rank,
            [
                (own, r.period, r.rule, r.subject_type, r.subject_id, r.rank, str(r.score), r.violations, r.seconds)
                for r in ranks
            ],
        )

    def scores(self) -> list[Score]:
        """All score rows, in order."""
        s = score.c
        rows = fetch(
            self._connection,
            select(s.period, s.account_type, s.account_id, s.category, s.base, s.points, s.score, s.given)
            .where(s.hall_id == self._hall),
        )  # fmt: skip
        return sorted(Score(*row[:4], *map(from_milli, row[4:7]))._replace(given=bool(row[7])) for row in rows)

    def outcomes(self) -> list[tuple[Outcome, str]]:
        """All outcomes with the state that the latest decision gave them (`proposed` without one), in order."""
        decided = latest(SqlDecisions(self._connection, self._hall).all())
        o = outcome.c
        rows = fetch(
            self._connection,
            select(o.period, o.subject_type, o.subject_id, o.outcome, o.counted, o.rule, o.article)
            .where(o.hall_id == self._hall),
        )  # fmt: skip
        found = sorted(Outcome(*changed(row, 4, Decimal(row[4]))) for row in rows)
        return [(o, decided[place_of(o)].state if place_of(o) in decided else PROPOSED) for o in found]

    def ranks(self) -> list[Rank]:
        """All ranking rows, by period, subject type, rank, subject, rule."""
        r = rank.c
        rows = fetch(
            self._connection,
            select(r.period, r.subject_type, r.subject_id, r.rank, r.score, r.violations, r.seconds, r.rule).where(
                r.hall_id == self._hall
            ),
        )
        found = (Rank(*changed(row, 4, Fraction(row[4]))) for row in rows)
        return sorted(found, key=lambda x: (x.period, x.subject_type, x.rank, x.subject_id, x.rule))

    def held(self) -> Iterator[tuple[str, str]]:
        """The months that a table holds results of, each with the table."""
        return held(self._connection, self._hall)

    def illegible(self, *, every: bool = False) -> Iterator[Difference]:
        """The first value of each table (of results, or `every`) that can't be what was written."""
        return illegible(self._connection, self._hall, every=every)

    def _state(self, result: MonthResult, marked: int, as_of: Moment, pack: str) -> None:
        m = hall_month.c
        there = hall_month.update().where(m.hall_id == self._hall, m.month == result.month)
        now = {"settled": marked, "as_of": as_of, "unknown": result.unknown, "pack": pack}
        if self._connection.execute(there.values(now)).rowcount == 0:
            insert(
                self._connection,
                hall_month,
                [(self._hall, result.month, marked, marked, as_of, result.unknown, pack)],
            )
