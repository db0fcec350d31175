"""The demonstration's accounts: one of every role, with passwords that are made by chance and told once."""

from __future__ import annotations

from punchsync import words
from punchsync.cli.common import table
from punchsync.cli.demo_hall import BY_NAME
from punchsync.cli.demo_stage import Stage
from punchsync.operations.accounts import Wanted, add
from punchsync.texts import _

LEAD, MEMBER = BY_NAME["甲一"], BY_NAME["甲二"]


def wanted() -> list[Wanted]:
    """Who they are."""
    return [
        Wanted("jingban", _("经办"), "clerk"),
        Wanted("ducha", _("督查"), "inspector"),
        Wanted("lingdao", _("分管领导"), "leader"),
        Wanted("chuangkou", LEAD.name, "window_lead", LEAD.id),
        Wanted("danwei", _("派驻单位"), "unit", unit=LEAD.window.unit),
        Wanted("benren", MEMBER.name, "staff", MEMBER.id),
        Wanted("guanli", _("管理员"), "admin"),
    ]


def account_lines(stage: Stage) -> list[str]:
    """Make them, and say who may log in by what; nothing else ever tells the passwords."""
    from punchsync.desk.access.passwords import generated, hashed

    rows = []
    for one in wanted():
        password = generated()
        made = add(stage.site.hall, one, password, hashed)
        rows.append([made.login, words.role(made.role), made.name, password])
    head = [_("账号"), _("角色"), _("姓名"), _("密码（只显示这一次）")]
    return [_("可以用这些账号登录网页："), *(f"  {line}" for line in table(head, rows))]
