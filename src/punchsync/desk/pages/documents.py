"""Records for the file: the attendance grid, the sheet to sign, the director's month, a leave slip, a letter.

Each is shown as a page, and made in its forms when one is asked for: behind the page where that takes a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Response

from punchsync.bootstrap import documents
from punchsync.bootstrap.documents import Paper
from punchsync.bootstrap.issuing import House
from punchsync.bootstrap.pressing import PressFailed
from punchsync.core.attendance_grid import Line
from punchsync.core.checkpoint import Sealed
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.behind import Behind, Step, behind
from punchsync.desk.leave.write import story_of
from punchsync.desk.pages.person import beside, month_asked
from punchsync.desk.room import Room
from punchsync.operations.documents.letter import NoOutcome, NotConfirmed
from punchsync.operations.documents.months import NotSettled, NoWindow
from punchsync.operations.documents.slip import NoLeave
from punchsync.operations.outcomes import Stated, stated
from punchsync.problems import Refused
from punchsync.publish.forms import FORMS
from punchsync.publish.issued import page_of
from punchsync.publish.page import is_grid
from punchsync.publish.pressed import Pressed
from punchsync.sealed_words import sealed_words
from punchsync.texts import _

room = Room()
WAIT: Final = 1.5
"""Seconds that a file is waited for before the page says that it is being made."""
WORK: Final = "document"


@room.get("/documents/attendance", Right.WINDOW_SEE, "document attendance")
def attendance(ask: Ask) -> Response:
    """The attendance grid of a month, of the windows and people within reach."""
    month, window = month_and_window(ask)
    return monthly(ask, month, window, lambda: documents.attendance(ask.hall, month, window, partial(reached, ask)))


@room.get("/documents/sign-off", Right.WINDOW_SEE, "document sign-off")
def sign_off(ask: Ask) -> Response:
    """The sheet to sign before a month is closed."""
    month, window = month_and_window(ask)
    site = ask.desk.site.folder
    return monthly(ask, month, window, lambda: documents.sign_off(ask.hall, site, month, window, partial(reached, ask)))


@room.get("/documents/month", Right.LEDGER_SEE, "document month")
def month(ask: Ask) -> Response:
    """The director's month: of the whole hall."""
    asked = month_asked(ask)
    ask.about["month"] = asked
    return monthly(ask, asked, "", lambda: documents.month(ask.hall, asked))


@room.get("/documents/slip", Right.LEAVE_SEE, "document slip")
def slip(ask: Ask) -> Response:
    """The slip of a leave within reach."""
    id = story_of(ask, ask.query("leave")).latest["leave_id"]
    try:
        paper = documents.slip_of(ask.hall, id)
    except NoLeave:
        raise Missing(id) from None
    return answered(ask, paper, {"leave": id}, back=f"/leave/{id}")


@room.get("/documents/letter", Right.OUTCOME_DECIDE, "document letter")
def letter(ask: Ask) -> Response:
    """The letter on a confirmed outcome as it was issued, or as it would be; files only of one that was issued."""
    row = outcome_of(ask)
    return lettered(ask, row, lambda: documents.letter_draft(ask.hall, ask.desk.site.folder, row.id))


@room.post("/documents/letter", Right.OUTCOME_DECIDE, "document letter issue")
def issue(ask: Ask) -> Response:
    """Issue the letter: it gets its number, once."""
    row = outcome_of(ask)
    try:
        paper = documents.letter_issued(ask.hall, ask.desk.site.folder, row.id)
    except (NotConfirmed, Sealed, Refused):
        return lettered(ask, row, lambda: documents.letter_draft(ask.hall, ask.desk.site.folder, row.id))
    said = _("已发函，第 {number} 号。").format(number=paper.edition.number)
    return ask.to(f"/documents/letter?{urlencode({'outcome': row.id})}", said)


def month_and_window(ask: Ask) -> tuple[str, str]:
    """The month and the window of the address (empty: all within reach), noted for the audit."""
    asked, window = month_asked(ask), ask.query("window")
    ask.about["month"] = asked
    return asked, ask.window(window) if window else ""


def reached(ask: Ask, line: Line) -> bool:
    """Whether a line is within reach."""
    return ask.reach.window(line.window) and ask.reach.person(line.person)


def outcome_of(ask: Ask) -> Stated:
    """The outcome of the address or the form, noted for the audit."""
    id = ask.form.one("outcome") or ask.query("outcome")
    ask.about["outcome"] = id
    with ask.hall.store.reading() as work:
        found = next((row for row in stated(work) if row.id == id), None)
    if found is None:
        raise Missing(id)
    return found


def monthly(ask: Ask, month: str, window: str, make: Callable[[], Paper]) -> Response:
    """A month's paper, or why there is none."""
    address = {"month": month, **({"window": window} if window else {})}
    here: dict[str, Any] = {
        "month": month, "window": window, "before": beside(month, -1), "after": beside(month, 1),
    }  # fmt: skip
    try:
        return answered(ask, make(), address, back="/windows", **here)
    except NotSettled:
        why = _("{month} 还没有核算过，没有可写的。").format(month=month)
    except NoWindow:
        why = _("{month} 没有人派在这个窗口。").format(month=month)
    except Sealed as sealed:
        why = sealed_words(sealed)
    except Refused as refused:
        why = "；".join(c.show() for c in refused.complaints)
    return ask.page("documents/paper.html", why=why, back="/windows", **bare(ask), **here)


def lettered(ask: Ask, row: Stated, make: Callable[[], Paper]) -> Response:
    """A letter's page, or why there is no letter."""
    back = f"/outcomes?{urlencode({'period': row.outcome.period})}#{row.id}"
    try:
        return answered(ask, make(), {"outcome": row.id}, back=back, outcome=row.id)
    except NotConfirmed:
        why = _("这项后果还没有确认，不能发函。")
    except NoOutcome:
        raise Missing(row.id) from None
    except Sealed as sealed:
        why = sealed_words(sealed)
    except Refused as refused:
        why = "；".join(c.show() for c in refused.complaints)
    return ask.page("documents/paper.html", 422, why=why, back=back, **bare(ask))


def bare(ask: Ask) -> dict[str, Any]:
    """The words of a page without a paper."""
    return {"paper": None, "forms": (), "address": "", "kind": ask.request.url.path.rpartition("/")[2]}


def answered(ask: Ask, paper: Paper, address: dict[str, str], back: str, **words: Any) -> Response:
    """A paper as a page; as a file where the address names a form."""
    path = f"{ask.request.url.path}?{urlencode(address)}"
    form = ask.query("form")
    issued = paper.document.kind != "letter" or bool(paper.edition.number)
    if form:
        if form not in FORMS or not issued:
            raise Missing(form)
        ask.about["form"] = form
        return file(ask, paper, form, path)
    shown = {
        **bare(ask),
        "paper": page_of(paper.document, paper.edition),
        "head": paper.document.letterhead,
        "address": path,
        "back": back,
        **words,
    }
    first = documents.FORMS[paper.document.kind]
    forms = (*first, *(f for f in FORMS if f not in first)) if issued else ()
    return ask.page(
        "documents/paper.html", why="", is_grid=is_grid, **shown | {"forms": forms},
        provisional=paper.document.provisional, number=paper.edition.number,
    )  # fmt: skip


def file(ask: Ask, paper: Paper, form: str, path: str) -> Response:
    """A paper in one form; a page that asks again while it is being made."""
    owner = ask.session.digest if ask.session else ""
    kept: Behind = behind(ask.desk, WORK)
    job, key = kept.of(owner), (path, form)
    if job is None or job.key != key:
        if not kept.begin(owner, key, partial(printed, ask.desk.site.house(), paper, form)):
            return ask.to(path, _("正在做的文书太多，请过一会儿再试。"))
        job = kept.of(owner)
    until = time.monotonic() + WAIT
    while job is not None and not job.ended and time.monotonic() < until:
        time.sleep(0.05)
    if job is None or not job.ended:
        response = ask.page("documents/waiting.html", 202, form=form, path=path)
        response.headers["refresh"] = "2"
        return response
    kept.drop(owner)
    if isinstance(job.error, PressFailed):
        return ask.to(path, str(job.error))
    if job.error is not None:
        raise job.error
    made: Pressed = job.result
    if form in made.failed:
        return ask.to(path, _("没有做成 {form}：{reason}").format(form=form, reason=made.failed[form]))
    return ask.download(made.files[form], f"{paper.name}.{form}", FORMS[form].media)


def printed(house: House, paper: Paper, form: str, step: Step) -> Pressed:
    """The work itself."""
    return documents.printed(house, paper, [form])
