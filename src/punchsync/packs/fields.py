"""The values that a pack file may hold, each with what is allowed said when it isn't."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from punchsync.core.intervals import Interval
from punchsync.core.records import LEAVE_KINDS, OUTCOMES, SIGN_OFFS, VIOLATION_KINDS
from punchsync.core.sessions import WrongSessions, parse_sessions
from punchsync.texts import _


class Part(BaseModel):
    """A table of a pack file: closed, and never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


def read_sessions(text: object) -> tuple[Interval, ...]:
    """Sessions written out, as seconds of the day; raises ValueError with what is allowed."""
    try:
        return parse_sessions(str(text))
    except WrongSessions:
        raise ValueError(_("HH:MM-HH:MM，或以 + 相连的两段，先后有序，相隔至少 30 分钟")) from None


def parse_month_day(text: object) -> tuple[int, int]:
    """`MM-DD` as (month, day); raises ValueError with what is allowed."""
    if isinstance(text, str) and re.fullmatch(r"\d\d-\d\d", text):
        month, day = int(text[:2]), int(text[3:])
        try:
            date(2000, month, day)
        except ValueError:
            pass
        else:
            return month, day
    raise ValueError(_("月-日 MM-DD"))


def read_weekdays(names: object) -> frozenset[int]:
    """Names of weekdays as numbers, 0 for Monday; raises ValueError with what is allowed."""
    if not isinstance(names, list) or not names or not all(n in WEEKDAYS for n in names):
        raise ValueError("、".join(WEEKDAYS))
    return frozenset(WEEKDAYS.index(n) for n in names)


def read_sign_offs(text: object) -> tuple[str, ...]:
    """Sign-offs all of which are needed, `;` between them, or `any` for any one; raises ValueError otherwise."""
    if text == "any":
        return ()
    names = tuple(str(text).split(";"))
    if not all(n in SIGN_OFFS for n in names):
        raise ValueError(_("any，或以 ; 相连的 {names}").format(names="、".join(SIGN_OFFS)))
    return names


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """A check that a text is one of these; it raises ValueError with all of them."""

    def check(text: str) -> str:
        if text not in allowed:
            raise ValueError("、".join(allowed))
        return text

    return check


def positive(points: Decimal) -> Decimal:
    """Points as a pack writes them, zero or more, to the thousandth."""
    exponent = points.normalize().as_tuple().exponent
    if points < 0 or not isinstance(exponent, int) or exponent < -3:
        raise ValueError(_("不小于 0、最多三位小数的分值"))
    return points


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Kind = Annotated[str, AfterValidator(one_of(VIOLATION_KINDS))]
Points = Annotated[Decimal, AfterValidator(positive)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(parse_month_day)]
Sessions = Annotated[tuple[Interval, ...], BeforeValidator(read_sessions)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Cites = Annotated[tuple[str, ...], Field(min_length=1)]  # each "document article"
LeaveKind = Annotated[str, AfterValidator(one_of(LEAVE_KINDS))]
SignOff = Annotated[str, AfterValidator(one_of(SIGN_OFFS))]
Period = Literal["month", "quarter", "year"]
Post = Literal["staff", "lead", "chief"]
Weekdays = Annotated[frozenset[int], BeforeValidator(read_weekdays)]
Who = Literal["person", "window"]
Kinds = Annotated[frozenset[Kind], Field(min_length=1)]
Periods = Annotated[tuple[Period, ...], Field(min_length=1)]
OutcomeName = Annotated[str, AfterValidator(one_of(OUTCOMES))]
TINY = Annotated[str, Field(min_length=1, max_length=200)]
