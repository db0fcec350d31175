"""What is wrong with a pack: file, key, found and allowed, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchsync.packs.load import load, read
from punchsync.packs.shelf import find
from punchsync.problems import Complaint, Refused

from .small import ASKED, ITEM, PACK, changed


def complaints(text: str, interpretations: dict[str, str] | None = None, **answers: str) -> list[Complaint]:
    """What is said of a pack; nothing if it loads."""
    try:
        read(text, "small.toml", interpretations or {}, answers)
    except Refused as refused:
        return list(refused.complaints)
    return []


def keys(text: str, interpretations: dict[str, str] | None = None) -> list[str]:
    found = complaints(text, interpretations)
    assert all(c.found and c.allowed and c.key in c.show() for c in found)
    return [c.key for c in found]


def test_the_small_pack_itself_is_well_formed() -> None:
    assert complaints(PACK) == []


def test_an_unknown_key_is_named_with_those_there_are() -> None:
    missing, unknown = complaints(changed(('says = "迟到扣分"', 'say = "迟到扣分"')))

    assert missing == Complaint("small.toml", "item.1.says", "没有填写", "必填", "请补上此键")
    assert unknown == Complaint(
        "small.toml", "item.1.say", "是未知的键", "charges、cites、counted、from、id、kinds、name、says、steps、to",
        "请改正拼写或删去此键",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "key"),
    [
        (("late_seconds = 1\n", "late_seconds = 0\n"), "punctuality.1.late_seconds"),  # a threshold is at least 1 s
        (("late_seconds = 1\n", 'late_seconds = "soon"\n'), "punctuality.1.late_seconds"),
        (('points = "0.5"', 'points = "-0.5"'), "item.1.charges.1.points"),
        (('points = "0.5"', 'points = "0.0005"'), "item.1.charges.1.points"),
        (('points = "0.5"', 'points = "much"'), "item.1.charges.1.points"),
        (('kinds = ["late"]', 'kinds = ["tardy"]'), "item.1.kinds.1"),
        (('kinds = ["late"]', 'kinds = "late"'), "item.1.kinds"),
        (('period = "month"', 'period = "week"'), "category.1.period"),
        (('cites = ["d 3"]\n', ""), "item.1.cites"),
        (('cites = ["d 3"]', "cites = []"), "item.1.cites"),
        (('cites = ["d 3"]', 'cites = ["x 3"]'), "item.1.cites"),
        (('cites = ["d 3"]', 'cites = ["d"]'), "item.1.cites"),
        (('cites = ["d 1"]', 'cites = ["d "]'), "punctuality.1.cites"),
        (('category = "考勤"', 'category = "考绩"'), "item.1.charges.1.category"),
        (('begins = "01-01"', 'begins = "01-02"'), "season"),
        (('ends = "12-31"', 'ends = "02-28"'), "season"),
        (('ends = "12-31"', 'ends = "02-30"'), "season.1.ends"),
        (('shift = "day"', 'shift = "night"'), "season.1.shift"),
        (('id = "small"', 'id = "Small Hall"'), "id"),
        (('sessions = "$small.day"', 'sessions = "$small.night"'), "shift.1.sessions"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(pair: tuple[str, str], key: str) -> None:
    assert key in keys(changed(pair))


def test_a_reference_to_nowhere_is_named_with_those_there_are() -> None:
    (found, *_) = complaints(changed(('sessions = "$small.day"', 'sessions = "$small.night"')))

    assert (found.file, found.key, found.allowed) == ("small.toml", "shift.1.sessions", "small.day")
    assert "$small.night" in found.found


def test_sessions_half_an_hour_apart_are_allowed() -> None:
    assert complaints(changed(('"09:00-12:00+14:00-17:00"', '"09:00-12:00+12:30-17:00"'))) == []


def second(**more: str) -> str:
    """The pack with its item twice, the second of another id."""
    extra = "".join(f"{key} = {value}\n" for key, value in more.items())
    return PACK + ITEM.replace('id = "late"', 'id = "late_again"') + extra


def test_two_items_in_force_at_once_for_one_kind_and_category_are_refused() -> None:
    assert keys(second()) == ["item.2.charges.1"]


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        ("2026-06-30", "2026-07-01", []),
        ("2026-07-01", "2026-07-01", ["item.2.charges.1"]),
        ("2026-06-29", "2026-07-01", []),
    ],
)
def test_items_that_follow_each_other_in_time_are_not_at_once(last: str, first: str, expected: list[str]) -> None:
    one = PACK.replace('says = "迟到扣分"\n', f'says = "迟到扣分"\nto = {last}\n')
    other = ITEM.replace('id = "late"', 'id = "late_again"') + f"from = {first}\n"

    assert keys(one + other) == expected


def test_an_id_twice_is_refused() -> None:
    assert keys(PACK + ITEM) == ["item.2", "item.2.charges.1"]
    assert keys(PACK + '[[document]]\nid = "d"\ntitle = "x"\nshort = "x"\n') == ["document"]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('[[conversion]]\nkinds = ["late"]\nevery = 10\nyields = "late"\n', "conversion.1.yields"),
        ('[[findings]]\nkinds = ["games"]\nbegins = "early"\nlater = "games"\n', "findings.1"),
    ],
)
def test_a_conversion_that_feeds_itself_is_refused(table: str, key: str) -> None:
    assert keys(PACK + table + 'id = "x"\nsays = "x"\ncites = ["d 1"]\n') == [key]


def test_an_interpretation_that_the_pack_does_not_have_is_refused_with_those_it_has() -> None:
    (found,) = complaints(PACK, {"small.nights": "x"})

    assert (found.file, found.key, found.allowed) == (
        "punchsync.toml", "hall.interpretations.small.nights", "small.day",
    )  # fmt: skip


BAD_SESSIONS = ["all day", "12:00-09:00", "09:00-12:00+12:29-17:00", "09:00-10:00+11:00-12:00+13:00-14:00", "9-12"]


@pytest.mark.parametrize("value", BAD_SESSIONS)
def test_a_bad_value_that_the_hall_chose_is_the_fault_of_its_settings(value: str) -> None:
    (found,) = complaints(PACK, {"small.day": value})

    assert (found.file, found.key, value in found.found) == ("punchsync.toml", "hall.interpretations.small.day", True)


@pytest.mark.parametrize("value", BAD_SESSIONS)
def test_a_bad_value_that_the_pack_brings_is_the_pack_s_own_fault(value: str) -> None:
    (found,) = complaints(changed(("09:00-12:00+14:00-17:00", value)))

    assert (found.file, value in found.found) == ("small.toml", True)


def test_what_the_source_leaves_open_is_asked_for_all_at_once() -> None:
    found = complaints(ASKED)

    assert [(c.file, c.key, c.allowed) for c in found] == [
        ("punchsync.toml", "hall.answers.late_points", "迟到扣几分"),
        ("punchsync.toml", "hall.answers.other_points", "其他扣几分"),
    ]
    assert complaints(ASKED, late_points="0.5", other_points="1") == []


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = changed(
        ("late_seconds = 1\n", "late_seconds = 0\n"), ('period = "month"', 'period = "week"'),
        ('kinds = ["late"]', 'kinds = ["tardy"]'), ('name = "小厅"', 'nom = "小厅"'),
    )  # fmt: skip

    assert sorted(keys(text, {"small.nights": "x"})) == sorted([
        "hall.interpretations.small.nights", "punctuality.1.late_seconds", "category.1.period", "item.1.kinds.1", "nom",
        "name",
    ])  # fmt: skip


@pytest.mark.parametrize("data", [b"id = ", b"\xff\xfe\x00", b"id = 1\nid = 2\n"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "hall.toml"
    path.write_bytes(data)

    with pytest.raises(Refused) as refused:
        load(path)

    assert [c.file for c in refused.value.complaints] == ["hall.toml"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "timetable = 1\n",
        "document = 3\n",
        "interpretation = [1]\nitem = {}\n",
        "answer = 5\n",
        "interpretation = 5\n",
    ],
)
def test_a_file_of_another_shape_is_refused_without_a_crash(text: str) -> None:
    assert "id" in [c.key for c in complaints(text)]


def test_a_pack_is_found_by_its_id_or_its_path(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(PACK, encoding="utf-8")

    assert find("own.toml", tmp_path) == tmp_path / "own.toml"
    assert find("yihuang", tmp_path).stem == "yihuang"
    for name in ("nowhere", "nowhere.toml", "own", "x" * 5000 + ".toml"):
        with pytest.raises(Refused) as refused:
            find(name, tmp_path)
        assert [(c.file, c.key) for c in refused.value.complaints] == [("punchsync.toml", "hall.pack")]
