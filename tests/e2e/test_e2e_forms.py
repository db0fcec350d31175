"""A month's bulletin says the same in every form, and what the exports say."""

from __future__ import annotations

import random
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from .commandline import export
from .site import TOML, Hall, incident, staff

FORMS = ("md", "html", "xlsx", "docx", "pdf", "txt")
PLACES = ("公安", "税务", "不动产登记综合受理窗口")
NAMES = dict(zip((f"P{n}" for n in range(1, 10)), "甲乙丙丁戊己庚辛壬", strict=True))
Rows = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    """Three windows and an October with everything in it; all forms in `out`, with all names."""
    random.seed(8)
    levels = 'levels = {html = "full", txt = "full"}\n'
    hall = Hall(tmp_path_factory.mktemp("forms"), TOML + "[bulletin]\n" + levels)
    people = [
        staff(p, name=f"{n}某", window=PLACES[k % 3], unit=f"{PLACES[k % 3]}局", from_="2026-10-01", to="2026-12-31")
        for k, (p, n) in enumerate(NAMES.items())
    ]
    assert hall.bring("staff", *people).status == 0
    notes = [("P2", "2026-10-20 10:05"), ("P5", "2026-10-21 15:10")]
    rows = [incident(f"I{n}", at) | {"person_id": person} for n, (person, at) in enumerate(notes)]
    assert hall.bring("incident", *rows).status == 0
    lines = []
    for day in range(1, 31):
        for person in NAMES:
            for hour, minute in ((8, 20), (12, 1), (14, 20), (17, 31)):
                if random.random() < 0.97:
                    off = random.choice((0, 0, 0, 0, 0, 12, 25)) * (1 if hour in (8, 14) else -1)
                    at = hour * 60 + minute + off
                    lines.append(f"{person[1:]:>9}\t2026-10-{day:02d} {at // 60:02d}:{at % 60:02d}:07\t1\t0\t0\t0\n")
    lines.sort(key=lambda line: line.split("\t")[1])
    hall.write("1_attlog.dat", "".join(lines))
    log = str(hall.path / "1_attlog.dat")
    hall.done("import", "punches", log, "--terminal", "T1", "--through", "2026-11-02 00:00:00")
    hall.settle("2026-11-02 12:00:00")
    out = ("--format", ",".join(FORMS), "--out", str(hall.path / "out"))
    hall.done("bulletin", "monthly", "--date", "2026-10-31", *out)
    return hall


def file(hall: Hall, form: str) -> Path:
    return hall.path / "out" / f"monthly-2026-10.{form}"


def tables(hall: Hall, form: str) -> list[Rows]:
    """The tables of a form, cells as texts, heads first."""
    return {"md": of_md, "html": of_html, "xlsx": of_xlsx, "docx": of_docx}[form](file(hall, form))


def of_md(path: Path) -> list[Rows]:
    out: list[Rows] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            cells = tuple(c.strip().replace("\\", "") for c in re.split(r"(?<!\\)\|", line)[1:-1])
            if set("".join(cells)) - set("- "):
                out[-1].append(cells)
        elif out[-1]:
            out.append([])
    return [rows for rows in out if rows]


class Cells(HTMLParser):
    """The tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.tables[-1][-1][-1] += data


def of_html(path: Path) -> list[Rows]:
    reader = Cells()
    reader.feed(path.read_text(encoding="utf-8"))
    return [[tuple(c.strip() for c in row) for row in table] for table in reader.tables]


def of_docx(path: Path) -> list[Rows]:
    found = Document(str(path)).tables
    return [[tuple(c.text.strip() for c in row.cells) for row in table.rows] for table in found]


def of_xlsx(path: Path) -> list[Rows]:
    out: list[Rows] = []
    for sheet in load_workbook(path).worksheets:
        rows: Rows = []
        for row in sheet.iter_rows(values_only=True):
            cells = tuple("" if c is None else f"{c:g}" if isinstance(c, float) else str(c) for c in row)
            while cells and not cells[-1]:
                cells = cells[:-1]
            if cells:
                rows.append(cells)
        out.append(rows)
    return out


def with_heads(found: list[Rows], *heads: str) -> Rows:
    """The rows below the first heads that hold all of these, whatever stands above or below the table."""
    for rows in found:
        for n, row in enumerate(rows):
            if set(heads) <= set(row):
                return [r[: len(row)] for r in rows[n + 1 :] if len(r) >= len(row) - 1]
    raise AssertionError(heads)


@pytest.mark.parametrize("form", ["md", "html", "xlsx", "docx"])
def test_every_form_s_tables_are_those_of_the_exports(hall: Hall, form: str) -> None:
    found = tables(hall, form)
    violations = [r for r in export(hall.path, "violations") if r[0].startswith("2026-10")]
    kinds = {"迟到": "late", "早退": "early", "脱岗": "off_post", "旷工半天": "absent_half_day"}

    windows = {row[0]: row for row in with_heads(found, "窗口", "单位", "人数")}
    counted = Counter((r[4], r[3]) for r in violations)
    for place in PLACES:
        assert windows[place][2] == "3"
        assert [windows[place][n] for n in (5, 6, 7, 8)] == [str(counted[place, kind]) for kind in kinds.values()]

    listed = with_heads(found, "日期", "窗口", "姓名", "工号", "违规", "时刻")
    mine = sorted((r[0], r[1], r[3]) for r in violations if r[7] != "incident")
    names = {v: k for k, v in kinds.items()}
    assert sorted((row[0], row[3], row[5].removesuffix("（折算）")) for row in listed) == sorted(
        (day, person, names.get(kind, kind)) for day, person, kind in mine
    )
    patrol = with_heads(found, "时刻", "情形", "地点")
    assert sorted((row[0], row[4]) for row in patrol) == sorted((r[0], r[1]) for r in violations if r[7] == "incident")

    scores = {(r[2], r[3]): r[4:7] for r in export(hall.path, "scores") if r[0] == "2026-10" and r[5] != "0"}
    told = {(row[1], row[2]): list(row[3:6]) for row in with_heads(found, "姓名", "工号", "类别", "得分")}
    told |= {(row[0], row[1]): list(row[2:5]) for row in with_heads(found, "窗口", "类别", "得分")}
    assert {place: [*map(float, told[place])] for place in scores} == {
        place: [*map(float, row)] for place, row in scores.items()
    }


def test_the_pdf_has_every_number_of_the_document_s_tables_in_their_order(hall: Hall) -> None:
    pages = PdfReader(str(file(hall, "pdf"))).pages
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))

    for table in tables(hall, "docx"):
        for row in table[1:]:
            cells = [re.sub(r"\s+", "", cell) for cell in row]
            assert "".join(cells) in text, row


def test_the_led_lines_name_each_window_with_its_numbers(hall: Hall) -> None:
    text = file(hall, "txt").read_text(encoding="utf-8").replace("\n", "")
    for row in with_heads(tables(hall, "docx"), "窗口", "单位", "人数")[:3]:
        assert f"{row[0]}：迟到{row[5]}" in text


def test_every_form_bears_the_same_number_and_anchor(hall: Hall) -> None:
    anchor = re.search(r"链锚：(\S+ \d+ [0-9a-f-]+)", file(hall, "md").read_text(encoding="utf-8").replace("\\", ""))
    assert anchor
    said = {
        "html": file(hall, "html").read_text(encoding="utf-8"),
        "docx": "\n".join(p.text for p in Document(str(file(hall, "docx"))).paragraphs),
        "pdf": "".join(page.extract_text() for page in PdfReader(str(file(hall, "pdf"))).pages),
    }
    for form, text in said.items():
        flat = re.sub(r"\s+", "", text)
        assert (form, "考勤通报〔2026〕1号" in flat) == (form, True)
        if form != "docx":
            assert (form, anchor.group(1).replace(" ", "") in flat) == (form, True)
