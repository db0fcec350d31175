"""`punchsync calendar`: which years are known and by whose word, and what a date is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, EVERYWHERE, on_site, open_site, say_json, table
from punchsync.cli.ending import BAD_INPUT, USAGE, Ending
from punchsync.core.moment import Day, show_day, to_date
from punchsync.core.moment import weekday as number_of
from punchsync.round_words import unpublished_line
from punchsync.texts import _
from punchsync.words import weekday

if TYPE_CHECKING:
    from punchsync.operations.calendar import Known, Own, What, Year


@click.command("calendar", help=verbs()["calendar"])
@click.argument("day", type=DAY, required=False, metavar=_("[日期]"))
@click.option("--year", type=click.IntRange(1900, 9999), metavar="YYYY", help=_("这一年的放假、调休与本大厅的改动"))
@on_site
def command(site: Path, as_json: bool, day: Day | None, year: int | None) -> None:
    """Status 3 for a date or year that is neither published nor covered by the hall's calendar."""
    from punchsync.operations.calendar import years

    if day is not None and year is not None:
        raise Ending(USAGE, [_("日期与 --year 只写一个")])
    known = of_site(site)
    found = years(known)
    asked = to_date(day).year if day is not None else year
    if asked is not None and asked not in {y.year for y in found}:
        raise Ending(BAD_INPUT, [unpublished_line([asked]), years_line(found)])
    if day is not None:
        tell_day(known, day, as_json)
    elif year is not None:
        tell_year(known, next(y for y in found if y.year == year), as_json)
    else:
        tell_years(found, as_json)


def of_site(site: Path) -> Known:
    """The site's calendar; without a site, the published one."""
    from punchsync.bootstrap.rules import published
    from punchsync.operations.calendar import of_hall, of_rows
    from punchsync.settings import FILE

    if site == EVERYWHERE and not (site / FILE).is_file():
        return of_rows(published(), ())
    with open_site(site) as opened:
        return of_hall(opened.hall)


def years_line(found: list[Year]) -> str:
    """Which years are known."""
    numbers = [y.year for y in found if y.published]
    own = [str(y.year) for y in found if not y.published]
    line = _("已公布的年份：{first}–{last}").format(first=numbers[0], last=numbers[-1])
    return line + (_("；本大厅另导入了 {years} 年").format(years="、".join(own)) if own else "")


def tell_day(known: Known, day: Day, as_json: bool) -> None:
    """What a date is and why."""
    from punchsync.operations.calendar import what

    found = what(known, day)
    if as_json:
        say_json({"date": show_day(day), "kind": found.kind, "why": found.why, "note": found.note})
        return
    text = _("{date}（{weekday}）：{kind}，{why}")
    click.echo(
        text.format(date=show_day(day), weekday=weekday(number_of(day)), kind=kind(found.kind), why=reason(found))
    )


def tell_year(known: Known, year: Year, as_json: bool) -> None:
    """A year's days off and make-up days, and the hall's rows in it."""
    from punchsync.operations.calendar import notice

    off, makeup = notice(known.calendar, year.year)
    if as_json:
        spans = [{"from": show_day(a), "to": show_day(b)} for a, b in off]
        say_json({**year_json(year), "holidays": spans, "makeup": [show_day(d) for d in makeup]})
        return
    if year.published:
        click.echo(_("{year} 年，已公布：放假 {off} 天，调休上班 {makeup} 天").format(
            year=year.year, off=year.off, makeup=year.makeup
        ))  # fmt: skip
        rows = [[_("放假"), show_day(a) if a == b else f"{show_day(a)} – {show_day(b)}"] for a, b in off]
        rows += [[_("调休上班"), f"{show_day(d)}（{weekday(number_of(d))}）"] for d in makeup]
        for label, text in rows:
            click.echo(f"  {label}  {text}")
    else:
        click.echo(_("{year} 年，没有公布，按本大厅导入的日历").format(year=year.year))
    tell_own(year.own)


def tell_years(found: list[Year], as_json: bool) -> None:
    """Every known year in numbers, then the hall's rows."""
    if as_json:
        say_json({"years": [year_json(y) for y in found]})
        return
    head = [_("年"), _("来源"), _("放假天数"), _("调休上班天数"), _("本大厅改动")]
    rows = [
        [
            str(y.year), _("已公布") if y.published else _("本大厅导入"),
            str(y.off) if y.published else "", str(y.makeup) if y.published else "", str(len(y.own) or ""),
        ]
        for y in found
    ]  # fmt: skip
    for line in table(head, rows):
        click.echo(line)
    tell_own([r for y in found for r in y.own])


def tell_own(rows: list[Own] | tuple[Own, ...]) -> None:
    """The hall's rows."""
    if not rows:
        return
    click.echo("")
    click.echo(_("本大厅的日历："))
    for r in rows:
        click.echo(f"  {show_day(r.day)}（{weekday(number_of(r.day))}）  {kind(r.kind)}  {r.note}".rstrip())


def year_json(y: Year) -> dict[str, Any]:
    """A year as JSON."""
    own = [{"date": show_day(r.day), "kind": r.kind, "note": r.note} for r in y.own]
    return {"year": y.year, "published": y.published, "days_off": y.off, "makeup_days": y.makeup, "hall": own}


def kind(code: str) -> str:
    """What a date is."""
    return {
        "work": _("工作日"),
        "off": _("休息日"),
        "am_off": _("工作日，上午休息"),
        "pm_off": _("工作日，下午休息"),
    }.get(code, code)


def reason(found: What) -> str:
    """Why a date is what it is."""
    if found.why == "hall":
        note = _("（{note}）").format(note=found.note) if found.note else ""
        return _("按本大厅的日历{note}").format(note=note)
    return {
        "makeup": _("国务院公布的调休上班"),
        "holiday": _("国务院公布的放假"),
        "weekend": _("周末"),
        "weekday": _("平常日子"),
    }[found.why]
