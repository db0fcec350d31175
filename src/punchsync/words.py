"""Codes of the core in a reader's words."""

from __future__ import annotations

from punchsync.texts import _


def kind(code: str) -> str:
    """A violation's kind."""
    return {
        "late": _("迟到"),
        "early": _("早退"),
        "off_post": _("脱岗"),
        "absent_half_day": _("旷工半天"),
        "wandering": _("串岗"),
        "private_work": _("干私活"),
        "games": _("玩游戏"),
        "no_badge": _("未佩证"),
        "window_empty": _("窗口无人在岗"),
        "missed_meeting": _("缺席会议"),
        "late_meeting": _("会议迟到"),
        "missed_study": _("缺席学习"),
        "missed_joint_review": _("缺席联审"),
        "late_joint_review": _("联审迟到"),
        "missed_weekly": _("缺席例会"),
        "late_weekly": _("例会迟到"),
        "missed_training": _("缺席培训"),
        "late_training": _("培训迟到"),
        "left_duty": _("值班脱岗"),
        "duty_harm": _("值班造成后果"),
        "leave_breach": _("违反请假制度"),
        "proxy_punch": _("代打卡"),
    }.get(code, code)


def occurrence(code: str, source_code: str) -> str:
    """A violation's kind, saying where it was derived."""
    return _("{kind}（折算）").format(kind=kind(code)) if source_code == "conversion" else kind(code)


def state(code: str) -> str:
    """How a terminal stands."""
    return {
        "ok": _("正常"),
        "behind": _("落后"),
        "silent": _("没有声音"),
        "lost": _("有记录灭失"),
        "file_only": _("只从文件导入"),
    }.get(code, code)


def verdict(code: str) -> str:
    """A verdict."""
    return {
        "normal": _("正常"),
        "late": _("迟到"),
        "early": _("早退"),
        "missing": _("缺卡"),
        "excused": _("免除"),
        "pending": _("未知"),
        "unverified": _("存疑"),
    }.get(code, code)


def checkpoint(code: str) -> str:
    """A checkpoint's side."""
    return _("上班") if code == "in" else _("下班")


def source(code: str) -> str:
    """Where a violation comes from."""
    return {"punch": _("打卡"), "incident": _("督查"), "conversion": _("折算")}.get(code, code)


def account(code: str) -> str:
    """A kind of account."""
    return _("个人") if code == "person" else _("窗口")


def outcome(code: str) -> str:
    """What totals or scores lead to."""
    return {"award_barred": _("失去评先资格"), "award": _("评先入围")}.get(code, code)
