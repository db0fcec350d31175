"""What a well-formed pack may get wrong, and what deserves a look: each complaint as a whole."""

from __future__ import annotations

import pytest

from punchsync.packs.doubts import doubts
from punchsync.packs.lint import lint
from punchsync.packs.load import read
from punchsync.problems import Complaint, Refused

from .small import ITEM, PACK, changed

ONCE = "同一天只有一条有效"
APART = "用 from、to 分开新旧两条"
CITED = "“文件 条款”，文件为 d 之一"


def said(id: str, cites: str = '"d 9"') -> str:
    return f'id = "{id}"\nsays = "x"\ncites = [{cites}]\n'


def complaints(text: str) -> list[Complaint]:
    """What is said of a pack; nothing if it loads, and then it loads without a flaw that lint finds."""
    try:
        loaded = read(text, "own.toml", {}, {})
    except Refused as refused:
        return list(refused.complaints)
    assert lint(loaded.file, "own.toml") == []
    return []


def one(key: str, found: str, allowed: str, remedy: str = "") -> list[Complaint]:
    return [Complaint("own.toml", key, found, allowed, remedy)]


def dated(text: str, first: str = "", last: str = "") -> str:
    return text + (f"from = {first}\n" if first else "") + (f"to = {last}\n" if last else "")


BEFORE_ITEM = PACK[: PACK.index("[[item]]")]


def item(id: str = "other", kinds: str = "late", charge: str = "", first: str = "", last: str = "") -> str:
    more = f", {charge}" if charge else ""
    text = ITEM.replace('id = "late"', f'id = "{id}"').replace('kinds = ["late"]', f'kinds = ["{kinds}"]')
    return dated(text.replace('points = "0.5"', f'points = "0.5"{more}'), first, last)


# citations, shifts, categories


@pytest.mark.parametrize("text", ["x 3", "d", "d ", "d  ", "", " 3", "D 3"])
def test_a_citation_names_a_document_of_the_pack_and_an_article(text: str) -> None:
    assert complaints(changed(('cites = ["d 3"]', f'cites = ["d 3", "{text}"]'))) == one(
        "item.1.cites", f"写的是 {text!r}", CITED
    )


def test_every_table_of_rules_is_asked_for_its_citations() -> None:
    rung = '[[ladder]]\nkinds = ["sick"]\n' + said("rung", '"x 1"')

    assert complaints(PACK + rung) == one("ladder.1.cites", "写的是 'x 1'", CITED)


def test_a_season_names_a_shift_of_the_pack() -> None:
    assert complaints(changed(('shift = "day"', 'shift = "night"'))) == one("season.1.shift", "写的是 'night'", "day")


def test_a_charge_names_a_category_of_its_account() -> None:
    window = changed(('account = "person", category = "考勤"', 'account = "window", category = "考勤"'))

    assert complaints(changed(('category = "考勤"', 'category = "考绩"'))) == one(
        "item.1.charges.1.category", "写的是 '考绩'", "考勤"
    )
    assert complaints(window) == one("item.1.charges.1.category", "写的是 '考勤'", "")


def test_a_limit_of_points_names_a_category_of_its_subject() -> None:
    limit = (
        '[[points_limit]]\nsubject = "person"\ncategory = "德"\nkinds = ["late"]\nat_least = 5\nwithin = "year"\n'
        'outcome = "notify_unit"\n'
    )

    assert complaints(PACK + limit + said("five")) == one("points_limit.1.category", "写的是 '德'", "考勤")


# seasons


def season(id: str, **more: str) -> str:
    keys = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[season]]\nid = "{id}"\nshift = "day"\n{keys}'


def with_seasons(*seasons: str) -> str:
    start, end = PACK.index("[[season]]"), PACK.index("[[punctuality]]")
    return PACK[:start] + "".join(seasons) + PACK[end:]


def no_shift(day: str) -> list[Complaint]:
    return one("season", f"{day} 没有默认班次", "各季相接，覆盖全年")


@pytest.mark.parametrize(
    ("seasons", "expected"),
    [
        ([], []),  # rosters only
        ([season("a")], []),
        ([season("a", begins='"01-02"')], no_shift("2000-01-01")),
        ([season("a", ends='"12-30"')], no_shift("2000-12-31")),
        ([season("a", ends='"02-28"'), season("b", begins='"03-01"')], no_shift("2000-02-29")),
        ([season("a", ends='"02-29"'), season("b", begins='"03-01"')], []),
        ([season("a", begins='"10-01"', ends='"05-31"'), season("b", begins='"06-01"', ends='"09-30"')], []),
        ([season("a", begins='"10-01"', ends='"05-31"'), season("b", begins='"06-02"', ends='"09-30"')],
         no_shift("2000-06-01")),
        ([season("a", weekdays='["mon", "tue", "wed", "thu", "sat", "sun"]')], no_shift("2000-01-07")),
        ([season("a", weekdays='["fri"]'), season("b", weekdays='["mon", "tue", "wed", "thu", "sat", "sun"]')], []),
    ],
)  # fmt: skip
def test_seasons_leave_no_day_of_a_year_and_week_without_a_shift(seasons: list[str], expected: list[Complaint]) -> None:
    assert complaints(with_seasons(*seasons)) == expected


@pytest.mark.parametrize(
    ("seasons", "expected"),
    [
        ([season("a", to="2026-06-30"), season("a", **{"from": "2026-07-01"})], []),
        ([season("a", to="2026-06-30"), season("a", **{"from": "2026-07-02"})], no_shift("2026-07-01")),
        ([season("a", to="2026-06-30"), season("b", **{"from": "2026-07-02"})], no_shift("2026-07-01")),
        ([season("a", to="2026-06-30")], no_shift("2026-07-01")),
        ([season("a", **{"from": "2026-07-01"})], no_shift("2000-01-01")),
        ([season("a"), season("b", **{"from": "9999-12-31"})], []),
        ([season("a", to="9999-12-31")], []),
        ([season("a", to="9999-12-30")], no_shift("9999-12-31")),
        ([season("a", to="2026-06-30"), season("a", ends='"08-31"', **{"from": "2026-07-01"})], no_shift("2026-09-01")),
    ],
)
def test_seasons_leave_no_day_without_a_shift_after_an_amendment(seasons: list[str], expected: list[Complaint]) -> None:
    assert complaints(with_seasons(*seasons)) == expected


# in force at once


@pytest.mark.parametrize(
    ("last", "first", "at_once"),
    [
        ("2026-06-30", "2026-07-01", False),
        ("2026-07-01", "2026-07-01", True),
        ("2026-06-30", "2026-06-30", True),
        ("2026-06-29", "2026-07-01", False),
    ],
)
def test_two_versions_of_a_rule_are_never_in_force_on_one_day(last: str, first: str, at_once: bool) -> None:
    text = BEFORE_ITEM + item("late", last=last) + item("late", kinds="early", first=first)
    found = f"late（–{last}） 与 late（{first}–） 同时有效"

    assert complaints(text) == (one("item.2", found, ONCE, APART) if at_once else [])


def test_a_rule_twice_is_in_force_at_once_with_itself() -> None:
    text = BEFORE_ITEM + item("late") + item("late", kinds="early")

    assert complaints(text) == one("item.2", "late 与 late 同时有效", ONCE, APART)


PUNCTUALITY = "[[punctuality]]\nlate_seconds = 60\nearly_seconds = 60\n"
COVER = (
    "[[cover]]\nhalf_days = 1\nhalf_days_lead = 1\nhalf_days_alone = 1\nwhole = true\nin_time = true\n"
    'yields = "uncovered"\n'
)
PRESENCE = '[[presence]]\nbelow = "0.9"\nyields = "low_presence"\n'


@pytest.mark.parametrize(("table", "key"), [(COVER, "cover"), (PRESENCE, "presence")], ids=["cover", "presence"])
def test_of_some_kinds_a_day_has_one_rule_whatever_its_id(table: str, key: str) -> None:
    first, second = said("a") + "to = 2026-07-01\n", said("b") + "from = 2026-07-01\n"

    assert complaints(PACK + table + first + table + second) == one(
        f"{key}.2", "a（–2026-07-01） 与 b（2026-07-01–） 同时有效", ONCE, APART
    )
    assert complaints(PACK + table + first.replace("07-01", "06-30") + table + second) == []


def test_two_punctualities_at_once_are_refused() -> None:
    assert complaints(PACK + PUNCTUALITY + said("b")) == one("punctuality.2", "punctuality 与 b 同时有效", ONCE, APART)


CATEGORY = '[[category]]\naccount = "person"\nname = "考勤"\nbase = 10\ncap = 10\nperiod = "month"\n'


def test_an_account_s_category_of_one_name_stands_once_on_a_day() -> None:
    later = changed(('id = "kaoqin"\n', 'id = "kaoqin"\nto = 2026-06-30\n')) + CATEGORY + said("b")

    assert complaints(PACK + CATEGORY + said("b")) == one("category.2", "kaoqin 与 b 同时有效", ONCE, APART)
    assert complaints(later + "from = 2026-07-01\n") == []
    assert complaints(PACK + CATEGORY.replace("person", "window") + said("b")) == []


TWICE = "同一违规、同一账户、同一类别在同一天只有一条"
TIERS = "用 from、to 分开新旧两条，或用 seconds_from、seconds_below 分开档次"


def double(kinds: str = "late", key: str = "item.2.charges.1") -> list[Complaint]:
    return one(key, f"与第 1 条（late）同时有效，对 {kinds} 重复扣分", TWICE, TIERS)


def test_a_kind_is_charged_to_a_category_once() -> None:
    assert complaints(PACK + item()) == double()


@pytest.mark.parametrize(
    ("first", "second", "at_once"),
    [
        ("seconds_below = 300", "seconds_from = 300", False),
        ("seconds_below = 301", "seconds_from = 300", True),
        ("seconds_below = 300", "seconds_from = 301", False),
        ("seconds_below = 300", "", True),
        ("seconds_from = 300", "seconds_below = 300", False),
        ("seconds_from = 299", "seconds_below = 300", True),
        ("seconds_from = 300", "seconds_from = 600", True),
    ],
)
def test_tiers_of_seconds_do_not_overlap(first: str, second: str, at_once: bool) -> None:
    text = BEFORE_ITEM + item("late", charge=first) + item(charge=second)

    assert complaints(text) == (double() if at_once else [])


def test_tiers_of_one_item_do_not_overlap_either() -> None:
    charges = '{ account = "person", category = "考勤", points = 1, seconds_below = 300 }'
    other = charges.replace("seconds_below = 300", "seconds_from = 299")
    start, end = ITEM.index("charges = "), ITEM.index("cites = ")
    text = BEFORE_ITEM + ITEM[:start] + f"charges = [{charges}, {other}]\n" + ITEM[end:]

    assert complaints(text) == double(key="item.1.charges.2")


def test_all_kinds_that_two_items_share_are_named() -> None:
    both = BEFORE_ITEM + item("late", kinds='late", "early", "games') + item(kinds='games", "late')

    assert complaints(both) == double("games、late")


# without a break


BREAK = one("punctuality", "有的日子没有迟到早退的规定", "各条相接，不留空档")


@pytest.mark.parametrize(
    ("last", "first", "end", "expected"),
    [
        ("2026-06-30", "2026-07-01", "", []),
        ("2026-06-30", "2026-07-02", "", BREAK),
        ("2026-06-30", "", "", None),
        ("2026-06-30", "2026-07-01", "2026-12-31", BREAK),
    ],
)
def test_every_day_has_its_punctuality(last: str, first: str, end: str, expected: list[Complaint] | None) -> None:
    text = changed(('says = "晚一秒即迟到"\n', f'says = "晚一秒即迟到"\nto = {last}\n'))
    more = dated(PUNCTUALITY + said("b"), first, end) if first else ""

    assert complaints(text + more) == (BREAK if expected is None else expected)


def test_a_punctuality_that_begins_is_a_break_before() -> None:
    assert complaints(changed(('says = "晚一秒即迟到"\n', 'says = "晚一秒即迟到"\nfrom = 2026-01-01\n'))) == BREAK


NOT_ALWAYS = one("item.1.charges.1.category", "类别 考勤 在该条有效期内并非始终有效", "始终有效的类别")


@pytest.mark.parametrize(
    ("categories", "first", "last", "expected"),
    [
        ([("", "")], "", "", []),
        ([("", "2026-12-31")], "", "", NOT_ALWAYS),
        ([("", "2026-12-31")], "", "2026-12-31", []),
        ([("", "2026-12-30")], "", "2026-12-31", NOT_ALWAYS),
        ([("2026-01-01", "")], "", "", NOT_ALWAYS),
        ([("2026-01-01", "")], "2026-01-01", "", []),
        ([("2026-01-02", "")], "2026-01-01", "", NOT_ALWAYS),
        ([("", "2026-06-30"), ("2026-07-01", "")], "", "", []),
        ([("", "2026-06-30"), ("2026-07-02", "")], "", "", NOT_ALWAYS),  # a hole between two versions
        ([("", "2026-06-30"), ("2026-07-02", "")], "2026-07-02", "", []),
        ([("", "2026-06-30"), ("2026-07-02", "")], "", "2026-06-30", []),
    ],
)
def test_a_category_is_in_force_as_long_as_what_is_charged_to_it(
    categories: list[tuple[str, str]], first: str, last: str, expected: list[Complaint]
) -> None:
    start = PACK.index("[[category]]")
    versions = "".join(dated(CATEGORY + said("kaoqin"), *dates) for dates in categories)

    assert complaints(PACK[:start] + versions + item("late", first=first, last=last)) == expected


# conversions, ids, periods


def conversion(kinds: str, yields: str, id: str = "ten") -> str:
    return f'[[conversion]]\nkinds = ["{kinds}"]\nevery = 10\nyields = "{yields}"\n' + said(id)


def findings(kinds: str, begins: str, later: str) -> str:
    return f'[[findings]]\nkinds = ["{kinds}"]\nbegins = "{begins}"\nlater = "{later}"\n' + said("findings")


def again(key: str, kinds: str) -> Complaint:
    return Complaint("own.toml", key, f"折算结果 {kinds} 又计入折算", "另一种违规")


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (conversion("late", "absent_half_day"), []),
        (conversion("late", "late"), [again("conversion.1.yields", "late")]),
        (conversion('late", "early', "early"), [again("conversion.1.yields", "early")]),
        (conversion("late", "early", "a") + conversion("early", "off_post", "b"), []),
        (conversion("late", "early", "a") + conversion("early", "late", "b"),
         [again("conversion.1.yields", "late"), again("conversion.2.yields", "early")]),
        (findings("games", "early", "absent_half_day") + conversion("early", "absent_half_day"), []),
        (findings("games", "early", "games"), [again("findings.1", "games")]),
        (findings("games", "early", "absent_half_day") + conversion("early", "games"),
         [again("conversion.1.yields", "early"), again("findings.1", "games")]),
    ],
)  # fmt: skip
def test_no_conversion_leads_back_to_what_it_counts(tables: str, expected: list[Complaint]) -> None:
    assert complaints(PACK + tables) == expected


@pytest.mark.parametrize(
    ("text", "table", "id"),
    [
        ('[[document]]\nid = "d"\ntitle = "x"\nshort = "x"\n', "document", "d"),
        ('[[interpretation]]\nid = "small.day"\nvalue = "09:00-12:00"\nsays = "x"\n', "interpretation", "small.day"),
        ('[[shift]]\nid = "day"\nname = "x"\nsessions = "09:00-12:00"\n', "shift", "day"),
    ],
)
def test_an_id_stands_once_in_a_table(text: str, table: str, id: str) -> None:
    assert complaints(PACK + text) == one(table, f"编号 {id} 出现了两次", "每个编号只用一次")


def test_a_rule_s_id_stands_in_one_table_only() -> None:
    assert complaints(PACK + conversion("late", "absent_half_day", "late")) == one(
        "item.1.id", "编号 late 已用于 conversion", "每个编号只用一次"
    )


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [("2026-07-01", "2026-06-30", True), ("2026-07-01", "2026-07-01", False), ("2026-07-01", "2026-07-02", False)],
)
def test_a_rule_does_not_end_before_it_begins(first: str, last: str, wrong: bool) -> None:
    expected = one("item.1.to", "2026-06-30", "不早于 from 的日期") if wrong else []

    assert complaints(dated(PACK, first, last)) == expected


LIMIT = '[[leave_limit]]\nkinds = ["sick"]\nover_half_days = 60\n'


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [("", True), ('outcome = "award_barred"\n', False), ('yields = "leave_over"\n', False),
     ('outcome = "award_barred"\nyields = "leave_over"\n', True)],
)  # fmt: skip
def test_a_limit_of_leave_has_one_consequence(keys: str, wrong: bool) -> None:
    expected = one("leave_limit.1", "outcome 与 yields", "二者写且只写一个") if wrong else []

    assert complaints(PACK + LIMIT + keys + said("sick")) == expected


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [("", False), ('letter = "unit_leader"\n', True), ('unlettered = "off_post"\n', True),
     ('letter = "unit_leader"\nunlettered = "off_post"\n', False)],
)  # fmt: skip
def test_a_letter_and_what_follows_without_one_go_together(keys: str, wrong: bool) -> None:
    expected = one("cover.1", "letter 与 unlettered", "两个都写，或两个都不写") if wrong else []

    assert complaints(PACK + COVER + keys + said("cover")) == expected


@pytest.mark.parametrize("kind", ["late", "early"])
@pytest.mark.parametrize(
    ("limit", "beyond", "wrong"),
    [("", "", False), ("900", "", True), ("", "off_post", True), ("900", "off_post", False)],
)
def test_a_limit_and_what_is_beyond_it_go_together(kind: str, limit: str, beyond: str, wrong: bool) -> None:
    keys = (f"{kind}_limit_seconds = {limit}\n" if limit else "") + (f'{kind}_beyond = "{beyond}"\n' if beyond else "")
    text = changed(("early_seconds = 1\n", f"early_seconds = 1\n{keys}"))
    place, found = f"punctuality.1.{kind}_beyond", f"{kind}_limit_seconds, {kind}_beyond"

    assert complaints(text) == (one(place, found, "两个都写，或两个都不写") if wrong else [])


def test_all_complaints_are_made_at_once() -> None:
    text = (
        changed(('shift = "day"', 'shift = "night"'), ('cites = ["d 3"]', 'cites = ["x 3"]'))
        + item()
        + LIMIT
        + said("sick")
    )

    assert [c.key for c in complaints(text)] == ["item.1.cites", "season.1.shift", "item.2.charges.1", "leave_limit.1"]


# malformed packs never half-load


@pytest.mark.parametrize(
    ("pair", "key", "found", "allowed"),
    [
        (('kinds = ["late"]', 'kinds = "late"'), "item.1.kinds", "写的是 'late'", "列表 […]"),
        (('kinds = ["late"]', "kinds = []"), "item.1.kinds", "写的是 []", "至少 1 项"),
        (('kinds = ["late"]', "kinds = [1]"), "item.1.kinds.1", "写的是 1", "文字"),
        (("late_seconds = 1", "late_seconds = 1.5"), "punctuality.1.late_seconds", "写的是 Decimal('1.5')", "整数"),
        (("late_seconds = 1", 'late_seconds = "soon"'), "punctuality.1.late_seconds", "写的是 'soon'", "整数"),
        (("late_seconds = 1", "late_seconds = 0"), "punctuality.1.late_seconds", "写的是 0", "不小于 1"),
        (("late_seconds = 1", "late_seconds = 86401"), "punctuality.1.late_seconds", "写的是 86401", "不大于 86400"),
        (("base = 10", "base = true"), "category.1.base", "写的是 True", '十进制数，如 "0.5"'),
        (("base = 10", "base = inf"), "category.1.base", "写的是 Decimal('Infinity')", '十进制数，如 "0.5"'),
        (("base = 10", "base = -1"), "category.1.base", "写的是 -1", "不小于 0、最多三位小数的分值"),
        (("base = 10", 'base = "0.0001"'), "category.1.base", "写的是 '0.0001'", "不小于 0、最多三位小数的分值"),
        (('period = "month"', 'period = "week"'), "category.1.period", "写的是 'week'", "month、quarter、year"),
        (('begins = "01-01"', 'begins = "1-1"'), "season.1.begins", "写的是 '1-1'", "月-日 MM-DD"),
        (('begins = "01-01"', 'begins = "02-30"'), "season.1.begins", "写的是 '02-30'", "月-日 MM-DD"),
        (('id = "late"', "id = 3"), "item.1.id", "写的是 3", "文字"),
        (('id = "late"', 'id = ""'), "item.1.id", "写的是 ''", "至少 1 个字"),
        (('cites = ["d 3"]', 'cites = "d 3"'), "item.1.cites", "写的是 'd 3'", "列表 […]"),
        (('cites = ["d 3"]', 'cites = ["d 3"]\nfrom = "soon"'), "item.1.from", "写的是 'soon'", "日期 YYYY-MM-DD"),
        (('cites = ["d 3"]', 'cites = ["d 3"]\nfrom = 3'), "item.1.from", "写的是 3", "日期 YYYY-MM-DD"),
        (('cites = ["d 3"]', 'cites = ["d 3"]\nsteps = [{ from_nth = 0, times = 0 }]'), "item.1.steps.1.from_nth",
         "写的是 0", "不小于 1"),
        (("[[shift]]", "[[timetable]]\nopens_minutes = 9\n[[shift]]"), "timetable", "写的是 [{'opens_minutes': 9}]",
         "表 {…}"),
        (("[[shift]]", "[timetable]\nopens_minutes = 181\n[[shift]]"), "timetable.opens_minutes", "写的是 181",
         "不大于 180"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_with_what_is_allowed(
    pair: tuple[str, str], key: str, found: str, allowed: str
) -> None:
    assert complaints(changed(pair)) == one(key, found, allowed)


@pytest.mark.parametrize(("below", "allowed"), [("0", "大于 0"), ("0.001", ""), ("1", ""), ("1.001", "不大于 1")])
def test_a_share_is_more_than_nothing_and_at_most_all(below: str, allowed: str) -> None:
    expected = one("presence.1.below", f"写的是 '{below}'", allowed) if allowed else []

    assert complaints(PACK + PRESENCE.replace("0.9", below) + said("presence")) == expected


@pytest.mark.parametrize(
    ("table", "key", "allowed"),
    [
        ("[[item]]", "item.1.point", "charges、cites、counted、from、id、kinds、name、says、steps、to"),
        ("[[shift]]", "shift.1.point", "id、name、sessions"),
        ("[[document]]", "document.1.point", "id、short、title"),
    ],
)
def test_an_unknown_key_is_refused_with_those_there_are(table: str, key: str, allowed: str) -> None:
    text = changed((table, f"{table}\npoint = 1"))

    assert complaints(text) == one(key, "是未知的键", allowed, "请改正拼写或删去此键")


@pytest.mark.parametrize(
    ("pair", "key"),
    [
        (('cites = ["d 3"]\n', ""), "item.1.cites"),
        (('cites = ["d 1"]\n', ""), "punctuality.1.cites"),
        (('says = "迟到扣分"\n', ""), "item.1.says"),
        (('name = "小厅"\n', ""), "name"),
    ],
)
def test_what_is_missing_is_refused(pair: tuple[str, str], key: str) -> None:
    assert complaints(changed(pair)) == one(key, "没有填写", "必填", "请补上此键")


def test_a_pack_without_punctuality_is_refused() -> None:
    start, end = PACK.index("[[punctuality]]"), PACK.index("[[category]]")

    assert complaints(PACK[:start] + PACK[end:]) == one("punctuality", "没有填写", "必填", "请补上此键")


# doubts


def doubted(text: str) -> list[Complaint]:
    """What is doubtful in a pack that loads, but for its few cases."""
    loaded = read(text, "own.toml", {}, dict.fromkeys(("points", "more"), "1") if "$answer" in text else {})
    return [c for c in doubts(loaded.file, loaded.tree, "own.toml") if c.key != "case"]


def test_the_small_pack_leaves_nothing_in_doubt_but_its_cases() -> None:
    loaded = read(PACK, "own.toml", {}, {})

    assert doubts(loaded.file, loaded.tree, "own.toml") == one(
        "case", "只有 0 例", "至少 12 例，每个界限前一秒、正好、后一秒、缺卡各一例"
    )


@pytest.mark.parametrize(("cases", "few"), [(11, True), (12, False), (13, False)])
def test_a_pack_proves_itself_by_twelve_cases(cases: int, few: bool) -> None:
    loaded = read(PACK + '[[case]]\nname = "一例"\nexpect = {}\n' * cases, "own.toml", {}, {})

    expected = one("case", "只有 11 例", "至少 12 例，每个界限前一秒、正好、后一秒、缺卡各一例") if few else []
    assert doubts(loaded.file, loaded.tree, "own.toml") == expected


@pytest.mark.parametrize(("first", "doubt"), [("2026-07-01", False), ("2026-07-02", True), ("2026-09-01", True)])
def test_days_between_two_versions_of_a_rule_are_doubtful(first: str, doubt: bool) -> None:
    text = BEFORE_ITEM + item("late", last="2026-06-30") + item("late", first=first)
    found = f"2026-06-30 之后到 {first} 之前没有一条有效"
    expected = one("item.late", found, "新旧两条相接", "确实停用的，写一条不扣分的，注明停用依据")

    assert doubted(text) == (expected if doubt else [])


def test_versions_are_taken_in_their_order_of_days_and_each_rule_by_itself() -> None:
    text = BEFORE_ITEM + item("late", first="2026-07-01") + item("late", last="2026-06-30")

    assert doubted(text) == []
    assert doubted(text + item("other", kinds="games", last="2026-01-31")) == []


def test_a_document_that_no_rule_cites_is_doubtful() -> None:
    text = PACK + '[[document]]\nid = "e"\ntitle = "x"\nshort = "x"\n'

    assert doubted(text) == one("document.e", "没有一条引用它", "引用它，或删去")
    assert doubted(text + conversion("late", "absent_half_day").replace('"d 9"', '"d 9", "e 1"')) == []


def test_an_answer_that_nothing_refers_to_is_doubtful() -> None:
    asked = PACK.replace('points = "0.5"', 'points = "$answer.points"')
    answers = "".join(f'[[answer]]\nid = "{id}"\nsays = "x"\n' for id in ("points", "more"))

    assert doubted(asked + answers) == one("answer.more", "没有一处用到它", "用 $answer.more 引用")
    assert (
        doubted(
            asked.replace('"d 3"]', '"d 3"]\nfrom = 2026-01-01').replace("cap = 10", 'cap = "$answer.more"') + answers
        )
        == []
    )


# what a step costs and proposes


@pytest.mark.parametrize(("times", "fine"), [("0.333", True), ("0.3333", False), ("0", True), ("2", True)])
def test_a_step_costs_no_less_than_a_thousandth_of_a_point(times: str, fine: bool) -> None:
    steps = f'cites = ["d 3"]\nsteps = [{{ from_nth = 1, times = "{times}" }}]'
    text = changed(('cites = ["d 3"]', steps), ('points = "0.5"', 'points = "1"'))

    assert complaints(text) == (
        [] if fine else one("item.1.steps.1.times", "1 分的 0.3333 倍超过三位小数", "乘分值后最多三位小数的倍数")
    )


@pytest.mark.parametrize(("points", "fine"), [("0", False), ("0.001", True)])
def test_a_step_s_outcome_needs_a_charge_that_is_counted(points: str, fine: bool) -> None:
    steps = 'cites = ["d 3"]\nsteps = [{ from_nth = 1, times = 1, outcome = "warning" }]'
    text = changed(('cites = ["d 3"]', steps), ('points = "0.5"', f'points = "{points}"'))
    allowed = "至少有一项大于 0 的 charges，或用 count 写后果"

    assert complaints(text) == ([] if fine else one("item.1.steps", "写了后果，但该条不扣分，后果不会提出", allowed))
