"""Feishu's (and Lark's) robots: signed in the body, cards with Markdown, a hundred messages a minute and five a second.

The sign's key is stamp, line feed and secret, its text empty.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

from punchsync.deliver.robots.robot import Platform, in_json, lined, whole

MOST: Final = 18_000
"""Bytes of a text in JSON; a request may have twenty thousand."""
REST: Final = 60.0
SOMETHING: Final = 9499
"""A bad request, and too many of them as well: its words say which."""
HASTY: Final = 11232


def pack(url: str, secret: str, stamp: float, title: str, text: str) -> tuple[str, dict[str, Any]]:
    """The request of a message: a card, for its texts know no Markdown."""
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": title}},
        "elements": [{"tag": "markdown", "content": text}],
    }
    return url, {**(signed(secret, int(stamp)) if secret else {}), "msg_type": "interactive", "card": card}


def signed(secret: str, seconds: int) -> dict[str, str]:
    """The parts of a body that sign it."""
    made = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(made).decode()}


def code(answer: Mapping[str, Any]) -> int | None:
    """The code of an answer, under the newer name or the older one."""
    found = whole(answer.get("code"))
    if found is None:
        found = whole(answer.get("StatusCode"))
    hasty = "many" in str(answer.get("msg", "")).lower()
    return HASTY if found == SOMETHING and hasty else found


PLATFORM: Final = Platform(
    "feishu", lined, pack, in_json, MOST, code, frozenset({HASTY, 99991400}), REST, frozenset({11233, 11247})
)
