"""What a preview asks of a store: the punches of a few users, and every version of a few records."""

from __future__ import annotations

from storekit import NOW, file


def test_the_punches_of_some_users_of_a_terminal_come_with_their_numbers(store):
    rows = [("1", NOW - 300), ("2", NOW - 200), ("3", NOW - 100), ("1", NOW - 50)]
    with store.writing() as work:
        work.readings.add(file("T1", *rows), NOW)
        work.readings.add(file("T2", rows[0]), NOW)
    with store.reading() as work:
        assert work.punches.of_users("T1", ["1", "3"], NOW - 300, NOW - 60) == [
            ("1", NOW - 300, 1),
            ("3", NOW - 100, 3),
        ]
        assert work.punches.of_users("T1", ["9"], 0, NOW) == []
        assert work.punches.of_users("T1", [], 0, NOW) == []


def test_the_history_of_some_records_is_every_version_in_order(store):
    with store.writing() as work:
        work.records.put("leave", [("L1", {"a": "1"}), ("L2", {"a": "1"}), ("L3", {"a": "1"})], NOW)
        work.records.put("leave", [("L1", {"a": "2"})], NOW + 5)
        work.records.put("sign", [("L1", {"a": "3"})], NOW + 6)
    with store.reading() as work:
        found = [(v.key, v.number, v.at, v.body["a"]) for v in work.records.history("leave", ["L1", "L3", "L9"])]
    assert found == [("L1", 1, NOW, "1"), ("L1", 2, NOW + 5, "2"), ("L3", 1, NOW, "1")]
