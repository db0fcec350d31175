"""Which bulletins are still to be printed, what each replaces, and what of the ledger came late for earlier days."""

from __future__ import annotations

from dataclasses import replace

import pytest
from storekit import NOW, plan, post

from punchsync.core.sought import Edition, Owed


def test_a_bulletin_is_owed_once_until_it_is_printed_and_its_tries_are_counted(store):
    with store.writing() as work:
        for number in (2, 1, 2):
            work.printing.owe("daily", "2026", number)
    with store.writing() as work:
        assert work.printing.owed() == [Owed("daily", "2026", 1, 0), Owed("daily", "2026", 2, 0)]
        work.printing.tried(Owed("daily", "2026", 2, 0))
        work.printing.done(Owed("daily", "2026", 1, 0))
    with store.reading() as work:
        assert work.printing.owed() == [Owed("daily", "2026", 2, 1)]


def test_an_edition_says_when_it_was_issued_and_which_one_of_its_period_it_replaces(store):
    with store.writing() as work:
        for n, (period, text) in enumerate([("2026-10-01", "一"), ("2026-10-02", "二"), ("2026-10-01", "三")]):
            work.papers.issue("daily", period, text, NOW + n)
        work.papers.issue("monthly", "2026-10", "月", NOW)
    with store.reading() as work:
        assert [work.papers.edition("daily", "2026", n) for n in (1, 2, 3)] == [
            Edition(NOW, 0), Edition(NOW + 1, 0), Edition(NOW + 2, 1),
        ]  # fmt: skip
        assert work.papers.edition("monthly", "2026", 1) == Edition(NOW, 0)
        assert [work.papers.newest("daily", f"2026-10-0{n}") for n in (1, 2, 3)] == [3, 2, None]
        with pytest.raises(KeyError):
            work.papers.edition("daily", "2026", 4)


def test_what_came_late_is_what_reverses_or_posts_anew_or_is_for_closed_days(store):
    first = post("a", day=100)
    rows = [first, post("b", day=100), replace(post("c", day=300), booked_on=200)]
    with store.writing() as work:
        a, _b, _c = work.ledger.append(plan(*(replace(e, booked_on=150) for e in rows)), NOW)
        back = replace(post("a", "0.5", 100, 2, a.entry_id), booked_on=200)
        again = replace(post("a", day=100, revision=3), booked_on=250)
        work.ledger.append(plan(back, again), NOW)
    with store.reading() as work:
        ledger = work.ledger

        def late(first: int, last: int, told: int | None = None, closed: int = 0) -> list[tuple[int, str, int]]:
            return [(height, e.cause, e.revision) for height, e in ledger.back(first, last, told, closed)]

        assert late(200, 249) == [(4, "a", 2)]
        assert late(200, 250) == [(4, "a", 2), (5, "a", 3)]
        assert late(150, 150, closed=100) == [(1, "a", 1), (2, "b", 1)]
        assert late(260, 260, told=4) == [(5, "a", 3)]
        assert late(260, 260, told=5) == late(260, 260) == late(100, 300) == []
