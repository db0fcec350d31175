"""Occurrences day by day, by window and in the whole hall, and the days of which something is not known. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from punchsync.core.judge import Verdict
from punchsync.core.moment import Day
from punchsync.core.records import Posting
from punchsync.core.violations import ABSENT, Violation

DERIVED: Final = frozenset({"conversion", "threshold"})
"""Sources of violations that are made of others: counted they would count twice."""
UNSURE: Final = frozenset({"pending", "unverified"})


class Trend(NamedTuple):
    """Steps of time as (first, last day), windows by name, and counts.

    `late` and `absent` by step; `counts` by window and step; None where nobody was due. `unknown` are the places of
    `counts` of which something is not known.
    """

    steps: tuple[tuple[Day, Day], ...]
    windows: tuple[str, ...]
    late: tuple[int | None, ...]
    absent: tuple[int | None, ...]
    counts: tuple[tuple[int | None, ...], ...]
    unknown: tuple[tuple[int, int], ...]


def trend(
    first: Day,
    last: Day,
    step: int,
    postings: Sequence[Posting],
    verdicts: Iterable[Verdict],
    violations: Iterable[Violation],
) -> Trend:
    """The days `first` to `last` in steps of so many days."""
    steps = tuple((day, min(day + step - 1, last)) for day in range(first, last + 1, step))
    of_person: dict[str, list[Posting]] = {}
    for p in postings:
        of_person.setdefault(p.person, []).append(p)
    due: set[tuple[str, int]] = set()
    unknown: set[tuple[str, int]] = set()
    for v in verdicts:
        here = next((p.window for p in of_person.get(v.person, ()) if p.first <= v.day <= p.last), None)
        if here is None or not first <= v.day <= last:
            continue
        place = here, (v.day - first) // step
        due.add(place)
        if v.verdict in UNSURE:
            unknown.add(place)
    found: Counter[tuple[str, int]] = Counter()
    kinds: Counter[tuple[str, int]] = Counter()
    for violation in violations:
        if violation.source not in DERIVED and first <= violation.day <= last:
            number = (violation.day - first) // step
            found[violation.window, number] += 1
            kinds[violation.kind, number] += 1
    windows = tuple(sorted({p.window for p in postings}))
    counts = tuple(
        tuple(found[w, n] if (w, n) in due or found[w, n] else None for n in range(len(steps))) for w in windows
    )
    places = tuple((i, n) for i, w in enumerate(windows) for n in range(len(steps)) if (w, n) in unknown)
    some = {n for _w, n in due}
    late, absent = (
        tuple(kinds[kind, n] if n in some or kinds[kind, n] else None for n in range(len(steps)))
        for kind in ("late", ABSENT)
    )
    return Trend(steps, windows, late, absent, counts, places)
