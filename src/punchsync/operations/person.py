"""Gather everything that is stored of one person, and nothing of anybody else, for that person to have."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from punchsync.core.moment import day_of, show_day, show_moment
from punchsync.core.notice import PERSON
from punchsync.core.passages import lines_of, passages
from punchsync.core.points import number
from punchsync.operations.hall import Hall
from punchsync.operations.whose import ACTED, ACTING, COLUMNS, Whose, mine

DAYS: Final = frozenset({"day", "booked_on", "value_date"})
MOMENTS: Final = frozenset({
    "at", "due", "punch", "stored_at", "issued_at", "filed_at", "decided_at", "made_at", "tried_at", "first_at",
    "last_at", "seen_at", "changed_at", "locked_until", "ends_at", "used_at", "revoked_at",
})  # fmt: skip
MILLI: Final = frozenset({("ledger_entry", "points"), ("score", "base"), ("score", "points"), ("score", "score")})


SECRET: Final = frozenset({"password", "digest", "csrf"})
"""Columns of the desk's tables by which somebody could be taken for them, or try to be."""

FREE: Final = frozenset({"reason", "place", "evidence", "sheet", "document", "note", "grounds", "late"})
"""Columns in which people write what they like."""


class Nobody(Exception):
    """Nothing is stored of such a person; carries the id asked for."""


class Part(NamedTuple):
    """A part of what is handed over: its columns and rows, all of them texts; of records also their kind."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    kind: str = ""


class File(NamedTuple):
    """A file of evidence: its appeal, place, name and bytes."""

    appeal: int
    position: int
    name: str
    content: bytes


class Person(NamedTuple):
    """All that is stored of a person; `ids` is what lines of the access log may call them or theirs by."""

    id: str
    names: tuple[str, ...]
    parts: tuple[Part, ...]
    files: tuple[File, ...]
    ids: frozenset[str]
    appeals: frozenset[str]
    logins: frozenset[str]
    others: tuple[tuple[str, str, int], ...]
    """Rows (part, kind, number from 1) where somebody wrote another person's name into a free text."""


def person(hall: Hall, id: str) -> Person:
    """Everything of one person, as it is stored; raises Nobody."""
    with hall.store.reading() as work:
        found = Whose(hall, work, id)
        parts = tuple(part for make in MAKERS for part in make(found) if part.rows)
        if not parts:
            raise Nobody(id)
        files = tuple(
            File(row["appeal"], row["position"], row["name"], bytes(row["content"])) for row in found.evidence()
        )
        others = tuple((p.name, p.kind, n) for p in parts for n in naming(p, found.names_of_others()))
        appeals, logins = frozenset(map(str, found.appeals())), frozenset(found.logins())
        return Person(id, found.names, parts, files, found.ids(), appeals, logins, others)


def naming(part: Part, names: Collection[str]) -> Iterator[int]:
    """The rows of a part, from 1, in whose free texts one of some names stands."""
    free = [n for n, column in enumerate(part.columns) if column in FREE]
    for number_, row in enumerate(part.rows, 1):
        if any(name in row[n] for n in free for name in names):
            yield number_


def names(found: Whose) -> Iterator[Part]:
    """The names that are kept, each under its alias."""
    yield part("names", "person_name", found.work.stored.rows("person_name", "alias", found.aliases()))


def kept_records(found: Whose) -> Iterator[Part]:
    """Every version of every record about them, as it came."""
    for kind in COLUMNS:
        versions = [v for v in found.work.records.versions(kind) if mine(v, found.id)]
        columns = sorted({column for v in versions for column in v.body})
        rows = [
            (str(v.number), show_moment(v.at), *(str(v.body.get(column, "")) for column in columns)) for v in versions
        ]
        yield Part("records", ("version", "stored_at", *columns), rows, kind)


def mentions(found: Whose) -> Iterator[Part]:
    """Where they are named in what is about others: as somebody's B post, or as who acted. Nothing of those others."""
    rows: list[tuple[str, ...]] = []
    for v in found.work.records.versions("staff"):
        if not mine(v, found.id) and found.id in v.body.get("backup_for", "").split(";"):
            rows.append(("staff", v.body["person_id"], "backup_for", show_moment(v.at)))
    for kind, columns in ACTING.items():
        for v in found.work.records.versions(kind):
            key = "" if kind == "paper" else v.key  # a sheet's has the id of whom it is about
            rows += [(kind, key, column, show_moment(v.at)) for column in columns if found.acts(v.body.get(column))]
    for table, (column, at) in ACTED.items():
        for row in found.work.stored.rows(table):
            if found.acts(row[column]):
                rows.append((table, str(row.get("number", row.get("appeal"))), column, show_moment(row[at])))
    yield Part("mentions", ("where", "key", "column", "at"), rows)


def device_ids(found: Whose) -> Iterator[Part]:
    """The ids that terminals know them by, and the slots there."""
    claims = found.claims()
    rows = [(terminal, user, "") for terminal, user in claims]
    for row in found.work.stored.rows("memory"):
        day = day_of(row["began"])
        rows += [
            (row["terminal"], user, slot)
            for slot, user in json.loads(row["slots"]).items()
            if found.owners.of(row["terminal"], user, day) == found.id
        ]
    yield Part("device_ids", ("terminal", "device_user_id", "slot"), rows)


def punches(found: Whose) -> Iterator[Part]:
    """Every punch of theirs: in our time, as the terminal wrote it, and its bytes."""
    rows: list[tuple[str, ...]] = []
    for terminal, user in found.claims():
        for row in found.work.stored.rows("punch", terminal=terminal, device_user_id=user):
            placed = found.clocks.place(terminal, row["number"], row["at"]).at
            at = row["at"] if placed is None else placed
            if found.owners.of(terminal, user, day_of(at)) == found.id:
                written = (show_moment(at), *(said("punch", name, row[name]) for name in PUNCH))
                rows.append((written[0], terminal, user, *written[1:]))
    yield Part("punches", ("at", "terminal", "device_user_id", "as_written", *PUNCH[1:]), sorted(rows))


PUNCH: Final = ("at", "verify", "state", "number", "reading", "position", "ordinal", "raw")


def defects(found: Whose) -> Iterator[Part]:
    """Records that can't be read as punches and may be theirs; without the bytes where they may be somebody else's."""
    rows: list[dict[str, Any]] = []
    for row in found.work.stored.rows("defect"):
        users = json.loads(row["users"])
        day = day_of(row["first_at"]) if row["first_at"] is not None else None
        whose = {None if day is None else found.owners.of(row["terminal"], user, day) for user in users}
        if found.id in whose:
            alone = whose == {found.id}
            rows.append({**row, "raw": row["raw"] if alone else b"", "users": row["users"] if alone else ""})
    yield part("defects", "defect", rows)


def of(name: str, table: str) -> Callable[[Whose], Iterator[Part]]:
    """The part that is a table's own rows."""

    def make(found: Whose) -> Iterator[Part]:
        yield part(name, table, found.own(table))

    return make


def ledger(found: Whose) -> Iterator[Part]:
    """What was booked for what they did."""
    yield part("ledger", "ledger_entry", found.entries)


def deliveries(found: Whose) -> Iterator[Part]:
    """Which of their entries were sent to which scoring store, and when."""
    booked = [(row["height"], row["entry_id"]) for row in found.entries]
    rows = [
        (entry, row["store"], row["state"], said("delivery", "tried_at", row["tried_at"]))
        for row in found.work.stored.rows("delivery")
        for height, entry in booked
        if row["first"] <= height <= row["last"]
    ]
    yield Part("deliveries", ("entry_id", "store", "state", "tried_at"), sorted(rows))


def evidence(found: Whose) -> Iterator[Part]:
    """The files that came with their appeals; their bytes are beside."""
    yield part("evidence", "evidence", ({k: v for k, v in row.items() if k != "content"} for row in found.evidence()))


def appeal_decisions(found: Whose) -> Iterator[Part]:
    """What was decided on their appeals."""
    rows = (row for n in found.appeals() for row in found.work.stored.rows("appeal_decision", appeal=n))
    yield part("appeal_decisions", "appeal_decision", rows)


def bulletins(found: Whose) -> Iterator[Part]:
    """The bulletins that name them: which, and the lines that name nobody else."""
    rows = [
        (row["kind"], row["year"], str(row["number"]), row["period"], show_moment(row["issued_at"]), *told)
        for row in found.work.stored.rows("bulletin")
        if (told := quoted(found, lines_of(row["content"])))
    ]
    yield Part("bulletins", ("kind", "year", "number", "period", "issued_at", "lines", "passages"), rows)


def notices(found: Whose) -> Iterator[Part]:
    """The notices that name them, and those that went to them alone."""
    rows: list[tuple[str, ...]] = []
    for row in found.work.stored.rows("notice"):
        text = f"{row['subject']}\n{row['body']}"
        own = row["channel"] == PERSON + found.id
        told = (str(text.count("\n") + 1), text) if own else quoted(found, text)
        if told:
            rows.append((str(row["number"]), row["channel"], row["event"], show_moment(row["made_at"]), *told))
    yield Part("notices", ("number", "channel", "event", "made_at", "lines", "passages"), rows)


def desk(name: str, table: str) -> Callable[[Whose], Iterator[Part]]:
    """The part that is a table's rows of their accounts, without what is secret."""

    def make(found: Whose) -> Iterator[Part]:
        rows = found.work.stored.rows(table, "login", found.logins())
        yield part(name, table, ({k: v for k, v in row.items() if k not in SECRET} for row in rows))

    return make


def quoted(found: Whose, text: str) -> tuple[str, ...]:
    """How many lines of a text name them, and those that name nobody else; nothing where none does."""
    count, lines = passages(text, (found.id, *found.names), found.others)
    return (str(count), "\n".join(lines)) if count else ()


def part(name: str, table: str, rows: Iterable[Mapping[str, Any]]) -> Part:
    """Rows of a table as they stand, days and times readable."""
    found = list(rows)
    columns = tuple(found[0]) if found else ()
    return Part(name, columns, [tuple(said(table, c, row[c]) for c in columns) for row in found])


def said(table: str, column: str, value: Any) -> str:
    """A stored value as text: days, moments and points as everywhere, bytes in hex."""
    if value is None or (column in MOMENTS and not value):
        return ""
    if (table, column) in MILLI:
        return number(Decimal(value) / 1000)
    if column in MOMENTS:
        return show_moment(value)
    if column in DAYS:
        return show_day(value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


MAKERS: Final[tuple[Callable[[Whose], Iterator[Part]], ...]] = (
    names, kept_records, mentions, device_ids, punches, defects, of("verdicts", "verdict"),
    of("violations", "violation"), of("tallies", "tally"), of("facts", "fact"), of("standings", "standing"), ledger,
    deliveries, of("scores", "score"), of("outcomes", "outcome"), of("decisions", "outcome_decision"),
    of("ranks", "rank"), of("appeals", "appeal"), evidence, appeal_decisions, bulletins, notices,
    of("contacts", "contact"), desk("accounts", "account"), desk("logins", "web_session"), desk("tokens", "api_token"),
)  # fmt: skip
