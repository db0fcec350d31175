"""Notices of what was decided and booked, in words: subject, and body in the Markdown of `core.marked`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from punchsync.core.marked import escape
from punchsync.core.moment import show_day
from punchsync.core.points import number
from punchsync.operations.outcomes import Stated
from punchsync.operations.personal import Item
from punchsync.texts import _
from punchsync.words import occurrence, outcome

MOST: Final = 40
"""At most so many entries are told of one by one."""


def confirmed(hall: str, row: Stated, subject: str) -> tuple[str, str]:
    """That an outcome was confirmed; `subject` is whom it is about, as the channel may be told, or empty."""
    o = row.outcome
    line = (
        _("- **{subject}**：{outcome}（{period}），依据 {article}")
        if subject
        else _("- 1 人：{outcome}（{period}），依据 {article}")
    )
    body = line.format(
        subject=escape(subject),
        outcome=escape(outcome(o.outcome)),
        period=o.period,
        article=escape(o.article or o.rule),
    )
    return _("{hall}：已确认的后果").format(hall=hall), body


def taken_back(hall: str, row: Stated, subject: str) -> tuple[str, str]:
    """That an outcome, of whose being confirmed the same channel was told, is confirmed no more."""
    o = row.outcome
    line = (
        _("- **{subject}**：{outcome}（{period}）的确认已收回")
        if subject
        else _("- 1 人：{outcome}（{period}）的确认已收回")
    )
    body = line.format(subject=escape(subject), outcome=escape(outcome(o.outcome)), period=o.period)
    return _("{hall}：更正：后果的确认已收回").format(hall=hall), body


def personal(hall: str, items: Sequence[Item]) -> tuple[str, str]:
    """What one person is told of what was booked on their own account."""
    posted = any(not item.entry.reverses for item in items)
    subject = _("{hall}：您的考勤记账通知") if posted else _("{hall}：您的考勤账目已冲回")
    lines = [f"- {_reversed(item) if item.entry.reverses else _booked(item)}" for item in items[:MOST]]
    if len(items) > MOST:
        lines.append(_("- 另有 {n} 笔，详见对账单").format(n=len(items) - MOST))
    body = [_("您好，以下是记在您本人账上的考勤账目："), "", *lines, ""]
    body.append(_("每一笔的来历可以向考勤管理人员查询，请报账目编号。本邮件由系统发出，请勿回复。"))
    return subject.format(hall=hall), "\n".join(body)


def _booked(item: Item) -> str:
    e = item.entry
    points = _("扣 {n} 分") if e.points < 0 else _("加 {n} 分")
    said = _("{what}，{points}，依据 {article}（账目 {entry}）").format(
        what=escape(_what(item)),
        points=points.format(n=number(abs(e.points))),
        article=escape(e.article or e.rule),
        entry=e.entry_id,
    )
    if item.may == "review":
        until = _("；有异议请在 {last} 前（含当日）申请复核") if item.last else _("；有异议可以申请复核")
    else:
        until = _("；有异议请在 {last} 前（含当日）申诉") if item.last else _("；有异议可以申诉")
    return said + (until.format(last=show_day(item.last) if item.last else "") if item.may else "")


def _reversed(item: Item) -> str:
    e = item.entry
    points = _("原扣的 {n} 分已冲回") if e.points > 0 else _("原加的 {n} 分已冲回")
    return _("{what}，{points}（账目 {reversed}，冲回 {entry}）").format(
        what=escape(_what(item)), points=points.format(n=number(abs(e.points))), reversed=e.reverses, entry=e.entry_id
    )


def _what(item: Item) -> str:
    """The violation with its date, half day and length; where it stands no more, the date and the rule."""
    v = item.violation
    if v is None:
        return f"{show_day(item.entry.value_date)} {item.entry.rule or item.entry.article}"
    half = {1: _("上午"), 2: _("下午")}.get(v.session, "")
    long = _("{m} 分 {s} 秒").format(m=v.seconds // 60, s=f"{v.seconds % 60:02d}") if v.seconds else ""
    return " ".join(part for part in (show_day(v.day), half, occurrence(v.kind, v.source), long) if part)


def notice_state(code: str) -> str:
    """How a notice fared."""
    return {
        "waiting": _("待送"),
        "sent": _("已送到"),
        "given_up": _("已放弃"),
        "unsure": _("不知道送到没有"),
        "dropped": _("不再送"),
    }.get(code, code)


def answer(code: str) -> str:
    """What came of the last try to send something."""
    robot, underscore, number_ = code.partition("_")
    names = {"dingtalk": _("钉钉"), "wecom": _("企业微信"), "feishu": _("飞书")}
    if underscore and robot in names:
        why = _reasons().get(code) or _("对方拒收")
        return _("{robot}：{why}（{number}）").format(robot=names[robot], why=why, number=number_)
    known = {
        "sent": "",
        "credential": _("凭据找不到，或内容不是通知渠道的地址"),
        "unreachable": _("连不上"),
        "failed": _("对方没有接受"),
        "refused": _("邮件服务器不收"),
        "too_fast": _("发得太快，对方要求稍后再发"),
        "timeout": _("发出以后没有等到回答"),
        "cut": _("发出以后连接断了"),
        "killed": _("发送时服务中断"),
        "strange_answer": _("回答的不像是这个平台"),
        "no_channel": _("没有这个渠道或收信地址"),
    }
    return known.get(code, code.replace("http_", "HTTP "))


def _reasons() -> dict[str, str]:
    """What codes of platforms mean that whoever set a robot up can mend."""
    keyword = _("加签、关键词或 IP 不符")
    gone = _("机器人已移除、停用，或地址不对")
    return {
        "dingtalk_310000": keyword,
        "dingtalk_400101": gone,
        "dingtalk_400102": gone,
        "dingtalk_400106": gone,
        "dingtalk_400013": _("群已解散"),
        "dingtalk_300001": gone,
        "dingtalk_-1": _("系统繁忙"),
        "wecom_93000": gone,
        "wecom_93004": gone,
        "wecom_60020": _("服务器的 IP 不在允许之列"),
        "wecom_-1": _("系统繁忙"),
        "feishu_19001": gone,
        "feishu_19021": _("加签不符，或服务器的时钟不准"),
        "feishu_19022": _("服务器的 IP 不在允许之列"),
        "feishu_19024": _("没有对方要求的关键词"),
        "feishu_9499": _("请求的格式不对"),
    }
