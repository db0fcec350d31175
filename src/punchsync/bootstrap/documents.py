"""Records for the file, gathered and laid out: the attendance grid, a leave slip, the sheet to sign, a letter, a month.

Nothing of it is kept but letters: those have numbers of their own, and say what they said when they were issued.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from punchsync.bootstrap.issuing import House, edition
from punchsync.bootstrap.letterheads import letterhead, notice_days
from punchsync.bootstrap.printing import in_forms
from punchsync.core.moment import day_of, show_day
from punchsync.operations.documents import letter as letters
from punchsync.operations.documents import month_brief, months
from punchsync.operations.documents.slip import slip as leave_slip
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.publish.document import Document, Edition
from punchsync.publish.documents import grid, letter, sheet, slip
from punchsync.publish.documents import month_brief as brief
from punchsync.publish.kept import dump, is_document, load
from punchsync.publish.pressed import Pressed

FOLDER: Final = "documents"
"""Where a site's records for the file are written."""
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "attendance": ("xlsx", "pdf"),
    "slip": ("docx", "pdf"),
    "sign-off": ("docx", "pdf", "xlsx"),
    "letter": ("docx", "pdf"),
    "month": ("pdf", "docx"),
}
"""The forms of each kind where nobody asks for others."""


class Paper(NamedTuple):
    """A record for the file: what its files are called, what it says, and where it stands (letters alone)."""

    name: str
    document: Document
    edition: Edition


def attendance(hall: Hall, month: str, window: str = "", within: months.Within = months.everybody) -> Paper:
    """The attendance grid; raises NotSettled, NoWindow, Sealed."""
    return paper(hall, grid.document(months.attendance(hall, month, window, within)), month, window)


def sign_off(hall: Hall, site: Path, month: str, window: str = "", within: months.Within = months.everybody) -> Paper:
    """The sheet to sign, shown from tomorrow on; raises NotSettled, NoWindow, Sealed, and Refused for a bad
    letterhead."""
    found = months.sheet(hall, month, hall.clock.now(), notice_days(site), window, within)
    return paper(hall, sheet.document(found), month, window)


def month(hall: Hall, period: str) -> Paper:
    """The director's month; raises NotSettled, Sealed."""
    return paper(hall, brief.document(month_brief.brief(hall, period)), period)


def slip_of(hall: Hall, id: str) -> Paper:
    """The slip of a leave; raises NoLeave."""
    return paper(hall, slip.document(leave_slip(hall, id)), id)


def paper(hall: Hall, document: Document, *names: str) -> Paper:
    """A document that has no number, dated today."""
    return Paper(named(document.kind, *names), document, Edition(issued=show_day(day_of(hall.clock.now()))))


def letter_draft(hall: Hall, site: Path, id: str) -> Paper:
    """The letter on an outcome as it was issued, else as it would be; raises as `letter_issued` does."""
    found = letters.letter(hall, id)
    head = letterhead(site, hall.name, letters.KIND)
    with hall.store.reading() as work:
        before = same(hall, work, id, letter.document(found, head, ""))
    if before is not None:
        return before
    name = letters.name_of(id, hall.clock.now())
    document = letter.document(found, head, name)
    return Paper(named(letters.KIND, name), document, Edition())


def letter_issued(hall: Hall, site: Path, id: str) -> Paper:
    """Issue the letter on a confirmed outcome: one that says the same is not issued twice and keeps its number.

    Raises NoOutcome, NotConfirmed, Sealed, and Refused for a bad letterhead.
    """
    found = letters.letter(hall, id)
    head = letterhead(site, hall.name, letters.KIND)
    with hall.store.writing() as work:
        now = hall.clock.now()
        name = letters.name_of(id, now)
        document = letter.document(found, head, name)
        before = same(hall, work, id, document)
        if before is not None:
            return before
        number = letters.issue(work, name, dump(document), now)
        return Paper(named(letters.KIND, name), document, edition(hall, work, letters.KIND, name[:4], number))


def same(hall: Hall, work: Work, id: str, document: Document) -> Paper | None:
    """The letter issued last on an outcome, if it says what a document says."""
    kept = letters.kept(work, id)
    if kept is None or not is_document(kept[1]):
        return None
    issued, there = kept[0], load(kept[1])
    if there.sections != document.sections or there.letterhead.recipients != document.letterhead.recipients:
        return None
    here = edition(hall, work, letters.KIND, issued.year, issued.number)
    return Paper(named(letters.KIND, issued.period), there, here)


def printed(house: House, paper: Paper, forms: Sequence[str]) -> Pressed:
    """A paper's files, names in full: it is the office's own; raises PressFailed."""
    return in_forms(house, paper.document, paper.edition, forms, "full")


def named(*parts: str) -> str:
    """A file's name of these parts, without its ending and without what no file's name may have."""
    return "-".join(re.sub(r"[^\w.-]+", "_", part).strip("._") or "_" for part in parts if part)
