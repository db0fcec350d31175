"""A document is kept as it was and told at a publication level; older bulletins are read as documents."""

from __future__ import annotations

import pytest
from docsamples import ALL, EDITION, NAMES, SMALL
from hypothesis import given
from hypothesis import strategies as st

from punchsync.publish.document import (
    COLUMN_KINDS,
    FIGURES,
    LAYOUTS,
    Column,
    Document,
    Edition,
    Figure,
    Letterhead,
    Said,
    Section,
    Table,
)
from punchsync.publish.edition import code, dated, numbered
from punchsync.publish.forms.md import text
from punchsync.publish.issued import document_of, page_of
from punchsync.publish.kept import Unreadable, dump, is_document, load
from punchsync.publish.level import LEVELS, at_level, masked
from punchsync.publish.order import Order, read, write

TEXT = st.text(max_size=8)
CELL = st.text(st.characters(blacklist_categories=["Cs"]), max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(st.builds(Column, CELL, st.sampled_from(COLUMN_KINDS), st.integers(0, 5)), max_size=5))
    row = st.tuples(*(CELL for _c in columns))
    rows = tuple(draw(st.lists(row, max_size=4)))
    return Table(tuple(columns), rows, draw(CELL), draw(st.booleans()), draw(st.booleans()))


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    rows, columns = (tuple(draw(st.lists(CELL, max_size=3))) for _n in range(2))
    value = st.none() | st.decimals(-1000, 1000, places=2)
    values = tuple(tuple(draw(value) for _c in columns) for _r in rows)
    unknown = tuple((r, c) for r in range(len(rows)) for c in range(len(columns)) if draw(st.booleans()))
    return Figure(draw(CELL), draw(st.sampled_from(FIGURES)), draw(CELL), rows, columns, values, unknown, "次", "文")


LETTERHEADS = st.builds(
    Letterhead, CELL, CELL, st.tuples(CELL), st.tuples(CELL, CELL), st.just(()), CELL, st.booleans()
)
SECTIONS = st.builds(Section, CELL, CELL, st.lists(st.builds(Said, CELL) | tables() | figures(), max_size=3).map(tuple))
DOCUMENTS = st.builds(
    Document, CELL, CELL, CELL, CELL, st.sampled_from(LAYOUTS), LETTERHEADS, st.tuples(CELL), st.booleans(),
    st.lists(SECTIONS, max_size=3).map(tuple),
)  # fmt: skip


@given(DOCUMENTS)
def test_what_is_kept_is_read_back_as_it_was_and_so_is_an_order_of_it(document: Document) -> None:
    order = Order(document, EDITION, ("md", "pdf"), ("/fonts",), "/templates", 12, "en", ("full", "masked"))

    assert load(dump(document)) == document
    assert dump(load(dump(document))) == dump(document)
    assert is_document(dump(document))
    assert read(write(order)) == order


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"document":2}', '{"document":1}', "# 标题"])
def test_what_is_no_document_of_a_known_format_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        load(text)


@pytest.mark.parametrize("name", ALL)
def test_a_masked_document_has_no_name_and_no_id_and_one_of_numbers_has_nobody_s_row(name: str) -> None:
    document = ALL[name]
    masked_, numbers = at_level(document, "masked"), at_level(document, "numbers")

    assert at_level(document, "full") == document
    shown = dump(masked_)
    assert not [n for n in NAMES if n in shown]
    kinds = {c.kind for s in masked_.sections for p in s.parts if isinstance(p, Table) for c in p.columns}
    assert "person" not in kinds
    assert not [p for s in numbers.sections for p in s.parts if isinstance(p, Table) and p.personal]
    assert all(
        s.parts for s in numbers.sections
    ), "a section of which nothing is left is left out"  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [("张三", "张*"), ("欧阳示例", "欧阳*"), ("欧阳", "欧*"), ("买买提·示例江", "买*"), ("O'Neil", "O*"), ("", "")],
)
def test_a_mask_keeps_the_family_name_alone(name: str, expected: str) -> None:
    assert masked(name) == expected


def test_a_window_among_people_is_no_name_to_be_masked() -> None:
    columns = (Column("窗口"), Column("姓名", "name"), Column("工号", "person"))
    table = Table(columns, (("公安", "甲一", "P1"), ("税务", "—", "")), personal=True)
    document = SMALL._replace(sections=(Section("x", "", (table,)),))

    [section] = at_level(document, "masked").sections
    assert section.parts == (Table(columns[:2], (("公安", "甲*"), ("税务", "—")), personal=True),)


def test_what_somebody_typed_is_told_in_full_alone() -> None:
    table = Table((Column("窗口"), Column("地点", "note")), (("公安", "张三工位"),))
    document = SMALL._replace(sections=(Section("x", "", (table,)),))

    assert [at_level(document, level).sections[0].parts[0] for level in LEVELS] == [
        Table((Column("窗口"), Column("地点")), (("公安", "张三工位"),)),
        Table((Column("窗口"),), (("公安",),)),
        Table((Column("窗口"),), (("公安",),)),
    ]  # fmt: skip


def test_there_is_no_level_but_those_three() -> None:
    with pytest.raises(ValueError, match="half"):
        at_level(SMALL, "half")
    assert LEVELS == ("full", "masked", "numbers")


def test_an_edition_says_its_number_that_it_is_provisional_and_what_it_replaces() -> None:
    sure = SMALL._replace(provisional=False)

    assert [numbered(SMALL, EDITION), numbered(sure, Edition(3)), numbered(sure, Edition())] == [
        "第 12 号（暂定），代替第 11 号", "第 3 号", "",
    ]  # fmt: skip
    assert (code(SMALL, EDITION), dated(EDITION)) == ("示政服考〔2026〕12号", "2026年11月21日")
    assert (code(SMALL, Edition()), dated(Edition())) == ("", "")


FORMERLY = """# 厅考勤月报（2026-10，2026-10-01 至 2026-10-31）

核算到 {as_of}。

## 各窗口

| 窗口 | 迟到 |
| --- | --- |
| 公安\\|税务 | 2 |

## 违规

| 窗口 | 姓名 | 工号 | 违规 |
| --- | --- | --- | --- |
| 公安 | 张三 | P1 | 迟到 |

## 尚不清楚

没有。

## 排班与顶岗

工作日没有排班：张三、李四。

## 排名

| 对象 | 名次 | 名称 | 姓名 |
| --- | --- | --- | --- |
| 个人 | 1 | P1 | 张三 |
"""


def test_a_bulletin_that_was_kept_as_markdown_is_read_as_a_document_whose_names_can_be_masked() -> None:
    kept = FORMERLY.format(as_of="2026-11-01 09:00:00")
    document = document_of(kept, "厅", "monthly", "2026-10")

    assert (document.title, document.under) == (
        "厅考勤月报（2026-10，2026-10-01 至 2026-10-31）", ("核算到 2026-11-01 09:00:00。",),
    )  # fmt: skip
    assert [s.id for s in document.sections] == ["windows", "occurrences", "unknown", "s3", "s4"]
    assert document.sections[0].parts == (
        Table((Column("窗口"), Column("迟到")), (("公安|税务", "2"),)),
    )  # fmt: skip
    shown = text(Order(at_level(document, "masked"), Edition(), ()))
    assert not [word for word in ("张三", "李四", "P1") if word in shown]
    assert "张\\*" in shown and "李\\*" in shown


@pytest.mark.parametrize(
    ("as_of", "provisional"), [("2026-10-31 23:59:58", True), ("2026-10-31 23:59:59", False), ("", False)]
)
def test_whether_a_former_bulletin_was_provisional_follows_from_what_it_says(as_of: str, provisional: bool) -> None:
    assert document_of(FORMERLY.format(as_of=as_of), "厅", "monthly", "2026-10").provisional is provisional


def test_a_page_of_a_document_shows_tables_sentences_and_what_figures_say() -> None:
    page = page_of(ALL["large"], EDITION)

    assert page.under == ("第 12 号，代替第 11 号", "核算到 2026-11-20 21:00:00。")
    assert [s.title for s in page.sections] == ["各窗口", "违规", "图", "数据"]
    assert str(page.sections[2].parts[1]) == "Item(text='每日迟到与旷工：迟到先多后少。', notes=(), struck=False)"
