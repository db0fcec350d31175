"""Who may use the desk: accounts made, changed, given another password, disabled, logged out; for administrators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import quote

from fastapi import Response

from punchsync import words
from punchsync.account_words import account_objection
from punchsync.core.account import ROLES, Account, locked, login_of
from punchsync.desk.access import passwords
from punchsync.desk.access.account_words import password_words
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.room import Room
from punchsync.desk.search import people_like
from punchsync.operations import accounts
from punchsync.operations.accounts import Objected, Objection, Wanted
from punchsync.texts import _

PAGE: Final = 50
"""Accounts on a page."""
LOGIN: Final = 40
NAME: Final = 60
SUBJECT: Final = 255
"""Characters of a field at most."""
room = Room()


@room.get("/accounts", Right.ACCOUNTS, "accounts")
def show(ask: Ask) -> Response:
    """Every account, a page of them; those that are locked stand above all."""
    everybody = accounts.listed(ask.hall)
    role, text = ask.query("role"), ask.query("q").casefold()
    chosen = [a for a in everybody if (not role or a.role == role) and any(text in t for t in searched(ask, a))]
    page, pages = ask.paged(len(chosen), PAGE)
    return ask.page(
        "accounts/list.html",
        accounts=chosen[(page - 1) * PAGE : page * PAGE],
        total=len(chosen),
        shut=[a for a in everybody if a.state == "active" and locked(a, ask.now)],
        roles=roles(),
        role=role,
        q=ask.query("q"),
        page=page,
        pages=pages,
        state=state,
        address=address,
    )


@room.get("/accounts/new", Right.ACCOUNTS)
def blank(ask: Ask) -> Response:
    """The form of a new account."""
    return form(ask, Wanted("", "", "clerk"), {})


@room.post("/accounts", Right.ACCOUNTS, "account add")
def add(ask: Ask) -> Response:
    """Make an account with a password of chance, shown once; none for who only logs in elsewhere."""
    wanted, problems = wanted_of(ask, ask.form.one("login"))
    ask.about.update(login=wanted.login, role=wanted.role)
    alone = ask.form.one("without") == "yes"
    password = "" if alone else passwords.generated()
    if problems:
        return form(ask, wanted, problems, without=alone)
    try:
        made = accounts.add(ask.hall, wanted, password, passwords.hashed, must_change=True)
    except Objected as error:
        return form(ask, wanted, by_field(error), without=alone)
    if not password:
        return ask.to(address(made), _("账号 {login} 已建，用统一登录进入。").format(login=made.login))
    return ask.page("accounts/password.html", account=made, password=password, new=True, address=address)


@room.get("/accounts/{login}", Right.ACCOUNTS, "account")
def one(ask: Ask) -> Response:
    """An account: what it is, where it is logged in, its tokens, and all that can be done with it."""
    return detail(ask, account_asked(ask), {})


@room.post("/accounts/{login}", Right.ACCOUNTS, "account change")
def change(ask: Ask) -> Response:
    """Give an account another name, role, reach or subject."""
    known = account_asked(ask)
    wanted, problems = wanted_of(ask, known.login)
    ask.about["role"] = wanted.role
    if not problems:
        try:
            accounts.change(ask.hall, wanted)
            return ask.to(address(known), _("账号 {login} 已改。").format(login=known.login))
        except Objected as error:
            problems = by_field(error)
    return detail(ask, known, problems, wanted)


@room.post("/accounts/{login}/password", Right.ACCOUNTS, "account passwd")
def reset(ask: Ask) -> Response:
    """Give an account a password of chance, shown once; its lock and all its logins are over."""
    known = account_asked(ask)
    password = passwords.generated()
    made = accounts.passwd(ask.hall, known.login, password, passwords.hashed, must_change=True)
    return ask.page("accounts/password.html", account=made, password=password, new=False, address=address)


@room.post("/accounts/{login}/disable", Right.ACCOUNTS, "account disable")
def disable(ask: Ask) -> Response:
    """Let nobody use an account."""
    return switched(ask, accounts.disable, _("账号 {login} 已停用，登录全部退出。"))


@room.post("/accounts/{login}/enable", Right.ACCOUNTS, "account enable")
def enable(ask: Ask) -> Response:
    """Let an account be used again."""
    return switched(ask, accounts.enable, _("账号 {login} 已恢复。"))


@room.post("/accounts/{login}/logout", Right.ACCOUNTS, "account logout")
def log_out(ask: Ask) -> Response:
    """End all logins of an account."""
    known = account_asked(ask)
    with ask.hall.store.writing() as work:
        work.sessions.end_all(known.login)
    return ask.to(address(known), _("账号 {login} 的登录全部退出了。").format(login=known.login))


def switched(ask: Ask, do: Callable[..., tuple[Account, bool]], said: str) -> Response:
    """Disable or enable an account, or say why not."""
    known = account_asked(ask)
    try:
        do(ask.hall, known.login)
    except Objected as error:
        return detail(ask, known, by_field(error))
    return ask.to(address(known), said.format(login=known.login))


def account_asked(ask: Ask) -> Account:
    """The account of the address, noted for the audit; raises Missing."""
    login = login_of(ask.path("login"))
    with ask.hall.store.reading() as work:
        found = work.accounts.of(login)
    if found is None:
        raise Missing(login)
    ask.about["login"] = found.login
    return found


def wanted_of(ask: Ask, login: str) -> tuple[Wanted, dict[str, str]]:
    """An account as the form has it, and what is wrong with fields before anything is looked up."""
    form = ask.form
    problems: dict[str, str] = {}
    typed = form.one("person")
    person = person_of(ask, typed)
    if typed and not person:
        problems["person"] = _("没有这个人：{found}；写工号或姓名").format(found=typed[:40])
    texts = {"login": (login, LOGIN), "name": (form.one("name"), NAME), "subject": (form.one("subject"), SUBJECT)}
    for field, (text, most) in texts.items():
        if len(text) > most or not text.isprintable():
            problems[field] = _("写了 {n} 个字；最多 {most} 个字，不能换行").format(n=len(text), most=most)
    role = form.one("role")
    windows = tuple(dict.fromkeys(w for w in form.many("windows") if w)) if role == "window_lead" else ()
    unit = form.one("unit") if role == "unit" else ""
    wanted = Wanted(login, form.one("name"), role, person or typed, windows, unit, form.one("subject"))
    return wanted, problems


def person_of(ask: Ask, typed: str) -> str:
    """The id of the one person who is meant; empty for nobody, or several."""
    if typed in ask.known.people:
        return typed
    found = people_like(ask.known.people, typed)
    return found[0].id if len(found) == 1 else ""


def by_field(error: Objected) -> dict[str, str]:
    """What is against an account, by the field of the form."""
    return {o.field: said(o) for o in reversed(error.found)}


def said(o: Objection) -> str:
    """One objection in words."""
    return password_words(o.code) if o.field == "password" and o.code != "missing" else account_objection(*o)


def detail(ask: Ask, account: Account, problems: dict[str, str], wanted: Wanted | None = None) -> Response:
    """The page of one account, with its form."""
    with ask.hall.store.reading() as work:
        sessions = work.sessions.of_login(account.login)
        tokens = [t for t in work.tokens.all() if t.login == account.login and t.revoked_at is None]
    now = wanted or Wanted(
        account.login, account.name, account.role, account.person, account.windows, account.unit, account.subject
    )
    return ask.page(
        "accounts/one.html",
        422 if problems else 200,
        account=account,
        sessions=sessions,
        tokens=len(tokens),
        state=state,
        address=address,
        **fields(ask, now, problems),
    )


def form(ask: Ask, wanted: Wanted, problems: dict[str, str], *, without: bool = False) -> Response:
    """The form of a new account."""
    return ask.page("accounts/new.html", 422 if problems else 200, without=without, **fields(ask, wanted, problems))


def fields(ask: Ask, wanted: Wanted, problems: dict[str, str]) -> dict[str, Any]:
    """What the fields of an account show."""
    person = wanted.person
    return {
        "wanted": wanted,
        "problems": problems,
        "person": f"{person} {ask.known.people[person]}" if person in ask.known.people else person,
        "people": sorted(ask.known.people.items()),
        "windows": sorted({*ask.known.windows, *wanted.windows}),
        "units": [(unit, unit) for unit in sorted({*ask.known.windows.values(), wanted.unit} - {""})],
        "roles": roles(),
        "oidc": ask.desk.settings.oidc is not None,
    }


def roles() -> list[tuple[str, str]]:
    """The roles with their words."""
    return [(code, words.role(code)) for code in ROLES]


def state(ask: Ask, account: Account) -> tuple[str, str]:
    """The look and the words of whether an account may be used now."""
    if account.state != "active":
        return "bad", words.account_state(account.state)
    if locked(account, ask.now):
        return "late", _("锁定")
    return "ok", words.account_state(account.state)


def searched(ask: Ask, account: Account) -> Iterable[str]:
    """What of an account a search looks at."""
    of_person = (account.person, ask.known.name(account.person)) if account.person else ()
    return (account.login, account.name.casefold(), *(text.casefold() for text in of_person))


def address(account: Account) -> str:
    """Where an account's page is."""
    return f"/accounts/{quote(account.login)}"
