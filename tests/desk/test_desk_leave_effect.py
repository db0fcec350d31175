"""What the preview of a leave says of the ledger is what a settle then books, for small halls under several packs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from oracle.generate import random_site
from oracle.records import Site as Rows
from oracle.records import as_files
from properties.case_of import case_of, pack_of
from properties.clock_lives import life
from properties.halls import bring, bring_read, folder
from properties.test_properties_clocks import hall as clock_hall
from properties.test_properties_clocks import lived
from punchsync.bootstrap import Site
from punchsync.bootstrap.clocks import FixedClock
from punchsync.core.bench import parts_of
from punchsync.core.leave_effect import Change, Different, different, scope, sides
from punchsync.core.ledger import Entry
from punchsync.core.moment import DAY, HOUR, day_of, parse_moment, show_moment, start_of
from punchsync.core.records import SIGN_OFFS, Bound, Case, Leave, StandIn
from punchsync.core.rules import Item, Pack, Step
from punchsync.core.score import posted_months
from punchsync.core.settle import settle as judge
from punchsync.desk.known import Knowledge
from punchsync.intake import build
from punchsync.operations.clocks import Clocks
from punchsync.operations.leave_effect import LeaveEffects
from punchsync.operations.settle import settle

PACKS = (
    ("yihuang", "month"), ("tianyang", "month"), ("changxing", "quarter"), ("county", "quarter"),
    ("ninetofive", "short"), ("stern", "month"),
)  # fmt: skip
EACH = 40
"""Random leaves of each pack."""
SIGNED = ((), ("window_lead", "inspection"), ("unit_leader", "centre_leader"), SIGN_OFFS)


def stern(pack: Pack) -> Pack:
    """Tianyang's rules with what shipped packs have only apart: B posts that owe, steps over a quarter, a low limit."""
    bureau = pack_of(Rows(pack="bureau"))
    county = pack_of(Rows(pack="county", answers={"late_points": "0.5", "training_late_points": "1"}))

    def stepped(item: Item) -> Item:
        return replace(item, steps=(Step(2, None, Decimal(2)),), counted="quarter")

    limits = tuple(replace(x, over=3, yields="absent_half_day") for x in county.leave_limits)
    return replace(
        pack, backup=bureau.backup, leave_limits=limits, items=tuple(map(stepped, pack.items)), span="quarter"
    )


def hall(name: str, length: str, seed: int) -> tuple[Case, Pack, int]:
    """A small hall with its records, as the oracle's generator makes them."""
    month = "2026-12" if length == "quarter" else "2026-10"
    shipped = "tianyang" if name == "stern" else name
    site, when = random_site(seed, month=month, length=length, contested=False, pack=shipped, live=False)
    pack = pack_of(site)
    as_of = parse_moment(when)
    return case_of(site, pack, as_of), stern(pack) if name == "stern" else pack, as_of


def random_change(rng: Random, case: Case, today: int) -> Change:
    """A new leave, another version of one, or its withdrawal; now and then with a stand-in."""
    people = sorted({p.person for p in case.postings})
    before = rng.choice(case.leaves) if case.leaves and rng.random() < 0.5 else None
    person = before.person if before else rng.choice(people)
    if before is not None and rng.random() < 0.25:
        return Change(person, before, None)
    if before is not None and rng.random() < 0.4:
        back = before.start.moment + rng.choice([-5, 5, 30]) * HOUR
        after = replace(before, approvals=frozenset(rng.choice(SIGNED)), returned_at=rng.choice([None, back]))
    else:
        first = rng.randint(max(min(p.first for p in case.postings), today - 70), today)
        last = first + rng.choice([0, 0, 0, 1, 2, 7, 40])
        noon = 12 * HOUR
        starts = [Bound(start_of(first), "am"), Bound(start_of(first) + noon, "pm"), Bound(start_of(first) + 9 * HOUR)]
        ends = [Bound(start_of(last) + noon, "pm"), Bound(start_of(last + 1)), Bound(start_of(last) + 16 * HOUR)]
        after = Leave(
            before.id if before else "NEW", person, rng.choice(["personal", "sick", "official"]), rng.choice(starts),
            rng.choice(ends), None, start_of(first) + rng.choice([-DAY, 20 * HOUR]), rng.random() < 0.7,
            frozenset(rng.choice(SIGNED)),
        )  # fmt: skip
    others = [p for p in people if p != person]
    if not others or rng.random() < 0.6:
        return Change(person, before, after)
    row = StandIn("SNEW", person, rng.choice(others), after.start, after.end, after.registered_at)
    return Change(person, before, after, (row,))


def with_(case: Case, change: Change) -> Case:
    """The hall's records after a change."""
    kept = tuple(x for x in case.leaves if change.before is None or x.id != change.before.id)
    leaves = (*kept, change.after) if change.after else kept
    return replace(case, leaves=leaves, standins=case.standins + change.standins)


@pytest.mark.parametrize(("name", "length"), PACKS, ids=[name for name, _length in PACKS])
def test_a_few_people_judged_say_what_the_whole_hall_judged_says(name: str, length: str) -> None:
    told = 0
    for n in range(EACH):
        if n % 5 == 0:
            case, pack, as_of = hall(name, length, n // 5)
            today, parts = day_of(as_of), parts_of(case, pack)
            months = posted_months(case.postings, today)
            results = judge(case, pack, months, as_of)[0]
            before = {w.cause: w for r in results for w in r.wanted}
        change = random_change(Random(f"{name}/{n}"), case, today)
        after = {w.cause: w for r in judge(with_(case, change), pack, months, as_of)[0] for w in r.wanted}
        causes = {c for c in before.keys() | after.keys() if before.get(c) != after.get(c)}
        right = Different(*({c: side[c] for c in causes if c in side} for side in (before, after)))
        both = sides(parts.excuses, change)
        found = scope(case, pack, both, change, today, months)
        said = different(case, pack, as_of, parts, both, change, found) if found.months else Different({}, {})
        assert said == right, (n, change)
        if found.months and not pack.conversions and not pack.findings:
            rest = [v for r in results for v in r.violations if v.person and v.person not in found.people]
            rest = [v for v in rest if v.window in found.windows]
            assert different(case, pack, as_of, parts, both, change, found, rest) == right, (n, change)
        told += bool(causes)
    assert told >= 5 or name == "ninetofive"


@pytest.mark.parametrize("seed", range(6))
def test_one_person_s_punches_and_doubts_are_his_among_all_whatever_the_clock_did(tmp_path: Path, seed: int) -> None:
    with clock_hall(tmp_path / "site") as at:
        lived(at, life(Random(seed)))
        first, last = parse_moment("2026-10-26 00:00:00"), parse_moment("2026-11-06 23:59:59")
        with at.store.reading() as work:
            clocks, users = Clocks(work, at.terminals), {"T1": ["1"]}
            every, doubts = clocks.punches(first, last), clocks.doubts(first, last)
            mine = clocks.punches_of(users, first, last)
            found = clocks.doubts_of(users, work.defects.doubts(), first, last)
    assert sorted(mine) == sorted(p for p in every if p.device_user_id == "1")
    assert set(found) == {d for d in doubts if d.device_user_id in ("", "1")}


def as_booked(entries: tuple[Entry, ...]) -> set[Entry]:
    """Entries without the ids that they only get when they are booked."""
    return {replace(e, entry_id="") for e in entries}


@pytest.mark.parametrize(
    ("pack", "seed", "closing"), [("yihuang", 25, True), ("tianyang", 1, False), ("changxing", 25, False)]
)
def test_what_is_previewed_in_a_store_is_what_the_next_settle_books(
    tmp_path: Path, pack: str, seed: int, closing: bool
) -> None:
    told = 0
    site, when = random_site(seed, month="2026-12", length="quarter", contested=False, pack=pack)
    path, as_of = folder(site, tmp_path / pack), parse_moment(when)
    with Site(path) as opened:
        opened.hall = replace(opened.hall, clock=FixedClock(as_of))
        for kind, rows in sorted(site.tables.items(), key=lambda item: item[0] != "staff"):
            if rows:
                bring(opened, kind, rows)
        for read in as_files(site).reads:
            if read["rows"]:
                bring_read(opened, read)
        settle(opened.hall, as_of)
        if closing:
            with opened.store.writing() as work:
                work.closings.add("2026-10", "close", "某", "", as_of)
        knowledge, effects, rng = Knowledge(opened.hall), LeaveEffects(opened.hall), Random(pack)
        for n in range(6):
            known = knowledge.get()
            with opened.store.reading() as work:
                booked = [e for e in work.ledger.dated(1, day_of(as_of)) if e.account_type == "person"]
            change = aimed(random_change(rng, known.case, day_of(as_of)), rng.choice(booked))
            row = as_row(change.after, f"N{n}" if change.before is None else change.after.id)
            change = change._replace(after=build.leave(row | first_of(change)))
            with opened.store.reading() as work:
                effect = effects.of(work, known.bench, as_of, change)
            bring(opened, "leave", [{k: v for k, v in row.items() if k != "withdrawn"}])
            done = settle(opened.hall, as_of, due_only=True)
            assert as_booked(done.reversals + done.posts) == as_booked(effect.reversals + effect.posts), (n, change)
            told += bool(effect.reversals or effect.posts)
    assert told


def aimed(change: Change, entry: Entry) -> Change:
    """A leave of the very day for which somebody was charged; of a correction what there is."""
    if change.before is not None and change.after is not None:
        return change._replace(standins=())
    day, id = start_of(entry.value_date), "NEW"
    after = Leave(
        id, entry.account_id, "personal", Bound(day), Bound(day + DAY), None, day - HOUR, True, frozenset(SIGN_OFFS)
    )
    return Change(entry.account_id, None, after)


def first_of(change: Change) -> dict[str, str]:
    """When it was first registered, as a later version has it."""
    return {"first_registered_at": show_moment(change.before.first_registered)} if change.before else {}


def as_row(leave: Leave, id: str) -> dict[str, str]:
    """A leave as a clerk's file has it."""

    def bound(b: Bound) -> str:
        return f"{show_moment(b.moment)[:10]} {b.half}" if b.half else show_moment(b.moment)

    return {
        "leave_id": id, "person_id": leave.person, "kind": leave.kind, "start": bound(leave.start),
        "end": bound(leave.end), "daily_from": "", "daily_to": "", "registered_at": show_moment(leave.registered_at),
        "certificate": "yes" if leave.certificate else "no", "approvals": ";".join(sorted(leave.approvals)),
        "returned_at": show_moment(leave.returned_at) if leave.returned_at else "", "withdrawn": "",
    }  # fmt: skip
