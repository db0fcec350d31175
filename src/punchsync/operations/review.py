"""Unverified checkpoints that wait for a decision: whose, what they would be, and why they are in doubt."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from punchsync.core.bench import Bench
from punchsync.core.judge import Verdict, doubtful
from punchsync.core.moment import FOREVER, Day, Moment
from punchsync.core.records import LAST_DAY
from punchsync.core.rules import Pack
from punchsync.core.violations import amounts_to
from punchsync.operations.ports import Work

RECORD = "record"
"""That a terminal has a record which may be the punch that is missing, and can't be read as one."""


class Stretch(NamedTuple):
    """Why checkpoints are in doubt: `no_punch` or `lost` at these terminals in a stretch (both ends included; None: it
    goes on), or a `record` of somebody's."""

    why: str
    terminals: tuple[str, ...] = ()
    first: Moment | None = None
    last: Moment | None = None

    @property
    def id(self) -> str:
        """A short name for an address."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()[:12]


class Doubtful(NamedTuple):
    """An unverified checkpoint on which nobody decided, with the violation that it would be."""

    verdict: Verdict
    window: str
    kind: str
    stretch: Stretch

    @property
    def id(self) -> str:
        """What names it in a form."""
        v = self.verdict
        return f"{v.day}:{v.person}:{v.session}:{v.checkpoint}"


class Side(NamedTuple):
    """What stands in the same half-day beside a checkpoint in doubt and would be excused with it."""

    checkpoint: str
    verdict: str


def queue(work: Work, bench: Bench, pack: Pack) -> list[Doubtful]:
    """The unverified checkpoints of all days that are not sealed, but for those that a ruling decided, latest first."""
    found = work.months.unverified((work.checkpoints.horizon() or 0) + 1, LAST_DAY)
    out: list[Doubtful] = []
    for v in found:
        kind = amounts_to(v, pack.punctual(v.day))
        ruling = bench.rulings.fitting(v.person, "", v.day, v.session, kind)
        if ruling is None or ruling.effect not in ("excuse", "uphold"):
            posting = bench.timetables.posting(v.person, v.day)
            window = posting.window if posting else ""
            out.append(Doubtful(v, window, kind, stretch(bench, pack, v, window)))
    return sorted(
        out, key=lambda d: (-d.verdict.day, d.window, d.verdict.person, d.verdict.session, d.verdict.checkpoint)
    )


def stretch(bench: Bench, pack: Pack, v: Verdict, window: str) -> Stretch:
    """What put a checkpoint in doubt, as it is known now."""
    plan = bench.timetables.of(v.person, v.day)
    points = plan.checkpoints if plan else ()
    point = next((p for p in points if (p.session, p.kind) == (v.session, v.checkpoint)), None)
    if point is None or v.due is None:
        return Stretch(RECORD)
    relevant = bench.terminals.relevant(window, v.day)
    rule = pack.punctual(v.day)
    for low, high in bench.terminals.dark(relevant):
        if doubtful(v.would, point, v.due, rule, [(low, high)]):
            lost = any(
                start < high and low <= end for t in relevant for start, end in bench.terminals.coverages[t].lost
            ) or any(
                o.kind == "lost" and o.terminal in relevant and o.start < high and low <= o.end
                for o in bench.case.outages
            )
            return Stretch("lost" if lost else "no_punch", relevant, low, None if high > FOREVER else high - 1)
    return Stretch(RECORD)


def beside(work: Work, rows: Sequence[Doubtful], pack: Pack) -> dict[str, list[Side]]:
    """By checkpoint in doubt, what is known of its half-day and of the same kind: a ruling is about all of that."""
    said: dict[tuple[str, Day, int], list[Verdict]] = defaultdict(list)
    for v in work.months.verdicts_of({d.verdict.person for d in rows}, {d.verdict.day for d in rows}):
        if v.verdict not in ("unverified", "pending"):
            said[v.person, v.day, v.session].append(v)
    found: dict[str, list[Side]] = {}
    for d in rows:
        rule = pack.punctual(d.verdict.day)
        others = [
            Side(v.checkpoint, v.verdict)
            for v in said[d.verdict.person, d.verdict.day, d.verdict.session]
            if amounts_to(v, rule) == d.kind
        ]
        if others:
            found[d.id] = others
    return found
