"""Runs the worked cases that a pack carries, through the same judge that judges the hall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from punchsync import words
from punchsync.core import ledger
from punchsync.core.conclude import Concluded, conclude, known_by
from punchsync.core.moment import day_of
from punchsync.core.points import number
from punchsync.core.rules import Pack
from punchsync.core.settle import MonthResult, settle
from punchsync.core.violations import Violation
from punchsync.packs.case_schema import CasePart, ExpectPart
from punchsync.packs.load import load_unanswered
from punchsync.packs.scene import PERSON, Scene, scene
from punchsync.problems import Refused
from punchsync.texts import _

Load = Callable[[Mapping[str, str], Mapping[str, str]], Pack]
"""A pack under a case's own interpretations and answers; raises Refused where they don't fit it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One case that ran: its name, and what differed (nothing: it holds)."""

    name: str
    differences: tuple[str, ...]


class Judged(NamedTuple):
    """All that was said of a case, and how many entries were taken back since it was last judged."""

    part: CasePart
    results: list[MonthResult]
    concluded: Concluded
    plan: ledger.Plan


def loading(path: Path) -> Load:
    """How a pack file is loaded for its cases: an answer that a case doesn't give is 0."""

    @cache
    def once(interpretations: tuple[tuple[str, str], ...], answers: tuple[tuple[str, str], ...]) -> Pack:
        return load_unanswered(path, dict(interpretations), dict(answers)).pack

    return lambda interpretations, answers: once(tuple(sorted(interpretations.items())), tuple(sorted(answers.items())))


def run(load: Load, cases: tuple[CasePart, ...]) -> list[Finding]:
    """All worked cases of a pack; a case that differs says what was expected and what was found."""
    return [Finding(case.name, tuple(run_one(load, case))) for case in cases]


def run_one(load: Load, part: CasePart) -> list[str]:
    """What differs in one case."""
    try:
        pack = load(part.interpretations, part.answers)
        before = scene(part)
        after = scene(part, part.later.days) if part.later is not None else None
    except Refused as refused:
        return [c.show() for c in refused.complaints]
    except ValueError as error:
        return [_("实例读不懂：{value}").format(value=error)]
    first = judge(part, pack, before, {})
    out = [
        _("{what}：应为 {expected}，判为 {found}").format(what=what, expected=expected, found=found)
        for what, expected, found in differences(first, part.expect)
    ]
    if part.later is not None and after is not None:
        booked = {e.cause: replace(e, entry_id=f"E{n}") for n, e in enumerate(first.plan.entries, 1)}
        out += [
            _("补读之后，{what}：应为 {expected}，判为 {found}").format(what=what, expected=expected, found=found)
            for what, expected, found in differences(judge(part, pack, after, booked), part.later.expect)
        ]
    return out


def judge(part: CasePart, pack: Pack, hall: Scene, booked: Mapping[str, ledger.Entry]) -> Judged:
    """What the judge says of a case; `booked` are the entries that stand already, by cause."""
    results, bench = settle(hall.case, pack, hall.months, hall.as_of)
    today = day_of(hall.as_of)
    concluded = conclude(pack, hall.case, bench.excuses, known_by(results, today), today)
    wanted = [w for r in results for w in r.wanted]
    return Judged(part, results, concluded, ledger.plan(wanted, booked, today, pack.digest))


def differences(judged: Judged, expect: ExpectPart) -> list[tuple[str, str, str]]:
    """What differs between what a case expects and what was judged: what, expected, found, in a clerk's words."""
    part, results, concluded = judged.part, judged.results, judged.concluded
    verdicts = [v.verdict for r in results for v in r.verdicts if v.person == PERSON]
    outcomes = sorted(f"{o.outcome} {o.subject_id} {o.period}" for o in concluded.outcomes)
    ranking = sorted(f"{r.period} {r.subject_id} {r.rank}" for r in concluded.ranks)
    rows: list[tuple[str, object, object, Callable[[str], str]]] = [
        (_("打卡判定"), listed(expect.verdicts), verdicts, words.verdict),
        (_("违规"), listed(expect.violations), violations(results, PERSON, part.window), violation),
        (_("个人扣分"), expect.person, points(results, "person", PERSON), str),
        (_("窗口扣分"), expect.window, points(results, "window", part.window), str),
        (_("后果"), listed(expect.outcomes, ordered=False), outcomes, outcome),
        (_("排名"), listed(expect.ranking, ordered=False), ranking, rank),
        (_("冲回的笔数"), expect.reversals, len(judged.plan.reversals), str),
    ]
    for name, wanted in (expect.others or {}).items():
        what = _("{name} 的违规").format(name=name)
        rows.append((what, list(wanted), violations(results, name, name), violation))
    return [
        (what, said(wanted, word), said(found, word))
        for what, wanted, found, word in rows
        if wanted is not None and wanted != found
    ]


def listed(texts: tuple[str, ...] | None, *, ordered: bool = True) -> list[str] | None:
    """What is expected, in its own order or sorted; None where nothing is."""
    if texts is None:
        return None
    return list(texts) if ordered else sorted(texts)


def violations(results: list[MonthResult], person: str, window: str) -> list[str]:
    """The violations of a person, and those of a window itself, as `kind source` in time order."""

    def theirs(v: Violation) -> bool:
        return v.person == person if v.person else v.window == window

    found = [v for r in results for v in r.violations if theirs(v)]
    return [f"{v.kind} {v.source}" for v in sorted(found, key=lambda v: v.order)]


def points(results: list[MonthResult], account_type: str, account: str) -> Decimal:
    """The sum of an account's entries."""
    return sum(
        (w.points for r in results for w in r.wanted if (w.account_type, w.account_id) == (account_type, account)),
        Decimal(0),
    )


def said(value: object, word: Callable[[str], str]) -> str:
    """A value as a clerk reads it."""
    if isinstance(value, list):
        return "、".join(map(word, value)) or _("无")
    return number(value) if isinstance(value, Decimal) else str(value)


def violation(text: str) -> str:
    """`kind source` in words."""
    kind, _gap, source = text.partition(" ")
    return _("{kind}（{source}）").format(kind=words.kind(kind), source=words.source(source))


def outcome(text: str) -> str:
    """`outcome subject period` in words."""
    code, _gap, rest = text.partition(" ")
    return f"{rest} {words.outcome(code)}"


def rank(text: str) -> str:
    """`period subject rank` in words."""
    rest, _gap, place = text.rpartition(" ")
    return _("{subject} 第 {place} 名").format(subject=rest, place=place)
