"""A ledger that grows at random: new entries, reversals, and entries that replace others, as settling books them."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from punchsync.core.ledger import plan
from punchsync.core.moment import parse_day
from punchsync.core.wanted import Wanted
from punchsync.operations.hall import Hall

DAY = parse_day("2026-10-09")
NOW = DAY * 86_400
PEOPLE = ("1001", "1002", "甲三", "O'Neil", 'a"b\\c', "50%;--", "漢字𠮷")
POINTS = ("-0.5", "-0.001", "-1.125", "-5", "2", "0.25", "-100.01")
ARTICLES = ("", "第三条", "第三条（二）“迟到、早退”\n续行", "x" * 300)


class Growth:
    """What should stand at the moment; each step changes some of it and books the difference."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._wanted: dict[str, Wanted] = {}
        self._causes = 0

    def grow(self, hall: Hall, most: int = 12) -> int:
        """Book one step, by this hall's own ledger; how many entries that made."""
        for _ in range(self._chance.randint(0, most)):
            self._causes += 1
            cause = f"v{self._causes}@person:x/考勤"
            self._wanted[cause] = self._want(cause)
        for cause in self._some(0.15):
            self._wanted[cause] = self._want(cause)
        for cause in self._some(0.1):
            del self._wanted[cause]
        with hall.store.writing() as work:
            every = [f"v{n}@person:x/考勤" for n in range(1, self._causes + 1)]
            latest = work.ledger.latest([], every)
            booked = work.ledger.append(plan(self._wanted.values(), latest, DAY + 20, "pack"), NOW)
        return len(booked)

    def _some(self, share: float) -> list[str]:
        return [cause for cause in self._wanted if self._chance.random() < share]

    def _want(self, cause: str) -> Wanted:
        pick = self._chance.choice
        kind = pick(("person", "window"))
        return Wanted(
            cause, kind, pick(PEOPLE), pick(("考勤", "文明服务")), pick(("2026-10", "2026-Q4", "2026")),
            Decimal(pick(POINTS)), "规则", pick(ARTICLES), DAY + self._chance.randint(0, 20),
        )  # fmt: skip
