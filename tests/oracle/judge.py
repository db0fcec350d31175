"""Literal judge for tests: `judge(site, as_of)` gives the export rows of the site's pack (CONTRACT: exports).

Brute force and obvious on purpose; written from the text alone, it shares no code with the product.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .charges import NAMING
from .days import judge_day
from .facts import Breach, Duty, Facts, Score, month_of, period_days, plain
from .given import exported, imported
from .hours import Case, posting
from .leave import half_days_on, taken, valid_leaves
from .periods import outcomes, ranking
from .reading import Reading, punches
from .records import DAY, Site, day_of, days_between, text_of
from .rows import violations
from .violation import Days

Exports = dict[str, list[tuple[str, ...]]]
Sums = dict[tuple[str, str, str, str, str], Decimal]


class Judgement:
    """The case, the days judged, the violations that stand; everything below is counted from these."""

    def __init__(self, site: Site, as_of: str) -> None:
        self.case = case = Case(site, as_of)
        self.reading = reading = Reading(case)
        self.last = case.as_of.date()
        found = punches(case)
        self.days: Days = {}
        self.posted: dict[date, dict[str, str]] = {}  # date -> person -> window
        first = min([day_of(row["from"]) for row in case.staff], default=self.last + DAY)
        for day in days_between(first, self.last):
            for person in case.people:
                post = posting(case, person, day)
                if post is not None:
                    self.posted.setdefault(day, {})[person] = post["window"]
                    self.days[person, day] = judge_day(case, reading, found, person, post["window"], day)
        self.violations = violations(case, self.days, self.last)
        self.months = sorted({month_of(day) for day in self.posted})


def sums(j: Judgement) -> Sums:
    """Standing sums per (account_type, account_id, category, period, value_date); the period is the category's."""
    out: Sums = {}
    for v in j.violations:
        for (account_type, category), points in v.points.items():
            account = v.person if account_type == "person" else v.window
            period = NAMING[j.case.hall.categories[account_type][category][1]](v.day)
            key = (account_type, account, category, period, v.day.isoformat())
            out[key] = out.get(key, Decimal(0)) - points
    return {key: total for key, total in out.items() if total != 0}


def scores(j: Judgement) -> list[Score]:
    """For everybody posted on some day of a category's period: base + max(−cap, points); and the imported rows."""
    totals = sums(j)
    out = imported(j.case.site)
    for account_type, categories in j.case.hall.categories.items():
        for category, (base, length) in categories.items():
            accounts = set()
            for day, posted in j.posted.items():
                for person, window in posted.items():
                    accounts.add((NAMING[length](day), person if account_type == "person" else window))
            for period, account in sorted(accounts):
                mine = (account_type, account, category, period)
                points = sum((total for key, total in totals.items() if key[:4] == mine), Decimal(0))
                score = base + max(Decimal(-base), points)
                out.append(Score(period, account_type, account, category, Decimal(base), points, score))
    return out


def leave_half_days(j: Judgement, person: str, kind: str, period: str) -> int:
    """Valid leave of one kind as taken, as a union, up to as-of's date, in half-days of the person's own
    timetable.
    """
    parts = [part for row in valid_leaves(j.case, person) if row["kind"] == kind for part in taken(j.case, row)]
    if not parts:
        return 0
    return sum(half_days_on(j.case, person, day, parts) for day in period_days(period) if day <= j.last)


def facts_of(j: Judgement) -> Facts:
    """What whole periods are judged from."""
    duties = []
    for (person, day), checks in j.days.items():
        for session in sorted({c.session for c in checks if c.due is not None}):
            known = not any(c.unknown for c in checks if c.session == session)
            duties.append(Duty(day, person, session, known))
    breaches = [
        Breach(v.day, v.person, v.session, v.kind, v.window, v.seconds, v.source, v.points) for v in j.violations
    ]
    return Facts(
        j.last,
        j.posted,
        breaches,
        duties,
        scores(j),
        lambda person, kind, period: leave_half_days(j, person, kind, period),
    )


def tallies(j: Judgement) -> list[tuple[str, ...]]:
    """One row per month and person posted in it up to as-of."""
    out = []
    for month in j.months:
        for person in sorted({p for day, posted in j.posted.items() if month_of(day) == month for p in posted}):
            rows = [v for v in j.violations if v.person == person and v.month == month]
            needed = present_days = 0
            for (who, day), checks in j.days.items():
                if who != person or month_of(day) != month:
                    continue
                due = sorted({c.session for c in checks if c.due is not None})
                needed += len(due)
                absent = {v.session for v in rows if v.day == day and v.kind == "absent_half_day"}
                unsure = {c.session for c in checks if c.unknown}
                present_days += any(s not in absent and s not in unsure for s in due)
            kinds = {row["kind"] for row in j.case.leave} - {"official", "personal", "sick"}
            counts = [len([v for v in rows if v.kind == k]) for k in ("late", "early", "off_post", "absent_half_day")]
            leave = [leave_half_days(j, person, k, month) for k in ("official", "personal", "sick")]
            leave.append(sum(leave_half_days(j, person, k, month) for k in sorted(kinds)))
            out.append((month, person, *[str(n) for n in [needed, *counts, present_days, *leave]]))
    return out


def judge(site: Site, as_of: str) -> Exports:
    """The rows of every export as sorted lists of tuples of strings, in the columns of the contract.

    verdicts; violations without rule, article, id; scores; outcomes without rule, article; ranking; tallies;
    coverage (terminal, through); sums (account_type, account_id, category, period, value_date, points).
    """
    j = Judgement(site, as_of)
    facts = facts_of(j)
    verdicts = [
        (
            day.isoformat(),
            person,
            str(c.session),
            c.name,
            text_of(c.due),
            text_of(c.punch),
            c.terminal,
            c.verdict,
            str(c.seconds),
        )
        for (person, day), checks in j.days.items()
        for c in checks
    ]
    rows = [
        (v.day.isoformat(), v.person, str(v.session), v.kind, v.window, v.unit, str(v.seconds), v.source)
        for v in j.violations
    ]
    exports: Exports = {
        "verdicts": list(verdicts),
        "violations": list(rows),
        "scores": exported(facts.scores),
        "outcomes": list(outcomes(site.pack, facts)),
        "ranking": list(ranking(site.pack, facts)),
        "tallies": tallies(j),
        "coverage": [(t, text_of(c.reach)) for t, c in j.reading.coverage.items()],
        "sums": [(*key, plain(total)) for key, total in sums(j).items()],
    }
    return {kind: sorted(lines) for kind, lines in exports.items()}
