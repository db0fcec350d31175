"""One POST to a robot, and whether it can have arrived where no answer came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import httpx

from punchsync import __version__
from punchsync.core.outbox import Answer
from punchsync.deliver.http import read, trust
from punchsync.deliver.line import Line

MOST: Final = 64 * 1024
NOT_SENT: Final = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL,
)  # fmt: skip
"""Failures before anything was sent."""


class Reply(NamedTuple):
    """What came back: the status, the body, and the seconds that it asks us to wait."""

    status: int
    body: bytes
    after: float


def post(url: str, body: Mapping[str, Any], timeout: float) -> Reply | Answer:
    """Post JSON and return the reply, or what its absence means: `again` where nothing was sent, else `unsure`.

    Within `timeout` seconds as a whole; redirects are not followed and the environment's proxies not used. No error
    leaves this function: its words may hold the URL.
    """
    line = Line()
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"User-Agent": f"punchsync/{__version__}", "Content-Type": "application/json; charset=utf-8"}
    try:
        with (
            httpx.Client(
                timeout=timeout,
                follow_redirects=False,
                trust_env=False,
                verify=trust(httpx.URL(url).scheme),
                limits=httpx.Limits(max_keepalive_connections=0),
            ) as client,
            line.within(timeout) as extensions,
            client.stream("POST", url, content=content, headers=headers, extensions=extensions) as response,
        ):
            after = response.headers.get("Retry-After", "")
            asked = float(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0.0
            return Reply(response.status_code, read(response, MOST), asked)
    except NOT_SENT:
        return Answer("again", "unreachable")
    except httpx.TimeoutException:
        return Answer("unsure", "timeout")
    except Exception:
        # Whatever a server does, or the network, ends here.
        return Answer("unsure", "timeout" if line.expired else "cut")
