"""The core agrees row by row with an independent literal judge, on seeded random sites and their second waves.

`ORACLE_SITES` asks for more sites than the suite's few; `disagreements` is there for longer hunts.
"""

from __future__ import annotations

import os

import pytest

from oracle.generate import random_site, second_wave
from oracle.judge import judge
from oracle.records import Site, merged

from .case_of import exports
from .days import PACKS

SHORT = int(os.environ.get("ORACLE_SITES", "60"))
MONTHS = max(3, SHORT // 20)
TRUE_MONTHS = ("2026-10", "2026-02", "2026-05")


def disagreements(site: Site, when: str) -> dict[str, tuple[list[object], list[object]]]:
    """By export, the rows that only the core has and those that only the oracle has."""
    ours, theirs = exports(site, when), judge(site, when)
    assert ours.keys() == theirs.keys()
    out: dict[str, tuple[list[object], list[object]]] = {}
    for kind, rows in theirs.items():
        if ours[kind] != rows:
            out[kind] = (
                [row for row in ours[kind] if row not in rows],
                [row for row in rows if row not in ours[kind]],
            )
    return out


def both_waves(
    seed: int, month: str, length: str, pack: str = "yihuang"
) -> list[dict[str, tuple[list[object], list[object]]]]:
    """The disagreements on a site and on the same site after its second wave."""
    site, when = random_site(seed, month=month, length=length, pack=pack)
    later = merged(site, second_wave(seed, site))
    return [disagreements(site, when), disagreements(later, later.as_of)]


@pytest.mark.parametrize("seed", range(SHORT))
def test_core_and_oracle_agree_on_a_few_days_of_a_nasty_hall(seed: int) -> None:
    assert both_waves(seed, "2026-10", "short") == [{}, {}]


@pytest.mark.parametrize("seed", range(MONTHS))
def test_core_and_oracle_agree_on_a_whole_month(seed: int) -> None:
    assert both_waves(seed, TRUE_MONTHS[seed % 3], "month") == [{}, {}]


@pytest.mark.parametrize(("seed", "length"), [(1, "quarter"), (2, "quarter"), (3, "year")])
def test_core_and_oracle_agree_where_rankings_of_people_come_out(seed: int, length: str) -> None:
    assert both_waves(seed, "2026-12" if length == "year" else "2026-09", length) == [{}, {}]


OTHERS = tuple(p for p in PACKS if p != "yihuang")
FEW = max(5, SHORT // 12)


@pytest.mark.parametrize("seed", range(FEW))
@pytest.mark.parametrize("pack", OTHERS)
def test_core_and_oracle_agree_on_a_few_days_of_every_pack(pack: str, seed: int) -> None:
    assert both_waves(seed, "2026-10", "short", pack) == [{}, {}]


@pytest.mark.parametrize("pack", OTHERS)
def test_core_and_oracle_agree_on_a_month_of_every_pack(pack: str) -> None:
    assert both_waves(1, "2026-10", "month", pack) == [{}, {}]


@pytest.mark.parametrize("pack", ["tianyang", "changxing", "tongshan", "citizens"])
def test_core_and_oracle_agree_on_a_quarter_of_packs_that_count_by_it(pack: str) -> None:
    assert both_waves(2, "2026-09", "quarter", pack) == [{}, {}]


@pytest.mark.parametrize("pack", ["county", "tianyang"])
def test_core_and_oracle_agree_on_a_year_of_packs_that_count_by_it(pack: str) -> None:
    assert both_waves(3, "2026-12", "year", pack) == [{}, {}]
