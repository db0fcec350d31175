"""Late and early past a limit become what the pack says; what is missing counts once a session or each by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.moment import HOUR
from punchsync.core.rules import Pack, Punctuality, Season, Shift

from .build import LATER, day, hall, kinds, leave, month, outage, roster, ruling, words
from .rulebook import book, said

GOOD = "08:55 12:01 13:55 17:01"  # 09:00–12:00, 14:00–17:00


def limited(beyond: str) -> Pack:
    """Late and early from the first second; more than 15 minutes late, more than 10 early are something else."""
    rule = Punctuality(
        **said("punctuality"), late=1, early=1, late_limit=900, late_beyond=beyond, early_limit=600,
        early_beyond=beyond,
    )  # fmt: skip
    return book(punctuality=(rule,))


def said_of(punched: str, pack: Pack, **rows: Any) -> list[tuple[str, int]]:
    found = month(hall(punched, **rows), pack=pack).violations
    return [(v.kind, v.seconds) for v in found]


def late(clock: str) -> str:
    return GOOD.replace("08:55", clock)


def early(clock: str) -> str:
    return GOOD.replace("17:01", clock)


@pytest.mark.parametrize("beyond", ["off_post", "absent_half_day"])
@pytest.mark.parametrize(
    ("clock", "kind", "seconds"),
    [("09:00:00", "", 0), ("09:00:01", "late", 1), ("09:14:59", "late", 899), ("09:15:00", "late", 900),
     ("09:15:01", "beyond", 901), ("11:00:00", "beyond", 7200)],
)  # fmt: skip
def test_up_to_its_limit_late_is_late_and_past_it_what_the_pack_says(
    beyond: str, clock: str, kind: str, seconds: int
) -> None:
    kind = beyond if kind == "beyond" else kind
    expected = [(kind, 0 if kind == "absent_half_day" else seconds)] if kind else []

    assert said_of(late(clock), limited(beyond)) == expected


@pytest.mark.parametrize("beyond", ["off_post", "absent_half_day"])
@pytest.mark.parametrize(
    ("clock", "kind", "seconds"),
    [("17:00:00", "", 0), ("16:59:59", "early", 1), ("16:50:01", "early", 599), ("16:50:00", "early", 600),
     ("16:49:59", "beyond", 601)],
)  # fmt: skip
def test_the_limit_of_early_is_its_own(beyond: str, clock: str, kind: str, seconds: int) -> None:
    kind = beyond if kind == "beyond" else kind
    expected = [(kind, 0 if kind == "absent_half_day" else seconds)] if kind else []

    assert said_of(early(clock), limited(beyond)) == expected


def test_the_verdict_stays_late_or_early_whatever_the_violation_is() -> None:
    found = [
        words(month(hall("09:20 12:01 13:55 16:40"), pack=limited(beyond)))
        for beyond in ("off_post", "absent_half_day")
    ]

    assert found == [["late", "normal", "normal", "early"]] * 2


def test_where_no_limit_is_stated_late_stays_late() -> None:
    assert said_of(late("11:59:59"), book()) == [("late", 10_799)]


def test_an_absence_past_the_limit_swallows_the_early_of_its_session_and_is_one() -> None:
    pack = limited("absent_half_day")

    assert said_of("09:20 11:55 13:55 17:01", pack) == [("absent_half_day", 0)]
    assert said_of("09:20 11:40 13:55 17:01", pack) == [("absent_half_day", 0)]
    assert kinds(month(hall("09:20 11:55 13:55 17:01"), pack=limited("off_post"))) == [
        (1, "off_post", "punch"), (1, "early", "punch"),
    ]  # fmt: skip


def test_a_missing_checkpoint_swallows_the_off_post_past_a_limit() -> None:
    assert said_of("09:20 13:55 17:01", limited("off_post")) == [("absent_half_day", 0)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("late", [("off_post", 1200)]), ("off_post", []), ("absent_half_day", [("off_post", 1200)])],
)
def test_a_ruling_fits_the_kind_that_it_became(kind: str, expected: list[tuple[str, int]]) -> None:
    assert said_of(late("09:20"), limited("off_post"), rulings=[ruling("excuse", kind=kind)]) == expected


@pytest.mark.parametrize(("kind", "expected"), [("late", []), ("off_post", [("off_post", 1200)])])
def test_a_doubted_one_is_upheld_as_what_it_would_be(kind: str, expected: list[tuple[str, int]]) -> None:
    rows = {"outages": [outage("08:50", "09:10")], "rulings": [ruling("uphold", kind=kind)]}

    assert said_of(late("09:20"), limited("off_post"), **rows) == expected


def test_a_limit_counts_on_the_days_it_is_in_force() -> None:
    (rule,) = limited("off_post").punctuality
    plain = replace(rule, late_limit=None, late_beyond="", early_limit=None, early_beyond="")
    versions = [
        (replace(plain, last=day() - 1), replace(rule, first=day())),
        (replace(plain, last=day()), replace(rule, first=day() + 1)),
    ]

    assert [said_of(late("09:20"), book(punctuality=v)) for v in versions] == [[("off_post", 1200)], [("late", 1200)]]


# one session a day, each missing checkpoint by itself

NINE = Punctuality(**said("punctuality"), late=1, early=1, missing="absent_half_day_each")
EACH = book(
    punctuality=(NINE,),
    shifts=(Shift("day", "早九晚五", ((9 * HOUR, 17 * HOUR),)),),
    seasons=(Season(**said("season"), shift="day"),),
)
ONE, TWO = [(1, "absent_half_day", "punch")], [(1, "absent_half_day", "punch")] * 2


@pytest.mark.parametrize(
    ("punched", "expected"), [("", TWO), ("08:55", ONE), ("17:01", ONE), ("08:55 17:01", []), ("09:20 16:40", None)]
)
def test_one_missing_is_half_a_day_and_both_are_two(punched: str, expected: list[tuple[int, str, str]] | None) -> None:
    found = kinds(month(hall(punched), pack=EACH))

    assert found == ([(1, "late", "punch"), (1, "early", "punch")] if expected is None else expected)


def test_two_rows_of_one_absence_have_ids_of_their_own_and_count_two_half_days() -> None:
    found = month(hall(), pack=EACH)

    assert [v.seconds for v in found.violations] == [0, 0]
    assert len({v.id for v in found.violations}) == 2
    assert [(t.required_sessions, t.absent_half_days, t.in_post_days) for t in found.tallies] == [(1, 2, 0)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "12:59:59", TWO),  # 14,401 s of 28,800 required
        ("09:00", "13:00:00", ONE),  # exactly half
        ("09:00", "13:00:01", ONE),
        ("11:00", "14:59:59", TWO),  # in the middle: the pieces together
        ("11:00", "15:00:00", ONE),
        ("09:00", "16:50:00", ONE),
        ("09:00", "16:50:01", []),  # under ten minutes left: nothing is required
        ("09:00", "17:00", []),
    ],
)
def test_where_at_most_half_of_the_session_is_required_one_row_is_all(
    start: str, end: str, expected: list[tuple[int, str, str]]
) -> None:
    assert kinds(month(hall(leaves=[leave(start, end)]), pack=EACH)) == expected


@pytest.mark.parametrize(
    ("part", "end", "count"),
    [("0", "16:50", 2), ("0.25", "14:59:59", 2), ("0.25", "15:00", 1), ("0.75", "10:59:59", 2), ("0.75", "11:00", 1)],
)
def test_a_pack_may_ask_another_part_of_the_session(part: str, end: str, count: int) -> None:
    pack = replace(EACH, punctuality=(replace(NINE, each_over=Decimal(part)),))

    assert len(kinds(month(hall(leaves=[leave("09:00", end)]), pack=pack))) == count


def test_on_a_day_of_two_sessions_each_session_is_absent_once() -> None:
    rows = [roster(sessions="09:00-12:00 14:00-17:00")]

    assert kinds(month(hall(rosters=rows), pack=EACH)) == [
        (1, "absent_half_day", "punch"),
        (2, "absent_half_day", "punch"),
    ]


def test_where_nothing_is_said_of_each_both_missing_are_one() -> None:
    once = replace(EACH, punctuality=(replace(NINE, missing="absent_half_day"),))

    assert kinds(month(hall(), pack=once)) == ONE


def test_of_two_missing_a_doubted_and_excused_one_is_not_counted() -> None:
    excused = [ruling("excuse", kind="absent_half_day")]

    found = month(hall(outages=[outage("08:50", "09:00")], rulings=excused), pack=EACH)

    # the ruling fits both: the doubted one is out, and the row of the other is excused too
    assert (words(found), kinds(found), found.unknown) == (["unverified", "missing"], [], 0)


def test_an_excuse_takes_both_rows_and_pending_holds_both_back() -> None:
    assert kinds(month(hall(rulings=[ruling("excuse")]), pack=EACH)) == []
    assert kinds(month(hall("", "19:59:59"), pack=EACH)) == []
    assert kinds(month(hall("", "20:00:00"), LATER, EACH)) == TWO
