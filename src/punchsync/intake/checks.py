"""What the columns of one row ask of each other, kind by kind (the contract, "Bad input")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from punchsync.core.appeal import RULING
from punchsync.intake.kinds import Body
from punchsync.intake.problem import wrote
from punchsync.texts import _


class Fault(NamedTuple):
    """What is wrong in a column of a row, by its English name."""

    column: str
    found: str
    allowed: str
    remedy: str


def faults(kind: str, body: Body) -> Iterator[Fault]:
    """All faults between the columns of a row; columns whose own cell is bad are left out of the body."""
    for check, columns in _CHECKS[kind]:
        if all(column in body for column in columns):
            yield from check(body)


def reversed_(start: str, end: str) -> bool:
    """Whether a span (canonical bounds) is empty or reversed under every timetable."""
    if start[11:] == "pm" and end[11:] == "am" and start[:10] == end[:10]:
        return True
    return _earliest(start) >= _latest(end)


def _earliest(bound: str) -> str:
    return f"{bound[:10]} 00:00:00" if len(bound) == 13 else bound


def _latest(bound: str) -> str:
    return f"{bound[:10]} 24:00:00" if len(bound) == 13 else bound  # sorts before the next day's 00:00


def _span(body: Body) -> Iterator[Fault]:
    if body["end"] and reversed_(body["start"], body["end"]):
        allowed = _("晚于开始 {start}").format(start=body["start"])
        yield Fault("end", _bound(body["end"]), allowed, _("核对开始和结束"))


def _bound(text: str) -> str:
    return _("结束于 {end}").format(end=text)


def _dates(body: Body) -> Iterator[Fault]:
    if body["to"] and body["to"] < body["from"]:
        allowed = _("不早于起始日期 {start}").format(start=body["from"])
        yield Fault("to", wrote(body["to"]), allowed, _("核对起止日期"))


def _daily(body: Body) -> Iterator[Fault]:
    first, last = body["daily_from"], body["daily_to"]
    if bool(first) != bool(last):
        missing = "daily_to" if first else "daily_from"
        yield Fault(missing, wrote(""), _("每日起，每日止同时填写或同时留空"), _("补上这一格，或删去另一格"))
    elif first and last <= first:
        yield Fault("daily_to", wrote(last), _("晚于每日起 {first}").format(first=first), _("核对每日起止"))


def _two_people(body: Body) -> Iterator[Fault]:
    if body["absent_person_id"] == body["standin_person_id"]:
        found = _("请假人和顶岗人都是 {person}").format(person=body["standin_person_id"])
        yield Fault("standin_person_id", found, _("另一个人的工号"), _("核对请假人和顶岗人"))


def _one_subject(body: Body) -> Iterator[Fault]:
    if bool(body["person_id"]) == bool(body["window"]):
        found = _("工号和窗口都填了") if body["window"] else _("工号和窗口都空着")
        yield Fault("person_id", found, _("工号和窗口只填其中一个"), _("删去或补上一个"))


def _incident_kind(body: Body) -> Iterator[Fault]:
    of_window = body["kind"] == "window_empty"
    if of_window and body["person_id"] and not body["window"]:
        yield Fault("kind", wrote(body["kind"]), _("「窗口无人在岗」记窗口，不记个人"), _("改填窗口，或改类别"))
    if not of_window and body["window"] and not body["person_id"]:
        yield Fault("kind", wrote(body["kind"]), _("记窗口的只能是 window_empty 窗口无人在岗"), _("改填工号，或改类别"))


def _ruling_kind(body: Body) -> Iterator[Fault]:
    person, kind = body["person_id"], body["kind"]
    if person and not body["window"]:
        for column in ("kind", "as_kind"):
            if body[column] == "window_empty":
                yield Fault(column, wrote("window_empty"), _("个人的违纪类别"), _("改填窗口，或改类别"))
    elif not person and body["window"] and kind not in ("", "window_empty"):
        allowed = _("窗口的裁定只能是 window_empty 窗口无人在岗，或留空")
        yield Fault("kind", wrote(kind), allowed, _("改填工号，或改类别"))


def _appeal_s(body: Body) -> Iterator[Fault]:
    if body["ruling_id"].startswith(RULING):
        allowed = _("不以 {prefix} 开头的编号").format(prefix=RULING)
        yield Fault("ruling_id", wrote(body["ruling_id"]), allowed, _("申诉的裁定只由 punchsync appeal decide 作出"))


def _amended(body: Body) -> Iterator[Fault]:
    if body["effect"] == "amend" and not body["as_kind"]:
        yield Fault("as_kind", wrote(""), _("改判后的违纪类别"), _("补上改判为哪一类"))
    if body["effect"] != "amend" and body["as_kind"]:
        yield Fault("as_kind", wrote(body["as_kind"]), _("只有改判 (amend) 才填"), _("删去这一格，或把裁定改为 amend"))


Check = tuple[Callable[[Body], Iterator[Fault]], tuple[str, ...]]
"""A check, and the columns it looks at."""

_SPAN: Final[Check] = (_span, ("start", "end"))
_DATES: Final[Check] = (_dates, ("from", "to"))
_SUBJECT: Final = ("person_id", "window")
_CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "staff": (_DATES,),
    "device": (_DATES,),
    "roster": ((_one_subject, _SUBJECT), _DATES),
    "leave": (_SPAN, (_daily, ("daily_from", "daily_to"))),
    "outing": (_SPAN,),
    "standin": ((_two_people, ("absent_person_id", "standin_person_id")), _SPAN),
    "incident": ((_one_subject, _SUBJECT), (_incident_kind, (*_SUBJECT, "kind"))),
    "outage": (_SPAN,),
    "paper": (),
    "ruling": (
        (_appeal_s, ("ruling_id",)),
        (_one_subject, _SUBJECT),
        (_ruling_kind, (*_SUBJECT, "kind", "as_kind")),
        (_amended, ("effect", "as_kind")),
    ),
    "calendar": (),
    "scores": (),
}
