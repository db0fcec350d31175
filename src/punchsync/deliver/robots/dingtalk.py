"""DingTalk's robots: signed in the address, Markdown without tables, twenty messages a minute.

After too many it takes none for ten minutes. The sign's text is stamp, line feed and secret, its key the secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from punchsync.core.marked import literal
from punchsync.core.notice import Message
from punchsync.deliver.robots.robot import Platform, in_json, lined, whole

MOST: Final = 18_000
"""Bytes of a text in JSON; a request may have twenty thousand."""
REST: Final = 600.0


def write(message: Message) -> str:
    """A body in DingTalk's dialect: a line ends with two spaces, or it is joined to the next."""
    lines = lined(message).split("\n")
    ends = [
        line + "  " if line and following else line for line, following in zip(lines, [*lines[1:], ""], strict=True)
    ]
    return "\n".join(ends)


def pack(url: str, secret: str, stamp: float, title: str, text: str) -> tuple[str, dict[str, Any]]:
    """The request of a message."""
    head = f"#### {literal(title)}\n\n"
    body = {"msgtype": "markdown", "markdown": {"title": title, "text": head + text}}
    return (f"{url}&{urlencode(signed(secret, round(stamp * 1000)))}" if secret else url), body


def signed(secret: str, millis: int) -> dict[str, str]:
    """The parameters that sign a request."""
    made = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": str(millis), "sign": base64.b64encode(made).decode()}


def code(answer: Mapping[str, Any]) -> int | None:
    """The code of an answer."""
    return whole(answer.get("errcode"))


PLATFORM: Final = Platform("dingtalk", write, pack, in_json, MOST, code, frozenset({130101, 660026, 410100}), REST)
