"""A hall's life in any order: records and files in pieces, settles, rulings, withdrawals, a clock that only goes on.

After every settle what stands is what the oracle says of the same records, to the row.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from oracle.generate import random_site, second_wave
from oracle.records import KEYS, Row, Site, merged, moment, text_of
from punchsync.bootstrap import Site as Opened
from punchsync.core.moment import Moment, parse_moment
from punchsync.operations.export import export
from punchsync.operations.settle import settle
from punchsync.operations.verify import verify

from .days import PACKS
from .halls import bring, bring_read, folder, right, ruling_on, said

Piece = tuple[str, object]  # a kind and its rows, or "read" and one read
LAST = "2026-12-20 00:00:00"  # nobody has published 2027


class Clock:
    """The hall's clock, set by the test."""

    def __init__(self, text: str) -> None:
        self.text = text

    def now(self) -> Moment:
        return parse_moment(self.text)


def pieces(site: Site, rng: Random) -> Iterator[Piece]:
    """A wave's records by kind in pieces, and its reads as files."""
    for kind, rows in site.tables.items():
        if kind == "staff":
            continue
        rest = list(rows)
        while rest:
            size = rng.randint(1, len(rest))
            yield kind, rest[:size]
            rest = rest[size:]
    for read in site.reads:
        if read["live_reach"]:
            if read["rows"]:
                yield "read", read | {"through": read["live_reach"], "live_reach": None}
        else:
            yield "read", read


class HallLife(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 10**6), pack=st.sampled_from(["yihuang", *PACKS]))
    def opens(self, seed: int, pack: str) -> None:
        self.rng = rng = Random(seed)
        base, when = random_site(seed, contested=False, pack=pack)
        wave = second_wave(seed, base)
        self.pool = [*pieces(base, rng), *pieces(wave, rng)]
        rng.shuffle(self.pool)
        self.known = replace(base, tables={"staff": base.tables["staff"]}, reads=[], as_of=when)
        self.clock = Clock(text_of(moment(when) + timedelta(days=rng.choice([-3, 2, 5, 10]))))  # often a month later
        self.path = Path(tempfile.mkdtemp())
        self.opened = Opened(folder(base, self.path))
        self.opened.hall = replace(self.opened.hall, clock=self.clock)
        bring(self.opened, "staff", base.tables["staff"])
        self.rulings = 0

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.store.close()
            shutil.rmtree(self.path)

    def take(self, kind: str, rows: list[Row]) -> None:
        self.known = merged(self.known, Site(tables={kind: rows}))
        bring(self.opened, kind, rows)

    @precondition(lambda self: self.pool)
    @rule(count=st.integers(1, 8))
    def files_come_in(self, count: int) -> None:
        for kind, rows in self.pool[:count]:
            if kind == "read":
                self.known.reads.append(rows)  # type: ignore[arg-type]
                bring_read(self.opened, rows)  # type: ignore[arg-type]
            else:
                self.take(kind, rows)  # type: ignore[arg-type]
        self.pool = self.pool[count:]

    @precondition(lambda self: len(self.known.tables) > 1)
    @rule()
    def a_record_is_withdrawn_or_comes_back(self) -> None:
        kind = self.rng.choice(sorted(k for k in self.known.tables if k not in ("staff", "device")) or ["staff"])
        if kind == "staff" or not self.known.tables[kind]:
            return
        row = self.rng.choice(sorted(self.known.tables[kind], key=lambda r: [r[c] for c in KEYS[kind]]))
        self.take(kind, [row | {"withdrawn": "" if row.get("withdrawn") else "2026-10-20 10:00:00"}])

    @rule(effect=st.sampled_from(["excuse", "uphold", "amend"]))
    def somebody_decides(self, effect: str) -> None:
        with self.opened.store.reading() as work:
            days = list(work.months.verdicts(1, 10**6))
        wrong = [v for v in days if v.verdict not in ("normal", "excused", "pending")]
        if wrong:
            self.rulings += 1
            v = self.rng.choice(wrong)
            self.take("ruling", [ruling_on(v, f"M{self.rulings}", effect, self.clock.text)])

    @precondition(lambda self: self.pool)
    @rule(count=st.integers(1, 2), hours=st.sampled_from([0, 1, 24]))
    def a_file_comes_in_and_what_is_due_is_settled(self, count: int, hours: int) -> None:
        self.files_come_in(count)
        self.settle(hours, due_only=True)

    @rule(hours=st.sampled_from([0, 0, 1, 5, 14, 24, 24, 24 * 7]), due_only=st.booleans())
    def the_hall_is_settled(self, hours: int, due_only: bool) -> None:
        self.settle(hours, due_only)

    def settle(self, hours: int, due_only: bool) -> None:
        self.clock.text = min(LAST, text_of(moment(self.clock.text) + timedelta(hours=hours)))

        settle(self.opened.hall, self.clock.now(), due_only=due_only)

        assert said(self.opened) == right(self.known, self.clock.text)
        again = settle(self.opened.hall, self.clock.now())
        assert (again.posts, again.reversals) == ((), ())
        assert verify(self.opened.hall).differences == ()
        self.ledger_is_in_order()

    def ledger_is_in_order(self) -> None:
        causes: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for row in sorted(export(self.opened.hall, "ledger").rows, key=lambda r: int(r[3])):
            causes[row[2]].append(row)
        for rows in causes.values():
            assert [row[3] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
            for n, row in enumerate(rows):
                expected = (rows[n - 1][1], -Decimal(rows[n - 1][8])) if n % 2 else ("", Decimal(row[8]))
                assert (row[12], Decimal(row[8])) == expected


TestHallLife = HallLife.TestCase
TestHallLife.settings = settings(
    max_examples=10, stateful_step_count=16, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip
