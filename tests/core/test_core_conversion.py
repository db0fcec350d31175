"""What follows from violations: findings counted together, and the ten that make one more half-day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.charge import charge
from punchsync.core.conversion import convert
from punchsync.core.rules import Pack
from punchsync.core.violations import Violation
from punchsync.core.wanted import Wanted, price

from .build import YIHUANG, day

PERSON, WINDOW = ("person", "勤"), ("window", "文明服务")


def violation(
    kind: str, date: int, session: int = 1, *, phase: int = 0, source: str = "punch", at: int = 0, window: str = "公安"
) -> Violation:
    """A base violation of P1 on a day of November."""
    if source == "incident":
        phase = 2
    return Violation(
        f"{kind}{date:02d}{session}{phase}{at}{source}", day(f"2026-11-{date:02d}"), "P1", session, kind, window,
        "公安局", 0, source, phase, at,
    )  # fmt: skip


def lates(count: int, first: int = 1) -> list[Violation]:
    return [violation("late", date) for date in range(first, first + count)]


def finding(date: int, kind: str = "wandering", session: int = 1, at: int = 0) -> Violation:
    return violation(kind, date, session, source="incident", at=at)


def rows(base: Sequence[Violation], waiting: Sequence[tuple[int, int]] = (), pack: Pack = YIHUANG) -> list[str]:
    """The month afterwards, `day kind` with a star for what was derived."""
    unknown = {(day(f"2026-11-{date:02d}"), session) for date, session in waiting}
    found = convert(base, unknown, pack).violations
    return [f"{v.day - day('2026-10-31')} {v.kind}{'*' if v.source == 'conversion' else ''}" for v in found]


def entries(base: Sequence[Violation], pack: Pack = YIHUANG) -> list[Wanted]:
    """The entries that the month asks for."""
    month = convert(base, set(), pack)
    return price(charge(month.violations, month.derived, pack), pack).wanted


def tens(**change: Any) -> Pack:
    """The pack with its one conversion changed."""
    (rule,) = YIHUANG.conversions
    return replace(YIHUANG, conversions=(replace(rule, **change),))


def points(base: Sequence[Violation], pack: Pack = YIHUANG) -> dict[tuple[str, str], Decimal]:
    out = {PERSON: Decimal(0), WINDOW: Decimal(0)}
    for w in entries(base, pack):
        out[w.account_type, w.category] += w.points
    return out


def charged(person: str, window: str) -> dict[tuple[str, str], Decimal]:
    return {PERSON: Decimal(person), WINDOW: Decimal(window)}


@pytest.mark.parametrize(("count", "derived"), [(9, []), (10, [10]), (11, [10]), (19, [10]), (20, [10, 20])])
def test_each_tenth_late_or_early_of_a_month_yields_a_half_day_at_its_place(count: int, derived: list[int]) -> None:
    found = [row for row in rows(lates(count)) if row.endswith("*")]

    assert found == [f"{n} absent_half_day*" for n in derived]


def test_late_and_early_count_together_in_time_order_and_off_post_does_not() -> None:
    base = [*lates(4, 1), violation("off_post", 5), *[violation("early", d, phase=1) for d in range(6, 12)]]
    plain = replace(YIHUANG, findings=())

    assert [row for row in rows(base, pack=plain) if row.endswith("*")] == ["11 absent_half_day*"]


def test_ten_lates_keep_their_own_points_which_are_more_than_a_half_day_s() -> None:
    assert points(lates(10)) == charged("-5", "-5")


@pytest.mark.parametrize(
    ("mode", "person"), [("heavier", "-5"), ("replace", "-2.5"), ("add", "-7.5"), ("count_only", "-5")]
)
def test_a_mode_says_which_points_count(mode: str, person: str) -> None:
    assert points(lates(10), tens(mode=mode)) == charged(person, person)


def test_heavier_takes_the_half_day_where_it_is_more_and_charges_the_window_of_the_last() -> None:
    base = [*lates(3), violation("late", 4, window="税务")]

    found = entries(base, tens(every=4))

    assert sorted((w.account_id, w.points, w.value_date - day("2026-10-31")) for w in found) == [
        ("P1", Decimal("-2.5"), 4), ("税务", Decimal("-2.5"), 4),
    ]  # fmt: skip


def test_equal_points_leave_the_group_s_own() -> None:
    found = entries(lates(5), tens(every=5))

    assert {w.cause.split("@")[0] for w in found} == {v.id for v in lates(5)}


def test_a_derived_absence_swallows_the_late_and_early_that_follow_in_its_session() -> None:
    base = [*lates(10), violation("early", 10, phase=1), violation("early", 10, session=2, phase=1)]

    assert rows(base)[9:] == ["10 absent_half_day*", "10 late", "10 early"]


def test_where_the_session_is_absent_already_its_ten_are_used_up() -> None:
    base = [*lates(10), violation("absent_half_day", 10, phase=1), *lates(10, 11)]

    assert [row for row in rows(base) if "absent" in row] == ["10 absent_half_day", "20 absent_half_day*"]
    assert points(base) == charged("-12.5", "-12.5")


def test_the_first_finding_also_yields_an_early_and_each_later_one_a_half_day() -> None:
    assert rows([finding(2), finding(3, "games"), finding(4, "off_post")]) == [
        "2 early*", "2 wandering", "3 absent_half_day*", "3 games", "4 absent_half_day*", "4 off_post",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("wandering", charged("-2", "-2"), charged("-4.5", "-4.5")),
        ("games", charged("-2", "-2"), charged("-4.5", "-4.5")),
        ("off_post", charged("-2", "-2"), charged("-4.5", "-4.5")),
        ("private_work", charged("-2", "-0.5"), charged("-4.5", "-3")),
    ],
)
def test_of_finding_and_derived_the_heavier_counts_for_each_account(
    kind: str, first: dict[tuple[str, str], Decimal], second: dict[tuple[str, str], Decimal]
) -> None:
    assert (points([finding(2, kind)]), points([finding(2, kind), finding(3, kind)])) == (first, second)


def test_the_first_finding_adds_no_second_early_to_its_session() -> None:
    assert rows([violation("early", 2, phase=1), finding(2)]) == ["2 early", "2 wandering"]


def test_later_findings_swallow_late_and_early_of_their_session_and_never_a_finding() -> None:
    base = [finding(1), violation("late", 2), finding(2, "off_post", at=1), finding(2, "games", at=2)]

    assert rows(base) == ["1 early*", "1 wandering", "2 absent_half_day*", "2 off_post", "2 games"]


def test_where_the_session_is_absent_already_a_finding_keeps_its_own_points() -> None:
    base = [finding(1), violation("absent_half_day", 2), finding(2)]

    assert rows(base) == ["1 early*", "1 wandering", "2 absent_half_day", "2 wandering"]
    assert points(base) == charged("-6.5", "-6.5")


def test_derived_rows_wait_with_their_session() -> None:
    base = [finding(1), finding(2), finding(3)]

    assert rows(base, waiting=[(1, 1), (2, 1)]) == ["1 wandering", "2 wandering", "3 absent_half_day*", "3 wandering"]


def test_derivation_never_looks_back() -> None:
    # the second finding's half-day swallows the late that was the tenth: only nine are left
    base = [*lates(10, 2), finding(1), finding(11, at=9)]

    assert [row for row in rows(base) if row.endswith("*")] == [
        "1 early*",
        "10 absent_half_day*",
        "11 absent_half_day*",
    ]


def test_a_derived_row_takes_place_window_and_time_of_its_origin() -> None:
    month = convert([finding(2, at=77)], set(), YIHUANG)

    (early,) = [v for v in month.violations if v.source == "conversion"]
    origin = finding(2, at=77)

    assert (early.day, early.session, early.kind, early.window, early.seconds, early.at, early.cause) == (
        origin.day, 1, "early", "公安", 0, 77, origin.id,
    )  # fmt: skip
    assert [(d.id, d.made_of) for d in month.derived] == [(early.id, (origin.id,))]


def test_a_pack_without_conversions_leaves_the_month_as_it_is() -> None:
    plain = replace(YIHUANG, findings=(), conversions=())

    assert rows([*lates(10), finding(11)], pack=plain) == [f"{n} late" for n in range(1, 11)] + ["11 wandering"]
