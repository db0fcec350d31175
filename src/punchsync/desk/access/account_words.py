"""What is wrong with a password, in words."""

from __future__ import annotations

from punchsync.texts import _


def password_words(code: str) -> str:
    """Why a password is not taken, and what is; the codes of `core.account.objection`, and `same`."""
    return {
        "short": _("新密码太短：至少 10 个字。"),
        "long": _("新密码太长：最多 256 个字。"),
        "own": _("新密码不能主要是账号、姓名或工号。"),
        "common": _("新密码太常见，别人会先试它。"),
        "repeated": _("新密码只是几个字的重复，太容易猜。"),
        "sequence": _("新密码只是连着的数字、字母或键盘上的一排，太容易猜。"),
        "same": _("新密码与现在的一样。"),
    }.get(code, code)
