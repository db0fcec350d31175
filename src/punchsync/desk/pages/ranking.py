"""Rankings of people and windows, period by period, as the last settle or the closing left them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from fastapi import Response

from punchsync.core.closing import kept
from punchsync.core.outcome import Outcome, Rank
from punchsync.core.period import span_of
from punchsync.core.points import two_places
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.room import Room
from punchsync.desk.rules.cited import cited

room = Room()
WON = ("award", "shortlisted")


class Badge(NamedTuple):
    """What a rank or a total led to, and what was decided on it."""

    outcome: str
    state: str


class Place(NamedTuple):
    """A row that is shown: its rank, score to two decimals, and badges."""

    rank: Rank
    score: str
    badges: list[Badge]


class List(NamedTuple):
    """One ranking: what the rule says, its article, whom it ranks, its rows within reach, and how many it has."""

    says: str
    article: str
    subject_type: str
    rows: list[Place]
    all_of: int

    @property
    def won(self) -> list[Place]:
        """Those of the rows that were awarded or shortlisted, or may be."""
        return [row for row in self.rows if any(b.outcome in WON for b in row.badges)]


@room.get("/ranking", Right.RANKING_SEE, "ranking")
def show(ask: Ask) -> Response:
    """The rankings of a period; of people only those within the reader's reach."""
    with ask.hall.store.reading() as work:
        periods = in_order(work.concluded.ranked())
        period = chosen(ask, periods)
        ranks = work.concluded.ranks(period) if period else []
        outcomes = work.concluded.outcomes([period]) if period else []
        issued = bool(period) and kept(period, work.closings.closed())
    told: dict[tuple[str, str], list[Badge]] = defaultdict(list)
    for outcome, decision in outcomes:
        state = decision.state if decision else "proposed"
        if state != "dropped" and (state == "confirmed" or proposals(ask, outcome)):
            told[outcome.subject_type, outcome.subject_id].append(Badge(outcome.outcome, state))
    lists = [listed(ask, period, rule, rows, told) for rule, rows in grouped(ranks)]
    return ask.page("ranking/list.html", periods=periods, period=period, lists=lists, issued=issued, cited=cited)


def proposals(ask: Ask, outcome: Outcome) -> bool:
    """Whether the reader may see what is proposed, of this subject."""
    within = ask.reach.person if outcome.subject_type == "person" else ask.reach.window
    return ask.may(Right.OUTCOME_SEE) and within(outcome.subject_id)


def grouped(ranks: Iterable[Rank]) -> list[tuple[tuple[str, str], list[Rank]]]:
    """Ranks by subject type and rule, windows first: theirs are short."""
    found: dict[tuple[str, str], list[Rank]] = defaultdict(list)
    for r in ranks:
        found[r.subject_type, r.rule].append(r)
    return sorted(found.items(), reverse=True)


def listed(
    ask: Ask,
    period: str,
    of: tuple[str, str],
    ranks: list[Rank],
    told: dict[tuple[str, str], list[Badge]],
) -> List:
    """One ranking as the reader sees it: every window's rank, but of people only those within reach."""
    subject_type, id = of
    last, pack = span_of(period)[1], ask.hall.pack
    rule = next((r for r in pack.rankings if r.id == id and r.on(last)), None)
    seen = [r for r in ranks if subject_type == "window" or ask.reach.person(r.subject_id)]
    rows = [Place(r, two_places(r.score), told[subject_type, r.subject_id]) for r in seen]
    says, article = (id, "") if rule is None else (rule.says, pack.cite(rule.cites))
    return List(says, article, subject_type, rows, len(ranks))


def in_order(periods: Iterable[str]) -> list[str]:
    """Periods, the latest first; of those that end together the shortest."""
    return sorted(periods, key=lambda p: (-span_of(p)[1], -span_of(p)[0]))


def chosen(ask: Ask, periods: list[str]) -> str:
    """The period that is asked for, or else the latest; empty where there is none. Raises Missing for another."""
    asked = ask.query("period")
    if asked and asked not in periods:
        raise Missing(asked)
    period = asked or next(iter(periods), "")
    ask.about["period"] = period
    return period
