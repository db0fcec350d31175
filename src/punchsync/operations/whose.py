"""Whose is what: of every table and every kind of record, what of it is about one person.

`TABLES` and `COLUMNS` say where each goes that is handed over to that person (`person`), `NOTHING` and `IMPERSONAL`
which hold nothing of anybody: a test holds them to what there is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from punchsync.core.appeal import plain
from punchsync.core.owners import Owners, as_number
from punchsync.core.stored import Version
from punchsync.operations.clocks import Clocks
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Work

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "names": ("person_name",),
    "records": ("record",),
    "mentions": ("record", "closing", "outcome_decision", "appeal", "appeal_decision", "checkpoint"),
    "device_ids": ("device_user", "memory"),
    "punches": ("punch",),
    "defects": ("defect",),
    "verdicts": ("verdict",),
    "violations": ("violation",),
    "tallies": ("tally",),
    "facts": ("fact",),
    "standings": ("standing",),
    "ledger": ("ledger_entry",),
    "deliveries": ("delivery",),
    "scores": ("score",),
    "outcomes": ("outcome",),
    "decisions": ("outcome_decision",),
    "ranks": ("rank",),
    "appeals": ("appeal",),
    "evidence": ("evidence",),
    "appeal_decisions": ("appeal_decision",),
    "bulletins": ("bulletin",),
    "notices": ("notice",),
    "contacts": ("contact",),
    "accounts": ("account",),
    "logins": ("web_session",),
    "tokens": ("api_token",),
}
"""The parts of what is handed over, and the tables that each is of."""

NOTHING: Final[Mapping[str, str]] = {
    "hall": "the hall's own name",
    "reading": "of terminals: when they were read, and how much",
    "quarantine": "logs that nobody can read, so that nobody can tell whose they are; the page says so",
    "failure": "of terminals",
    "hall_month": "of months",
    "settle_run": "when was settled, by which rules",
    "job_run": "when the service did what",
    "job_trouble": "what failed in the service",
    "attention": "of terminals, months, the machine",
    "pack": "the rules",
    "link": "digests",
    "erasure": "digests of what was erased",
    "printing": "which files of bulletins are still to be made",
    "told": "up to which entry people were told",
}
"""Tables that hold nothing of a person, and what they hold."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "staff": ("person_id",),
    "device": ("person_id",),
    "roster": ("person_id",),
    "leave": ("person_id",),
    "outing": ("person_id",),
    "standin": ("absent_person_id", "standin_person_id"),
    "incident": ("person_id",),
    "paper": ("person_id",),
    "ruling": ("person_id",),
    "scores": ("subject_id",),
    "request": ("person_id",),
    "sign": ("person_id",),
    "looked": ("person_id", "other_id"),
}
"""Kinds of records that are about people, by whose ids."""
IMPERSONAL: Final = frozenset({"outage", "calendar"})

ACTING: Final[Mapping[str, tuple[str, ...]]] = {
    "incident": ("noted_by",),
    "paper": ("approved_by",),
    "ruling": ("decided_by",),
    "request": ("filed_by", "decided_by"),
    "sign": ("by",),
    "looked": ("by",),
}
ACTED: Final = {
    "closing": ("by", "at"),
    "outcome_decision": ("decided_by", "decided_at"),
    "appeal": ("filed_by", "filed_at"),
    "appeal_decision": ("decided_by", "decided_at"),
    "checkpoint": ("by", "at"),
}
"""Where somebody is named who acted for the hall, or for somebody: the column, and when it was."""

OWN: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "verdict": ("person", {}),
    "violation": ("person", {}),
    "tally": ("person", {}),
    "appeal": ("person", {}),
    "account": ("person", {}),
    "contact": ("person", {}),
    "fact": ("subject_id", {"subject_type": "person"}),
    "standing": ("subject_id", {"subject_type": "person"}),
    "outcome": ("subject_id", {"subject_type": "person"}),
    "outcome_decision": ("subject_id", {"subject_type": "person"}),
    "rank": ("subject_id", {"subject_type": "person"}),
    "score": ("account_id", {"account_type": "person"}),
}
"""Tables whose rows say in one column whose they are."""


class Whose:
    """A person in a view of the store: who they are, and what is theirs."""

    def __init__(self, hall: Hall, work: Work, id: str) -> None:
        self.work, self.id = work, id
        self.case = records(hall, work, ("staff", "device"))
        self.owners, self.clocks = Owners(self.case), Clocks(work, hall.terminals)
        staff = list(work.records.versions("staff"))
        self.names = tuple(dict.fromkeys(v.body["name"] for v in staff if mine(v, id) and v.body["name"] != id))
        self.others = {v.body[column] for v in staff if not mine(v, id) for column in ("person_id", "name")}
        self.called = {plain(said) for name in (id, *self.names) for said in (name, name + id)}
        self.violations = {row["id"] for row in self.own("violation")}
        self.violations.update(row["violation"] for row in self.own("appeal"))
        entries = work.stored.rows("ledger_entry", "account_id", [id], account_type="person")
        self.violations.update(violation_of(row) for row in entries)
        # Also what their violations cost their window.
        self.entries = [row for row in work.stored.rows("ledger_entry") if violation_of(row) in self.violations]

    def names_of_others(self) -> set[str]:
        """Names of other people that are not this person's too; of one character none, which is a word like any."""
        people = {p.name for p in self.case.postings if p.person != self.id and p.name != p.person}
        return {name for name in people if len(name) > 1} - set(self.names)

    def own(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table that are this person's."""
        column, same = OWN[table]
        return self.work.stored.rows(table, column, [self.id], **same)

    def aliases(self) -> set[str]:
        """What stands for their names in the staff records as they are stored."""
        bodies = [json.loads(row["body"]) for row in self.work.stored.rows("record", kind="staff")]
        said = [body["name"] for body in bodies if body["person_id"] == self.id]
        return {alias for name in said if isinstance(name, dict) for alias in name.values()}

    def appeals(self) -> list[int]:
        """The numbers of the appeals that are about them."""
        return [row["number"] for row in self.own("appeal")]

    def logins(self) -> list[str]:
        """The logins of the accounts that are theirs."""
        return [row["login"] for row in self.own("account")]

    def evidence(self) -> Iterator[dict[str, Any]]:
        """What came with those appeals."""
        for number_ in self.appeals():
            yield from self.work.stored.rows("evidence", appeal=number_)

    def acts(self, said: object) -> bool:
        """Whether a free text is this person's name or id."""
        return isinstance(said, str) and plain(said) in self.called

    def claims(self) -> list[tuple[str, str]]:
        """The device user ids that were ever theirs, as terminals write them: terminal, id."""
        texts = {p.device_user_id for p in self.case.postings if p.person == self.id}
        texts.update(d.device_user_id for d in self.case.devices if d.person == self.id)
        numbers = {as_number(text) for text in texts} - {""}
        return [(t, user) for t, user in self.work.punches.strange() if user in texts or as_number(user) in numbers]

    def ids(self) -> frozenset[str]:
        """Their id, their violations and their entries."""
        return frozenset({self.id, *self.violations, *(row["entry_id"] for row in self.entries)})


def violation_of(entry: Mapping[str, Any]) -> str:
    """The violation that an entry was booked for."""
    return str(entry["cause"]).partition("@")[0]


def mine(version: Version, id: str) -> bool:
    """Whether a version of a record is about a person."""
    body = version.body
    if version.kind == "scores" and body["subject_type"] != "person":
        return False
    return any(body.get(column) == id for column in COLUMNS[version.kind])
