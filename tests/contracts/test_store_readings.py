"""Readings: each punch once, as often as a terminal really recorded it; and what coverage asks."""

from __future__ import annotations

from itertools import permutations

from storekit import NOW, at, file, live

from punchsync.core.reading import Defect, ReadFailure
from punchsync.core.records import Punch, Read
from punchsync.core.stored import Added, StoredPunch, TerminalState


def add(store, *readings, when=NOW):
    with store.writing() as work:
        return [work.readings.add(r, when) for r in readings]


def test_a_first_reading_brings_all_of_its_punches_and_touches_everything(store):
    [added] = add(store, live("T1", ("7", at("08:25")), ("8", at("08:26")), began=at("12:00")), when=at("12:01"))
    assert added == Added(1, 2, 0, at("08:25"))
    with store.reading() as work:
        assert work.punches.between(0, NOW) == [Punch("T1", "7", at("08:25")), Punch("T1", "8", at("08:26"))]
        assert list(work.punches.stored(0, NOW)) == [
            StoredPunch("T1", "7", at("08:25"), 0, 1, "1", "0", "tcp", f"7@{at('08:25')}".encode(), 1, 0),
            StoredPunch("T1", "8", at("08:26"), 0, 2, "1", "0", "tcp", f"8@{at('08:26')}".encode(), 1, 1),
        ]
        assert work.readings.reads(NOW) == [Read("T1", 1, ((1, 2),), at("08:25"), at("08:26"), (2,), at("12:00"), None)]


def test_a_stretch_of_punches_includes_both_ends_and_goes_by_time_over_terminals(store):
    add(store, live("T2", ("1", at("09:00")), ("1", at("11:00")), began=at("12:00")))
    add(store, live("T1", ("2", at("10:00")), ("2", at("11:01")), began=at("12:00")))
    with store.reading() as work:
        assert [(p.terminal, p.at) for p in work.punches.stored(at("09:00"), at("11:00"))] == [
            ("T2", at("09:00")),
            ("T1", at("10:00")),
            ("T2", at("11:00")),
        ]
        assert sorted(work.punches.between(at("09:00"), at("10:00"))) == [
            Punch("T1", "2", at("10:00")),
            Punch("T2", "1", at("09:00")),
        ]


def test_the_same_log_read_again_adds_no_punch_but_moves_coverage(store):
    log = (("7", at("08:25")), ("8", at("08:26")))
    _, again = add(store, live("T1", *log, began=at("12:00")), live("T1", *log, began=at("18:00")))
    assert again == Added(2, 0, at("08:26"), None)
    with store.reading() as work:
        assert len(work.punches.between(0, NOW)) == 2
        assert [r.reach for r in work.readings.reads(NOW)] == [at("12:00"), at("18:00")]


def test_the_same_file_imported_again_changes_nothing(store):
    one = file("T1", ("7", at("08:25")), through=at("12:00"))
    assert add(store, one, one) == [Added(1, 1, 0, at("08:25")), Added(1, 0, None, None)]
    with store.reading() as work:
        assert len(work.readings.reads(NOW)) == 1


def test_the_same_file_with_another_word_on_it_is_another_reading(store):
    punches = ("7", at("08:25"))
    add(store, file("T1", punches), file("T1", punches, through=at("12:00")), file("T2", punches))
    with store.reading() as work:
        assert [(r.terminal, r.through) for r in work.readings.reads(NOW)] == [
            ("T1", None),
            ("T1", at("12:00")),
            ("T2", None),
        ]


def test_identical_rows_of_one_log_stay_as_many_as_they_are_and_overlaps_do_not_add_to_them(store):
    twice, once, thrice = (("7", at("08:25")),) * 2, (("7", at("08:25")),), (("7", at("08:25")),) * 3
    added = add(store, file("T1", *twice), file("T1", *once), file("T1", *thrice))
    assert [a.new for a in added] == [2, 0, 1]
    with store.reading() as work:
        assert work.punches.between(0, NOW) == [Punch("T1", "7", at("08:25"))] * 3
        assert [(p.ordinal, p.number, p.reading) for p in work.punches.stored(0, NOW)] == [
            (0, 1, 1),
            (1, 2, 1),
            (2, 3, 3),
        ]
        assert [r.last_numbers for r in work.readings.reads(NOW)] == [(1, 2), (1,), (1, 2, 3)]


def test_overlapping_files_in_any_order_give_the_same_punches(open_hall):
    log = [("7", at("08:25")), ("8", at("08:26")), ("8", at("08:26")), ("7", at("11:31")), ("7", at("14:20"))]
    files = [file("T1", *log[:3]), file("T1", *log[1:4]), file("T1", *log[2:])]
    for order in permutations(files):
        store = open_hall()
        add(store, *order)
        with store.reading() as work:
            assert work.punches.between(0, NOW) == [Punch("T1", user, when) for user, when in log]


def test_spans_name_what_a_wrapped_log_still_holds(store):
    log = [("7", at(f"08:{n:02d}")) for n in range(10)]
    add(store, file("T1", *log[2:4]), file("T1", *log[7:9]), file("T1", *log[1:9]), file("T1"))
    with store.reading() as work:
        assert [r.spans for r in work.readings.reads(NOW)] == [((1, 2),), ((3, 4),), ((1, 8),), ()]
    add(store, file("T1", log[2], log[7], log[9]))
    with store.reading() as work:
        assert work.readings.reads(NOW)[-1].spans == ((1, 1), (3, 3), (9, 9))


def test_a_late_file_touches_from_its_first_new_punch_or_the_end_of_the_reading_before_it(store):
    add(store, live("T1", ("7", at("08:00")), ("7", at("10:00")), began=at("12:00")))
    add(store, live("T1", ("7", at("16:00")), began=at("18:00")))
    added = add(
        store,
        file("T1", ("7", at("09:00")), ("7", at("10:00")), digest="a"),
        file("T1", ("7", at("10:00")), ("7", at("15:00")), ("7", at("16:00")), digest="b"),
    )
    # The second also joins what was lost between the two reads, from the last record before it on.
    assert added == [Added(3, 1, at("09:00"), at("09:00")), Added(4, 1, at("10:00"), at("15:00"))]


def test_a_reading_that_only_moves_coverage_touches_from_where_the_one_before_it_ends(store):
    add(store, file("T1", ("7", at("08:00")), ("7", at("10:00")), through=at("09:30")))
    [added] = add(store, live("T1", ("7", at("08:00")), ("7", at("10:00")), began=at("12:00")))
    assert added == Added(2, 0, at("09:30"), None)


def test_an_empty_reading_touches_nothing_and_an_empty_file_with_a_word_everything(store):
    assert add(store, live("T1", began=at("12:00")), file("T1", through=at("12:00"))) == [
        Added(1, 0, None, None),
        Added(2, 0, 0, None),
    ]
    with store.reading() as work:
        assert work.readings.reads(NOW) == [
            Read("T1", 1, (), None, None, (), at("12:00"), None),
            Read("T1", 2, (), None, None, (), None, at("12:00")),
        ]


def test_records_of_a_reset_or_a_fast_clock_are_kept_but_nothing_follows_from_their_time(store):
    reset, ahead = at("2000-01-01 00:00:07"), at("2037-01-01 00:00:00")
    log = [("7", at("08:00")), ("7", reset), ("8", ahead), ("7", at("09:00"))]
    add(store, live("T1", *log, began=at("12:00")), when=at("12:00"))
    [added] = add(store, live("T1", *log, ("9", reset), ("9", ahead), began=at("18:00")), when=at("18:00"))
    assert added == Added(2, 2, 0, reset)
    with store.reading() as work:
        first, second = work.readings.reads(at("18:00"))
        assert (first.first, first.last, first.last_numbers) == (at("08:00"), at("09:00"), (4,))
        assert (second.first, second.last, second.last_numbers) == (at("08:00"), at("09:00"), (4,))
        assert len(work.punches.between(0, ahead)) == 6
        assert work.memories.of("T1").last == (at("09:00"), frozenset({"7"}))
        # When its time has come the record counts.
        assert [(r.last, r.last_numbers) for r in work.readings.reads(ahead)] == [(ahead, (3,)), (ahead, (3, 6))]
        assert [(r.last, r.last_numbers) for r in work.readings.reads(ahead - 1)] == [(at("09:00"), (4,))] * 2


def test_seen_from_an_earlier_moment_a_reading_ends_earlier(store):
    log = [("7", at("08:00")), ("8", at("08:00")), ("7", at("09:00")), ("7", at("10:00"))]
    add(store, file("T1", *log, through=NOW), file("T1", *log[2:]))
    with store.reading() as work:
        ends = {
            moment: [(r.first, r.last, r.last_numbers) for r in work.readings.reads(at(moment))]
            for moment in ("07:59:59", "08:00:00", "08:59:59", "09:00:00", "10:00:00")
        }
    nothing, eight = (None, None, ()), (at("08:00"), at("08:00"), (1, 2))
    assert ends == {
        "07:59:59": [nothing, nothing],
        "08:00:00": [eight, nothing],
        "08:59:59": [eight, nothing],
        "09:00:00": [(at("08:00"), at("09:00"), (3,)), (at("09:00"), at("09:00"), (3,))],
        "10:00:00": [(at("08:00"), at("10:00"), (4,)), (at("09:00"), at("10:00"), (4,))],
    }


def test_the_last_known_record_names_everybody_of_that_second(store):
    with store.reading() as work:
        assert work.memories.of("T1").last is None
    add(store, live("T1", began=at("07:00")))
    with store.reading() as work:
        assert work.memories.of("T1").last is None
    add(store, live("T1", ("7", at("08:00")), ("7", at("09:00")), ("8", at("09:00")), began=at("12:00")))
    with store.reading() as work:
        assert work.memories.of("T1").last == (at("09:00"), frozenset({"7", "8"}))


def test_a_defect_is_kept_once_however_often_it_is_read(store):
    bad = Defect(1, b"\x00\xff", "impossible_date")
    add(store, live("T1", ("7", at("08:00")), began=at("09:00"), defects=[bad]))
    moved = Defect(0, b"\x00\xff", "impossible_date")
    other = Defect(3, b"\x01", "empty_user_id")
    add(store, live("T1", ("7", at("08:00")), began=at("10:00"), defects=[moved, Defect(2, *moved_rest(moved)), other]))
    with store.reading() as work:
        assert work.defects.all() == [("T1", bad), ("T1", Defect(2, *moved_rest(moved))), ("T1", other)]


def moved_rest(defect):
    return defect.raw, defect.reason


def test_states_tell_the_last_live_read_and_the_last_failure_until_a_read_is_good(store):
    log = (("7", at("08:00")),)
    add(
        store,
        live("T1", *log, began=at("09:00"), serial="S1", count_before=1, count_after=2, clock_offset=-3),
        file("T2", *log),
        when=at("09:01"),
    )
    with store.writing() as work:
        work.readings.failed(ReadFailure("T1", "timeout"), at("10:00"))
        work.readings.failed(ReadFailure("T1", "refused", "nobody there"), at("11:00"))
        work.readings.failed(ReadFailure("T3", "unreachable"), at("11:00"))
    with store.reading() as work:
        assert work.readings.states() == {
            "T1": TerminalState("T1", at("09:00"), 1, -3, "S1", 0, 2, "refused", at("11:00")),
            "T2": TerminalState("T2", at("09:01"), 1, None, "", 0, None, "", None),
            "T3": TerminalState("T3", None, 0, None, "", 0, None, "unreachable", at("11:00")),
        }
    add(store, live("T1", *log, began=at("12:00"), defects=[Defect(1, b"x", "empty_user_id")]), file("T3"))
    with store.reading() as work:
        states = work.readings.states()
        assert states["T1"] == TerminalState("T1", at("12:00"), 1, None, "", 1, 1, "", None)
        assert states["T3"].last_failure == "unreachable"


def test_everybody_who_ever_punched_is_named_once(store):
    add(store, live("T1", ("7", at("08:00")), ("7", at("09:00")), ("08", at("09:00")), began=at("12:00")))
    add(store, live("T2", ("7", at("08:00")), began=at("12:00")))
    with store.reading() as work:
        assert work.punches.strange() == [("T1", "08"), ("T1", "7"), ("T2", "7")]
        assert work.punches.strange("T2") == [("T2", "7")]


def test_halls_in_one_database_do_not_see_each_other(open_hall):
    one, other = open_hall(), open_hall()
    add(one, live("T1", ("7", at("08:00")), began=at("12:00"), defects=[Defect(1, b"x", "empty_user_id")]))
    add(other, live("T1", ("7", at("08:00")), began=at("13:00")))
    with other.reading() as work:
        assert work.punches.between(0, NOW) == [Punch("T1", "7", at("08:00"))]
        assert [(r.id, r.reach) for r in work.readings.reads(NOW)] == [(1, at("13:00"))]
        assert work.defects.all() == []
