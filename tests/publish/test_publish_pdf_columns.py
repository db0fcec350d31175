"""Widths of columns, sizes of type, and when a table is turned: readable first, then on few pages."""

from __future__ import annotations

import pytest
from docsamples import ALL, FORM, FULL, GRID

from punchsync.publish.document import Column, Table
from punchsync.publish.forms.pdf_columns import ems, settle

UPRIGHT, ACROSS = 442.2, 637.8


def table_of(name: str, section: int = 0) -> Table:
    return next(part for part in ALL[name].sections[section].parts if isinstance(part, Table))


@pytest.mark.parametrize("name", ["small", "large", "letter", "form", "grid"])
def test_columns_together_are_as_wide_as_the_type_area(name: str) -> None:
    set_ = settle(table_of(name), UPRIGHT, ACROSS)

    assert sum(set_.widths) == pytest.approx(ACROSS if set_.flipped else UPRIGHT)


def test_a_narrow_table_is_set_in_12_points_upright() -> None:
    set_ = settle(Table((Column("窗口"), Column("迟到", "count")), (("01号", "3"),)), UPRIGHT, ACROSS)

    assert (set_.size, set_.flipped) == (12.0, False)


def test_few_rows_stay_upright_in_smaller_type_and_many_are_turned() -> None:
    many = FULL.sections[1].parts[0]
    assert isinstance(many, Table)

    assert settle(many._replace(rows=many.rows[:4]), UPRIGHT, ACROSS)[1:] == (9.0, False)
    assert settle(many, UPRIGHT, ACROSS)[1:] == (9.0, True)


def test_shares_divide_the_width_and_what_has_none_is_as_wide_as_its_texts() -> None:
    days = settle(GRID.sections[0].parts[0], 0, 728.5)  # type: ignore[arg-type] # it is a table
    signed = settle(FORM.sections[0].parts[0], UPRIGHT, ACROSS)  # type: ignore[arg-type] # it is a table

    assert len({round(width, 6) for width in days.widths[1:31]}) == 1
    assert days.widths[0] == pytest.approx(days.widths[1] * 4)
    assert max(signed.widths) == signed.widths[-1]


def test_a_share_never_goes_below_what_a_text_needs() -> None:
    columns = (Column("编号", "person", 1), Column("说明", share=30))
    set_ = settle(Table(columns, (("1234567890123456", "短"),)), UPRIGHT, ACROSS)

    assert set_.widths[0] >= ems("1234567890123456") * set_.size


def test_what_can_not_fit_at_all_is_set_as_small_as_it_goes() -> None:
    set_ = settle(Table((Column("x"),) * 40, (("abcdefghij",) * 40,)), UPRIGHT, ACROSS)

    assert set_[1:] == (7.5, True)
    assert sum(set_.widths) == pytest.approx(ACROSS)
