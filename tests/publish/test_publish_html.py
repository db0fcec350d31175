"""A document as one page: self-contained, accessible, fit for a phone and for A4, by a hall's own template."""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path

import pytest
from docsamples import ALL, EDITION, LARGE, SMALL
from pypdf import PdfReader

from punchsync.publish.document import Column, Document, Section, Table, figures
from punchsync.publish.forms.html import make
from punchsync.publish.order import Order
from punchsync.publish.template import BadTemplate

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

PRINTED = {"small": (2, 595), "letter": (1, 595), "grid": (1, 842)}
"""Pages printed, and how wide they are in points."""


def made(document: Document, templates: str = "") -> str:
    pictures = {figure.id: DOT for figure in figures(document)}
    return make(Order(document, EDITION, ("html",), templates=templates), pictures).decode()


def rows(document: Document) -> list[list[str]]:
    found = [part for s in document.sections for part in s.parts if isinstance(part, Table)]
    return [list(row) for t in found for row in ([c.head for c in t.columns], *t.rows)]


def test_every_page_in_a_browser_is_accessible_fits_a_phone_and_says_its_tables(tmp_path: Path) -> None:
    sys.path.append(str(Path(__file__).parents[1] / "desk"))
    chromium = pytest.importorskip("chromium")
    chromium.needed()
    from axe_playwright_python.sync_playwright import Axe

    wrong: dict[str, object] = {}
    read = "[...document.querySelectorAll('tr')].map(r => [...r.children].map(c => c.textContent))"
    with chromium.launched() as browser:
        for name, document in ALL.items():
            file = tmp_path / f"{name}.html"
            file.write_text(made(document), encoding="utf-8")
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.on("console", lambda m, name=name: wrong.setdefault(f"{name} says", m.text))
            page.on(
                "request", lambda r, name=name: r.url.startswith(("file:", "data:")) or wrong.setdefault(name, r.url)
            )
            page.goto(file.as_uri())
            if name != "full" and (violations := Axe().run(page).response["violations"]):
                wrong[f"{name} axe"] = [v["id"] for v in violations]
            if page.evaluate(read) != rows(document):
                wrong[f"{name} tables"] = page.evaluate(read)
            page.set_viewport_size({"width": 360, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > 360:
                wrong[f"{name} narrow"] = page.evaluate("document.documentElement.scrollWidth")
            if name in PRINTED:
                page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
            page.close()
    assert wrong == {}
    sheets = {name: PdfReader(tmp_path / f"{name}.pdf").pages for name in PRINTED}
    assert {name: (len(found), round(float(found[0].mediabox.width))) for name, found in sheets.items()} == PRINTED


def test_a_page_asks_for_nothing_and_runs_nothing() -> None:
    page = made(LARGE)

    assert "<script" not in page
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert 'alt="中午在岗率最低。"' in page


def test_a_figure_without_its_picture_says_its_text() -> None:
    page = make(Order(LARGE, EDITION, ("html",)), {}).decode()

    assert "<img" not in page
    assert "中午在岗率最低。" in page


def test_markup_in_a_document_is_text() -> None:
    bad = "<script>alert(1)</script>{{ 7*7 }}\"'"
    table = Table((Column(bad),), ((bad,),), bad)

    page = made(SMALL._replace(title=bad, under=(bad,), sections=(Section("x", bad, (table,)),)))

    assert "<script" not in page
    assert "{{ 7*7 }}" in page


def own(tmp_path: Path, text: str) -> str:
    (tmp_path / "document.html").write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_a_hall_s_template_may_change_one_block_of_ours(tmp_path: Path) -> None:
    text = (
        '{% extends "punchsync/document.html" %}\n{% block head %}<header>{{ document.hall }}</header>{% endblock %}\n'
    )

    page = made(SMALL, own(tmp_path, text))

    assert "<header>示例县政务服务中心</header>" in page
    assert "01号综合窗口" in page
    assert 'class="organ"' not in page


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("一\n{% if %}\n", 2), ("\n\n{{ document.nothing }}", 3), ("{{ ''.__class__.__mro__ }}", 1),
        ("\n{{ 1 / 0 }}", 2), ("{% include '../secret' %}", 1),
    ],
)  # fmt: skip
def test_an_error_in_a_hall_s_template_is_told_with_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(BadTemplate) as told:
        made(SMALL, own(tmp_path, text))

    assert (told.value.file, told.value.line) == (str(tmp_path / "document.html"), line)
    assert "改正" in str(told.value)
