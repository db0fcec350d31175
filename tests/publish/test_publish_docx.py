"""A document as a Word file: the same words and numbers, the same bytes, whatever it says."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from decimal import Decimal
from typing import Any

import pytest
from docsamples import ALL, EDITION, FULL, HALL, LARGE, LETTERHEAD, SMALL, bulletin
from docx import Document as opened
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from punchsync.publish.document import Column, Document, Edition, Figure, Said, Section, Table, figures
from punchsync.publish.forms import FORMS
from punchsync.publish.forms.docx import make
from punchsync.publish.order import Order
from punchsync.publish.word.heads import broken
from punchsync.publish.word.pages import ACROSS, UPRIGHT
from punchsync.publish.word.pieces import ordinal
from punchsync.publish.word.widths import fit, lines

OFFICIAL = {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"}


def order(document: Document, edition: Edition = EDITION) -> Order:
    return Order(document, edition, ("docx",))


def read(data: bytes) -> Any:
    return opened(io.BytesIO(data))


def tables(data: bytes) -> list[list[tuple[str, ...]]]:
    """The tables' cells, heads and all."""
    text = qn("w:t")
    return [
        [tuple("".join(t.text or "" for t in cell.iter(text)) for cell in row.tc_lst) for row in table._tbl.tr_lst]
        for table in read(data).tables
    ]


def said(data: bytes) -> list[str]:
    return [p.text for p in read(data).paragraphs if p.text]


def parts(data: bytes) -> str:
    """All that the file's parts say, as they are written."""
    packed = zipfile.ZipFile(io.BytesIO(data))
    return "".join(packed.read(n).decode() for n in packed.namelist() if n.startswith("word/") and n.endswith(".xml"))


def png(width: int, height: int) -> bytes:
    """A white picture."""
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("name", ALL)
def test_every_table_says_what_the_document_says(name: str) -> None:
    document = ALL[name]

    made = tables(make(order(document), {}))

    meant = [part for s in document.sections for part in s.parts if isinstance(part, Table)]
    assert made == [[tuple(c.head for c in table.columns), *table.rows] for table in meant]


@pytest.mark.parametrize("name", ALL)
def test_the_same_order_gives_the_same_bytes(name: str) -> None:
    assert make(order(ALL[name]), {}) == make(order(ALL[name]), {})


def test_a_file_knows_no_other_day_than_that_of_its_issue() -> None:
    data = make(order(SMALL), {})
    about = read(data).core_properties

    assert {i.date_time for i in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {(2026, 11, 21, 0, 0, 0)}
    assert [about.created.date().isoformat(), about.modified.date().isoformat()] == ["2026-11-21"] * 2
    assert (about.title, about.author, about.comments) == (SMALL.title, "", "")


@pytest.mark.parametrize("name", ["small", "letter", "form", "grid"])
def test_every_run_has_an_official_face(name: str) -> None:
    packed = zipfile.ZipFile(io.BytesIO(make(order(ALL[name]), {})))
    faces = {
        run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for part in packed.namelist()
        if part.startswith(("word/document", "word/footer", "word/header"))
        for run in parse_xml(packed.read(part)).iter(qn("w:r"))
        if run.find(qn("w:t")) is not None
    }

    assert faces <= OFFICIAL


def test_a_bulletin_says_everything_around_its_tables_in_order() -> None:
    assert said(make(order(SMALL), {}))[:-1] == [
        HALL, "示政服考〔2026〕12号", "第 12 号（暂定），代替第 11 号", f"{HALL}\n考勤日报（2026-11-20）",
        "核算到 2026-11-20 21:00:00。", "各进驻单位、各窗口：", "现将考勤情况通报如下。", "一、各窗口", "二、违规",
        "三、数据", "没有读到的时刻不记违规。", *LETTERHEAD.closing, HALL, "2026年11月21日", "（此件公开发布）",
    ]  # fmt: skip


def test_a_draft_has_neither_number_nor_date() -> None:
    data = make(order(SMALL, Edition()), {})

    assert [line for line in said(data) if "号" in line or "年" in line or "链锚" in line] == []
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].date_time == (2000, 1, 1, 0, 0, 0)


def test_a_hall_without_a_letterhead_has_a_plain_paper_that_tells_its_number() -> None:
    plain = bulletin("daily", "2026-11-20", "考勤日报", ())._replace(letterhead=SMALL.letterhead.__class__())

    assert said(make(order(plain, Edition(3, "2026-01-02")), {})) == [
        "第 3 号", "考勤日报", "核算到 2026-11-20 21:00:00。",
    ]  # fmt: skip


def test_hostile_text_breaks_no_file() -> None:
    evil = "\x00\x0b<w:p/>&amp;]]>\U0001f600\ud800\u202e" + "A" * 3000
    table = Table((Column(evil), Column("数", "count")), ((evil, "1"),), caption=evil)
    figure = Figure("f", "trend", evil, (), (), (), text=evil)
    head = LETTERHEAD._replace(organ=evil, code=evil, recipients=(evil,), note=evil, copies=(evil,), signature=evil)
    for layout in ("report", "letter", "form", "grid"):
        document = bulletin("daily", "2026-11-20", evil, (Section("s", evil, (Said(evil), table, figure)),))
        document = document._replace(layout=layout, letterhead=head, under=(evil,))
        for pictures in ({}, {"f": png(20, 10)}):
            data = make(order(document), pictures)

            assert evil.replace("\x00\x0b", "\ufffd\ufffd").replace("\ud800\u202e", "\ufffd\ufffd") in said(data)
            assert tables(data)[0][1][1] == "1"


def test_a_picture_is_as_wide_as_the_type_area_at_most_and_says_what_it_shows() -> None:
    shapes = {"heat": (3000, 1000), "trend": (200, 100), "coverage": (1000, 5000), "ranking": (1500, 900)}
    document = read(make(order(LARGE), {name: png(*size) for name, size in shapes.items()}))

    sizes = [(round(s.width.mm), round(s.height.mm)) for s in document.inline_shapes]
    texts = [s._inline.docPr.get("descr") for s in document.inline_shapes]
    captions = [p.text for p in document.paragraphs if p.text in {f.caption for f in figures(LARGE)}]
    assert sizes[0] == (156, 52)
    assert all(width <= 156 and height <= 200 for width, height in sizes)
    assert texts == [f.text for f in figures(LARGE)]
    assert captions == [f.caption for f in figures(LARGE)]


def test_where_no_picture_is_its_words_stand() -> None:
    lines_ = said(make(order(LARGE), {}))

    assert [line for line in lines_ if line.startswith("各窗口每日")] == [
        "各窗口每日违规次数：违规最多的是 03号综合窗口。"
    ]


def test_a_full_month_is_a_small_file() -> None:
    assert len(make(order(FULL), {})) < 80_000
    assert FORMS["docx"].pictures


def test_heads_are_repeated_and_no_row_breaks() -> None:
    for table in read(make(order(FULL), {})).tables:
        rows = table._tbl.tr_lst
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows] == [
            n == 0 for n in range(len(rows))
        ]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_who_signs_has_a_centimetre() -> None:
    (table,) = read(make(order(ALL["form"]), {})).tables

    heights = {row._tr.find(f"{qn('w:trPr')}/{qn('w:trHeight')}").get(qn("w:val")) for row in table.rows[1:]}
    assert {int(height) / 20 * 25.4 / 72 >= 10 for height in heights} == {True}


def test_a_table_that_is_too_wide_stands_across_with_its_head_and_the_rest_upright() -> None:
    wide = Table(tuple(Column(f"第{n}项数目", "count") for n in range(26)), (("12345",) * 26,))
    sections = (Section("a", "甲", (Said("前。"),)), Section("b", "乙", (wide,)), Section("c", "丙", (Said("后。"),)))
    document = read(make(order(bulletin("daily", "2026-11-20", "通报", sections)), {}))

    sides = [(s.orientation, round(s.page_width.mm)) for s in document.sections]
    body = [e for e in document.element.body if e.tag in (qn("w:p"), qn("w:tbl"))]
    ends = [n for n, e in enumerate(body) if e.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None]
    between = ["".join(t.text for t in e.iter(qn("w:t"))) for e in body[ends[0] + 1 : ends[1]] if e.tag == qn("w:p")]
    assert sides == [(0, 210), (1, 297), (0, 210)]
    assert [text for text in between if text] == ["二、乙"]


@pytest.mark.parametrize("name", ALL)
def test_columns_fill_the_type_area_and_no_number_breaks(name: str) -> None:
    for section in ALL[name].sections:
        for table in (part for part in section.parts if isinstance(part, Table)):
            made = fit(table, UPRIGHT.area, ACROSS.area)
            assert abs(sum(made.widths) - (ACROSS if made.across else UPRIGHT).area) < 0.1
            for n, column in enumerate(table.columns):
                room = (made.widths[n] - 2 * made.room) / made.size
                most = max(lines(row[n], room) for row in table.rows)
                assert most <= (1 if column.kind in ("count", "points", "symbol", "person") else 4)


def test_a_title_breaks_after_the_hall_s_name_or_into_lines_of_one_length() -> None:
    assert broken("考勤日报", HALL, 19) == ["考勤日报"]
    assert broken(f"{HALL}2026年11月份考勤情况通报", HALL, 19) == [HALL, "2026年11月份考勤情况通报"]
    assert broken("关于2026年第四季度派驻窗口人员考勤情况的通报", "", 19) == [
        "关于2026年第四季度派驻",
        "窗口人员考勤情况的通报",
    ]


def test_heads_are_counted_in_chinese() -> None:
    assert [ordinal(n) for n in (1, 9, 10, 11, 20, 21, 99)] == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]


def test_a_table_without_rows_and_a_figure_without_values_are_written() -> None:
    empty = Table((Column("窗口"), Column("得分", "points")), ())
    figure = Figure("f", "trend", "图", ("甲",), ("1",), ((Decimal(1),),))
    data = make(order(bulletin("daily", "2026-11-20", "通报", (Section("s", "", (empty, figure)),))), {})

    assert tables(data) == [[("窗口", "得分")]]
    assert "图：" in said(data)


def test_the_file_holds_what_it_needs_and_no_more() -> None:
    names = zipfile.ZipFile(io.BytesIO(make(order(SMALL), {}))).namelist()

    assert not [n for n in names if "thumbnail" in n or "customXml" in n or "Effects" in n]
    assert "w:rsid" not in parts(make(order(SMALL), {})).replace("<w:rsid w:val", "")


def test_a_cell_of_several_lines_finds_its_width() -> None:
    made = fit(Table((Column("取值"),), (("一行\n二行\n三行\n四行\n五行",),)), UPRIGHT.area)

    assert (made.size, round(sum(made.widths))) == (14, round(UPRIGHT.area))
