"""What a call is refused with: problem details (RFC 9457) with a code for programs and words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from punchsync.texts import _

KIND: Final = "application/problem+json"
SHOWN: Final = 100
"""Characters of a found value that are told."""


class Trouble(Exception):
    """A call that is refused: status, code, what else is told, headers."""

    def __init__(
        self, status: int, code: str, more: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.more, self.headers = status, code, more or {}, headers


def words(code: str) -> str:
    """What a code means and what to do."""
    return {
        "no_token": _("没有令牌；请求头要有 Authorization: Bearer 与令牌"),
        "unknown_token": _("没有这个令牌；请核对，或请管理员另发一个"),
        "revoked": _("这个令牌已撤销；请管理员另发一个"),
        "ended": _("这个令牌已到期；请管理员另发一个"),
        "disabled": _("令牌所属的账号已停用；请找管理员"),
        "scope": _("这个令牌不能做这件事；请管理员发一个范围够的"),
        "role": _("令牌所属账号现在的角色不能做这件事；请找管理员"),
        "too_many": _("请求太多；请按 Retry-After 等一会儿"),
        "parameters": _("参数不对；逐项见 problems"),
        "file": _("文件没有导入：有不对的地方，逐项见 problems；改好以后整份再送"),
        "reaches_back": _("记录从已封存的日子跨到以后，那时的排班等已清除，算不出长短；应从 since 起写"),
        "not_found": _("没有这个地址"),
        "method": _("这个地址不接受这种方法；可用的见 Allow"),
    }[code]


def answer(trouble: Trouble) -> Response:
    """The answer to a call that is refused."""
    body = {
        "type": "about:blank", "title": words(trouble.code), "status": trouble.status, "code": trouble.code,
        **trouble.more,
    }  # fmt: skip
    return JSONResponse(body, trouble.status, headers=trouble.headers, media_type=KIND)


def of_parameters(error: RequestValidationError) -> Trouble:
    """The same for parameters that are not as the schema has them."""
    problems: Sequence[dict[str, str]] = [
        {
            "where": " ".join(str(part) for part in found["loc"]),
            "found": str(found.get("input", ""))[:SHOWN],
            "allowed": str(found["msg"])[:SHOWN],
        }
        for found in error.errors()
    ]
    return Trouble(422, "parameters", {"problems": problems})


_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "needed": {"type": "string"},
        "since": {"type": "string"},
        "keys": {"type": "array", "items": {"type": "string"}},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["found", "allowed"],
                "properties": {
                    "where": {"type": "string"},
                    "row": {"type": ["integer", "null"]},
                    "column": {"type": "string"},
                    "found": {"type": "string"},
                    "allowed": {"type": "string"},
                    "remedy": {"type": "string"},
                },
            },
        },
    },
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the schema has these refusals."""
    said = {
        401: _("没有令牌，或令牌不能用"),
        403: _("令牌的范围或账号的角色不够"),
        422: _("参数或文件不对"),
        429: _("请求太多"),
    }
    head = {
        401: {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
        429: {"Retry-After": {"schema": {"type": "integer"}, "required": True}},
    }
    return {
        status: {
            "description": said[status],
            "content": {KIND: {"schema": _PROBLEM}},
            **({"headers": head[status]} if status in head else {}),
        }
        for status in statuses
    }
