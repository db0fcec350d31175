"""What bulletins say: windows, occurrences, what is not known and why, leave, presence by hour, the trend."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.article import cited
from punchsync.core.away import LEAST, Away, away, merged
from punchsync.core.bulletin import Unknown, WindowDay, corrections, occurrences, unknown, windows
from punchsync.core.coverage import Terminals
from punchsync.core.hourly import Hours, hourly
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import DAY, parse_moment, show_clock
from punchsync.core.period import period_of
from punchsync.core.reason import Reason, reasons
from punchsync.core.records import LEAVE_KINDS
from punchsync.core.staffing import Stay
from punchsync.core.trend import Trend, trend

from .build import LATER, YIHUANG, day, hall, incident, leave, month, outage, posting, terminal
from .test_core_ledger import entry, want

WHY = Reason("unread", ("T1",))
PEOPLE = [
    posting("P1", device="1"),
    posting("P2", device="2"),
    posting("P3", device="3", window="税务", unit="税务局"),
    posting("P4", device="4", window="工商", unit="工商局"),
]


def test_a_day_s_bulletin_counts_people_and_occurrences_by_window() -> None:
    rows = [leave("2026-11-09 am", "2026-11-09 pm", person="P3")]
    found = month(hall("08:50 12:01 14:25 17:31", "20:29:59", postings=PEOPLE, leaves=rows))
    here = [v for v in found.verdicts if v.person != "P4"]

    assert windows(PEOPLE, here, found.violations) == [
        WindowDay("公安", "公安局", 2, 1, 0, 0, 1, 0, 0, 1, 0, 1),
        WindowDay("工商", "工商局", 0, 0, 0, 0, 0, 0, 0, 1, 0, 0),
        WindowDay("税务", "税务局", 1, 0, 1, 0, 0, 0, 0, 0, 0, 0),
    ]
    assert unknown(PEOPLE, found.verdicts, {"P2": (WHY,)}) == [
        Unknown("公安", "P2", "P2某", 1, 0, (WHY,)), Unknown("工商", "P4", "P4某", 1, 0),
    ]  # fmt: skip


def test_unverified_people_are_named_with_their_counts() -> None:
    found = month(hall("08:50 12:01", "14:00", outages=[outage("08:20", "08:35")]))

    assert unknown([posting()], found.verdicts, {}) == [Unknown("公安", "P1", "P1某", 2, 1)]


def test_occurrences_carry_name_rule_and_article() -> None:
    found = month(hall("08:25 12:01 14:25 17:31", incidents=[incident("wandering", "10:00")]), LATER)
    texts = {v.id: cited(v, YIHUANG) for v in found.violations}

    rows = occurrences(found.violations, {"P1": "甲"}, texts, {"I1": "二楼"})

    told = [(o.window, o.name, o.kind, o.at and show_clock(o.at % DAY), o.source, o.place, *o[9:11]) for o in rows]
    assert told == [
        ("公安", "甲", "early", None, "conversion", "", "迟到、早退", "考勤制度 2; 考评办法 (三)1; 先进个人 三3(2)(3)"),
        (
            "公安", "甲", "wandering", "10:00:00", "incident", "二楼", "脱岗、串岗、玩游戏",
            "考勤制度 2; 考评办法 (三)2; 先进个人 三3(1)",
        ),
    ]  # fmt: skip


def test_corrections_are_reversals_and_later_posts_booked_for_days_before() -> None:
    first, back, again = entry(want()), entry(want(), 2), entry(want(), 3)
    same_day = entry(want(value_date=first.booked_on), 2)

    def told(*entries: Entry, since: int = 0, until: int = 0) -> list[Entry]:
        return corrections(list(enumerate(entries, 1)), first.booked_on + since, first.booked_on + until)

    assert told(first, back, again, same_day) == [back, again]
    assert told(back, since=1, until=1) == []
    assert told(first, back, again, until=6) == [back, again]


def test_what_is_booked_for_a_closed_month_is_a_correction_the_first_time_too() -> None:
    first = entry(want())
    month = period_of(first.value_date, "month")

    day = first.booked_on
    assert [corrections([(1, first)], day, day, None, closed) for closed in ({month}, {"2025-01"})] == [[first], []]


# leave

KIND = st.sampled_from(LEAVE_KINDS)


@given(st.lists(st.sets(KIND, max_size=3), max_size=12))
def test_no_number_of_a_kind_of_leave_is_below_three_and_no_kind_stands_alone(people: list[set[str]]) -> None:
    told = merged(people)

    assert sum(n for _kind, n in told) == sum(map(len, people))
    assert all(n >= LEAST for kind, n in told if kind)
    assert len(told) != 1 or told[0][0] == ""


def test_kinds_of_three_people_and_more_are_named_and_the_others_merged() -> None:
    assert merged([{"sick"}] * 3 + [{"annual"}] * 4 + [{"marriage"}, {"maternity"}]) == (
        ("sick", 3), ("annual", 4), ("", 2),
    )  # fmt: skip
    assert merged([{"sick"}] * 5) == (("", 5),)
    assert merged([{"sick"}] * 3 + [{"annual"}] * 3) == (("sick", 3), ("annual", 3))
    assert merged([]) == ()


def test_kinds_are_told_by_window_or_of_the_hall_and_never_of_both() -> None:
    four = [{"annual"}, {"annual"}, {"annual"}, {"sick"}]

    assert away({"公安": four, "税务": [{"annual"}], "民政": [set()]}) == Away(
        (("公安", (("annual", 3), ("", 1))), ("税务", (("", 1),)))
    )
    assert away({"公安": four[:2], "税务": four[2:]}) == Away((), (("annual", 3), ("", 1)))
    assert away({"公安": []}) == away({}) == Away()


# presence by hour

EIGHT = parse_moment("2026-11-09 08:00:00")


def test_presence_counts_the_seconds_known_of_each_hour_and_leaves_out_leave() -> None:
    rows = [
        ("公安", [Stay(EIGHT, EIGHT + 1800, "out"), Stay(EIGHT + 1800, EIGHT + 7200, "in")]),
        ("公安", [Stay(EIGHT, EIGHT + 7200, "away")]),
        ("税务", [Stay(EIGHT + 3600, EIGHT + 7200, "away")]),
    ]

    assert hourly(rows) == Hours(("公安",), (8, 9), ((50, 100),), ())


def test_an_hour_of_which_more_than_a_tenth_is_unknown_has_no_figure() -> None:
    tenth = [Stay(EIGHT, EIGHT + 360, "unknown"), Stay(EIGHT + 360, EIGHT + 3600, "in")]
    more = [Stay(EIGHT, EIGHT + 361, "unknown"), Stay(EIGHT + 361, EIGHT + 3600, "in")]

    assert hourly([("公安", tenth)]) == Hours(("公安",), (8,), ((100,),), ())
    assert hourly([("公安", more)]) == Hours(("公安",), (8,), ((None,),), ((0, 0),))


# why


def test_why_something_is_not_known_names_the_terminals_that_were_not_read() -> None:
    case = hall("08:50", "12:30:00")
    here, noon = day("2026-11-09"), parse_moment("2026-11-09 12:00:00")

    def pending(due: int | None) -> Verdict:
        return Verdict(here, "P1", 1, "out", due, None, "", "pending", 0, "missing")

    def why(verdict: Verdict, as_of: str) -> tuple[Reason, ...]:
        return reasons(posting(), [verdict], Terminals(case), parse_moment(as_of))

    assert why(pending(noon), "2026-11-10 12:00:00") == (Reason("unread", ("T1",)),)
    assert why(pending(noon + 7200), "2026-11-09 17:00:00") == (Reason("unread", ("T1",)),)
    assert why(pending(noon), "2026-11-09 12:40:00") == (Reason("not_yet"),)
    assert why(pending(noon + 7200), "2026-11-09 12:40:00") == (Reason("not_yet"),)
    assert why(pending(noon)._replace(verdict="unverified"), "2026-11-10 12:00:00") == (Reason("doubt"),)
    elsewhere = posting(window="税务")
    only = hall("08:50", terminals=[terminal("T1", "公安")])
    assert reasons(elsewhere, [pending(noon)], Terminals(only), noon) == (Reason("no_terminal"),)


# trend


def test_the_trend_has_gaps_where_nobody_was_due_and_says_where_something_is_not_known() -> None:
    here = day("2026-11-09")
    postings = [replace(posting(p, window=w), last=here + 9) for p, w in (("P1", "公安"), ("P2", "税务"))]
    verdicts = [
        Verdict(d, p, 1, "in", None, None, "", verdict, 0, "")
        for d, p, verdict in ((here, "P1", "late"), (here, "P2", "pending"), (here + 2, "P1", "normal"))
    ]
    found = month(hall("08:50 12:01 14:25 17:31", postings=[posting()]), LATER).violations

    assert trend(here, here + 2, 1, postings, verdicts, found) == Trend(
        ((here, here), (here + 1, here + 1), (here + 2, here + 2)),
        ("公安", "税务"),
        (1, None, 0),
        (0, None, 0),
        ((len(found), None, 0), (0, None, None)),
        ((1, 0),),
    )
    assert trend(here, here + 8, 7, postings, verdicts, found).steps == ((here, here + 6), (here + 7, here + 8))
