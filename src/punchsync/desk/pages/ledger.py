"""The ledger: what was booked, newest first, page by page; and the same to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.anchor import anchor
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day
from punchsync.core.outbox import DELIVERED, WAITING
from punchsync.core.period import KINDS, days_of_month, period_of
from punchsync.core.readback import COLUMNS, texts
from punchsync.core.sought import Sought
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.room import Room
from punchsync.desk.rules.cited import cited
from punchsync.desk.search import people_like
from punchsync.desk.tables import download
from punchsync.operations.ports import Work
from punchsync.problems import Refused
from punchsync.texts import _

room = Room()
ROWS: Final = 50
NAMED: Final = 6
"""People who are named where a text may mean several."""
FIELDS: Final = ("month", "booked", "account", "category", "rule", "cause", "reversals")


class Asked(NamedTuple):
    """What a reader asked for: the fields as typed, what they mean, and what is wrong with them."""

    fields: dict[str, str]
    sought: Sought
    problems: dict[str, str]

    @property
    def address(self) -> str:
        """The fields as a part of an address."""
        return urlencode({name: value for name, value in self.fields.items() if value})


class Line(NamedTuple):
    """An entry as shown: its height, the entry that took it back, and whether it was delivered (empty: nowhere to)."""

    entry: Entry
    height: int
    taken_back: str
    delivery: str


@room.get("/ledger", Right.LEDGER_SEE, "ledger")
def show(ask: Ask) -> Response:
    """A page of entries, with what the chosen month comes to."""
    asked = asked_for(ask)
    below, above = whole(ask.query("below")), whole(ask.query("above"))
    with ask.hall.store.reading() as work:
        found = [] if asked.problems else work.ledger.page(asked.sought, ROWS + 1, below=below, above=above)
        back = above is not None
        more = len(found) > ROWS
        shown = (found[1:] if back else found[:ROWS]) if more else found
        lines = lined(ask, work, [(c.entry, c.height) for c in shown])
        totals = work.concluded.totals(periods(asked.sought), *asked.sought[2:5]) if asked.sought.value else []
        height, _hash = work.deliveries.head()
        head = anchor(ask.hall.id, work.links.head())
    pack = ask.hall.pack
    return ask.page(
        "ledger/list.html",
        422 if asked.problems else 200,
        asked=asked,
        shown=lines,
        totals=totals,
        height=height,
        head=head,
        newer=shown[0].height if shown and (more if back else below is not None) else None,
        older=shown[-1].height if shown and (back or more) else None,
        categories=choices((c.name for c in pack.categories), asked.fields["category"]),
        rules=choices((i.name for i in pack.items), asked.fields["rule"]),
        cited=cited,
    )


@room.get("/ledger/download", Right.LEDGER_SEE, "ledger download")
def keep(ask: Ask) -> Response:
    """Every entry that fits, in the columns and the order of the export."""
    asked = asked_for(ask)
    if asked.problems:
        return ask.to(f"/ledger?{asked.address}")
    with ask.hall.store.reading() as work:
        rows = sorted(texts(c.entry) for c in work.ledger.page(asked.sought))
    name = "-".join(["ledger", *(v for v in (asked.fields["month"], asked.fields["booked"]) if v)])
    return download(ask, ask.query("form"), name, COLUMNS, rows)


def asked_for(ask: Ask) -> Asked:
    """The filters of an address, noted for the audit."""
    fields = {name: ask.query(name) for name in FIELDS}
    problems: dict[str, str] = {}
    spans = {}
    for name in ("month", "booked"):
        spans[name] = span(fields[name])
        if fields[name] and spans[name] is None:
            problems[name] = _("写的是 {value}，应为年月，如 2026-11").format(value=fields[name])
        elif fields[name]:
            ask.about[name] = fields[name]
    kind, id = "", ""
    if fields["account"]:
        kind, id, problem = account(ask, fields["account"])
        if problem:
            problems["account"] = problem
        ask.about["account"] = id
    sought = Sought(
        spans["month"], spans["booked"], kind, id, fields["category"], fields["rule"], fields["cause"],
        bool(fields["reversals"]),
    )  # fmt: skip
    return Asked(fields, sought, problems)


def span(month: str) -> tuple[Day, Day] | None:
    """A month's days, or None for what is no month."""
    year, dash, number = month.partition("-")
    good = len(year) == 4 and dash and len(number) == 2 and f"{year}{number}".isascii() and f"{year}{number}".isdigit()
    if not good or not 1 <= int(number) <= 12 or not 1 <= int(year) < 9999:
        return None
    days = days_of_month(month)
    return days[0], days[-1]


def account(ask: Ask, text: str) -> tuple[str, str, str]:
    """The kind and id of the account that a text means, or what is wrong with it."""
    known = ask.known
    if text in known.windows and ask.reach.window(text):
        return "window", text, ""
    found = [p for p in people_like(known.people, text) if ask.reach.person(p.id)]
    if len(found) == 1:
        return "person", found[0].id, ""
    if not found:
        return "", "", _("没有“{value}”这个人或窗口；请写姓名、拼音首字母、工号，或窗口全名").format(value=text)
    names = "、".join(f"{p.id} {p.name}" for p in found[:NAMED])
    return "", "", _("“{value}”可能是 {n} 人：{names}；请写工号").format(value=text, n=len(found), names=names)


def periods(sought: Sought) -> list[str]:
    """The periods that hold a month: itself, its quarter, its year."""
    return [period_of(sought.value[0], kind) for kind in KINDS] if sought.value else []


def lined(ask: Ask, work: Work, entries: list[tuple[Entry, int]]) -> list[Line]:
    """Entries with what else is to be said of them."""
    causes = {entry.cause for entry, _height in entries}
    back = {e.reverses: e.entry_id for e in work.ledger.of_causes(causes) if e.reverses}
    delivery = deliveries(ask, work)
    return [Line(entry, height, back.get(entry.entry_id, ""), delivery(height)) for entry, height in entries]


def deliveries(ask: Ask, work: Work) -> Callable[[int], str]:
    """Whether the entry of a height was delivered: a batch's state, or `unknown`; empty where nothing is delivered."""
    if not ask.hall.scored:
        return lambda height: ""
    try:
        name = ask.desk.site.scoring_name() or ""
    except Refused:  # its address is a credential that can't be had
        return lambda height: "unknown"
    cut = work.deliveries.cut(name).height
    open_ones = [(d.batch.first, d.batch.last, d.state) for d in work.deliveries.unfinished(name)]

    def state(height: int) -> str:
        if height > cut:
            return WAITING
        return next((state for first, last, state in open_ones if first <= height <= last), DELIVERED)

    return state


def whole(text: str) -> int | None:
    """A height; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def choices(names: Iterable[str], chosen: str) -> list[tuple[str, str]]:
    """Names to choose from, each once, with one that is chosen and is none of them."""
    found = list(dict.fromkeys([*names, *([chosen] if chosen else [])]))
    return [(name, name) for name in found]
