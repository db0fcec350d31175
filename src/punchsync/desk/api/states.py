"""How the hall stands, for programs: terminals, health, periods, version."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from punchsync import __version__
from punchsync.core.moment import Moment, show_moment
from punchsync.desk.access.tokens import EXPORTS, TERMINALS
from punchsync.desk.api import answers
from punchsync.desk.api.door import SCOPE, call_of
from punchsync.desk.api.trouble import documented
from punchsync.desk.app import Health
from punchsync.operations.closing import months
from punchsync.operations.export import export
from punchsync.operations.hall import Hall
from punchsync.texts import _


def add_states(api: FastAPI, ready: Callable[[], Health]) -> None:
    """The routes."""

    @api.get(
        "/terminals",
        summary=_("考勤机：完整到何时、读得怎样、时钟差"),
        openapi_extra={SCOPE: TERMINALS},
        responses=documented(401, 403, 429),
    )
    def terminals(request: Request) -> answers.Terminals:
        return terminals_of(call_of(request).desk.hall)

    @api.get(
        "/health",
        summary=_("服务能不能做事；与 /readyz 说的相同，不好时也是 200"),
        openapi_extra={SCOPE: TERMINALS},
        responses=documented(401, 403, 429),
    )
    def health(request: Request) -> answers.Health:
        found = ready()
        return answers.Health(
            status="ok" if found.ok else "fail",
            checks=[answers.Check(name=c.name, ok=c.ok, value=plain(c.value), reason=c.reason) for c in found.checks],
        )

    @api.get(
        "/periods",
        summary=_("各月：核算到何时、是否关账"),
        openapi_extra={SCOPE: EXPORTS},
        responses=documented(401, 403, 429),
    )
    def periods(request: Request) -> answers.Periods:
        rows = months(call_of(request).desk.hall)
        return answers.Periods(
            periods=[
                answers.Period(
                    month=row.month,
                    state="closed" if row.closed else "open",
                    settled_as_of=shown(row.settled.as_of if row.settled else None),
                    closed_at=shown(row.last.at if row.closed and row.last else None),
                )
                for row in rows
            ]
        )

    @api.get(
        "/version",
        summary=_("程序的版本、大厅与规则"),
        openapi_extra={SCOPE: ""},
        responses=documented(401, 429),
    )
    def version(request: Request) -> answers.Version:
        desk = call_of(request).desk
        part = desk.site.settings.hall
        return answers.Version(
            version=__version__, hall=part.id, name=part.name, pack=part.pack, timezone=part.timezone,
            now=show_moment(desk.hall.clock.now()),
        )  # fmt: skip


def terminals_of(hall: Hall) -> answers.Terminals:
    """Every terminal: the row of its coverage, and what else is known of it."""
    with hall.store.reading() as work:
        settled, states = work.runs.settled_as_of(), work.readings.states()
    rows = {row[0]: row for row in export(hall, "coverage").rows}
    found = []
    for terminal in hall.terminals:
        _id, through, last_read, records, offset, state = rows[terminal.id]
        known = states.get(terminal.id)
        found.append(
            answers.Terminal.model_validate(
                {
                    "terminal": terminal.id, "windows": sorted(terminal.windows), "live": terminal.live,
                    "state": state, "through": through or None, "last_read": last_read or None,
                    "last_failure": (known.last_failure if known else "") or None,
                    "last_failure_at": shown(known.last_failure_at if known else None),
                    "records": int(records), "clock_offset_seconds": int(offset) if offset else None,
                }
            )
        )  # fmt: skip
    return answers.Terminals(as_of=show_moment(hall.clock.now() if settled is None else settled), terminals=found)


def shown(moment: Moment | None) -> str | None:
    """A moment as hall time."""
    return None if moment is None else show_moment(moment)


def plain(value: object) -> str | int | float | bool | None:
    """What a check found, as JSON has it."""
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
