"""Laws that no hall may break: settling again, any order of imports, excuses and leave that never harm."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.generate import random_site, second_wave
from oracle.records import KEYS, Site, as_files, merged, moment, text_of
from punchsync.bootstrap import Site as Opened
from punchsync.core.moment import parse_moment
from punchsync.operations.export import COLUMNS, export
from punchsync.operations.settle import settle
from punchsync.operations.verify import verify

from .case_of import exports
from .halls import bring, bring_read, folder, right, said

LAWS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10**6)


def filled(path: Path, site: Site, order: Random | None = None) -> Opened:
    """The site imported, staff first and all else in the order given."""
    opened = Opened(folder(site, path), as_of=parse_moment(site.as_of))
    bring(opened, "staff", site.tables["staff"])
    pieces: list[tuple[str, object]] = [(k, rows) for k, rows in site.tables.items() if rows and k != "staff"]
    pieces += [("read", read) for read in as_files(site).reads]
    if order is not None:
        order.shuffle(pieces)
    for kind, rows in pieces:
        if kind == "read":
            bring_read(opened, rows)  # type: ignore[arg-type]
        else:
            bring(opened, kind, rows)  # type: ignore[arg-type]
    return opened


def whole(opened: Opened) -> dict[str, list[tuple[str, ...]]]:
    """Every export but when a file came in."""
    out = {kind: export(opened.hall, kind).rows for kind in COLUMNS}
    out["coverage"] = [(*row[:2], *row[3:]) for row in out["coverage"]]
    return out


@pytest.mark.parametrize("seed", range(200, 206))
def test_settling_twice_posts_nothing_and_verify_finds_nothing(seed: int, tmp_path: Path) -> None:
    site, when = random_site(seed)
    with filled(tmp_path, site) as opened:
        settle(opened.hall, parse_moment(when))
        before = whole(opened)

        again = settle(opened.hall, parse_moment(when))

        assert (again.posts, again.reversals) == ((), ())
        assert whole(opened) == before
        assert verify(opened.hall).differences == ()


@pytest.mark.parametrize("seed", range(210, 216))
def test_any_order_of_imports_gives_the_same_exports(seed: int, tmp_path: Path) -> None:
    site, when = random_site(seed)
    found = []
    for n in range(3):
        with filled(tmp_path / str(n), site, Random(seed + n) if n else None) as opened:
            settle(opened.hall, parse_moment(when))
            found.append(whole(opened))

    assert found[1] == found[0]
    assert found[2] == found[0]


@pytest.mark.parametrize("seed", range(220, 224))
def test_importing_the_same_files_again_changes_nothing(seed: int, tmp_path: Path) -> None:
    site, when = random_site(seed)
    with filled(tmp_path, site) as opened:
        settle(opened.hall, parse_moment(when))
        before = whole(opened)

        kinds = [kind for kind in KEYS if site.tables.get(kind)]
        changed = [bring(opened, kind, site.tables[kind]).changed for kind in kinds]
        changed += [bring_read(opened, read).changed for read in as_files(site).reads]
        settle(opened.hall, parse_moment(when))

        assert set(changed) == {0}
        assert whole(opened) == before


def points(site: Site, when: str, person: str) -> dict[tuple[str, ...], Decimal]:
    """A person's own scores by period and category."""
    return {(p, c): Decimal(score) for p, kind, id, c, _base, _points, score in exports(site, when)["scores"]
            if (kind, id) == ("person", person)}  # fmt: skip


def with_row(site: Site, kind: str, row: dict[str, str]) -> Site:
    return merged(site, Site(tables={kind: [row]}, as_of=site.as_of))


@LAWS
@given(SEEDS, st.randoms(use_true_random=False))
def test_an_excuse_never_lowers_the_person_s_own_score(seed: int, rng: Random) -> None:
    site, when = random_site(seed)
    site.tables["ruling"] = [r for r in site.tables["ruling"] if r["effect"] == "excuse" and not r["kind"]]
    rows = [v for v in exports(site, when)["violations"] if v[1]]
    if not rows:
        return
    date, person, session, *_ = rng.choice(rows)
    row = {"ruling_id": "Z1", "person_id": person, "window": "", "date": date, "session": session, "kind": "",
           "effect": "excuse", "as_kind": "", "document": "某号", "decided_by": "某",
           "decided_at": "2026-12-01 10:00:00"}  # fmt: skip

    before, after = points(site, when, person), points(with_row(site, "ruling", row), when, person)

    assert {key: score for key, score in after.items() if score < before[key]} == {}


@LAWS
@given(SEEDS, st.randoms(use_true_random=False))
def test_a_valid_leave_of_whole_days_costs_the_person_nothing(seed: int, rng: Random) -> None:
    site, when = random_site(seed)
    staff = rng.choice(site.rows("staff"))
    person = staff["person_id"]
    date = rng.choice([v[0] for v in exports(site, when)["verdicts"] if v[1] == person] or [staff["from"]])
    row = {"leave_id": "Z1", "person_id": person, "kind": "annual", "start": date, "end": date, "daily_from": "",
           "daily_to": "", "registered_at": "2026-01-01 08:00:00", "certificate": "", "approvals": "centre",
           "returned_at": ""}  # fmt: skip

    before, after = points(site, when, person), points(with_row(site, "leave", row), when, person)

    assert {key: score for key, score in after.items() if score < before[key]} == {}


@LAWS
@given(SEEDS)
def test_a_withdrawn_record_is_as_if_it_had_never_been(seed: int) -> None:
    site, _when = random_site(seed)
    wave = second_wave(seed, site)
    gone = [(kind, row) for kind, rows in wave.tables.items() for row in rows if row.get("withdrawn")]
    later = merged(site, wave)
    bare = merged(site, wave)
    for kind, row in gone:
        bare.tables[kind] = [r for r in bare.tables[kind] if any(r[c] != row[c] for c in KEYS[kind])]

    assert exports(later, later.as_of) == exports(bare, later.as_of)


@LAWS
@given(SEEDS, st.integers(0, 10**6))
def test_time_alone_only_makes_the_pending_known(seed: int, seconds: int) -> None:
    site, when = random_site(seed)
    sure = [row for row in exports(site, when)["verdicts"] if row[7] not in ("pending", "unverified")]

    later = exports(site, text_of(moment(when).replace(microsecond=0) + timedelta(seconds=seconds)))["verdicts"]

    assert [row for row in sure if row not in later] == []


def test_a_record_ahead_of_the_clock_counts_when_its_time_has_come_in_a_due_settle_too(tmp_path: Path) -> None:
    staff = {"person_id": "P1", "name": "甲", "unit": "局", "window": "公安", "post": "staff", "device_user_id": "1",
             "backup_for": "", "from": "2026-10-30", "to": "2026-10-30"}  # fmt: skip
    read = {"terminal": "T1", "rows": [("1", "2026-10-29 08:25:00"), ("1", "2026-11-05 08:00:00")], "through": None,
            "live_reach": None}  # fmt: skip
    site = Site({"staff": [staff]}, [{"id": "T1", "windows": None}], [read], as_of="2026-11-01 12:00:00")
    with filled(tmp_path, site) as opened:
        settle(opened.hall, parse_moment(site.as_of))
        assert {row[7] for row in said(opened)["verdicts"]} == {"pending"}

        settle(opened.hall, parse_moment("2026-11-06 12:00:00"), due_only=True)

        assert said(opened) == right(site, "2026-11-06 12:00:00")
