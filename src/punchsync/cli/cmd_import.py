"""`punchsync import`: files of records or punches, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import MOMENT, name_of, on_site, open_site, say_json, timed
from punchsync.cli.ending import ATTENTION, BAD_INPUT, USAGE, Ending, complain
from punchsync.core.moment import Day, Moment, show_day
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.operations.bring_in import BroughtIn

LARGEST = 256 * 1024 * 1024


@click.command("import", help=verbs()["import"])
@click.argument("kind", metavar=_("种类"))
@click.argument("file", metavar=_("文件"), type=click.Path(path_type=Path))
@click.option("--terminal", metavar="ID", help=_("punches：文件来自哪台考勤机"))
@click.option("--through", type=MOMENT, metavar='"YYYY-MM-DD HH:MM:SS"', help=_("punches：文件完整到何时"))
@click.option("--format", "form", type=click.Choice(["attlog", "csv"]), default="attlog", help=_("punches：文件格式"))
@click.option("--dry-run", is_flag=True, help=_("只检查，不写入"))
@timed
@on_site
def command(
    site: Path,
    as_json: bool,
    as_of: Moment | None,
    kind: str,
    file: Path,
    terminal: str | None,
    through: Moment | None,
    form: str,
    dry_run: bool,
) -> int:
    """Takes a file in whole, or lists every problem with row and column and takes nothing."""
    from punchsync.bootstrap.bringing import bring_records
    from punchsync.operations.bring_in import ReachesBack
    from punchsync.operations.hall import KINDS

    known = (*KINDS, "punches")
    if kind not in known:
        raise Ending(USAGE, [_("没有「{kind}」这一种；可以是：{known}").format(kind=kind, known="、".join(known))])
    if kind != "punches" and (terminal or through is not None or form != "attlog"):
        raise Ending(USAGE, [_("--terminal、--through、--format 只用于 import punches")])
    with open_site(site, as_of) as opened:
        data, name = contents(file), name_of(file)
        if kind == "punches":
            result = bring_punches(opened, data, name, terminal, through, form, dry_run)
        else:
            try:
                result = bring_records(opened, kind, data, name, dry_run)
            except ReachesBack as error:
                complain([reaching(name, error.keys, error.since)])
                return BAD_INPUT
    return tell(result, kind, name, as_json, dry_run)


def contents(file: Path) -> bytes:
    """A file's bytes; bad input if it can't be read or is too large."""
    try:
        size = file.stat().st_size
        if size > LARGEST:
            found, allowed = size // 2**20, LARGEST // 2**20
            raise Ending(
                BAD_INPUT,
                [
                    _("{file}：{found} MiB；应不超过 {allowed} MiB").format(
                        file=name_of(file), found=found, allowed=allowed
                    )
                ],
            )
        return file.read_bytes()
    except OSError as error:
        raise Ending(
            BAD_INPUT, [_("{file}：读不了（{error}）").format(file=name_of(file), error=error.strerror)]
        ) from None


def bring_punches(
    opened: Site, data: bytes, name: str, terminal: str | None, through: Moment | None, form: str, dry_run: bool
) -> BroughtIn:
    """A terminal's USB file, or a CSV of punches; the end of the command for a terminal that is none of the site's."""
    from punchsync.bootstrap.bringing import bring_punches

    ids = sorted(t.id for t in opened.hall.terminals)
    if terminal is None and form == "attlog":
        raise Ending(USAGE, [_("没有写 --terminal；应为文件来自的考勤机：{ids}").format(ids="、".join(ids))])
    if terminal is not None and terminal not in ids:
        raise Ending(USAGE, [_("--terminal 写的是 {id}；应为：{ids}").format(id=terminal, ids="、".join(ids))])
    return bring_punches(opened, data, name, terminal, through, form, dry_run)


def tell(result: BroughtIn, kind: str, name: str, as_json: bool, dry_run: bool) -> int:
    """What came of an import; returns the exit status."""
    if as_json:
        say_json(
            {
                "kind": kind,
                "rows": result.rows,
                "changed": result.changed,
                "dry_run": dry_run,
                "problems": [p.show() for p in result.problems],
                "unknown_ids": [{"terminal": t, "device_user_id": i} for t, i in result.strangers],
                "left_out": result.left_out,
            }
        )
    if result.problems:
        complain([p.show() for p in result.problems])
        complain([_("共 {n} 处问题，文件没有导入").format(n=len(result.problems))])
        return BAD_INPUT
    if not as_json:
        if dry_run:
            said = _("检查通过，没有写入")
        else:
            none = kind != "punches" and 0 < result.rows <= result.left_out
            said = _("没有导入") if none else _("已导入")
        click.echo(
            _("{file}：{rows} 行，新增或改动 {changed} 行；{said}").format(
                file=name, rows=result.rows, changed=result.changed, said=said
            )
        )
    if result.left_out and result.through is not None:
        return left_out(result.left_out, result.through, kind, as_json) or strange(result)
    return strange(result)


def reaching(name: str, keys: Sequence[str], since: Day) -> str:
    """That records can't be taken in because those that they would be judged by are gone."""
    return _(
        "{file}：{keys} 从已封存的日子跨到以后，那时的排班等记录已清除，算不出长短；应从 {since} 起写，文件没有导入"
    ).format(file=name, keys="、".join(keys), since=show_day(since))


def left_out(n: int, through: Day, kind: str, as_json: bool) -> int:
    """Say how many rows were left out; the exit status. A terminal's log still has what was erased: no news."""
    if kind == "punches":
        if not as_json:
            said = _("其中 {n} 行是 {day} 及以前的：那时的原始打卡已按保留期限清除，不再收入")
            click.echo(said.format(n=n, day=show_day(through)))
        return 0
    said = _("有 {n} 行只涉及已封存的日子（{day} 及以前），没有收入；那些日子不再核算")
    complain([said.format(n=n, day=show_day(through))])
    return ATTENTION


def strange(result: BroughtIn) -> int:
    """Say which ids are nobody's; the exit status."""
    if result.strangers:
        ids = "、".join(f"{t}/{i}" for t, i in result.strangers)
        complain(
            [
                _("有 {n} 个考勤号当日无人：{ids}（打卡已保留，导入人员或考勤号对照后生效）").format(
                    n=len(result.strangers), ids=ids
                )
            ]
        )
        return ATTENTION
    return 0
