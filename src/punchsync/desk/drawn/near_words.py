"""How near somebody is to what a pack does at a count, in sentences."""

from __future__ import annotations

from decimal import Decimal

from punchsync.core.nearness import Near
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import kind, leave, outcome


def level(code: str) -> str:
    """How near."""
    return {"reached": _("已到"), "near": _("接近"), "far": _("未到")}[code]


def counted(n: Near) -> str:
    """What was counted, of how much."""
    names = "、".join((leave if n.unit == "leave" else kind)(code) for code in n.kinds)
    half, days = Decimal(2), {"days", "leave"}
    have, least = (n.counted / half, n.least / half) if n.unit == "leave" else (n.counted, n.least)
    text = {
        "times": _("{what}：{have} 次，满 {least} 次"),
        "half_days": _("{what}：{have} 个半天，满 {least} 个半天"),
        "points": _("{what}：扣 {have} 分，满 {least} 分"),
        "runs": _("{what}：{have} 回，满 {least} 回"),
        "longest": _("{what}：最长连续 {have} 个半天，满 {least} 个半天"),
    }
    said = text["points"] if n.unit == "points" else text.get(n.unit, _("{what}：{have} 天，到 {least} 天"))
    assert n.unit in text or n.unit in days, n.unit
    return said.format(what=names or _("全部扣分"), have=number(have), least=number(least))


def follows(n: Near) -> str:
    """What happens then."""
    return _("折{kind}").format(kind=kind(n.yields)) if n.yields else outcome(n.outcome)


def lacking(n: Near) -> str:
    """How much more it takes."""
    if n.level == "reached":
        return _("已到这个数")
    rest = n.lacking / 2 if n.unit == "leave" else n.lacking
    unit = {"times": _("次"), "half_days": _("个半天"), "longest": _("个半天"), "points": _("分"), "runs": _("回")}
    return _("还差 {n} {unit}").format(n=number(rest), unit=unit.get(n.unit, _("天")))
