"""The jobs of the schedule in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchsync.core.moment import show_day
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.service.schedule import Job


def words(job: Job, daily: bool = True) -> str:
    """A job in words, with what it is about; `daily` says whether closing a day publishes its bulletin."""
    day = show_day(job.about)
    if job.name == "nightly":
        return _("核算，并发布 {day} 的日报").format(day=day) if daily else _("核算 {day}").format(day=day)
    if job.name in ("weekly", "monthly", "quarterly"):
        return _("{what}，到 {day} 为止").format(what=named(job.name), day=day)
    return named(job.name)


def named(name: str) -> str:
    """A job by its name, in words."""
    if name == "poll-1":
        return _("读考勤机（当日第一次，整份），核算有变化的部分")
    if name.startswith("poll-"):
        return _("读考勤机新增的记录，核算有变化的部分")
    return {
        "nightly": _("核算，发布日报"),
        "weekly": _("发布周报"),
        "monthly": _("发布月报"),
        "quarterly": _("发布季报"),
        "backup": _("备份"),
        "verify": _("抽查核对"),
        "purge": _("清除过了保存年限的内容"),
    }.get(name, name)


def became(outcome: str) -> str:
    """What came of a run, in words."""
    return {
        "": _("没有做过"),
        "ok": _("做成"),
        "part": _("有考勤机没读成"),
        "none": _("考勤机都没读成"),
        "differs": _("发现差异"),
        "no_copy": _("做成，第二份没有抄成"),
        "unscrubbed": _("做成，数据库文件里可能还有已清除的字节"),
    }.get(outcome, outcome)
