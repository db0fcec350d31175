"""Word files on paper: opened by LibreOffice, printed to PDF, and looked at word by word."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import office
import pytest
from docsamples import ALL, EDITION, HALL, LETTERHEAD, SMALL

from punchsync.publish.document import Document, Edition
from punchsync.publish.forms.docx import make
from punchsync.publish.order import Order

CHARACTERS = 22 * 28 * 2
LONG = SMALL._replace(sections=(), letterhead=LETTERHEAD._replace(opening=("字" * CHARACTERS,)))
DOCUMENTS: dict[str, Document] = {**ALL, "long": LONG}
LEFT, RIGHT, FOOT = 28, 184, 262
"""The type area's edges, in millimetres."""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """PDF of every sample, by one start of LibreOffice."""
    office.needed()
    folder = tmp_path_factory.mktemp("docx")
    files = []
    for name, document in DOCUMENTS.items():
        files.append(folder / f"{name}.docx")
        edition = Edition() if name == "empty" else EDITION
        files[-1].write_bytes(make(Order(document, edition, ("docx",)), {}))
    return dict(zip(DOCUMENTS, office.to_pdf(files, folder / "pdf"), strict=True))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_bulletin_s_pages_say_what_they_have_to_where_they_have_to(papers: dict[str, Path]) -> None:
    pages = [squeezed(page) for page in office.pages(papers["small"])]

    assert pages[0].startswith(
        f"{HALL}示政服考〔2026〕12号第12号（暂定），代替第11号{HALL}考勤日报（2026-11-20）核算到2026-11-2021:00:00。各进驻单位、各窗口："
    )
    assert pages[-1].endswith(
        f"{HALL}2026年11月21日（此件公开发布）链锚：{EDITION.anchor.replace(' ', '')}"
        f"抄送：{'，'.join(LETTERHEAD.copies)}。{LETTERHEAD.printer}2026年11月21日印发—{len(pages)}—"
    )


def test_page_numbers_stand_at_the_right_of_odd_and_at_the_left_of_even_pages(papers: dict[str, Path]) -> None:
    feet = [word for word in office.words(papers["full"]) if word.top > FOOT]
    numbers = [word for word in feet if word.text.isdigit()]

    assert [int(word.text) for word in numbers] == [word.page for word in numbers] == list(range(1, len(numbers) + 1))
    assert {word.page % 2: word.left > 150 for word in numbers} == {1: True, 0: False}
    assert {word.left < 50 for word in numbers if word.page % 2 == 0} == {True}


def test_a_page_has_22_lines_of_28_characters(papers: dict[str, Path]) -> None:
    lines = [[line.strip() for line in page.splitlines() if "字" in line] for page in office.pages(papers["long"])]
    widths = [len(line) for page in lines for line in page]

    assert widths[0] == 26
    assert set(widths[1:-1]) == {28}
    assert sum(widths) == CHARACTERS
    assert max(map(len, lines)) == 22


def test_heads_stand_on_every_page_of_a_table_and_every_row_on_one(papers: dict[str, Path]) -> None:
    pages = [squeezed(page) for page in office.pages(papers["full"])]
    days = [len(re.findall(r"2026-11-\d\d1\d{3}|2026-11-\d\d\d\d号", page)) for page in pages]
    among = [page for page, count in zip(pages, days, strict=True) if count]

    assert sum(days) == 500
    assert len(among) > 10
    assert all("日期窗口姓名工号违规时刻分钟条款" in page for page in among)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_word_stands_inside_the_type_area_and_on_no_other(name: str, papers: dict[str, Path]) -> None:
    words = office.words(papers[name])
    left, right = (15, 282) if name == "grid" else (LEFT, RIGHT)

    outside = [w.text for w in words if w.left < left - 0.5 or w.right > right + 0.5]
    words.sort(key=lambda w: (w.page, round((w.top + w.bottom) / 2), w.left))
    above = [
        (a.text, b.text)
        for a, b in pairwise(words)
        if a.page == b.page and abs(a.bottom - b.bottom) < 1 and a.right > b.left + 0.3 and b.right > a.left + 0.3
    ]
    assert outside == []
    assert above == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_face_is_embedded(name: str, papers: dict[str, Path]) -> None:
    faces = office.fonts(papers[name])

    assert faces
    assert all(embedded for _name, embedded in faces)


def test_the_title_and_every_character_of_the_cells_is_printed(papers: dict[str, Path]) -> None:
    for name in ("large", "grid", "form"):
        printed = "".join(word.text for word in office.words(papers[name]))
        document = DOCUMENTS[name]
        assert squeezed(document.title) in squeezed("".join(office.pages(papers[name])))
        for section in document.sections:
            for part in section.parts:
                for row in getattr(part, "rows", ()) if hasattr(part, "personal") else ():
                    # A long cell breaks, and its lines stand between those of its neighbours.
                    assert all(set(cell.replace(" ", "")) <= set(printed) for cell in row)


def test_the_imprint_stands_at_the_foot_of_the_last_page(papers: dict[str, Path]) -> None:
    for name in ("small", "empty", "large", "full"):
        words = office.words(papers[name])
        (copies,) = (word for word in words if word.text.startswith("抄送："))
        (printer,) = (word for word in words if word.text.startswith("示例县政务服务中心督查科"))
        assert copies.page == printer.page == words[-1].page
        assert FOOT - 9 < printer.bottom < FOOT + 1
        assert 5 < printer.top - copies.top < 9


def test_a_letter_has_its_number_at_the_right_and_no_page_number_on_its_first_page(papers: dict[str, Path]) -> None:
    (page,) = office.pages(papers["letter"])
    code = next(word for word in office.words(papers["letter"]) if word.text.startswith("示政服函"))

    assert squeezed(page).startswith(f"{HALL}示政服函〔2026〕12号代替第11号关于派驻人员考勤情况的函示例县第一局：")
    assert "—" not in page
    assert "印发" not in page
    assert squeezed(page).endswith(f"抄送：{'，'.join(LETTERHEAD.copies)}。")
    assert code.left > 110


def test_the_pages_can_be_looked_at(papers: dict[str, Path], tmp_path: Path) -> None:
    made = office.png(papers["letter"], tmp_path)

    assert [path.read_bytes()[:4] for path in made] == [b"\x89PNG"]


def test_samples_take_no_page_more_than_they_need(papers: dict[str, Path]) -> None:
    counts = {name: len(office.pages(papers[name])) for name in ("small", "empty", "letter", "grid")}

    assert counts == {"small": 3, "empty": 2, "letter": 1, "grid": 2}
