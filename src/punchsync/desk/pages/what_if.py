"""A trial of other rules: the same records judged twice, behind the page; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fastapi import Response

from punchsync.core.checkpoint import Sealed
from punchsync.core.moment import Moment, day_of
from punchsync.core.period import days_of_month, months_between, period_of
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.behind import Behind, Job, Step, behind
from punchsync.desk.drawn.bars import bars
from punchsync.desk.drawn.gains import Gain, gains, rows
from punchsync.desk.pages.ledger import span
from punchsync.desk.room import Room
from punchsync.desk.rules.cited import cited
from punchsync.desk.rules.other import otherwise, uploaded
from punchsync.desk.tables import download
from punchsync.operations.what_if import WhatIf, what_if
from punchsync.problems import Refused
from punchsync.sealed_words import sealed_words
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.core.rules import Pack
    from punchsync.operations.hall import Hall

room = Room()
SHELF: Final = "what_if"
MONTHS: Final = 12
"""Months that are judged at once."""
DRAWN: Final = 20
"""Accounts in the chart, and in each of the page's tables at first."""
SHOWN: Final = 200
READING, ANSWER = "i.", "a."


class Asked(NamedTuple):
    """What a trial is about: months, and where the other rules come from."""

    first: str
    last: str
    source: str


class Typed(NamedTuple):
    """The form as filled in, and what is wrong with it."""

    first: str
    last: str
    readings: Mapping[str, str]
    answers: Mapping[str, str]
    more: str
    problems: dict[str, str]
    complaints: list[str]


@room.get("/rules/what-if", Right.WHAT_IF)
def show(ask: Ask) -> Response:
    """The form, and the trial that is under way or done."""
    month = period_of(day_of(settled(ask)), "month")
    site = ask.desk.site
    readings = {i.id: i.value for i in site.loaded.pack.interpretations}
    return form(ask, Typed(month, month, readings, dict(site.settings.hall.answers), "", {}, []))


@room.post("/rules/what-if", Right.WHAT_IF, "whatif")
def begin(ask: Ask) -> Response:
    """Begin a trial in the place of the last one."""
    typed = typed_of(ask)
    other = None if typed.problems else other_of(ask, typed)
    if other is None:
        return form(ask, typed)
    pack, source = other
    ask.about.update(first=typed.first, last=typed.last)
    work = partial(tried, ask.hall, pack, settled(ask), typed.first, typed.last)
    if not shelf(ask).begin(owner(ask), Asked(typed.first, typed.last, source), work):
        typed.problems["first"] = _("正在试算的太多，请过一会儿再试。")
        return form(ask, typed)
    return ask.to("/rules/what-if")


@room.get("/rules/what-if/part", Right.WHAT_IF)
def part(ask: Ask) -> Response:
    """How far the trial is, or what came of it."""
    return ask.page("what_if/part.html", **state(ask))


@room.post("/rules/what-if/stop", Right.WHAT_IF, "whatif stop")
def stop(ask: Ask) -> Response:
    """End the trial, or forget its result."""
    shelf(ask).drop(owner(ask))
    return ask.to("/rules/what-if")


@room.get("/rules/what-if/download", Right.WHAT_IF, "whatif download")
def keep(ask: Ask) -> Response:
    """The table of a trial, or its chart."""
    job = shelf(ask).of(owner(ask))
    if job is None or job.result is None:
        raise Missing(SHELF)
    asked, found, what = job.key, job.result, ask.query("form")
    ask.about.update(first=asked.first, last=asked.last)
    name = f"what-if-{asked.first}-{asked.last}"
    if what == "svg":
        text = ask.desk.render("what_if/chart.svg", ask=ask, chart=state(ask)["chart"])
        return ask.download(text.encode(), f"{name}.svg", "image/svg+xml")
    heads = [_("账户"), _("编号"), _("姓名"), _("规则"), _("条款"), _("现"), _("改后"), _("增减")]
    return download(ask, what, name, heads, rows(found, ask.known.people))


def tried(hall: Hall, other: Pack, as_of: Moment, first: str, last: str, step: Step) -> WhatIf:
    """The trial itself."""
    return what_if(hall, other, as_of, days_of_month(first)[0], days_of_month(last)[-1], step)


def typed_of(ask: Ask) -> Typed:
    """The form as sent."""
    values = ask.form.values
    typed = Typed(
        ask.form.one("first"),
        ask.form.one("last"),
        {k.removeprefix(READING): ask.form.one(k) for k in values if k.startswith(READING)},
        {k.removeprefix(ANSWER): ask.form.one(k) for k in values if k.startswith(ANSWER)},
        ask.form.one("answers"),
        {},
        [],
    )
    spans = {"first": span(typed.first), "last": span(typed.last)}
    for name, days in spans.items():
        if days is None:
            found = typed.first if name == "first" else typed.last
            typed.problems[name] = _("写的是 {value}，应为年月，如 2026-11").format(value=found)
    begins, ends = spans["first"], spans["last"]
    if begins and ends and begins > ends:
        typed.problems["last"] = _("止月早于起月")
    elif begins and ends and len(months_between(begins[0], ends[1])) > MONTHS:
        typed.problems["last"] = _("一次最多试算 {n} 个月").format(n=MONTHS)
    if any("=" not in line for line in typed.more.splitlines() if line.strip()):
        typed.problems["answers"] = _("每行应写作 编号=答复")
    return typed


def other_of(ask: Ask, typed: Typed) -> tuple[Pack, str] | None:
    """The other rules and where they come from; None with the complaints added to what is wrong."""
    file = ask.form.file("pack")
    try:
        if file is not None:
            pairs = (line.split("=", 1) for line in typed.more.splitlines() if line.strip())
            loaded = uploaded(ask.desk.site, file.name, file.data, {k.strip(): v.strip() for k, v in pairs})
            return loaded.pack, _("上传的规则包 {name}").format(name=loaded.pack.name)
        loaded = otherwise(ask.desk.site, typed.readings, typed.answers)
    except Refused as refused:
        places = {f"hall.interpretations.{k}": READING + k for k in typed.readings}
        places |= {f"hall.answers.{k}": ANSWER + k for k in typed.answers}
        for complaint in refused.complaints:
            if file is None and complaint.key in places:
                typed.problems[places[complaint.key]] = complaint.show()
            else:
                typed.complaints.append(complaint.show())
        return None
    if loaded.pack.digest == ask.hall.pack.digest:
        typed.complaints.append(_("没有改动：请改写一条解释或答复，或上传另一个规则包。"))
        return None
    return loaded.pack, _("改写解释或答复")


def form(ask: Ask, typed: Typed) -> Response:
    """The page."""
    site = ask.desk.site
    return ask.page(
        "what_if/show.html",
        422 if typed.problems or typed.complaints else 200,
        typed=typed,
        choices=site.loaded.pack.interpretations,
        replies=site.loaded.file.answer,
        most=MONTHS,
        **state(ask),
    )


def state(ask: Ask) -> dict[str, Any]:
    """How far the trial is: words for its template."""
    job = shelf(ask).of(owner(ask))
    words: dict[str, Any] = {"job": job, "found": None, "why": "" if job is None else why(job)}
    if job is None or job.result is None:
        return words
    found: WhatIf = job.result
    people = gains(c for c in found.points if c.account_type == "person")
    windows = gains(c for c in found.points if c.account_type == "window")
    return {
        **words,
        "found": found,
        "people": people,
        "windows": windows,
        "shown": SHOWN,
        "lose": sum(1 for g in people if g.difference < 0),
        "win": sum(1 for g in people if g.difference > 0),
        "total": sum((g.difference for g in people), Decimal(0)),
        "chart": chart(ask, people or windows),
        "cited": cited,
    }


def chart(ask: Ask, found: list[Gain]) -> Any:
    """The accounts that would change most, as bars, those that lose most above."""
    most = sorted(found, key=lambda g: -abs(g.difference))[:DRAWN]
    return bars(
        (ask.known.name(g.account_id) if g.account_type == "person" else g.account_id, g.difference)
        for g in sorted(most, key=lambda g: g.difference)
        if g.difference
    )


def why(job: Job) -> str:
    """Why a trial failed; empty where it didn't."""
    if isinstance(job.error, Sealed):
        return sealed_words(job.error)
    return "" if job.error is None else _("试算没有完成；请重试，仍不行时请管理员查看日志。")


def settled(ask: Ask) -> Moment:
    """As of when a trial judges: the last settle."""
    return ask.now if ask.known.settled is None else ask.known.settled


def shelf(ask: Ask) -> Behind:
    """Where trials are kept."""
    return behind(ask.desk, SHELF)


def owner(ask: Ask) -> str:
    """The login that a trial is for."""
    return ask.session.digest if ask.session else ""
