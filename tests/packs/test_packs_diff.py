"""What differs between two packs: by table, id and effective date."""

from __future__ import annotations

from datetime import date

import pytest

from punchsync.packs.diff import Change, Difference, differences
from punchsync.packs.load import load_unanswered, read
from punchsync.packs.schema import PackFile
from punchsync.packs.shelf import shipped

from .test_packs_booklet import PACK


def file(text: str) -> PackFile:
    return read(text, "own.toml", {}, {"late_points": "0"}).file


def changed(*pairs: tuple[str, str]) -> PackFile:
    text = PACK
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return file(text)


@pytest.mark.parametrize("id", sorted(shipped()))
def test_a_pack_does_not_differ_from_itself(id: str) -> None:
    path = shipped()[id]
    one, other = (load_unanswered(path).file for _ in range(2))

    assert differences(one, other) == []


def test_a_changed_value_is_named_with_key_article_and_dates() -> None:
    found = differences(file(PACK), changed(('points = "0.5"', 'points = "1"')))

    assert found == [
        Difference(
            table="item",
            id="late",
            what="changed",
            first=date(2026, 9, 1),
            cites=("办法 第二条", "细则 三1(2)"),
            says="迟到扣分",
            changes=(Change("charges.1.points", "0.5", "1"),),
        )
    ]
    assert found[0].keys == ("charges.1.points",)


def test_another_way_to_write_the_same_number_or_set_is_no_difference() -> None:
    assert differences(file(PACK), changed(('points = "0.5"', "points = 0.50"))) == []


def test_a_later_version_is_added_and_the_one_before_it_ends_sooner() -> None:
    more = PACK.replace("from = 2026-09-01\n", "from = 2026-09-01\nto = 2026-12-31\n") + (
        '[[item]]\nid = "late"\nname = "迟到"\nkinds = ["late"]\ncites = ["d 第二条"]\nsays = "迟到扣分"\n'
        'charges = [{ account = "person", category = "考勤", points = "2" }]\nfrom = 2027-01-01\n'
    )

    ended, added = differences(file(PACK), file(more))

    assert (ended.what, ended.first, ended.last) == ("changed", date(2026, 9, 1), None)
    assert ended.changes == (Change("to", None, "2026-12-31"),)
    assert (added.what, added.first, added.last) == ("added", date(2027, 1, 1), None)
    assert Change("charges.1.points", None, "2") in added.changes


def test_a_version_that_moved_is_one_change() -> None:
    (found,) = differences(file(PACK), changed(("from = 2026-09-01", "from = 2026-10-01")))

    assert (found.what, found.first, found.last) == ("changed", date(2026, 9, 1), None)
    assert found.changes == (Change("from", "2026-09-01", "2026-10-01"),)


def test_a_dropped_rule_is_removed() -> None:
    without = PACK[: PACK.rindex("[[item]]")] + PACK[PACK.index("[[case]]") :]

    (found,) = differences(file(PACK), file(without))

    assert (found.table, found.id, found.what, found.first) == ("item", "late", "removed", date(2026, 9, 1))
    assert all(c.new is None for c in found.changes)


def test_an_interpretation_differs_with_what_it_is_read_into() -> None:
    found = differences(file(PACK), changed(("09:00-12:00+14:00-17:00", "09:00-12:00+13:00-16:00")))

    change = Change("value", "09:00-12:00+14:00-17:00", "09:00-12:00+13:00-16:00")
    assert found == [
        Difference(table="interpretation", id="own.day", what="changed", says="原文未写作息", changes=(change,)),
        Difference(
            table="shift", id="day", what="changed", says="平时",
            changes=(Change("sessions", change.old, change.new),),
        ),
    ]  # fmt: skip


def test_names_timetable_and_cases_differ_too() -> None:
    found = differences(
        file(PACK),
        changed(
            ('name = "小厅"', 'name = "大厅"'),
            ("[[shift]]", "[timetable]\ndropped_minutes = 5\n[[shift]]"),
            ('name = "一例"', 'name = "另一例"'),
        ),
    )

    assert [(d.table, d.id, d.what, d.keys) for d in found] == [
        ("", "", "changed", ("name",)),
        ("timetable", "", "changed", ("dropped_minutes",)),
        ("case", "一例", "removed", ()),
        ("case", "另一例", "added", ()),
    ]


def test_seasons_in_another_order_are_a_difference() -> None:
    summer = '[[season]]\nid = "summer"\nshift = "day"\nbegins = "06-01"\nends = "09-30"\n'
    first, last = PACK.replace("[[season]]", summer + "[[season]]"), PACK + summer

    (found,) = differences(file(first), file(last))

    assert (found.table, found.changes) == ("season", (Change("order", "summer、day", "day、summer"),))
