"""A workbook under way: its looks, the names of its sheets, and how a sheet is printed."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from punchsync.publish.order import Order
from punchsync.publish.page import width
from punchsync.texts import _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

UPRIGHT: Final = 97
"""Columns of a sheet that fit on A4 upright unscaled, and across the page."""
ACROSS: Final = 142
LINE: Final = 15
"""Points of a line of text of 11 points."""
LONGEST: Final = 32_767
"""Characters that a cell takes."""
NAME: Final = 31
UNNAMEABLE: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]+")

FRAMED: Final = {"border": 1, "valign": "vcenter"}
GREY: Final = "#E7E6E6"
LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "organ": {"font_size": 20, "bold": True, "font_color": "#C00000", "align": "center", "valign": "vcenter"},
    "title": {"font_size": 18, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True},
    "number": {"align": "center", "valign": "vcenter", "text_wrap": True},
    "section": {"font_size": 14, "bold": True, "valign": "vcenter", "text_wrap": True},
    "sheet": {"font_size": 14, "bold": True, "valign": "vcenter"},
    "caption": {"font_size": 12, "bold": True, "valign": "vcenter"},
    "said": {"valign": "vcenter", "text_wrap": True, "indent": 1},
    "flush": {"valign": "vcenter", "text_wrap": True},
    "right": {"align": "right", "valign": "vcenter", "indent": 2},
    "small": {"font_size": 9, "font_color": "#595959", "valign": "vcenter", "text_wrap": True},
    "note": {"font_size": 10, "valign": "vcenter"},
    "link": {"font_color": "#1F4E79", "underline": 1, "indent": 1, "valign": "vcenter"},
    "head": FRAMED | {"bold": True, "bg_color": GREY, "align": "center", "text_wrap": True},
    "text": FRAMED | {"text_wrap": True, "num_format": "@"},
    "middle": FRAMED | {"text_wrap": True, "align": "center", "num_format": "@"},
    "number_cell": FRAMED | {"align": "right", "indent": 1},
    "share": FRAMED | {"align": "center", "num_format": "0%"},
    "fine_share": FRAMED | {"align": "center", "num_format": "0.0%"},
    "value": FRAMED | {"align": "center"},
    "unsure": FRAMED | {"align": "center", "num_format": 'General"?"'},
    "unsure_share": FRAMED | {"align": "center", "num_format": '0%"?"'},
    "unknown": FRAMED | {"align": "center", "pattern": 14, "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"},
}  # fmt: skip
"""By name; `strong` in any place makes it bold on grey, for a total."""
_STRONG: Final = {"bold": True, "bg_color": "#F2F2F2", "top": 6}


class Book:
    """A workbook for an order; equal orders make equal bytes, so its time is the edition's day."""

    def __init__(self, out: io.BytesIO, order: Order) -> None:
        from xlsxwriter import Workbook  # here, because it takes a twentieth of a second

        plain = {"font_name": "宋体", "font_size": 11}
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                   "strings_to_numbers": False, "default_format_properties": plain}  # fmt: skip
        self._book = Workbook(out, options)
        self._title, self._hall = order.document.title, order.document.hall
        made = datetime.fromisoformat(order.edition.issued or "1980-01-01")
        self._book.set_properties({"title": self._title, "company": self._hall, "created": made})
        self._looks: dict[tuple[str, bool], Format] = {}
        self.names: set[str] = set()

    def close(self) -> None:
        """Write it."""
        self._book.close()

    def look(self, name: str, *, strong: bool = False) -> Format:
        """The format of a look, made once."""
        found = self._looks.get((name, strong))
        if found is None:
            found = self._looks[name, strong] = self._book.add_format({**LOOKS[name], **(_STRONG if strong else {})})
        return found

    def sheet(self, name: str) -> Worksheet:
        """A new sheet under a name that `sheet_name` gave."""
        self.names.add(name.lower())
        return self._book.add_worksheet(name)

    def chart(self, kind: str) -> Any:
        """A chart of its own, to be put on a sheet."""
        return self._book.add_chart({"type": kind})

    def height(self, text: str, room: float, size: int = 11) -> float:
        """Points that a text needs on lines of so many columns."""
        lines = sum(max(1, -(-width(line) // max(1, int(room)))) for line in text.split("\n"))
        return min(409, lines * LINE * size / 11 + 5)

    def size(self, look: str) -> int:
        """The size of a look's letters."""
        return int(LOOKS[look].get("font_size", 11))

    def printed(
        self,
        sheet: Worksheet,
        *,
        wide: bool,
        area: tuple[int, int],
        heads: tuple[int, int] | None = None,
        whole: bool = False,
        titled: bool = True,
    ) -> None:
        """Print a sheet on A4 as wide as it is, down to the last row and column; `heads`: rows at the top of each
        page; `whole`: on one page."""
        sheet.set_paper(9)
        if wide:
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.8 if titled else 0.6, bottom=0.7)
        sheet.fit_to_pages(1, 1 if whole else 0)
        sheet.print_area(0, 0, *area)
        if heads:
            sheet.repeat_rows(*heads)
        sheet.center_horizontally()
        title = _of_header(self._title)
        pages = _("第 &P 页，共 &N 页")
        if titled:
            sheet.set_header(f"&C{title}", {"margin": 0.4})
        sheet.set_footer(f"&L{_of_header(self._hall)}&R{pages}" if titled else f"&L{title}&R{pages}", {"margin": 0.4})


def sheet_name(title: str, taken: Collection[str]) -> str:
    """A sheet's name of a title: what Excel allows, and not one of those taken (in small letters)."""
    plain = " ".join(UNNAMEABLE.sub(" ", title).split()).strip("'")
    if not plain or plain.lower() == "history":  # a name that Excel keeps for itself
        plain = f"{_('表')} {plain}".strip()
    name, n = _cut(plain, NAME), 1
    while name.lower() in taken:
        n += 1
        end = f"（{n}）"
        name = _cut(plain, NAME - len(end)) + end
    return name


def number(kind: str, text: str) -> int | float | None:
    """The number that a cell of a column's kind stands for, where a workbook keeps it as it is written."""
    if kind == "count" and text.isascii() and len(text) < 16:
        try:
            return int(text) if str(int(text)) == text else None
        except ValueError:
            return None
    if kind == "points" and _POINTS.fullmatch(text) and len(text) < 16:
        return float(Decimal(text))
    return None


_POINTS: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def _cut(name: str, most: int) -> str:
    """A name of at most so many units of UTF-16, which Excel counts in."""
    while len(name.encode("utf-16-le")) > 2 * most:
        name = name[:-1]
    return name.strip(" '")


def _of_header(text: str) -> str:
    """A text in a header, where `&` begins a code and 255 characters are the most."""
    return text[:80].replace("&", "&&")
