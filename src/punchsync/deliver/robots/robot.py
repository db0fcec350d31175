"""A robot: messages cut to what its platform takes, posted one by one, and what the platform says of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from punchsync.core.marked import literal, wide, without_tables
from punchsync.core.notice import Message
from punchsync.core.outbox import Answer
from punchsync.deliver.robots.cut import cut
from punchsync.deliver.robots.post import Reply, post

BUSY: Final = -1
"""What DingTalk and WeCom say when they are busy themselves."""
LIMITED: Final = 429


class Platform(NamedTuple):
    """How a platform is spoken to.

    `write`: a message's body in its dialect; `pack`: URL and JSON body of a request, by URL, secret, seconds since
    1970, title and text; `size`: how much of its limit `most` a text takes; `code`: the code in an answer's body (None:
    none there); `fast`: those that say that messages come too fast, to which it wants `rest` seconds of silence.
    """

    name: str
    write: Callable[[Message], str]
    pack: Callable[[str, str, float, str, str], tuple[str, dict[str, Any]]]
    size: Callable[[str], int]
    most: int
    code: Callable[[Mapping[str, Any]], int | None]
    fast: frozenset[int]
    rest: float
    again: frozenset[int] = frozenset({BUSY})


def lined(message: Message) -> str:
    """A body as chats show it where a line is a line: tables as lines, nothing that was data taken for a mark."""
    return wide("\n".join(without_tables(message.body.split("\n")))) if message.marked else literal(message.body)


class Robot:
    """A robot of one group; its address and secret stay in here."""

    def __init__(
        self, name: str, platform: Platform, url: str, secret: str, stamp: Callable[[], float], timeout: float
    ) -> None:
        self.name, self.platform = name, platform
        self._url, self._secret, self._stamp, self._timeout = url, secret, stamp, timeout

    def parts(self, message: Message) -> Sequence[Message]:
        """A message as it is sent: in the platform's dialect, in as many parts as it takes."""
        platform, subject = self.platform, " ".join(message.subject.split())
        texts = cut(platform.write(message._replace(subject=subject)), platform.most, platform.size)
        if len(texts) == 1:
            return [Message(subject, texts[0], marked=True)]
        return [Message(f"{subject}（{n}/{len(texts)}）", text, marked=True) for n, text in enumerate(texts, 1)]

    def send(self, part: Message) -> Answer:
        """Send one of those parts and say what came of it; never raises for what a platform does."""
        url, body = self.platform.pack(self._url, self._secret, self._stamp(), part.subject, part.body)
        return meaning(self.platform, post(url, body, self._timeout))


def meaning(platform: Platform, reply: Reply | Answer) -> Answer:
    """What a platform's reply says became of a message."""
    if isinstance(reply, Answer):
        return reply
    status, after = f"http_{reply.status}", reply.after
    if reply.status == LIMITED:
        return Answer("again", "too_fast", after=max(after, platform.rest))
    if reply.status >= 500 or reply.status == 408:
        return Answer("again", status, after=after)
    code = code_of(platform, reply.body)
    if code is None:
        # Whoever answered so is not the platform, or not as it is known: nobody can tell what he did with it.
        return Answer("unsure", "strange_answer") if reply.status == 200 else Answer("parked", status)
    if code == 0:
        return Answer("delivered", "sent") if reply.status == 200 else Answer("parked", status)
    if code in platform.fast:
        return Answer("again", "too_fast", after=platform.rest)
    return Answer("again" if code in platform.again else "parked", f"{platform.name}_{code}")


def code_of(platform: Platform, body: bytes) -> int | None:
    """The code in an answer's body; None where there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return platform.code(found) if isinstance(found, dict) else None


def whole(value: object) -> int | None:
    """A code as a number; None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def in_json(text: str) -> int:
    """Bytes that a text takes in a request."""
    return len(json.dumps(text, ensure_ascii=False).encode())
