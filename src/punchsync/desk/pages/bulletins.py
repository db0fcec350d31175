"""Bulletins: those that were issued, what one would say now, and issuing it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import structlog
from fastapi import Response

from punchsync.bootstrap.issuing import FOLDER, House, NotSettled, content, edition, publish
from punchsync.bootstrap.pressing import PressFailed
from punchsync.bootstrap.printing import in_forms
from punchsync.core.checkpoint import Sealed
from punchsync.core.moment import Day, day_of, parse_day, show_day
from punchsync.core.sought import Issued
from punchsync.core.summary import KINDS, named
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.behind import Behind, Job, Step, behind
from punchsync.desk.room import Room
from punchsync.problems import Refused
from punchsync.publish.document import Document, Edition
from punchsync.publish.forms import FORMS
from punchsync.publish.issued import document_of, page_of
from punchsync.publish.level import LEVELS, at_level
from punchsync.publish.page import Page, is_grid
from punchsync.sealed_words import sealed_words
from punchsync.texts import _
from punchsync.words import bulletin

if TYPE_CHECKING:
    from punchsync.operations.hall import Hall

room = Room()
log = structlog.get_logger("punchsync.desk")
ROWS: Final = 50
ALL_KINDS: Final = ("daily", *KINDS)
PREVIEW: Final = "preview"


class Wanted(NamedTuple):
    """The bulletin that a form asks for, and what is wrong with the form."""

    kind: str
    date: str
    day: Day
    problems: dict[str, str]


@room.get("/bulletins", Right.BULLETIN_SEE)
def show(ask: Ask) -> Response:
    """Those that were issued, the newest first; for who may publish, the form."""
    return listed(ask)


@room.get("/bulletins/preview", Right.BULLETIN_PUBLISH, "bulletin preview")
def preview(ask: Ask) -> Response:
    """What a bulletin would say now; written behind the page."""
    wanted = wanted_of(ask, ask.query("kind"), ask.query("date"))
    if wanted.problems:
        return listed(ask, wanted)
    key = (wanted.kind, named_of(wanted), ask.known.settled)
    job = shelf(ask).of(owner(ask))
    if job is None or job.key != key or job.error is not None:
        work = partial(written, ask.hall, wanted.kind, wanted.day, ask.desk.site.house())
        if not shelf(ask).begin(owner(ask), key, work):
            wanted.problems["kind"] = _("正在生成的预览太多，请过一会儿再试。")
            return listed(ask, wanted)
        job = shelf(ask).of(owner(ask))
    return ask.page("bulletins/preview.html", wanted=wanted, period=named_of(wanted), **state(job))


@room.get("/bulletins/preview/part", Right.BULLETIN_PUBLISH)
def part(ask: Ask) -> Response:
    """The preview, or that it is not ready yet."""
    job = shelf(ask).of(owner(ask))
    if job is None:
        raise Missing(PREVIEW)
    return ask.page("bulletins/part.html", **state(job))


@room.post("/bulletins/publish", Right.BULLETIN_PUBLISH, "bulletin")
def issue(ask: Ask) -> Response:
    """Issue a bulletin, as the command does."""
    wanted = wanted_of(ask, ask.form.one("kind"), ask.form.one("date"))
    if wanted.problems:
        return listed(ask, wanted)
    try:
        house = ask.desk.site.house()
        done = publish(ask.hall, wanted.kind, wanted.day, ask.desk.site.folder / FOLDER, house=house)
    except NotSettled:
        wanted.problems["date"] = _("还没有核算到 {day}，没有可通报的。").format(day=wanted.date)
    except Sealed as sealed:
        wanted.problems["date"] = sealed_words(sealed)
    except Refused as refused:
        wanted.problems["kind"] = "；".join(c.show() for c in refused.complaints)
    except OSError as error:
        log.error("bulletin_unwritten", error=error.strerror)
        wanted.problems["kind"] = _("写不了通报文件（{error}），没有发布；请管理员检查磁盘与权限。").format(
            error=error.strerror
        )
    if wanted.problems:
        return listed(ask, wanted)
    period = named_of(wanted)
    said = _("{what} {period} 第 {number} 号已发布。").format(
        what=bulletin(wanted.kind), period=period, number=done.number
    )
    said += _("还有不清楚的考勤点，或期间未完，本期为暂定。") if done.provisional else ""
    return ask.to(f"/bulletins/{wanted.kind}/{period[:4]}/{done.number}", said)


@room.get("/bulletins/{kind}/{year}/{number}", Right.BULLETIN_SEE, "bulletin show")
def one(ask: Ask) -> Response:
    """A bulletin as it was issued."""
    issued, document, here = found(ask)
    return ask.page(
        "bulletins/one.html",
        issued=issued,
        head=here.anchor,
        paper=None if document is None else page_of(at_level(document, level_of(ask)), here),
        is_grid=is_grid,
        provisional=document is not None and document.provisional,
        forms=FORMS,
    )


@room.get("/bulletins/{kind}/{year}/{number}/{form}", Right.BULLETIN_SEE, "bulletin download")
def keep(ask: Ask) -> Response:
    """The same in one of its forms, at the form's publication level or what the reader may see, whichever is less."""
    issued, document, here = found(ask)
    form = ask.path("form")
    if form not in FORMS or document is None:
        raise Missing(form)
    house = ask.desk.site.house()
    level = max(house.levels[form], level_of(ask), key=LEVELS.index)
    back = f"/bulletins/{issued.kind}/{issued.year}/{issued.number}"
    try:
        made = in_forms(house, document, here, [form], level)
    except PressFailed as error:
        return ask.to(back, str(error))
    if form in made.failed:
        return ask.to(back, _("没有做成 {form}：{reason}").format(form=form, reason=made.failed[form]))
    return ask.download(made.files[form], f"{issued.kind}-{issued.period}-{issued.number}.{form}", FORMS[form].media)


def level_of(ask: Ask) -> str:
    """The publication level of what somebody reads at the desk: the office's own is full, others' as the hall says."""
    return "full" if ask.reach.people is None else ask.desk.site.settings.bulletin.desk


def found(ask: Ask) -> tuple[Issued, Document | None, Edition]:
    """The bulletin of an address and where it stands; no document of one that was erased. Raises Missing."""
    kind, year, number = ask.path("kind"), ask.path("year"), ask.path("number")
    ask.about["bulletin"] = f"{kind}/{year}/{number}"
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Missing(number)
    with ask.hall.store.reading() as work:
        there = work.papers.bulletin(kind, year, int(number)) if kind in ALL_KINDS else None
        if there is None:
            raise Missing(number)
        here = edition(ask.hall, work, kind, year, int(number))
    issued, text = there
    return issued, document_of(text, ask.hall.name, kind, issued.period) if issued.whole else None, here


def listed(ask: Ask, wanted: Wanted | None = None) -> Response:
    """The list, with the form as it was filled in where something is wrong with that."""
    kind = ask.query("of")
    page = max(int(ask.query("page")), 1) if ask.query("page").isdecimal() and len(ask.query("page")) < 6 else 1
    with ask.hall.store.reading() as work:
        rows = work.papers.issued(kind, ROWS + 1, (page - 1) * ROWS)
    day = day_of(ask.now if ask.known.settled is None else ask.known.settled)
    return ask.page(
        "bulletins/list.html",
        422 if wanted else 200,
        rows=[row for row in rows[:ROWS] if row.kind in ALL_KINDS],
        of=kind,
        kinds=[(k, bulletin(k)) for k in ALL_KINDS],
        page=page,
        more=len(rows) > ROWS,
        wanted=wanted or Wanted("daily", show_day(day), day, {}),
    )


def wanted_of(ask: Ask, kind: str, date: str) -> Wanted:
    """What a form asks for, noted for the audit."""
    problems: dict[str, str] = {}
    if kind not in ALL_KINDS:
        allowed = "、".join(bulletin(k) for k in ALL_KINDS)
        problems["kind"] = _("没有这一种通报；可以是：{allowed}").format(allowed=allowed)
    try:
        day = parse_day(date)
    except ValueError:
        day = 0
        problems["date"] = _("写的是 {value}，应为日期，如 2026-11-20").format(value=date)
    wanted = Wanted(kind, date, day, problems)
    if not problems:
        ask.about.update(kind=kind, period=named_of(wanted))
    return wanted


def named_of(wanted: Wanted) -> str:
    """The name of the period that is asked for."""
    return show_day(wanted.day) if wanted.kind == "daily" else named(wanted.kind, wanted.day)


def written(hall: Hall, kind: str, day: Day, house: House, step: Step) -> tuple[Page, bool]:
    """What a bulletin would say now, and whether it would be provisional."""
    document, _violations, _unknown = content(hall, kind, day, house)
    return page_of(document), document.provisional


def state(job: Job | None) -> dict[str, Any]:
    """How far a preview is: words for its template."""
    if job is None or not job.ended:
        return {"ready": False, "failed": False, "paper": None, "provisional": False, "is_grid": is_grid}
    paper, provisional = job.result or (None, False)
    return {
        "ready": True, "failed": job.error is not None, "paper": paper, "provisional": provisional, "is_grid": is_grid,
    }  # fmt: skip


def shelf(ask: Ask) -> Behind:
    """Where previews are kept."""
    return behind(ask.desk, PREVIEW)


def owner(ask: Ask) -> str:
    """The login that a preview is for."""
    return ask.session.digest if ask.session else ""
