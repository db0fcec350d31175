"""Periods, owners of device user ids, and how far back a change reaches."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.moment import show_day, to_day
from punchsync.core.owners import Owners
from punchsync.core.period import days_of_month, months_between, months_of, period_of, periods_around, span_of
from punchsync.core.records import Device, Leave, Outing, Posting
from punchsync.core.touch import reach_back

from .build import day, device, hall, leave, outing, posting

# periods


@given(st.dates(min_value=date(1, 1, 1), max_value=date(9998, 12, 31)))
def test_a_day_lies_in_its_month_quarter_and_year(value: date) -> None:
    names = [period_of(to_day(value), kind) for kind in ("month", "quarter", "year")]

    assert names == [f"{value:%Y-%m}".rjust(7, "0"), f"{value.year:04d}-Q{(value.month + 2) // 3}", f"{value.year:04d}"]
    assert all(first <= to_day(value) <= last for first, last in map(span_of, names))
    assert [len(months_of(name)) for name in names] == [1, 3, 12]
    assert to_day(value) in days_of_month(names[0])


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("2026-02", "2026-02-01", "2026-02-28"), ("2028-02", "2028-02-01", "2028-02-29"),
     ("2026-12", "2026-12-01", "2026-12-31"), ("2026-Q4", "2026-10-01", "2026-12-31"),
     ("2026", "2026-01-01", "2026-12-31")],
)  # fmt: skip
def test_a_period_runs_from_its_first_day_to_its_last(period: str, first: str, last: str) -> None:
    assert tuple(map(show_day, span_of(period))) == (first, last)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026Q1", "2026-1", "x"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        months_of(text)


def test_months_between_two_days_are_those_they_touch() -> None:
    assert months_between(day("2026-11-30"), day("2027-01-01")) == ["2026-11", "2026-12", "2027-01"]
    assert months_between(day("2026-11-30"), day("2026-11-29")) == []
    assert periods_around(["2026-12", "2027-01", "2027-02"], "quarter") == ["2026-Q4", "2027-Q1"]


# owners


def owner(
    devices: list[Device], postings: list[Posting], terminal: str, id: str, date: str = "2026-11-09"
) -> str | None:
    return Owners(hall(devices=devices, postings=postings)).of(terminal, id, day(date))


def test_a_terminal_s_own_row_beats_the_general_one_which_beats_the_staff_list() -> None:
    people = [posting("S", device="1")]
    rows = [device("", "1", "G"), device("T1", "1", "T")]

    assert [owner(rows, people, t, "1") for t in ("T1", "T2")] == ["T", "G"]
    assert [owner([], people, t, "1") for t in ("T1", "T2")] == ["S", "S"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2026-11-08", None), ("2026-11-09", "S"), ("2026-11-10", "G"), ("2026-11-12", "G"), ("2026-11-13", None)],
)
def test_an_id_belongs_to_whoever_had_it_on_the_date(date: str, expected: str | None) -> None:
    rows = [device("", "1", "G", "2026-11-10", "2026-11-12")]

    assert owner(rows, [posting("S")], "T1", "1", date) == expected


@pytest.mark.parametrize(
    ("known", "asked", "expected"),
    [
        (["1"], "1", "0"),
        (["1"], "001", "0"),
        (["001"], "1", "0"),
        (["1", "01"], "01", "1"),  # exact text first
        (["1", "01"], "001", None),  # two people as numbers
        (["0"], "000", "0"),
        (["A1"], "a1", None),
        (["A1"], "A1", "0"),
        (["A1"], "A01", None),
        (["1"], "１", None),
        ([""], "0", None),
    ],
)
def test_an_id_is_found_by_its_text_else_as_a_number_that_is_unique(
    known: list[str], asked: str, expected: str | None
) -> None:
    people = [posting(str(n), device=id) for n, id in enumerate(known)]

    assert owner([], people, "T1", asked) == expected


def test_two_ids_of_one_person_equal_as_numbers_are_that_person_s() -> None:
    assert owner([device("", "01", "S")], [posting("S", device="1")], "T1", "0001") == "S"


# reach


def test_a_change_reaches_back_to_the_start_of_every_span_that_touches_it() -> None:
    rows: list[Leave | Outing] = [leave("2026-10-20 08:00", "2026-11-09 08:30"), outing("2026-11-01 08:00", id="O1"),
            leave("2026-09-01 08:00", "2026-11-08 23:00", id="L2"),
            leave("2026-11-12 08:00", "2026-11-13 08:00")]  # fmt: skip

    reached = [
        show_day(reach_back(day("2026-11-09"), day("2026-11-10"), some)) for some in (rows, rows[1:2], rows[2:], [])
    ]

    assert reached == ["2026-10-20", "2026-11-01", "2026-11-09", "2026-11-09"]
