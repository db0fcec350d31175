"""Outages of terminals, and what each kind does."""

from __future__ import annotations

from punchsync import words
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.registers.kinds import Field, Register, coded, outage_effect, terminals
from punchsync.desk.registers.pages import room_of
from punchsync.intake.words import OUTAGES
from punchsync.texts import _


def fields(ask: Ask) -> tuple[Field, ...]:
    """What is asked."""
    kinds = coded(OUTAGES, words.outage)
    which = _("不能打卡、记录灭失：其间的考勤点没有人因此扣分；读不到，能打卡：没有作用，读到后照常核算")
    return (
        Field("terminal_id", _("考勤机"), "choice", options=terminals(ask)),
        Field("kind", _("类别"), "choice", options=kinds, note=which),
        Field("start", _("开始"), "start", default="now", note=_("可写 930、昨天 14:00、11-20")),
        Field("end", _("结束"), "end", required=False, note=_("还没好就空着，好了在列表里按「现在结束」")),
    )


room = room_of(
    Register(
        kind="outage",
        path="/outages",
        write=Right.RECORDS_WRITE,
        when="start",
        people=(),
        title=lambda: _("停机"),
        about=lambda: _("考勤机什么时候不能打卡，或者打卡记录再也读不出。"),
        fields=fields,
        open_ended=True,
        effect=outage_effect,
    )
)
