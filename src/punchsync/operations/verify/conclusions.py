"""Scores, outcomes and rankings against what follows from the settled months; a closed period's stay as issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from punchsync.core.bench import Bench
from punchsync.core.chain import Link
from punchsync.core.checkpoint import as_sealed
from punchsync.core.closing import REOPEN, as_issued
from punchsync.core.conclude import Known, conclude
from punchsync.core.difference import Difference, first_difference
from punchsync.core.score import Score
from punchsync.operations.hall import Hall, load_known
from punchsync.operations.ports import Work
from punchsync.operations.settle import sure
from punchsync.operations.verify.packs import Packs

ACCOUNT: Final = ("account_type", "account_id", "category")
SUBJECT: Final = ("subject_type", "subject_id")


def certain(work: Work, links: Sequence[Link], packs: Packs) -> bool:
    """Whether what the last settle concluded still holds: no record came in since, and no month was opened again."""
    run = work.runs.last_settle()
    if run is None or not run.height or packs.of(run.pack) is None:
        return False
    reopened = {c.number for c in work.closings.all() if c.action == REOPEN}
    since = [link for link in links if link.height > run.height]
    return not any(x.chain == "record" or (x.chain == "closing" and x.number in reopened) for x in since)


def check(hall: Hall, work: Work, packs: Packs) -> Iterator[Difference]:
    """The first difference of every table."""
    run = work.runs.last_settle()
    pack = None if run is None else packs.of(run.pack)
    if run is None or pack is None:
        return
    bench = Bench(load_known(hall, work, run.as_of), pack, run.as_of)
    states = work.months.states()
    horizon = work.checkpoints.horizon()
    known = Known(
        work.ledger.sums(), work.months.standings(), work.months.facts(), sure(states.values(), pack, horizon),
        sorted(states),
    )  # fmt: skip
    found = conclude(pack, bench.case, bench.excuses, known, bench.today)
    kept = partial(as_issued, closed=work.closings.closed())
    scores, outcomes, ranks = work.months.scores(), [o for o, _ in work.months.outcomes()], work.months.ranks()
    right = as_sealed(found.scores, scores, horizon)
    for name, table, key, stored, ought in (
        ("scores", "score", ("period", *ACCOUNT), booked(scores), booked(right)),
        ("scores", "score", ("period", *ACCOUNT), given(scores), given(right)),
        ("outcomes", "outcome", ("period", *SUBJECT, "outcome", "rule"), outcomes, kept(found.outcomes, outcomes)),
        ("ranking", "rank", ("period", "rule", *SUBJECT), ranks, kept(found.ranks, ranks)),
    ):
        yield from first_difference(name, table, key, stored, ought)


def booked(scores: Iterable[Score]) -> list[Score]:
    """The scores that the ledger makes."""
    return [s for s in scores if not s.given]


def given(scores: Iterable[Score]) -> list[Score]:
    """The scores that others gave."""
    return [s for s in scores if s.given]
