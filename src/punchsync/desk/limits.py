"""No request's body is longer than what a page may take, whatever its head says."""

from __future__ import annotations

from typing import Any, Final

SMALL: Final = 2**20
"""Bytes of a body without files."""
IMPORTS: Final = "/api/v1/imports/"
"""Where a file comes as it is, whatever its type."""
DRAINED: Final = 64 * 2**20
"""Bytes of a refused body that are read and thrown away: a browser reads no answer while it still sends."""


class Limited:
    """Answers 413 for a body of more than `most` bytes (files) or a mebibyte (anything else)."""

    def __init__(self, app: Any, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        kind = headers.get(b"content-type", b"")
        whole = kind.startswith((b"multipart/form-data", b"application/octet-stream"))
        whole = whole or scope["path"].startswith(IMPORTS)
        most = self._most if whole else min(SMALL, self._most)
        said = headers.get(b"content-length", b"0")
        if not said.isdigit() or int(said) > most:
            await too_long(receive, send)
            return
        taken, over, begun = 0, False, False

        async def counted() -> Any:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                over = True
                return {"type": "http.disconnect"}
            return message

        async def answered(message: Any) -> None:
            nonlocal begun
            if over and not begun:
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, answered)
        except Exception:
            if not over:
                raise
        if over and not begun:
            await too_long(receive, send)


async def too_long(receive: Any, send: Any) -> None:
    """413, and the connection is closed; `bounded` sees to it that nobody sends for ever."""
    drained, more = 0, True
    while more and drained < DRAINED:
        message = await receive()
        drained += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": "上传的内容太大 / too large\n".encode()})
