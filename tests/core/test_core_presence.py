"""Where somebody is now, at the edges of what the terminals tell; and how windows stand by it."""

from __future__ import annotations

import pytest

from punchsync.core.judge import Verdict
from punchsync.core.moment import MINUTE, parse_day, parse_moment
from punchsync.core.presence import FRESH, STAYS, Sight, Whereabouts, stands, whereabouts, windows_of
from punchsync.core.records import Posting
from punchsync.core.timetable import plan_day

DAY = parse_day("2026-11-20")
PLAN = plan_day(DAY, [(8 * 3600 + 1800, 12 * 3600), (14 * 3600 + 1800, 17 * 3600 + 1800)], frozenset({"in", "out"}))
POSTING = Posting("P1", "甲一", "县公安局", "公安", "staff", "1", (), DAY)
LATE = 600


def at(clock: str) -> int:
    return parse_moment(f"2026-11-20 {clock}")


def verdict(session: int, kind: str, punch: int | None, said: str, due: str) -> Verdict:
    return Verdict(DAY, "P1", session, kind, at(due), punch, "T1" if punch else "", said, 0, said)


def sight(**more) -> Sight:
    """Somebody of whom no punch is known, though all is read through 09:00."""
    verdicts = (verdict(1, "in", None, "pending", "08:30"), verdict(1, "out", None, "pending", "12:00"),
                verdict(2, "in", None, "pending", "14:30"), verdict(2, "out", None, "pending", "17:30"))  # fmt: skip
    return Sight(POSTING, PLAN, "", verdicts, (), (), (), at("09:00"), ())._replace(**more)


def came(*clocks: str, said: str = "normal", **more) -> Sight:
    """Somebody with punches, of which the first serves the first session's beginning."""
    punches = [at(c) for c in clocks]
    first = verdict(1, "in", punches[0], said, "08:30")
    return sight(verdicts=(first, *sight().verdicts[1:]), punches=punches, **more)


def now(of: Sight, clock: str) -> tuple[str, str, int | None]:
    found = whereabouts(of, LATE, at(clock))
    return found.status, found.why, found.since


@pytest.mark.parametrize(
    ("clock", "status"),
    [
        ("06:00", ("between", "before", None)),
        ("08:29:59", ("between", "before", None)),
        ("08:30", ("awaited", "", None)),
        ("08:39:59", ("awaited", "", None)),
        ("08:40", ("not_in", "", at("09:00"))),
        ("12:00", ("between", "break", None)),
        ("17:29:59", ("unknown", "unread", at("09:00"))),
        ("17:30", ("between", "over", None)),
    ],
)
def test_who_shows_no_punch_is_awaited_first_and_then_not_in(clock, status):
    assert now(sight(), clock) == status


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (at("08:39:58"), ("unknown", "unread")),
        (at("08:39:59"), ("not_in", "")),
        (-1, ("unknown", "no_terminal")),
        (0, ("unknown", "unread")),
    ],
)
def test_nobody_is_not_in_before_his_terminals_were_read_past_the_last_moment_to_be_in_time(seen, status):
    assert now(sight(seen=seen), "08:45")[:2] == status


@pytest.mark.parametrize(("seconds", "status"), [(-1, ("not_in", "")), (0, ("not_in", "")), (1, ("unknown", "stale"))])
def test_that_nobody_came_is_said_for_a_while_after_the_terminals_were_read_and_no_longer(seconds, status):
    found = whereabouts(sight(), LATE, at("09:00") + FRESH + seconds)

    assert (found.status, found.why) == status


def test_a_dark_moment_since_the_window_opened_makes_it_unknown():
    assert now(sight(dark=[(at("08:50"), at("08:51"))]), "08:49:59")[:2] == ("not_in", "")
    assert now(sight(dark=[(at("08:50"), at("08:51"))]), "08:50")[:2] == ("unknown", "doubt")
    assert now(sight(dark=[(at("05:00"), at("05:29:59"))]), "09:00")[:2] == ("not_in", "")


def test_only_the_judge_s_late_is_late():
    assert now(came("08:55", said="late"), "09:00") == ("late", "", at("08:55"))
    assert now(came("08:55", said="pending"), "09:00") == ("in", "", at("08:55"))
    assert now(came("08:55", said="unverified"), "09:00") == ("in", "", at("08:55"))


def test_a_punch_before_the_session_is_in_already():
    assert now(came("08:21"), "08:25") == ("in", "", at("08:21"))


@pytest.mark.parametrize(("gap", "status"), [(STAYS - 1, "in"), (STAYS, "left")])
def test_two_punches_close_together_are_one_coming(gap, status):
    first = at("08:35")
    of = came("08:35")._replace(punches=[first, first + gap])

    assert whereabouts(of, LATE, at("10:00")).status == status


def test_who_went_and_came_again_is_in():
    assert now(came("08:21", "10:00"), "10:20") == ("left", "", at("10:00"))
    assert now(came("08:21", "10:00", "10:30"), "10:31") == ("in", "", at("10:30"))


def test_the_end_of_the_morning_is_no_coming_to_the_afternoon():
    of = came("08:21", "12:01")
    of = of._replace(verdicts=(of.verdicts[0], verdict(1, "out", at("12:01"), "normal", "12:00"), *of.verdicts[2:]))

    assert now(of._replace(seen=at("14:50")), "15:00") == ("not_in", "", at("14:50"))


def test_leave_and_outings_go_before_everything_and_days_off_say_why():
    span = [(at("08:30"), at("12:00"))]

    assert now(sight(leave=span), "09:00")[0] == "leave"
    assert now(sight(out=span), "09:00")[0] == "out"
    assert now(sight(leave=span), "12:00")[:2] == ("between", "break")
    assert [now(sight(plan=None, rest=r), "09:00")[:2] for r in ("off", "unrostered", "calendar")] == [
        ("off", "off"), ("off", "unrostered"), ("unknown", "calendar"),
    ]  # fmt: skip


def test_a_session_that_nobody_signs_in_to_is_unknown():
    assert now(sight(verdicts=sight().verdicts[1:]), "09:00")[:2] == ("unknown", "unasked")


def one(person: str, status: str, window: str = "公安", **more) -> Whereabouts:
    return Whereabouts(person, person, window, "县公安局", status, **more)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (("in", "not_in"), "staffed"),
        (("late",), "staffed"),
        (("not_in", "leave", "out", "left"), "empty"),
        (("not_in", "unknown"), "unknown"),
        (("not_in", "awaited"), "opening"),
        (("unknown", "awaited"), "unknown"),
        (("leave", "off", "between"), "empty"),
        (("off", "between"), "closed"),
        ((), "closed"),
    ],
)
def test_a_window_is_empty_only_where_of_everybody_who_is_due_it_is_known(statuses, state):
    assert stands([one(str(n), s) for n, s in enumerate(statuses)]) == state


def test_whoever_stands_in_and_is_there_covers_and_one_who_is_not_seen_leaves_it_open():
    people = [one("P1", "leave"), one("P2", "in", "税务"), one("P3", "not_in", "税务")]

    covered = windows_of(people, {"P1": ["P2"], "P2": ["P9"]})
    open_ = windows_of(people, {"P1": ["P3"]})

    assert [(w.window, w.state, w.covered) for w in covered] == [("公安", "covered", 1), ("税务", "staffed", 0)]
    assert [p.standins for w in covered for p in w.people] == [("P2",), (), ()]
    assert [(w.window, w.state, w.covered) for w in open_] == [("公安", "unknown", 0), ("税务", "staffed", 0)]


def test_how_long_a_sight_is_fresh_is_less_than_a_session():
    assert FRESH < 60 * MINUTE
