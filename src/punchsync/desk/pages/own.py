"""One's own account: the password, and where one is logged in."""

from __future__ import annotations

from fastapi import Response

from punchsync.desk.access import passwords
from punchsync.desk.access.account_words import password_words
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.room import Room
from punchsync.operations.accounts import Objected, passwd
from punchsync.texts import _

room = Room()


@room.get("/password", Right.SIGNED_IN)
def show(ask: Ask) -> Response:
    """The form, and the logins that are open."""
    return form(ask)


@room.post("/password", Right.SIGNED_IN, "password")
def change(ask: Ask) -> Response:
    """Take another password; all other logins of the account are over."""
    account, values = ask.account, ask.form.values
    old, new, again = (values.get(name, [""])[-1] for name in ("old", "new", "again"))
    if not account.password or not passwords.matches(account.password, old):
        return form(ask, _("现在的密码不对。"))
    if new != again:
        return form(ask, _("两次写的新密码不一样。"))
    if new == old:
        return form(ask, password_words("same"))
    try:
        passwd(ask.hall, account.login, new, passwords.hashed, but=ask.session.digest if ask.session else "")
    except Objected as error:
        return form(ask, password_words(error.found[0].code))
    return ask.to("/", _("密码已换；这个账号在别处的登录都已退出。"))


@room.post("/password/elsewhere", Right.SIGNED_IN, "logout elsewhere")
def elsewhere(ask: Ask) -> Response:
    """End all other logins of the account."""
    with ask.hall.store.writing() as work:
        work.sessions.end_all(ask.account.login, but=ask.session.digest if ask.session else "")
    return ask.to("/password", _("别处的登录都已退出。"))


def form(ask: Ask, why: str = "") -> Response:
    """The form."""
    with ask.hall.store.reading() as work:
        open_ones = work.sessions.of_login(ask.account.login)
    return ask.page("password.html", 422 if why else 200, why=why, sessions=open_ones)
