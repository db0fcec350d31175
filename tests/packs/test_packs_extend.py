"""A hall's own pack on the ground of another: rules replaced, amended by date, added and dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from punchsync.core.moment import parse_day
from punchsync.packs.extend import ended, extend, merged
from punchsync.packs.load import Loaded, load, questions, reread
from punchsync.packs.shelf import shipped
from punchsync.problems import Complaint, Refused

from .small import ASKED, PACK

OWN = 'extends = "small.toml"\nid = "own"\nname = "本厅"\n'
ITEM = """
[[item]]
id = "late"
name = "迟到"
kinds = ["late"]
charges = [{ account = "person", category = "考勤", points = "2" }]
cites = ["d 3"]
says = "迟到加倍扣分"
"""

Hall = Callable[..., Loaded]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Loads a hall's own pack beside the small one, and beside others of that name."""

    def loaded(text: str, base: str = PACK, **others: str) -> Loaded:
        for name, content in {"small": base, "own": text, **others}.items():
            (tmp_path / f"{name}.toml").write_text(content, encoding="utf-8")
        return load(tmp_path / "own.toml")

    return loaded


def refused(hall: Hall, text: str, **others: str) -> list[Complaint]:
    with pytest.raises(Refused) as found:
        hall(text, **others)
    return list(found.value.complaints)


def points(loaded: Loaded, *dates: str) -> list[str]:
    """What a late costs on these days."""
    found = []
    for on in dates:
        items = loaded.pack.items_for("late", parse_day(on))
        found.append(" ".join(str(c.points) for i in items for c in i.charges))
    return found


def test_a_pack_that_adds_nothing_is_its_base_under_another_name(hall: Hall) -> None:
    own, base = hall(OWN), load(shipped()["foursign"])
    same = hall('extends = "foursign"\nid = "own"\nname = "本厅"\n')

    assert (own.pack.id, own.pack.name, points(own, "2026-11-09")) == ("own", "本厅", ["0.5"])
    assert (same.pack.items, same.pack.counts, same.pack.ladder) == (
        base.pack.items,
        base.pack.counts,
        base.pack.ladder,
    )
    assert same.pack.digest != base.pack.digest


def test_the_cases_of_the_base_are_not_the_hall_s(hall: Hall) -> None:
    case = '[[case]]\nname = "一例"\nexpect = {}\n'

    assert [len(hall(text, base=PACK + case).file.case) for text in (OWN, OWN + case)] == [0, 1]


def test_a_rule_of_the_same_id_without_a_date_takes_the_other_s_place(hall: Hall) -> None:
    own = hall(OWN + ITEM)

    assert points(own, "2000-01-01", "2026-11-09") == ["2", "2"]
    assert [(i.id, i.says) for i in own.pack.items] == [("late", "迟到加倍扣分")]


def test_it_takes_the_place_of_all_versions(hall: Hall) -> None:
    versions = (
        PACK.replace('says = "迟到扣分"\n', 'says = "迟到扣分"\nto = 2026-06-30\n') + ITEM + "from = 2026-07-01\n"
    )

    assert points(hall(OWN + ITEM.replace('"2"', '"3"'), base=versions), "2026-06-30", "2026-07-01") == ["3", "3"]


def test_the_same_date_replaces_that_version_alone(hall: Hall) -> None:
    versions = (
        PACK.replace('says = "迟到扣分"\n', 'says = "迟到扣分"\nto = 2026-06-30\n') + ITEM + "from = 2026-07-01\n"
    )
    own = OWN + ITEM.replace('"2"', '"3"') + "from = 2026-07-01\n"

    assert points(hall(own, base=versions), "2026-06-30", "2026-07-01") == ["0.5", "3"]


def test_a_later_date_amends_and_the_version_before_ends_the_day_before(hall: Hall) -> None:
    own = hall(OWN + ITEM + "from = 2026-07-01\n")

    assert points(own, "2026-06-30", "2026-07-01", "2026-07-02") == ["0.5", "2", "2"]
    assert [(i.first, i.last) for i in own.file.item] == [(None, date(2026, 6, 30)), (date(2026, 7, 1), None)]


def test_an_amendment_of_an_amendment_stands_in_the_middle_of_them(hall: Hall) -> None:
    first, second = ITEM + "from = 2026-07-01\n", ITEM.replace('"2"', '"3"') + "from = 2027-01-01\n"

    found = points(hall(OWN + first + second), "2026-06-30", "2026-12-31", "2027-01-01")

    assert found == ["0.5", "2", "3"]


def test_a_rule_of_another_id_is_added_after_the_others(hall: Hall) -> None:
    own = hall(
        OWN
        + ITEM.replace("late", "early").replace('"d 3"', '"e 9"')
        + '[[document]]\nid = "e"\ntitle = "x"\nshort = "补充"\n'
    )

    assert [(i.id, own.pack.cite(i.cites)) for i in own.pack.items] == [("late", "办法 3"), ("early", "补充 9")]


def test_a_rule_of_a_kind_that_the_base_has_none_of_is_added(hall: Hall) -> None:
    table = (
        '[[conversion]]\nid = "ten"\nsays = "十次折旷工半天"\ncites = ["d 4"]\nkinds = ["late"]\nevery = 10\n'
        'yields = "absent_half_day"\n'
    )

    assert [(c.id, c.every) for c in hall(OWN + table).pack.conversions] == [("ten", 10)]


def test_a_dropped_rule_is_gone_in_all_of_its_versions(hall: Hall) -> None:
    versions = (
        PACK.replace('says = "迟到扣分"\n', 'says = "迟到扣分"\nto = 2026-06-30\n') + ITEM + "from = 2026-07-01\n"
    )

    own = hall('drop = ["item.late"]\n' + OWN, base=versions)

    assert (own.pack.items, points(own, "2026-06-30", "2026-07-01")) == ((), ["", ""])


def test_what_is_dropped_may_be_written_anew(hall: Hall) -> None:
    own = hall('drop = ["item.late"]\n' + OWN + ITEM + "from = 2026-07-01\n")

    assert points(own, "2026-06-30", "2026-07-01") == ["", "2"]


@pytest.mark.parametrize("place", ["item.early", "items.late", "late", "item.", "", "timetable.late"])
def test_what_the_base_does_not_have_can_t_be_dropped(hall: Hall, place: str) -> None:
    assert refused(hall, f'drop = ["{place}"]\n' + OWN) == [
        Complaint("own.toml", "drop", f"写的是 {place!r}", "“表.编号”，原规则包里有的")
    ]


@pytest.mark.parametrize("value", ['"item.late"', "1", "{}", "true"])
def test_a_drop_that_is_no_list_is_refused(hall: Hall, value: str) -> None:
    assert [(c.file, c.key) for c in refused(hall, f"drop = {value}\n" + OWN)] == [("own.toml", "drop")]


def test_all_that_is_dropped_wrongly_is_said_at_once(hall: Hall) -> None:
    found = refused(hall, 'drop = ["item.early", 3, "item.late"]\n' + OWN)

    assert [c.found for c in found] == ["写的是 'item.early'", "写的是 3"]


def test_the_keys_of_a_table_are_changed_one_by_one(hall: Hall) -> None:
    base = PACK.replace("[[shift]]", "[timetable]\ndropped_minutes = 5\nopens_minutes = 60\n[[shift]]")

    own = hall(OWN + "[timetable]\nopens_minutes = 90\n", base=base)

    assert (own.pack.dropped_piece, own.pack.opens_before) == (300, 5400)


def test_an_interpretation_of_the_base_is_read_otherwise(hall: Hall) -> None:
    own = hall(OWN + '[[interpretation]]\nid = "small.day"\nvalue = "08:00-12:00"\nsays = "作息"\n')

    assert [s.sessions for s in own.pack.shifts] == [((28_800, 43_200),)]
    assert [(i.id, i.value, i.overridden) for i in own.pack.interpretations] == [("small.day", "08:00-12:00", False)]


def test_packs_may_stand_on_each_other_in_a_row(hall: Hall) -> None:
    middle = OWN.replace("own", "middle") + ITEM + "from = 2026-07-01\n"
    top = OWN.replace("small.toml", "middle.toml") + ITEM.replace('"2"', '"3"') + "from = 2027-01-01\n"

    own = hall(top, middle=middle)

    assert points(own, "2026-06-30", "2026-12-31", "2027-01-01") == ["0.5", "2", "3"]
    again = reread(own.text)
    assert again is not None
    assert again.pack == own.pack


def test_what_the_base_asks_the_hall_must_answer(hall: Hall, tmp_path: Path) -> None:
    assert [(c.file, c.key) for c in refused(hall, OWN, base=ASKED)] == [
        ("punchsync.toml", "hall.answers.late_points"), ("punchsync.toml", "hall.answers.other_points"),
    ]  # fmt: skip
    assert questions(tmp_path / "own.toml") == {"late_points": "迟到扣几分", "other_points": "其他扣几分"}


def test_a_circle_is_refused_whatever_way_it_takes(hall: Hall, tmp_path: Path) -> None:
    again = OWN.replace("small.toml", "own.toml")
    elsewhere = OWN.replace("small.toml", f"../{tmp_path.name}/own.toml")
    around = {"middle": OWN.replace("small.toml", "own.toml")}

    (itself,) = refused(hall, again)
    (other,) = refused(hall, OWN.replace("small.toml", "middle.toml"), **around)

    assert (itself.file, itself.key, itself.found) == (
        "own.toml", "extends", "'own.toml' 绕了回来：它又以本规则包为基础",
    )  # fmt: skip
    assert (other.key, "绕了回来" in other.found) == ("extends", True)
    assert [(c.key, "绕了回来" in c.found) for c in refused(hall, elsewhere)] == [("extends", True)]


@pytest.mark.parametrize("base", ['"nowhere.toml"', '"nowhere"', '""', "3", "[]", "true", f'"{"x" * 5000}"'])
def test_a_base_that_is_not_there_is_refused_with_those_that_are(hall: Hall, base: str) -> None:
    (found,) = refused(hall, OWN.replace('"small.toml"', base))

    value = {"3": "3", "[]": "[]", "true": "True"}.get(base, base.replace('"', "'"))
    assert found == Complaint(
        "own.toml", "extends", f"写的是 {value}，找不到这个规则包", f"{'、'.join(shipped())}，或规则包文件的路径"
    )


def test_what_is_wrong_in_the_base_is_said_too(hall: Hall) -> None:
    broken = PACK.replace("late_seconds = 1\n", "late_seconds = 0\n")

    assert [c.key for c in refused(hall, OWN, base=broken)] == ["punctuality.1.late_seconds"]


def test_a_base_that_is_no_toml_is_refused_by_its_own_name(hall: Hall) -> None:
    assert [c.file for c in refused(hall, OWN, base="id = ")] == ["small.toml"]


def test_an_amendment_that_leaves_two_in_force_is_refused(hall: Hall) -> None:
    other = ITEM.replace('id = "late"', 'id = "late_again"')

    (found,) = refused(hall, OWN + other)

    assert (found.file, found.key) == ("own.toml", "item.2.charges.1")


@pytest.mark.parametrize("id", sorted(shipped()))
def test_every_shipped_pack_can_be_stood_on(hall: Hall, tmp_path: Path, id: str) -> None:
    (tmp_path / "own.toml").write_text(f'extends = "{id}"\nid = "own"\nname = "本厅"\n', encoding="utf-8")
    path = shipped()[id]
    answers = dict.fromkeys(questions(path), "1")

    own, base = load(tmp_path / "own.toml", {}, answers), load(path, {}, answers)

    assert own.file.model_copy(update={"id": id, "name": base.file.name, "case": base.file.case}) == base.file


# the pieces


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, date(2026, 6, 30)),
        (None, date(2026, 6, 29), date(2026, 6, 29)),  # over before
        (None, date(2026, 6, 30), date(2026, 6, 30)),
        (None, date(2026, 7, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), None, date(2026, 6, 30)),
        (date(2026, 7, 1), None, None),  # not in force yet
    ],
)
def test_only_a_version_in_force_then_ends_the_day_before(
    first: date | None, last: date | None, expected: date | None
) -> None:
    part: dict[str, Any] = {"id": "a"}
    if first:
        part["from"] = first
    if last:
        part["to"] = last

    assert ended(part, date(2026, 7, 1)).get("to") == expected


def test_what_has_no_id_or_is_no_table_is_left_for_the_schema_to_refuse() -> None:
    assert merged([{"id": "a"}, 3], [4, {"x": 1}, {"id": "a", "y": 2}]) == [{"id": "a", "y": 2}, 3, 4, {"x": 1}]


def test_a_table_of_another_shape_than_the_base_s_replaces_it_for_the_schema_to_refuse() -> None:
    tree, complaints = extend({"item": [{"id": "a"}], "timetable": {"x": 1}}, {"item": 3, "timetable": []}, "own")

    assert (tree, complaints) == ({"item": 3, "timetable": []}, [])


def test_neither_the_base_nor_the_hall_s_own_is_changed() -> None:
    base: dict[str, Any] = {"id": "b", "item": [{"id": "a"}], "timetable": {"x": 1}}
    own: dict[str, Any] = {"id": "o", "item": [{"id": "a", "from": date(2026, 7, 1)}], "timetable": {"x": 2}}

    tree, _ = extend(base, own, "own")

    assert (base["item"], base["timetable"], own["item"]) == (
        [{"id": "a"}], {"x": 1}, [{"id": "a", "from": date(2026, 7, 1)}],
    )  # fmt: skip
    assert tree["item"] == [{"id": "a", "to": date(2026, 6, 30)}, {"id": "a", "from": date(2026, 7, 1)}]
