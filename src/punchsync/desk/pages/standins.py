"""Stand-ins: who takes an absent person's place, as filed."""

from __future__ import annotations

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.registers.kinds import Field, Register
from punchsync.desk.registers.pages import room_of
from punchsync.texts import _


def fields(ask: Ask) -> tuple[Field, ...]:
    """What is asked."""
    when = _("可写 11-20、930、昨天 14:00、11-20 上午")
    return (
        Field("absent_person_id", _("被顶岗人"), "person"),
        Field("standin_person_id", _("顶岗人"), "person"),
        Field("start", _("开始"), "start", note=when),
        Field("end", _("结束"), "end", note=_("只写日期是到当天 24:00")),
        Field("filed_at", _("报备时间"), "moment", default="now", note=_("按规定报备得晚的，有的大厅不算")),
    )


room = room_of(
    Register(
        kind="standin",
        path="/standins",
        write=Right.RECORDS_WRITE,
        when="start",
        people=("absent_person_id", "standin_person_id"),
        title=lambda: _("顶岗"),
        about=lambda: _("谁替不在的人顶岗。请假要求有人代岗的，按这里的记录和 B 岗来看。"),
        fields=fields,
        prefix="DG",
    )
)
