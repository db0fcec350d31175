"""WeCom's robots: the key is in the address, Markdown of heads, bold and quotes, twenty messages a minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from punchsync.core.marked import literal
from punchsync.deliver.robots.robot import Platform, lined, whole

LIMIT: Final = 4_096
TITLE: Final = 300
"""Bytes of a text as a whole, and of them those of the title."""
REST: Final = 60.0


def pack(url: str, secret: str, stamp: float, title: str, text: str) -> tuple[str, dict[str, Any]]:
    """The request of a message; WeCom signs nothing."""
    head = f"**{short(literal(title), TITLE - 6)}**\n\n"
    return url, {"msgtype": "markdown", "markdown": {"content": head + text}}


def short(text: str, most: int) -> str:
    """A text's beginning of at most so many bytes."""
    return text.encode()[:most].decode(errors="ignore")


def size(text: str) -> int:
    """Bytes of a text."""
    return len(text.encode())


def code(answer: Mapping[str, Any]) -> int | None:
    """The code of an answer."""
    return whole(answer.get("errcode"))


PLATFORM: Final = Platform("wecom", lined, pack, size, LIMIT - TITLE, code, frozenset({45009, 45033}), REST)
