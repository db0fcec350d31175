"""Records, papers and runs: every version kept, the latest counts; numbers and notes that repeat nothing."""

from __future__ import annotations

from sqlalchemy import text
from storekit import NOW, plan, post

STAFF = {"name": "张三", "unit": "公安局", "window": "公安"}


def put(store, *rows, kind="staff", when=NOW):
    with store.writing() as work:
        return work.records.put(kind, rows, when)


def test_only_records_that_differ_are_stored_and_the_latest_version_counts(store):
    assert put(store, ("p2|2026-01-01", STAFF), ("p1|2026-01-01", STAFF)) == 2
    assert (
        put(store, ("p1|2026-01-01", dict(reversed(STAFF.items()))), ("p2|2026-01-01", {**STAFF, "withdrawn": "x"}))
        == 1
    )
    assert put(store, ("p1|2026-01-01", {**STAFF, "window": "税务"})) == 1
    assert put(store, ("p1|2026-01-01", STAFF), kind="leave") == 1
    with store.reading() as work:
        assert work.records.all("staff") == {
            "p1|2026-01-01": {**STAFF, "window": "税务"},
            "p2|2026-01-01": {**STAFF, "withdrawn": "x"},
        }
        assert work.records.all("outing") == {}


def test_a_record_that_goes_back_to_an_earlier_body_is_a_new_version(store):
    other = {**STAFF, "window": "税务"}
    assert [put(store, ("p1", body)) for body in (STAFF, other, STAFF, STAFF)] == [1, 1, 1, 0]
    with store.reading() as work:
        assert work.records.all("staff") == {"p1": STAFF}


def test_one_key_twice_in_one_import_is_two_versions(store):
    assert put(store, ("p1", STAFF), ("p1", {"name": "李四"}), ("p1", {"name": "李四"})) == 2
    with store.reading() as work:
        assert work.records.all("staff") == {"p1": {"name": "李四"}}


def test_what_the_first_version_said_is_known_of_records_whose_versions_differ_in_it(store):
    early, late = {"at": "08:00", "days": "1"}, {"at": "09:00", "days": "1"}
    put(store, ("L1", early), ("L2", early), ("L3", early), ("L4", early), ("L5", early), kind="leave")
    put(store, ("L2", late), ("L3", {**early, "days": "2"}), ("L4", late), ("L5", {"days": "1"}), kind="leave")
    put(store, ("L2", {**late, "at": "10:00"}), ("L4", early), kind="leave")
    put(store, ("L1", late), kind="outing")
    with store.reading() as work:
        assert work.records.firsts("leave", "at") == {"L2": "08:00", "L4": "08:00", "L5": "08:00"}
        assert work.records.firsts("leave", "days") == {"L3": "1"}
        assert work.records.firsts("outing", "at") == {}


def test_the_first_version_of_another_hall_s_record_says_nothing(store, open_hall):
    other = open_hall()
    put(other, ("L1", {"at": "08:00"}), kind="leave")
    put(store, ("L1", {"at": "09:00"}), kind="leave")
    put(other, ("L1", {"at": "10:00"}), kind="leave")
    with store.reading() as work:
        assert work.records.firsts("leave", "at") == {}


def test_bodies_are_stored_as_json_with_sorted_keys(store):
    put(store, ("p1", {"b": "乙", "a": "1"}))
    with store._engine.connect() as connection:
        body = connection.execute(text("SELECT body FROM record WHERE hall_id = :hall"), {"hall": store._hall}).scalar()
    assert body == '{"a":"1","b":"乙"}'


def test_a_pack_is_kept_under_its_digest_as_it_was_first(store):
    with store.writing() as work:
        work.papers.keep_pack("d1", "first", NOW)
        work.papers.keep_pack("d1", "second", NOW)
    with store.reading() as work:
        assert (work.papers.pack("d1"), work.papers.pack("d2")) == ("first", None)


def test_bulletins_are_numbered_by_kind_and_year_and_the_same_content_keeps_its_number(store):
    issues = [
        ("monthly", "2026-10", "a"),
        ("monthly", "2026-11", "a"),
        ("monthly", "2026-10", "a"),
        ("monthly", "2026-10", "b"),
        ("monthly", "2026-10", "a"),
        ("monthly", "2027-01", "a"),
        ("weekly", "2026-W41", "a"),
    ]
    with store.writing() as work:
        assert [work.papers.issue(*issue, NOW) for issue in issues] == [1, 2, 1, 3, 4, 1, 1]


def test_how_far_the_ledger_was_when_the_bulletin_before_was_first_issued_is_known(store):
    def issue(period):
        with store.writing() as work:
            work.papers.issue("daily", period, period, NOW)

    def book(cause):
        with store.writing() as work:
            work.ledger.append(plan(post(cause)), NOW)

    issue("2026-10-01")
    book("v1")
    book("v2")
    issue("2026-10-05")
    book("v3")
    with store.writing() as work:
        work.papers.issue("daily", "2026-10-05", "corrected", NOW)
    with store.reading() as work:
        days = ("2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-12-31")
        assert [work.papers.told("daily", day) for day in days] == [None, 0, 0, 2, 2]
        assert work.papers.told("weekly", "2026-W42") is None


def test_the_latest_as_of_ever_settled_is_known(store):
    with store.writing() as work:
        assert work.runs.settled_as_of() is None
        work.runs.settled(NOW, "d1", NOW)
        work.runs.settled(NOW - 5, "d1", NOW)
        work.runs.settled(NOW, "d1", NOW)
        assert work.runs.settled_as_of() == NOW


def test_a_job_done_twice_is_noted_once_and_its_latest_due_time_is_known(store):
    with store.writing() as work:
        assert work.runs.last("poll") is None
        work.runs.done("poll", NOW, NOW + 1, "ok")
        work.runs.done("poll", NOW, NOW + 9, "failed")
        work.runs.done("poll", NOW - 100, NOW + 9, "ok")
        work.runs.done("nightly", NOW + 7, NOW + 9, "ok")
        assert (work.runs.last("poll"), work.runs.last("nightly")) == (NOW, NOW + 7)
