"""Imports over the interface: a file's bytes, taken in whole or not at all, every problem with its place."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Depends, FastAPI, Query, Request

from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.moment import Moment, show_day
from punchsync.desk.access.rights import RIGHTS
from punchsync.desk.access.tokens import IMPORTS, WRITES
from punchsync.desk.api.answers import BroughtIn, Stranger
from punchsync.desk.api.door import SCOPE, Call, call_of
from punchsync.desk.api.parameters import Flag, MomentAsked
from punchsync.desk.api.trouble import Trouble, documented
from punchsync.intake.problem import Problem
from punchsync.operations import bring_in
from punchsync.operations.bring_in import ReachesBack
from punchsync.texts import _

NAME: Final = "body"
"""What a problem calls the file, which has no name."""
Kind = Literal[
    "staff", "device", "roster", "leave", "outing", "standin", "incident", "outage", "paper", "ruling", "calendar",
    "scores", "punches",
]  # fmt: skip
BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
            "schema": {"type": "string", "format": "binary"}
        },
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}


async def body_of(request: Request) -> bytes:
    """The bytes that were sent."""
    return await request.body()


def add_imports(api: FastAPI) -> None:
    """The route of the imports."""

    @api.post(
        "/imports/{kind}",
        summary=_("导入一份 CSV 或 XLSX（打卡：U 盘文件）；全部收下，或一行也不收"),
        openapi_extra={SCOPE: IMPORTS, "requestBody": BODY},
        responses=documented(401, 403, 422, 429),
    )
    def import_file(
        request: Request,
        kind: Kind,
        data: Annotated[bytes, Depends(body_of)],
        dry_run: Annotated[Flag, Query(description=_("true：只检查，不写入"))] = False,
        terminal: Annotated[str | None, Query(max_length=40, description=_("punches：文件来自哪台考勤机"))] = None,
        through: Annotated[MomentAsked | None, Query(description=_("punches：文件完整到何时"))] = None,
        format: Annotated[Literal["attlog", "csv"], Query(description=_("punches：文件格式"))] = "attlog",
    ) -> BroughtIn:
        call = call_of(request)
        call.about.update(kind=kind, terminal=terminal)
        if WRITES[kind] not in RIGHTS[call.account.role]:
            raise Trouble(403, "role", {"needed": str(WRITES[kind])})
        done = (
            punches(call, data, terminal, through, format, dry_run)
            if kind == "punches"
            else records(call, kind, data, dry_run)
        )
        if done.problems:
            raise Trouble(422, "file", {"problems": [shown(p) for p in done.problems]})
        if not dry_run and done.changed:
            call.desk.settle()
        return BroughtIn(
            kind=kind,
            rows=done.rows,
            changed=done.changed,
            dry_run=dry_run,
            left_out=done.left_out,
            unknown_ids=[Stranger(terminal=t, device_user_id=i) for t, i in done.strangers],
        )


def records(call: Call, kind: str, data: bytes, dry_run: bool) -> bring_in.BroughtIn:
    """Bring in records of a kind."""
    try:
        return bring_records(call.desk.site, kind, data, NAME, dry_run)
    except ReachesBack as error:
        raise Trouble(422, "reaches_back", {"keys": list(error.keys), "since": show_day(error.since)}) from None


def punches(
    call: Call, data: bytes, terminal: str | None, through: Moment | None, form: str, dry_run: bool
) -> bring_in.BroughtIn:
    """Bring in a terminal's file, or a table of punches."""
    ids = sorted(t.id for t in call.desk.hall.terminals)
    if (terminal is None and form == "attlog") or (terminal is not None and terminal not in ids):
        found = {"where": "query terminal", "found": terminal or "", "allowed": "、".join(ids)}
        raise Trouble(422, "parameters", {"problems": [found]})
    return bring_punches(call.desk.site, data, NAME, terminal, through, form, dry_run)


def shown(p: Problem) -> dict[str, Any]:
    """A problem for programs: the place apart from the words."""
    return {"row": p.row, "column": p.column, "found": p.found, "allowed": p.allowed, "remedy": p.remedy}
