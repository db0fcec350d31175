"""What points were made of: it says the same as what is charged and booked, and why."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.core.bench import HallMonth
from punchsync.core.charge import charge
from punchsync.core.conversion import convert
from punchsync.core.rules import Pack
from punchsync.core.trace import Trace, trace
from punchsync.core.verdicts import Verdicts
from punchsync.core.violations import Violation
from punchsync.core.wanted import price
from punchsync.packs.load import load
from punchsync.packs.shelf import shipped

from .build import YIHUANG
from .test_core_conversion import finding, lates, tens, violation

CHANGXING = load(shipped()["changxing"]).pack


def month(base: list[Violation], pack: Pack) -> HallMonth:
    made = convert(base, set(), pack)
    owed = charge(made.violations, made.derived, pack)
    return HallMonth("2026-11", Verdicts([]), made.violations, owed, [], made.derived, {})


def traced(base: list[Violation], pack: Pack = YIHUANG) -> Trace:
    return trace([month(base, pack)], pack)


def told(found: Trace, id: str) -> list[tuple[str, str, Decimal, int]]:
    return [(c.account_type, c.state, c.points, c.nth) for c in found.charges[id]]


def test_ten_lates_are_heavier_than_the_half_day_made_of_them() -> None:
    found = traced(lates(10))
    (made,) = [v for v in found.violations.values() if v.source == "conversion"]

    assert told(found, made.id) == [("person", "lighter", Decimal(0), 0), ("window", "lighter", Decimal(0), 0)]
    assert [(w.account, w.own, w.members, w.kept) for w in found.weighed_with(made.id)] == [
        ("person", Decimal("2.5"), Decimal(5), "members"),
        ("window", Decimal("2.5"), Decimal(5), "members"),
    ]
    assert [v.id for v in found.made_of(made.id)] == [v.id for v in lates(10)]
    assert found.made_into(lates(1)[0].id) == (made,)


def test_a_second_finding_is_replaced_by_the_heavier_half_day() -> None:
    first, second = finding(2), finding(3)

    found = traced([first, second])

    assert told(found, first.id) == [("person", "booked", Decimal(-2), 0), ("window", "booked", Decimal(-2), 0)]
    assert told(found, second.id) == [("person", "replaced", Decimal(0), 0), ("window", "replaced", Decimal(0), 0)]


def test_per_item_only_the_first_of_a_quarter_is_charged_and_the_others_say_after_what() -> None:
    rows = lates(3)

    found = traced(rows, CHANGXING)

    assert told(found, rows[0].id) == [("window", "booked", Decimal(-5), 1), ("person", "booked", Decimal(-5), 1)]
    assert told(found, rows[2].id) == [("window", "free", Decimal(0), 3), ("person", "free", Decimal(0), 3)]
    assert [c.before for c in found.charges[rows[2].id]] == [tuple(rows[:2])] * 2
    assert {c.counted for c in found.charges[rows[2].id]} == {"2026-Q4"}


KINDS = ["late", "early", "wandering", "games", "private_work", "absent_half_day", "missed_study"]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 28), st.integers(1, 2)), max_size=25, unique=True),
    st.sampled_from([YIHUANG, CHANGXING, tens(mode="add"), tens(mode="replace"), tens(mode="count_only", every=2)]),
)
def test_what_is_traced_as_booked_is_what_is_booked(drawn: list[tuple[str, int, int]], pack: Pack) -> None:
    base = [
        violation(kind, date, session, source="punch" if kind in ("late", "early") else "incident")
        for kind, date, session in drawn
    ]
    made = month(base, pack)

    found = trace([made], pack)

    booked = {(c.cause, c.points) for rows in found.charges.values() for c in rows if c.state == "booked"}
    assert booked == {(w.cause, w.points) for w in price(made.owed, pack).wanted}
