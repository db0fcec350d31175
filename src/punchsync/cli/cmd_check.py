"""`punchsync check`: is all well, line by line, and what to do where it is not."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, say_json, timed
from punchsync.cli.ending import ATTENTION, DONE, USAGE, Ending
from punchsync.cli.show import remedy
from punchsync.core.moment import Moment
from punchsync.problems import Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.operations.check import Finding

LEAST_FREE = 512 * 1024 * 1024


@click.command("check", help=verbs()["check"])
@timed
@on_site
def command(site: Path, as_json: bool, as_of: Moment | None) -> int:
    """A line each; status 1 if anything fails."""
    lines: list[tuple[str, str]] = []
    broken: Refused | None = None
    try:
        with open_site(site, as_of) as opened:
            lines = [*surroundings(opened), *records(opened)]
    except Refused as error:
        broken = error
    if broken is not None:
        lines = [("fail", c.show()) for c in broken.complaints]
    if as_json:
        say_json({"lines": [{"level": level, "text": text} for level, text in lines]})
    else:
        for level, text in lines:
            click.echo(f"{level:<4}  {text}")
    if broken is not None:
        raise Ending(USAGE, [])
    return ATTENTION if any(level == "fail" for level, _text in lines) else DONE


def surroundings(opened: Site) -> Iterator[tuple[str, str]]:
    """Settings, pack, store, disk and permissions."""
    settings, pack = opened.settings, opened.loaded.pack
    yield (
        "ok",
        _("设置：{name}（{id}），考勤机 {n} 台").format(
            name=settings.hall.name, id=settings.hall.id, n=len(settings.terminal)
        ),
    )
    overridden = sum(1 for i in pack.interpretations if i.overridden)
    yield "ok", _("规则包：{id}，本大厅改写解释 {n} 条").format(id=pack.id, n=overridden)
    unasked = sorted(set(settings.hall.answers) - {a.id for a in opened.loaded.file.answer})
    if unasked:
        yield "warn", _("hall.answers 里的 {keys} 规则包并没有问").format(keys="、".join(unasked))
    if settings.scoring.sink != "none":
        yield "warn", _("scoring.sink = {sink}：本版还不推送评分库，账目只记在本地").format(sink=settings.scoring.sink)
    if settings.desk.listen != "off":
        yield "warn", _("desk.listen：本版没有网页工作台")
    if settings.notify:
        yield "warn", _("notify：本版还不发送通知")
    yield "ok", _("数据：可以读写")
    free = shutil.disk_usage(opened.folder).free
    mib = free // 2**20
    yield ("ok" if free >= LEAST_FREE else "fail"), _("磁盘：余 {mib} MiB（至少应有 512 MiB）").format(mib=mib)
    data = opened.folder / "data"
    if data.is_dir() and not os.access(data, os.W_OK):
        yield "fail", _("{path} 不可写").format(path=data)
    for path in (data, opened.folder / "credentials"):
        if path.is_dir() and path.stat().st_mode & stat.S_IRWXO:
            yield "warn", _("{path} 对其他用户开放；请 chmod o-rwx").format(path=path)


def records(opened: Site) -> Iterator[tuple[str, str]]:
    """Clock, calendar, people and terminals."""
    from punchsync.logs import configure
    from punchsync.operations.check import check

    configure()
    for finding in check(opened.hall):
        yield finding.level, words(finding)


def words(f: Finding) -> str:
    """A finding in words, with what to do."""
    if f.code.startswith("read_"):
        return _("考勤机 {id}：{why}").format(id=f.about, why=remedy(f.code.removeprefix("read_")))
    templates = {
        "clock": _("时钟：{about}"),
        "clock_behind": _("时钟：现在 {about} 早于上次核算的 {value}；检查服务器时间"),
        "waiting": _("待核算：{about}；运行 punchsync settle"),
        "unpublished": _("日历：{about} 年没有公布放假安排；公布后用 punchsync import calendar 导入"),
        "own_calendar": _("日历：{about} 年按本大厅导入的 {value} 个休息日"),
        "calendar": _("日历：{about} 年已公布"),
        "staff": _("人员：今日在岗 {about} 人"),
        "no_staff": _("人员：今日无人在岗；用 punchsync import staff 导入"),
        "no_terminal": _("窗口 {about} 没有对应的考勤机，缺卡一律未知；检查 [[terminal]] 的 windows"),
        "unrostered": _("本月有 {value} 人在工作日没有排班：{about}；用 punchsync import roster 导入"),
        "roster_due": _("{about} 的排班应在月前排好，还有 {value} 人没有；用 punchsync import roster 导入"),
        "strangers": _("有 {value} 个考勤号无人认领：{about}；导入人员或考勤号对照"),
        "defects": _("有 {about} 条记录无法读成打卡，已原样保留；请到考勤机上核对"),
        "odd_times": _("考勤机 {about} 有未来或 2020 年以前的记录；检查考勤机时钟，这些记录不参与覆盖"),
        "no_beginning": _(
            "考勤机 {about} 没有写启用日，而记录从 {value} 才开始；请在 [[terminal]] 写 from，以免更早的日子被当作已读"
        ),
        "terminal": _("考勤机 {about}：可读，{value} 条记录"),
        "empty_log": _("考勤机 {about} 一条记录也没有；有人打卡之前，它的人员一律未知"),
        "clock_off": _("考勤机 {about} 的时钟差 {value} 秒；请校准"),
        "shrunk": _("考勤机 {about} 的记录变少了（{value}）；查明是否被清空，已读到的都在"),
        "never_read": _("考勤机 {about} 从未读到，它的人员一律未知；读机或导入文件"),
        "retired_unread": _("停用的考勤机 {about} 没有读到最后一天 {value} 之后；再读一次，或导入文件并写明 --through"),
        "behind": _("考勤机 {about} 只读到 {value}；运行 punchsync poll"),
        "file_behind": _("考勤机 {about} 只从文件导入，完整到 {value}；请导入新文件"),
        "lost": _("考勤机 {about} 有一段记录灭失：{value}；这段时间的人不会被扣分，可补签或裁定"),
    }
    return templates[f.code].format(about=f.about, value=f.value)
