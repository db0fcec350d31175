"""`punchsync dump`: a terminal's log as a fixture without anybody in it, which `punchsync emulate` plays."""

from __future__ import annotations

import random
from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.cmd_init import quote
from punchsync.cli.common import on_site, open_site, say_json
from punchsync.cli.ending import NOTHING, USAGE, Ending
from punchsync.core.moment import show_moment
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.findings import remedy
from punchsync.texts import _

ROWS = ".rows"
ASIDE = ".log"


@click.command("dump", help=verbs()["dump"])
@click.argument("terminal", metavar=_("考勤机"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help=_("写到哪里（默认：当前文件夹）"),
)
@click.option("--aside", is_flag=True, help=_("取出另存着的读不懂的记录，原样，没有脱敏"))
@on_site
def command(site: Path, as_json: bool, terminal: str, out: Path, aside: bool) -> None:
    """Reads a terminal's whole log and writes it with other user ids; stores nothing."""
    from punchsync.logs import configure

    configure(quiet=True)
    with open_site(site) as opened:
        if terminal not in {t.id for t in opened.hall.terminals if t.live or aside}:
            known = "、".join(t.id for t in opened.hall.terminals if t.live)
            raise Ending(USAGE, [_("没有可读的考勤机 {ids}；可读的有：{known}").format(ids=terminal, known=known)])
        out.mkdir(parents=True, exist_ok=True)
        if aside:
            with opened.hall.store.reading() as work:
                kept = work.memories.set_aside().get(terminal)
            if kept is None:
                raise Ending(NOTHING, [_("考勤机 {id} 没有另存着的记录").format(id=terminal)])
            at, detail, blob = kept
            path = out / f"{terminal}{ASIDE}"
            path.write_bytes(blob)
            said = _("{path}：{at} 读到的 {n} 字节，原样，没有脱敏，不要外传（{detail}）").format(
                path=path, at=show_moment(at), n=len(blob), detail=detail
            )
            files = [path]
        else:
            read = opened.hall.reader.read(terminal, Memory(), full=True)
            if isinstance(read, ReadFailure):
                why = _("考勤机 {id} 没有读到：{why}").format(id=terminal, why=remedy(read.code))
                raise Ending(NOTHING, [f"{why}（{read.detail}）"])
            files = written(read, out)
            said = _("{path}：{n} 条记录，考勤号与序列号已换掉；punchsync emulate {path} 可以重放").format(
                path=files[0], n=read.in_log
            )
    if as_json:
        say_json({"files": [str(f) for f in files]})
    else:
        click.echo(said)


def written(read: Reading, folder: Path) -> list[Path]:
    """Write a log's redacted scenario and its rows; returns the files."""
    from punchsync.terminals.redact import Pseudonyms, redacted

    names = Pseudonyms(random.SystemRandom())
    raws = {d.position: d.raw for d in read.defects} | {r.position: r.raw for r in read.rows}
    rows = folder / f"{read.terminal}{ROWS}"
    lines = [redacted(raw, read.layout, names).hex() for _position, raw in sorted(raws.items())]
    rows.write_text("\n".join([*lines, ""]), encoding="ascii")
    users = ", ".join(f'[{quote(names.of(id))}, "", {slot}]' for slot, id in sorted(read.slots.items()))
    scenario = folder / f"{read.terminal}.toml"
    body = [
        f"title = {quote(_('考勤机 {id} 的记录，已脱敏').format(id=read.terminal))}",
        "",
        "[[terminal]]",
        f"id = {quote(read.terminal)}",
        'serial = "REDACTED"',
        f"transport = {quote(read.source)}",
        f"layout = {quote(read.layout or '40')}",
        f"capacity = {max(read.capacity or 100_000, len(lines), 1)}",
        *([f"clock_offset = {read.clock_offset}"] if read.clock_offset else []),
        *([f"users = [{users}]"] if users else []),
        f"raw = {quote(rows.name)}",
        "",
    ]
    scenario.write_text("\n".join(body), encoding="utf-8")
    return [scenario, rows]
