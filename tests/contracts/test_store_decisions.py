"""Decisions on outcomes and closings of months: added to, numbered by hall, the latest counts."""

from __future__ import annotations

from storekit import NOW

from punchsync.core.closing import Closing
from punchsync.core.decision import Decision

PLACE = ("2026", "person", "p1", "bar", "r1")


def test_decisions_are_numbered_by_hall_and_come_back_in_their_order(open_hall):
    store, other = open_hall(), open_hall()
    with store.writing() as work:
        first = work.decisions.decide(PLACE, "confirmed", "张主任", "属实", NOW)
        second = work.decisions.decide(PLACE, "proposed", "李主任", "", NOW - 5)
    with other.writing() as work:
        elsewhere = work.decisions.decide(PLACE, "dropped", "王主任", "", NOW)
    assert [first, second, elsewhere] == [
        Decision(1, *PLACE, "confirmed", "张主任", "属实", NOW),
        Decision(2, *PLACE, "proposed", "李主任", "", NOW - 5),
        Decision(1, *PLACE, "dropped", "王主任", "", NOW),
    ]
    with store.reading() as work:
        assert work.decisions.all() == [first, second]


def test_a_month_is_closed_until_it_is_opened_again(open_hall):
    store, other = open_hall(), open_hall()
    closed = []
    with store.writing() as work:
        closed.append(work.closings.closed())
        for month, action in (("2026-09", "close"), ("2026-10", "close"), ("2026-10", "reopen"), ("2026-10", "close")):
            work.closings.add(month, action, "张主任", "核对完毕", NOW)
            closed.append(work.closings.closed())
    with other.reading() as work:
        assert (work.closings.closed(), work.closings.all()) == (set(), [])
    with store.reading() as work:
        assert work.closings.all()[:2] == [
            Closing(1, "2026-09", "close", "张主任", "核对完毕", NOW),
            Closing(2, "2026-10", "close", "张主任", "核对完毕", NOW),
        ]
        assert [c.number for c in work.closings.all()] == [1, 2, 3, 4]
    assert closed == [set(), {"2026-09"}, {"2026-09", "2026-10"}, {"2026-09"}, {"2026-09", "2026-10"}]
