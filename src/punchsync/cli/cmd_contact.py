"""`punchsync contact`: the addresses at which people are told of what is booked on their own account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from punchsync.cli import verbs
from punchsync.cli.common import name_of, on_site, open_site, say_json, table
from punchsync.cli.ending import BAD_INPUT, USAGE, Ending
from punchsync.core.contact import is_address
from punchsync.core.moment import show_moment
from punchsync.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from punchsync.intake.problem import Problem

HEADS: Final = ("person_id", "address")


@click.group("contact", help=verbs()["contact"])
def command() -> None:
    """They are no evidence: whoever wants none has his removed, at once and for good."""


@command.command("set", help=_("登记或改正一个人的收信地址"))
@click.argument("person_id", metavar=_("工号"))
@click.argument("address", metavar=_("邮箱地址"))
@on_site
def set_one(site: Path, as_json: bool, person_id: str, address: str) -> None:
    """Keep one person's address."""
    from punchsync.operations.personal import Stranger, put

    if not is_address(address.strip()):
        raise Ending(USAGE, [_("邮箱地址应如 name@example.cn，一人一个")])
    with open_site(site) as opened:
        try:
            put(opened.hall, [(person_id, address.strip())])
        except Stranger:
            raise stranger(person_id) from None
    tell(as_json, _("{person} 的收信地址已登记").format(person=person_id), person_id=person_id, kept=1, removed=0)


@command.command("remove", help=_("删去一个人的收信地址；他不再收到通知"))
@click.argument("person_id", metavar=_("工号"))
@on_site
def remove(site: Path, as_json: bool, person_id: str) -> None:
    """Remove one person's address."""
    from punchsync.operations.personal import put

    with open_site(site) as opened:
        _kept, gone = put(opened.hall, [(person_id, "")])
    said = _("{person} 的收信地址已删去") if gone else _("{person} 没有收信地址，没有改动")
    tell(as_json, said.format(person=person_id), person_id=person_id, kept=0, removed=gone)


@command.command("list", help=_("列出收信地址"))
@on_site
def list_contacts(site: Path, as_json: bool) -> None:
    """Every address."""
    from punchsync.operations.personal import listed

    with open_site(site) as opened:
        found = listed(opened.hall)
    if as_json:
        rows = [{**c._asdict(), "changed_at": show_moment(c.changed_at)} for c in found]
        say_json({"contacts": rows})
    elif found:
        lines = table(
            [_("工号"), _("邮箱地址"), _("登记时间")], [[c.person, c.address, show_moment(c.changed_at)] for c in found]
        )
        click.echo("\n".join(lines))
    else:
        click.echo(_("还没有人登记收信地址"))


@command.command("import", help=_("从 CSV 或 XLSX 登记：两列 工号 person_id、邮箱 address；地址空着的删去"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@on_site
def bring_in(site: Path, as_json: bool, file: Path) -> None:
    """Keep the addresses of a file, all of them or none."""
    from punchsync.operations.personal import Stranger, put

    rows, problems = read(file)
    if problems:
        raise Ending(BAD_INPUT, [p.show() for p in problems])
    with open_site(site) as opened:
        try:
            kept, gone = put(opened.hall, rows)
        except Stranger as error:
            raise stranger(error.person) from None
    said = _("已登记 {kept} 人的收信地址，删去 {gone} 人的").format(kept=kept, gone=gone)
    tell(as_json, said, file=name_of(file), kept=kept, removed=gone)


def read(file: Path) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The rows of a file, and all that is wrong with it; no address stands in what is said of that."""
    from punchsync.intake.cells import lines
    from punchsync.intake.problem import Problem

    name = name_of(file)
    found, problems = lines(file.read_bytes(), name)
    if problems:
        return [], problems
    number, head = found[0] if found else (1, [])
    known = {
        _("工号"): "person_id",
        _("邮箱"): "address",
        _("邮箱地址"): "address",
        **dict(zip(HEADS, HEADS, strict=True)),
    }
    columns = [known.get(cell.lower(), "") for cell in head]
    if sorted(c for c in columns if c) != sorted(HEADS):
        allowed = _("两列：工号 person_id、邮箱 address")
        return [], [Problem(name, number, "", _("表头不对"), allowed, _("改正表头"))]
    width, (person, address) = len(head), (columns.index(name) for name in HEADS)
    whole = [(n, cells + [""] * (width - len(cells))) for n, cells in found[1:]]
    rows = [(n, cells[person], cells[address]) for n, cells in whole]
    return [row[1:] for row in rows], list(wrong(name, rows))


def wrong(name: str, rows: Sequence[tuple[int, str, str]]) -> Iterator[Problem]:
    """What is wrong with rows."""
    from punchsync.intake.problem import Problem

    seen: dict[str, int] = {}
    for number, person, address in rows:
        if not person:
            yield Problem(name, number, HEADS[0], _("是空的"), _("工号"), _("写上工号，或删去这一行"))
        elif person in seen:
            found = _("与第 {row} 行是同一个人").format(row=seen[person])
            yield Problem(name, number, HEADS[0], found, _("每人一行"), _("删去其中一行"))
        elif address and not is_address(address):
            allowed = _("一个邮箱地址，如 name@example.cn；空着就是删去")
            yield Problem(name, number, HEADS[1], _("不是邮箱地址"), allowed)
        seen.setdefault(person, number)


def stranger(person: str) -> Ending:
    """The end of a command about somebody who is not posted."""
    return Ending(BAD_INPUT, [_("工号 {id} 现在不在岗，没有登记；核对工号，或先导入人员").format(id=person)])


def tell(as_json: bool, said: str, **facts: object) -> None:
    """What was done, without any address."""
    if as_json:
        say_json(dict(facts))
    else:
        click.echo(said)
