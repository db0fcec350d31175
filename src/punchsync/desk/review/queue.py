"""The queue of unverified checkpoints as the desk asks for it: what is chosen of it, and why each is in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from punchsync.core.appeal import plain
from punchsync.core.moment import Day, parse_day, show_day
from punchsync.core.owners import Owners
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.desk.ask import Ask
from punchsync.desk.review.kept import kept
from punchsync.desk.shown import show_minute
from punchsync.operations.review import RECORD, Doubtful, Stretch, queue
from punchsync.operations.suspicions import Stranger, strangers
from punchsync.texts import _
from punchsync.words import outage

RECENT: Final = 62
"""Days that are shown where none are asked for; older ones are counted."""


class Chosen(NamedTuple):
    """What part of the queue is asked for; `stretch` is the id of one, empty texts: all."""

    first: Day
    last: Day
    window: str
    stretch: str

    def has(self, one: Doubtful) -> bool:
        """Whether a checkpoint is of it."""
        return (
            self.first <= one.verdict.day <= self.last
            and self.window in ("", one.window)
            and (not self.stretch or self.stretch == one.stretch.id)
        )


class Together(NamedTuple):
    """Checkpoints that are in doubt for one reason: how many, of how many people."""

    stretch: Stretch
    checkpoints: int
    people: int


def doubtful(ask: Ask) -> list[Doubtful]:
    """The whole queue, the latest days first."""

    def make() -> list[Doubtful]:
        with ask.hall.store.reading() as work:
            return queue(work, ask.known.bench, ask.hall.pack)

    return kept(ask, "doubtful", make)


def owners(ask: Ask) -> Owners:
    """Whose is which id."""
    return kept(ask, "owners", lambda: Owners(ask.known.case))


def unknown_ids(ask: Ask) -> list[Stranger]:
    """The ids of terminals whose punches are nobody's."""

    def make() -> list[Stranger]:
        with ask.hall.store.reading() as work:
            return strangers(work, ask.known.case, ask.today)

    return kept(ask, "unknown ids", make)


def chosen(ask: Ask, said: Callable[[str], str]) -> Chosen:
    """What an address or a form asks for; a date that is none is left out."""
    first = day_or(said("from"), max(FIRST_DAY, ask.today - RECENT))
    return Chosen(first, day_or(said("to"), LAST_DAY), said("window"), said("stretch"))


def day_or(text: str, otherwise: Day) -> Day:
    """A day as an address has it, or another."""
    try:
        return parse_day(text)
    except ValueError:
        return otherwise


def stretches(rows: Iterable[Doubtful]) -> list[Together]:
    """Reasons for doubt, the most frequent first."""
    found: dict[Stretch, list[str]] = defaultdict(list)
    for one in rows:
        found[one.stretch].append(one.verdict.person)
    made = [Together(stretch, len(people), len(set(people))) for stretch, people in found.items()]
    return sorted(made, key=lambda t: (-t.checkpoints, t.stretch.id))


def why(stretch: Stretch) -> str:
    """A reason for doubt in words."""
    if stretch.why == RECORD:
        return _("考勤机有读不出的记录，或它的钟那时不可信，可能正是这一次打卡")
    span = _("{first} 起").format(first=show_minute(stretch.first))
    if stretch.last is not None:
        span = _("{first} 至 {last}").format(first=show_minute(stretch.first), last=show_minute(stretch.last))
    return _("{terminals} {what}，{span}").format(
        terminals="、".join(stretch.terminals), what=outage(stretch.why), span=span
    )


def own(ask: Ask, person: str) -> bool:
    """Whether a person is the user, by id or by name: nobody decides about himself."""
    mine = ask.account
    return bool(person) and (person == mine.person or alike(ask.known.name(person), ask.who))


@lru_cache(maxsize=10_000)
def alike(one: str, other: str) -> bool:
    """Whether two names are the same as they are compared."""
    return plain(one) == plain(other)


def rulings(rows: Sequence[Doubtful], id: str, effect: str, document: str, by: str, at: str) -> list[dict[str, str]]:
    """The rulings that decide on checkpoints: one for each half-day of a person and what it would be."""
    places = dict.fromkeys((d.verdict.person, d.verdict.day, d.verdict.session, d.kind) for d in rows)
    return [
        {
            "ruling_id": f"{id}-{n:04d}", "person_id": person, "window": "", "date": show_day(day),
            "session": str(session), "kind": kind, "effect": effect, "as_kind": "", "document": document,
            "decided_by": by, "decided_at": at, "withdrawn": "",
        }
        for n, (person, day, session, kind) in enumerate(places, 1)
    ]  # fmt: skip
