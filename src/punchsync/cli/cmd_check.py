"""`punchsync check`: is all well, line by line, and what to do where it is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.address import holds_password
from punchsync.cli import verbs
from punchsync.cli.check_printing import printing
from punchsync.cli.common import on_site, open_site, say_json, timed
from punchsync.cli.delivered import parked_lines, told
from punchsync.cli.ending import ATTENTION, DONE, USAGE, Ending
from punchsync.cli.modes import modes
from punchsync.core.moment import Moment, show_moment
from punchsync.findings import words
from punchsync.problems import Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

LEAST_FREE = 512
"""MiB with which a day's work has room; `[attention] disk` asks for more in time."""


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
    for key, url in (("store.url", settings.store.url), ("scoring.url", settings.scoring.url or "")):
        if holds_password(url):
            yield "warn", _("{key} 里写着密码；请改为 credential:名字，地址写进凭据").format(key=key)
    if settings.scoring.sink != "none":
        yield from outbox(opened)
    yield from address(settings.desk.listen)
    yield from channels(opened)
    yield from printing(opened)
    yield "ok", _("数据：可以读写")
    others = opened.store.others()
    if others:
        line = _("数据：库里还有别的大厅的数据：{ids}（本大厅是 {id}）；hall.id 写错过的请查明，备份不能恢复到这个库")
        yield "warn", line.format(ids="、".join(others), id=settings.hall.id)
    mib, wanted = shutil.disk_usage(opened.folder).free // 2**20, settings.attention.disk
    level = "fail" if mib < min(LEAST_FREE, wanted) else "warn" if mib < wanted else "ok"
    yield level, _("磁盘：余 {mib} MiB（至少应有 {wanted} MiB）").format(mib=mib, wanted=wanted)
    data = opened.folder / "data"
    if data.is_dir() and not os.access(data, os.W_OK):
        yield "fail", _("{path} 不可写").format(path=data)
    yield from modes(opened.folder, opened.folder / settings.backup.folder, settings.store.url)


def address(listen: str) -> Iterator[tuple[str, str]]:
    """Where the service answers, and for whom."""
    if listen == "off":
        return
    from punchsync.desk.place import place_of

    try:
        place = place_of(listen)
    except Refused as error:
        yield from (("fail", c.show()) for c in error.complaints)
        return
    if place.outside:
        line = _("desk.listen：网页与 /healthz、/readyz、/metrics 在 {listen}，别的机器能直接连："
                 "没有加密，后三个也不问是谁；"
                 "请只听本机（127.0.0.1），要给别的机器用就加反向代理，见手册第 23 章")  # fmt: skip
        yield "warn", line.format(listen=place.show())
    else:
        line = _("desk.listen：网页与 /healthz、/readyz、/metrics 在 {listen}，只有本机能连")
        yield "ok", line.format(listen=place.show())


def channels(opened: Site) -> Iterator[tuple[str, str]]:
    """The channels of notices; nothing is sent."""
    for listener in opened.listeners():
        try:
            opened.channel(listener.name)
        except Refused as error:
            yield from (("fail", c.show()) for c in error.complaints)
            continue
        if not listener.after:
            yield "warn", _("通知 {name}：没有写 on，什么也不通知").format(name=listener.name)
        else:
            yield (
                "ok",
                _("通知 {name}：{n} 种情况；试发用 punchsync attention --test").format(
                    name=listener.name, n=len(listener.after)
                ),
            )
    if opened.settings.personal.url is None:
        return
    try:
        opened.check_personal()
    except Refused as error:
        yield from (("fail", c.show()) for c in error.complaints)
        return
    from punchsync.operations.personal import listed

    people = len(listed(opened.hall))
    yield "ok" if people else "warn", _("个人通知：{n} 人有收信地址；登记用 punchsync contact").format(n=people)


def outbox(opened: Site) -> Iterator[tuple[str, str]]:
    """What of the ledger is not at the scoring store."""
    from punchsync.operations.deliver import standing

    try:
        store = opened.scoring()
    except Refused as error:
        yield from (("fail", c.show()) for c in error.complaints)
        return
    assert store is not None
    store.close()
    owed = standing(opened.hall, store.name)
    if owed.waiting:
        since = "" if owed.since is None else show_moment(owed.since)
        why = _("；上次没有送成：{why}").format(why=told(owed.tried)) if owed.tried else ""
        line = _("评分库 {store}：{n} 笔待送，自 {since} 起{why}；服务会推送，也可运行 punchsync push")
        yield "warn", line.format(store=store.name, n=owed.waiting, since=since, why=why)
    else:
        yield "ok", _("评分库 {store}：没有待送的账目").format(store=store.name)
    if owed.parked:
        yield from (("fail", line) for line in parked_lines(owed))


def records(opened: Site) -> Iterator[tuple[str, str]]:
    """Clock, calendar, people and terminals."""
    from punchsync.logs import configure
    from punchsync.operations.check import check

    configure(quiet=True)
    for finding in check(opened.hall):
        yield finding.level, words(finding)
