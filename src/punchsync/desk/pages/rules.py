"""The rules in force as a regulation to read, every article where citations lead to, and the packs that judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import Response
from markupsafe import Markup

from punchsync.core.booklet import Booklet
from punchsync.core.moment import Moment
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.room import Room
from punchsync.desk.rules.cited import anchor, cited
from punchsync.packs.booklet import booklet
from punchsync.packs.load import reread
from punchsync.publish.booklet import answered, heading, held
from punchsync.texts import language

if TYPE_CHECKING:
    from punchsync.packs.load import Loaded

room = Room()
SHELF: Final = "rules"


class Version(NamedTuple):
    """A pack that judged: since when it is kept, how many readings are the hall's own, and if it is in force."""

    digest: str
    at: Moment
    own: int
    now: bool


@room.get("/rules", Right.RULES_SEE)
def show(ask: Ask) -> Response:
    """The pack in force."""
    site = ask.desk.site
    digest = site.loaded.pack.digest
    key = f"{SHELF}/{digest}/{language()}"
    body = ask.desk.shelf.get(key)
    if body is None:
        body = ask.desk.shelf[key] = drawn(ask, site.loaded, site.settings.hall.answers)
    with ask.hall.store.reading() as work:
        kept = [(p, work.papers.pack(p.digest) or "") for p in work.papers.packs()]
    versions = [Version(p.digest, p.at, own_readings(text), p.digest == digest) for p, text in kept]
    return ask.page("rules/show.html", name=site.loaded.pack.name, body=body, versions=versions, at=None)


@room.get("/rules/packs/{digest}", Right.RULES_SEE)
def earlier(ask: Ask) -> Response:
    """A pack that judged before, word for word as it was kept."""
    digest = ask.path("digest")
    with ask.hall.store.reading() as work:
        text = work.papers.pack(digest)
        at = next((p.at for p in work.papers.packs() if p.digest == digest), None)
    if text is None:
        raise Missing(digest)
    loaded = reread(text)
    answers = {} if loaded is None else {str(k): str(v) for k, v in json.loads(text)["answers"].items()}
    body = None if loaded is None else drawn(ask, loaded, answers)
    name = ask.hall.pack.name if loaded is None else loaded.pack.name
    return ask.page("rules/show.html", name=name, body=body, versions=[], at=at)


def drawn(ask: Ask, loaded: Loaded, answers: dict[str, str]) -> Markup:
    """A pack's text, ready to be put on a page; the same for everybody."""
    made: Booklet = booklet(loaded.file, loaded.pack, ask.desk.references, answers, ask.hall.name)
    text = ask.desk.render(
        "rules/booklet.html", booklet=made, anchor=anchor, cited=cited, heading=heading, answered=answered, held=held
    )
    return Markup(text)  # noqa: S704 # nosec B704 - a template's own output, in which everything is escaped


def own_readings(kept: str) -> int:
    """How many interpretations and answers of a kept pack are the hall's own."""
    try:
        found = json.loads(kept)
        return len(found["interpretations"]) + len(found["answers"])
    except (ValueError, LookupError, TypeError):
        return 0
