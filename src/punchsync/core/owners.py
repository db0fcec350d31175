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
        self._exact: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self._number: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for row in case.devices:
            self._claim(row.terminal, row.device_user_id, (row.first, row.last, row.person))
        for posting in case.postings:
            if posting.device_user_id:
                self._claim(STAFF, posting.device_user_id, (posting.first, posting.last, posting.person))
        self._levels: dict[tuple[str, str], list[list[Claim]]] = {}

    def of(self, terminal: str, device_user_id: str, day: Day) -> str | None:
        """The person who had that id on that terminal and date, or None: nobody yet."""
        key = (terminal, device_user_id)
        levels = self._levels.get(key)
        if levels is None:
            levels = self._levels[key] = self._look_up(terminal, device_user_id)
        for claims in levels:
            people = {person for first, last, person in claims if first <= day <= last}
            if people:
                return people.pop() if len(people) == 1 else None
        return None

    def _claim(self, place: str, device_user_id: str, claim: Claim) -> None:
        self._exact[place, device_user_id].append(claim)
        number = as_number(device_user_id)
        if number:
            self._number[place, number].append(claim)

    def _look_up(self, terminal: str, device_user_id: str) -> list[list[Claim]]:
        places = (terminal, "", STAFF)
        levels = [self._exact.get((p, device_user_id), []) for p in places]
        number = as_number(device_user_id)
        if number:
            levels += [self._number.get((p, number), []) for p in places]
        return [level for level in levels if level]


def as_number(device_user_id: str) -> str:
    """A numeric id without its leading zeros, or empty for any other."""
    return device_user_id.lstrip("0") or "0" if device_user_id.isascii() and device_user_id.isdigit() else ""
