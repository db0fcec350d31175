"""What is kept of some people, or of one account, alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment
from punchsync.core.outcome import Rank
from punchsync.core.score import Score
from punchsync.core.stored import StoredPunch
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.store.rows import Tuple, changed, chunks, fetch, from_milli
from punchsync.store.tables import fact, ledger_entry, punch, rank, reading, record, score, tally, verdict, violation

_E = ledger_entry.c
_P = punch.c
_V = verdict.c
_O = violation.c
SPAN = 400
"""Days that are named one by one: so the databases go from day to day by the key, past all other people."""


class SqlOwn:
    """Of some people or one account of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def verdicts(self, people: Collection[str], first: Day, last: Day) -> Iterator[Verdict]:
        """The verdicts of some people, by date, person, session, checkpoint."""
        rows = [r for where in self._days(people, first, last) for r in self._fetch(_verdicts().where(*where))]
        return iter(sorted(map(Verdict._make, rows), key=lambda v: v[:4]))

    def unknown(
        self, people: Collection[str], first: Day, last: Day, due_by: Moment | None = None
    ) -> list[tuple[Day, str, str]]:
        """The checkpoints of some people (of those due by a moment) that are `pending` or `unverified`.

        Date, person, verdict of each.
        """
        wanted = [_V.verdict.in_(("pending", "unverified")), *([] if due_by is None else [_V.due <= due_by])]
        rows = select(_V.day, _V.person, _V.verdict)
        found = [r for where in self._days(people, first, last) for r in self._fetch(rows.where(*where, *wanted))]
        return sorted((day, person, word) for day, person, word in found)

    def violations(self, first: Day, last: Day, person: str = "", window: str = "") -> list[Violation]:
        """The standing violations of a person, or of a window and its people."""
        rows = select(*(_O[name] for name in Violation._fields)).where(
            _O.hall_id == self._hall, _O.day.between(first, last), *of(_O.person, person), *of(_O.window, window)
        )
        ordered = rows.order_by(_O.day, _O.person, _O.session, _O.phase, _O.at, _O.kind, _O.id)
        return [Violation(*changed(row, 11, bool(row[11]))) for row in self._fetch(ordered)]

    def entries(self, first: Day, last: Day, people: Collection[str], windows: Collection[str]) -> list[Entry]:
        """The entries of these people's and windows' accounts by value date, in the order of booking."""
        every = select(_E.height, *(_E[name] for name in Entry.__dataclass_fields__)).where(_E.hall_id == self._hall)
        rows: list[Tuple] = []
        for kind, ids in (("person", people), ("window", windows)):
            for chunk in chunks(sorted(ids)):
                mine = (_E.account_type == kind, _E.account_id.in_(chunk), _E.value_date.between(first, last))
                rows += self._fetch(every.where(*mine))
        return [Entry(*changed(row[1:], 8, from_milli(row[9]))) for row in sorted(rows)]

    def tallies(self, months: Iterable[str], people: Collection[str]) -> list[Tally]:
        """The tallies of some people, by month and person."""
        rows: list[Tuple] = []
        every = select(*(tally.c[name] for name in Tally._fields)).where(tally.c.hall_id == self._hall)
        wanted = sorted(set(months))
        for chunk in chunks(sorted(people)):
            rows += self._fetch(every.where(tally.c.month.in_(wanted), tally.c.person.in_(chunk)))
        return sorted(map(Tally._make, rows))

    def facts(self, months: Iterable[str], subject_type: str, subject_id: str = "") -> list[Fact]:
        """What some months say of all people or windows, or of one."""
        f = fact.c
        rows = select(*(f[name] for name in Fact._fields)).where(
            f.hall_id == self._hall, f.month.in_(sorted(set(months))), f.subject_type == subject_type,
            *of(f.subject_id, subject_id),
        )  # fmt: skip
        return sorted(Fact(*changed(row, 4, Decimal(row[4]))) for row in self._fetch(rows))

    def scores(self, account_type: str, account_id: str) -> list[Score]:
        """The score rows of an account, in order."""
        s = score.c
        return self._scores(s.account_type == account_type, s.account_id == account_id)

    def points(self, period: str, account_type: str) -> list[Score]:
        """The score rows of all accounts of a kind in a period, without what others gave, in order."""
        s = score.c
        return self._scores(s.period == period, s.account_type == account_type, s.given == 0)

    def ranks(self, subject_type: str, subject_id: str, periods: Collection[str]) -> list[tuple[Rank, int]]:
        """The ranks of a person or window in some periods, by period and rule, each with how many were ranked."""
        r = rank.c
        rows = select(r.period, r.rule, func.count()).where(
            r.hall_id == self._hall, r.subject_type == subject_type, r.period.in_(sorted(set(periods)))
        )
        ranked = {(period, rule): int(n) for period, rule, n in self._fetch(rows.group_by(r.period, r.rule))}
        mine = select(r.period, r.subject_type, r.subject_id, r.rank, r.score, r.violations, r.seconds, r.rule).where(
            r.hall_id == self._hall, r.subject_type == subject_type, r.subject_id == subject_id,
            r.period.in_(sorted(set(periods))),
        )  # fmt: skip
        found = [Rank(*changed(row, 4, Fraction(row[4]))) for row in self._fetch(mine)]
        return [(x, ranked[x.period, x.rule]) for x in sorted(found, key=lambda x: (x.period, x.rule))]

    def records(self, kind: str, text: str) -> dict[str, dict[str, str]]:
        """The latest bodies of a kind's records (but staff, whose names are apart) in which a text stands, by key.

        Withdrawn ones are included; those of which only an earlier version has the text are not.
        """
        r, later = record.c, record.alias("later")
        overtaken = (
            select(later.c.version)
            .where(later.c.hall_id == r.hall_id, later.c.kind == r.kind, later.c.key == r.key)
            .where(later.c.version > r.version)
            .exists()
        )
        written = json.dumps(text, ensure_ascii=False)
        mine = (r.hall_id == self._hall, r.kind == kind, r.body.contains(written, autoescape=True), ~overtaken)
        return {key: json.loads(body) for key, body in self._fetch(select(r.key, r.body).where(*mine).order_by(r.key))}

    def stored(self, users: Mapping[str, Collection[str]], first: Moment, last: Moment) -> list[StoredPunch]:
        """What some users, by terminal, punched in a stretch as its clock wrote it, with all that is kept, by time."""
        rows = select(
            _P.terminal, _P.device_user_id, _P.at, _P.ordinal, _P.number, _P.verify, _P.state, reading.c.source,
            _P.raw, _P.reading, _P.position,
        ).join(reading, and_(reading.c.hall_id == _P.hall_id, reading.c.number == _P.reading))  # fmt: skip
        found = [
            row
            for terminal, ids in users.items()
            for chunk in chunks(sorted(ids))
            for row in self._fetch(
                rows.where(
                    _P.hall_id == self._hall, _P.terminal == terminal, _P.at.between(first, last),
                    _P.device_user_id.in_(chunk),
                )
            )
        ]  # fmt: skip
        return sorted(map(StoredPunch._make, found), key=lambda p: (p.at, p.terminal, p.device_user_id, p.ordinal))

    def _days(self, people: Collection[str], first: Day, last: Day) -> Iterator[tuple[ColumnElement[bool], ...]]:
        for chunk in chunks(sorted(people)):
            for begin in range(first, last + 1, SPAN):
                days = range(begin, min(begin + SPAN - 1, last) + 1)
                yield _V.hall_id == self._hall, _V.day.in_(days), _V.person.in_(chunk)

    def _scores(self, *where: ColumnElement[bool]) -> list[Score]:
        rows = select(*(score.c[name] for name in Score._fields)).where(score.c.hall_id == self._hall, *where)
        return sorted(
            Score(*row[:4], *map(from_milli, row[4:7]))._replace(given=bool(row[7])) for row in self._fetch(rows)
        )

    def _fetch(self, rows: Select[*tuple[object, ...]]) -> list[Tuple]:
        return fetch(self._connection, rows)


def of(column: ColumnElement[str], wanted: str) -> list[ColumnElement[bool]]:
    """That a column is what is wanted; nothing where all are."""
    return [column == wanted] if wanted else []


def _verdicts() -> Select[*tuple[object, ...]]:
    return select(*(_V[name] for name in Verdict._fields))
