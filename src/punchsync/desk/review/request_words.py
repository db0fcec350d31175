"""Requests to make up a punch in words."""

from __future__ import annotations

from punchsync.operations.requests import NotSo
from punchsync.texts import _


def state(code: str) -> str:
    """How a request stands."""
    return {
        "open": _("待批"),
        "granted": _("已批准"),
        "refused": _("未批准"),
        "withdrawn": _("已撤回"),
    }.get(code, code)


def refused(why: NotSo) -> str:
    """Why a request can't be filed or decided so, and what to do."""
    values = dict(why.found)
    if "state" in values:
        values["state"] = state(str(values["state"]))
    return {
        "twice": _("这一次已经申请过（{id}，{state}）；一次缺卡只能有一件申请。"),
        "closed": _("本大厅没有开放单次补卡；确有原因的，请找经办按补签登记，或提出申诉。"),
        "cap": _("{month} 的补卡申请已满 {cap} 次（待批和已批准的都算）；确有原因的，请提出申诉。"),
        "sealed": _("{day} 已经封存（到 {through} 为止），不再核算，不能补卡。"),
        "not_missing": _("{at} 没有缺卡可补：可能已经查到打卡、请了假或补签过；请刷新后再选。"),
        "unknown": _("没有编号 {id} 的申请。"),
        "decided": _("申请 {id} {state}（{by}），不能再改。"),
        "own": _("不能批自己的申请；应由别人决定。"),
        "filer": _("{by} 是提出这件申请的人，不能自己批；应由别人决定。"),
        "not_filer": _("只有提出申请的人（{filer}）或本人能撤回。"),
    }[why.code].format(**values)
