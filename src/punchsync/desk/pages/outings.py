"""Outings: being out on business during a session."""

from __future__ import annotations

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.registers.kinds import Field, Register
from punchsync.desk.registers.pages import room_of
from punchsync.texts import _


def fields(ask: Ask) -> tuple[Field, ...]:
    """What is asked."""
    return (
        Field("person_id", _("外出人"), "person"),
        Field("start", _("开始"), "start", default="now", note=_("可写 930、14:00、昨天 14:00、11-20 上午")),
        Field("end", _("结束"), "end", required=False, note=_("还没回来就空着，回来时在列表里按「现在结束」")),
        Field("reason", _("事由"), "long", required=False),
        Field("registered_at", _("登记时间"), "moment", default="now", note=_("外出以后才登记的，照实写")),
    )


room = room_of(
    Register(
        kind="outing",
        path="/outings",
        write=Right.RECORDS_WRITE,
        when="start",
        people=("person_id",),
        title=lambda: _("外出"),
        about=lambda: _("上班时间因公外出。按时登记的，其间的考勤点不要求打卡。"),
        fields=fields,
        prefix="WC",
        open_ended=True,
    )
)
