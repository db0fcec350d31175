"""A log's records as rows and defects. Pure.

A record that can't be read as somebody's punch at some time becomes a defect that says whom and when it may concern; it
stops no other. Records known before stay what they were. Source: TERMINALS.md, "Reading the log".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count
from struct import Struct
from typing import Final, NamedTuple

from punchsync.core.clock import MAX_CORRECTION
from punchsync.core.moment import DAY, Moment, day_of, start_of
from punchsync.core.reading import SLOTTED, Defect, Row
from punchsync.core.stored import EARLIEST
from punchsync.terminals.layout import CODES, SHAPES, codes, size_of, times, users
from punchsync.terminals.packed import ADDED, moment_of
from punchsync.terminals.users import Texts, user_text

FUTURE: Final = MAX_CORRECTION
"""Seconds that a record may be later than any clock of ours: a terminal's clock that is ahead by no more is corrected,
and so are its records; one that is further ahead wrote something that is not yet."""

_NUMBERS: Final = tuple(str(n) for n in range(256))
_CODES: Final = bytes(sorted(CODES))
_TEXTS: Final = frozenset(str(n) for n in CODES)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The records of a log: those that are punches, those that could not be read as one or are odd, and those that
    were found so before."""

    rows: tuple[Row, ...] = ()
    defects: tuple[Defect, ...] = ()
    known: tuple[Defect, ...] = ()


class Whose(NamedTuple):
    """Whose a slot is: by the user list of now, by the one of the read before, and what records known then were."""

    now: Mapping[int, str] = {}
    then: Mapping[int, str] = {}
    said: Mapping[bytes, tuple[str, ...]] = {}

    def steady(self) -> dict[bytes | int, str]:
        """The user of each slot that had no other one at the read before."""
        return {slot: user for slot, user in self.now.items() if self.then.get(slot, user) == user}

    def lacking(self, slot: int) -> tuple[str, tuple[str, ...]]:
        """Why a new record of a slot that is not steady is nobody's for certain, and whose it may be."""
        users = tuple(by[slot] for by in (self.then, self.now) if slot in by)
        return "changed_slot" if slot in self.now else "unknown_slot", users


class _Doubted(NamedTuple):
    """A record that is no punch; `place` is how many punches came before it, `owner` whose it is if that is known."""

    place: int
    position: int
    raw: bytes
    owner: str


def records(
    body: bytes,
    layout: str,
    latest: Moment,
    whose: Whose = Whose(),  # noqa: B008 # it is frozen
    odd: Mapping[bytes, tuple[Defect, ...]] | None = None,
    position: int = 0,
) -> Decoded:
    """Read whole records, the first of which has this position in the log.

    `latest` is the latest moment that a clock of ours shows, `odd` the defects known before by their bytes. When a
    defect was made is said by the terminal's clock.
    """
    if not body:
        return Decoded()
    old = {raw: found for raw, found in (odd or {}).items() if found[0].reason != "odd_code"}
    added, numbers, end = ADDED, _NUMBERS, latest + FUTURE
    raws = list(chain.from_iterable(Struct(f"{size_of(layout)}s").iter_unpack(body)))
    owners = list(_owners(body, layout, whose) if layout in SLOTTED else map(Texts().__getitem__, users(body, layout)))
    moments = [packed + added[packed // DAY] for packed in times(body, layout)]
    verifies, states = codes(body, layout)
    told = (map(numbers.__getitem__, verifies), map(numbers.__getitem__, states))
    # What Row(...) does, in a fraction of the time: nearly every log is long, and all of it in order.
    made = map(partial(tuple.__new__, Row), zip(count(position), raws, owners, moments, *told, strict=False))
    rows: list[Row] = []
    known: list[Defect] = []
    doubted: list[_Doubted] = []
    if not old and all(owners) and min(moments) >= EARLIEST and max(moments) <= end:
        rows = list(made)
    else:
        seen: Counter[bytes] = Counter()
        for row in made:
            if row.raw in old:
                # The k-th of identical records is what the k-th was found to be: punches first, then defects.
                n = seen[row.raw] - len(whose.said.get(row.raw, ()))
                seen[row.raw] += 1
                if 0 <= n < len(old[row.raw]):
                    known.append(replace(old[row.raw][n], position=row.position))
                    continue
            if row.device_user_id and EARLIEST <= row.at <= end:
                rows.append(row)
            else:
                doubted.append(_Doubted(len(rows), row.position, row.raw, row.device_user_id))
    defects = []
    if verifies.translate(None, _CODES) or states.translate(None, _CODES):
        defects = [Defect(row.position, row.raw, "odd_code") for row in rows if not _TEXTS.issuperset(row[4:])]
    for one in doubted:
        before = rows[one.place - 1].at if one.place else None
        after = rows[one.place].at if one.place < len(rows) else None
        defects.append(_defect(one, layout, whose, _stretch(before, after, latest), end))
    defects.sort(key=lambda d: d.position)
    return Decoded(tuple(rows), tuple(defects), tuple(known))


def _owners(body: bytes, layout: str, whose: Whose) -> Iterator[str]:
    """The user of each record that names a slot, empty where nobody is it for certain.

    The k-th of identical records is what the k-th was said to be.
    """
    steady = whose.steady()
    size = size_of(layout)
    seen: Counter[bytes] = Counter()
    for n, slot in enumerate(users(body, layout)):
        raw = body[n * size : (n + 1) * size]
        said = whose.said.get(raw)
        if said is None:
            yield steady.get(slot, "")
            continue
        k = seen[raw]
        seen[raw] += 1
        yield said[k] if k < len(said) else steady.get(slot, "")


def _defect(one: _Doubted, layout: str, whose: Whose, stretch: tuple[Moment, Moment], end: Moment) -> Defect:
    """What is wrong with a record: its user, or else its time. A good time says itself when it was."""
    (user,), (packed,) = SHAPES[layout].user.unpack(one.raw), SHAPES[layout].time.unpack(one.raw)
    reason, owners = ("", (one.owner,)) if one.owner else _unowned(user, layout, whose)
    at = moment_of(packed)
    if at is not None and EARLIEST <= at <= end:
        return Defect(one.position, one.raw, reason, owners, at, at)
    when = "impossible_date" if at is None else "dead_clock" if at < EARLIEST else "future"
    return Defect(one.position, one.raw, reason or when, owners, *stretch)


def _unowned(field: bytes | int, layout: str, whose: Whose) -> tuple[str, tuple[str, ...]]:
    if layout in SLOTTED:
        assert isinstance(field, int)
        return whose.lacking(field)
    return user_text(field)[1], ()


def _stretch(before: Moment | None, after: Moment | None, latest: Moment) -> tuple[Moment, Moment]:
    """When a record was made that came between two others; the other way round if the clock was set back there."""
    last = latest if after is None else after
    if before is None:
        before = last - DAY if after is None else start_of(day_of(after))
    return min(before, last), max(before, last)
