"""Logging in by the hall's unified login: off to it, and back. It opens accounts that there are and makes none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import structlog
from fastapi import Response

from punchsync.core.account import Account
from punchsync.desk.access.oidc_flow import COOKIE, LONGEST, Flows
from punchsync.desk.access.rights import Right
from punchsync.desk.access.throttle import LOGINS
from punchsync.desk.ask import SEE_OTHER, Ask, Missing
from punchsync.desk.pages.login import begin, form, local
from punchsync.desk.room import Room
from punchsync.problems import Refused
from punchsync.settings import secret
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.desk.access.oidc import Provider

HERE: Final = "/login/oidc"
BACK: Final = "/login/oidc/back"
SHELF: Final = "oidc"
HOST: Final = re.compile(r"[\w.\-]+(:\d{1,5})?|\[[0-9a-fA-F:.]+\](:\d{1,5})?", re.ASCII)
room = Room()
log = structlog.get_logger("punchsync.desk")


@room.get(HERE, Right.PUBLIC)
def leave(ask: Ask) -> Response:
    """Send the browser to the provider."""
    from punchsync.desk.access.oidc import Unreachable, Untrusted

    to = local(ask.query("next"))
    if ask.user is not None:
        return ask.to(to)
    provider, flows = shelf(ask)
    if not ask.desk.throttle.passes(LOGINS, ask.address):
        return form(ask, to, _("这个地址试得太多，请过一分钟再试。"), status=429)
    if provider is None:
        return form(ask, to, _("统一登录的设置有误，请找管理员；可以用账号和密码登录。"), status=503)
    made, flow = flows.begin(back(ask), to)
    try:
        response = Response(status_code=SEE_OTHER, headers={"location": provider.away(flow)})
    except (Unreachable, Untrusted) as error:
        log.warning("oidc_away", code=str(error))
        return form(ask, to, AWAY(), status=503)
    response.set_cookie(
        COOKIE, made, max_age=LONGEST, path=HERE, httponly=True, samesite="lax", secure=ask.desk.settings.https
    )
    return response


@room.get(BACK, Right.PUBLIC, "login oidc")
def arrive(ask: Ask) -> Response:
    """Open a login for whoever comes back from the provider and has an account; each return is good once."""
    provider, flows = shelf(ask)
    response = answered(ask, provider, flows)
    response.delete_cookie(COOKIE, path=HERE)
    return response


def answered(ask: Ask, provider: Provider | None, flows: Flows) -> Response:
    """The answer to a return."""
    from punchsync.desk.access.oidc import Unreachable, Untrusted

    if not ask.desk.throttle.passes(LOGINS, ask.address):
        return form(ask, "/", _("这个地址试得太多，请过一分钟再试。"), status=429)
    flow = flows.take(ask.request.cookies.get(COOKIE, ""), ask.query("state"))
    if flow is None or provider is None:
        return refused(ask, "/", "flow", _("这次统一登录已经用过或过期，请再点一次。"), 400)
    if error := ask.query("error"):
        code = error if re.fullmatch(r"[a-z_]{1,40}", error) else "error"
        return refused(
            ask, flow.to, code, _("统一登录没有通过（{code}）；请再试，或用账号和密码登录。").format(code=code)
        )
    try:
        subject = provider.subject(ask.query("code"), flow) if ask.query("code") else ""
    except Unreachable as error_:
        return refused(ask, flow.to, str(error_), AWAY(), 503)
    except Untrusted as error_:
        return refused(
            ask, flow.to, str(error_), _("统一登录送回的凭证核对不上，没有登录；请再试一次，再不行请找管理员。")
        )
    if not subject:
        return refused(ask, flow.to, "no_code", _("统一登录没有送回凭证；请再试一次。"))
    with ask.hall.store.reading() as work:
        account = work.accounts.of_subject(subject)
    if account is None or account.state != "active":
        return stranger(ask, subject, account)
    return entered(ask, account, flow.to)


def entered(ask: Ask, account: Account, to: str) -> Response:
    """Open the login, by a page of ours that goes on by itself.

    A browser sends the strict cookie of a login only on what begins at this site: had this been a redirect, the next
    page would still count as the provider's.
    """
    response = ask.page("login_done.html", to=local(to))
    ask.user = account
    ask.about.update(login=account.login, by="oidc")
    begin(ask, account, response)
    return response


def stranger(ask: Ask, subject: str, account: Account | None) -> Response:
    """Somebody whom the provider knows and this desk does not: whom to ask, and what to tell him."""
    code = "no_account" if account is None else "disabled"
    ask.about.update(login=account.login if account else "", why=code)
    log.warning("oidc_refused", code=code, address=ask.address)
    if account is not None:
        why = _("您的账号 {login} 已停用；需要时请找管理员恢复。").format(login=account.login)
    else:
        why = _("统一登录认得您，但这里还没有您的账号。请把这个标识告诉管理员，由他建账号：{subject}").format(
            subject=subject[:255]
        )
    return ask.page("refused.html", 403, title=_("没有可用的账号"), why=why)


def refused(ask: Ask, to: str, code: str, why: str, status: int = 401) -> Response:
    """The login form, which says what went wrong."""
    ask.about["why"] = code
    log.warning("oidc_refused", code=code, address=ask.address)
    return form(ask, to, why, status=status)


def AWAY() -> str:
    """That the provider can't be reached."""
    return _("统一登录现在连不上；可以用账号和密码登录，或稍后再试。")


def back(ask: Ask) -> str:
    """The address of this desk's return, as the browser reaches it; raises Missing for a host that is none."""
    host = ask.request.headers.get("host", "")
    if not HOST.fullmatch(host):
        raise Missing(host)
    return f"{'https' if ask.desk.settings.https else 'http'}://{host}{BACK}"


def shelf(ask: Ask) -> tuple[Provider | None, Flows]:
    """The provider (None: its credential can't be had) and the logins under way; raises Missing where there is none."""
    part = ask.desk.settings.oidc
    if part is None:
        raise Missing(HERE)
    if SHELF not in ask.desk.shelf:
        from punchsync.desk.access.oidc import Provider

        try:
            known = secret(ask.desk.site.folder, part.secret) if part.secret else None
        except Refused:
            log.error("oidc_credential", name=part.secret)
            return None, Flows()
        ask.desk.shelf.setdefault(SHELF, (Provider(part, known), Flows()))
    found: tuple[Provider, Flows] = ask.desk.shelf[SHELF]
    return found
