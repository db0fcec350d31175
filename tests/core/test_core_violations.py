"""Base violations: what swallows what, incidents and their sessions, and rulings."""

from __future__ import annotations

import pytest

from .build import LATER, hall, incident, kinds, leave, month, outage, posting, ruling, sums, words

GOOD = "08:25 12:01 14:25 17:31"
ABSENT = (1, "absent_half_day", "punch")


def test_two_missing_checkpoints_are_one_absence_that_swallows_the_session_s_late() -> None:
    found = [kinds(month(hall(punched))) for punched in ("14:25 17:31", "08:50 14:25 17:31", "09:00 11:00 14:25 17:31")]

    assert found == [[ABSENT], [ABSENT], [(1, "late", "punch"), (1, "early", "punch")]]


@pytest.mark.parametrize("kind", ["early", "off_post"])
def test_an_absence_swallows_off_post_and_early_from_any_source(kind: str) -> None:
    assert kinds(month(hall("14:25 17:31", incidents=[incident(kind, "10:00")]))) == [ABSENT]


def test_an_absence_swallows_no_other_incident() -> None:
    rows = [incident("no_badge", "10:00")]

    assert kinds(month(hall("14:25 17:31", incidents=rows))) == [ABSENT, (1, "no_badge", "incident")]


def test_while_a_session_is_unknown_its_late_waits_and_other_incidents_do_not() -> None:
    rows = [incident("off_post", "10:00", id="I1"), incident("no_badge", "10:00", id="I2"),
            incident("wandering", "15:00", id="I3")]  # fmt: skip

    found = month(hall("08:50", "13:00", incidents=rows))

    assert words(found) == ["late", "pending", "pending", "pending"]
    assert kinds(found) == [(1, "no_badge", "incident"), (2, "wandering", "incident")]


def test_early_by_punch_and_by_incident_count_once_by_punch() -> None:
    found = month(hall("08:25 11:00 14:25 17:31", incidents=[incident("early", "10:50")]))

    assert kinds(found) == [(1, "early", "punch")]


@pytest.mark.parametrize(
    ("clock", "session"),
    [("08:29:59", None), ("08:30:00", 1), ("12:00:00", 1), ("12:00:01", None), ("14:29:59", None), ("14:30:00", 2),
     ("17:30:00", 2), ("17:30:01", None)],
)  # fmt: skip
def test_an_incident_belongs_to_the_session_it_lies_in_both_ends_included(clock: str, session: int | None) -> None:
    rows = [incident("no_badge", clock, id="I1"), incident("missed_study", clock, id="I2")]

    found = kinds(month(hall(GOOD, incidents=rows)))

    conduct = [] if session is None else [(session, "no_badge", "incident")]
    assert sorted(found) == sorted([(session or 0, "missed_study", "incident"), *conduct])


@pytest.mark.parametrize("kind", ["off_post", "wandering", "private_work", "games", "no_badge", "early"])
def test_conduct_outside_any_session_yields_nothing(kind: str) -> None:
    assert kinds(month(hall(GOOD, incidents=[incident(kind, "13:00")]))) == []


def test_inside_excused_time_only_proxy_punches_and_breaches_of_leave_count() -> None:
    every = ["no_badge", "missed_study", "proxy_punch", "leave_breach"]
    rows = [incident(kind, "09:00", id=f"I{n}") for n, kind in enumerate(every)]

    found = month(hall("10:00 12:01 14:25 17:31", leaves=[leave("08:30", "10:00")], incidents=rows))

    assert kinds(found) == [(1, "leave_breach", "incident"), (1, "proxy_punch", "incident")]


def test_a_dropped_piece_is_excused_time_too() -> None:
    rows = [incident("no_badge", "11:55")]

    assert kinds(month(hall("14:25 17:31", leaves=[leave("08:30", "11:50:01")], incidents=rows))) == []


def test_an_incident_without_posting_or_after_as_of_s_date_yields_no_row() -> None:
    rows = [incident("no_badge", "2026-11-10 10:00"), incident("no_badge", "2026-11-11 10:00", id="I2")]
    week = [posting(first="2026-11-09", last="2026-11-13")]

    assert kinds(month(hall(GOOD, incidents=rows))) == []
    assert [v.id for v in month(hall(GOOD, incidents=rows[1:], postings=week), LATER).violations][2:] == []


def test_a_window_s_own_incident_has_no_person_and_session_0() -> None:
    rows = [incident("window_empty", "10:00", window="公安"), incident("window_empty", "10:00", id="I2", window="税务")]

    found = month(hall(GOOD, incidents=rows))

    assert [(v.person, v.window, v.unit, v.session, v.kind) for v in found.violations] == [
        ("", "公安", "公安局", 0, "window_empty"),
    ]  # fmt: skip


# rulings


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ruling("excuse"), []),
        (ruling("excuse", kind="late"), [(1, "early", "punch")]),
        (ruling("excuse", 2), [(1, "late", "punch"), (1, "early", "punch")]),
        (ruling("excuse", kind="absent_half_day"), [(1, "late", "punch"), (1, "early", "punch")]),
        (ruling("uphold"), [(1, "late", "punch"), (1, "early", "punch")]),
        (ruling("amend", kind="late", as_kind="off_post"), [(1, "early", "punch"), (1, "off_post", "punch")]),
        (ruling("amend", kind="late", as_kind="absent_half_day"), [ABSENT]),
        (ruling("excuse", person="P2"), [(1, "late", "punch"), (1, "early", "punch")]),
    ],
)
def test_a_ruling_acts_on_the_violations_it_fits(row: object, expected: list[tuple[int, str, str]]) -> None:
    found = month(hall("08:50 11:00 14:25 17:31", rulings=[row]))

    assert sorted(v for v in kinds(found) if v[2] != "conversion") == sorted(expected)
    assert words(found) == ["late", "early", "normal", "normal"]


def test_amended_seconds_stay_with_the_timed_kinds_only() -> None:
    rows = [ruling("amend", kind="late", as_kind="early"), ruling("amend", kind="early", as_kind="no_badge", id="D2")]

    found = month(hall("08:50 11:00 14:25 17:31", rulings=rows))

    assert sorted((v.kind, v.seconds, v.source) for v in found.violations) == [
        ("early", 1200, "punch"), ("no_badge", 0, "punch"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decided", "ids", "expected"),
    [
        (("2026-11-20 10:00:00", "2026-11-20 10:00:01"), ("D1", "D2"), []),
        (("2026-11-20 10:00:01", "2026-11-20 10:00:00"), ("D1", "D2"), [(1, "late", "punch")]),
        (("2026-11-20 10:00:00", "2026-11-20 10:00:00"), ("D1", "D2"), []),
        (("2026-11-20 10:00:00", "2026-11-20 10:00:00"), ("D2", "D1"), [(1, "late", "punch")]),
    ],
)
def test_the_latest_decided_ruling_wins_then_the_larger_id(
    decided: tuple[str, str], ids: tuple[str, str], expected: list[object]
) -> None:
    rows = [ruling("uphold", id=ids[0], decided=decided[0]), ruling("excuse", id=ids[1], decided=decided[1])]

    assert kinds(month(hall("08:50 12:01 14:25 17:31", rulings=rows))) == expected


DARK = [outage("08:20", "08:35")]


def test_uphold_makes_the_doubted_verdict_what_it_was() -> None:
    found = month(hall("08:50 12:01 14:25 17:31", outages=DARK, rulings=[ruling("uphold")]))

    assert (words(found)[0], kinds(found), found.unknown) == ("late", [(1, "late", "punch")], 0)
    assert sorted(map(str, sums(found).values())) == ["-0.5", "-0.5"]


def test_an_excused_doubt_counts_as_known() -> None:
    found = month(hall("08:50 11:00 14:25 17:31", outages=DARK, rulings=[ruling("excuse", kind="late")]))

    assert (words(found)[0], kinds(found), found.unknown) == ("unverified", [(1, "early", "punch")], 0)


def test_an_excused_doubted_absence_swallows_what_it_would_have_swallowed() -> None:
    rows = [incident("off_post", "10:00"), incident("no_badge", "10:00", id="I2")]
    excused = [ruling("excuse", kind="absent_half_day")]

    found = month(hall("11:00 14:25 17:31", outages=DARK, incidents=rows, rulings=excused))

    assert (words(found)[:2], kinds(found)) == (["unverified", "early"], [(1, "no_badge", "incident")])


def test_amend_leaves_a_doubted_verdict_doubted() -> None:
    rows = [ruling("amend", kind="late", as_kind="no_badge")]

    found = month(hall("08:50 12:01 14:25 17:31", outages=DARK, rulings=rows))

    assert (words(found)[0], kinds(found)) == ("unverified", [])


def test_what_was_swallowed_stays_swallowed_when_the_absence_is_excused() -> None:
    rows = [incident("off_post", "10:00")]

    assert kinds(month(hall("08:50 14:25 17:31", incidents=rows, rulings=[ruling("excuse")]))) == []


def test_the_session_rule_is_applied_once_more_after_rulings() -> None:
    rows = [incident("no_badge", "10:00"), incident("no_badge", "11:00", id="I2")]
    amended = [ruling("amend", kind="no_badge", as_kind="absent_half_day")]

    found = month(hall("08:50 12:01 14:25 17:31", incidents=rows, rulings=amended))

    assert kinds(found) == [(1, "absent_half_day", "incident")]


def test_a_ruling_for_a_window_decides_on_its_empty_counter() -> None:
    rows = [incident("window_empty", "10:00", window="公安")]

    excused = [ruling("excuse", 0, person="", window=window) for window in ("公安", "税务")]

    assert [kinds(month(hall(GOOD, incidents=rows, rulings=[r]))) for r in excused] == [
        [], [(0, "window_empty", "incident")],
    ]  # fmt: skip


def test_ids_are_stable_and_each_stands_once() -> None:
    case = hall("08:50", incidents=[incident("no_badge", "15:00"), incident("no_badge", "15:00", id="I2")])

    one, other = month(case), month(case, "2026-11-20 12:00")

    ids = [v.id for v in one.violations]
    assert (ids, len(set(ids))) == ([v.id for v in other.violations], 4)
