"""`punchsync backup`: everything of a hall in one file, restored once to prove it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, progress, say_json
from punchsync.cli.ending import ATTENTION, DONE, NOTHING, USAGE, Ending, complain
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.core.manifest import Manifest
    from punchsync.operations.backup import BackedUp


@click.command("backup", help=verbs()["backup"])
@click.argument("file", metavar=_("[文件]"), type=click.Path(path_type=Path), required=False)
@click.option("--quick", is_flag=True, help=_("只核对摘要，不恢复后重算；备份照样完整"))
@click.option(
    "--new-key", "new_key", metavar=_("文件"), type=click.Path(path_type=Path),
    help=_("不备份：做一对加密用的钥匙，私钥写进这个文件，公钥打印出来"),
)  # fmt: skip
@on_site
def command(site: Path, as_json: bool, file: Path | None, quick: bool, new_key: Path | None) -> int:
    """Makes a backup in a file, or without one the next of those that are kept; status 1 if anything is odd."""
    from punchsync.operations.backup import InTheWay, NoFolder
    from punchsync.operations.backup.seal import NoKey

    if new_key is not None:
        return made_key(new_key, as_json)
    with open_site(site) as opened, progress(_("核对备份")) as advance:
        now = opened.real_clock.now()
        if file is not None and file.is_dir():
            from punchsync.core.keeping import name_of

            sealed = opened.settings.backup.recipient is not None
            file = file / name_of(opened.hall.id, now, sealed=sealed)
        try:
            done = opened.back_up(now, file, proof="sums" if quick else "all", progress=advance)
        except InTheWay as error:
            raise Ending(USAGE, [_("{file} 不是备份，不覆盖它；请另写一个文件名").format(file=error)]) from None
        except NoFolder as error:
            raise Ending(NOTHING, [no_folder(str(error))]) from None
        except NoKey:
            recipient = opened.settings.backup.recipient
            said = _("backup.recipient 写的是 {found}，不是 age 公钥；用 punchsync backup --new-key 文件 做一对")
            raise Ending(USAGE, [said.format(found=recipient)]) from None
        except OSError as error:
            said = _("没有备份成：{error}；原有的备份没有动。请检查磁盘余量与权限")
            raise Ending(NOTHING, [said.format(error=error)]) from None
    if as_json:
        say_json(as_object(done, quick))
    else:
        for line in lines(done, quick):
            click.echo(line)
    complain(odd(done))
    return ATTENTION if done.differences or done.also else DONE


def made_key(file: Path, as_json: bool) -> int:
    """A pair of keys, and what to do with them."""
    from punchsync.operations.backup.seal import new_key

    try:
        public = new_key(file)
    except FileExistsError:
        raise Ending(USAGE, [_("{file} 已经存在，不覆盖它；请另写一个文件名").format(file=file)]) from None
    if as_json:
        say_json({"recipient": public, "key": str(file)})
        return DONE
    click.echo(_("公钥，写进 punchsync.toml 的 [backup]："))
    click.echo(f'  recipient = "{public}"')
    click.echo(_("私钥在 {file}：移到这台机器以外保管，恢复时才用。丢了私钥，加密的备份谁也打不开。").format(file=file))
    return DONE


def no_folder(folder: str) -> str:
    """Why there is no backup without a folder."""
    return _("没有 {folder} 这个文件夹，没有备份；磁盘或网络盘可能没有挂上，大厅文件夹以外的要先建好").format(
        folder=folder
    )


def lines(done: BackedUp, quick: bool) -> list[str]:
    """What was made."""
    store = done.manifest.store
    out = [
        _("已备份到 {file}：{bytes} 字节，{rows} 行，账目 {entries} 笔，总链 {links} 环").format(
            file=done.file, bytes=done.bytes, rows=done.rows, entries=store.entries, links=store.links
        ),
        _("锚：{anchor}").format(anchor=anchor(done.manifest)),
    ]
    if quick:
        out.append(_("已拆开核对摘要；没有重算"))
    elif not done.differences:
        out.append(_("已恢复一遍并核对：没有差异"))
    if done.sealed:
        out.append(_("已加密；恢复时要用私钥"))
    if done.manifest.blanked:
        out.append(_("设置里写着密码，备份里的已抹去；请改为 credential:名字，地址写进凭据"))
    if done.manifest.pack:
        out.append(_("规则包 {file} 在大厅文件夹以外，没有收进备份").format(file=done.manifest.pack))
    if done.removed:
        out.append(_("按保留的份数，删去旧备份 {n} 份").format(n=len(done.removed)))
    return out


def odd(done: BackedUp) -> list[str]:
    """What of it needs somebody."""
    from punchsync.cli.cmd_verify import words

    out = [words(d) for d in done.differences]
    if out:
        out.append(_("这份备份恢复后有差异，已留下；数据库里多半同样如此，用 punchsync verify 核对"))
    if done.also:
        out.append(_("第二份没有抄成（{why}）；第一份是好的").format(why=done.also))
    return out


def anchor(manifest: Manifest) -> str:
    """The end of a backup's chain as `verify --against` takes it."""
    from punchsync.core.anchor import anchor as made
    from punchsync.core.chain import Head

    return str(made(manifest.hall, Head(manifest.store.links, manifest.store.link_hash)))


def as_object(done: BackedUp, quick: bool) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "file": str(done.file),
        "bytes": done.bytes,
        **described(done.manifest),
        "encrypted": done.sealed,
        "verified": not quick,
        "differences": differences(done),
        "removed": list(done.removed),
        "also": done.also,
    }


def differences(done: BackedUp) -> list[dict[str, str]]:
    """Differences as JSON."""
    return [{"invariant": d.invariant, "place": d.place, "found": d.found, "right": d.right} for d in done.differences]


def described(manifest: Manifest) -> dict[str, Any]:
    """What a backup says of itself, as JSON."""
    from punchsync.core.moment import show_moment

    return {
        "hall": manifest.hall,
        "name": manifest.name,
        "made_at": show_moment(manifest.made_at),
        "program": manifest.program,
        "schema": manifest.store.schema,
        "rows": manifest.store.rows,
        "entries": manifest.store.entries,
        "anchor": anchor(manifest),
        "tables": {t.table: t.rows for t in manifest.store.tables},
        "blanked": manifest.blanked,
        "pack": manifest.pack,
    }
