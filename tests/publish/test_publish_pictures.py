"""Pictures of a document: looked at dot by dot, for nobody can read them otherwise."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import docsamples
import pytest
from PIL import Image

from punchsync.publish.document import Figure
from punchsync.publish.fonts import Fonts, NoFont, find
from punchsync.publish.pictures import draw
from punchsync.publish.pictures.ink import LACKING, Ink
from punchsync.publish.pictures.rows import fitted

ODD = ("窗口 $x_1$ 100%_\\n", "直骨角门关复", "甲\U0001f600乙\n丙", "很长的名字" * 12, "很长的名字" * 12 + "二")
FRAME = 119


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    try:
        return find(())
    except NoFont as none:
        pytest.skip(f"NOT TESTED: no pictures without a Chinese font ({none})")


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    """A missing glyph is a warning of matplotlib's."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.load()
    return image


def grid(kind: str, rows: tuple[str, ...], values: list[list[int | None]], **more: object) -> Figure:
    numbers = tuple(tuple(None if v is None else Decimal(v) for v in row) for row in values)
    columns = tuple(str(n) for n in range(1, len(values[0]) + 1))
    return Figure("a", kind, "题", rows, columns, numbers, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "number"), [*((3, n) for n in range(4)), (60, 0), (60, 2), (200, 2), (200, 3)])
def test_a_picture_is_grey_small_and_no_wider_and_taller_than_a_page_has_room_for(count, number, fonts):
    figure = docsamples.pictures(count).parts[number]
    assert isinstance(figure, Figure)

    png = draw(figure, fonts)

    image = opened(png)
    assert (image.mode, image.width, image.info["dpi"][0]) == ("L", 1228, pytest.approx(200, abs=0.1))
    assert image.height <= 196 / 25.4 * 200 + 1
    assert len(png) <= 80_000
    assert sorted(image.info) == ["dpi"]
    assert (image.getextrema(), len(image.getcolors() or ()) <= 16) == ((0, 255), True)


def test_the_same_figure_gives_the_same_bytes(fonts):
    figure = grid("heat", ("甲", "乙"), [[1, 2], [None, 0]], unknown=((0, 1),))

    assert draw(figure, fonts) == draw(figure, fonts)


@pytest.mark.parametrize("kind", ["heat", "coverage", "trend", "ranking"])
@pytest.mark.parametrize("rows", [(), ("甲",), ODD])
def test_no_name_number_or_lack_of_any_stops_a_picture(kind, rows, fonts):
    values = [[(-1) ** n * n * 40 if n != 2 else None for _column in range(3)] for n in range(len(rows))]

    figure = grid(kind, rows, values or [[]])._replace(values=tuple(tuple(map(decimal, row)) for row in values))

    assert opened(draw(figure, fonts)).width == 1228
    assert opened(draw(figure._replace(unknown=((0, 0),) if rows else ()), fonts)).width == 1228


def decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def greys(png: bytes) -> list[int]:
    """The greys that a picture has much of, without white, black and frames."""
    found = opened(png).getcolors() or []
    return sorted(grey for count, grey in found if count > 700 and grey not in (0, FRAME, 255))


def test_more_violations_are_darker_and_none_is_white(fonts):
    assert greys(draw(grid("heat", ("甲",), [[0, 0]]), fonts)) == []
    one, many = greys(draw(grid("heat", ("甲",), [[1, 4]]), fonts))[::-1]
    assert many < one < 255


def test_a_single_lateness_of_a_month_is_not_drawn_as_dark_as_many(fonts):
    (single,) = greys(draw(grid("heat", ("甲",), [[1, 0]]), fonts))
    assert single > 180


def test_less_coverage_is_darker(fonts):
    pictures = [draw(grid("coverage", ("甲",), [[v, v, v]]), fonts) for v in (100, 90, 75, 50, 49)]

    inside = [opened(png).getpixel((110, 45)) for png in pictures]

    assert len(greys(pictures[0])) == 4  # the key has them all
    assert (inside[0], inside) == (255, sorted(set(inside), reverse=True))


def test_an_unknown_place_is_hatched_and_the_key_says_so(fonts):
    known = grid("heat", ("甲",), [[1, None]])
    unknown = known._replace(unknown=((0, 1),))

    images = [opened(draw(f, fonts)) for f in (known, unknown)]

    assert ink(images[1]) > ink(images[0]) + 400
    assert draw(known, fonts) != draw(known._replace(unknown=((0, 0),)), fonts)


def ink(image: Image.Image) -> int:
    return sum(count for count, grey in image.getcolors() or [] if grey < 128)


def test_a_line_breaks_where_nothing_is_known(fonts):
    whole = grid("trend", ("迟到",), [[4, 4, 4, 4, 4]])
    gap = grid("trend", ("迟到",), [[4, 4, None, 4, 4]])

    whole_row, gap_row = (line_of(opened(draw(f, fonts))) for f in (whole, gap))

    assert all(grey < 100 for grey in whole_row)
    assert any(grey > 100 for grey in gap_row)


def line_of(image: Image.Image) -> list[int]:
    """The darkest dot of each column around the middle of the picture, above its axis."""
    columns = range(500, 760)
    return [min(image.getpixel((x, y)) for y in range(40, 480)) for x in columns]  # type: ignore[type-var]


def test_of_more_rows_than_a_page_has_room_for_those_of_most_weight_are_drawn_in_their_order():
    figure = grid("heat", tuple(f"{n}号" for n in range(200)), [[n % 10] for n in range(200)], unknown=((9, 0), (8, 0)))

    rows = fitted(figure, 30, lambda row: row[0] or Decimal(0))

    shown = len(rows.figure.rows)
    assert (shown + rows.left, rows.left > 100) == (200, True)
    assert set(rows.figure.rows) >= {f"{n}号" for n in range(9, 200, 10)}
    assert list(rows.figure.rows) == sorted(rows.figure.rows, key=lambda name: int(name[:-1]))
    assert [rows.figure.rows[r] for r, _c in rows.figure.unknown][:1] == ["9号"]


def test_names_cut_short_stay_apart(fonts):
    names = ("示例县不动产登记中心综合受理专窗一", "示例县不动产登记中心综合受理专窗二", "短")

    cut = Ink(fonts).shortened(names, 8, 30)

    assert (len(set(cut)), cut[2]) == (3, "短")
    assert [name[-1] for name in cut[:2]] == ["一", "二"]
    assert all("…" in name and Ink(fonts).width(name, 8) <= 30 for name in cut[:2])


def test_names_that_fit_are_not_cut(fonts):
    assert Ink(fonts).shortened(("一号窗口", "一号窗口"), 8, 30) == ["一号窗口", "一号窗口"]


def test_a_character_that_no_font_has_is_shown_as_lacking(fonts):
    assert Ink(fonts).set("甲\U000f0000\n乙", 8)[0] == f"甲{LACKING} 乙"


def test_characters_are_written_as_on_the_mainland(fonts):
    """直 of a Japanese face has a corner that the Chinese one has not: the faces of a collection differ."""
    if fonts.sans is None or not fonts.sans.name.startswith("NotoSansCJK-Regular.ttc"):
        pytest.skip("NOT TESTED: which face of a collection writes pictures needs Noto Sans CJK")
    japanese = fonts._replace(sans_number=0, faces=())
    figure = grid("heat", ("直骨角门关复",), [[0]])

    assert draw(figure, fonts) != draw(figure, japanese)
    assert Ink(fonts)._faces[0].font.family_name == "Noto Sans CJK SC"
