"""What is wrong in a settings or rules file, said so that a clerk can mend it: file, key, found, allowed, remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punchsync.address import discreet
from punchsync.texts import _


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong at one place of a file."""

    file: str
    key: str
    found: str
    allowed: str
    remedy: str = ""

    def show(self) -> str:
        """The complaint in one line."""
        place = _("{file}：「{key}」") if self.key else _("{file}：")
        line = _("{place}{found}；应为：{allowed}").format(
            place=place.format(file=self.file, key=self.key), found=self.found, allowed=self.allowed
        )
        return _("；").join([line, self.remedy]) if self.remedy else line


class Refused(Exception):
    """A file that can't be used; carries all of its complaints at once."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("\n".join(c.show() for c in complaints))
        self.complaints = tuple(complaints)


def from_pydantic(
    file: str, errors: Iterable[Mapping[str, Any]], keys: Mapping[str, Iterable[str]] | None = None
) -> list[Complaint]:
    """Complaints from a validation's errors; `keys` names the keys allowed in a table, by its dotted place."""
    out: list[Complaint] = []
    seen: list[tuple[object, ...]] = []
    for error in errors:
        place = tuple(error["loc"])
        if error["type"] == "too_short" and any(s[: len(place)] == place for s in seen):
            continue  # the list is short only because what stood in it was refused
        seen.append(place)
        key = ".".join(str(p + 1) if isinstance(p, int) else str(p) for p in place)
        kind = error["type"]
        if kind == "extra_forbidden":
            table = ".".join(str(p) for p in place[:-1] if not isinstance(p, int))
            allowed = "、".join(sorted((keys or {}).get(table, ()))) or _("文档所列的键")
            out.append(Complaint(file, key, _("是未知的键"), allowed, _("请改正拼写或删去此键")))
        elif kind == "missing":
            out.append(Complaint(file, key, _("没有填写"), _("必填"), _("请补上此键")))
        else:
            found = _("写的是 {value}").format(value=_short(error.get("input")))
            out.append(Complaint(file, key, found, allowed_by(error)))
    return out


def allowed_by(error: Mapping[str, Any]) -> str:
    """What a validation error says would have been allowed."""
    context = error.get("ctx", {})
    bounds = {
        "less_than_equal": (_("不大于 {limit}"), "le"),
        "greater_than_equal": (_("不小于 {limit}"), "ge"),
        "less_than": (_("小于 {limit}"), "lt"),
        "greater_than": (_("大于 {limit}"), "gt"),
        "string_too_short": (_("至少 {limit} 个字"), "min_length"),
        "string_too_long": (_("至多 {limit} 个字"), "max_length"),
        "too_short": (_("至少 {limit} 项"), "min_length"),
        "string_pattern_mismatch": (_("形如 {limit}"), "pattern"),
    }
    if error["type"] in bounds:
        text, name = bounds[error["type"]]
        return text.format(limit=context.get(name, ""))
    if error["type"] in ("literal_error", "enum"):
        return str(context.get("expected", "")).replace(" or ", "、").replace(", ", "、").replace("'", "")
    if error["type"] == "value_error":
        return str(context.get("error", error["msg"]))
    words = {
        "string_type": _("文字"),
        "int_type": _("整数"),
        "int_parsing": _("整数"),
        "int_from_float": _("整数"),
        "bool_type": _("true 或 false"),
        "bool_parsing": _("true 或 false"),
        "list_type": _("列表 […]"),
        "tuple_type": _("列表 […]"),
        "frozen_set_type": _("列表 […]"),
        "dict_type": _("表 {…}"),
        "model_type": _("表 {…}"),
        "decimal_parsing": _('十进制数，如 "0.5"'),
        "decimal_type": _('十进制数，如 "0.5"'),
        "finite_number": _('十进制数，如 "0.5"'),
        "date_type": _("日期 YYYY-MM-DD"),
        "date_parsing": _("日期 YYYY-MM-DD"),
        "date_from_datetime_parsing": _("日期 YYYY-MM-DD"),
        "date_from_datetime_inexact": _("日期 YYYY-MM-DD"),
    }
    return words.get(error["type"], str(error["msg"]))


def _short(value: object) -> str:
    text = discreet(repr(value))
    return text if len(text) <= 80 else text[:77] + "…"
