"""Logging in and out, and one's own password."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from fastapi import Response

from punchsync.core.account import Account, failed, locked, succeeded
from punchsync.core.moment import MINUTE
from punchsync.desk.access import passwords
from punchsync.desk.access.rights import Right
from punchsync.desk.access.sessions import BEFORE, COOKIE, LONGEST, close_session, open_session, secret
from punchsync.desk.access.throttle import LOGINS
from punchsync.desk.ask import Ask
from punchsync.desk.room import Room
from punchsync.texts import _

room = Room()
log = structlog.get_logger("punchsync.desk")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try to log in: the account, or why not."""

    account: Account | None
    why: str = ""


@room.get("/login", Right.PUBLIC)
def show(ask: Ask) -> Response:
    """The form."""
    if ask.user is not None:
        return ask.to(local(ask.query("next")))
    return form(ask, ask.query("next"))


@room.post("/login", Right.PUBLIC, "login")
def enter(ask: Ask) -> Response:
    """Begin a login with a name and a password; any other login of this browser is over."""
    name = ask.form.one("login")
    if not ask.desk.throttle.passes(LOGINS, ask.address):
        log.warning("login_throttled", address=ask.address)
        return form(ask, ask.form.one("next"), _("这个地址试得太多，请过一分钟再试。"), name, 429)
    tried = attempt(ask, name, ask.form.values.get("password", [""])[-1])
    if tried.account is None:
        return form(ask, ask.form.one("next"), tried.why, name, 401)
    ask.user = tried.account
    return entered(ask, tried.account, ask.form.one("next"))


@room.post("/logout", Right.SIGNED_IN, "logout")
def leave(ask: Ask) -> Response:
    """End the login."""
    if ask.session is not None:
        close_session(ask.hall, ask.session)
    response = ask.to("/login")
    response.delete_cookie(COOKIE, path="/")
    response.headers["clear-site-data"] = '"cache"'
    return response


def entered(ask: Ask, account: Account, to: str) -> Response:
    """Open a login for an account that has proved who it is."""
    response = ask.to(local(to))
    begin(ask, account, response)
    return response


def begin(ask: Ask, account: Account, response: Response) -> None:
    """Open a login, whose cookie goes with an answer; what was open in this browser is over."""
    if ask.session is not None:
        close_session(ask.hall, ask.session)
        ask.session = None
    made = open_session(ask.hall, account.login, ask.address, ask.request.headers.get("user-agent", ""))
    log.info("login", login=account.login, role=account.role, address=ask.address)
    cookie(ask, response, COOKIE, made, LONGEST)
    response.delete_cookie(BEFORE, path="/")


def attempt(ask: Ask, name: str, password: str) -> Tried:
    """Whether name and password belong together; wrong ones are counted, and too many lock the account."""
    now = ask.now
    with ask.hall.store.reading() as work:
        account = work.accounts.of(name)
    if account is None or not account.password:
        passwords.nobody(password)  # so that the time an answer takes does not tell whether there is such an account
        return Tried(None, WRONG())
    ask.about["login"] = account.login
    if locked(account, now):
        passwords.nobody(password)
        return Tried(None, lock_words(account, now))
    right = passwords.matches(account.password, password)
    with ask.hall.store.writing() as work:
        account = work.accounts.of(name) or account
        if locked(account, now):
            return Tried(None, lock_words(account, now))
        after = succeeded(account, now) if right else failed(account, now)
        if right and passwords.stale(account.password):
            after = after._replace(password=passwords.hashed(password))
        if after != account:
            work.accounts.put(after)
    if not right:
        shut = locked(after, now)
        log.warning("login_refused", login=account.login, address=ask.address, locked=shut)
        return Tried(None, lock_words(after, now) if shut else WRONG())
    return Tried(after, "") if after.state == "active" else Tried(None, WRONG())


def WRONG() -> str:
    """The same words whatever is wrong."""
    return _("账号或密码不对，或账号已停用。")


def lock_words(account: Account, now: int) -> str:
    """That an account is locked, and for how long."""
    minutes = -(-((account.locked_until or now) - now) // MINUTE)
    return _("密码错了多次，账号锁住了，{minutes} 分钟以后再试，或请管理员重设密码。").format(minutes=minutes)


def form(ask: Ask, to: str, why: str = "", name: str = "", status: int = 200) -> Response:
    """The login form, with a secret that only this browser has."""
    made = ask.request.cookies.get(BEFORE) or secret()
    response = ask.page("login.html", status, to=local(to), why=why, name=name, proof=made, oidc=ask.desk.settings.oidc)
    cookie(ask, response, BEFORE, made, LONGEST)
    return response


def cookie(ask: Ask, response: Response, name: str, value: str, age: int) -> None:
    """A cookie that only this site gets, and no script."""
    response.set_cookie(
        name, value, max_age=age, path="/", httponly=True, samesite="strict", secure=ask.desk.settings.https
    )


def local(address: str) -> str:
    """An address of this desk; the first page for any other, so that nobody is led away."""
    parts = urlsplit(address)
    good = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if good and address.isprintable() and "\\" not in address else "/"
