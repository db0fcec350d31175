"""What explanations and statements ask of the ledger and of the readings: no more than what they are about."""

from __future__ import annotations

from dataclasses import replace

from storekit import DAY_1, NOW, OCTOBER, at, file, live, plan, post

from punchsync.core.ledger import reverse
from punchsync.core.stored import ReadingNote


def test_entries_are_found_by_cause_day_and_account(store):
    with store.writing() as work:
        a, b, c = work.ledger.append(plan(post("a"), post("b", account="p2"), post("c", day=DAY_1 + 5)), NOW)
    with store.writing() as work:
        [undone] = work.ledger.append(plan(reversals=(reverse(a, DAY_1 + 9),)), NOW)

    with store.reading() as work:
        ledger = work.ledger
        assert (ledger.of_causes([]), ledger.of_causes(["nobody"])) == ([], [])
        assert ledger.of_causes(["c", "a", *(f"cause{n}" for n in range(1500))]) == [a, c, undone]
        assert ledger.dated(DAY_1, DAY_1 + 4) == [a, b, undone]
        assert ledger.of_account("person", a.account_id, DAY_1, DAY_1 + 5) == [a, c, undone]
        assert ledger.of_account("person", "p2", DAY_1, DAY_1 + 5) == [b]
        assert ledger.of_account("window", a.account_id, DAY_1, DAY_1 + 5) == []
    assert replace(undone, entry_id="") == reverse(a, DAY_1 + 9)


def test_a_reading_says_where_its_punches_came_from(store):
    with store.writing() as work:
        work.readings.add(live("T1", ("1", at("08:25:00")), began=OCTOBER + 40_000, clock_offset=3, serial="S1"), NOW)
        work.readings.add(file("T2", ("1", at("12:01:00")), through=OCTOBER + 50_000), NOW + 1)

    with store.reading() as work:
        found = work.readings.notes([2, 1, 2, 9])

    assert found == {
        1: ReadingNote(1, "T1", "tcp", "192.0.2.21:4370", NOW, OCTOBER + 40_000, None, 3, "S1"),
        2: ReadingNote(2, "T2", "file", "1_attlog.dat", NOW + 1, None, OCTOBER + 50_000, None, ""),
    }
