"""Every call passes here: whose token it is, whether it may do this, how often it came, and its line in the audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import structlog
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from punchsync.access import FOLDER, Access, write
from punchsync.core.account import Account, ApiToken
from punchsync.desk.access.client import client_of
from punchsync.desk.access.throttle import API, READS
from punchsync.desk.access.tokens import fit, found, refusal, used
from punchsync.desk.api.trouble import Trouble, answer, of_parameters

if TYPE_CHECKING:
    from punchsync.desk.desk import Desk

SCOPE: Final = "x-scope"
"""Where a route says which scope it asks; "" for any good token."""
BEARER: Final = "bearer "
log = structlog.get_logger("punchsync.desk")


class Call(NamedTuple):
    """A call that was let in; `about` says in the audit what it concerned."""

    desk: Desk
    token: ApiToken
    account: Account
    about: dict[str, Any]


class Watched(APIRoute):
    """A route that nobody passes without a token, nor without a scope where it asks one. None is made without saying
    which."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scope = str((self.openapi_extra or {})[SCOPE])

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The handler behind the door."""
        handler = super().get_route_handler()

        async def watched(request: Request) -> Response:
            desk: Desk = request.app.state.desk
            address = client_of(request, desk.settings.proxies)
            noted: list[Call] = []
            status = 500
            try:
                call = await run_in_threadpool(enter, desk, request, address, self.scope, noted)
                request.state.call = call
                response: Response = await handler(request)
                status = response.status_code
                return response
            except Trouble as trouble:
                status = trouble.status
                return answer(trouble)
            except RequestValidationError as error:
                status = 422
                return answer(of_parameters(error))
            finally:
                # A program that asks too often would fill the disk with lines of what it did not get.
                if noted and status != 429:
                    what = f"api {request.method} {self.path}"
                    await run_in_threadpool(note, noted[0], what, address, status)

        return watched


def enter(desk: Desk, request: Request, address: str, scope: str, noted: list[Call]) -> Call:
    """Let a call in, or raise Trouble; `noted` gets whose it is as soon as that is known."""
    kind, _gap, text = request.headers.get("authorization", "").partition(" ")
    there = found(desk.hall, text.strip()) if f"{kind} ".lower() == BEARER else None
    if there is None:
        if not desk.throttle.passes(READS, address):
            raise too_many(desk.throttle.wait(READS, address))
        code = "unknown_token" if text else "no_token"
        log.warning("api_refused", address=address, code=code)
        raise Trouble(401, code, headers={"www-authenticate": "Bearer"})
    token, account = there
    now, who = desk.hall.clock.now(), f"token {token.number}"
    about: dict[str, Any] = {}
    if account is not None:
        noted.append(Call(desk, token, account, about))
    if not desk.throttle.passes(API, who):
        raise too_many(desk.throttle.wait(API, who))
    code = refusal(token, account, now)
    if code or account is None:
        log.warning("api_refused", address=address, token=token.number, code=code)
        raise Trouble(401, code, headers={"www-authenticate": 'Bearer error="invalid_token"'})
    if scope and (scope not in token.scopes or scope not in fit(account.role)):
        code = "scope" if scope not in token.scopes else "role"
        ask = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise Trouble(403, code, {"needed": scope}, {"www-authenticate": ask})
    used(desk.hall, token, now)
    return noted[0]


def too_many(seconds: int) -> Trouble:
    """The refusal of a call too many."""
    return Trouble(429, "too_many", headers={"retry-after": str(seconds)})


def note(call: Call, what: str, address: str, status: int) -> None:
    """Write the line; where that is not possible the answer stands, and the log says so."""
    about = {name: value for name, value in call.about.items() if value not in (None, "")}
    by = f"token {call.token.number}"
    access = Access(call.desk.zoned(), call.account.login, by, what, {**about, "from": address}, status)
    try:
        write(call.desk.site.folder / FOLDER, access)
    except OSError as error:
        log.error("access_unwritten", error=error.strerror)


def call_of(request: Request) -> Call:
    """The call that a request is, for routes."""
    call: Call = request.state.call
    return call
