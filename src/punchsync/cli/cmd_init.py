"""`punchsync init`: a new site."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import at_terminal, in_json, say_json
from punchsync.cli.ending import USAGE, Ending
from punchsync.texts import _

LISTEN = "127.0.0.1:8080"
"""Where a new site's desk is: for this machine alone, until somebody puts a proxy before it."""


@click.command("init", help=verbs()["init"])
@click.argument("folder", metavar=_("文件夹"), type=click.Path(path_type=Path))
@click.option("--pack", required=True, metavar="PACK", help=_("规则包的编号或路径"))
@click.option("--id", "hall_id", metavar="ID", help=_("大厅编号（默认：文件夹名）"))
@click.option("--name", metavar="NAME", help=_("大厅名称（默认：规则包的名称）"))
@click.option("--terminal", "terminals", multiple=True, metavar="ID[=HOST[:PORT]]", help=_("考勤机，可重复"))
@click.option("--answer", "answers", multiple=True, metavar="KEY=VALUE", help=_("答复规则包原文所缺，可重复"))
@in_json
def command(
    folder: Path,
    pack: str,
    hall_id: str | None,
    name: str | None,
    terminals: tuple[str, ...],
    answers: tuple[str, ...],
    as_json: bool,
) -> None:
    """Makes `punchsync.toml`, `data/` and `packs/`; asks what the pack leaves open."""
    from punchsync.packs.load import load as load_pack
    from punchsync.packs.load import questions
    from punchsync.packs.shelf import find
    from punchsync.settings import FILE, load

    file = folder / FILE
    if file.exists():
        raise Ending(USAGE, [_("{file} 已经存在；应为一个新文件夹").format(file=file)])
    source = find(pack, Path.cwd())
    given = dict(_pair(a, "--answer") for a in answers)
    for key, says in questions(source).items():
        if key not in given:
            if not at_terminal():
                asked = _("规则包原文缺 {key}（{says}）；请加 --answer {key}=值").format(key=key, says=says)
                raise Ending(USAGE, [asked])
            given[key] = click.prompt(f"{says}({key})", err=True)
    named = str(source.resolve()) if source.name == pack or "/" in pack else pack
    text = site_text(hall_id or folder.resolve().name, name or _name_of(source), named, given, terminals)
    made = [p for p in (folder, folder / "data", folder / "packs") if not p.exists()]
    for part in made:
        part.mkdir(parents=True, mode=0o750)
    file.write_text(text, encoding="utf-8")
    try:
        settings = load(folder)
        hall = settings.hall
        load_pack(find(hall.pack, folder), hall.interpretations, hall.answers)
    except Exception:
        file.unlink()
        for part in reversed(made):
            part.rmdir()
        raise
    if as_json:
        say_json({"site": str(folder), "id": settings.hall.id, "terminals": [t.id for t in settings.terminal]})
        return
    click.echo(_("已建立 {folder}。下一步：punchsync --site {folder} import staff 人员.csv").format(folder=folder))
    said = _("网页的第一个管理员：punchsync --site {folder} account add 账号 --role admin --name 姓名")
    click.echo(said.format(folder=folder))


def _pair(text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals or not value:
        raise Ending(USAGE, [_("{option} 写的是 {text}；应为 KEY=VALUE").format(option=option, text=repr(text))])
    return key, value


def _name_of(source: Path) -> str:
    import tomllib

    return str(tomllib.loads(source.read_text(encoding="utf-8")).get("name", source.stem))


def site_text(
    hall_id: str, name: str, pack: str, answers: dict[str, str], terminals: tuple[str, ...], listen: str = LISTEN
) -> str:
    """The text of a new `punchsync.toml`."""
    lines = ["[hall]", f"id = {quote(hall_id)}", f"name = {quote(name)}", f"pack = {quote(pack)}"]
    lines.append('timezone = "Asia/Shanghai"')
    if answers:
        pairs = ", ".join(f"{quote(k)} = {quote(v)}" for k, v in answers.items())
        lines.append(f"answers = {{ {pairs} }}")
    lines += ["", "[store]", 'url = "sqlite:///data/punchsync.db"', ""]
    for text in terminals:
        id, equals, address = text.partition("=")
        lines += ["[[terminal]]", f"id = {quote(id)}"]
        if equals:
            host, colon, port = address.rpartition(":") if ":" in address else (address, "", "")
            lines.append(f"host = {quote(host)}")
            if colon:
                if not port.isascii() or not port.isdigit():
                    raise Ending(USAGE, [_("--terminal 写的是 {text}；应为 ID[=HOST[:PORT]]").format(text=repr(text))])
                lines.append(f"port = {int(port)}")
        lines += [_("# from = 2026-01-01   # 启用日；写上，更早的日子才不会被当作已经读到"), ""]
    lines += ["[scoring]", 'sink = "none"', "", "[desk]", f"listen = {quote(listen)}", ""]
    return "\n".join(lines)


def quote(text: str) -> str:
    """A text as a basic TOML string."""
    import json

    return json.dumps(text, ensure_ascii=False)
