"""The files of an issued bulletin in further forms: printed from what was kept, as often as one likes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from punchsync.bootstrap.issuing import House, edition
from punchsync.bootstrap.pressing import PressFailed, pressed
from punchsync.deliver.turn import turn
from punchsync.operations.hall import Hall
from punchsync.publish.document import Document, Edition
from punchsync.publish.files import put
from punchsync.publish.issued import document_of
from punchsync.publish.order import Order
from punchsync.publish.pressed import Pressed
from punchsync.settings.letterhead import TEMPLATES
from punchsync.texts import _, language

FONTS: Final = "fonts"
"""The folder of a site with the hall's own font files."""
LOCK: Final = "printing.lock"
PATIENCE: Final = 60.0


class Printed(NamedTuple):
    """The files that were written by their forms, why others were not, and why figures are missing in them."""

    files: Mapping[str, Path]
    failed: Mapping[str, str]
    undrawn: Mapping[str, str] = MappingProxyType({})


class Gone(Exception):
    """What a bulletin said was erased, or there never was one of that number."""


def print_issued(
    hall: Hall, house: House, kind: str, year: str, number: int, forms: Sequence[str], folder: Path
) -> Printed:
    """Print an issued bulletin in some forms into a folder; raises Gone, PressFailed, OSError.

    Where its period has a newer one nothing is written: a folder has the newest of each period.
    """
    document, here = kept(hall, kind, year, number)
    made = in_forms(house, document, here, forms)
    # One at a time: an older bulletin's file must not come after a newer one's.
    with turn(house.site, PATIENCE, LOCK) as mine:
        if not mine:
            raise PressFailed(_("另一个进程正在写通报文件，请稍后再试。"))
        with hall.store.reading() as work:
            newest = work.papers.newest(kind, document.period)
        if newest != number:
            return Printed({}, made.failed)
        files = {form: folder / f"{kind}-{document.period}.{form}" for form in made.files}
        for form, file in files.items():
            put(file, made.files[form])
    return Printed(files, made.failed, made.undrawn)


def kept(hall: Hall, kind: str, year: str, number: int) -> tuple[Document, Edition]:
    """An issued bulletin as it was kept, and where it stands; raises Gone."""
    with hall.store.reading() as work:
        found = work.papers.bulletin(kind, year, number)
        if found is None or not found[0].whole:
            raise Gone
        here = edition(hall, work, kind, year, number)
    issued, text = found
    return document_of(text, hall.name, kind, issued.period), here


def in_forms(
    house: House, document: Document, here: Edition, forms: Sequence[str], level: str | None = None
) -> Pressed:
    """A document in some forms, each at its own publication level, or all at one; raises PressFailed."""
    levels = tuple(level or house.levels[form] for form in forms)
    fonts, templates = str(house.site / FONTS), str(house.site / TEMPLATES)
    return pressed(Order(document, here, tuple(forms), (fonts,), templates, house.line, language(), levels))
