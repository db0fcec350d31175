"""What is remembered of a terminal between reads, readings that continue others, and how clocks stood."""

from __future__ import annotations

from storekit import NOW, at, file, live, rows

from punchsync.core.clock import Look
from punchsync.core.moment import DAY, day_of
from punchsync.core.reading import Defect, Memory, ReadFailure, Sample
from punchsync.core.records import Doubt, Punch, Read

TODAY = day_of(at("08:00"))


def add(store, *readings, when=NOW):
    with store.writing() as work:
        return [work.readings.add(r, when) for r in readings]


def memory(store, terminal="T1") -> Memory:
    with store.reading() as work:
        return work.memories.of(terminal)


def whole(terminal, *punches, began, **more):
    more = {"serial": "S1", "layout": "40", "held": len(punches), "tail": b"end", **more}
    if more.get("samples"):
        more.setdefault("clock_offset", more["samples"][0].offset)
    return live(terminal, *punches, began=began, **more)


def continued(terminal, *punches, began, after, held, **more):
    """The end of a log behind the records that reading `after` held."""
    more = {"serial": "S1", "layout": "40", "tail": b"new end", **more}
    return live(terminal, *punches, began=began, plan="tail", continues=after, held=held, **more)


def test_nothing_is_remembered_of_a_terminal_never_read(store):
    assert memory(store) == Memory()


def test_a_live_reading_is_remembered_with_the_end_of_its_log(store):
    add(
        store,
        whole(
            "T1", ("7", at("08:25")), ("8", at("08:26")), began=at("12:00"), slots={3: "7"},
            refused=frozenset({"range"}),
        ),
        whole("T2", ("1", at("08:00")), began=at("12:00"), serial="S2"),
    )  # fmt: skip
    assert memory(store) == Memory(
        "S1", (at("08:26"), frozenset({"8"})), "40", 1, 2, b"end", TODAY, frozenset({"range"}), {3: "7"},
        began=at("12:00"), elsewhere={"S2": "T2"},
    )  # fmt: skip


def test_a_file_and_a_failure_leave_the_memory_as_it_is(store):
    add(store, whole("T1", ("7", at("08:25")), began=at("12:00")))
    before = memory(store)
    add(store, file("T1", ("7", at("08:25")), ("9", at("09:00"))))
    with store.writing() as work:
        work.readings.failed(ReadFailure("T1", "timeout"), NOW)
    assert memory(store) == Memory(**{**fields(before), "last": (at("09:00"), frozenset({"9"}))})


def fields(memory: Memory) -> dict[str, object]:
    return {name: getattr(memory, name) for name in Memory.__slots__}


def test_a_reading_that_began_earlier_does_not_overwrite_a_later_one_s_memory(store):
    log = (("7", at("08:25")), ("8", at("08:26")))
    add(store, whole("T1", *log, began=at("12:00")), whole("T1", log[0], began=at("11:00"), tail=b"older"))
    assert (memory(store).reading, memory(store).tail) == (1, b"end")


def test_what_continues_a_log_adds_what_came_and_covers_what_was_there(store):
    log = (("7", at("08:25")), ("8", at("08:26")))
    _, added = add(
        store,
        whole("T1", *log, began=at("12:00")),
        continued("T1", ("7", at("12:03")), began=at("15:00"), after=1, held=3),
    )
    assert (added.reading, added.new, added.first_new) == (2, 1, at("12:03"))
    with store.reading() as work:
        assert work.readings.reads(NOW)[1] == Read(
            "T1", 2, ((1, 3),), at("08:25"), at("12:03"), (3,), at("15:00"), None
        )
        assert work.punches.between(0, NOW) == [
            Punch("T1", "7", at("08:25")), Punch("T1", "8", at("08:26")), Punch("T1", "7", at("12:03")),
        ]  # fmt: skip
    after = memory(store)
    assert (after.reading, after.held, after.tail, after.full_on) == (2, 3, b"new end", TODAY)


def test_nothing_new_still_reaches_further(store):
    add(
        store,
        whole("T1", ("7", at("08:25")), began=at("12:00")),
        continued("T1", began=at("15:00"), after=1, held=1),
    )
    with store.reading() as work:
        last = work.readings.reads(NOW)[-1]
    assert last == Read("T1", 2, ((1, 1),), at("08:25"), at("08:25"), (1,), at("15:00"), None)


def test_a_punch_made_twice_in_one_second_is_two_whether_read_together_or_one_after_the_other(store):
    twice = (("7", at("08:25")), ("7", at("08:25")))
    add(
        store,
        whole("T1", twice[0], began=at("12:00")),
        continued("T1", twice[1], began=at("12:01"), after=1, held=2),
        whole("T1", *twice, began=at("15:00")),
        whole("T2", *twice, began=at("15:00"), serial="S2"),
    )
    with store.reading() as work:
        assert [(p.terminal, p.ordinal, p.number) for p in work.punches.stored(0, NOW)] == [
            ("T1", 0, 1), ("T1", 1, 2), ("T2", 0, 1), ("T2", 1, 2),
        ]  # fmt: skip


def test_a_file_read_before_the_end_of_a_log_brings_nothing_twice(store):
    log = (("7", at("08:25")), ("8", at("08:26")), ("7", at("12:03")))
    _, _, added = add(
        store,
        whole("T1", *log[:2], began=at("12:00")),
        file("T1", *log),
        continued("T1", log[2], began=at("15:00"), after=1, held=3),
    )
    assert added.new == 0
    with store.reading() as work:
        assert len(work.punches.between(0, NOW)) == 3
        assert work.readings.reads(NOW)[-1].spans == ((1, 3),)


def test_what_an_eight_byte_row_was_said_to_be_is_remembered_by_its_bytes(store):
    add(store, whole("T1", ("7", at("08:25")), ("8", at("08:26")), began=at("12:00"), layout="8", slots={1: "7"}))
    assert memory(store).said == {r.raw: (r.device_user_id,) for r in rows(("7", at("08:25")), ("8", at("08:26")))}


def test_a_defect_is_remembered_and_doubts_those_it_may_be_of(store):
    of_one = Defect(1, b"x", "impossible_date", ("7",), at("08:00"), at("08:30"))
    of_anybody = Defect(2, b"y", "unreadable_user_id", (), at("08:25"), at("08:25"))
    only_odd = Defect(3, b"z", "odd_code")
    [added] = add(store, whole("T1", began=at("12:00"), held=4, defects=[of_one, of_anybody, only_odd]))
    assert added.touched == at("08:00")
    assert memory(store).odd == {b"x": (of_one,), b"y": (of_anybody,), b"z": (only_odd,)}
    with store.reading() as work:
        assert work.defects.doubts() == [
            Doubt("T1", "7", at("08:00"), at("08:30")), Doubt("T1", "", at("08:25"), at("08:25")),
        ]  # fmt: skip


def test_a_log_not_understood_is_kept_aside_and_the_latest_of_a_terminal_counts(store):
    with store.writing() as work:
        work.readings.failed(ReadFailure("T1", "layout", "total=7", b"one"), at("12:00"))
        work.readings.failed(ReadFailure("T1", "layout", "total=8", b"two"), at("15:00"))
        work.readings.failed(ReadFailure("T1", "timeout"), at("18:00"))
    with store.reading() as work:
        assert work.memories.set_aside() == {"T1": (at("15:00"), "total=8", b"two")}


def test_clocks_that_were_always_right_are_not_told(store):
    add(store, whole("T1", ("7", at("08:25")), began=at("12:00"), samples=(Sample(at("12:00"), 2),)))
    with store.reading() as work:
        assert work.readings.looks() == {}


def test_of_a_clock_that_was_ever_off_every_look_is_told(store):
    add(
        store,
        whole("T1", ("7", at("08:25")), began=at("12:00"), samples=(Sample(at("12:00"), 0), Sample(at("12:01"), None))),
        whole("T1", ("7", at("08:25")), began=at("15:00"), clock_offset=90),
    )
    with store.reading() as work:
        assert work.readings.looks() == {
            "T1": [
                Look(1, ((1, 1),), (Sample(at("12:00"), 0), Sample(at("12:01"), None)), "S1"),
                Look(2, ((1, 1),), (Sample(at("15:00"), 90),), "S1"),
            ]
        }


def test_a_clock_found_off_touches_all_since_it_was_last_looked_at(store):
    log = (("7", at("08:25")),)
    *_, added = add(
        store,
        whole("T1", *log, began=at("12:00"), samples=(Sample(at("12:00"), 0),)),
        whole("T1", *log, began=at("15:00"), samples=(Sample(at("15:00"), 0),)),
        whole("T1", *log, began=at("18:00"), samples=(Sample(at("18:00"), 90),)),
    )
    assert added.touched == at("15:00") - DAY
    *_, added = add(
        store,
        whole("T1", *log, ("7", at("18:30")), began=at("19:00"), samples=(Sample(at("19:00"), 0),)),
        whole("T1", *log, ("7", at("18:30")), began=at("20:00"), samples=(Sample(at("20:00"), 0),)),
    )
    assert added.touched == at("18:30")
    [added] = add(store, file("T1", ("7", at("18:31"))))
    assert added.touched == 0
