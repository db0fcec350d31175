"""Verdicts at their exact seconds: late and early, pending, unverified."""

from __future__ import annotations

import pytest

from punchsync.core.moment import show_moment

from .build import LATER, day, file, hall, kinds, leave, month, outage, paper, posting, roster, sums, terminal, words

GOOD = "08:25 12:01 14:25 17:31"
NORMAL = ["normal"] * 4


def with_punch(point: int, clock: str) -> str:
    """Good punches but for one checkpoint, 0 to 3; an empty clock leaves it out."""
    punched = GOOD.split()
    punched[point : point + 1] = [clock] if clock else []
    return " ".join(punched)


@pytest.mark.parametrize(
    ("point", "punched", "verdict", "seconds"),
    [
        (0, "08:30:00", "normal", 0), (0, "08:39:59", "normal", 599), (0, "08:40:00", "late", 600),
        (0, "08:40:01", "late", 601), (1, "11:50:01", "normal", 599), (1, "11:50:00", "early", 600),
        (1, "11:49:59", "early", 601), (1, "12:00:00", "normal", 0), (2, "14:39:59", "normal", 599),
        (2, "14:40:00", "late", 600), (2, "14:40:01", "late", 601), (3, "17:20:01", "normal", 599),
        (3, "17:20:00", "early", 600), (3, "17:19:59", "early", 601), (3, "23:59:59", "normal", 0),
    ],
)  # fmt: skip
def test_late_and_early_begin_at_six_hundred_seconds(point: int, punched: str, verdict: str, seconds: int) -> None:
    found = month(hall(with_punch(point, punched))).verdicts

    expected = [("normal", 0)] * 4
    expected[point] = (verdict, seconds)
    assert [(v.verdict, v.seconds) for v in found] == expected


def test_a_verdict_says_what_was_due_and_what_served_it() -> None:
    found = month(hall("08:25 12:01 14:45"))

    assert [
        (v.session, v.checkpoint, show_moment(v.due or 0)[11:], v.punch and show_moment(v.punch)[11:], v.terminal,
         v.verdict, v.seconds)
        for v in found.verdicts
    ] == [
        (1, "in", "08:30:00", "08:25:00", "T1", "normal", 0),
        (1, "out", "12:00:00", "12:01:00", "T1", "normal", 0),
        (2, "in", "14:30:00", "14:45:00", "T1", "late", 900),
        (2, "out", "17:30:00", None, "", "missing", 0),
    ]  # fmt: skip
    assert kinds(found) == [(2, "absent_half_day", "punch")]


@pytest.mark.parametrize(("point", "close"), [(0, "12:00:00"), (1, "14:30:00"), (2, "17:30:00"), (3, "20:30:00")])
def test_a_missing_punch_is_awaited_until_the_window_closes(point: int, close: str) -> None:
    before = f"{close[:3]}{int(close[3:5]) - 1:02d}:59" if close[3:5] != "00" else f"{int(close[:2]) - 1:02d}:59:59"
    case = hall(with_punch(point, ""))

    as_of = [words(month(case, f"2026-11-09 {clock}"))[point] for clock in (before, close, f"{close[:6]}01")]
    read = [words(month(hall(with_punch(point, ""), clock)))[point] for clock in (before, close, f"{close[:6]}01")]

    assert (as_of, read) == (["pending", "missing", "missing"], ["pending", "missing", "missing"])


@pytest.mark.parametrize(("through", "verdict"), [("08:39:58", "pending"), ("08:39:59", "late"), ("08:40:00", "late")])
def test_a_late_punch_waits_for_the_last_second_that_would_be_normal(through: str, verdict: str) -> None:
    assert words(month(hall("08:50", through), "2026-11-09 08:51"))[0] == verdict


def test_a_late_punch_does_not_wait_for_as_of() -> None:
    assert words(month(hall("08:50", "08:50"), "2026-11-09 08:00"))[0] == "late"


@pytest.mark.parametrize(("clock", "verdict"), [("14:29:59", "pending"), ("14:30:00", "early"), ("14:30:01", "early")])
def test_an_early_punch_waits_for_the_window_s_close(clock: str, verdict: str) -> None:
    read = words(month(hall("08:25 11:00", clock)))[1]
    as_of = words(month(hall("08:25 11:00"), f"2026-11-09 {clock}"))[1]

    assert (read, as_of) == (verdict, verdict)


def test_normal_and_excused_are_said_at_once() -> None:
    case = hall("08:25", "06:00", leaves=[leave("2026-11-09 pm", "2026-11-09 pm")])

    assert words(month(case, "2026-11-09 07:00")) == ["normal", "pending", "excused", "excused"]


def test_every_relevant_terminal_must_be_read() -> None:
    two = [terminal("T1"), terminal("T2")]
    read, unread = file(1, first="08:25", last="08:25", through=LATER), file(through=LATER, terminal="T2")

    found = [words(month(hall("08:25", terminals=two, reads=reads)))[0:2] for reads in ([read], [read, unread])]

    assert found == [["normal", "pending"], ["normal", "missing"]]


def test_without_a_relevant_terminal_all_that_is_not_normal_is_pending() -> None:
    other = [terminal("T1", "税务")]

    assert words(month(hall("08:25 12:01 14:50 17:00", terminals=other))) == ["normal", "normal", "pending", "pending"]


def test_a_punch_counts_wherever_it_was_made() -> None:
    other = [terminal("T1", "税务"), terminal("T2", "公安")]

    assert words(month(hall(GOOD, terminals=other))) == NORMAL


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("05:00:00", "05:29:59", "missing"), ("05:00:00", "05:30:00", "unverified"),
        ("05:00:00", "05:30:01", "unverified"), ("08:39:58", "08:39:59", "unverified"),
        ("08:39:59", "09:00:00", "unverified"), ("08:40:00", "14:00:00", "missing"),
    ],
)  # fmt: skip
def test_a_missing_in_is_doubted_where_a_punch_up_to_the_threshold_could_not_show(
    start: str, end: str, verdict: str
) -> None:
    assert words(month(hall("12:01 14:25 17:31", outages=[outage(start, end)])))[0] == verdict


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("09:00:00", "11:50:00", "missing"), ("09:00:00", "11:50:01", "unverified"),
        ("14:29:59", "14:29:59", "unverified"), ("14:30:00", "15:00:00", "unverified"),
        ("14:30:01", "15:00:00", "missing"),
    ],
)  # fmt: skip
def test_a_missing_out_is_doubted_from_the_threshold_to_the_close(start: str, end: str, verdict: str) -> None:
    assert words(month(hall("08:25 14:31 17:31", outages=[outage(start, end)])))[1] == verdict


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("06:00:00", "07:59:59", "late"), ("06:00:00", "08:00:00", "unverified"),
        ("08:20:00", "08:35:00", "unverified"), ("08:39:59", "08:45:00", "unverified"),
        ("08:40:00", "08:49:59", "late"),
    ],
)  # fmt: skip
def test_a_late_punch_is_doubted_by_darkness_within_half_an_hour_of_the_due_time(
    start: str, end: str, verdict: str
) -> None:
    assert words(month(hall(with_punch(0, "08:50"), outages=[outage(start, end)])))[0] == verdict


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("11:00:00", "11:50:00", "early"), ("11:00:00", "11:50:01", "unverified"),
        ("12:30:00", "12:30:00", "unverified"), ("12:30:01", "14:30:00", "early"),
    ],
)  # fmt: skip
def test_an_early_punch_is_doubted_likewise(start: str, end: str, verdict: str) -> None:
    assert words(month(hall(with_punch(1, "11:30"), outages=[outage(start, end)])))[1] == verdict


def test_darkness_at_any_other_moment_changes_nothing() -> None:
    dark = [outage("2026-11-08 00:00", "2026-11-09 05:29:59"), outage("20:30:01", "23:59:59")]

    assert words(month(hall(outages=dark))) == ["missing"] * 4


def test_one_terminal_that_works_lights_all() -> None:
    two = [terminal("T1"), terminal("T2")]
    reads = [file(through=LATER), file(through=LATER, terminal="T2")]
    dark = [outage("05:00", "21:00")]

    assert words(month(hall(terminals=two, reads=reads, outages=dark))) == ["missing"] * 4


@pytest.mark.parametrize(
    ("kind", "verdict"), [("lost", "unverified"), ("no_punch", "pending"), ("unreachable", "pending")]
)
def test_only_what_is_lost_counts_as_read(kind: str, verdict: str) -> None:
    case = hall("08:25", "08:25", outages=[outage("08:20", "2026-11-10 12:00", kind)])

    assert words(month(case))[1] == verdict


def test_pending_is_said_before_unverified() -> None:
    case = hall("", "08:00", outages=[outage("08:20", "08:35")])

    assert words(month(case))[0] == "pending"


def test_nobody_is_charged_for_what_is_not_known() -> None:
    pending = month(hall("08:25 12:01", "14:00"))
    dark = month(hall("08:50 12:01 14:25 17:31", outages=[outage("08:20", "08:35")]))

    assert (kinds(pending), kinds(dark), sums(pending), sums(dark)) == ([], [], {}, {})
    assert (pending.unknown, dark.unknown) == (1, 1)


def test_a_paper_sign_in_clears_the_doubt_and_its_own_late_is_never_doubted() -> None:
    dark = [outage("08:00", "09:00")]

    good = month(hall("12:01 14:25 17:31", papers=[paper("08:28")], outages=dark))
    late = month(hall("12:01 14:25 17:31", papers=[paper("08:45")], outages=dark))

    assert [(v.verdict, v.terminal) for v in (good.verdicts[0], late.verdicts[0])] == [
        ("normal", "paper"), ("late", "paper"),
    ]  # fmt: skip


def test_nothing_is_judged_after_as_of_s_date_nor_without_a_posting() -> None:
    week = [posting(first="2026-11-09", last="2026-11-13")]

    found = month(hall(GOOD, postings=week), "2026-11-10 23:59:59")

    assert sorted({v.day for v in found.verdicts}) == [day("2026-11-09"), day("2026-11-10")]


def test_a_punch_after_as_of_on_its_date_is_not_filtered() -> None:
    assert words(month(hall(GOOD), "2026-11-09 09:00")) == NORMAL


def test_a_session_shorter_than_what_is_asked_for_is_excused() -> None:
    short, enough = (
        month(hall("14:30 17:30", rosters=[roster(sessions=f"08:00-{end} 14:30-17:30")])) for end in ("08:09", "08:10")
    )

    assert [v.verdict for v in short.verdicts] == ["excused", "excused", "normal", "normal"]
    assert [v.verdict for v in enough.verdicts] == ["missing", "missing", "normal", "normal"]
    assert (kinds(short), kinds(enough)) == ([], [(1, "absent_half_day", "punch")])
    assert (short.tallies[0].required_sessions, enough.tallies[0].required_sessions) == (1, 2)
