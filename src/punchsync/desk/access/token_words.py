"""Scopes of tokens, and why one can't be used, in words."""

from __future__ import annotations

from punchsync.texts import _


def scope_words(scope: str) -> str:
    """What a scope lets a program do."""
    return {
        "exports:read": _("读导出数据（打卡、判定、账目、排名等）"),
        "imports:write": _("导入文件（限账号的角色能登记的种类）"),
        "terminals:read": _("读考勤机与服务的状态"),
    }.get(scope, scope)


def refusal_words(code: str) -> str:
    """Why a token can't be used; the codes of `access.tokens.refusal`, "" for one that can."""
    return {
        "": _("可用"),
        "revoked": _("已撤销"),
        "ended": _("已到期"),
        "disabled": _("账号已停用"),
    }.get(code, code)
