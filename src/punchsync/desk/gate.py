"""Every way passes here: who it is, whether he may, whether the form is ours, and the line in the audit.

A denied request is noted, too. An action that is refused changes nothing: all checks come before the handler.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from punchsync.access import FOLDER, Access, write
from punchsync.desk.access.client import client_of
from punchsync.desk.access.rights import Right, may
from punchsync.desk.access.sessions import BEFORE, COOKIE, current, same
from punchsync.desk.access.throttle import READS, WRITES
from punchsync.desk.ask import NO_FORM, Ask, Denied, Form, Missing, Upload
from punchsync.desk.board_door import board_open
from punchsync.desk.room import Way
from punchsync.logs import trouble
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.desk.desk import Desk

TOKEN: Final = "csrf"  # noqa: S105 - the name of a field
HEADER: Final = "x-csrf-token"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may use: our own files, and pictures that a style sheet of ours has in it."""
FIELDS: Final = 2000
"""Fields and files of a form at most; a roster's grid has some hundreds."""
log = structlog.get_logger("punchsync.desk")


def endpoint(desk: Desk, way: Way) -> Callable[[Request], Any]:
    """The function that answers a way's requests."""

    async def answer(request: Request) -> Response:
        form = await form_of(request) if way.method == "POST" else NO_FORM
        return await run_in_threadpool(pass_through, desk, way, request, form)

    return answer


def pass_through(desk: Desk, way: Way, request: Request, form: Form) -> Response:
    """Answer one request, by a page that says why where it is refused."""
    began = time.monotonic()
    ask = Ask(desk, request, form, None, None, client_of(request, desk.settings.proxies))
    try:
        response = checked(ask, way)
    except Missing:
        response = refused(ask, 404, _("没有这一页"), _("没有这个编号，或者不在您能看的范围内。"))
    except Denied:
        response = refused(ask, 403, _("不能这样做"), _("您的角色没有这项权限；需要时请找管理员。"))
    except Exception as error:
        log.error("page_failed", way=f"{way.method} {way.path}", **trouble(error))
        response = failed()
    took = time.monotonic() - began
    response.headers["content-security-policy"] = POLICY
    # Without a referrer a browser would send our own forms with no origin.
    response.headers["referrer-policy"] = "same-origin"
    response.headers["server-timing"] = f"page;dur={took * 1000:.1f}"
    if way.noted or response.status_code == 403:
        note(ask, way, response.status_code)
    return response


def checked(ask: Ask, way: Way) -> Response:
    """Look at who asks and what for, in this order; then let the handler answer."""
    desk, request = ask.desk, ask.request
    found = current(desk.hall, request.cookies.get(COOKIE, ""), desk.settings.idle * 60, not way.by_itself)
    if found is not None:
        ask.user, ask.session = found
    who = ask.user.login if ask.user else ask.address
    for limit in [READS, WRITES] if way.method == "POST" else [READS]:
        if not desk.throttle.passes(limit, who):
            response = refused(ask, 429, _("请求太多"), _("请过一会儿再试。"))
            response.headers["retry-after"] = str(desk.throttle.wait(limit, who))
            return response
    if way.method == "POST" and not ours(ask):
        said = _("这张表单不是从本页面提交的，或登录已经换过；请刷新页面后再提交。")
        return refused(ask, 403, _("表单已失效"), said)
    if ask.user is None and way.right is not Right.PUBLIC and not (way.right is Right.BOARD and board_open(ask)):
        return to_login(ask)
    if ask.user is not None and not may(ask.user.role, way.right):
        raise Denied
    if ask.user is not None and ask.user.must_change and way.right is not Right.PUBLIC and way.path != "/password":
        return ask.to("/password")
    return way.handler(ask)


def ours(ask: Ask) -> bool:
    """Whether a form was sent from a page of ours to whom it was shown: by where it comes from and its secret."""
    request = ask.request
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        return False
    shown = request.headers.get(HEADER, "") or ask.form.one(TOKEN)
    return same(ask.session.csrf if ask.session else request.cookies.get(BEFORE, ""), shown)


def to_login(ask: Ask) -> Response:
    """Ask for a login, and come back after it."""
    from urllib.parse import quote

    address = ask.request.url.path if ask.request.method == "GET" else "/"
    return ask.to(f"/login?next={quote(address)}")


def refused(ask: Ask, status: int, title: str, why: str) -> Response:
    """A page that says what is not possible and why."""
    return ask.page("refused.html", status, title=title, why=why)


def failed() -> Response:
    """That something went wrong: without the layout, which may be what did."""
    said = _("出错了，这一页没有打开，也没有做到一半的改动。请稍后再试；仍不行请告诉管理员看服务的日志。")
    return Response(said, 500, media_type="text/plain; charset=utf-8")


def note(ask: Ask, way: Way, status: int) -> None:
    """Write the line; where that is not possible the answer stands, as on the command line, and the log says so."""
    user = ask.user
    who = user.login if user else ask.address
    by = f"desk {user.role}" if user else "desk"
    about = {name: value for name, value in ask.about.items() if value not in (None, "", (), [])}
    what = way.noted or f"{way.method} {way.path}"
    access = Access(ask.desk.zoned(), who, by, what, {**about, "from": ask.address}, status)
    try:
        write(ask.desk.site.folder / FOLDER, access)
    except OSError as error:
        log.error("access_unwritten", error=error.strerror)


async def form_of(request: Request) -> Form:
    """A request's form, of which the size was looked at before (`limits`)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return NO_FORM
    values: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    async with request.form(max_files=20, max_fields=FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                last = (value.filename or "").replace("\\", "/").rpartition("/")[2]
                files.setdefault(name, []).append(Upload(last[:200], await value.read()))
            else:
                values.setdefault(name, []).append(value)
    return Form(values, files)
