"""Literal judge for tests: `judge(site, as_of)` gives the export rows of the pack yihuang (HALLS: Ranking,
Thresholds; CONTRACT: exports).

Brute force and obvious on purpose; written from the text alone, it shares no code with the product.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from .days import judge_day
from .hours import Case, half_days_on, posting, taken, valid
from .reading import Reading, punches
from .records import DAY, Site, day_of, days_between, midnight, text_of
from .rows import DUTY, SERVICE, STUDY, Days, Violation, violations

Exports = dict[str, list[tuple[str, ...]]]
CATEGORIES = {"person": {DUTY: 30, STUDY: 10}, "window": {SERVICE: 45}}  # base and cap
WINDOW_PLACES, QUARTER_PLACES, YEAR_PLACES = 5, 10, 15


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def month_of(day: date) -> str:
    return day.strftime("%Y-%m")


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def period_days(period: str) -> list[date]:
    """All calendar days of `2026-10`, `2026-Q4`, `2026`."""
    days = days_between(date(int(period[:4]), 1, 1), date(int(period[:4]), 12, 31))
    return [day for day in days if period in (month_of(day), quarter_of(day), str(day.year))]


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

    def known(self, period: str) -> bool:
        """The period is over and nothing of it is pending or unverified."""
        days = period_days(period)
        if self.case.as_of < midnight(days[-1] + DAY):
            return False
        inside = set(days)
        return not any(c.unknown for (_, day), checks in self.days.items() if day in inside for c in checks)


def sums(j: Judgement) -> dict[tuple[str, str, str, str, str], Decimal]:
    """Standing sums per (account_type, account_id, category, period, value_date); every category is
    monthly.
    """
    out: dict[tuple[str, str, str, str, str], Decimal] = {}
    for v in j.violations:
        for (account_type, category), points in v.points.items():
            account = v.person if account_type == "person" else v.window
            key = (account_type, account, category, v.month, v.day.isoformat())
            out[key] = out.get(key, Decimal(0)) - points
    return {key: total for key, total in out.items() if total != 0}


def scores(j: Judgement) -> dict[tuple[str, str, str, str], tuple[int, Decimal, Decimal]]:
    """(period, account_type, account_id, category) -> base, uncapped points, base + max(−cap, points)."""
    totals = sums(j)
    out = {}
    for month in j.months:
        people = {p for day, posted in j.posted.items() if month_of(day) == month for p in posted}
        windows = {w for day, posted in j.posted.items() if month_of(day) == month for w in posted.values()}
        for account_type, accounts in (("person", people), ("window", windows)):
            for account in accounts:
                for category, base in CATEGORIES[account_type].items():
                    mine = (account_type, account, category, month)
                    points = sum((total for key, total in totals.items() if key[:4] == mine), Decimal(0))
                    out[month, account_type, account, category] = (
                        base,
                        points,
                        base + max(Decimal(-base), points),
                    )
    return out


def barred(j: Judgement) -> list[tuple[str, str, str]]:
    """考勤制度 3: personal > 20 days or sick > 30 days of the calendar year; (year, person, days)."""
    out = []
    for year in sorted({str(day.year) for day in j.posted}):
        for person in j.case.people:
            for kind, limit in (("personal", 20), ("sick", 30)):
                halves = leave_half_days(j, person, kind, year)
                if halves > 2 * limit:
                    out.append((year, person, plain(Decimal(halves) / 2)))
    return out


def leave_half_days(j: Judgement, person: str, kind: str, period: str) -> int:
    """Valid leave of one kind as taken, as a union, up to as-of's date, in half-days of the person's own
    timetable.
    """
    rows = [row for row in j.case.leave if row["person_id"] == person and row["kind"] == kind and valid(j.case, row)]
    parts = [part for row in rows for part in taken(j.case, row)]
    if not parts:
        return 0
    return sum(half_days_on(j.case, person, day, parts) for day in period_days(period) if day <= j.last)


def two_places(score: Fraction) -> str:
    """Half up at two decimals; written without trailing zeros as every decimal of the exports."""
    hundredfold = score * 100
    cents = hundredfold.numerator // hundredfold.denominator
    rest = hundredfold - cents
    return plain(Decimal(cents + (1 if rest >= Fraction(1, 2) else 0)) / 100)


Entrant = tuple[str, Fraction, int, int]  # id, score, violations, seconds


def ranked(entrants: list[Entrant]) -> list[tuple[int, Entrant]]:
    """Score highest first, then violations, then seconds, fewest first; equal: same rank, the next is
    skipped.
    """
    order = [(-score, count, seconds) for _, score, count, seconds in entrants]
    return [(1 + len([o for o in order if o < mine]), e) for e, mine in zip(entrants, order, strict=True)]


def totals_of(rows: list[Violation]) -> tuple[int, int]:
    return len(rows), sum(v.seconds for v in rows)


def rankings(j: Judgement) -> list[tuple[str, str, int, Entrant]]:
    """Windows monthly; people quarterly and yearly by the mean of their months, posted on every day of the
    period.
    """
    out: list[tuple[str, str, int, Entrant]] = []
    points = scores(j)

    def month_score(month: str, account_type: str, account: str) -> Fraction:
        return sum(
            (Fraction(v[2]) for k, v in points.items() if k[:3] == (month, account_type, account)),
            Fraction(0),
        )

    for month in j.months:
        if j.known(month):
            windows = sorted({k[2] for k in points if k[:2] == (month, "window")})
            entrants = []
            for w in windows:
                count, seconds = totals_of([v for v in j.violations if v.window == w and v.month == month])
                entrants.append((w, month_score(month, "window", w), count, seconds))
            out += [(month, "window", rank, e) for rank, e in ranked(entrants)]
    out_of_year = {(year, person) for year, person, _ in barred(j)}
    periods = {quarter_of(day) for day in j.posted} | {str(day.year) for day in j.posted}
    for period in sorted(periods):
        if not j.known(period):
            continue
        days = period_days(period)
        inside = set(days)
        months = sorted({month_of(day) for day in days})
        entrants = []
        for p in j.case.people:
            if (period, p) in out_of_year or not all(p in j.posted.get(day, {}) for day in days):
                continue
            mean = sum((month_score(m, "person", p) for m in months), Fraction(0)) / len(months)
            count, seconds = totals_of([v for v in j.violations if v.person == p and v.day in inside])
            entrants.append((p, mean, count, seconds))
        out += [(period, "person", rank, e) for rank, e in ranked(entrants)]
    return out


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
    order = rankings(j)
    awards = [
        (period, kind, e[0], "award", str(rank), "proposed")
        for period, kind, rank, e in order
        if rank <= (WINDOW_PLACES if kind == "window" else QUARTER_PLACES if "Q" in period else YEAR_PLACES)
    ]
    bars = [(year, "person", person, "award_barred", count, "proposed") for year, person, count in barred(j)]
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
        "scores": [(*key, str(base), plain(points), plain(score)) for key, (base, points, score) in scores(j).items()],
        "outcomes": [*awards, *bars],
        "ranking": [
            (period, kind, e[0], str(rank), two_places(e[1]), str(e[2]), str(e[3])) for period, kind, rank, e in order
        ],
        "tallies": tallies(j),
        "coverage": [(t, text_of(c.reach)) for t, c in j.reading.coverage.items()],
        "sums": [(*key, plain(total)) for key, total in sums(j).items()],
    }
    return {kind: sorted(lines) for kind, lines in exports.items()}
