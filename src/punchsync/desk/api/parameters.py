"""Kinds of parameters as this interface has them: no more ways to write a value than the schema tells."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from punchsync.core.moment import Day, Moment, parse_day, parse_moment

MOMENT: Final = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"


def a_day(value: Any) -> Day:
    """`YYYY-MM-DD`; raises ValueError."""
    if isinstance(value, str) and value.isascii():
        try:
            return parse_day(value)
        except ValueError:
            pass
    raise ValueError("YYYY-MM-DD")


def a_moment(value: Any) -> Moment:
    """`YYYY-MM-DD HH:MM:SS`; raises ValueError."""
    if isinstance(value, str) and re.fullmatch(MOMENT, value, re.ASCII):
        try:
            return parse_moment(value)
        except ValueError:
            pass
    raise ValueError("YYYY-MM-DD HH:MM:SS")


def a_flag(value: Any) -> bool:
    """`true` or `false`; raises ValueError."""
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError("true, false")


DayAsked = Annotated[Day, BeforeValidator(a_day), WithJsonSchema({"type": "string", "format": "date"})]
MomentAsked = Annotated[Moment, BeforeValidator(a_moment), WithJsonSchema({"type": "string", "pattern": MOMENT})]
Flag = Annotated[bool, BeforeValidator(a_flag), WithJsonSchema({"type": "boolean", "default": False})]
