"""Rows of any table as they are stored, on every kind of database."""

from __future__ import annotations

from storekit import NOW, at, live

from punchsync.store import SqlStore


def test_rows_are_those_of_the_hall_by_key_and_by_what_is_asked(store: SqlStore, open_hall) -> None:
    other = open_hall()
    for one in (store, other):
        with one.writing() as work:
            for n, person in enumerate(("p2", "p1", "p2"), 1):
                place = ("2026", "person", person, "bar", f"r{n}")
                work.decisions.decide(place, "confirmed", "张主任", "", NOW)
            work.readings.add(live("T1", ("7", at("08:25")), ("8", at("08:26")), began=at("09:00")), NOW)
    with store.reading() as work:
        rows = list(work.stored.rows("outcome_decision", "subject_id", ["p2", "p9"], period="2026"))
        assert [(row["number"], row["subject_id"], "hall_id" in row) for row in rows] == [
            (1, "p2", False), (3, "p2", False),
        ]  # fmt: skip
        assert [row["number"] for row in work.stored.rows("outcome_decision", number=2)] == [2]
        assert list(work.stored.rows("outcome_decision", "subject_id", [])) == []
        [punch] = work.stored.rows("punch", "device_user_id", ["7"], terminal="T1")
        assert (bytes(punch["raw"]), punch["at"]) == (f"7@{at('08:25')}".encode(), at("08:25"))
        # One asks of another table while the rows of the first come.
        pairs = [(a["number"], b["number"]) for a in work.stored.rows("punch") for b in work.stored.rows("punch")]
        assert pairs == [(1, 1), (1, 2), (2, 1), (2, 2)]
