"""Notices by Apprise: one channel is one credential, which holds one Apprise URL.

The URL is a secret, and what Apprise logs may hold parts of it: nothing of that leaves this module but a code.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from punchsync.core.marked import plain
from punchsync.core.notice import Message
from punchsync.core.outbox import Answer

LOGGERS: Final = ("apprise", "urllib3", "requests")
FORMATTED: Final = frozenset({"html", "markdown"})
BEFORE: Final = re.compile(
    r"NewConnectionError|ConnectTimeout|Connection refused|NameResolution|Connection error while submitting"
)
"""What Apprise says of failures before anything was sent."""
STATUS: Final = re.compile(r"\berror=(\d{3})\b")
REFUSED: Final = re.compile(r"\b[45]\d\d\b")
CUT: Final = re.compile(
    r"timed? ?out|aborted|disconnected|unexpectedly closed|reset by peer|broken pipe", re.IGNORECASE
)


class Unusable(ValueError):
    """No URL of a service that Apprise knows; says nothing of what it is."""


class AppriseChannel:
    """A channel that Apprise speaks to; `to`: the one address that mail goes to instead of those of the URL.

    Raises Unusable.
    """

    def __init__(self, name: str, url: str, to: str = "") -> None:
        self.name = name
        self._service = service(url)
        if to:
            redirect(self._service, to)

    def parts(self, message: Message) -> list[Message]:
        """A message as it is sent: whole."""
        return [message]

    def send(self, part: Message) -> Answer:
        """Send a message and say what came of it; never raises for what a channel does."""
        marked = part.marked and bool(FORMATTED & set(formats(self._service)))
        body = part.body if marked or not part.marked else plain(part.body)
        with overheard() as said:
            try:
                taken = self._service.notify(
                    body=body, title=part.subject, body_format="markdown" if marked else "text"
                )
            except Exception as error:
                # A plugin's own fault; its words may hold the URL.
                return Answer("again", type(error).__name__)
        return Answer("delivered", "sent") if taken else meaning(said)


def redirect(service: Any, to: str) -> None:
    """Have a mail service send to one address alone; raises Unusable for another service."""
    if service.schema not in ("mailto", "mailtos"):
        raise Unusable
    service.targets = [(False, to)]
    service.cc, service.bcc = set(), set()


def formats(service: Any) -> list[str]:
    """The formats that a service takes."""
    found = service.notify_format
    return [str(one.value) for one in (found if isinstance(found, tuple | list) else [found])]


def service(url: str) -> Any:
    """Apprise's service of a URL; raises Unusable."""
    with warnings.catch_warnings():
        # Of modules that it imports, about Python versions to come.
        warnings.simplefilter("ignore")
        from apprise import Apprise, AppriseAsset

    hush()
    if len(url.split()) != 1:
        raise Unusable
    asset = AppriseAsset(app_id="punchsync", app_desc="punchsync", app_url="")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Apprise.instantiate(url, asset=asset)
    if found is None:
        raise Unusable
    return found


def hush() -> None:
    """Keep what the libraries log, URLs and their parts among it, from every log."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


@contextmanager
def overheard() -> Iterator[list[str]]:
    """What Apprise says to its log on this thread meanwhile."""
    said: list[str] = []
    thread = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                said.append(record.getMessage())

    ear = Ear(logging.DEBUG)
    logger = logging.getLogger(LOGGERS[0])
    logger.setLevel(logging.DEBUG)
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)


def meaning(said: list[str]) -> Answer:
    """What a failed try means, by what Apprise said of it: whether it can have arrived all the same."""
    text = "\n".join(said)
    status = STATUS.search(text)
    if status:
        return Answer("again", f"http_{status.group(1)}")
    if BEFORE.search(text):
        return Answer("again", "unreachable")
    errors = [line for line in said if line.startswith("Socket Exception")]
    if any(CUT.search(line) for line in errors):
        return Answer("unsure", "cut")
    return Answer("again", "refused" if any(REFUSED.search(line) for line in errors) else "failed")
