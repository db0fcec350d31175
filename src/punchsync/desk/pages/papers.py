"""Paper sign-ins: a signature on a sheet that counts as a punch."""

from __future__ import annotations

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.registers.kinds import Field, Register
from punchsync.desk.registers.pages import room_of
from punchsync.texts import _


def fields(ask: Ask) -> tuple[Field, ...]:
    """What is asked."""
    return (
        Field("person_id", _("签到人"), "person"),
        Field("at", _("签到时间"), "moment", note=_("签到表上写的时间，可写 830、昨天 8:25、11-20 830")),
        Field("sheet", _("签到表编号"), "text", note=_("纸质签到表的编号，备查")),
        Field("approved_by", _("批准人"), "text", default="who"),
    )


room = room_of(
    Register(
        kind="paper",
        path="/papers",
        write=Right.PAPER_WRITE,
        when="at",
        people=("person_id",),
        title=lambda: _("补签"),
        about=lambda: _("考勤机用不了时在纸上签到。每一条都算一次打卡，来处写作「补签」。"),
        fields=fields,
    )
)
