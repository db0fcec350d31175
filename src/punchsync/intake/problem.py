"""What is wrong at one place of a file: place, what was found, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from punchsync.texts import _

SHOWN: Final = 60
"""Characters of a found value that are shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a file; `row` counts as a spreadsheet does, header 1; `column` as the file's header writes it."""

    file: str
    row: int | None
    column: str
    found: str
    allowed: str
    remedy: str = ""

    def place(self) -> str:
        """File, row and column, as far as they are known."""
        if self.row is not None and self.column:
            return _("{file} 第 {row} 行「{column}」").format(file=self.file, row=self.row, column=self.column)
        if self.row is not None:
            return _("{file} 第 {row} 行").format(file=self.file, row=self.row)
        if self.column:
            return _("{file}「{column}」").format(file=self.file, column=self.column)
        return self.file

    def show(self) -> str:
        """The problem as one line."""
        parts = [self.found]
        if self.allowed:
            parts.append(_("应为 {allowed}").format(allowed=self.allowed))
        if self.remedy:
            parts.append(self.remedy)
        return _("{place}：{parts}").format(place=visible(self.place()), parts=_("；").join(parts))


def wrote(value: str) -> str:
    """The phrase for a value as found, made safe to print and cut to `SHOWN` characters."""
    if not value:
        return _("是空的")
    return _('写的是 "{value}"').format(value=brief(value))


def brief(value: str) -> str:
    """A value made safe to print, cut to `SHOWN` characters."""
    return visible(value if len(value) <= SHOWN else value[:SHOWN] + "…")


def visible(value: str) -> str:
    """A text in which whatever can't be printed is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in value)
