"""A figure on a sheet: its numbers in cells, shaded in greys or beside a native chart; all of it reads without colour.

What is not known is hatched and carries a question mark; it is nowhere counted or drawn as zero.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from punchsync.publish.document import Figure
from punchsync.publish.forms.xlsx_book import LONGEST, UPRIGHT, Book, sheet_name
from punchsync.publish.page import width
from punchsync.texts import _

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

DARK: Final = "#8C8C8C"
"""The darkest shade on which black figures are still read."""
WHOLE: Final = 72
"""Rows that are still read when they stand on one page."""
PIXEL: Final = 7
ROW: Final = 20
"""Pixels of a column's unit of width, and of a row."""
CHART: Final = (760, 400)
"""Pixels of a chart beside its numbers; one of bars is as high as its rows."""
LOW: Final = 280
"""Pixels of the height of a chart on a page with other things."""
DEFAULT: Final = 64
"""Pixels of a column that nothing was said of."""
SHADED: Final = ("heat", "coverage")
INKS: Final = ("#000000", "#595959", "#000000", "#7F7F7F")
DASHES: Final = ("solid", "dash", "round_dot", "long_dash_dot")
MARKS: Final = ("circle", "square", "triangle", "diamond")


class Values(NamedTuple):
    """A figure's numbers as they stand on a sheet: names of rows, heads, values by row, places not known."""

    names: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Decimal | None, ...], ...]
    unknown: frozenset[tuple[int, int]]


class Placed(NamedTuple):
    """Where a figure ended: the row below it, and its last column."""

    bottom: int
    right: int


def draw(book: Book, sheet: Worksheet, figure: Figure, title: str) -> None:
    """A sheet that is one figure under its title, a chart beside its numbers."""
    sheet.write_string(0, 0, title[:LONGEST], book.look("sheet"))
    sheet.set_row(0, 26)
    sheet.write_string(1, 0, figure.text[:LONGEST], book.look("note"))
    values = _values(figure)
    names, each = _widths(figure, values)
    sheet.set_column(0, 0, names)
    sheet.set_column(1, max(1, len(values.heads)), each)
    placed = put(book, sheet, 3, figure)
    sheet.freeze_panes(4, 1)
    wide = names + each * len(values.heads)
    tall = placed.bottom * ROW
    if figure.kind not in SHADED and values.names and values.heads:
        size = (CHART[0], _bars(values) if figure.kind == "ranking" else CHART[1])
        sheet.insert_chart(3, placed.right + 2, _chart(book, sheet.get_name(), 3, figure, values, size), _told(figure))
        placed = Placed(max(placed.bottom, 5 + -(-size[1] // ROW)), placed.right + 2 + -(-size[0] // DEFAULT))
        wide += (size[0] + DEFAULT) / PIXEL
        tall = max(tall, size[1])
    long = len(values.names) > WHOLE
    across = wide > UPRIGHT and tall < wide * PIXEL * 0.7
    area = (placed.bottom - 1, placed.right)
    book.printed(sheet, wide=across, area=area, heads=(3, 3) if long else None, whole=not long)


def put(book: Book, sheet: Worksheet, top: int, figure: Figure) -> Placed:
    """A figure's numbers with their heads in row `top`, and a note above them."""
    values = _values(figure)
    percent, charted = figure.unit == "%", figure.kind not in SHADED
    for at, head in enumerate(("", *values.heads)):
        sheet.write_string(top, at, head[:LONGEST], book.look("head"))
    for n, (name, row) in enumerate(zip(values.names, values.rows, strict=True)):
        unknown = [(n, at) in values.unknown for at in range(len(row))]
        marked = f"{name}?" if charted and any(unknown) else name
        sheet.write_string(top + 1 + n, 0, marked[:LONGEST], book.look("text"))
        for at, value in enumerate(row):
            _cell(book, sheet, (top + 1 + n, 1 + at), value, percent, unknown[at], charted)
    bottom, right = top + 1 + len(values.names), len(values.heads)
    if figure.kind in SHADED:
        said = _("颜色越深，比率越低；带 ? 的尚不清楚。") if percent else _("颜色越深，数越大；带 ? 的尚不清楚。")
        sheet.write_string(top - 1, 0, said, book.look("note"))
        if values.names and right:
            sheet.conditional_format(top + 1, 1, bottom - 1, right, _greys(percent))
    elif values.unknown:
        sheet.write_string(top - 1, 0, _("带 ? 的尚不清楚，弄清以后会变。"), book.look("note"))
    return Placed(bottom, right)


def aside(book: Book, sheet: Worksheet, row: int, figure: Figure, wide: float) -> int:
    """A chart on a sheet as wide as so many columns, its numbers on a sheet of their own; how many rows it covers."""
    values = _values(figure)
    if not values.names or not values.heads:
        return 0
    own = book.sheet(sheet_name(figure.caption, book.names))
    draw(book, own, figure, figure.caption)
    high = _bars(values) if figure.kind == "ranking" else LOW
    size = (int(wide * PIXEL), high)
    sheet.insert_chart(row, 0, _chart(book, own.get_name(), 3, figure, values, size), _told(figure))
    return -(-high // ROW) + 1


def _chart(book: Book, name: str, top: int, figure: Figure, values: Values, size: tuple[int, int]) -> Any:
    """The chart of numbers that stand on the sheet of that name, their heads in row `top`."""
    bars = figure.kind == "ranking"
    last = top + len(values.names)
    chart = book.chart("bar" if bars else "line")
    for at in range(len(values.heads)):
        chart.add_series(
            {
                "name": [name, top, 1 + at],
                "categories": [name, top + 1, 0, last, 0],
                "values": [name, top + 1, 1 + at, last, 1 + at],
                **(_bar(values, at) if bars else _line(at)),
            }
        )
    if bars:
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "interval_unit": 1})
        chart.set_x_axis({"name": figure.unit, "label_position": "high", "major_gridlines": GRID})
    else:
        chart.set_y_axis({"name": figure.unit, "min": 0, "major_gridlines": GRID})
        chart.set_x_axis({"num_font": {"size": 9}})
    chart.show_blanks_as("gap")
    chart.set_title({"name": figure.caption, "name_font": {"size": 14}, "overlay": False})
    chart.set_legend({"none": True} if len(values.heads) == 1 else {"position": "bottom"})
    chart.set_size({"width": size[0], "height": size[1]})
    return chart


def _bars(values: Values) -> int:
    """Pixels that bars need from top to bottom."""
    return max(260, 110 + ROW * len(values.names))


def _told(figure: Figure) -> dict[str, Any]:
    return {"description": figure.text or figure.caption, "object_position": 2}


GRID: Final = {"visible": True, "line": {"color": "#BFBFBF", "width": 0.5}}


def _line(at: int) -> dict[str, Any]:
    ink = INKS[at % len(INKS)]
    fill = {"color": ink if at % 2 == 0 else "#FFFFFF"}
    return {
        "line": {"color": ink, "width": 1.75, "dash_type": DASHES[at % len(DASHES)]},
        "marker": {"type": MARKS[at % len(MARKS)], "size": 6, "fill": fill, "border": {"color": ink}},
    }


def _bar(values: Values, at: int) -> dict[str, Any]:
    """Grey bars with their numbers; one whose number may still change is hatched."""
    edge = {"color": "#404040", "width": 0.75}
    plain = {"fill": {"color": "#A6A6A6"}, "border": edge}
    open_ = {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#7F7F7F"}, "border": edge}
    points = [open_ if (n, at) in values.unknown else None for n in range(len(values.names))]
    labels = {"value": True, "font": {"size": 9}}
    return plain | {"gap": 40, "data_labels": labels} | ({"points": points} if any(points) else {})


def _cell(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    value: Decimal | None,
    percent: bool,
    unknown: bool,
    charted: bool,
) -> None:
    """A value's cell. A chart draws a text as zero, so what is not known stays empty there, and its name is marked."""
    if value is None:
        if unknown and not charted:
            sheet.write_string(*place, "?", book.look("unknown"))
        else:
            sheet.write_blank(*place, None, book.look("unknown" if unknown else "value"))
        return
    if percent:
        look = "unsure_share" if unknown else "share" if value == value.to_integral_value() else "fine_share"
        value = value / 100
    else:
        look = "unsure" if unknown else "value"
    sheet.write_number(*place, float(value), book.look(look))


def _values(figure: Figure) -> Values:
    """A trend's lines stand below each other in columns, anything else as it is."""
    if figure.kind != "trend":
        return Values(figure.rows, figure.columns, figure.values, frozenset(figure.unknown))
    rows = tuple(tuple(line[at] for line in figure.values) for at in range(len(figure.columns)))
    return Values(figure.columns, figure.rows, rows, frozenset((at, n) for n, at in figure.unknown))


def _widths(figure: Figure, values: Values) -> tuple[float, float]:
    names = min(44, max([8, *(width(name) + 2 for name in values.names)]))
    least = 7.0 if figure.unit == "%" else 4.0 if figure.kind in SHADED else 9.0
    return names, max([least, *(width(head) + 1.5 for head in values.heads)])


def _greys(percent: bool) -> dict[str, Any]:
    """White to grey: the darker, the more; the less, where it is percent."""
    if percent:
        low, high = {"min_type": "min"}, {"max_type": "num", "max_value": 1}
        return {"type": "2_color_scale", "min_color": DARK, "max_color": "#FFFFFF", **low, **high}
    return {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": "#FFFFFF",
            "max_type": "max", "max_color": DARK}  # fmt: skip
