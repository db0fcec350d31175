"""Batch import: a file is looked at first, and what was shown is taken in after a press, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Response

from punchsync.bootstrap.bringing import bring, bring_punches, bring_records, context_of
from punchsync.core.moment import Moment, parse_moment, show_day, show_moment
from punchsync.core.reading import Reading
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Denied, Missing, Upload
from punchsync.desk.importing.preview import SAME, changes
from punchsync.desk.importing.shelf import SHELF, ImportShelf, Waiting
from punchsync.desk.importing.template import as_csv, as_xlsx
from punchsync.desk.registers.kinds import kept, terminals
from punchsync.desk.registers.times import expanded
from punchsync.desk.registers.write import reaching
from punchsync.desk.room import Room
from punchsync.intake.attlog import parse_attlog
from punchsync.intake.kinds import KINDS, PUNCHES, Kind
from punchsync.intake.parse import parse
from punchsync.intake.problem import Problem
from punchsync.intake.punches import parse_punches_csv
from punchsync.operations.bring_in import BroughtIn, ReachesBack
from punchsync.texts import _

room = Room()
SHOWN: Final = 200
"""Rows of a file that are shown."""
PROBLEMS: Final = 1000
"""Problems that are listed."""
WRITES: Final = {
    "staff": Right.STAFF_WRITE,
    "device": Right.STAFF_WRITE,
    "leave": Right.LEAVE_WRITE,
    "incident": Right.PATROL_WRITE,
    "paper": Right.PAPER_WRITE,
    "ruling": Right.REVIEW_DECIDE,
}
"""The right that a kind asks, where it is another than that of records: who registers does not rule."""
SHEETS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@room.get("/import", Right.RECORDS_SEE)
def show(ask: Ask) -> Response:
    """The form, with a template for each kind."""
    return form(ask)


@room.get("/import/template", Right.RECORDS_SEE)
def template(ask: Ask) -> Response:
    """An empty file of a kind."""
    kind, form = kind_of(ask, ask.query("kind")), ask.query("format", "xlsx")
    if form not in SHEETS:
        raise Missing(form)
    data = as_csv(kind) if form == "csv" else as_xlsx(kind)
    return ask.download(data, f"{kind.chinese}.{form}", SHEETS[form])


@room.post("/import", Right.RECORDS_SEE, "import looked at")
def look(ask: Ask) -> Response:
    """Look at a file; nothing is stored."""
    kind, file = kind_of(ask, ask.form.one("kind")), ask.form.file("file")
    if file is None:
        return form(ask, {"file": _("请选一个文件")})
    if kind is PUNCHES:
        return look_at_punches(ask, file)
    hall = ask.hall
    parsed = parse(kind.name, file.data, file.name, context_of(hall))
    try:
        done = bring(hall, kind.name, parsed, file.name, dry_run=True)
    except ReachesBack as error:
        return wrong(ask, kind, file.name, [], [reaching(error)])
    if done.problems:
        return wrong(ask, kind, file.name, done.problems)
    columns = [c for c in kind.columns if c.needed() or any(body.get(c.name) for _key, body in parsed.rows)]
    found = changes(parsed.rows, parsed.places, kept(ask, kind.name), [c.name for c in columns])
    found.sort(key=lambda change: change.what == SAME)
    return looked(
        ask,
        Waiting(session(ask), kind.name, file.name, file.data),
        kind,
        done,
        changes=found[:SHOWN],
        columns=[c.chinese[0] for c in columns],
    )


@room.post("/import/confirm", Right.RECORDS_SEE, "import")
def confirm(ask: Ask) -> Response:
    """Take in the file that was shown."""
    file = shelf(ask).take(ask.form.one("id"), session(ask))
    if file is None:
        return form(ask, {"file": _("这个文件等得太久，已经放下了；请再选一次")})
    kind = kind_of(ask, file.kind)
    try:
        if kind is PUNCHES:
            done = bring_punches(ask.desk.site, file.data, file.name, file.terminal or None, file.through, file.form)
        else:
            done = bring_records(ask.desk.site, file.kind, file.data, file.name)
    except ReachesBack as error:
        return wrong(ask, kind, file.name, [], [reaching(error)])
    if done.problems:
        return wrong(ask, kind, file.name, done.problems)
    ask.about["rows"], ask.about["changed"] = done.rows, done.changed
    if done.changed:
        ask.desk.settle()
    said = _("已导入「{kind}」{rows} 行，新增或改动 {changed} 条。").format(
        kind=kind.chinese, rows=done.rows, changed=done.changed
    )
    return ask.to("/import", " ".join([said, *attention(done)]))


def look_at_punches(ask: Ask, file: Upload) -> Response:
    """Look at a terminal's file, or a table of punches."""
    form_, terminal, text = (ask.form.one(name) for name in ("format", "terminal", "through"))
    known = frozenset(t.id for t in ask.hall.terminals)
    problems: dict[str, str] = {}
    if form_ not in ("attlog", "csv"):
        problems["format"] = _("选一种")
    if (terminal or form_ == "attlog") and terminal not in known:
        problems["terminal"] = _("选这个文件来自的考勤机")
    through = moment_of(expanded(text, ask.now))
    if text and (through is None or through > ask.now):
        now = show_moment(ask.now)[:16]
        problems["through"] = _("写成 {now} 这样的时刻，不晚于现在；不知道就空着").format(now=now)
    if problems:
        return form(ask, problems)
    ask.about["terminal"] = terminal
    done = bring_punches(ask.desk.site, file.data, file.name, terminal or None, through, form_, dry_run=True)
    if done.problems:
        return wrong(ask, PUNCHES, file.name, done.problems)
    readings = readings_of(file, terminal, through, form_, known)
    return looked(
        ask,
        Waiting(session(ask), PUNCHES.name, file.name, file.data, terminal, through, form_),
        PUNCHES,
        done,
        punches=[(r.terminal, row.device_user_id, row.at) for r in readings for row in r.rows[:SHOWN]][:SHOWN],
    )


def readings_of(
    file: Upload, terminal: str, through: Moment | None, form_: str, known: frozenset[str]
) -> list[Reading]:
    """The readings of a file that has no problems."""
    if form_ == "csv":
        found: Sequence[object] = parse_punches_csv(file.data, file.name, terminal or None, through, known)
    else:
        one = parse_attlog(file.data, file.name, terminal, through)
        found = one if isinstance(one, list) else [one]
    return [r for r in found if isinstance(r, Reading)]


def looked(ask: Ask, file: Waiting, kind: Kind, done: BroughtIn, **more: Any) -> Response:
    """The page that shows what a file would change, with the button that does it."""
    ask.about["rows"] = done.rows
    words = {
        "new": _("新增"),
        "changed": _("改动"),
        "withdrawn": _("作废"),
        "same": _("不变"),
    }
    given: dict[str, Any] = {"changes": [], "columns": [], "punches": [], **more}
    return ask.page(
        "bring/look.html",
        id=shelf(ask).put(file),
        kind=kind,
        name=file.name,
        done=done,
        what=words,
        attention=attention(done),
        shown_most=SHOWN,
        **given,
    )


def wrong(ask: Ask, kind: Kind, name: str, problems: Sequence[Problem], more: Sequence[str] = ()) -> Response:
    """Every problem of a file, with row and column; nothing was stored."""
    return ask.page(
        "bring/wrong.html",
        422,
        kind=kind,
        name=name,
        problems=problems[:PROBLEMS],
        count=len(problems) + len(more),
        more=more,
    )


def form(ask: Ask, problems: dict[str, str] | None = None) -> Response:
    """The form."""
    return ask.page(
        "bring/form.html",
        422 if problems else 200,
        kinds=[(k.name, k.chinese) for k in kinds_of(ask)],
        terminals=terminals(ask),
        problems=problems or {},
        values={name: ask.form.one(name) for name in ("kind", "terminal", "through", "format")},
        upload=ask.desk.settings.upload,
    )


def kinds_of(ask: Ask) -> list[Kind]:
    """The kinds that the user may import."""
    return [k for k in (*KINDS.values(), PUNCHES) if ask.may(WRITES.get(k.name, Right.RECORDS_WRITE))]


def kind_of(ask: Ask, name: str) -> Kind:
    """A kind; raises Missing for none, Denied for one that the user may not import."""
    kind = PUNCHES if name == PUNCHES.name else KINDS.get(name)
    if kind is None:
        raise Missing(name)
    ask.about["kind"] = kind.name
    if not ask.may(WRITES.get(kind.name, Right.RECORDS_WRITE)):
        raise Denied
    return kind


def attention(done: BroughtIn) -> list[str]:
    """What is to be said of a file that holds nothing wrong."""
    out = []
    if done.left_out and done.through is not None:
        said = _("其中 {n} 行只涉及已封存的日子（{day} 及以前），不收。")
        out.append(said.format(n=done.left_out, day=show_day(done.through)))
    if done.strangers:
        ids = "、".join(f"{terminal}/{id}" for terminal, id in done.strangers[:20])
        more = _("等") if len(done.strangers) > 20 else ""
        said = _("{n} 个考勤号当日不属任何人：{ids}{more}；打卡留着，登记考勤号后生效。")
        out.append(said.format(n=len(done.strangers), ids=ids, more=more))
    return out


def moment_of(text: str) -> Moment | None:
    """A moment as typed, or None."""
    try:
        return parse_moment(text)
    except ValueError:
        return None


def shelf(ask: Ask) -> ImportShelf:
    """The files that wait."""
    found: ImportShelf = ask.desk.shelf.setdefault(SHELF, ImportShelf())
    return found


def session(ask: Ask) -> str:
    """The login to which a file belongs."""
    if ask.session is None:
        raise Denied
    return ask.session.digest
