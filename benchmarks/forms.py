"""A month's bulletin of three hundred people in every form, beside an empty paper of the library that makes it.

The month is settled and written as a hall's own; each form is made in this process, without the press's start. The
press is measured whole as well: its start, pictures and all forms, and the most memory that it took.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import structlog

from benchmarks import desk_hall
from punchsync.bootstrap import opened
from punchsync.bootstrap.issuing import content
from punchsync.core.moment import parse_day, parse_moment
from punchsync.publish.document import Document, Edition, Letterhead, figures
from punchsync.publish.fonts import find
from punchsync.publish.forms import FORMS, make
from punchsync.publish.order import Order, write

DAY: Final = "2026-11-20"
EDITION: Final = Edition(11, DAY, 0, "year 0000 0000-0000-0000-0000-0000-0000")
LETTERHEAD: Final = Letterhead(
    "年度县政务服务中心",
    "年政服考〔{year}〕{number}号",
    ("各窗口",),
    ("现将考勤情况通报如下。",),
    (),
    "年度县政务服务中心",
)
BOUNDS: Final = {"pdf": 1_000_000, "docx": 300_000}
"""Bytes of a file, at most."""


class Line(NamedTuple):
    """What was made: seconds, those of an empty paper of the same library, bytes, and how many there may be."""

    what: str
    seconds: float
    empty: float
    size: int
    bound: int | None = None


def month(folder: Path) -> Document:
    """The bulletin of a month of which twenty days are settled."""
    year, desk_hall.FIRST = desk_hall.FIRST, date.fromisoformat(DAY).replace(day=1)
    try:
        desk_hall.build(folder)
    finally:
        desk_hall.FIRST = year
    with opened(folder, parse_moment(desk_hall.NOW)) as site:
        document, _violations, _unknown = content(site.hall, "monthly", parse_day(DAY))
    return document._replace(letterhead=LETTERHEAD)


def empty_docx() -> bytes:
    """python-docx: its own template, saved."""
    import docx

    out = BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def empty_xlsx() -> bytes:
    """XlsxWriter: a workbook of one empty sheet."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet()
    return out.getvalue()


def empty_pdf() -> bytes:
    """typst: one empty page, no fonts searched for."""
    import typst

    made = typst.compile(b'#set page(paper: "a4")\n', ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def empty_html() -> bytes:
    """jinja: a template of a title, compiled and filled in."""
    from jinja2 import Environment

    return Environment(autoescape=True).from_string("<title>{{ title }}</title>").render(title="空").encode()


def empty_picture() -> bytes:
    """matplotlib: a figure without anything, as large as a picture of sixty rows."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    out = BytesIO()
    FigureCanvasAgg(Figure(figsize=(156 / 25.4, 190 / 25.4), dpi=200)).print_png(out)
    return out.getvalue()


EMPTY: Final[Mapping[str, Callable[[], bytes]]] = {
    "docx": empty_docx, "xlsx": empty_xlsx, "pdf": empty_pdf, "html": empty_html,
}  # fmt: skip


def best(make_it: Callable[[], bytes], times: int = 3) -> tuple[float, bytes]:
    """The shortest of some times, after one that imports and reads fonts."""
    made = make_it()
    seconds = []
    for _n in range(times):
        begin = perf_counter()
        made = make_it()
        seconds.append(perf_counter() - begin)
    return min(seconds), made


def measure(document: Document) -> Iterator[Line]:
    """Pictures, then every form with them."""
    from punchsync.publish.pictures import draw

    fonts, pictures = find(), dict[str, bytes]()
    bare, _file = best(empty_picture)
    for figure in figures(document):
        seconds, pictures[figure.id] = best(lambda figure=figure: draw(figure, fonts))
        yield Line(f"picture {figure.id}", seconds, bare, len(pictures[figure.id]))
    order = Order(document, EDITION, tuple(FORMS))
    for form in FORMS:
        bare = best(EMPTY[form])[0] if form in EMPTY else 0.0
        seconds, file = best(lambda form=form: make(form, order, pictures))
        yield Line(form, seconds, bare, len(file), BOUNDS.get(form))


def press(document: Document) -> tuple[float, float]:
    """Seconds of a whole press, and the megabytes it took at most, asked of a small process: what a process took is
    counted from that which started it."""
    code = "import resource, sys; from time import perf_counter; from punchsync.bootstrap.pressing import pressed\n"
    code += "from punchsync.publish.order import read; order = read(sys.stdin.read()); begin = perf_counter()\n"
    code += "made = pressed(order); assert not made.failed and not made.undrawn, made\n"
    code += "print(perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    asked = write(Order(document, EDITION, tuple(FORMS)))
    done = subprocess.run([sys.executable, "-c", code], input=asked, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def main() -> int:
    """Print a line for each; returns how many files are larger than they may be."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    beyond = 0
    with tempfile.TemporaryDirectory() as folder:
        document = month(Path(folder) / "site")
    for line in measure(document):
        large = line.bound is not None and line.size > line.bound
        beyond += large
        of = f"   empty {line.empty:7.4f} s   {line.seconds / line.empty:8.1f} of it" if line.empty else ""
        said = "" if line.bound is None else f" of {line.bound:,}{'  BEYOND' if large else ''}"
        print(f"  {line.what:<38} {line.seconds:8.3f} s{of:<38}   {line.size:>9,} bytes{said}")
    seconds, megabytes = press(document)
    print(f"  {'the press: its start and all forms':<38} {seconds:8.3f} s   at most {megabytes:.0f} MB of memory")
    return beyond


if __name__ == "__main__":
    sys.exit(min(1, main()))
