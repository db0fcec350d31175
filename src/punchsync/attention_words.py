"""What needs a person, in words: what it is, what to do and which command to type; and the notices of it.

No personal names and no secrets: a notice goes through other people's machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from punchsync.core.attention import CLOSED, ESCALATED, State
from punchsync.core.moment import HOUR, Moment, show_moment
from punchsync.core.notice import Notice
from punchsync.findings import remedy, words
from punchsync.operations.finding import Finding
from punchsync.texts import _

LONGEST: Final = 300
"""Characters of what somebody else said that go into a notice."""


def standing_line(since: Moment, code: str, about: str = "") -> str:
    """A state that stands, in a line."""
    return _("{since} 起  {what}").format(since=show_moment(since), what=title(code, about))


def title(code: str, about: str = "") -> str:
    """What it is in a few words, with what it is about."""
    name = {
        "terminal_silent": _("考勤机读不到"),
        "comm_key_refused": _("考勤机不认通信密码"),
        "clock_off": _("考勤机时钟差得太多"),
        "log_nearly_full": _("考勤机记录快满"),
        "roster_missing": _("缺排班"),
        "calendar_unpublished": _("缺放假安排"),
        "outbox_parked": _("评分库拒收"),
        "outbox_stuck": _("评分库送不到"),
        "disk_low": _("磁盘快满"),
        "backup_failed": _("备份没有做成"),
        "verify_failed": _("核对有差异"),
        "job_failed": _("任务做不成"),
        "clock_stepped": _("服务器时钟不对"),
        "settings_refused": _("设置有误"),
        "store_refused": _("数据写不进去"),
        "account_locked": _("网页账号被锁"),
        "notice_failed": _("通知送不出"),
    }.get(code, code)
    return _("{name}（{about}）").format(name=name, about=about) if about else name


def sentence(state: State) -> str:
    """What is so and what to do, in one line."""
    code, about, value = state.code, state.about, _short(state.value)
    if code == "terminal_silent":
        why, _gap, since = value.partition(" ")
        silent = (
            _("考勤机 {about} 自 {since} 起没有读成：{why}") if since else _("考勤机 {about} 一次也没有读成：{why}")
        )
        return _then_poll(silent.format(about=about, since=since, why=remedy(why)), about)
    of_check = {
        "comm_key_refused": "read_wrong_key",
        "clock_off": "clock_beyond",
        "log_nearly_full": "full_soon",
        "roster_missing": "roster_due",
        "calendar_unpublished": "unpublished",
    }
    if code in of_check:
        said = words(Finding("fail", of_check[code], about, value))
        return said if code in ("roster_missing", "calendar_unpublished") else _then_poll(said, about)
    templates = {
        "outbox_parked": _(
            "评分库 {about} 拒收了 {value} 笔账目；运行 punchsync check 看原因，改正后用 punchsync push --parked 再送"
        ),
        "outbox_stuck": _("账目自 {value} 起送不到评分库 {about}，都还在；运行 punchsync push 看原因"),
        "disk_low": _("磁盘只余 {value} MiB；满了就存不下打卡，请腾出空间，再运行 punchsync check"),
        "backup_failed": _(
            "备份没有做成、太旧或与数据不符（最近一份：{value}）；检查 [backup] 的文件夹与磁盘，再运行 punchsync status"
        ),
        "verify_failed": _("{value} 的核对发现差异；运行 punchsync verify 看是哪些，查明之前不要关账"),
        "job_failed": _("任务 {about} 自 {value} 起一直做不成；运行 punchsync status 看原因"),
        "clock_stepped": _("服务器的时钟差了或跳了 {value} 秒；检查时间同步（timedatectl），再运行 punchsync check"),
        "settings_refused": _("改过的设置没有采用，仍按原来的运行：{value}；运行 punchsync check，改好后再重新载入"),
        "store_refused": _("数据库写不进去，打卡暂时存不下；检查磁盘、权限与数据库，再运行 punchsync check"),
        "account_locked": _(
            "有 {value} 个网页账号因密码连错被锁；运行 punchsync account list 看是哪些，问本人：忘了密码的重设，"
            "不是本人试的，查来路"
        ),
        "notice_failed": _("渠道 {about} 自 {value} 起一条通知也没有送成；运行 punchsync attention --test 看原因"),
    }
    return templates[code].format(about=about, value=value or _("（没有）"))


def notice(hall: str, state: State, step: str, now: Moment) -> tuple[str, str]:
    """Subject and body of a notice of a state's step."""
    what, since = title(state.code, state.about), show_moment(state.opened_at)
    if step == CLOSED:
        subject = _("{hall}：已解除：{what}")
        body = _("自 {since} 起，到 {until} 已不再如此。").format(since=since, until=show_moment(now))
        return subject.format(hall=hall, what=what), body
    subject, body = _("{hall}：需要处理：{what}"), _("{sentence}。自 {since} 起。")
    if step == ESCALATED:
        subject, body = _("{hall}：仍未处理：{what}"), _("{sentence}。自 {since} 起，已 {n} 小时。")
    said = body.format(sentence=sentence(state), since=since, n=(now - state.opened_at) // HOUR)
    return subject.format(hall=hall, what=what), said


def message(notices: Sequence[Notice]) -> tuple[str, str]:
    """Subject and body of notices that go as one message."""
    first = notices[0]
    if len(notices) == 1:
        return first.subject, first.body
    subject = _("{subject} 等 {n} 件").format(subject=first.subject, n=len(notices))
    return subject, "\n\n".join(f"{n.subject}\n{n.body}" for n in notices)


def _then_poll(said: str, terminal: str) -> str:
    return _("{said}；办好后运行 punchsync poll {id}").format(said=said, id=terminal)


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
