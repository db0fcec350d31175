"""Literal judge for tests: whose punch it is, what has been read, what is lost, when it was dark (HALLS:
Verdicts, Coverage).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .hours import Case
from .records import DAY, FAR, SECOND, Interval, day_of, in_dates, midnight, moment

EARLIEST = datetime(2020, 1, 1)


@dataclass
class Coverage:
    """How far a terminal is covered from the start of its life, and the stretches of it that are lost
    (bounds included).
    """

    reach: datetime | None = None
    lost: list[Interval] = field(default_factory=list)


def same_number(a: str, b: str) -> bool:
    return a.strip().isdecimal() and b.strip().isdecimal() and int(a) == int(b)


def claims(case: Case, terminal: str, day: date) -> dict[str, str]:
    """Device user id -> person on one terminal and date: a terminal's row beats the general one, both beat
    `staff`.
    """
    device = [row for row in case.site.rows("device") if in_dates(row, day)]
    out: dict[str, str] = {}
    for row in case.staff:
        if in_dates(row, day) and row.get("device_user_id"):
            out[row["device_user_id"]] = row["person_id"]
    for row in device:
        if not row["terminal_id"]:
            out[row["device_user_id"]] = row["person_id"]
    for row in device:
        if row["terminal_id"] == terminal:
            out[row["device_user_id"]] = row["person_id"]
    return out


def owner(mapping: dict[str, str], user_id: str) -> str | None:
    """Exact text; else equal as numbers, if that is unique."""
    if user_id in mapping:
        return mapping[user_id]
    people = {person for text, person in mapping.items() if same_number(text, user_id)}
    return people.pop() if len(people) == 1 else None


Punches = dict[tuple[str, date], list[tuple[datetime, str]]]


def punches(case: Case) -> Punches:
    """(person, date) -> the moments with their terminal, in order.

    Same second on two terminals: the terminal id that sorts first; a terminal before `paper`.
    """
    found: dict[tuple[str, date], dict[datetime, set[str]]] = {}
    mappings: dict[tuple[str, date], dict[str, str]] = {}
    for read in case.site.reads:
        for user_id, text in read["rows"]:
            at = moment(text)
            key = (read["terminal"], at.date())
            if key not in mappings:
                mappings[key] = claims(case, *key)
            person = owner(mappings[key], user_id.strip())
            if person is not None:
                found.setdefault((person, at.date()), {}).setdefault(at, set()).add(read["terminal"])
    for row in case.site.rows("paper"):
        at = moment(row["at"])
        found.setdefault((row["person_id"], at.date()), {}).setdefault(at, set()).add("paper")
    out: Punches = {}
    for who, moments in found.items():
        out[who] = [(at, min(places, key=lambda t: (t == "paper", t))) for at, places in sorted(moments.items())]
    return out


def coverage(case: Case, terminal: str) -> Coverage:
    """From the set of reads and files, ordered by their last record, then by their first.

    The first covers from the start of life; a later one continues if it still holds the last record known,
    else the
    stretch from one second after that record (or `--through`, if later) to the first found one is lost. An
    empty
    live read says nothing; an empty file has its word only, comes before all others and breaks nothing.
    """
    usable: list[tuple[list[tuple[datetime, str]], dict[str, Any]]] = []
    for read in case.site.reads:
        if read["terminal"] != terminal:
            continue
        records = sorted((moment(text), user_id.strip()) for user_id, text in read["rows"])
        records = [record for record in records if EARLIEST <= record[0] <= case.as_of]
        if records or (read.get("through") and not read.get("live_reach")):
            usable.append((records, read))
    usable.sort(key=lambda pair: (pair[0][-1][0], pair[0][0][0]) if pair[0] else (datetime.min, datetime.min))
    out = Coverage()
    last_known: datetime | None = None
    at_last: set[tuple[datetime, str]] = set()
    word: datetime | None = None
    for records, read in usable:
        if records and last_known is not None and not at_last & set(records):
            after = last_known if word is None else max(last_known, word)
            if after + SECOND <= records[0][0]:
                out.lost.append((after + SECOND, records[0][0]))
        reach = records[-1][0] if records else None
        if read.get("live_reach"):
            reach = moment(read["live_reach"])
        elif read.get("through"):
            reach = moment(read["through"])
            word = reach if word is None else max(word, reach)
        assert reach is not None
        out.reach = reach if out.reach is None else max(out.reach, reach)
        if records:
            if last_known is None or records[-1][0] > last_known:
                last_known, at_last = records[-1][0], set()
            at_last |= {record for record in records if record[0] == last_known}
    return out


def outages(case: Case, terminal: str, kinds: tuple[str, ...]) -> list[Interval]:
    """Outages of a terminal, bounds included; without an end it is still going on."""
    out = []
    for row in case.site.rows("outage"):
        if row["terminal_id"] == terminal and row["kind"] in kinds:
            start = moment(row["start"])
            if not row["end"]:
                end = FAR
            elif len(row["end"]) == 10:
                end = midnight(day_of(row["end"])) + DAY
            else:
                end = moment(row["end"])
            out.append((start, end))
    return out


class Reading:
    """Coverage and dark stretches per terminal of the settings."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.coverage = {t["id"]: coverage(case, t["id"]) for t in case.site.terminals}
        self.lost = {t: c.lost + outages(case, t, ("lost",)) for t, c in self.coverage.items()}
        self.dark = {t: c.lost + outages(case, t, ("lost", "no_punch")) for t, c in self.coverage.items()}

    def relevant(self, day: date, window: str) -> list[str]:
        """Terminals whose life covers the date and whose `windows`, if given, hold the person's window."""
        return [
            t["id"]
            for t in self.case.site.terminals
            if in_dates(t, day) and (t.get("windows") is None or window in t["windows"])
        ]

    def read_through(self, terminal: str, opens: datetime, until: datetime) -> bool:
        """Every second from `opens` to `until` is covered, or is in a stretch known to be lost."""
        reach = self.coverage[terminal].reach
        at = opens
        while at <= until:
            ends = [end for start, end in self.lost[terminal] if start <= at <= end]
            if reach is not None and at <= reach:
                ends.append(reach)
            if not ends:
                return False
            at = max(ends) + SECOND
        return True

    def was_dark(self, terminals: list[str], first: datetime, last: datetime) -> bool:
        """At some moment of [first, last] every one of the terminals was dark."""
        moments: list[Interval] = [(first, last)] if first <= last else []
        for terminal in terminals:
            both = [(max(a, c), min(b, d)) for a, b in moments for c, d in self.dark[terminal]]
            moments = [(a, b) for a, b in both if a <= b]
        return bool(moments)
