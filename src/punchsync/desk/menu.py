"""The menu: where each role may go, in the order of a day's work."""

from __future__ import annotations

from typing import NamedTuple

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.texts import _


class Entry(NamedTuple):
    """A line of the menu."""

    path: str
    right: Right
    title: str


def entries() -> dict[str, list[Entry]]:
    """Every line, by the heading under which it stands."""
    r = Right
    return {
        _("今日"): [
            Entry("/today", r.TODAY, _("今日")),
            Entry("/tasks", r.SIGNED_IN, _("待办")),
            Entry("/me", r.PERSON_SEE, _("我的考勤")),
            Entry("/board", r.BOARD, _("大屏")),
        ],
        _("登记"): [
            Entry("/leave", r.LEAVE_SEE, _("请假")),
            Entry("/standins", r.RECORDS_SEE, _("顶岗")),
            Entry("/outings", r.RECORDS_SEE, _("外出")),
            Entry("/patrol", r.RECORDS_SEE, _("督查记录")),
            Entry("/papers", r.RECORDS_SEE, _("补签")),
            Entry("/outages", r.RECORDS_SEE, _("停机")),
            Entry("/rosters", r.RECORDS_SEE, _("排班")),
            Entry("/staff", r.RECORDS_SEE, _("人员")),
            Entry("/import", r.RECORDS_SEE, _("批量导入")),
        ],
        _("复核"): [
            Entry("/review", r.REVIEW_SEE, _("复核")),
            Entry("/requests", r.REQUEST_FILE, _("补卡申请")),
            Entry("/appeals", r.APPEAL_SEE, _("申诉")),
        ],
        _("查阅"): [
            Entry("/people", r.TODAY, _("个人")),
            Entry("/windows", r.WINDOW_SEE, _("窗口")),
            Entry("/ledger", r.LEDGER_SEE, _("账目")),
            Entry("/ranking", r.RANKING_SEE, _("排名")),
            Entry("/outcomes", r.OUTCOME_SEE, _("后果")),
            Entry("/bulletins", r.BULLETIN_SEE, _("通报")),
            Entry("/rules", r.RULES_SEE, _("规则")),
        ],
        _("管理"): [
            Entry("/terminals", r.TERMINALS_SEE, _("考勤机")),
            Entry("/audit", r.AUDIT_SEE, _("查阅记录")),
            Entry("/accounts", r.ACCOUNTS, _("账号")),
            Entry("/tokens", r.ACCOUNTS, _("接口令牌")),
        ],
    }


def menu(ask: Ask) -> dict[str, list[Entry]]:
    """The lines that a user has, without empty headings."""
    own = bool(ask.user and ask.user.person)
    found = {
        head: [e for e in lines if ask.may(e.right) and (own or e.path != "/me")] for head, lines in entries().items()
    }
    return {head: lines for head, lines in found.items() if lines}
