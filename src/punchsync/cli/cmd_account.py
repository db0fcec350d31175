"""`punchsync account`: who may use the desk, as what, and by which password."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from punchsync import words
from punchsync.cli import verbs
from punchsync.cli.common import at_terminal, on_site, one_line, open_site, say_json, table
from punchsync.cli.ending import BAD_INPUT, DONE, USAGE, Ending
from punchsync.core.account import ROLES, locked
from punchsync.core.moment import show_moment
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.core.account import Account
    from punchsync.core.moment import Moment
    from punchsync.operations.accounts import Objected

F = TypeVar("F", bound=Callable[..., Any])


@click.group("account", help=verbs()["account"])
def command() -> None:
    """Accounts are made here first; an administrator can do the rest at the desk."""


def with_password(function: F) -> F:
    """Adds the two ways to say a password but typing it."""
    stdin = click.option("--password-stdin", "piped", is_flag=True, help=_("从标准输入读密码（一行），供脚本使用"))
    make = click.option("--generate", "make", is_flag=True, help=_("随机生成一个密码，只显示这一次，首次登录必须修改"))
    return stdin(make(function))


@command.command("add", help=_("新建账号"))
@click.argument("login", metavar=_("账号"))
@click.option("--role", required=True, type=click.Choice(ROLES), help=_("角色，见手册第 21 章"))
@click.option("--name", required=True, metavar="NAME", help=_("姓名"))
@click.option("--person", default="", metavar="ID", help=_("工号：本人必写；窗口负责人不写 --window 时必写"))
@click.option("--window", "windows", multiple=True, metavar="WINDOW", help=_("窗口负责人管哪些窗口，可写多次"))
@click.option("--unit", default="", metavar="UNIT", help=_("派驻单位是哪个单位"))
@click.option("--subject", default="", metavar="TEXT", help=_("统一登录里的标识；写了它可以不设密码"))
@with_password
@on_site
def add_account(
    site: Path, as_json: bool, login: str, role: str, name: str, person: str, windows: tuple[str, ...], unit: str,
    subject: str, piped: bool, make: bool,
) -> int:  # fmt: skip
    """Make an account."""
    from punchsync.desk.access.passwords import hashed
    from punchsync.operations.accounts import Objected, Wanted, add

    wanted = Wanted(
        login, one_line("--name", name), role, person.strip(), tuple(dict.fromkeys(w.strip() for w in windows)),
        unit.strip(), subject.strip(),
    )  # fmt: skip
    with open_site(site) as opened:
        password = "" if wanted.subject and not (piped or make) else chosen(piped, make)
        try:
            made = add(opened.hall, wanted, password, hashed, must_change=make)
        except Objected as error:
            raise objected(error) from None
    return tell(made, _("已建账号 {login}（{role}）"), as_json, password if make else "")


@command.command("passwd", help=_("换密码；这个账号的登录全部退出，锁定解除"))
@click.argument("login", metavar=_("账号"))
@with_password
@on_site
def new_password(site: Path, as_json: bool, login: str, piped: bool, make: bool) -> int:
    """Give an account another password."""
    from punchsync.desk.access.passwords import hashed
    from punchsync.operations.accounts import Objected, account_of, passwd

    with open_site(site) as opened:
        try:
            with opened.store.reading() as work:
                account_of(work, login)  # before anybody types a password twice
            password = chosen(piped, make)
            made = passwd(opened.hall, login, password, hashed, must_change=make)
        except Objected as error:
            raise objected(error) from None
    return tell(made, _("账号 {login} 的密码已换，原来的登录都已退出"), as_json, password if make else "")


def switching(name: Literal["disable", "enable"], help: str, done: str, was: str) -> None:
    """Adds the command that disables an account, or enables it."""

    @command.command(name, help=help)
    @click.argument("login", metavar=_("账号"))
    @on_site
    def switched(site: Path, as_json: bool, login: str) -> int:
        from punchsync.operations.accounts import Objected, disable, enable

        with open_site(site) as opened:
            try:
                made, new = (disable if name == "disable" else enable)(opened.hall, login)
            except Objected as error:
                raise objected(error) from None
        return tell(made, done if new else was, as_json)


switching("disable", _("停用账号；它的登录全部退出"), _("账号 {login} 已停用"), _("账号 {login} 本来就停用，没有写入"))
switching("enable", _("恢复停用的账号"), _("账号 {login} 已恢复"), _("账号 {login} 本来就可用，没有写入"))


@command.command("list", help=_("列出全部账号"))
@on_site
def list_accounts(site: Path, as_json: bool) -> None:
    """Every account."""
    from punchsync.operations.accounts import listed

    with open_site(site) as opened:
        found, now = listed(opened.hall), opened.clock.now()
    if as_json:
        say_json({"accounts": [to_json(account) for account in found]})
    elif found:
        click.echo("\n".join(lines(found, now)))
    else:
        click.echo(_("还没有账号；第一个管理员用 punchsync account add 建立"))


def chosen(piped: bool, make: bool) -> str:
    """The password that somebody wants: generated, piped or typed twice; the end of the command where there is none."""
    if piped and make:
        raise Ending(USAGE, [_("--password-stdin 与 --generate 只能写一个")])
    if make:
        from punchsync.desk.access.passwords import generated

        return generated()
    if piped:
        try:
            return sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise Ending(USAGE, [_("标准输入的密码不是 UTF-8；没有改动")]) from None
    if not at_terminal():
        raise Ending(USAGE, [_("这里不能询问密码；请加 --password-stdin 从标准输入读，或 --generate 随机生成")])
    typed = click.prompt(_("密码（至少 10 个字，输入时不显示）"), hide_input=True, err=True)
    if click.prompt(_("再输入一次"), hide_input=True, err=True) != typed:
        raise Ending(USAGE, [_("两次输入的密码不同；没有改动，请再运行一次")])
    return str(typed)


def objected(error: Objected) -> Ending:
    """The end of a command that was not to be done: wrong usage where the login itself is wrong, else bad input."""
    from punchsync.account_words import account_objection
    from punchsync.desk.access.account_words import password_words

    said = [
        password_words(o.code) if o.field == "password" and o.code != "missing" else account_objection(*o)
        for o in error.found
    ]
    wrong = any((o.field, o.code) in (("login", "form"), ("login", "unknown")) for o in error.found)
    return Ending(USAGE if wrong else BAD_INPUT, said)


def tell(made: Account, said: str, as_json: bool, password: str | None = None) -> int:
    """What was done; a generated password is told here and nowhere else."""
    if as_json:
        say_json({"account": to_json(made), **({"password": password} if password else {})})
        return DONE
    click.echo(said.format(login=made.login, role=words.role(made.role)))
    if password:
        click.echo(_("密码：{password}（只显示这一次；首次登录必须修改）").format(password=password))
    return DONE


def lines(found: Sequence[Account], now: Moment) -> list[str]:
    """Accounts as a table."""
    head = [_("账号"), _("姓名"), _("角色"), _("工号"), _("范围"), _("状态"), _("修改时间")]
    return table(
        head,
        [
            [a.login, a.name, words.role(a.role), a.person, a.unit or "、".join(a.windows), state(a, now),
             show_moment(a.changed_at)]
            for a in found
        ],
    )  # fmt: skip


def state(account: Account, now: Moment) -> str:
    """Whether an account may be used, and if not now, from when on."""
    if account.state == "active" and account.locked_until is not None and locked(account, now):
        return _("锁定到 {at}").format(at=show_moment(account.locked_until))
    return words.account_state(account.state)


def to_json(a: Account) -> dict[str, Any]:
    """An account as JSON, without its hash."""
    return {
        "login": a.login, "name": a.name, "role": a.role, "person_id": a.person, "windows": list(a.windows),
        "unit": a.unit, "state": a.state, "subject": a.subject, "has_password": bool(a.password),
        "must_change": a.must_change, "failures": a.failures,
        "locked_until": show_moment(a.locked_until) if a.locked_until is not None else "",
        "made_at": show_moment(a.made_at), "changed_at": show_moment(a.changed_at),
    }  # fmt: skip
