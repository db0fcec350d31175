"""`punchsync rules`: packs, listed, read, checked and proven on their own examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, say_json
from punchsync.cli.ending import ATTENTION, DONE
from punchsync.core.moment import show_clock
from punchsync.core.points import number
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.packs.load import Loaded


@click.group("rules", help=verbs()["rules"])
def command() -> None:
    """Works without a site; with one, `show` takes its interpretations and answers."""


def _loaded(pack: str, folder: Path) -> Loaded:
    from punchsync.packs.load import find, load, questions
    from punchsync.problems import Refused
    from punchsync.settings import FILE
    from punchsync.settings import load as settings

    path = find(pack, folder)
    if (folder / FILE).is_file():
        try:
            hall = settings(folder).hall
        except Refused:
            hall = None
        if hall is not None and hall.pack == pack:
            return load(path, hall.interpretations, hall.answers)
    return load(path, {}, dict.fromkeys(questions(path), "0"))


@command.command("list", help=_("列出随产品发布的规则包"))
@click.option("--json", "as_json", is_flag=True, help=_("以一个 JSON 对象输出"))
def list_packs(as_json: bool) -> None:
    """Every shipped pack: id, name, documents."""
    from punchsync.packs.load import load, questions, shipped

    rows = []
    for id, path in shipped().items():
        file = load(path, {}, dict.fromkeys(questions(path), "0")).file
        rows.append({"id": id, "name": file.name, "documents": [d.title for d in file.document]})
    if as_json:
        say_json({"packs": rows})
        return
    for row in rows:
        click.echo("{id}  {name}  {titles}".format(**row, titles="、".join(f"《{t}》" for t in row["documents"])))


@command.command("show", help=_("按条款阅读一个规则包，解释与大厅的改写另列"))
@click.argument("pack", metavar=_("规则包"))
@on_site
def show(site: Path, as_json: bool, pack: str) -> None:
    """A pack as a clerk reads it."""
    loaded = _loaded(pack, site)
    if as_json:
        say_json(loaded.file.model_dump(mode="json"))
        return
    for line in reading(loaded):
        click.echo(line)


@command.command("lint", help=_("检查规则包：出处、班次、类别、重叠"))
@click.argument("pack", metavar=_("规则包"))
@on_site
def lint(site: Path, as_json: bool, pack: str) -> None:
    """Loads a pack; whatever is wrong with it is listed with file, key and remedy (status 2)."""
    loaded = _loaded(pack, site)
    if as_json:
        say_json({"pack": loaded.pack.id, "problems": []})
        return
    click.echo(_("{id}：没有问题").format(id=loaded.pack.id))


@command.command("test", help=_("核对规则包自带的实例"))
@click.argument("packs", nargs=-1, metavar=_("[规则包…]"))
@on_site
def test(site: Path, as_json: bool, packs: tuple[str, ...]) -> int:
    """Runs the worked cases of these packs, or of all; status 1 if one differs."""
    from punchsync.packs.cases import run
    from punchsync.packs.load import shipped

    results = {}
    for id in packs or tuple(shipped()):
        loaded = _loaded(id, site)
        results[id] = run(loaded.pack, loaded.file.case)
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


def clock(seconds: int) -> str:
    """Seconds of the day as `HH:MM`."""
    return show_clock(seconds)[:5]


def reading(loaded: Loaded) -> list[str]:
    """A pack as lines, article by article."""
    file, pack = loaded.file, loaded.pack
    titles = {d.id: d.short for d in file.document}

    def cite(texts: tuple[str, ...]) -> str:
        return "; ".join(f"{titles[t.partition(' ')[0]]} {t.partition(' ')[2]}" for t in texts)

    lines = [f"{file.name}({file.id})", ""]
    lines += [_("文件")] + [f"  {d.short}:《{d.title}》" for d in file.document]
    lines += ["", _("作息")]
    for shift in file.timetable.shift:
        spans = "、".join(f"{clock(s)}–{clock(e)}" for s, e in shift.sessions)
        lines.append(f"  {shift.id} {shift.name}:{spans}")
    late, early = file.punctuality.late_seconds, file.punctuality.early_seconds
    lines += ["", _("考勤"), _("  迟到满 {late} 秒、早退满 {early} 秒起算〔{cites}〕").format(
        late=late, early=early, cites=cite(file.punctuality.cites)
    )]  # fmt: skip
    conversions = [(r.says, r.cites) for r in (file.tens, file.findings) if r is not None]
    lines += [f"  {says}〔{cite(cites)}〕" for says, cites in conversions]
    lines += ["", _("请假审批")] + [f"  {r.says}〔{cite(r.cites)}〕" for r in file.ladder]
    lines += ["", _("扣分")]
    for item in file.item:
        parts = "、".join(
            "{who} {category} {points}{when}".format(
                who=_("个人") if c.account == "person" else _("窗口"),
                category=c.category,
                points=number(c.points),
                when=_("（经指出不改）") if c.when else "",
            )
            for c in item.charges
        )
        lines.append(f"  {item.name}:{item.asks}({parts})〔{cite(item.cites)}〕")
    lines += ["", _("得分")] + [
        _("  {who} {name}：基础 {base}，扣完为止 {cap}，按{period}〔{cites}〕").format(
            who=_("个人") if c.account == "person" else _("窗口"),
            name=c.name,
            base=c.base,
            cap=c.cap,
            period={"month": _("月"), "quarter": _("季"), "year": _("年")}[c.period],
            cites=cite(c.cites),
        )
        for c in file.category
    ]
    lines += ["", _("后果与评比")]
    lines += [f"  {x.says}〔{cite(x.cites)}〕" for x in file.leave_limit]
    lines += [f"  {x.says}〔{cite(x.cites)}〕" for x in file.ranking]
    lines += ["", _("解释（原文未明之处的读法；大厅可在 [hall.interpretations] 改写）")]
    for i in pack.interpretations:
        mark = _("〔本大厅改写〕") if i.overridden else ""
        lines.append(f"  {i.id} = {i.value}  {i.says}{mark}")
    return lines
