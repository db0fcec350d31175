"""Whatever a hall's years were like: a purge takes what is due, and alters nothing judged, booked or anchored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from purgekit import LAST, NOW, STRANGER, Hall, Keep, made

from punchsync.core.moment import DAY, start_of
from punchsync.operations.purge import plan_purge, purge
from punchsync.operations.settle import settle
from punchsync.operations.verify import Verified, verify

HALLS: list[tuple[str, str, int, dict[str, Any]]] = [
    ("sqlite", "tianyang", 2, {"off": 400}),
    ("sqlite", "tongshan", 3, {"rare": True}),
    ("sqlite", "county", 4, {"off": -40_000_000, "rare": True}),
    ("postgresql", "changxing", 5, {"off": 40_000_000}),
]


@pytest.fixture(params=HALLS, ids=lambda h: "-".join(map(str, h[:2])))
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    kind, pack, seed, more = request.param
    url = f"sqlite:///{tmp_path}/store.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new()
    with made(tmp_path / "site", url, pack, seed, **more) as there:
        yield there


def clean(found: Verified) -> tuple[Any, ...]:
    return found.differences, found.waiting, found.concluded, len(found.sealed), found.months


def test_a_purge_takes_raw_punches_and_leaves_every_result_and_every_anchor(hall: Hall) -> None:
    hall.issue()
    hall.appeals()
    settle(hall.site.hall, NOW)
    exports, verdicts, anchor = hall.exports(), hall.verdicts(), hall.anchor()
    erased = purge(hall.site.hall, Keep(), NOW, "张主任").plan.gone
    assert {name: n > 0 for name, n in erased.items() if name not in ("defects", "accounts")} == dict.fromkeys(
        ("punches", "records", "appeals", "bulletins", "names"), True
    )
    assert (hall.exports(), hall.verdicts()) == (exports, verdicts)
    assert clean(verify(hall.site.hall, anchors=[anchor])) == ((), (), True, 12, 15)
    with hall.site.store.reading() as work:
        left = [p for p in work.punches.stored(0, start_of(LAST) - 1) if hall.off >= 0]
        assert (left, STRANGER in dict(work.punches.strange()).values()) == ([], False)

    # The same logs once more, whole, from the terminals and as files; and all of it settled anew.
    assert hall.read(NOW - 60) == [0, 0]
    assert (hall.file("T1"), hall.file("T2", NOW - 30)) == (0, 0)
    again = settle(hall.site.hall, NOW)
    assert (again.posts, again.reversals, len(again.months)) == ((), (), 15)
    assert (hall.exports(("punches", "verdicts", "coverage")), hall.verdicts()) == (
        {kind: rows for kind, rows in exports.items() if kind != "coverage"},
        verdicts,
    )
    assert clean(verify(hall.site.hall, anchors=[anchor])) == ((), (), True, 12, 15)
    assert plan_purge(hall.site.hall, Keep(), NOW).cut is None
    assert purge(hall.site.hall, Keep(), NOW, "张主任").checkpoint is None


def test_a_new_punch_behind_a_log_that_was_purged_is_taken_and_counts(tmp_path: Path) -> None:
    with made(tmp_path / "site", f"sqlite:///{tmp_path}/store.db", "yihuang", 1, rare=True) as hall:
        purge(hall.site.hall, Keep(), NOW, "张主任")
        hall.logs["T2"].rows.append(("22", NOW - 120))
        hall.logs["T1"].rows.append(("33", NOW - 90))
        assert hall.read(NOW - 60) == [1, 1]
        with hall.site.store.reading() as work:
            numbers = {p.terminal: p.number for p in work.punches.stored(NOW - 200, NOW)}
            spans = {read.terminal: read.spans for read in work.readings.reads(NOW) if read.reach == NOW - 60}
        assert {t: any(lo <= n <= hi for lo, hi in spans[t]) for t, n in numbers.items()} == {"T1": True, "T2": True}
        assert verify(hall.site.hall).differences == ()


def test_years_go_one_after_another_and_links_keep_what_remains(tmp_path: Path) -> None:
    with made(tmp_path / "site", f"sqlite:///{tmp_path}/store.db", "changxing", 9) as hall:
        anchor = hall.anchor()
        first = purge(hall.site.hall, Keep(punches=1, records=None, bulletins=None, names=None), NOW, "张主任")
        second = purge(hall.site.hall, Keep(punches=1, records=1, bulletins=None, names=1), NOW, "李主任")
        with hall.site.store.writing() as work:  # a year later
            work.runs.settled(NOW + 366 * DAY, hall.site.hall.pack.digest, NOW)
        hall.close()
        hall.site = hall.open(NOW + 366 * DAY)
        hall.logs["T1"].rows.append(("33", NOW + 300 * DAY))
        hall.read(NOW + 301 * DAY)
        third = purge(hall.site.hall, Keep(), NOW + 366 * DAY, "王主任")
        assert [done.checkpoint and (done.checkpoint.number, dict(done.checkpoint.erased.days)) for done in (
            first, second, third,
        )] == [
            (1, {"punches": LAST}),
            (2, {"records": LAST, "names": LAST}),
            (3, {"punches": LAST + 365, "records": LAST + 365}),
        ]  # fmt: skip
        assert verify(hall.site.hall, anchors=[anchor]).differences == ()
