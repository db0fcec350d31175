"""Reading a terminal's whole log anew, and how far that is."""

from __future__ import annotations

from fastapi import Response

from punchsync.core.ledger import Entry
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.terminals import terminal_of
from punchsync.desk.pages.terminals_job import SHOWN, begin, job_of
from punchsync.desk.room import Room
from punchsync.texts import _

room = Room()


@room.post("/terminals/{id}/resync", Right.RESYNC, "resync")
def resync(ask: Ask) -> Response:
    """Begin, or join the one that is under way."""
    terminal = terminal_of(ask)
    there = f"/terminals/{terminal.id}"
    if not terminal.live:
        return ask.to(there, _("这台考勤机没有写地址（host），只能导入文件。"))
    job, new = begin(ask, terminal.id)
    if new:
        return ask.to(there, _("已开始重读，可以离开这一页，读完为止不会停。"))
    if job.terminal == terminal.id:
        return ask.to(there, _("正在重读，由 {who} 开始；这里看到的就是那一次。").format(who=job.who))
    return ask.to(there, _("正在重读 {id}，一次只读一台；读完再来。").format(id=job.terminal))


@room.get("/terminals/{id}/resync", Right.TERMINALS_SEE, by_itself=True)
def progress(ask: Ask) -> Response:
    """How far it is, for a page that is open; what it changed when it is over."""
    terminal = terminal_of(ask)
    job = job_of(ask, terminal.id)
    mine = [e for e in job.entries if reached(ask, e)] if job else []
    return ask.page("terminals/resync.html", terminal=terminal, job=job, entries=mine[:SHOWN], hidden=len(mine) - SHOWN)


def reached(ask: Ask, entry: Entry) -> bool:
    """Whether the user sees whom an entry is of."""
    by = ask.reach.person if entry.account_type == "person" else ask.reach.window
    return by(entry.account_id)
