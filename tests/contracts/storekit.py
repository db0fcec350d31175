"""Rows for the store's contract: logs, entries and months, as short to write as they are to read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from punchsync.core.ledger import Entry, Plan
from punchsync.core.moment import DAY, Moment, parse_day, parse_moment
from punchsync.core.reading import Defect, Reading, Row

DAY_1 = parse_day("2026-10-01")
OCTOBER = DAY_1 * DAY
NOW = OCTOBER + 60 * DAY


def at(text: str) -> Moment:
    """A clock time on the first of October 2026, or a whole moment."""
    return parse_moment(text if len(text) > 8 else f"2026-10-01 {text}")


def rows(*punches: tuple[str, Moment]) -> tuple[Row, ...]:
    return tuple(Row(n, f"{user}@{when}".encode(), user, when, "1", "0") for n, (user, when) in enumerate(punches))


def live(terminal: str, *punches: tuple[str, Moment], began: Moment, defects: Iterable[Defect] = (), **more) -> Reading:
    return Reading(terminal, "tcp", "192.0.2.21:4370", f"d{began}", rows(*punches), tuple(defects), began, **more)


def file(terminal: str, *punches: tuple[str, Moment], through: Moment | None = None, **more) -> Reading:
    return Reading(
        terminal,
        "file",
        "1_attlog.dat",
        more.pop("digest", str(hash(punches))),
        rows(*punches),
        through=through,
        **more,
    )


def post(
    cause: str, points: str = "-0.5", day: int = DAY_1, revision: int = 1, reverses: str = "", account: str = "p1"
):
    return Entry(
        "", DAY_1 + 30, cause, revision, "person", account, "考勤", "2026-10", Decimal(points),
        "迟到", "第三条", day, reverses, "digest",
    )  # fmt: skip


def plan(*posts: Entry, reversals: tuple[Entry, ...] = ()) -> Plan:
    return Plan(reversals, posts)
