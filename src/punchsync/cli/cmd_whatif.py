"""`punchsync whatif`: who would gain or lose what under other rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, in_order, on_site, open_site, progress, say_json, table, timed
from punchsync.cli.ending import USAGE, Ending, complain
from punchsync.core.moment import Day, Moment, show_moment
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import kind

if TYPE_CHECKING:
    from punchsync.core.outcome import Outcome
    from punchsync.operations.what_if import WhatIf


@click.command("whatif", help=verbs()["whatif"])
@click.option("--pack", required=True, metavar=_("规则包"), help=_("另一套规则：随产品发布的编号，或规则包文件"))
@click.option("--from", "first", type=DAY, required=True, metavar="YYYY-MM-DD", help=_("从这一天所在的月起"))
@click.option("--to", "last", type=DAY, required=True, metavar="YYYY-MM-DD", help=_("到这一天所在的月止"))
@click.option("--answer", "answers", multiple=True, metavar="KEY=VALUE", help=_("另一套规则的原文留空、要答复的事项"))
@timed
@on_site
def command(
    site: Path, as_json: bool, as_of: Moment | None, pack: str, first: Day, last: Day, answers: tuple[str, ...]
) -> int:
    """Judges the same records by both packs, as known at the last settle (or `--as-of`), and stores nothing."""
    from punchsync.operations.what_if import what_if
    from punchsync.packs.load import load_other
    from punchsync.packs.shelf import find

    in_order(first, last)
    if any("=" not in a for a in answers):
        raise Ending(USAGE, [_("--answer 应写作 KEY=VALUE")])
    with open_site(site, as_of) as opened, progress(_("试算")) as advance:
        hall = opened.settings.hall
        path = Path(pack) if Path(pack).is_file() else find(pack, site)
        other = load_other(path, hall.interpretations, {**hall.answers, **dict(a.split("=", 1) for a in answers)})
        moment = as_of
        if moment is None:
            with opened.store.reading() as work:
                moment = work.runs.settled_as_of()
        found = what_if(opened.hall, other.pack, opened.clock.now() if moment is None else moment, first, last, advance)
    if as_json:
        say_json(as_object(found, opened.hall.pack.id, other.pack.id))
    else:
        for line in lines(found, opened.hall.pack.name, other.pack.name):
            click.echo(line)
    if found.unknown_shifts:
        complain([_("另一套规则没有排班所用的班次：{names}").format(names="、".join(found.unknown_shifts))])
        return 1
    return 0


def lines(found: WhatIf, now: str, then: str) -> list[str]:
    """Both comparisons as tables, and the outcomes that come and go."""
    head = _("{now} → {then}，{months}，依据截至 {as_of} 的记录；只比较，不改动").format(
        now=now, then=then, months="、".join(found.months) or _("没有可比的月份"), as_of=show_moment(found.as_of)
    )
    out = [head, ""]
    who = {"person": _("个人"), "window": _("窗口")}
    if found.points:
        rows = []
        for c in found.points:
            difference = signed(c.then - c.now)
            rows.append([who[c.account_type], *c[1:4], number(c.now), number(c.then), difference])
        out += [_("分值（按账户与条款）")]
        out += table([_("账户"), _("名称"), _("规则"), _("条款"), _("现"), _("改后"), _("增减")], rows)
        sums: dict[tuple[str, str], Any] = {}
        for c in found.points:
            place = (c.account_type, c.account_id)
            sums[place] = sums.get(place, 0) + c.then - c.now
        out += ["", _("合计（多扣为负，少扣为正）")]
        out += [f"  {who[type]} {id}  {signed(points)}" for (type, id), points in sorted(sums.items())]
    else:
        out += [_("分值没有不同")]
    out.append("")
    if found.violations:
        out += [_("违规次数（按条款）")]
        out += table(
            [_("对象"), _("名称"), _("违规"), _("条款"), _("现"), _("改后")],
            [
                [who[s.subject_type], s.subject_id, kind(s.kind), s.article, str(s.now), str(s.then)]
                for s in found.violations
            ],
        )
    else:
        out += [_("违规没有不同")]
    for title, outcomes in ((_("将新增的后果"), found.gained), (_("将不再有的后果"), found.lost)):
        if outcomes:
            out += ["", title]
            out += [f"  {o.period} {who[o.subject_type]} {o.subject_id}：{o.rule}〔{o.article}〕" for o in outcomes]
    return out


def signed(points: Any) -> str:
    """A difference of points with its sign."""
    return f"+{number(points)}" if points > 0 else number(points)


def as_object(found: WhatIf, now: str, then: str) -> dict[str, Any]:
    """The comparison as JSON."""

    def said(outcomes: tuple[Outcome, ...]) -> list[dict[str, str]]:
        names = ("period", "subject_type", "subject_id", "outcome", "count", "rule", "article")
        return [dict(zip(names, (*o[:4], number(o.counted), *o[5:7]), strict=True)) for o in outcomes]

    return {
        "pack": now,
        "other": then,
        "as_of": show_moment(found.as_of),
        "months": list(found.months),
        "points": [c._asdict() | {"now": number(c.now), "then": number(c.then)} for c in found.points],
        "violations": [s._asdict() for s in found.violations],
        "outcomes_gained": said(found.gained),
        "outcomes_lost": said(found.lost),
        "unknown_shifts": list(found.unknown_shifts),
    }
