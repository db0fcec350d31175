"""`punchsync rules`: packs, listed, read, checked, compared and proven on their own examples."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import in_json, on_site, say_json
from punchsync.cli.ending import ATTENTION, DONE, USAGE, Ending, complain, unwritable
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.core.booklet import Booklet
    from punchsync.packs.diff import Difference
    from punchsync.packs.load import Loaded
    from punchsync.problems import Complaint
    from punchsync.settings.parts import HallPart

FORMS = ("txt", "html", "docx", "json")


@click.group("rules", help=verbs()["rules"])
def command() -> None:
    """Works without a site; with one, its pack is read with its interpretations and answers."""


def _path(pack: str, folder: Path) -> Path:
    """The file of a shipped pack's id, or of a path from here or from the site's folder."""
    from punchsync.packs.shelf import shipped

    known = shipped()
    for path in (known.get(pack), Path(pack), folder / pack):
        if path is not None and path.is_file():
            return path
    text = _("没有规则包 {pack}；可以是：{known}，或规则包文件的路径")
    raise Ending(USAGE, [text.format(pack=pack, known="、".join(known))])


def _hall(path: Path, folder: Path) -> HallPart | None:
    """The hall of the site's settings, where this is its pack."""
    from punchsync.problems import Refused
    from punchsync.settings import FILE, load

    if not (folder / FILE).is_file():
        return None
    try:
        hall = load(folder).hall
    except Refused:
        complain([_("{file} 有问题，没有取用本大厅的解释与答复；运行 punchsync check").format(file=folder / FILE)])
        return None
    try:
        return hall if _path(hall.pack, folder).resolve() == path.resolve() else None
    except Ending:
        return None


def _loaded(pack: str, folder: Path) -> Loaded:
    from punchsync.packs.load import load, load_unanswered

    path = _path(pack, folder)
    hall = _hall(path, folder)
    return load_unanswered(path) if hall is None else load(path, hall.interpretations, hall.answers)


@command.command("list", help=_("列出随产品发布的规则包"))
@in_json
def list_packs(as_json: bool) -> None:
    """Every shipped pack: id, name, documents, and what it asks a hall to answer."""
    from punchsync.packs.load import load_unanswered
    from punchsync.packs.shelf import shipped

    rows: list[dict[str, Any]] = []
    for id, path in shipped().items():
        file = load_unanswered(path).file
        titles = [d.title for d in file.document]
        rows.append({"id": id, "name": file.name, "documents": titles, "answers": {a.id: a.says for a in file.answer}})
    if as_json:
        say_json({"packs": rows})
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['name']}  " + "、".join(f"《{t}》" for t in row["documents"]))
        for key, says in row["answers"].items():
            click.echo(_("    须由大厅答复 {key}：{says}").format(key=key, says=says))


@command.command("show", help=_("按文件和条款阅读一个规则包，解释、答复与大厅的改写另列"))
@click.argument("pack", metavar=_("规则包"))
@click.option("--format", "form", type=click.Choice(FORMS), help=_("文件格式（默认：按 --out 的后缀，否则 txt）"))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("写入文件（默认：标准输出）")
)
@on_site
def show(site: Path, as_json: bool, pack: str, form: str | None, out: Path | None) -> None:
    """A pack as a clerk reads it; what a hall has not answered yet stays open."""
    from punchsync.packs.booklet import booklet, references
    from punchsync.packs.load import load_unanswered

    path = _path(pack, site)
    hall = _hall(path, site)
    interpretations, answers = (hall.interpretations, hall.answers) if hall else ({}, {})
    loaded = load_unanswered(path, interpretations, answers)
    name = hall.name if hall else ""
    made = booklet(loaded.file, loaded.pack, references(loaded.tree), answers, name)
    suffix = out.suffix.removeprefix(".") if out else ""
    chosen = "json" if as_json else form or (suffix if suffix in FORMS else "txt")
    if chosen == "docx" and out is None and sys.stdout.isatty():
        raise Ending(USAGE, [_("docx 要写入文件；请加 --out FILE")])
    _write(_written(made, chosen), out)


def _written(booklet: Booklet, form: str) -> bytes:
    if form == "docx":
        from punchsync.publish.booklet_docx import to_docx

        return to_docx(booklet)
    from punchsync.publish.booklet import to_html, to_json, to_text

    make: Callable[[Booklet], str] = to_html if form == "html" else to_json if form == "json" else to_text
    return make(booklet).encode()


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise unwritable(out, error, USAGE) from None


@command.command("lint", help=_("检查规则包：出处、班次、类别、重叠"))
@click.argument("pack", metavar=_("规则包"))
@on_site
def lint(site: Path, as_json: bool, pack: str) -> int:
    """What keeps a pack from loading (status 2), or is only doubtful (status 1), with file, key and remedy."""
    from punchsync.packs.doubts import doubts
    from punchsync.problems import Refused

    path = _path(pack, site)
    try:
        loaded = _loaded(pack, site)
    except Refused as refused:
        if not as_json:
            raise
        say_json({"pack": pack, "complaints": [_complaint(c) for c in refused.complaints], "doubts": []})
        raise Ending(USAGE, []) from None
    found = doubts(loaded.file, loaded.tree, path.name)
    if as_json:
        say_json({"pack": loaded.pack.id, "complaints": [], "doubts": [_complaint(c) for c in found]})
    elif not found:
        click.echo(_("{id}：没有问题").format(id=loaded.pack.id))
    else:
        complain([c.show() for c in found])
        click.echo(_("{id}：可以使用，有 {n} 处请再看").format(id=loaded.pack.id, n=len(found)))
    return ATTENTION if found else DONE


def _complaint(c: Complaint) -> dict[str, str]:
    return {"file": c.file, "key": c.key, "found": c.found, "allowed": c.allowed, "remedy": c.remedy}


@command.command("diff", help=_("比较两个规则包：增、删、改了哪些规则，各从哪天起"))
@click.argument("a", metavar=_("规则包甲"))
@click.argument("b", metavar=_("规则包乙"))
@on_site
def diff(site: Path, as_json: bool, a: str, b: str) -> None:
    """What the second pack has otherwise than the first, as both stand in their files; status 0 either way."""
    from punchsync.packs.diff import differences
    from punchsync.packs.load import load_unanswered

    paths = [_path(pack, site) for pack in (a, b)]
    old, new = (load_unanswered(p).file for p in paths)
    found = differences(old, new)
    if as_json:
        say_json({"a": a, "b": b, "differences": [_difference(d) for d in found]})
        return
    for d in found:
        for line in _told(d):
            click.echo(line)
    click.echo(_("共 {n} 处不同").format(n=len(found)) if found else _("没有不同"))


def _difference(d: Difference) -> dict[str, Any]:
    return {
        "table": d.table, "id": d.id, "what": d.what, "from": d.first, "to": d.last, "cites": list(d.cites),
        "says": d.says, "changes": [{"key": c.key, "old": c.old, "new": c.new} for c in d.changes],
    }  # fmt: skip


def _told(d: Difference) -> list[str]:
    """A difference as lines; the values only of what was changed."""
    from punchsync.packs.sentences import span

    what = {"added": _("增"), "removed": _("删"), "changed": _("改")}[d.what]
    where = "  ".join(filter(None, (d.table or _("规则包"), d.id, d.says)))
    notes = [*d.cites, *filter(None, [span(d.first, d.last)])]
    head = f"{what}  {where}" + (f"〔{'; '.join(notes)}〕" if notes else "")
    if d.what != "changed":
        return [head]
    empty = _("（无）")
    return [
        head,
        *(
            f"      {c.key}：{empty if c.old is None else c.old} → {empty if c.new is None else c.new}"
            for c in d.changes
        ),
    ]


@command.command("test", help=_("核对规则包自带的实例"))
@click.argument("packs", nargs=-1, metavar=_("[规则包…]"))
@on_site
def test(site: Path, as_json: bool, packs: tuple[str, ...]) -> int:
    """Runs the worked cases of these packs, or of all; status 1 if one differs."""
    from punchsync.packs.cases import loading, run
    from punchsync.packs.shelf import shipped

    results = {}
    for id in packs or tuple(shipped()):
        results[id] = run(loading(_path(id, site)), _loaded(id, site).file.case)
    wrong = sum(1 for findings in results.values() for f in findings if f.differences)
    if as_json:
        cases = {id: {f.name: list(f.differences) for f in findings} for id, findings in results.items()}
        say_json({"packs": cases, "wrong": wrong})
        return ATTENTION if wrong else DONE
    for id, findings in results.items():
        for f in findings:
            click.echo(f"{'×' if f.differences else '√'} {id}  {f.name}")
            for difference in f.differences:
                click.echo(f"    {difference}")
    total = sum(map(len, results.values()))
    click.echo(_("共 {total} 例，{wrong} 例不符").format(total=total, wrong=wrong))
    return ATTENTION if wrong else DONE
