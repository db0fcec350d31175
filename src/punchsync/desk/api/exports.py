"""The exports over the interface: the contract's columns, sorted, written to a file of no name and sent from there.

A year of a hall's punches is some 300,000 rows: they are made stretch by stretch, in one view of the store, and never
lie in memory as a whole.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Annotated, Any, Final, Literal

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response, StreamingResponse

from punchsync.desk.access.tokens import EXPORTS
from punchsync.desk.api.door import SCOPE, call_of
from punchsync.desk.api.parameters import DayAsked
from punchsync.desk.api.trouble import documented
from punchsync.operations.export import COLUMNS, Row, stretches
from punchsync.texts import _

KEPT: Final = 4 * 2**20
"""Bytes of an export that are kept in memory; more goes to a file."""
PIECE: Final = 2**16

Kind = Literal[
    "punches", "verdicts", "violations", "ledger", "scores", "outcomes", "ranking", "tallies", "coverage"
]  # fmt: skip


def add_exports(api: FastAPI) -> None:
    """The route of the exports."""

    @api.get(
        "/exports/{kind}",
        summary=_("一种导出的全部行，列与 punchsync export 相同，已排序"),
        openapi_extra={SCOPE: EXPORTS},
        responses={200: answered(), **documented(401, 403, 422, 429)},
        response_class=Response,
    )
    def export_rows(
        request: Request,
        kind: Kind,
        first: Annotated[DayAsked | None, Query(alias="from", description=_("从这一天起"))] = None,
        last: Annotated[DayAsked | None, Query(alias="to", description=_("到这一天止"))] = None,
        format: Literal["json", "csv"] = "json",
    ) -> Response:
        call = call_of(request)
        call.about.update(kind=kind, first=request.query_params.get("from"), last=request.query_params.get("to"))
        file = tempfile.SpooledTemporaryFile(max_size=KEPT)  # noqa: SIM115 - it is open until it is sent
        rows = stretches(call.desk.hall, kind, first, last)
        length = (as_csv if format == "csv" else as_json)(file, kind, rows)
        media = "text/csv; charset=utf-8" if format == "csv" else "application/json"
        return StreamingResponse(pieces(file), media_type=media, headers={"content-length": str(length)})


def as_csv(file: IO[bytes], kind: str, rows: Iterable[list[Row]]) -> int:
    """Write rows as the command does: a header, LF; returns the length."""
    return file.write(lines([COLUMNS[kind]])) + sum(file.write(lines(stretch)) for stretch in rows)


def lines(rows: Iterable[Row]) -> bytes:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def as_json(file: IO[bytes], kind: str, rows: Iterable[list[Row]]) -> int:
    """Write rows as the command does: one object, the kind over a list of objects; returns the length."""
    columns, begun = COLUMNS[kind], False
    length = file.write(f'{{"{kind}": ['.encode())
    for stretch in rows:
        if stretch:
            said = ", ".join(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in stretch)
            length += file.write(f"{', ' if begun else ''}{said}".encode())
            begun = True
    return length + file.write(b"]}\n")


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes from its beginning; it is closed when they are taken, or nobody wants more."""
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def answered() -> dict[str, Any]:
    """How the schema has an export: for each kind its columns, all of them texts."""
    kinds = [
        {
            "type": "object",
            "required": [kind],
            "additionalProperties": False,
            "properties": {
                kind: {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": list(columns),
                        "additionalProperties": False,
                        "properties": {name: {"type": "string"} for name in columns},
                    },
                }
            },
        }
        for kind, columns in COLUMNS.items()
    ]
    content = {"application/json": {"schema": {"oneOf": kinds}}, "text/csv": {"schema": {"type": "string"}}}
    return {"description": _("各行；没有就是空的"), "content": content}
