"""What was delivered to the scoring store, what was not and why: in words, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from punchsync.core.moment import show_moment
from punchsync.core.outbox import Answer, Delivery
from punchsync.core.readback import Difference, Unreadable
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.operations.deliver import Compared, Owed, Pushed


def unreadable(store: str, error: Unreadable) -> str:
    """Why a store can't be read back, and what to do."""
    if error.for_good:
        return _("{store}：不能读回（{why}），无法对账；请对方提供 GET，见手册").format(store=store, why=reason(error))
    return _("{store}：现在读不回来（{why}）；稍后再试").format(store=store, why=reason(error))


def reason(answer: Answer | Unreadable) -> str:
    """An answer in words: its code, and what the other side said."""
    words = {
        "timeout": _("限时内没有答完"),
        "unreachable": _("连不上"),
        "broken": _("应答中断或不合 HTTP"),
        "busy": _("另一个进程正在推送"),
        "sql": _("数据库出错"),
        "conflict": _("已有同号而内容不同的账目，也许是别的大厅的表"),
        "altered": _("存进去以后与送的不同"),
        "data": _("数据库不接受这些值"),
        "constraint": _("违反表的约束"),
        "shape": _("应答不是约定的格式"),
        "endless": _("读回的远多于账目"),
    }
    said = words.get(answer.code) or answer.code.replace("http_", "HTTP ")
    return _("{said}：{detail}").format(said=said, detail=answer.detail) if answer.detail else said


def told(d: Delivery) -> str:
    """What the last try of a batch was answered."""
    code, _colon, detail = d.detail.partition(": ")
    return reason(Answer("again", code, detail))


def failed_lines(done: Pushed) -> list[str]:
    """Why the last try failed and what waits for another."""
    if done.failed is None:
        return []
    return [
        _("还有 {n} 笔没有送达（{why}）；没有丢失，服务会一直再试，也可以再运行 punchsync push").format(
            n=done.owed.waiting, why=reason(done.failed)
        )
    ]


def parked_lines(owed: Owed) -> list[str]:
    """Every batch that was refused, and what to do."""
    lines = [
        _("第 {number} 批（第 {first} 至 {last} 笔）被拒收，已搁置：{why}").format(
            number=d.batch.number, first=d.batch.first, last=d.batch.last, why=told(d)
        )
        for d in owed.parked
    ]
    if lines:
        lines.append(_("查明原因、改正后，用 punchsync push --parked 再送"))
    return lines


def difference(d: Difference) -> str:
    """A difference in words."""
    templates = {
        "missing": _("{id} 评分库里没有"),
        "unknown": _("{id} 评分库里有，账目里没有"),
        "different": _("{id} 的 {column} 不同：评分库里是「{found}」，应为「{right}」"),
        "doubled": _("{id} 在评分库里有 {found} 笔，应为一笔"),
    }
    return templates[d.kind].format(id=d.entry_id, column=d.column, found=d.found, right=d.right)


def pushed_json(done: Pushed) -> dict[str, Any]:
    """What a push did, for a program."""
    failed = None if done.failed is None else {"code": done.failed.code, "detail": done.failed.detail}
    return {"delivered": done.entries, "batches": done.batches, "failed": failed, **owed_json(done.owed)}


def owed_json(owed: Owed) -> dict[str, Any]:
    """What is not delivered, for a program."""
    return {
        "waiting": owed.waiting,
        "since": None if owed.since is None else show_moment(owed.since),
        "parked": owed.refused,
        "refused": [_batch(d) for d in owed.parked],
    }


def compared_json(found: Compared) -> dict[str, Any]:
    """What was read back and differs, for a program."""
    return {
        "read": found.read,
        "entries": found.entries,
        **owed_json(found.owed),
        "differences": [
            {"kind": d.kind, "entry_id": d.entry_id, "column": d.column, "found": d.found, "right": d.right}
            for d in found.differences
        ],
    }


def _batch(d: Delivery) -> dict[str, Any]:
    return {
        "batch": d.batch.number, "first": d.batch.first, "last": d.batch.last, "key": d.batch.key, "tries": d.tries,
        "detail": d.detail,
    }  # fmt: skip
