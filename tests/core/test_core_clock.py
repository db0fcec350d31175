"""A terminal's clock: what was taken when, by the samples of the live reads; never altered, never guessed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.clock import DRIFT, EVERY, MAX_CORRECTION, STEADY, Dial, Look, Placed, Stretch
from punchsync.core.moment import DAY, HOUR, Moment, parse_moment
from punchsync.core.reading import Sample


def at(text: str) -> Moment:
    return parse_moment(f"2026-10-08 {text}")


def look(number: int, last: int, when: str, offset: int | None, serial: str = "S1") -> Look:
    return Look(number, ((1, last),), (Sample(at(when), offset),), serial)


def test_a_clock_that_was_always_right_moves_nothing():
    dial = Dial([look(1, 3, "09:10:00", 0), look(2, 5, "12:40:00", STEADY)])
    assert dial.plain
    assert dial.place(4, at("12:00:01")) == Placed(at("12:00:01"))


def test_a_clock_equally_off_at_both_ends_is_corrected_by_that_much():
    dial = Dial([look(1, 3, "09:10:00", 120), look(2, 5, "12:40:00", 120)])
    assert dial.place(4, at("12:02:00")) == Placed(at("12:00:00"))


def test_before_the_first_sample_and_after_the_last_the_clock_may_have_been_right():
    dial = Dial([look(1, 3, "09:10:00", 120), look(2, 5, "12:40:00", -60)])
    assert dial.place(2, at("08:32:00")) == Placed(at("08:30:00"), (at("08:30:00"), at("08:32:00")))
    assert dial.place(9, at("17:00:00")) == Placed(at("17:01:00"), (at("17:00:00"), at("17:01:00")))


def test_between_two_samples_a_drifting_clock_is_corrected_by_its_share():
    stretch = Stretch(at("08:00:00"), at("12:00:00"), 0, 8)
    assert not stretch.jumped
    dial = Dial([look(1, 1, "08:00:00", 0), look(2, 9, "12:00:00", 8)])
    assert dial.place(5, at("10:00:04")) == Placed(at("10:00:00"), (at("09:59:56"), at("10:00:04")))
    assert dial.place(5, at("12:00:08")) == Placed(at("12:00:00"), (at("12:00:00"), at("12:00:08")))


def test_a_sample_within_its_own_uncertainty_counts_as_right():
    assert Stretch(None, at("09:00:00"), STEADY, STEADY).placed(at("08:00:00")) == at("08:00:00")
    assert Stretch(None, at("09:00:00"), STEADY + 1, STEADY + 1).placed(at("08:00:03")) == at("08:00:00")


def test_a_jump_begins_a_second_past_what_a_clock_drifts():
    hours = 4
    most = DRIFT[0] + hours * HOUR // DRIFT[1]
    assert not Stretch(at("08:00:00"), at("12:00:00"), 10, 10 + most).jumped
    assert Stretch(at("08:00:00"), at("12:00:00"), 10, 10 + most + 1).jumped
    assert Stretch(at("08:00:00"), at("12:00:00"), 10, 10 - most - 1).jumped


def test_a_punch_of_a_clock_that_was_set_in_between_is_placed_but_in_doubt():
    dial = Dial([look(1, 1, "09:10:00", 180), look(2, 5, "12:40:00", 0)])
    placed = dial.place(3, at("12:01:00"))
    assert placed.doubt == (at("09:10:00"), at("12:40:00"))
    assert placed.at is not None and at("11:58:00") <= placed.at <= at("12:01:00")
    assert dial.doubtful(at("12:40:00"), at("13:00:00")) == [(2, 5), (6, EVERY)]
    assert dial.doubtful(at("12:40:01"), at("13:00:00")) == [(6, EVERY)]


def test_a_clock_may_be_off_by_what_is_corrected_and_not_by_a_second_more():
    within = Dial([look(1, 3, "09:10:00", MAX_CORRECTION), look(2, 5, "12:40:00", MAX_CORRECTION)])
    assert within.place(4, at("12:10:00")) == Placed(at("12:00:00"))
    beyond = Dial([look(1, 3, "09:10:00", MAX_CORRECTION + 1), look(2, 5, "12:40:00", MAX_CORRECTION + 1)])
    assert beyond.place(4, at("12:10:01")) == Placed(None, (at("09:10:00"), at("12:40:00")))


def test_a_time_that_only_the_right_clock_can_have_written_is_kept():
    """Set two hours ahead at ten: what was punched at half past eight was punched by the right clock."""
    dial = Dial([look(1, 1, "08:00:00", 0), look(2, 5, "12:40:00", 2 * HOUR)])
    assert dial.place(2, at("08:25:00")) == Placed(at("08:25:00"))
    assert dial.place(3, at("14:00:00")) == Placed(None, (at("08:00:00"), at("12:40:00")))


def test_a_terminal_that_shows_a_senseless_time_but_wrote_sensible_ones_is_believed():
    dial = Dial([look(1, 2, "09:10:00", 45 * DAY), look(2, 5, "12:40:00", 45 * DAY)])
    assert dial.place(1, at("08:25:00")) == Placed(at("08:25:00"))
    assert dial.place(4, at("12:00:00")) == Placed(at("12:00:00"))
    assert dial.place(5, at("12:00:00") + 45 * DAY) == Placed(None, (at("09:10:00"), at("12:40:00")))


def test_before_the_first_sample_only_the_last_day_speaks_of_a_clock_far_off():
    dial = Dial([look(1, 9, "12:40:00", -2 * HOUR)])
    assert dial.place(9, at("10:40:00")) == Placed(None, (at("12:40:00") - DAY, at("12:40:00")))
    assert dial.place(1, at("10:40:00") - DAY) == Placed(None, (at("12:40:00") - DAY, at("12:40:00")))
    assert dial.place(1, at("10:40:00") - DAY - 1) == Placed(at("10:40:00") - DAY - 1)


def test_a_sample_that_shows_no_time_is_no_sample():
    dial = Dial([look(1, 1, "09:10:00", 60), look(2, 3, "12:40:00", None), look(3, 5, "15:10:00", 60)])
    assert [(s.start, s.end) for s in dial.stretches] == [(None, at("09:10:00")), (at("09:10:00"), at("15:10:00"))]
    assert dial.place(2, at("12:01:00")) == Placed(at("12:00:00"))


def test_another_device_begins_anew():
    dial = Dial([look(1, 3, "09:10:00", 300), look(2, 5, "12:40:00", 0, "S2")])
    assert dial.place(4, at("12:00:00")) == Placed(at("12:00:00"))


def test_what_only_a_file_brought_is_placed_by_its_time():
    dial = Dial([Look(1, ((1, 3),), (Sample(at("09:10:00"), 60),)), Look(2, ((1, 3),), (Sample(at("12:40:00"), 60),))])
    assert dial.place(8, at("12:01:00")) == Placed(at("12:00:00"))
    assert dial.place(7, at("07:00:00")) == Placed(at("06:59:00"), (at("06:59:00"), at("07:00:00")))


def test_what_only_a_file_brought_of_a_time_when_the_clock_was_wrong_stays_in_doubt_when_it_is_right_again():
    looks = [look(1, 1, "09:10:00", 0), look(2, 2, "12:40:00", -3600), look(3, 3, "20:40:00", 0)]
    assert Dial(looks).place(9, at("12:00:00")) == Placed(None, (at("09:10:00"), at("20:40:00")))
    for raw in ("14:00:00", "16:30:00"):
        assert Dial(looks).place(9, at(raw)) == Placed(None, (at("12:40:00"), at("20:40:00")))
    assert Dial(looks).place(9, at("08:30:00")).doubt == (at("09:10:00"), at("12:40:00"))
    assert Dial(looks).place(9, at("21:00:00")) == Placed(at("21:00:00"))


def test_a_successor_s_first_sample_says_nothing_of_before_it_came():
    dial = Dial([look(1, 1, "09:10:00", 0), look(2, 3, "12:40:00", 7200, "S2")])
    assert dial.place(2, at("13:00:00")) == Placed(None, (at("09:10:00"), at("12:40:00")))


def test_what_only_a_file_brought_of_a_clock_far_off_is_in_doubt():
    dial = Dial([look(1, 3, "09:10:00", 2 * HOUR)])
    assert dial.place(9, at("19:00:00")) == Placed(None, (at("09:10:00"), at("17:00:00") + DAY))


def test_the_order_in_which_looks_are_given_does_not_matter():
    looks = [look(1, 2, "09:10:00", 30), look(2, 4, "12:40:00", 36), look(3, 6, "15:10:00", 300)]
    one, other = Dial(looks), Dial(list(reversed(looks)))
    assert [one.place(n, at("12:00:00")) for n in range(1, 7)] == [other.place(n, at("12:00:00")) for n in range(1, 7)]


@given(
    st.lists(st.tuples(st.integers(60, 6 * HOUR), st.integers(-20, 20)), min_size=2, max_size=6),
    st.integers(-500, 500),
    st.data(),
)
def test_a_drifting_clock_is_undone_to_the_second(steps, begin, data):
    """Whoever punches at a moment under an evenly drifting clock is placed at that moment, give or take a second."""
    ours, offset = at("06:00:00"), begin
    looks = [Look(1, (), (Sample(ours, offset),))]
    for n, (passed, change) in enumerate(steps, 2):
        before = (ours, offset)
        allowed = DRIFT[0] + passed // DRIFT[1]
        ours += passed
        offset = max(-MAX_CORRECTION, min(MAX_CORRECTION, offset + max(-allowed, min(allowed, change))))
        looks.append(Look(n, ((n, n),), (Sample(ours, offset),)))
        true = data.draw(st.integers(before[0], ours), label="true")
        share = (offset - before[1]) * (true - before[0]) / passed
        placed = Dial(looks).place(n, round(true + before[1] + share))
        assert placed.at is not None
        low, high = placed.doubt or (placed.at, placed.at)
        # A sample of two seconds or fewer counts as none.
        assert low - STEADY - 1 <= true <= high + STEADY + 1
        assert abs(placed.at - true) <= STEADY + 1
