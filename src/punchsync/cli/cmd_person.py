"""`punchsync person`: all that is stored of one person, as one file to hand over."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import nobody, on_site, open_site, say_json
from punchsync.cli.ending import ATTENTION, DONE, complain, unwritable
from punchsync.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punchsync.access import Log
    from punchsync.bootstrap import Site
    from punchsync.operations.person import Part, Person
    from punchsync.publish.person import Sheet

ACCESS = ("at", "who", "by", "what", "about", "status")


@click.command("person", help=verbs()["person"])
@click.argument("person_id", metavar=_("工号"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("写入文件（默认：当前文件夹里的 person-工号.zip）"),
)
@on_site
def command(site: Path, as_json: bool, person_id: str, out: Path | None) -> int:
    """Writes one ZIP that only its owner may read; status 1 where a free text in it names somebody else."""
    from punchsync.access import FOLDER, read
    from punchsync.operations.person import Nobody, person
    from punchsync.publish.person import name_of

    with open_site(site) as opened:
        try:
            found = person(opened.hall, person_id)
        except Nobody:
            raise nobody(person_id) from None
        sheets = list(made(found, read(site / FOLDER)))
        data = archive(opened, found, sheets)
    file = out or Path(f"person-{person_id}.zip")
    try:
        put(file, data)
    except OSError as error:
        raise unwritable(file, error) from None
    counts = {s.file: len(s.rows) for s in sheets}
    if as_json:
        others = [{"file": name_of(part, kind), "row": row} for part, kind, row in found.others]
        say_json(
            {
                "person_id": person_id,
                "file": str(file),
                "rows": counts,
                "evidence": len(found.files),
                "others_named": others,
            }
        )
    else:
        click.echo(
            _("已写入 {file}：{tables} 张表，{rows} 行，证据 {files} 件").format(
                file=file, tables=len(counts), rows=sum(counts.values()), files=len(found.files)
            )
        )
        click.echo(_("只交给本人；交付以后请删去这个文件"))
    complain(
        [
            _("{file}.csv 第 {row} 条的文字里有别人的姓名，交付以前请遮去（data.json 里也有）").format(
                file=name_of(part, kind), row=row
            )
            for part, kind, row in found.others
        ]
    )
    return ATTENTION if found.others else DONE


def made(found: Person, log: Log) -> Iterator[Sheet]:
    """The parts as files, and last who looked at them."""
    from punchsync.intake.kinds import KINDS
    from punchsync.operations.person import Part
    from punchsync.publish.person import sheet

    looked = [
        (x.at, x.who, x.by, x.what, json.dumps(x.about, ensure_ascii=False), str(x.status))
        for x in log.lines
        if x.concerns(found.ids)
        or (x.what.startswith("appeal") and x.concerns(found.appeals))
        or (x.what.startswith("account ") and x.concerns(found.logins))
    ]
    access: list[Part] = [Part("access", ACCESS, looked)] if looked else []
    for p in (*found.parts, *access):
        columns = KINDS[p.kind].columns if p.kind in KINDS else ()
        own = {c.name: c.chinese[0] for c in columns}
        values = {c.name: {code: said[0] for code, said in c.values.items()} for c in columns if c.values}
        yield sheet(p.name, p.kind, p.columns, p.rows, own, values)


def archive(opened: Site, found: Person, sheets: list[Sheet]) -> bytes:
    """The whole of it as a ZIP."""
    from punchsync.intake.kinds import KINDS
    from punchsync.publish.person import evidence_name, index, to_zip
    from punchsync.publish.person_words import Keeping, desk_kinds

    kept = opened.settings.retention
    keeping = Keeping(kept.punches, kept.records, kept.bulletins, kept.names, kept.access)
    who = f"{found.names[-1]}（{found.id}）" if found.names else found.id
    kinds = {kind.name: kind.chinese for kind in KINDS.values()} | desk_kinds()
    at = opened.clock.now()
    page = index(opened.hall.name, who, at, sheets, kinds, len(found.files), keeping)
    files = [(evidence_name(f.appeal, f.position, f.name), f.content) for f in found.files]
    return to_zip(page, sheets, files, at)


def put(file: Path, data: bytes) -> None:
    """Write a file that only its owner may read, in the place of one of its name; raises OSError."""
    draft = file.with_name(f".{file.name}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as out:  # noqa: PTH123 - a descriptor is no path
            os.fchmod(out.fileno(), 0o600)
            out.write(data)
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
