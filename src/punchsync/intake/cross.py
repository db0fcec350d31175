"""What the records of one kind ask of each other, over the state after an import (the contract, "Bad input")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from punchsync.core.moment import Day, parse_day, show_day
from punchsync.core.records import LAST_DAY
from punchsync.intake.kinds import KINDS
from punchsync.intake.problem import Problem
from punchsync.texts import _

Bodies = Mapping[str, Mapping[str, str]]


class _Claim(NamedTuple):
    """A record's claim of something for an owner, `first` to `last` day."""

    first: Day
    last: Day
    owner: str
    key: str


def cross(kind: str, merged: Bodies, *, name: str = "", places: Mapping[str, int] | None = None) -> list[Problem]:
    """All contradictions between the standing records of a kind: key → body, existing and new ones together.

    `name` is the file just read and `places` the row of each of its keys (`Parsed.places`), for the messages.
    """
    standing = {key: body for key, body in merged.items() if not body.get("withdrawn")}
    file = name or KINDS[kind].chinese
    if kind == "staff":
        found = [*_postings(standing), *_staff_ids(standing), *_windows(standing)]
    elif kind == "device":
        found = list(_device_ids(standing))
    else:
        found = []
    return [_problem(kind, file, standing, places or {}, clash) for clash in found]


class _Clash(NamedTuple):
    """Two records that can't both stand, and what is said of them."""

    column: str
    found: str
    allowed: str
    one: str
    other: str


def _postings(standing: Bodies) -> Iterator[_Clash]:
    for person, claims in _grouped(standing, "person_id", "").items():
        for one, other, day in _overlaps(claims):
            found = _("{person} 在 {day} 有两个岗位").format(person=person, day=show_day(day))
            yield _Clash("from", found, _("一个人同一天只有一个岗位"), one, other)


def _staff_ids(standing: Bodies) -> Iterator[_Clash]:
    for number, claims in _grouped(standing, "device_user_id", "person_id").items():
        for one, other, day in _overlaps(claims):
            found = _("考勤号 {number} 在 {day} 同属 {one} 和 {other}").format(
                number=number, day=show_day(day), one=standing[one]["person_id"], other=standing[other]["person_id"]
            )
            yield _Clash("device_user_id", found, _("一个考勤号同一天只属一个人"), one, other)


def _windows(standing: Bodies) -> Iterator[_Clash]:
    for window, claims in _grouped(standing, "window", "unit").items():
        for one, other, day in _overlaps(claims):
            found = _("窗口「{window}」在 {day} 同属 {one} 和 {other}").format(
                window=window, day=show_day(day), one=standing[one]["unit"], other=standing[other]["unit"]
            )
            yield _Clash("window", found, _("一个窗口名同一时间只属一个单位"), one, other)


def _device_ids(standing: Bodies) -> Iterator[_Clash]:
    by_terminal: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for key, body in standing.items():
        by_terminal[body["terminal_id"]][key] = body
    for terminal, bodies in sorted(by_terminal.items()):
        for clash in _staff_ids(bodies):
            where = _("考勤机 {terminal}").format(terminal=terminal) if terminal else _("各考勤机")
            yield clash._replace(found=_("{place}：{parts}").format(place=where, parts=clash.found))


def _grouped(standing: Bodies, column: str, owner: str) -> dict[str, list[_Claim]]:
    """The claims of each value of a column that is not empty; without an owner column every record owns its own."""
    found: dict[str, list[_Claim]] = defaultdict(list)
    for key, body in standing.items():
        if body[column]:
            last = parse_day(body["to"]) if body["to"] else LAST_DAY
            found[body[column]].append(_Claim(parse_day(body["from"]), last, body[owner] if owner else key, key))
    return dict(sorted(found.items()))


def _overlaps(claims: list[_Claim]) -> Iterator[tuple[str, str, Day]]:
    """Each claim that meets another owner's earlier one, with that one and the first day they share."""
    live: dict[str, _Claim] = {}
    for claim in sorted(claims):
        live = {owner: c for owner, c in live.items() if c.last >= claim.first}
        for owner, other in live.items():
            if owner != claim.owner:
                yield other.key, claim.key, claim.first
                break
        held = live.get(claim.owner)
        if held is None or held.last < claim.last:
            live[claim.owner] = claim


def _problem(kind: str, file: str, standing: Bodies, places: Mapping[str, int], clash: _Clash) -> Problem:
    row = max((places[key] for key in (clash.one, clash.other) if key in places), default=None)
    column = next(c for c in KINDS[kind].columns if c.name == clash.column)
    stays = [key for key in (clash.one, clash.other) if places.get(key) != row]
    shown = "; ".join(_shown(standing[key]) for key in stays)
    remedy = _("核对起止日期，或作废其中一条：{rows}").format(rows=shown)
    return Problem(file, row, column.chinese[0], clash.found, clash.allowed, remedy)


def _shown(body: Mapping[str, str]) -> str:
    return _("{person} {first} 至 {last}").format(
        person=body["person_id"], first=body["from"], last=body["to"] or _("今后")
    )
