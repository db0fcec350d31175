"""Rosters: a grid of a window's week or a person's month, and copying from an earlier week or month."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.moment import Day, parse_day, show_day, to_date, to_day, weekday
from punchsync.core.period import days_of_month, period_of
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.ids import new_id
from punchsync.desk.registers.kinds import kept, windows
from punchsync.desk.registers.write import said_of, who, write_all
from punchsync.desk.room import Room
from punchsync.desk.rosters.grid import Cell, Grid, Rows, Subject, rows_of
from punchsync.desk.rosters.plan import Assign, Copy, bodies, copied, same_weekday, stretches, without
from punchsync.desk.rosters.words import clocks, conflicts, options, skip_words
from punchsync.texts import _

room = Room()
CELL: Final = "cell"
SHOWN: Final = 200
"""Lines of a preview that are shown."""


class Line(NamedTuple):
    """A line of the grid."""

    head: str
    small: str
    cells: Sequence[Cell | None]


class View(NamedTuple):
    """What is shown: a window's week or a person's weeks."""

    window: str
    person: str
    days: Sequence[Day]
    problem: str = ""

    @property
    def query(self) -> str:
        """The view as an address says it."""
        part = {"person": self.person} if self.person else {"window": self.window}
        return urlencode({**part, "week": show_day(self.days[0])})


@room.get("/rosters", Right.RECORDS_SEE, "roster shown")
def show(ask: Ask) -> Response:
    """The grid."""
    return grid(ask, view_of(ask))


@room.post("/rosters", Right.RECORDS_WRITE, "roster changed")
def save(ask: Ask) -> Response:
    """Write rows for the cells that were changed, all of them or none."""
    view = view_of(ask)
    changes, typed = changes_of(ask), ask.form.one("hours")
    known, now = ask.known, ask.now
    ask.about["people"] = sorted({s[1] for (s, _d), _v in changes.items() if s[0] == "person"})
    if not changes:
        return ask.to(f"/rosters?{view.query}", _("没有改动。"))
    if "=" in changes.values() and not typed:
        return grid(ask, view, [_("选了「自定时间」，请在表下写出时间，例如 08:30-12:00+14:00-17:30")])
    rows = rows_of(
        known.case.rosters,
        *parties(subject for subject, _day in changes),
        min(day for _subject, day in changes),
        max(day for _subject, day in changes),
    )
    assigned = [Assign(s, day, typed if v == "=" else v) for (s, day), v in changes.items() if v != "clear"]
    cleared: dict[str, list[Day]] = defaultdict(list)
    for (subject, day), value in changes.items():
        cell = cell_of(ask, rows, subject, day) if value == "clear" else None
        if cell is not None and cell.row:
            cleared[cell.row].append(day)
    written = bodies(stretches(assigned), after(rows, now), lambda: new_id("PB", now))
    stored = kept(ask, "roster") if cleared else {}
    for id, days in cleared.items():
        written += without(stored[id], days, now, lambda: new_id("PB", now))
    if not written:
        return ask.to(f"/rosters?{view.query}", _("没有改动。"))
    done = write_all(ask, "roster", written)
    if done.bad:
        return grid(ask, view, said_of(done))
    return ask.to(f"/rosters?{view.query}", _("已保存，写了 {n} 行排班。").format(n=done.changed))


@room.get("/rosters/copy", Right.RECORDS_WRITE)
def preview(ask: Ask) -> Response:
    """What a copy of last week or last month would write."""
    return previewed(ask, ask.query("of"), ask.query("to"), ask.query("window"))


@room.post("/rosters/copy", Right.RECORDS_WRITE, "roster copied")
def copy(ask: Ask) -> Response:
    """Write what was previewed; where it would be something else by now, show it again."""
    of, to, window = ask.form.one("of"), ask.form.one("to"), ask.form.one("window")
    plan, rows, days = copy_of(ask, of, to, window)
    if mark_of(plan) != ask.form.one("mark"):
        return previewed(ask, of, to, window, [_("排班刚被改过，下面是现在会写的；请再看一遍。")])
    now = ask.now
    done = write_all(ask, "roster", bodies(plan.writes, after(rows, now), lambda: new_id("PB", now)))
    if done.bad:
        return previewed(ask, of, to, window, said_of(done))
    where = View(window or first_window(ask), "", days)
    return ask.to(f"/rosters?{where.query}", _("已照抄，写了 {n} 行排班。").format(n=done.changed))


def grid(ask: Ask, view: View, faults: Sequence[str] = ()) -> Response:
    """The page of a view."""
    lines = person_lines(ask, view) if view.person else window_lines(ask, view)
    faults = [*faults, *([view.problem] if view.problem else [])]
    cells = [cell for line in lines for cell in line.cells if cell is not None]
    shifts = sorted({c.shift for c in cells if ":" in c.shift})
    step = 7 if not view.person else 28
    return ask.page(
        "rosters/grid.html",
        422 if faults else 200,
        view=view,
        lines_=lines,
        faults=faults,
        conflicts=conflicts(ask.known, cells),
        conflict_of={(n.subject, n.day): n.texts for n in conflicts(ask.known, cells)},
        options=options(ask.hall.pack, shifts),
        clocks=clocks,
        windows=windows(ask),
        head=view.days[:7],
        weekly=not view.person,
        earlier=show_day(view.days[0] - step),
        later=show_day(view.days[0] + step),
        month=period_of(view.days[0] + 3, "month"),
        may_write=ask.may(Right.RECORDS_WRITE),
        name=lambda cell: f"{CELL}:{cell.subject[0]}:{cell.day}:{cell.subject[1]}",
        hours=ask.form.one("hours"),
    )


def window_lines(ask: Ask, view: View) -> list[Line]:
    """The window's own row and everybody who is posted there in the week."""
    timetables = ask.known.bench.timetables
    posted = [[p for p in timetables.posted(day) if p.window == view.window] for day in view.days]
    people = {p.person: p.name for day in posted for p in day}
    rows = rows_of(ask.known.case.rosters, ask.known.people, [view.window], view.days[0], view.days[-1])
    made = Grid(ask.known.bench, rows, view.days)
    lines = [Line(_("全窗口"), view.window, [made.of_window(view.window, day) for day in view.days])]
    for person, name in sorted(people.items()):
        here = [next((p for p in day if p.person == person), None) for day in posted]
        cells = [made.of_person(p, person, day) for p, day in zip(here, view.days, strict=True)]
        lines.append(Line(name, person, cells))
    return lines


def person_lines(ask: Ask, view: View) -> list[Line]:
    """A person's weeks."""
    timetables = ask.known.bench.timetables
    rows = rows_of(ask.known.case.rosters, ask.known.people, ask.known.windows, view.days[0], view.days[-1])
    made = Grid(ask.known.bench, rows, view.days)
    cells = [made.of_person(timetables.posting(view.person, day), view.person, day) for day in view.days]
    return [Line(show_day(view.days[n])[5:], "", cells[n : n + 7]) for n in range(0, len(view.days), 7)]


def cell_of(ask: Ask, rows: Rows, subject: Subject, day: Day) -> Cell:
    """One cell as it stands now."""
    made = Grid(ask.known.bench, rows, [day])
    if subject[0] == "window":
        return made.of_window(subject[1], day)
    return made.of_person(ask.known.bench.timetables.posting(subject[1], day), subject[1], day)


def view_of(ask: Ask) -> View:
    """What is asked for: this week of the first window, unless something else is."""
    day = parsed(ask.query("week") or ask.query("month"), ask.today)
    monday = day - weekday(day)
    text = ask.query("person")
    if text:
        person, problem = who(ask, text)
        if person:
            return View("", person, range(monday, monday + 28))
        return View(first_window(ask), "", range(monday, monday + 7), problem)
    window = ask.query("window")
    return View(ask.window(window) if window else first_window(ask), "", range(monday, monday + 7))


def first_window(ask: Ask) -> str:
    """The window with which the page begins."""
    return next((name for name, _word in windows(ask)), "")


def parsed(text: str, default: Day) -> Day:
    """A date, the first of a month, or the default where it is neither."""
    try:
        day = parse_day(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return default
    return day if 1900 < to_date(day).year < 9000 else default


def changes_of(ask: Ask) -> dict[tuple[Subject, Day], str]:
    """The cells for which something was chosen; raises Missing for one out of reach."""
    out: dict[tuple[Subject, Day], str] = {}
    for name in ask.form.values:
        value = ask.form.one(name)
        parts = name.split(":", 3)
        if parts[0] != CELL or not value:
            continue
        if len(parts) != 4 or parts[1] not in ("person", "window") or not parts[2].isdecimal() or len(parts[2]) > 6:
            raise Missing(name)
        id = ask.person(parts[3]) if parts[1] == "person" else ask.window(parts[3])
        out[(parts[1], id), max(1, int(parts[2]))] = value
    return out


def parties(subjects: Iterable[Subject]) -> tuple[list[str], list[str]]:
    """The people and the windows among subjects."""
    found = set(subjects)
    return [id for kind, id in found if kind == "person"], [id for kind, id in found if kind == "window"]


def after(rows: Rows, now: int) -> int:
    """When a new row is entered: now, and after every row that it is to win over."""
    return max([now, *(found[0].entered_at + 1 for found in rows.values() if found)])


def previewed(ask: Ask, of: str, to: str, window: str, faults: Sequence[str] = ()) -> Response:
    """The page of a preview."""
    plan, rows, days = copy_of(ask, of, to, window)
    made = Grid(ask.known.bench, rows, days)
    timetables = ask.known.bench.timetables
    leave = [
        (write.subject[1], day)
        for write in plan.writes[:SHOWN]
        if write.subject[0] == "person" and write.shift != "off"
        for day in range(write.first, write.last + 1)
        if (posting := timetables.posting(write.subject[1], day)) is not None and made.away(posting, day)
    ]
    return ask.page(
        "rosters/copy.html",
        422 if faults else 200,
        of=of,
        to=to,
        window=window,
        windows=windows(ask),
        days=days,
        writes=plan.writes[:SHOWN],
        count=len(plan.writes),
        skipped=skip_words(ask.known, plan.skipped),
        leave=leave,
        mark=mark_of(plan),
        shifts=dict(options(ask.hall.pack, ())),
        faults=faults,
    )


def copy_of(ask: Ask, of: str, to: str, window: str) -> tuple[Copy, Rows, Sequence[Day]]:
    """What a copy writes onto the week or month `to`, for one window or all that the user sees."""
    if of not in ("week", "month"):
        raise Missing(of)
    day = parsed(to, ask.today)
    days: Sequence[Day]
    if of == "week":
        days = range(day - weekday(day), day - weekday(day) + 7)
        sources = {d: d - 7 for d in days}
    else:
        days = days_of_month(period_of(day, "month"))
        before = days_of_month(period_of(to_day(to_date(days[0]) - timedelta(days=1)), "month"))
        sources = {d: same_weekday(d, days[0], before) for d in days}
    names = [ask.window(window)] if window else [name for name, _word in windows(ask)]
    here = set(names)
    timetables = ask.known.bench.timetables
    rows = rows_of(ask.known.case.rosters, ask.known.people, names, min(sources.values()), days[-1])
    subjects: list[tuple[Subject, Day]] = [(("window", name), d) for name in names for d in days]
    subjects += [(("person", p.person), d) for d in days for p in timetables.posted(d) if p.window in here]
    subjects = [each for each in subjects if each[0] in rows]
    return copied(rows, subjects, sources.__getitem__, timetables.kind, ask.today), rows, days


def mark_of(plan: Copy) -> str:
    """A short mark of what is to be written."""
    return hashlib.sha256(repr(plan.writes).encode()).hexdigest()[:16]
