"""A document as a workbook: typed cells read back as they were said, no formula, opened by an office's program."""

from __future__ import annotations

import io
from pathlib import Path

import office
import pytest
from docsamples import ALL, EDITION, FULL, GRID, LARGE, SMALL
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from punchsync.publish.document import Column, Document, Edition, Section, Table, figures
from punchsync.publish.forms.xlsx import make
from punchsync.publish.forms.xlsx_book import NAME, number, sheet_name
from punchsync.publish.order import Order

LOOKED_AT = {name: document for name, document in ALL.items() if name != "large"}
each = pytest.mark.parametrize("name", list(ALL))


def made(document: Document, edition: Edition = EDITION) -> bytes:
    return make(Order(document, edition, ("xlsx",)), {})


def tables(document: Document) -> list[Table]:
    return [part for s in document.sections for part in s.parts if isinstance(part, Table)]


def expected(table: Table) -> list[list[object]]:
    """Heads and typed cells of a table; an empty one is nothing."""
    rows = [[(number(c.kind, t) if number(c.kind, t) is not None else t or None)
             for c, t in zip(table.columns, row, strict=True)] for row in table.rows]  # fmt: skip
    return [[column.head for column in table.columns], *rows]


def found(sheet: Worksheet, table: Table) -> list[list[object]] | None:
    """The rows of a sheet from a table's heads on, as many as the table has."""
    heads = [column.head for column in table.columns]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    at = next((n for n, row in enumerate(rows) if row[: len(heads)] == heads), None)
    return None if at is None else [row[: len(heads)] for row in rows[at : at + 1 + len(table.rows)]]


@each
def test_every_table_is_read_back_cell_by_cell_with_its_types(name: str) -> None:
    book = load_workbook(io.BytesIO(made(ALL[name])))

    for table in tables(ALL[name]):
        assert expected(table) in [found(sheet, table) for sheet in book.worksheets]


@each
def test_the_same_order_makes_the_same_bytes(name: str) -> None:
    assert made(ALL[name]) == made(ALL[name])
    assert made(ALL[name], Edition()) == made(ALL[name], Edition())


def test_no_text_is_a_formula_or_a_link() -> None:
    texts = (
        "=1+1",
        "+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "http://192.0.2.1/",
        "{=1}",
        "\t=1",
        "0012",
        "1e5",
        "_x0041_",
    )
    table = Table((Column("甲"), Column("乙", "count"), Column("丙", "points")), tuple((t, t, t) for t in texts))
    book = load_workbook(io.BytesIO(made(SMALL._replace(sections=(Section("x", "表", (table,)),)))))

    cells = [cell for row in book["表"].iter_rows(min_row=3) for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if cell.column == 1] == list(texts)
    assert not any(cell.hyperlink for cell in cells)


def test_the_numbers_of_figures_stand_in_cells_with_native_charts() -> None:
    book = load_workbook(io.BytesIO(made(LARGE)))

    assert book.sheetnames == [
        "正文",
        "各窗口",
        "违规",
        "各窗口每日违规次数",
        "每日迟到与旷工",
        "各时段在岗率",
        "窗口排名",
        "数据",
    ]
    heat, trend, coverage, ranking = (book[name] for name in book.sheetnames[3:7])
    assert [heat["B5"].value, heat["C5"].value, heat["E6"].value] == [0, 0, 0]
    assert heat["B5"].number_format == 'General"?"'
    assert (coverage["B5"].value, coverage["B5"].number_format) == (0.6, "0%")
    assert (trend["B6"].value, ranking["B6"].value) == (5, 98.7)
    assert [len(sheet._charts) for sheet in (heat, trend, coverage, ranking)] == [0, 1, 0, 1]
    assert trend["B10"].value is None
    assert [bool(sheet.conditional_formatting) for sheet in (heat, coverage)] == [True, True]


def test_what_is_not_known_is_no_text_that_a_chart_would_draw_as_zero() -> None:
    [trend] = [figure for figure in figures(LARGE) if figure.kind == "trend"]
    values = ((None, *trend.values[0][1:]), trend.values[1])
    unsure = trend._replace(values=values, unknown=((0, 0), (1, 1)))
    book = load_workbook(io.BytesIO(made(SMALL._replace(sections=(Section("figures", "图", (unsure,)),)))))
    sheet = book["图"]

    assert [[sheet.cell(row, at).value for at in (1, 2, 3)] for row in (5, 6)] == [["1?", None, 0], ["2?", 5, 1]]
    assert (sheet["B5"].fill.patternType, sheet["C6"].number_format) == ("lightUp", 'General"?"')


def test_a_sheet_of_a_table_has_frozen_heads_filters_and_prints_on_a4() -> None:
    book = load_workbook(io.BytesIO(made(FULL)))
    sheet = book["违规"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:H502")
    assert (sheet.print_title_rows, sheet.page_setup.paperSize) == ("$1:$2", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_area == "'违规'!$A$1:$H$502"
    grid = load_workbook(io.BytesIO(made(GRID))).worksheets[0]
    assert (grid.page_setup.orientation, grid.auto_filter.ref) == ("landscape", None)


def test_names_of_sheets_are_what_a_workbook_allows() -> None:
    taken: set[str] = set()
    for title in ("甲" * 40, "甲" * 40, "A/B:[1]*?\\", "a b 1", "", "History", "'", "\U00020000" * 30):
        name = sheet_name(title, taken)
        assert 0 < len(name.encode("utf-16-le")) // 2 <= NAME
        assert not set(name) & set("[]:*?/\\")
        assert name.lower() not in taken | {"history"}
        taken.add(name.lower())


def test_an_office_s_program_opens_all_of_them_and_prints_what_they_say(tmp_path: Path) -> None:
    files = []
    for name, document in LOOKED_AT.items():
        files.append(tmp_path / f"{name}.xlsx")
        files[-1].write_bytes(made(document))

    pdfs = dict(zip(LOOKED_AT, office.to_pdf(files, tmp_path / "pdf"), strict=True))

    pages = {name: len(office.pages(pdf)) for name, pdf in pdfs.items()}
    assert (pages["grid"], pages["letter"], pages["form"]) == (1, 1, 2)
    assert pages["full"] < 20
    for name, pdf in pdfs.items():
        said = "".join("".join(office.pages(pdf)).split())
        assert "###" not in said
        for table in tables(ALL[name]):
            if all(c.kind != "symbol" for c in table.columns):
                assert all(t.replace(" ", "") in said for row in table.rows for t in row[:3])
        assert all(embedded for _face, embedded in office.fonts(pdf))
