"""How far a hall's periods have come: who is posted in them, which are over, and of which nothing is unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from punchsync.core.intervals import Interval, intersect, measure, union
from punchsync.core.moment import Day
from punchsync.core.period import months_of, periods_around, span_of
from punchsync.core.records import Posting
from punchsync.core.score import posted, posted_months

Subject = tuple[str, str]  # person or window, id


class Horizon:
    """The periods from a hall's first posting to today, as its postings and its certain months have them."""

    def __init__(self, postings: Sequence[Posting], certain: AbstractSet[str], today: Day) -> None:
        self.today = today
        self.months = posted_months(postings, today)
        self._postings = postings
        self._certain = certain
        self._posted: dict[str, tuple[set[str], set[str]]] = {}
        spans: dict[Subject, list[Interval]] = defaultdict(list)
        for p in postings:
            spans["person", p.person].append((p.first, p.last + 1))
            spans["window", p.window].append((p.first, p.last + 1))
        self._spans = {subject: union(found) for subject, found in spans.items()}

    def periods(self, kind: str) -> list[str]:
        """The periods of a kind up to today's, in order."""
        return periods_around(self.months, kind)

    def posted(self, period: str, subject: str) -> set[str]:
        """The people, or the windows, posted on some day of a period up to today."""
        found = self._posted.get(period)
        if found is None:
            first, last = span_of(period)
            found = self._posted[period] = posted(self._postings, first, min(last, self.today))
        return found[0] if subject == "person" else found[1]

    def days_of(self, subject: Subject, period: str) -> list[Day]:
        """The calendar days of a period on which a person or window is posted."""
        return [day for start, end in self._held(subject, period) for day in range(start, end)]

    def days(self, subject: Subject, period: str) -> int:
        """On how many calendar days of a period a person or window is posted."""
        return measure(self._held(subject, period))

    def throughout(self, subject: Subject, period: str) -> bool:
        """Whether a person or window is posted on every day of a period."""
        first, last = span_of(period)
        return self.days(subject, period) == last + 1 - first

    def over(self, period: str) -> bool:
        """Whether today is after a period's last day."""
        return span_of(period)[1] < self.today

    def certain(self, period: str) -> bool:
        """Whether a period is over and nothing of the hall is unknown in it; a month without anybody has nothing."""
        if not self.over(period):
            return False
        return all(m in self._certain or not self._anybody(m) for m in months_of(period))

    def _held(self, subject: Subject, period: str) -> list[Interval]:
        first, last = span_of(period)
        return intersect(self._spans.get(subject, []), [(first, last + 1)])

    def _anybody(self, month: str) -> bool:
        return bool(self.posted(month, "person"))
