"""`punchsync restore`: a backup's hall in its place again, or in a new one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from punchsync.cli import verbs
from punchsync.cli.cmd_backup import anchor, described
from punchsync.cli.common import at_terminal, on_site, progress, say_json
from punchsync.cli.ending import ATTENTION, BAD_INPUT, DONE, NOTHING, USAGE, Ending, complain
from punchsync.core.moment import show_moment
from punchsync.problems import Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punchsync.core.difference import Difference
    from punchsync.core.manifest import Manifest
    from punchsync.operations.backup.archive import NoBackup
    from punchsync.operations.backup.restore import Misplaced, Restored
    from punchsync.operations.backup.seal import NoKey
    from punchsync.store.install import Occupied


class Looked(NamedTuple):
    """What was found when a restored store was looked through, or why it could not be."""

    differences: Sequence[Difference]
    notes: Sequence[str]


@click.command("restore", help=verbs()["restore"])
@click.argument("file", metavar=_("文件"), type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", metavar=_("文件"), type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help=_("加密的备份：私钥所在的文件"))  # fmt: skip
@click.option("--replace", "over", is_flag=True, help=_("已有数据的，不再询问就换成备份里的；原来的总是移到旁边留着"))
@click.option("--check", "only", is_flag=True, help=_("只检查这份备份能不能恢复，不改动任何东西"))
@on_site
def command(site: Path, as_json: bool, file: Path, key: Path | None, over: bool, only: bool) -> int:
    """Restores a backup and verifies what is there then; status 1 if anything differs or is still to be laid out.

    What a site held is kept aside. Somebody at a terminal is asked first.
    """
    from punchsync.logs import configure
    from punchsync.operations.backup.archive import NoBackup
    from punchsync.operations.backup.restore import Misplaced
    from punchsync.operations.backup.seal import NoKey
    from punchsync.store.install import Occupied

    configure(quiet=True)
    try:
        if only:
            return check(file, site, key, as_json)
        return restore(file, site, key, over or not at_terminal(), as_json)
    except NoBackup as error:
        raise Ending(BAD_INPUT, [bad(file, error)]) from None
    except NoKey as error:
        raise Ending(USAGE if error.reason in ("none", "form") else BAD_INPUT, [locked(file, error)]) from None
    except Misplaced as error:
        raise Ending(BAD_INPUT if error.reason == "hall" else USAGE, [misplaced(file, site, error)]) from None
    except Occupied as error:
        if error.reason != "rows" or not click.confirm(occupied(error), err=True):
            raise Ending(USAGE, [occupied(error)]) from None
        return restore(file, site, key, True, as_json)
    except OSError as error:
        said = _("没有恢复完：{error}；数据不是原来的就是恢复后的，都是完整的。请检查磁盘余量与权限，再运行一次")
        raise Ending(NOTHING, [said.format(error=error)]) from None


def restore(file: Path, site: Path, key: Path | None, over: bool, as_json: bool) -> int:
    """Restore while nobody serves the site; a folder that was made for it goes if nothing comes of it."""
    from punchsync.bootstrap.restoring import Restoring
    from punchsync.operations.backup.restore import restore
    from punchsync.service.lock import Taken, alone

    made = [folder for folder in (site, site / "data") if not folder.exists()]
    for folder in made:
        folder.mkdir(mode=0o750, parents=True)
    try:
        with alone(site):
            done = restore(file, site, Restoring(), key=key, over=over)
            found = looked_through(site)
            held = holds_back(site)
    except Taken as taken:
        pid = str(taken.pid) if taken.pid else _("未知")
        said = _("{folder} 的服务正在运行（进程 {pid}）；先停掉它再恢复").format(folder=site, pid=pid)
        raise Ending(NOTHING, [said]) from None
    finally:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
    missing = [name for name in done.credentials if not laid_out(site, name)]
    if as_json:
        say_json(as_object(done, site, found, missing))
    else:
        for line in lines(done, site, found, held=held):
            click.echo(line)
    complain(odd(found, missing))
    return ATTENTION if found.differences or found.notes or missing else DONE


def holds_back(site: Path) -> bool:
    """Whether nothing is booked before the scoring store was asked."""
    from punchsync.bootstrap import Site
    from punchsync.operations.hold import held

    try:
        with Site(site) as opened, opened.store.reading() as work:
            return held(opened.hall, work)
    except Refused:
        return False  # said by whoever looked through


def looked_through(site: Path) -> Looked:
    """What `verify` finds at a site, or why it can't look."""
    from punchsync.bootstrap import Site
    from punchsync.operations.verify import verify

    try:
        with Site(site) as opened, progress(_("核对")) as advance:
            return Looked(verify(opened.hall, advance).differences, [])
    except Refused as error:
        return Looked([], [c.show() for c in error.complaints])


def check(file: Path, site: Path, key: Path | None, as_json: bool) -> int:
    """Prove a backup as if it were restored."""
    from punchsync.bootstrap import Site
    from punchsync.bootstrap.restoring import Restoring
    from punchsync.operations.backup.restore import tried
    from punchsync.operations.verify import verify

    notes: list[str] = []

    def look(folder: Path, store: Path) -> tuple[Difference, ...]:
        try:
            with Site(folder, store=store) as opened, progress(_("核对")) as advance:
                return verify(opened.hall, advance).differences
        except Refused as error:
            notes.extend(c.show() for c in error.complaints)
            return ()

    folder = site / "data"
    work = folder if folder.is_dir() and os.access(folder, os.W_OK) else Path(gettempdir())
    manifest, differences = tried(file, work, Restoring(), look, key=key)
    found = Looked(differences, notes)
    if as_json:
        say_json({**described(manifest), **as_found(found)})
    else:
        click.echo(about(manifest))
        if not differences and not notes:
            click.echo(_("可以恢复；核对没有差异"))
    complain(odd(found, []))
    return ATTENTION if differences or notes else DONE


def laid_out(site: Path, name: str) -> bool:
    """Whether a credential is there."""
    from punchsync.settings import secret

    try:
        secret(site, name)
    except Refused:
        return False
    return True


def about(manifest: Manifest) -> str:
    """A backup in one line."""
    return _("备份：{name}（{id}），{made_at} 由 {program} 版所做，{rows} 行，账目 {entries} 笔，锚 {anchor}").format(
        name=manifest.name, id=manifest.hall, made_at=show_moment(manifest.made_at), program=manifest.program,
        rows=manifest.store.rows, entries=manifest.store.entries, anchor=anchor(manifest),
    )  # fmt: skip


def lines(done: Restored, site: Path, found: Looked, *, held: bool) -> list[str]:
    """What was done, and what comes next."""
    out = [about(done.manifest)]
    out.append(
        {
            "new": _("已恢复到 {site}"),
            "replaced": _("已恢复到 {site}；原来的数据移到 {kept}"),
            "same": _("{site} 的数据与备份相同，没有改动"),
        }[done.installed.how].format(site=site, kept=done.installed.kept)
    )
    if done.put.made:
        out.append(_("补上的文件 {n} 个：{files}").format(n=len(done.put.made), files=few(done.put.made)))
    if done.put.kept:
        out.append(
            _("已有而内容不同的文件 {n} 个，没有动：{files}").format(n=len(done.put.kept), files=few(done.put.kept))
        )
    if done.manifest.pack:
        out.append(_("备份时规则包在 {file}，不在备份里").format(file=done.manifest.pack))
    if not found.differences and not found.notes:
        out.append(_("核对：没有差异"))
    if held:
        out.append(_("先运行 punchsync push --reconcile：与评分库对账以前，不记账、不推送"))
    out.append(_("接着：punchsync check；补上备份以后登记的请假等；punchsync resync（补读备份以后的打卡）"))
    return out


def few(names: Sequence[str]) -> str:
    """The first of them."""
    return "、".join(names[:5]) + ("……" if len(names) > 5 else "")


def odd(found: Looked, missing: Sequence[str]) -> list[str]:
    """What needs somebody."""
    from punchsync.cli.cmd_verify import words

    out = [words(d) for d in found.differences]
    if found.notes:
        out += [_("没有核对，因为设置或规则包还不能用："), *found.notes]
    if missing:
        said = _("凭据不在备份里，要重新放好：{names}（credentials/ 里的文件，或 systemd 凭据）")
        out.append(said.format(names="、".join(missing)))
    return out


def as_object(done: Restored, site: Path, found: Looked, missing: Sequence[str]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "site": str(site),
        **described(done.manifest),
        "store": done.installed.how,
        "kept": None if done.installed.kept is None else str(done.installed.kept),
        "files": list(done.put.made),
        "files_kept": list(done.put.kept),
        "credentials_missing": list(missing),
        **as_found(found),
    }


def as_found(found: Looked) -> dict[str, Any]:
    """What was found, as JSON."""
    return {
        "differences": [
            {"invariant": d.invariant, "place": d.place, "found": d.found, "right": d.right} for d in found.differences
        ],
        "notes": list(found.notes),
    }


def bad(file: Path, error: NoBackup) -> str:
    """Why a file can't be used."""
    return {
        "form": _("{file} 不是 punchsync 的备份；什么也没有改动"),
        "newer": _("{file} 是更新版本的 punchsync 所做（{place}）；请先升级程序，什么也没有改动"),
        "broken": _("{file} 残缺或损坏；什么也没有改动，请换一份备份"),
        "names": _("{file} 里的文件与清单不符（{place}）；什么也没有改动，请换一份备份"),
        "sum": _("{file} 里的 {place} 与清单的摘要不符；什么也没有改动，请换一份备份"),
    }[error.reason].format(file=file, place=error.place)


def locked(file: Path, error: NoKey) -> str:
    """Why a sealed file can't be opened."""
    return {
        "none": _("{file} 是加密的；请加 --key 私钥所在的文件"),
        "form": _("--key 的文件里没有 age 私钥（AGE-SECRET-KEY-1…）"),
        "other": _("{file} 不是为这把私钥加密的，或开头已损坏；什么也没有改动"),
        "damaged": _("{file} 残缺或损坏；什么也没有改动，请换一份备份"),
    }[error.reason].format(file=file)


def misplaced(file: Path, site: Path, error: Misplaced) -> str:
    """Why a backup can't be restored here."""
    return {
        "hall": _("{file} 是大厅 {found} 的备份，{site} 是大厅 {right}；什么也没有改动"),
        "password": _("{file} 里的设置抹去了数据库密码；先在 {site} 写好 punchsync.toml，地址写成凭据，再恢复"),
        "settings": _("{file} 里没有可用的设置；先在 {site} 写好 punchsync.toml，再恢复"),
    }[error.reason].format(file=file, site=site, found=error.found, right=error.right)


def occupied(error: Occupied) -> str:
    """Why a store is left as it is."""
    return {
        "rows": _("这个大厅已有数据，要换成备份里的吗？原来的会移到旁边留着；加 --replace 就不再询问"),
        "always": _("PostgreSQL 里这个大厅已有数据，只增不删，没有改动；请换一个空的库（改 [store] url）再恢复"),
        "others": _("这个数据库文件里还有别的大厅（{found}），没有改动；请给 [store] url 换一个文件再恢复"),
    }[error.reason].format(found=error.found)
