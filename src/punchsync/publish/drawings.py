"""The figures of a bulletin, as data: presence by hour, occurrences by day, the ranking of windows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from punchsync.core.hourly import Hours
from punchsync.core.moment import Day, show_day
from punchsync.core.outcome import Rank
from punchsync.core.points import two_places
from punchsync.core.trend import Trend
from punchsync.publish.document import Figure, Part, Section
from punchsync.texts import _

NAMED = 3


def drawn(hours: Hours, trend: Trend | None = None, ranks: Sequence[Rank] = ()) -> tuple[Section, ...]:
    """The section of figures; nothing where there is nothing to draw."""
    parts: list[Part] = []
    if trend is not None and any(value for row in trend.counts for value in row):
        parts += [heat(trend), course(trend)]
    if hours.windows:
        parts.append(coverage(hours))
    windows = [r for r in ranks if r.subject_type == "window"]
    if windows:
        parts.append(ranking(windows))
    return (Section("figures", _("图"), tuple(parts)),) if parts else ()


def heat(trend: Trend) -> Figure:
    """Violations by window and day; those made of others are not counted twice."""
    sums = sorted(((sum(v or 0 for v in row), w) for w, row in zip(trend.windows, trend.counts, strict=True)))
    most = [_("{window} {n} 次").format(window=w, n=n) for n, w in reversed(sums[-NAMED:]) if n]
    return Figure(
        "heat", "heat", _("各窗口违规次数"), trend.windows, steps(trend.steps),
        tuple(tuple(map(_decimal, row)) for row in trend.counts), trend.unknown, _("次"),
        _("违规最多的窗口：{list}。").format(list="、".join(most)) if most else _("没有违规。"),
    )  # fmt: skip


def course(trend: Trend) -> Figure:
    """Late sign-ins and absences over time."""
    late, absent = (sum(v or 0 for v in row) for row in (trend.late, trend.absent))
    return Figure(
        "trend", "trend", _("迟到与旷工的走势"), (_("迟到"), _("旷工半天")), steps(trend.steps),
        (tuple(map(_decimal, trend.late)), tuple(map(_decimal, trend.absent))), (), _("次"),
        _("期间迟到 {late} 次，旷工 {absent} 个半天。").format(late=late, absent=absent),
    )  # fmt: skip


def coverage(hours: Hours) -> Figure:
    """The part of the due time that people were at their windows, in percent, by hour."""
    found = [(v, h, w) for w, row in zip(hours.windows, hours.percent, strict=True)
             for h, v in zip(hours.hours, row, strict=True) if v is not None]  # fmt: skip
    least = min(found, default=None)
    text = (
        _("没有可以算出的时段。")
        if least is None
        else _("最低的是 {window} {hour} 点，{percent}%。").format(window=least[2], hour=least[1], percent=least[0])
    )
    return Figure(
        "coverage", "coverage", _("各时段在岗率"), hours.windows, tuple(_("{h}点").format(h=h) for h in hours.hours),
        tuple(tuple(map(_decimal, row)) for row in hours.percent), hours.unknown, "%", text,
    )  # fmt: skip


def ranking(ranks: Sequence[Rank]) -> Figure:
    """The windows by their scores, best first."""
    best = ranks[0]
    return Figure(
        "ranking", "ranking", _("窗口排名"), tuple(r.subject_id for r in ranks), (_("得分"),),
        tuple((Decimal(two_places(r.score)),) for r in ranks), (), _("分"),
        _("第一名 {window}，{score} 分。").format(window=best.subject_id, score=two_places(best.score)),
    )  # fmt: skip


def steps(spans: Sequence[tuple[Day, Day]]) -> tuple[str, ...]:
    """Days of a month by their number, weeks by their first day."""
    if all(first == last for first, last in spans):
        return tuple(str(int(show_day(first)[8:])) for first, _last in spans)
    return tuple(show_day(first)[5:] for first, _last in spans)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
