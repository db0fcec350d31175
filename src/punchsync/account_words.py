"""What is against an account, in words."""

from __future__ import annotations

from punchsync.texts import _
from punchsync.words import role


def account_objection(field: str, code: str, found: str) -> str:
    """What was found, what is allowed, what to do; the codes of `operations.accounts.Objection`, but a password's own
    weaknesses."""
    said = {
        ("login", "form"): _("账号写的是 {shown}；应为 1 到 40 个小写英文字母、数字、点、横线、下划线或汉字，不含空格"),
        ("login", "taken"): _("账号 {found} 已经有了；请换一个"),
        ("login", "unknown"): _("没有账号 {shown}；全部账号见 punchsync account list"),
        ("login", "last_admin"): _("{found} 是最后一个可用的管理员，不能停用或改任；请先另设一个管理员"),
        ("role", "unknown"): _("没有角色 {shown}"),
        ("name", "empty"): _("姓名是空的；应写明"),
        ("person", "unknown"): _("没有工号 {id} 的人员"),
        ("person", "missing"): _("{role}要写明工号：看到谁的记录由它决定"),
        ("windows", "unknown"): _("人员表里没有窗口 {shown}"),
        ("windows", "odd"): _("只有窗口负责人可以指定窗口；这里的角色是{role}"),
        ("unit", "unknown"): _("人员表里没有单位 {shown}"),
        ("unit", "missing"): _("派驻单位要写明是哪个单位"),
        ("unit", "odd"): _("只有派驻单位可以指定单位；这里的角色是{role}"),
        ("subject", "taken"): _("这个统一登录标识已经是账号 {found} 的；一个标识只能属于一个账号"),
        ("password", "missing"): _("没有密码；不用统一登录的账号要有密码"),
    }.get((field, code), "{found}")
    return said.format(found=found, shown=repr(found), id=found, role=role(found))
