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

from punchsync.core.outbox import Answer

LOGGERS: Final = ("apprise", "urllib3", "requests")
UNSURE: Final = frozenset({"dingtalk", "wecombot", "feishu", "lark"})
"""Services that answer 200 whatever they make of a message, which Apprise takes for success."""
STATUS: Final = re.compile(r"\berror=(\d{3})\b")


class Unusable(ValueError):
    """No URL of a service that Apprise knows; says nothing of what it is."""


class AppriseChannel:
    """A channel that Apprise speaks to. Raises Unusable."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._service = service(url)

    @property
    def sure(self) -> bool:
        """Whether its word that it took a message can be believed."""
        return self._service.schema not in UNSURE

    def send(self, subject: str, body: str) -> Answer:
        """Send a message and say what came of it; never raises for what a channel does."""
        with overheard() as said:
            try:
                taken = self._service.notify(body=body, title=subject)
            except Exception as error:
                # A plugin's own fault; its words may hold the URL.
                return Answer("again", type(error).__name__)
        return Answer("delivered", "sent") if taken else Answer("again", code_of(said))


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
    """What Apprise warns of on this thread meanwhile."""
    said: list[str] = []
    thread = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                said.append(record.getMessage())

    ear = Ear(logging.WARNING)
    logger = logging.getLogger(LOGGERS[0])
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)


def code_of(said: list[str]) -> str:
    """What a failed try is called, by what Apprise said of it: an HTTP status, or that there was no answer."""
    text = "\n".join(said)
    status = STATUS.search(text)
    if status:
        return f"http_{status.group(1)}"
    return "unreachable" if re.search(r"connection error|socket|timed? ?out", text, re.IGNORECASE) else "failed"
