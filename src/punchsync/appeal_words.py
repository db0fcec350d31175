"""Appeals in words, on the command line and at the desk: why one is refused, whether a decision has its effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from punchsync.texts import _
from punchsync.words import appeal_outcome


def objection(code: str, found: Mapping[str, Any]) -> str:
    """Why an appeal can't be filed or decided so, where nothing is to be mended in what was written; else empty.

    What is found stands in the texts as it is; a decision that was taken already is `found["decision"]`.
    """
    texts = {
        "open": _("这条违规已有申诉 {number} 待决定；一条违规同时只能有一件"),
        "final": _("这条违规已经复核（申诉 {number}），复核以后不再受理"),
        "decided": _("申诉 {number} 已由{by}决定：{state}；决定不能改，对它不服可以再申请一次复核"),
        "not_filer": _("{by} 不是申诉人；只有申诉人（{filer}）能撤回"),
        "filer": _("{by} 是申诉人，不能决定自己提出的申诉；应由别人决定"),
        "person": _("{by} 是当事人，不能决定自己的申诉；应由别人决定"),
        "noted": _("{by} 是这条督查的记录人，不能决定对它的申诉；应由别人决定"),
        "first": _("{by} 作过第一次决定，复核应由别人决定"),
        "derived": _("违规 {id} 是由别的违规折算来的，不能单独申诉；应对构成它的违规申诉："),
        "totals": _("违规 {id} 由请假或在岗时间累计得出，不能申诉；应更正请假、排班等记录"),
    }
    values = dict(found)
    if code == "derived":
        values["id"] = found["violation"].id
        code = code if found["made_of"] else "totals"
    if code == "decided":
        decision = found["decision"]
        values |= {"by": decision.decided_by, "state": appeal_outcome(decision.outcome)}
    return texts[code].format(**values) if code in texts else ""


def effect(code: str) -> str:
    """Why an appeal, or the decision on it, is without effect; empty where it is not."""
    return {
        "gone": _("违规已因别的原因不存在"),
        "unsettled": _("尚未核算"),
        "overruled": _("另有裁定优先"),
        "reviewed": _("以复核决定为准"),
    }.get(code, "")
