"""`punchsync serve`: the daemon."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import at_terminal, on_site, open_site, say_json
from punchsync.cli.ending import NOTHING, Ending
from punchsync.cli.job_words import words
from punchsync.core.moment import show_day, show_moment
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.service.schedule import Job


@click.command("serve", help=verbs()["serve"])
@on_site
def command(site: Path, as_json: bool) -> int:
    """Says what is scheduled today, then serves until SIGTERM or SIGINT (status 0); SIGHUP reads the settings anew."""
    from punchsync.cli.answering import answering
    from punchsync.desk.place import Occupied
    from punchsync.logs import configure, discreet_threads
    from punchsync.service.daemon import Inbox, heeding, serve
    from punchsync.service.lock import Taken
    from punchsync.store.alone import Served

    inbox = Inbox()
    # At a terminal the signal means that the terminal is gone.
    with heeding(inbox, reloads=not at_terminal()), open_site(site) as opened:
        configure()
        discreet_threads()

        def announce(jobs: Sequence[Job]) -> None:
            if as_json:
                say_json(as_data(opened, jobs))
            else:
                for line in lines(opened, jobs):
                    click.echo(line)

        try:
            return serve(opened, inbox=inbox, announce=announce, companions=[answering])
        except Occupied as occupied:
            raise Ending(NOTHING, [c.show() for c in occupied.complaints]) from None
        except Taken as taken:
            raise Ending(NOTHING, [already(opened, taken.pid)]) from None
        except Served:
            raise Ending(NOTHING, [elsewhere(opened)]) from None


def lines(opened: Site, jobs: Sequence[Job]) -> list[str]:
    """What a user sees when the service starts."""
    hall = opened.settings.hall
    daily = "daily" in opened.settings.schedule.bulletins
    day = show_day(jobs[0].due // 86_400)
    said = [_("{name}（{id}）：服务已启动").format(name=hall.name, id=hall.id), *desk_lines(opened)]
    said.append(_("今天（{day}，{zone}）的安排：").format(day=day, zone=hall.timezone))
    said += [f"  {show_moment(job.due)[11:16]}  {words(job, daily)}" for job in jobs]
    said.append(_("已过时刻而没有做的，现在补做。"))
    listen = opened.settings.desk.listen
    if listen != "off":
        said.append(_("在 http://{listen} 回答 /healthz、/readyz、/metrics。").format(listen=listen))
    if sys.stderr.isatty():
        said.append(_("日志写到标准错误，即这里；按 Ctrl+C 停止。"))
    else:
        said.append(_("日志写到标准错误，每行一个 JSON 对象（systemd 下用 journalctl -u punchsync 查看）。"))
    return said


def desk_lines(opened: Site) -> list[str]:
    """Where the desk is, and how the first account is made while there is none; nothing where it is off."""
    listen = opened.settings.desk.listen
    if listen == "off":
        return []
    said = [_("网页在 http://{listen}/").format(listen=listen)]
    with opened.store.reading() as work:
        if not work.accounts.all():
            line = _("还没有账号：punchsync --site {folder} account add 账号 --role admin --name 姓名")
            said.append(line.format(folder=opened.folder))
    return said


def as_data(opened: Site, jobs: Sequence[Job]) -> dict[str, object]:
    """The same for a program."""
    return {
        "site": str(opened.folder),
        "hall": opened.settings.hall.id,
        "jobs": [{"job": job.name, "due": show_moment(job.due), "about": show_day(job.about)} for job in jobs],
        "desk": opened.settings.desk.listen,
        "logs": "stderr",
    }


def already(opened: Site, pid: int) -> str:
    """Why a second service does not start."""
    who = str(pid) if pid else _("未知")
    return _("{folder} 已有服务在运行（进程 {pid}）；先停掉它，或用 systemctl status punchsync 查看").format(
        folder=opened.folder, pid=who
    )


def elsewhere(opened: Site) -> str:
    """Why no service starts whose hall one on another machine serves."""
    return _("大厅 {id} 已由别处的服务运行（同一个数据库）；先停掉那一个").format(id=opened.settings.hall.id)
