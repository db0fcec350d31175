"""Tokens for programs that use the interface: made, shown once, listed, taken back; for administrators."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from punchsync.core.account import Account, ApiToken
from punchsync.core.moment import parse_day, show_day, start_of
from punchsync.desk.access.rights import Right
from punchsync.desk.access.sessions import digest_of
from punchsync.desk.access.token_words import refusal_words, scope_words
from punchsync.desk.access.tokens import LONGEST, SCOPES, fit, make, refusal
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.room import Room
from punchsync.texts import _

PAGE: Final = 50
"""Tokens on a page."""
NAME: Final = 60
"""Characters of what a token is for."""
USUAL: Final = 365
"""Days that the form proposes."""
room = Room()


@room.get("/tokens", Right.ACCOUNTS, "tokens")
def show(ask: Ask) -> Response:
    """Every token there ever was, the latest first, and the form of a new one."""
    return listed(ask, {}, {"name": "", "login": "", "ends": show_day(ask.today + USUAL)}, [])


@room.post("/tokens", Right.ACCOUNTS, "token add")
def add(ask: Ask) -> Response:
    """Make a token for an account, and show it this once."""
    form, values = ask.form, {name: ask.form.one(name) for name in ("name", "login", "ends")}
    scopes = tuple(scope for scope in SCOPES if scope in form.many("scopes"))
    with ask.hall.store.reading() as work:
        account = work.accounts.of(values["login"]) if values["login"] else None
    ask.about["login"] = account.login if account else ""
    problems = wrong(values["name"], account, scopes)
    ends = day(values["ends"])
    if ends is None or not 0 <= ends - ask.today <= LONGEST:
        problems["ends"] = _("写的是 {found}；应为今天到 {last} 之间的一天").format(
            found=repr(values["ends"][:20]), last=show_day(ask.today + LONGEST)
        )
    if problems or account is None or ends is None:
        return listed(ask, problems, values, scopes)
    text = make()
    new = ApiToken(
        0, digest_of(text), values["name"], account.login, scopes, ask.now, start_of(ends + 1), None, None
    )  # fmt: skip
    with ask.hall.store.writing() as work:
        made = work.tokens.add(new)
    ask.about.update(token=made.number, scopes=list(scopes))
    return ask.page("tokens/made.html", made=made, text=text, scope_words=scope_words)


@room.post("/tokens/{number}/revoke", Right.ACCOUNTS, "token revoke")
def revoke(ask: Ask) -> Response:
    """Take a token back, for good."""
    typed = ask.path("number")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 9):
        raise Missing(typed)
    number = int(typed)
    with ask.hall.store.writing() as work:
        token = next((t for t in work.tokens.all() if t.number == number), None)
        if token is None:
            raise Missing(typed)
        work.tokens.revoke(number, ask.now)
    ask.about.update(token=number, login=token.login)
    return ask.to("/tokens", _("{number} 号令牌已撤销，马上就不能用了。").format(number=number))


def wrong(name: str, account: Account | None, scopes: tuple[str, ...]) -> dict[str, str]:
    """What is against a token of an account, by field."""
    problems = {}
    if not name or len(name) > NAME or not name.isprintable():
        problems["name"] = _("写明给什么程序用，1 到 {most} 个字").format(most=NAME)
    if account is None or account.state != "active" or not fit(account.role):
        problems["login"] = _("请选一个可用的账号；只有看得到全厅的角色和管理员的账号可以有令牌")
    elif odd := [scope for scope in scopes if scope not in fit(account.role)]:
        problems["scopes"] = _("这个账号的角色不能有：{scopes}").format(scopes="、".join(map(scope_words, odd)))
    if not scopes:
        problems["scopes"] = _("至少选一项")
    return problems


def listed(ask: Ask, problems: dict[str, str], values: dict[str, str], scopes: list[str] | tuple[str, ...]) -> Response:
    """The page."""
    with ask.hall.store.reading() as work:
        tokens = list(reversed(work.tokens.all()))
        by_login = {a.login: a for a in work.accounts.all()}
    page, pages = ask.paged(len(tokens), PAGE)

    def state(token: ApiToken) -> tuple[str, str]:
        code = refusal(token, by_login.get(token.login), ask.now)
        return ("bad" if code else "ok"), refusal_words(code)

    return ask.page(
        "tokens/list.html",
        422 if problems else 200,
        tokens=tokens[(page - 1) * PAGE : page * PAGE],
        accounts=[a for a in by_login.values() if a.state == "active" and fit(a.role)],
        problems=problems,
        values=values,
        scopes=[(scope, scope_words(scope)) for scope in SCOPES],
        chosen=scopes,
        last=show_day(ask.today + LONGEST),
        scope_words=scope_words,
        state=state,
        page=page,
        pages=pages,
    )


def day(text: str) -> int | None:
    """A date as a day; None for what is none."""
    try:
        return parse_day(text)
    except ValueError:
        return None
