"""Pieces of sentences about rules: lengths, points, kinds, periods, in words a clerk understands."""

from __future__ import annotations

from collections.abc import Iterable, Set
from decimal import Decimal

from punchsync.core.points import number
from punchsync.core.records import LEAVE_KINDS, VIOLATION_KINDS
from punchsync.texts import _
from punchsync.words import leave, outcome

Blanks = Set[str]
"""The keys of a rule, as `charges.1.points`, whose value the hall has not answered yet."""


def points(value: Decimal, blank: bool) -> str:
    """Points as text; a blank where the hall has not answered yet."""
    return _("〔待答复〕") if blank else number(value)


def consequence(code: str) -> str:
    """An outcome, said to be a proposal."""
    return _("拟{outcome}").format(outcome=outcome(code))


def for_periods(code: str, periods: Iterable[str]) -> str:
    """An outcome with the periods that it is for."""
    named = {"month": _("当月"), "quarter": _("当季"), "year": _("全年")}
    return _("{what}（{periods}）").format(what=consequence(code), periods=listed(named[p] for p in periods))


def half_days(n: int) -> str:
    """A number of half-days in days."""
    if n == 1:
        return _("半天")
    return _(" {n} 天").format(n=number(Decimal(n) / 2))


def duration(seconds: int) -> str:
    """Seconds as minutes, or minutes and seconds."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("{n} 秒").format(n=rest)
    return _("{m} 分 {s} 秒").format(m=minutes, s=rest) if rest else _("{n} 分钟").format(n=minutes)


def kinds(codes: Iterable[str]) -> list[str]:
    """Kinds of violation in their usual order."""
    return sorted(codes, key=VIOLATION_KINDS.index)


def leaves(codes: Iterable[str]) -> list[str]:
    """Kinds of leave in their usual order."""
    return sorted(codes, key=LEAVE_KINDS.index)


def named(codes: Set[str]) -> str:
    """Kinds of leave by name, or that it is any."""
    return _("各种请假") if len(codes) == len(LEAVE_KINDS) else listed(map(leave, leaves(codes)))


def listed(texts: Iterable[str]) -> str:
    """Texts as an enumeration."""
    return _("、").join(texts)
