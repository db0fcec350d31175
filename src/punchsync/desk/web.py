"""The desk's pages as a part of the application that answers at the hall's address."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from punchsync.desk.access.rights import Right
from punchsync.desk.api.serve import add_api
from punchsync.desk.ask import NO_FORM, Ask, Missing
from punchsync.desk.desk import Desk
from punchsync.desk.gate import endpoint, pass_through
from punchsync.desk.limits import Limited
from punchsync.desk.pages import rooms
from punchsync.desk.room import Way
from punchsync.desk.shown import STATIC

FOR_EVER: Final = "public, max-age=31536000, immutable"


def ways() -> Iterator[Way]:
    """Every way of every room."""
    for room in rooms():
        yield from room.ways


def furnish(app: FastAPI, desk: Desk) -> None:
    """Put the desk's pages into an application."""
    for way in ways():
        app.add_api_route(
            way.path,
            endpoint(desk, way),
            methods=[way.method] if way.method != "GET" else ["GET", "HEAD"],
            include_in_schema=False,
        )
    app.add_api_route("/static/{digest}/{name:path}", file, methods=["GET", "HEAD"], include_in_schema=False)

    add_api(app, desk)

    async def nowhere(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"detail": getattr(error, "detail", "")}, 404)
        return await run_in_threadpool(pass_through, desk, NOWHERE, request, NO_FORM)

    app.add_exception_handler(404, nowhere)
    app.add_middleware(Limited, most=desk.settings.upload * 2**20)


def missing(ask: Ask) -> Response:
    """There is no such page."""
    raise Missing


NOWHERE: Final = Way("GET", "/{nowhere}", Right.PUBLIC, missing, "")


def file(digest: str, name: str) -> Response:
    """A file of ours; none but those there are."""
    found = files().get(name)
    if found is None:
        return Response(status_code=404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(found, media_type=kind, headers={"cache-control": FOR_EVER})


_files: dict[str, bytes] = {}


def files() -> dict[str, bytes]:
    """Every file of ours by its name, read once."""
    if not _files:
        _files.update({p.relative_to(STATIC).as_posix(): p.read_bytes() for p in STATIC.rglob("*") if p.is_file()})
    return _files
