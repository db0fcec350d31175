"""`punchsync status`: whether a service runs, what its jobs did and will do, and what needs somebody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, say_json, table
from punchsync.cli.ending import ATTENTION, DONE, complain
from punchsync.cli.job_words import became, named
from punchsync.core.moment import Moment, show_moment
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.service.timeline import JobState


class Status(NamedTuple):
    """How a site stands: its service's process (None: none runs), its last settle, its jobs, what is open."""

    now: Moment
    pid: int | None
    settled: Moment | None
    jobs: list[JobState]
    attention: list[tuple[str, str, Moment]]
    unsure: int = 0


@click.command("status", help=verbs()["status"])
@on_site
def command(site: Path, as_json: bool) -> int:
    """Status 1 if no service runs, a job fails, found differences, or something needs somebody."""
    with open_site(site) as opened:
        status = look(opened)
        if as_json:
            say_json(as_data(opened, status))
        else:
            click.echo("\n".join(lines(opened, status)))
    needs = list(wanting(status))
    complain(needs)
    return ATTENTION if needs else DONE


def look(opened: Site) -> Status:
    """Look at a site."""
    from punchsync.service.lock import holder
    from punchsync.service.schedule import schedule_of
    from punchsync.service.timeline import job_states

    hall = opened.hall
    now = hall.clock.now()
    jobs = job_states(hall, schedule_of(opened.settings, hall.pack), now)
    with hall.store.reading() as work:
        settled = work.runs.settled_as_of()
        attention = [(state.code, state.about, state.opened_at) for state in work.attention.open()]
        unsure = len(work.notices.unsure())
    return Status(now, holder(opened.folder), settled, jobs, attention, unsure)


def lines(opened: Site, status: Status) -> list[str]:
    """The same in words."""
    from punchsync.attention_words import standing_line

    hall = opened.settings.hall
    runs = _("没有服务在运行") if status.pid is None else _("服务在运行（进程 {pid}）").format(pid=status.pid or "?")
    said = [_("{name}（{id}）：{state}").format(name=hall.name, id=hall.id, state=runs)]
    said.append(_("现在 {now}（{zone}），核算到 {settled}").format(
        now=show_moment(status.now), zone=hall.timezone, settled=shown(status.settled)
    ))  # fmt: skip
    head = (_("下次"), _("任务"), _("上次"), _("结果"))
    said += table(head, [(shown(j.next_due), named(j.name), shown(j.last_at), became(j.outcome)) for j in status.jobs])
    said += [standing_line(at, code, about) for code, about, at in status.attention]
    if status.unsure:
        said.append(_("{n} 条通知不知道送到没有；运行 punchsync notice list").format(n=status.unsure))
    return said


def wanting(status: Status) -> list[str]:
    """What needs somebody, a line each."""
    found = []
    if status.pid is None:
        found.append(_("没有服务在运行；用 systemctl start punchsync 启动，或运行 punchsync serve"))
    for job in status.jobs:
        name = named(job.name)
        if job.trouble_since is not None:
            since, times = show_moment(job.trouble_since), job.trouble_times
            said = _("{job}：自 {since} 起做不成，已试 {n} 次（{error}）；服务会一直再试")
            found.append(said.format(job=name, since=since, n=times, error=job.error))
        elif job.outcome == "differs":
            said = _("{job}：{at} 的一次发现差异；运行 punchsync verify 查看")
            found.append(said.format(job=name, at=shown(job.last_at)))
    if status.attention:
        found.append(_("{n} 件事需要有人处理；运行 punchsync attention 查看").format(n=len(status.attention)))
    return found


def as_data(opened: Site, status: Status) -> dict[str, object]:
    """The same for a program."""
    return {
        "site": str(opened.folder),
        "hall": opened.settings.hall.id,
        "now": show_moment(status.now),
        "timezone": opened.settings.hall.timezone,
        "running": status.pid is not None,
        "pid": status.pid or None,
        "settled": moment(status.settled),
        "jobs": [
            {
                "job": job.name,
                "last_due": moment(job.last_due),
                "last_at": moment(job.last_at),
                "outcome": job.outcome or None,
                "next_due": moment(job.next_due),
                "owed": moment(job.owed),
                "trouble": {
                    "since": show_moment(job.trouble_since), "times": job.trouble_times, "error": job.error,
                } if job.trouble_since is not None else None,
            }
            for job in status.jobs
        ],
        "attention": [{"code": code, "about": about, "since": show_moment(at)} for code, about, at in status.attention],
        "notices_unsure": status.unsure,
    }  # fmt: skip


def shown(at: Moment | None) -> str:
    """A moment to the minute, a dash for none."""
    return "—" if at is None else show_moment(at)[:16]


def moment(at: Moment | None) -> str | None:
    """A moment for a program."""
    return None if at is None else show_moment(at)
