"""The form of a leave: what was typed to the cells of its record, with a problem beside each field that is not good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from punchsync.core.about import about
from punchsync.core.leave_effect import Change
from punchsync.core.moment import Moment, parse_moment, show_day, show_moment
from punchsync.core.records import SIGN_OFFS, Leave, StandIn
from punchsync.desk.ask import Ask
from punchsync.desk.leave.times import day_in, end_of_leave, start_of_leave
from punchsync.desk.registers.times import expanded
from punchsync.desk.registers.write import reaching, said, who
from punchsync.desk.search import people_like
from punchsync.intake import build
from punchsync.intake.parse import Context, parse_row
from punchsync.operations.bring_in import ReachesBack
from punchsync.operations.ports import Body
from punchsync.texts import _

TYPED: Final = ("who", "kind", "start", "end", "standin", "daily_from", "daily_to", "registered_at", "note")
FIELD: Final = {"person_id": "who", "standin_person_id": "standin"}
"""The form's names of columns, where they are others."""


class Draft(NamedTuple):
    """A form as it came: what was typed, the record that it means (None while it can't be), and what is wrong by field.

    `before` is the record that it corrects, `first` when that was registered in its first version.
    """

    typed: Mapping[str, str]
    approvals: tuple[str, ...]
    certificate: bool
    person: str
    body: Body | None
    standin: Body | None
    before: Body | None
    problems: dict[str, str]
    first: str = ""

    @property
    def leave(self) -> Leave | None:
        """The leave that is meant."""
        return standing(self.body, self.first)

    @property
    def change(self) -> Change | None:
        """What would change in the hall's records."""
        if self.body is None:
            return None
        rows: tuple[StandIn, ...] = (build.standin(self.standin),) if self.standin else ()
        return Change(self.person, standing(self.before, self.first), self.leave, rows)


def standing(body: Body | None, first: str) -> Leave | None:
    """A leave that stands, with when it was registered first; None for none, or one that was withdrawn."""
    if not body or body["withdrawn"]:
        return None
    return build.leave({**body, "first_registered_at": first} if first else body)


def blank(ask: Ask) -> dict[str, str]:
    """A new form, with what its address says."""
    return {name: ask.query(name) for name in TYPED}


def typed_of(ask: Ask, body: Body) -> dict[str, str]:
    """A record's form, for a correction."""
    out = dict.fromkeys(TYPED, "")
    out["who"] = f"{body['person_id']} {ask.known.name(body['person_id'])}"
    out["kind"] = body["kind"]
    for name in ("daily_from", "daily_to"):
        out[name] = body[name][:5]
    out["start"], out["end"] = shown_bound(body["start"], ending=False), shown_bound(body["end"], ending=True)
    out["registered_at"] = body["registered_at"]
    return out


def shown_bound(text: str, *, ending: bool) -> str:
    """A canonical end of a span as one would type it."""
    if text[11:] != "00:00:00":
        return text[:16]
    return show_day((parse_moment(text) - 1) // 86_400) if ending else text[:10]


def read(ask: Ask, id: str, before: Body | None = None, first: str = "") -> Draft:
    """The form that was sent, for a new leave of that id or a correction of one; changes nothing."""
    form = ask.form
    typed = {name: form.one(name) for name in TYPED}
    approvals = tuple(s for s in SIGN_OFFS if s in form.many("approvals"))
    certificate = form.one("certificate") == "yes"
    problems: dict[str, str] = {}
    if before is not None:
        person = ask.person(before["person_id"])
    else:
        person, why = who(ask, typed["who"])
        if why or not person:
            problems["who"] = why or _("写工号、姓名或拼音首字母")
    cells = {
        "leave_id": id,
        "person_id": person,
        "kind": typed["kind"],
        "start": start_of_leave(typed["start"], ask.now),
        "daily_from": typed["daily_from"],
        "daily_to": typed["daily_to"],
        "registered_at": registered(typed["registered_at"], before, ask.now),
        "certificate": "yes" if certificate else "no",
        "approvals": ";".join(approvals),
        "returned_at": before["returned_at"] if before else "",
    }
    cells["end"] = end_of_leave(typed["end"], cells["start"], ask.now)
    body = parsed(ask, "leave", cells, problems)
    if body and parse_moment(body["registered_at"]) > ask.now:
        now = show_moment(ask.now)[:16]
        problems["registered_at"] = _("登记时间在将来（现在是 {now}）；留空就是现在").format(now=now)
    filed = cells["registered_at"] if before is None else show_moment(ask.now)
    standin = stand_in(ask, id, cells, typed["standin"], filed, problems) if body else None
    if body and not problems:
        problems.update(sealed(ask, "leave", body, before))
    good = body if body and not problems.keys() & {"who", "start", "end", "kind", "registered_at"} else None
    return Draft(typed, approvals, certificate, person, good, standin if good else None, before, problems, first)


def registered(text: str, before: Body | None, now: Moment) -> str:
    """When it was registered: as typed, as it was, or now."""
    if text:
        return expanded(text, now)
    return before["registered_at"] if before else show_moment(now)


def stand_in(
    ask: Ask, id: str, cells: Mapping[str, str], text: str, filed: str, problems: dict[str, str]
) -> Body | None:
    """The stand-in row that is to be written with the leave, for all of it."""
    other, why = who(ask, text)
    if why and (near := people_like(ask.known.people, text, colleagues(ask, cells))):
        other, why = (near[0].id, "") if len(near) == 1 else ("", why)
    if why:
        problems["standin"] = why
    if not other:
        return None
    row = {
        "standin_id": f"DG{id.removeprefix('QJ')}",
        "absent_person_id": cells["person_id"],
        "standin_person_id": other,
        "start": cells["start"],
        "end": cells["end"],
        "filed_at": filed,
    }
    return parsed(ask, "standin", row, problems)


def colleagues(ask: Ask, cells: Mapping[str, str]) -> list[str]:
    """Who is likeliest meant by a stand-in's name: the B posts, and others of the window, at the start of the leave."""
    day, person = day_in(cells["start"]) or ask.today, cells["person_id"]
    mine = ask.known.posting(person, day)
    posted = ask.known.bench.timetables.posted(day)
    window = mine.window if mine else ""
    return [p.person for p in posted if p.person != person and (person in p.backup_for or p.window == window)]


def parsed(ask: Ask, kind: str, cells: Mapping[str, str], problems: dict[str, str]) -> Body | None:
    """A record as an import would read it; None with what is wrong of it beside its field."""
    shifts = frozenset(s.id for s in ask.hall.pack.shifts)
    context = Context(shifts, ask.known.people.keys(), frozenset(t.id for t in ask.hall.terminals))
    found = parse_row(kind, cells, context)
    for problem in found.problems:
        name = FIELD.get(problem.column, problem.column)
        if name == "standin" or kind == "leave":
            problems.setdefault(name, said(problem))
    return found.rows[0][1] if found.rows and not found.problems else None


def sealed(ask: Ask, kind: str, body: Body, before: Body | None) -> dict[str, str]:
    """Why a record of days that are sealed can't be taken in, beside its start."""
    with ask.hall.store.reading() as work:
        horizon = work.checkpoints.horizon()
        whole = work.checkpoints.reach().whole if horizon is not None else 0
    if horizon is None:
        return {}
    first, last = about(kind, body)
    old = about(kind, before) if before else None
    if last <= horizon and (old is None or old[1] <= horizon):
        through = show_day(horizon)
        return {"start": _("{day} 及以前的日子已封存，不再核算，不能再登记").format(day=through)}
    if first < whole and last > horizon and (old is None or first < old[0]):
        return {"start": reaching(ReachesBack([], whole))}
    return {}
