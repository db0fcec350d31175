"""A bulletin of a day or of a longer period, issued: numbered, kept, and its text written to a file in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from punchsync.bootstrap.letterheads import titled
from punchsync.core.anchor import anchor
from punchsync.core.chain import bulletins
from punchsync.core.checkpoint import unpublishable
from punchsync.core.moment import Day, Moment, day_of, show_day
from punchsync.core.summary import reach
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.operations.publish import daily, summary
from punchsync.publish.daily import document as daily_document
from punchsync.publish.document import Document, Edition, Letterhead
from punchsync.publish.files import put
from punchsync.publish.forms.md import make
from punchsync.publish.kept import dump
from punchsync.publish.level import at_level
from punchsync.publish.order import LINE, Order
from punchsync.publish.summary import document as summary_document

FOLDER: Final = "bulletins"
"""Where a site's bulletins are written."""
OF_FORMS: Final[dict[str, str]] = {
    "md": "full", "docx": "full", "pdf": "full", "xlsx": "full", "html": "masked", "txt": "masked",
}  # fmt: skip
"""The publication level of each form where a hall says nothing: what leaves the office names nobody in full."""


class House(NamedTuple):
    """How a hall has its bulletins printed: its site's folder, the forms that the service makes, their levels."""

    site: Path
    forms: tuple[str, ...] = ()
    levels: Mapping[str, str] = OF_FORMS
    line: int = LINE


class NotSettled(Exception):
    """The day was never settled, so there is nothing to say of it."""


class Issue(NamedTuple):
    """A bulletin as issued, to be told of: what it says, and where it stands."""

    document: Document
    edition: Edition
    violations: int
    unknown: int

    @property
    def hall(self) -> str:
        """The hall's name."""
        return self.document.hall

    @property
    def kind(self) -> str:
        """daily, weekly, monthly or quarterly."""
        return self.document.kind

    @property
    def period(self) -> str:
        """What it is about."""
        return self.document.period

    @property
    def number(self) -> int:
        """Its number in its year."""
        return self.edition.number


class Published(NamedTuple):
    """A bulletin's file, its number, and whether something of its days is still unknown."""

    file: Path
    number: int
    provisional: bool
    period: str


Also = Callable[[Work, Issue, Moment], None]


def nothing(work: Work, issue: Issue, at: Moment) -> None:
    """Nothing else is written with a bulletin."""


def publish(
    hall: Hall, kind: str, day: Day, folder: Path, also: Also = nothing, house: House | None = None
) -> Published:
    """Issue the bulletin of a day, or of the week, month or quarter it lies in, and write its text into a folder.

    The same content keeps its number. Other forms that a `house` wants are noted as owed. Raises NotSettled, Sealed for
    days of which something was erased, Refused for a bad letterhead, OSError where the file can't be written.
    """
    first, last = (day, day) if kind == "daily" else reach(kind, day)
    with hall.store.reading() as work:
        sealed = unpublishable(work.checkpoints.all(), first, last)
        settled = work.runs.settled_as_of()
    if sealed is not None:
        raise sealed
    if settled is None or day_of(settled) < first:
        raise NotSettled
    document, violations, unknown = content(hall, kind, day, house)
    return _issue(hall, Issue(document, Edition(), violations, unknown), folder, also, house)


def content(hall: Hall, kind: str, day: Day, house: House | None = None) -> tuple[Document, int, int]:
    """What a bulletin would say now, how many violations it lists, and of how many people it does not know all."""
    around, own = (Letterhead(), None) if house is None else titled(house.site, hall.name, kind)
    if kind == "daily":
        today = daily(hall, day)
        return daily_document(today, around, own), len(today.occurrences), len(today.unknown)
    period = summary(hall, kind, day)
    return summary_document(period, around, own), len(period.occurrences), len(period.unknown)


def edition(hall: Hall, work: Work, kind: str, year: str, number: int) -> Edition:
    """Where an issued bulletin stands: the chain's anchor is that of before it, the same whenever it is printed."""
    found = work.papers.edition(kind, year, number)
    head = work.links.before(bulletins(kind, year), number)
    return Edition(number, show_day(day_of(found.at)), found.replaces, str(anchor(hall.id, head)))


def _issue(hall: Hall, issue: Issue, folder: Path, also: Also, house: House | None) -> Published:
    """Number a bulletin and write its text.

    The file is written before its number is committed, together with `also`: killed in between, the next attempt gets
    the same number and writes the same file.
    """
    document = issue.document
    kind, period = document.kind, document.period
    file = folder / f"{kind}-{period}.md"
    level = (OF_FORMS if house is None else house.levels)["md"]
    with hall.store.writing() as work:
        now = hall.clock.now()
        number = work.papers.issue(kind, period, dump(document), now)
        here = edition(hall, work, kind, period[:4], number)
        put(file, make(Order(at_level(document, level), here, ("md",)), {}))
        if house is not None and set(house.forms) - {"md"}:
            work.printing.owe(kind, period[:4], number)
        also(work, issue._replace(edition=here), now)
    return Published(file, number, document.provisional, period)
