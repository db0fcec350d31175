"""Terminals: how each stands, what of it is read, how its clock went, its reads, and what to do about its failures."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from punchsync.core.attention import Gauge
from punchsync.core.coverage_days import by_day
from punchsync.core.moment import start_of
from punchsync.core.records import FIRST_DAY, Terminal
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.pages.terminals_charts import ROW, TOP, clock, hours, rows
from punchsync.desk.pages.terminals_job import job_of
from punchsync.desk.room import Room
from punchsync.findings import remedy
from punchsync.operations.symptoms import OFF, SOON_FULL
from punchsync.operations.today import lines

room = Room()
SPANS: Final = (14, 31)
"""Days that the drawings may show."""
PAGE: Final = 50


@room.get("/terminals", Right.TERMINALS_SEE)
def listed(ask: Ask) -> Response:
    """Every terminal in a line."""
    with ask.hall.store.reading() as work:
        found = lines(ask.hall, work, ask.known.bench.terminals.coverages, ask.now)
        gauges = work.attention.gauges()
    over = [t for t in ask.hall.terminals if not t.first <= ask.today <= t.last]
    return ask.page(
        "terminals/list.html",
        terminals=found,
        gauges=gauges,
        over=over,
        remedy=remedy,
        full=full,
        off=OFF,
        job=job_of(ask),
    )


@room.get("/terminals/{id}", Right.TERMINALS_SEE)
def one(ask: Ask) -> Response:
    """A terminal's own page."""
    terminal = terminal_of(ask)
    span = int(ask.query("days")) if ask.query("days") in [str(n) for n in SPANS] else SPANS[0]
    page = int(ask.query("page", "1")) if ask.query("page", "1").isdecimal() and len(ask.query("page", "1")) < 6 else 1
    known, now, today = ask.known, ask.now, ask.today
    first = today - span + 1
    with ask.hall.store.reading() as work:
        state = next((li for li in lines(ask.hall, work, known.bench.terminals.coverages, now)
                      if li.terminal.id == terminal.id), None)  # fmt: skip
        gauge = work.attention.gauges().get(terminal.id)
        offsets = work.readings.offsets(terminal.id, start_of(first))
        count, reads = work.readings.listed(terminal.id, (max(page, 1) - 1) * PAGE, PAGE)
        aside = work.memories.set_aside().get(terminal.id)
    coverage = known.bench.terminals.coverages[terminal.id]
    outages = [o for o in known.case.outages if o.terminal == terminal.id and o.end >= start_of(first)]
    begins = 0 if terminal.first == FIRST_DAY else start_of(terminal.first)
    drawn = rows(by_day(coverage, outages, first, today, begins, now))
    return ask.page(
        "terminals/one.html",
        terminal=terminal,
        state=state,
        coverage=coverage,
        gauge=gauge,
        full=full,
        off=OFF,
        span=span,
        spans=SPANS,
        rows=drawn,
        hours=hours(),
        bottom=TOP + len(drawn) * ROW,
        clock_chart=clock(offsets, first, today) if offsets else None,
        outages=outages,
        lost=[span for span in coverage.lost if span[1] >= start_of(first)],
        reads=reads,
        reads_count=count,
        page=max(page, 1),
        pages=-(-count // PAGE),
        aside=aside,
        remedy=remedy,
        job=job_of(ask, terminal.id),
    )


def terminal_of(ask: Ask) -> Terminal:
    """The terminal that the address names; raises Missing."""
    id = ask.path("id")
    ask.about["terminal"] = id
    found = next((t for t in ask.hall.terminals if t.id == id), None)
    if found is None:
        raise Missing(id)
    return found


def full(gauge: Gauge | None) -> bool:
    """Whether a terminal's log is soon full."""
    held, room = (gauge.held or 0, gauge.capacity or 0) if gauge else (0, 0)
    return bool(room) and held * SOON_FULL[1] >= room * SOON_FULL[0]
