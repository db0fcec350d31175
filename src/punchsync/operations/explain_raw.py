"""What was read that bears on a person's day: raw records, paper, terminals and how far they were read, doubts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from punchsync.core.alternatives import Fate, fates
from punchsync.core.basis import basis, claim
from punchsync.core.bench import NONE, Bench
from punchsync.core.clock import MAX_CORRECTION
from punchsync.core.explained import Doubted, Point, Raw, Sheet, TerminalRead
from punchsync.core.judge import PAPER
from punchsync.core.match import Due
from punchsync.core.moment import Day, Moment, day_of, start_of
from punchsync.core.records import Doubt, Posting, Read
from punchsync.operations.clocks import Clocks
from punchsync.operations.ports import Work


def raws(
    work: Work,
    bench: Bench,
    clocks: Clocks,
    person: str,
    day: Day,
    points: Sequence[Point],
    users: Mapping[str, Collection[str]],
) -> tuple[Raw, ...]:
    """Every record that is the person's of a day, in our time, with what its time rests on and what became of it.

    `users` hold, by terminal, all ids that may be his.
    """
    owners = bench.parts.owners
    most = {t.id: t.correction for t in bench.case.terminals}
    counts, fate = bench.punches.get(person, NONE).of(day), day_fates(bench, person, day, points)
    mine = [
        (p, placed)
        for p, placed in clocks.stored(start_of(day), start_of(day + 1) - 1, users)
        if owners.of(p.terminal, p.device_user_id, day) == person
    ]
    notes = work.readings.notes(p.reading for p, _placed in mine)
    out: list[Raw] = []
    for p, placed in mine:
        rests = basis(clocks.dials.get(p.terminal), p.number, p.at, most.get(p.terminal, MAX_CORRECTION))
        became = Fate("unplaced", None)
        if placed.at is not None:
            first = counts.get(placed.at) == p.terminal and not any(
                r.at == placed.at and r.punch.terminal == p.terminal for r in out
            )
            became = fate.get(placed.at, Fate("outside", None)) if first else Fate("same_second", None)
        named = claim(bench.case, p.terminal, p.device_user_id, person, day)
        out.append(Raw(p, placed.at, placed.doubt, rests, notes[p.reading], named, became))
    return tuple(out)


def sheets(bench: Bench, person: str, day: Day, points: Sequence[Point]) -> tuple[Sheet, ...]:
    """The person's sign-ins on paper of a day."""
    counts, fate = bench.punches.get(person, NONE).of(day), day_fates(bench, person, day, points)
    return tuple(
        Sheet(
            paper,
            fate.get(paper.at, Fate("outside", None)) if counts[paper.at] == PAPER else Fate("same_second", None),
        )
        for paper in sorted(bench.case.papers, key=lambda p: p.at)
        if paper.person == person and day_of(paper.at) == day
    )


def day_fates(bench: Bench, person: str, day: Day, points: Sequence[Point]) -> dict[Moment, Fate]:
    """What became of each moment at which a person punched on a day; checkpoints by their place in the day."""
    due = [n for n, p in enumerate(points) if p.due is not None]
    dues = [Due(p.point.kind, p.due, p.point.opens, p.point.shuts) for p in points if p.due is not None]
    chosen = [points[n].fresh.punch for n in due]
    found = fates(dues, bench.punches.get(person, NONE).between(day, day).moments, chosen)
    return {at: Fate(f.code, None if f.checkpoint is None else due[f.checkpoint]) for at, f in found.items()}


def terminals(work: Work, bench: Bench, posting: Posting | None, day: Day) -> tuple[TerminalRead, ...]:
    """The terminals that must have been read for a person's day, how far each was and by what."""
    if posting is None:
        return ()
    begin, end = start_of(day), start_of(day + 1)
    relevant = bench.terminals.relevant(posting.window, day)
    covers = {t: bench.terminals.coverages[t] for t in relevant}
    by = {t: furthest(bench.case.reads, t, c.through) for t, c in covers.items()}
    notes = work.readings.notes(n for n in by.values() if n is not None)
    return tuple(
        TerminalRead(
            t,
            c.through,
            notes.get(by[t] or 0),
            tuple((lo, hi) for lo, hi in c.lost if lo < end and hi >= begin),
            tuple(o for o in bench.case.outages if o.terminal == t and o.start < end and o.end >= begin),
        )
        for t, c in covers.items()
    )


def furthest(reads: Sequence[Read], terminal: str, through: Moment | None) -> int | None:
    """The first read or file by which a terminal is read through a moment."""
    reached = (
        r.id
        for r in reads
        if r.terminal == terminal and through == next((m for m in (r.reach, r.through, r.last) if m is not None), None)
    )
    return min(reached, default=None) if through is not None else None


def doubted(
    work: Work, bench: Bench, person: str, posting: Posting | None, day: Day, own: Sequence[Raw]
) -> tuple[Doubted, ...]:
    """The stretches of a day in which a record was made that may be the person's and can't be read as his punch.

    Those of his own punches are left out: they say so themselves.
    """
    owners = bench.parts.owners
    begin, end = start_of(day), start_of(day + 1)
    relevant = bench.terminals.relevant(posting.window, day) if posting else ()
    shown = {(r.punch.terminal, r.punch.device_user_id, r.doubt) for r in own}

    def his(d: Doubt) -> bool:
        return owners.of(d.terminal, d.device_user_id, day) == person if d.device_user_id else d.terminal in relevant

    found = [
        d
        for d in bench.case.doubts
        if d.first < end
        and d.last >= begin
        and (d.terminal, d.device_user_id, (d.first, d.last)) not in shown
        and his(d)
    ]
    if not found:
        return ()
    reasons = {(terminal, d.first, d.last): d.reason for terminal, d in work.defects.all()}
    return tuple(Doubted(*d, reasons.get((d.terminal, d.first, d.last), "clock")) for d in sorted(found))
