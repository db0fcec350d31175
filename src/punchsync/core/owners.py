"""Whose punch it is: a device user id's owner on a terminal and date.

A terminal's own row beats the general one, which beats the id in the staff list; exact text first, else equal as
numbers where that is one person only (CONTRACT.md, `device`).
"""

from __future__ import annotations

from collections import defaultdict

from punchsync.core.moment import Day
from punchsync.core.records import Case

Claim = tuple[Day, Day, str]  # first, last, person
STAFF = "\x00staff"


class Owners:
    """Owners of device user ids; claims are looked up once for each id of a terminal."""

    def __init__(self, case: Case) -> None:
        self._claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self._texts: dict[str, set[str]] = defaultdict(set)
        for row in case.devices:
            self._claim(row.terminal, row.device_user_id, (row.first, row.last, row.person))
        for posting in case.postings:
            if posting.device_user_id:
                self._claim(STAFF, posting.device_user_id, (posting.first, posting.last, posting.person))
        self._found: dict[tuple[str, str], list[list[list[Claim]]]] = {}

    def of(self, terminal: str, device_user_id: str, day: Day) -> str | None:
        """The person who had that id on that terminal and date, or None: nobody yet, or several as numbers."""
        key = (terminal, device_user_id)
        found = self._found.get(key)
        if found is None:
            texts = [device_user_id, *sorted(self._texts[as_number(device_user_id)] - {device_user_id})]
            found = self._found[key] = [self._levels(terminal, text) for text in texts]
        exact = owner(found[0], day)
        if exact is not None:
            return exact
        people = {person for levels in found[1:] if (person := owner(levels, day)) is not None}
        return people.pop() if len(people) == 1 else None

    def _claim(self, place: str, device_user_id: str, claim: Claim) -> None:
        self._claims[place, device_user_id].append(claim)
        number = as_number(device_user_id)
        if number:
            self._texts[number].add(device_user_id)

    def _levels(self, terminal: str, text: str) -> list[list[Claim]]:
        return [self._claims.get((place, text), []) for place in (terminal, "", STAFF)]


def owner(levels: list[list[Claim]], day: Day) -> str | None:
    """Who has an id on a day by the first level that says so."""
    for claims in levels:
        for first, last, person in claims:
            if first <= day <= last:
                return person
    return None


def as_number(device_user_id: str) -> str:
    """A numeric id without its leading zeros, or empty for any other."""
    return device_user_id.lstrip("0") or "0" if device_user_id.isascii() and device_user_id.isdigit() else ""
