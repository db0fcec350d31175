"""What is odd about punches and clocks: a reason to look, which accuses nobody; who looked says what he saw."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.moment import Day, show_day, show_moment
from punchsync.core.suspicion import KINDS, Suspicion
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.pages.review import tabs
from punchsync.desk.review.kept import kept, records
from punchsync.desk.review.queue import day_or
from punchsync.desk.review.suspicion_words import besides, noticed, rules, title
from punchsync.desk.room import Room
from punchsync.operations.desk_records import LOOKED
from punchsync.operations.suspicions import dismiss, look, still_odd
from punchsync.texts import _

room = Room()
DAYS: Final = 7
MOST: Final = 31
"""Days that are looked through at once."""
SHOWN: Final = 100
TIMES: Final = 8
"""Times of one suspicion that are named; there may be one a day."""
PAST: Final = 20


@room.get("/review/suspicions", Right.REVIEW_SEE, "suspicions")
def show(ask: Ask) -> Response:
    """What is odd in a stretch of days."""
    return listed(ask, *stretch(ask, ask.query("from"), ask.query("to")))


@room.post("/review/suspicions/seen", Right.REVIEW_DECIDE, "suspicion seen")
def seen(ask: Ask) -> Response:
    """Note that there is nothing in it, and why."""
    first, last = stretch(ask, ask.form.one("from"), ask.form.one("to"))
    id, note = ask.form.one("id"), ask.form.one("note")
    ask.about["suspicion"] = id
    one = next((s for s in odd(ask, first, last) if s.id == id), None)
    if one is None:
        raise Missing(id)
    if not note or len(note) > 200:
        return listed(ask, first, last, {id: _("写一句看到了什么、为什么不必再看，不超过 200 个字。")})
    dismiss(ask.hall, one, ask.who, note)
    address = urlencode({"from": show_day(first), "to": show_day(last)})
    return ask.to(f"/review/suspicions?{address}", _("已记下；以后再有同样的情况会重新列出。"))


def stretch(ask: Ask, first: str, last: str) -> tuple[Day, Day]:
    """The days that are asked for: the last ones where none are, never too many."""
    end = min(day_or(last, ask.today), ask.today)
    return max(min(day_or(first, end - DAYS + 1), end), end - MOST + 1), end


def odd(ask: Ask, first: Day, last: Day) -> list[Suspicion]:
    """What is odd on these days and nobody looked at."""

    def make() -> dict[tuple[Day, Day], list[Suspicion]]:
        return {}

    found = kept(ask, "suspicions", make)
    if (first, last) not in found:
        if len(found) >= PAST:
            found.clear()
        with ask.hall.store.reading() as work:
            found[first, last] = look(ask.hall, work, ask.known.bench, first, last)
    return still_odd(found[first, last], records(ask, LOOKED))


def listed(ask: Ask, first: Day, last: Day, problems: dict[str, str] | None = None) -> Response:
    """The list."""
    whole = odd(ask, first, last)
    kind = ask.query("kind")
    rows = [s for s in whole if kind in ("", s.kind)]
    looked = sorted(records(ask, LOOKED).values(), key=lambda body: (body["at"], body["suspicion_id"]), reverse=True)
    return ask.page(
        "review/suspicions.html",
        422 if problems else 200,
        tabs=tabs(ask),
        first=first,
        last=last,
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        kind=kind,
        kinds=[(k, title(k), n) for k in KINDS if (n := sum(1 for s in whole if s.kind == k))],
        address=lambda k: "/review/suspicions?" + urlencode({"from": show_day(first), "to": show_day(last), "kind": k}),
        patrol=patrol,
        title=title,
        noticed=noticed,
        besides=besides,
        rules=rules(),
        times=TIMES,
        most=MOST,
        looked=looked[:PAST],
        problems=problems or {},
        typed=ask.form.one("note"),
    )


def patrol(one: Suspicion, person: str) -> str:
    """Where an incident is registered about somebody, the form filled with what is known."""
    given = {"person_id": person, "kind": "proxy_punch", "at": show_moment(one.last)[:16]}
    return f"/patrol/new?{urlencode(given)}"
