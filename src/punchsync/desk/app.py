"""What is asked of a running hall over HTTP, and what it answers: `/healthz`, `/readyz`, `/metrics`.

GET and HEAD, without credentials, so nothing here names a person or holds a secret. Pages of a desk are mounted beside
these; each answer gets the headers of `GUARD` unless its route set its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

ASKED: Final = ["GET", "HEAD"]
GUARD: Final[dict[bytes, bytes]] = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}


class Check(Protocol):
    """One thing that was looked at: whether it is well, what was found, and why it is not well."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def value(self) -> object: ...
    @property
    def reason(self) -> str: ...


class Health(Protocol):
    """All that was looked at."""

    @property
    def ok(self) -> bool: ...
    @property
    def checks(self) -> Sequence[Check]: ...


Metrics = Callable[[str], tuple[bytes, str]]
"""From the `Accept` of who asks to a body and its content type."""


def app(alive: Callable[[], Health], ready: Callable[[], Health], metrics: Metrics) -> FastAPI:
    """The application. `alive` must answer at once; `ready` and `metrics` may take a second or two."""
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    made.add_middleware(Guarded)
    made.state.ready = ready

    # On the loop itself: it is answered even while every thread waits for a store.
    @made.api_route("/healthz", methods=ASKED)
    async def healthz() -> Response:
        return answer(alive())

    @made.api_route("/readyz", methods=ASKED)
    def readyz() -> Response:
        return answer(ready())

    @made.api_route("/metrics", methods=ASKED)
    def scraped(request: Request) -> Response:
        body, kind = metrics(request.headers.get("accept", ""))
        return Response(body, headers={"content-type": kind})

    return made


def answer(health: Health) -> Response:
    """200 if all is well, else 503; either way with every check."""
    checks = [
        {"name": c.name, "ok": c.ok, "value": c.value, **({"reason": c.reason} if c.reason else {})}
        for c in health.checks
    ]
    return JSONResponse({"status": "ok" if health.ok else "fail", "checks": checks}, 200 if health.ok else 503)


class Guarded:
    """Adds the headers of `GUARD` to every answer that does not have them."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                there = {name.lower() for name, _value in headers}
                headers += [pair for pair in GUARD.items() if pair[0] not in there]
            await send(message)

        await self._app(scope, receive, guarded)
