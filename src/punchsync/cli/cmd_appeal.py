"""`punchsync appeal`: appeals against violations, and what is decided on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from punchsync.appeal_words import effect
from punchsync.cli import verbs
from punchsync.cli.appeal_words import (
    evidence_json,
    list_lines,
    refused,
    show_lines,
    statistics_json,
    statistics_lines,
    to_json,
)
from punchsync.cli.common import (
    DAY,
    MOMENT,
    early,
    in_order,
    name_of,
    on_site,
    one_line,
    open_site,
    progress,
    say_json,
    timed,
)
from punchsync.cli.ending import ATTENTION, BAD_INPUT, USAGE, Ending, complain
from punchsync.cli.show import plan_lines, settled_json, settled_lines
from punchsync.core.appeal import (
    AMENDED,
    LARGEST,
    LARGEST_TOGETHER,
    MERITS,
    MIB,
    MOST,
    OUTCOMES,
    ROLES,
    Evidence,
)
from punchsync.core.moment import Day, Moment, parse_day
from punchsync.texts import _
from punchsync.words import appeal_outcome, appeal_stage

if TYPE_CHECKING:
    from punchsync.operations.appeals import Objection

ID: Final = re.compile(r"v[0-9a-f]{16}")
WRONG_USAGE: Final = frozenset({"several", "role", "as_kind"})
WITHOUT_EFFECT: Final = frozenset({"gone", "overruled"})


@click.group("appeal", help=verbs()["appeal"])
def command() -> None:
    """A violation is never taken away by hand: what is decided on it becomes a ruling."""


@command.command("file", help=_("提出申诉；决定以后可以再申请一次复核"))
@click.argument("what", nargs=-1, required=True, metavar=_("违规编号 | 工号或窗口 日期"))
@click.option("--by", required=True, metavar="NAME", help=_("申诉人"))
@click.option("--role", type=click.Choice(ROLES), help=_("本人或单位（默认：本人；窗口的违规为单位）"))
@click.option("--grounds", required=True, metavar="TEXT", help=_("理由"))
@click.option(
    "--evidence", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=_("证据，可写几个")
)
@click.option("--late", metavar="TEXT", help=_("过了期限仍然受理的理由"))
@click.option("--at", type=MOMENT, metavar='"YYYY-MM-DD HH:MM:SS"', help=_("申诉时间（默认：现在）"))
@timed
@on_site
def file_appeal(
    site: Path,
    as_json: bool,
    as_of: Moment | None,
    what: tuple[str, ...],
    by: str,
    role: str | None,
    grounds: str,
    files: tuple[Path, ...],
    late: str | None,
    at: Moment | None,
) -> None:
    """Keeps an appeal with its evidence."""
    from punchsync.operations.appeals import Filing, Objection, file
    from punchsync.operations.settle import TooEarly

    why = "" if late is None else one_line("--late", late)
    wanted, who, reasons = meant(what), one_line("--by", by), one_line("--grounds", grounds)
    filing = Filing(who, reasons, role or "", tuple(contents(files)), why, at)
    with open_site(site, as_of) as opened:
        try:
            row = file(opened.hall, wanted, filing, as_of)
        except Objection as objection:
            raise ending(objection) from None
        except TooEarly as error:
            raise early(error.settled) from None
    if as_json:
        say_json({"appeal": to_json(row)})
    else:
        said = _("已受理{stage} {number}：违规 {id}，证据 {n} 件")
        a = row.appeal
        click.echo(said.format(stage=appeal_stage(a.stage), number=a.number, id=a.violation, n=len(files)))


@command.command("decide", help=_("决定一件申诉，并核算由此变动的账目"))
@click.argument("number", type=int, metavar=_("编号"))
@click.option("--outcome", required=True, type=click.Choice(OUTCOMES), help=_("维持、免责、改判、撤回、已无标的"))
@click.option("--as-kind", default="", metavar="KIND", help=_("改判为哪一类"))
@click.option("--by", required=True, metavar="NAME", help=_("作决定的人；撤回的写申诉人"))
@click.option("--document", default="", metavar="TEXT", help=_("文书"))
@click.option("--note", default="", metavar="TEXT", help=_("附注"))
@click.option("--at", type=MOMENT, metavar='"YYYY-MM-DD HH:MM:SS"', help=_("决定时间（默认：现在）"))
@click.option("--no-settle", is_flag=True, help=_("只记决定，账目留待下次核算"))
@timed
@on_site
def decide_appeal(
    site: Path,
    as_json: bool,
    as_of: Moment | None,
    number: int,
    outcome: str,
    as_kind: str,
    by: str,
    document: str,
    note: str,
    at: Moment | None,
    no_settle: bool,
) -> int:
    """Takes a decision; what it changes is booked by settling as of the last settled moment."""
    from punchsync.operations.appeals import Deciding, Objection, decide
    from punchsync.operations.settle import TooEarly

    if bool(as_kind) != (outcome == AMENDED):
        raise Ending(USAGE, [_("--as-kind 与 --outcome amended 应同时写，或都不写")])
    paper = one_line("--document", document) if outcome in MERITS else " ".join(document.split())
    deciding = Deciding(outcome, one_line("--by", by), paper, as_kind, " ".join(note.split()), at)
    with open_site(site, as_of) as opened, progress(_("核算")) as advance:
        try:
            done = decide(opened.hall, number, deciding, as_of, settling=not no_settle, progress=advance)
        except Objection as objection:
            raise ending(objection) from None
        except TooEarly as error:
            raise early(error.settled) from None
    row, settled = done.shown, done.settled
    if as_json:
        say_json({"appeal": to_json(row), "settled": settled_json(settled) if settled else None})
    else:
        click.echo(
            _("申诉 {number}：{state}，{by}").format(number=number, state=appeal_outcome(row.state), by=deciding.by)
        )
        for line in [*settled_lines(settled), *plan_lines(settled)] if settled else [_("账目留待下次核算")]:
            click.echo(line)
    if row.effect in WITHOUT_EFFECT:
        complain([_("申诉 {number} 的决定没有作用：{why}").format(number=number, why=effect(row.effect))])
        return ATTENTION
    return 0


@command.command("list", help=_("列出申诉、决定与账目"))
@click.option("--open", "only_open", is_flag=True, help=_("只列待决定的"))
@click.option("--person", default="", metavar="ID", help=_("只列这个工号或窗口的"))
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help=_("违规不早于这一天"))
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help=_("违规不晚于这一天"))
@click.option("--stats", is_flag=True, help=_("只列统计"))
@timed
@on_site
def list_appeals(
    site: Path,
    as_json: bool,
    as_of: Moment | None,
    only_open: bool,
    person: str,
    first: Day | None,
    last: Day | None,
    stats: bool,
) -> None:
    """Every appeal with its violation as it was filed, and numbers over them."""
    from punchsync.operations.appealed import listed
    from punchsync.operations.settle import TooEarly

    in_order(first, last)
    with open_site(site, as_of) as opened:
        try:
            found = listed(opened.hall, as_of, only_open=only_open, person=person, first=first, last=last)
        except TooEarly as error:
            raise early(error.settled) from None
    if as_json:
        rows = [] if stats else [to_json(row) for row in found.rows]
        say_json({"appeals": rows, "statistics": statistics_json(found.statistics)})
    elif not found.rows:
        click.echo(_("没有这样的申诉"))
    else:
        click.echo("\n".join(statistics_lines(found.statistics) if stats else list_lines(found.rows)))


@command.command("show", help=_("一件申诉的全部，证据可以取出"))
@click.argument("number", type=int, metavar=_("编号"))
@click.option("--save", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help=_("把证据存到这个文件夹"))
@on_site
def show_appeal(site: Path, as_json: bool, number: int, save: Path | None) -> int:
    """One appeal; its evidence is checked against the digests it came with."""
    from punchsync.operations.appealed import NoSuchAppeal, one

    with open_site(site) as opened:
        try:
            row, files = one(opened.hall, number)
        except NoSuchAppeal:
            raise Ending(BAD_INPUT, refused("no_appeal", {"number": number})) from None
    saved = store(files, save) if save else []
    if as_json:
        say_json({"appeal": to_json(row), "evidence": evidence_json(files), "saved": saved})
    else:
        for line in [*show_lines(row, files), *(_("已存 {path}").format(path=path) for path in saved)]:
            click.echo(line)
    broken = [f.name for f in files if not f.intact]
    if broken:
        complain([_("证据与收到时不符，没有取出：{names}；请运行 punchsync verify").format(names="、".join(broken))])
        return ATTENTION
    return 0


def meant(what: Sequence[str]) -> str | tuple[str, Day]:
    """A violation's id, or a person (or window) and a day; the end of the command for anything else."""
    if len(what) == 1 and ID.fullmatch(what[0]):
        return what[0]
    if len(what) == 2:
        try:
            return what[0], parse_day(what[1])
        except ValueError:
            pass
    found = repr(" ".join(what))
    raise Ending(
        USAGE,
        [_("写的是 {found}；应为 export violations 给出的编号，或“工号或窗口 YYYY-MM-DD”").format(found=found)],
    )


def contents(files: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Names without paths, and bytes; the end of the command for what can't be read, is empty or too large."""
    if len(files) > MOST:
        raise Ending(BAD_INPUT, [_("证据有 {n} 件；应不超过 {most} 件").format(n=len(files), most=MOST)])
    out = [(name_of(file), content(file)) for file in files]
    size = sum(len(data) for _name, data in out)
    if size > LARGEST_TOGETHER:
        found, allowed = -(-size // MIB), LARGEST_TOGETHER // MIB
        raise Ending(
            BAD_INPUT, [_("证据合计 {found} MiB；应不超过 {allowed} MiB").format(found=found, allowed=allowed)]
        )
    return out


def content(file: Path) -> bytes:
    """A file's bytes."""
    try:
        size = file.stat().st_size
        if size > LARGEST:
            found, allowed = -(-size // MIB), LARGEST // MIB
            said = _("证据 {file}：{found} MiB；应不超过 {allowed} MiB")
            raise Ending(BAD_INPUT, [said.format(file=name_of(file), found=found, allowed=allowed)])
        data = file.read_bytes()
    except OSError as error:
        raise Ending(
            BAD_INPUT, [_("证据 {file}：读不了（{error}）").format(file=name_of(file), error=error.strerror)]
        ) from None
    if not data:
        raise Ending(BAD_INPUT, [_("证据 {file}：是空的；请核对是不是这个文件").format(file=name_of(file))])
    return data


def store(files: Sequence[Evidence], folder: Path) -> list[str]:
    """Write evidence that is what it was under its place and name; a file that is there already is never replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for f in files:
        path = folder / f"{f.position}-{Path(f.name).name}"
        if not f.intact:
            continue
        if not path.exists():
            path.write_bytes(f.content)
        elif path.read_bytes() != f.content:
            raise Ending(BAD_INPUT, [_("{path} 已有内容不同的文件，没有覆盖；请换一个文件夹").format(path=path)])
        saved.append(str(path))
    return saved


def ending(objection: Objection) -> Ending:
    """The end of a command that can't be done so."""
    status = USAGE if objection.code in WRONG_USAGE else BAD_INPUT
    return Ending(status, refused(objection.code, objection.found))
