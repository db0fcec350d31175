"""The worst of a month, and who is among them month after month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from punchsync.core.horizon import Horizon
from punchsync.core.outcome import Outcome, Standing
from punchsync.core.period import days_of_month, period_of
from punchsync.core.rules import Pack


def worst(pack: Pack, horizon: Horizon, standings: Iterable[Standing]) -> list[Outcome]:
    """Of a certain month's subjects with violations the last places, and all who tie; the count is the violations."""
    if not pack.worsts:
        return []
    months: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in standings:
        if standing.violations:
            months[standing.month, standing.subject[0]].append(standing)
    out: list[Outcome] = []
    for rule in pack.worsts:
        for (month, subject), rows in months.items():
            if subject != rule.subject or not rule.on(days_of_month(month)[-1]) or not horizon.certain(month):
                continue
            said = sorted(((s.violations, s.seconds) for s in rows), reverse=True)
            last = said[: rule.places][-1]
            if not rule.ties and said[rule.places : rule.places + 1] == [last]:
                last = (last[0], last[1] + 1)
            out += [
                Outcome(month, *s.subject, rule.outcome, Decimal(s.violations), rule.says, pack.cite(rule.cites))
                for s in rows
                if (s.violations, s.seconds) >= last
            ]
    return out


def repeats(pack: Pack, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """An outcome for each month that completes so many months running with another; the count is that month's."""
    if not pack.repeats:
        return []
    months: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for o in outcomes:
        if len(o.period) == len("2026-10") and "Q" not in o.period:
            counts = months[o.subject_type, o.subject_id, o.outcome]
            counts[o.period] = max(o.counted, counts.get(o.period, o.counted))
    out: list[Outcome] = []
    for rule in pack.repeats:
        cites = pack.cite(rule.cites)
        for (subject, id, outcome), counts in months.items():
            if (subject, outcome) != (rule.subject, rule.of):
                continue
            for month, count in counts.items():
                if rule.on(days_of_month(month)[-1]) and all(m in counts for m in running(month, rule.times)):
                    out.append(Outcome(month, subject, id, rule.outcome, count, rule.says, cites))
    return out


def running(month: str, times: int) -> list[str]:
    """A month and those before it, so many together, latest first."""
    out = [month]
    while len(out) < times:
        out.append(period_of(days_of_month(out[-1])[0] - 1, "month"))
    return out
