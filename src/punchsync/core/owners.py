"""Whose punch it is: a device user id's owner on a terminal and date; and every person's punches.

A terminal's own row beats the general one, which beats the id in the staff list; exact text first, else equal as
numbers where that is one person only (CONTRACT.md, `device`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple

from punchsync.core.judge import PAPER
from punchsync.core.moment import DAY, Day, Moment, day_of, start_of
from punchsync.core.records import Case

Claim = tuple[Day, Day, str]  # first, last, person
STAFF = "\x00staff"


class Owners:
    """Owners of device user ids; claims are looked up once for each id of a terminal."""

    def __init__(self, case: Case) -> None:
        self._claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self._texts: dict[str, set[str]] = defaultdict(set)
        self._own = {row.terminal for row in case.devices}  # the other terminals are all the same
        for row in case.devices:
            self._claim(row.terminal, row.device_user_id, (row.first, row.last, row.person))
        for posting in case.postings:
            if posting.device_user_id:
                self._claim(STAFF, posting.device_user_id, (posting.first, posting.last, posting.person))
        self._found: dict[tuple[str, str], list[list[list[Claim]]]] = {}
        self._told: dict[tuple[str, str, Day], str | None] = {}

    def always(self, terminal: str, device_user_id: str, first: Day, last: Day) -> str | None:
        """The one person who had that id on that terminal on all of these days, where that is plain."""
        levels = [claims for claims in self._candidates(terminal, device_user_id)[0] if claims]
        if not levels:
            return None
        person = owner(levels[:1], first)
        return person if any(c[0] <= first and last <= c[1] and c[2] == person for c in levels[0]) else None

    def of(self, terminal: str, device_user_id: str, day: Day) -> str | None:
        """The person who had that id on that terminal and date, or None: nobody yet, or several as numbers."""
        key = (terminal if terminal in self._own else "", device_user_id, day)
        if key not in self._told:
            self._told[key] = self._found_on(*key)
        return self._told[key]

    def _found_on(self, terminal: str, device_user_id: str, day: Day) -> str | None:
        found = self._candidates(terminal, device_user_id)
        exact = owner(found[0], day)
        if exact is not None:
            return exact
        people = {person for levels in found[1:] if (person := owner(levels, day)) is not None}
        return people.pop() if len(people) == 1 else None

    def _candidates(self, terminal: str, device_user_id: str) -> list[list[list[Claim]]]:
        """By the id's own text and then by each other text of the same number: the claims of each level."""
        terminal = terminal if terminal in self._own else ""
        key = (terminal, device_user_id)
        found = self._found.get(key)
        if found is None:
            texts = [device_user_id, *sorted(self._texts[as_number(device_user_id)] - {device_user_id})]
            found = self._found[key] = [self._levels(terminal, text) for text in texts]
        return found

    def _claim(self, place: str, device_user_id: str, claim: Claim) -> None:
        self._claims[place, device_user_id].append(claim)
        number = as_number(device_user_id)
        if number:
            self._texts[number].add(device_user_id)

    def _levels(self, terminal: str, text: str) -> list[list[Claim]]:
        return [self._claims.get((place, text), []) for place in dict.fromkeys((terminal, "", STAFF))]


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


class Punches(NamedTuple):
    """A person's punches and paper sign-ins in order, each second once, and the terminal of each."""

    moments: list[Moment]
    terminals: dict[Moment, str]

    def of(self, day: Day) -> dict[Moment, str]:
        """Those of one day, in order, with their terminals."""
        return {at: self.terminals[at] for at in self.between(day, day).moments}

    def between(self, first: Day, last: Day) -> Punches:
        """Those of the days `first` to `last`."""
        begin, end = bisect_left(self.moments, start_of(first)), bisect_left(self.moments, start_of(last + 1))
        return Punches(self.moments[begin:end], self.terminals)


def punches_by_person(case: Case, known: Owners | None = None) -> dict[str, Punches]:
    """Every person's punches; of two terminals in one second the first by id counts, and any before `paper`."""
    owners = known or Owners(case)
    taken: dict[tuple[str, str], list[Moment]] = defaultdict(list)
    for terminal, device_user_id, at in case.punches:
        taken[terminal, device_user_id].append(at)
    found: dict[str, dict[Moment, str]] = defaultdict(dict)
    for paper in case.papers:
        found[paper.person][paper.at] = PAPER
    for terminal, device_user_id in sorted(taken, reverse=True):  # what counts first is written last
        moments = taken[terminal, device_user_id]
        always = owners.always(terminal, device_user_id, day_of(min(moments)), day_of(max(moments)))
        if always is not None:
            found[always].update(dict.fromkeys(moments, terminal))
            continue
        for at in moments:
            person = owners.of(terminal, device_user_id, at // DAY)
            if person is not None:
                found[person][at] = terminal
    return {person: Punches(sorted(terminals), terminals) for person, terminals in found.items()}
