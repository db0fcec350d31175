"""The interface as an application of its own, put under `/api/v1` of the hall's address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from punchsync.desk.api.door import SCOPE, Watched
from punchsync.desk.api.exports import add_exports
from punchsync.desk.api.imports import add_imports
from punchsync.desk.api.states import add_states
from punchsync.desk.api.trouble import Trouble, answer, documented
from punchsync.desk.app import Health
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.desk.desk import Desk

PATH: Final = "/api/v1"


def add_api(app: FastAPI, desk: Desk) -> None:
    """Put the interface of a desk into an application, which knows whether the service is ready."""
    app.mount(PATH, interface(desk, app.state.ready))


def interface(desk: Desk, ready: Callable[[], Health]) -> FastAPI:
    """The interface of a desk."""
    api = FastAPI(
        title=_("punchsync 接口"), version="1", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    api.state.desk = desk
    api.router.route_class = Watched
    api.add_exception_handler(404, nowhere)
    api.add_exception_handler(405, nowhere)
    add_exports(api)
    add_imports(api)
    add_states(api, ready)

    @api.get(
        "/openapi.json",
        summary=_("这份说明"),
        openapi_extra={SCOPE: ""},
        responses=documented(401, 429),
        response_class=JSONResponse,
    )
    def openapi() -> dict[str, Any]:
        return described(api)

    return api


def described(api: FastAPI) -> dict[str, Any]:
    """The schema, with the token that every call needs."""
    found = dict(api.openapi())
    found["servers"] = [{"url": PATH}]
    found["security"] = [{"token": []}]
    schemes = {"token": {"type": "http", "scheme": "bearer", "description": _("在网页「接口令牌」里建立")}}
    found["components"] = {**found.get("components", {}), "securitySchemes": schemes}
    return found


async def nowhere(request: Request, error: Exception) -> Response:
    """An address or a method that there is not."""
    status = int(getattr(error, "status_code", 404))
    headers = getattr(error, "headers", None)
    return answer(Trouble(status, "method" if status == 405 else "not_found", headers=headers))
