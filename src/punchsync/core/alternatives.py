"""Why a checkpoint is served by this punch and no other: each other choice, the best day with it, and what decides.

The criteria are those of matching, in their order (HALLS.md, Matching).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from punchsync.core.match import APART, Awaited, match, off_by
from punchsync.core.moment import FOREVER, Moment
from punchsync.core.rules import Punctuality

CRITERIA: Final = ("unmatched", "late_early", "seconds", "distance", "earlier")


class Merit(NamedTuple):
    """What a matching is compared by, the less the better; of `times` an unmatched checkpoint's is FOREVER."""

    unmatched: int
    late_early: int
    seconds: int
    distance: int
    times: tuple[Moment, ...]


class Alternative(NamedTuple):
    """Another choice for a checkpoint (None: no punch), and the best matching of the whole day that makes it.

    `criterion` is the first by which it is worse than the matching chosen, and `by` how much. For `earlier` that is
    seconds at the checkpoint `at`, None where it has no punch there.
    """

    punch: Moment | None
    matching: tuple[Moment | None, ...]
    criterion: str
    by: int | None
    at: int


class Fate(NamedTuple):
    """What became of a moment at which somebody punched; `checkpoint` is a due checkpoint's place in the day.

    `serves` it; `close` to the punch that serves it; `worse` than the punch that serves it (or than none); `outside`
    every window (None).
    """

    code: str
    checkpoint: int | None


def merit(dues: Sequence[Awaited], chosen: Sequence[Moment | None], rule: Punctuality) -> Merit:
    """What a matching is compared by."""
    pairs = [(due, at) for due, at in zip(dues, chosen, strict=True) if at is not None]
    offs = [(due.kind, off_by(due.kind, due.due, at)) for due, at in pairs]
    return Merit(
        len(dues) - len(pairs),
        sum(off >= (rule.late if kind == "in" else rule.early) for kind, off in offs),
        sum(off for _kind, off in offs),
        sum(abs(at - due.due) for due, at in pairs),
        tuple(FOREVER if at is None else at for at in chosen),
    )


def forced(
    dues: Sequence[Awaited], punches: Sequence[Moment], rule: Punctuality, place: int, punch: Moment | None
) -> tuple[Moment | None, ...]:
    """The best matching of the day in which one checkpoint is served by that punch, or by none.

    A punch parts the day: before it only earlier checkpoints are served, after it only later ones, each part by itself.
    """
    before, after = dues[:place], dues[place + 1 :]
    if punch is None:
        rest = match([*before, *after], punches, rule)
        return (*rest[:place], None, *rest[place:])
    earlier = [at for at in punches if at <= punch - APART]
    later = [at for at in punches if at >= punch + APART]
    return (*match(before, earlier, rule), punch, *match(after, later, rule))


def alternatives(
    dues: Sequence[Awaited], punches: Sequence[Moment], rule: Punctuality, chosen: Sequence[Moment | None]
) -> list[list[Alternative]]:
    """For each due checkpoint every other punch in its window, and none, with why the day chosen is better.

    `punches` are the person's of that day, sorted, each second once; `chosen` is what `match` makes of them.
    """
    best = merit(dues, chosen, rule)
    out: list[list[Alternative]] = []
    for place, due in enumerate(dues):
        others: list[Moment | None] = [at for at in punches if due.opens <= at <= due.shuts]
        rows: list[Alternative] = []
        for punch in [*others, None]:
            if punch != chosen[place]:
                matching = forced(dues, punches, rule, place, punch)
                rows.append(Alternative(punch, matching, *decisive(best, merit(dues, matching, rule))))
        out.append(rows)
    return out


def decisive(best: Merit, other: Merit) -> tuple[str, int | None, int]:
    """The first criterion by which one matching is better than another, by how much, and at which checkpoint."""
    for name, one, two in zip(CRITERIA, best[:4], other[:4], strict=False):
        if one != two:
            return name, two - one, -1
    at = next(n for n, (one, two) in enumerate(zip(best.times, other.times, strict=True)) if one != two)
    return CRITERIA[-1], None if other.times[at] == FOREVER else other.times[at] - best.times[at], at


def fates(dues: Sequence[Awaited], punches: Sequence[Moment], chosen: Sequence[Moment | None]) -> Mapping[Moment, Fate]:
    """What became of each moment at which somebody punched on a day."""
    used = {at: place for place, at in enumerate(chosen) if at is not None}
    return {at: _fate(dues, at, used) for at in punches}


def _fate(dues: Sequence[Awaited], at: Moment, used: Mapping[Moment, int]) -> Fate:
    if at in used:
        return Fate("serves", used[at])
    inside = [place for place, due in enumerate(dues) if due.opens <= at <= due.shuts]
    if not inside:
        return Fate("outside", None)
    near = [moment for moment in used if abs(moment - at) < APART]
    if near:
        return Fate("close", used[min(near, key=lambda moment: (abs(moment - at), moment))])
    return Fate("worse", min(inside, key=lambda place: (abs(dues[place].due - at), place)))
