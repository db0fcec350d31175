"""A document as PDF: the layout of GB/T 9704, every word and number of it, and nothing that a text could do."""

from __future__ import annotations

import ctypes
import io
import shutil
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from docsamples import ALL, EDITION, GRID, HALL, LETTER, LETTERHEAD, SMALL
from docsamples import pictures as drawings
from office import NOT_TESTED, POPPLER, fonts, png
from pypdf import PdfReader
from typefaces import face

from punchsync.publish.document import Column, Document, Edition, Figure, Said, Section, Table, figures
from punchsync.publish.fonts import NoFont
from punchsync.publish.forms.pdf import make
from punchsync.publish.order import Order
from punchsync.publish.template import BadTemplate

DRAWN = SMALL._replace(sections=(drawings(3),))
PAGES = {"small": 2, "empty": 2, "large": 8, "full": 24, "letter": 1, "form": 2, "grid": 1}
"""At most so many pages without pictures."""


def order(document: Document, edition: Edition = EDITION, **more: object) -> Order:
    return Order(document, edition, ("pdf",), **more)  # type: ignore[arg-type]


@cache
def sample(name: str) -> bytes:
    return make(order(ALL[name]), {})


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf), strict=True).pages]


@cache
def sample_pages(name: str) -> list[str]:
    return pages(sample(name))


def bare(text: str) -> str:
    """A text without what only keeps its characters apart."""
    return "".join(text.split())


def said(document: Document) -> Iterator[str]:
    """Every text of a document: sentences, heads of tables, and rows from their first cell to the last."""
    head = document.letterhead
    yield from (document.title, *document.under, *head.opening, *head.closing, head.signature, head.note)
    for section in document.sections:
        yield section.title
        for part in section.parts:
            if isinstance(part, Table):
                yield from ("".join(column.head for column in part.columns), *("".join(row) for row in part.rows))
            else:
                yield part.text


def report(*parts: Said | Table | Figure) -> Document:
    return SMALL._replace(sections=(Section("one", "一节", parts),), letterhead=LETTERHEAD._replace(organ="", code=""))


def picture(wide: int, high: int) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = wide.to_bytes(4, "big") + high.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xc0" * wide) * high)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("name", ALL)
def test_every_sample_says_all_of_its_document_in_its_order(name: str) -> None:
    found = [bare(page) for page in sample_pages(name)]
    text, place = "".join(found), 0

    for words in map(bare, said(ALL[name])):
        assert words in text
        place = max(place, text.find(words, place))

    assert place
    assert len(found) <= PAGES[name]
    assert "\ufffd" not in text
    assert "\0" not in text


@pytest.mark.parametrize("name", ["large", "full", "form"])
def test_rows_stand_whole_below_their_heads_on_every_page(name: str) -> None:
    found = [bare(page) for page in sample_pages(name)]
    for part in (part for section in ALL[name].sections for part in section.parts):
        if isinstance(part, Table):
            heads = "".join(column.head for column in part.columns)
            rows = list(map(bare, map("".join, part.rows)))
            for page in found:
                if any(row in page for row in rows):
                    assert heads in page
            assert sum(any(row in page for page in found) for row in rows) == len(rows)


@pytest.mark.parametrize("name", ALL)
def test_poppler_shows_every_page_and_every_typeface_is_inside(name: str, tmp_path: Path) -> None:
    for program in POPPLER:
        if shutil.which(program) is None:
            pytest.skip(NOT_TESTED.format(program=program))
    file = tmp_path / f"{name}.pdf"
    file.write_bytes(sample(name))

    assert len(png(file, tmp_path, 20)) == len(sample_pages(name))
    assert {inside for _face, inside in fonts(file)} == {True}


def test_a_page_has_22_lines_of_28_characters() -> None:
    first, second, third, *_rest = pages(make(order(report(Said("政务服务中心考勤" * 300)), Edition()), {}))

    for page in (second, third):
        lines = [line for line in page.splitlines() if "—" not in line]
        assert [len(line) for line in lines] == [28] * 22
    assert "第" not in first


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones() -> None:
    found: list[tuple[str, float]] = []
    for page in PdfReader(io.BytesIO(make(order(report(Said("考勤" * 1200)), Edition()), {}))).pages:
        here: list[tuple[str, float]] = []
        page.extract_text(visitor_text=lambda text, cm, _tm, _f, _s, here=here: here.append((text.strip(), cm[4])))
        found.append(next((text, x) for text, x in here if text.startswith("—")))

    left, right = 28 / 25.4 * 72, (210 - 26) / 25.4 * 72
    assert [text for text, _x in found] == [f"— {n} —" for n in range(1, len(found) + 1)]
    for n, (_text, x) in enumerate(found, 1):
        assert right - 70 < x < right - 14 if n % 2 else abs(x - left - 14) < 1


def test_a_report_says_its_number_what_it_replaces_and_who_prints_it() -> None:
    first, last = sample_pages("small")

    assert "示政服考〔2026〕12号" in first
    assert "第 12 号（暂定），代替第 11 号" in first
    assert "各进驻单位、各窗口：" in first
    assert bare(last).index("示例县政务服务中心2026年11月21日") > 0
    assert "（此件公开发布）" in last
    assert "链锚：demo 4321 0a1b-2c3d-4e5f-6789-abcd-ef01" in last
    assert "抄送：县政府办公室、县纪委监委派驻纪检监察组。" in last
    assert bare(last).count("示例县政务服务中心督查科2026年11月21日印发") == 1


def test_a_draft_has_no_number_no_day_and_no_code() -> None:
    text = "".join(pages(make(order(SMALL, Edition()), {})))

    assert "〔2026〕" not in text
    assert "2026年11月21日" not in text
    assert "第 12 号" not in text


def test_a_letter_has_no_page_number_on_its_first_page_and_no_printer() -> None:
    text = "".join(sample_pages("letter"))

    assert "— 1 —" not in text
    assert "印发" not in text
    assert "抄送：" in text
    long = LETTER._replace(sections=(Section("body", "", (Said("考勤事项" * 400),)),))
    assert [page.count("—") for page in pages(make(order(long), {}))] == [0, 2, 2, 2]


def test_a_grid_stands_across_the_page_with_31_days() -> None:
    columns = (
        Column("姓名", "name", 4),
        *(Column(str(d), "symbol", 1) for d in range(1, 32)),
        Column("出勤", "count", 2),
    )
    rows = tuple(("买买提·示例江", *"√○△×？" * 6, "√", "22") for _n in range(40))
    month = GRID._replace(sections=(Section("grid", "", (Table(columns, rows, personal=True),)),))
    reader = PdfReader(io.BytesIO(make(order(month), {})))

    assert [page.mediabox.width > page.mediabox.height for page in reader.pages] == [True, True]
    text = bare("".join(page.extract_text() for page in reader.pages))
    assert text.count("买买提·示例江" + "√○△×？" * 6 + "√22") == 40
    assert text.count("姓名" + "".join(map(str, range(1, 32))) + "出勤") == 2


def test_a_table_too_wide_for_the_page_turns_it_and_what_follows_stands_upright_again() -> None:
    wide = Table(tuple(Column(f"第{n}项情况") for n in range(14)), (("一二三四五六",) * 14,) * 3)
    reader = PdfReader(io.BytesIO(make(order(report(Said("前"), wide, Said("后文"))), {})))

    assert [page.mediabox.width > page.mediabox.height for page in reader.pages] == [False, True, False]
    assert "后文" in reader.pages[2].extract_text()


def test_a_row_longer_than_a_page_is_split_and_not_cut_off() -> None:
    table = Table((Column("事项"), Column("说明")), (("一", "甲乙丙丁戊己庚辛壬癸" * 300 + "末尾"),))

    text = bare("".join(pages(make(order(report(table)), {}))))

    assert text.count("甲") >= 300
    assert "末尾" in text


def test_pictures_stand_with_captions_and_say_what_they_show_to_who_can_not_see() -> None:
    drawn = {figure.id: picture(1240, 600 if figure.id == "trend" else 4000) for figure in figures(DRAWN)}
    pdf = make(order(DRAWN), drawn)
    reader = PdfReader(io.BytesIO(pdf))
    text = bare("".join(pages(pdf)))

    assert sum(len(page.images) for page in reader.pages) == 4
    alt = {str(o["/Alt"]) for n in range(reader.trailer["/Size"]) if (o := alternative(reader, n))}
    assert alt == {figure.text for figure in figures(DRAWN)}
    for figure in figures(DRAWN):
        assert figure.caption in text
        assert figure.text not in text
    assert len(pdf) < 1_000_000


def alternative(reader: PdfReader, number: int) -> dict[str, object] | None:
    """An object that says in words what is shown."""
    found = reader.get_object(number) if any(number in table for table in reader.xref.values()) else None
    packed = reader.get_object(number) if found is None and number in reader.xref_objStm else found
    return packed if isinstance(packed, dict) and "/Alt" in packed else None


def test_a_picture_that_is_none_is_said_in_words() -> None:
    text = bare("".join(pages(make(order(DRAWN), {"heat": b"no picture"}))))

    assert "各窗口每日违规次数：违规最多的是03号综合窗口。" in text


def test_the_same_order_gives_the_same_bytes_with_the_day_of_issue_and_tags_for_readers_aloud() -> None:
    again = make(order(SMALL), {})
    reader = PdfReader(io.BytesIO(again), strict=True)

    assert again == sample("small")
    assert reader.metadata is not None
    assert reader.metadata.title == SMALL.title
    assert reader.metadata["/CreationDate"] == "D:20261121000000Z"
    assert reader.root_object["/Lang"] == "zh-CN"
    assert reader.root_object["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a boolean of pypdf's)
    assert b"pdfaid" in reader.root_object["/Metadata"].get_object().get_data()


def test_a_month_of_500_occurrences_is_a_small_file() -> None:
    assert len(sample("full")) < 300_000


HOSTILE = (
    '#read("/etc/passwd")', "*粗* _斜_ $x^2$ `raw` <label> @ref ~ \\ \\u{4e00} // 注 /* 注 */ = 头 - 项 + 项",
    '#import "@preview/x:0.1.0": *', "#panic()[[]]{{}} ' \" '' -- --- ...", "<script>alert(1)</script>&amp;%PDF\\n",
)  # fmt: skip


def test_hostile_words_come_out_as_they_were_written() -> None:
    table = Table(
        (Column("#head *x*"), Column("姓名", "name")), tuple((words, words) for words in HOSTILE), "#caption()"
    )
    parts = (*(Said(words) for words in HOSTILE), table)
    head = LETTERHEAD._replace(organ="#organ", recipients=("#to",), note="#note", copies=("#copy",), printer="#by")
    document = Document(
        "#hall", "daily", "x", "#title *t*", "report", head, HOSTILE, False, (Section("a", "#s", parts),)
    )

    text = bare("".join(pages(make(order(document), {}))))

    for words in (*map(bare, HOSTILE), "#head*x*", "#caption()", "#title*t*", "#organ", "#to", "#note", "#copy", "#by"):
        assert words in text
    assert "root:" not in text


def test_signs_that_can_not_be_seen_are_left_out_and_lines_stay_lines() -> None:
    text = "".join(pages(make(order(report(Said("甲\u202e乙\0丙\u200b丁\ud800戊\n己"))), {})))

    assert "甲乙丙丁戊\n己" in text


def test_a_sign_that_no_typeface_has_is_named_and_never_a_box() -> None:
    with pytest.raises(NoFont) as caught:
        make(order(report(Said("甲\U0001f600乙"))), {})

    assert "\U0001f600（U+1F600）" in str(caught.value)
    assert "fonts" in str(caught.value)


def test_a_halls_own_typefaces_are_used_and_what_they_lack_is_shown_in_others(tmp_path: Path) -> None:
    face(tmp_path / "a.ttf", "FangSong_GB2312", "现将考勤情况通报如下。")
    face(tmp_path / "b.ttf", "FZXiaoBiaoSong-B05S", HALL)

    pdf = make(order(SMALL, fonts=(str(tmp_path),)), {})

    inside = {str(f) for page in PdfReader(io.BytesIO(pdf)).pages for f in _faces(page)}
    assert {name.partition("+")[2].partition("-")[0] for name in inside} >= {"FangSong_GB2312", "FZXiaoBiaoSong"}
    assert bare("".join(pages(pdf))) == bare("".join(sample_pages("small")))


def _faces(page: object) -> Iterator[object]:
    for font in page["/Resources"]["/Font"].values():  # type: ignore[index] # a dictionary of pypdf's
        yield font.get_object()["/BaseFont"][1:]


def test_a_halls_own_template_replaces_ours_and_may_use_its_parts(tmp_path: Path) -> None:
    (tmp_path / "own.typ").write_text('#let mark = "自己的格式"')
    (tmp_path / "document.typ").write_text(
        textwrap.dedent("""\
        #import "own.typ": mark
        #import "parts.typ": set-in
        #let data = json("data.json")
        #show: set-in.with(data, 16pt, 28pt)
        #mark #data.title
        """)
    )

    assert pages(make(order(SMALL, templates=str(tmp_path)), {})) == [f"自己的格式 {SMALL.title}"]


@pytest.mark.parametrize(
    ("template", "line", "word"),
    [
        ("#let x = 1\n#wrong(x)\n", 2, "unknown variable: wrong"),
        ('#let x = 1\n\n#read("/../etc/passwd")\n', 3, "project root"),
        ('#import "@preview/cetz:0.3.0": *\n', 1, "扩展包"),
    ],
)
def test_an_error_in_a_halls_own_template_is_told_with_its_line(
    tmp_path: Path, template: str, line: int, word: str
) -> None:
    (tmp_path / "document.typ").write_text(template)

    with pytest.raises(BadTemplate) as caught:
        make(order(SMALL, templates=str(tmp_path)), {})

    assert (caught.value.file, caught.value.line) == (str(tmp_path / "document.typ"), line)
    assert word in str(caught.value)


def test_it_works_where_no_page_may_be_written_and_run() -> None:
    program = f"""
        import ctypes, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
            sys.exit(77)
        from docsamples import EDITION, SMALL
        from punchsync.publish.forms.pdf import make
        from punchsync.publish.order import Order
        sys.stdout.buffer.write(make(Order(SMALL, EDITION, ("pdf",)), {{}}))
    """
    if not hasattr(ctypes.CDLL(None), "prctl"):
        pytest.skip("NOT TESTED: this system has no prctl, so pages that are written and run were not forbidden")
    made = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, timeout=60, check=False
    )
    if made.returncode == 77:
        pytest.skip("NOT TESTED: this kernel has no PR_SET_MDWE, so pages that are written and run were not forbidden")

    assert made.stderr == b""
    assert made.stdout == sample("small")
