"""Whatever a terminal's clock does: who was always on time is never charged, and settling by marks misses nothing."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from punchsync.bootstrap import Site
from punchsync.bootstrap.bringing import bring_records
from punchsync.bootstrap.clocks import FixedClock
from punchsync.core.moment import DAY, Moment
from punchsync.core.records import Terminal
from punchsync.operations.bring_in import add
from punchsync.operations.export import export
from punchsync.operations.hall import Hall
from punchsync.operations.settle import settle
from punchsync.operations.verify import verify

from .clock_lives import LAST, Act, life

END = (LAST + 8) * DAY
SETTINGS = '[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\n[[terminal]]\nid = "T1"\n'
STAFF = """person_id,name,unit,window,post,device_user_id,backup_for,from,to
P1,甲某,公安局,公安,staff,1,,2026-10-26,2026-11-06
P2,乙某,公安局,公安,staff,2,,2026-10-26,2026-11-06
"""


@contextmanager
def hall(folder: Path) -> Iterator[Hall]:
    """A hall of two people and a terminal."""
    folder.mkdir()
    (folder / "punchsync.toml").write_text(SETTINGS, encoding="utf-8")
    with Site(folder) as site:
        assert not bring_records(site, "staff", STAFF.encode(), "staff.csv", False).problems
        # The records of these lives have no terminal's bytes.
        yield replace(site.hall, terminals=(Terminal("T1"),), decoded=lambda source, layout, raws: None)


def lived(at: Hall, acts: Sequence[Act], now: Moment | None = None, settled: frozenset[int] = frozenset()) -> None:
    """Store what a life brings, in this order, and after some acts settle by marks."""
    numbers: dict[int, int] = {}
    for n, act in enumerate(acts):
        moment = act.at + 30 if now is None else now
        after = None if act.after is None else numbers[act.after]
        with at.store.writing() as work:
            [added] = add(work, [replace(act.reading, continues=after)], moment)
        numbers[n] = added.reading
        if n in settled:
            whole(replace(at, clock=FixedClock(moment)), moment)


def whole(at: Hall, as_of: Moment) -> None:
    """Settle what is marked: nothing is left to be found by a replay, nor by settling everything."""
    settle(at, as_of, due_only=True)
    assert verify(at).differences == ()
    again = settle(at, as_of)
    assert (again.posts, again.reversals) == ((), ())


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLOCK_LIVES", "16"))))
def test_who_was_always_on_time_is_never_charged_whatever_the_clock_did(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    acts = life(chance)
    some = frozenset(n for n in range(len(acts)) if chance.random() < 0.3)
    with hall(tmp_path / "a") as at:
        lived(at, acts, settled=some)
        whole(replace(at, clock=FixedClock(END)), END)
        accused = [r for r in export(at, "verdicts").rows if r[7] in ("missing", "late", "early")]
        assert (accused, export(at, "violations").rows, [r for r in export(at, "scores").rows if r[5] != "0"]) == (
            [],
            [],
            [],
        )


@pytest.mark.parametrize("seed", range(100, 105))
def test_the_order_in_which_readings_come_makes_no_difference(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    acts = [
        act._replace(after=None, reading=replace(act.reading, plan="full")) for act in life(chance) if act.after is None
    ]
    shuffled = chance.sample(acts, len(acts))
    found = []
    for name, order in (("a", acts), ("b", shuffled)):
        with hall(tmp_path / name) as at:
            lived(at, order, END - DAY, frozenset({len(order) // 2}))
            whole(replace(at, clock=FixedClock(END)), END)
            kinds = ("punches", "verdicts", "violations", "scores")
            found.append({kind: sorted(row[:6] for row in export(at, kind).rows) for kind in kinds})
    assert found[0] == found[1]
