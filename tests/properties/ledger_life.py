"""A hall's life as its ledger sees it: records, rules, closings, appeals, torn batches, two who settle at once.

A twin gets the same records in the same order, settles once and never saw anything else: what stands must be what
stands there. What was delivered must be what was booked.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from oracle.generate import random_site, second_wave
from oracle.records import Row, moment, text_of
from own_pack import DEARER, OWN, STRICT
from punchsync.bootstrap import Site as Opened
from punchsync.core.appeal import SOURCES, ruling_id
from punchsync.core.closing import kept
from punchsync.core.moment import Moment
from punchsync.core.outbox import Answer, Batch
from punchsync.core.period import period_of
from punchsync.core.readback import Row as ScoreRow
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.deliver.sql import SqlStore
from punchsync.operations import appeals
from punchsync.operations.appeals import Deciding, Filing, Objection
from punchsync.operations.closing import OutOfOrder, close, reopen
from punchsync.operations.deliver import push, reconcile
from punchsync.operations.export import export
from punchsync.operations.settle import AmendsClosed, TooEarly, not_in_closed, settle
from punchsync.operations.verify import verify

from .halls import bring, bring_read, folder, ruling_on, said
from .test_properties_machine import LAST, Clock, pieces

FROM_MID_OCTOBER = STRICT.format(first="2026-10-15")
RULES = {"": "", "dearer": DEARER, "strict": FROM_MID_OCTOBER, "both": DEARER + FROM_MID_OCTOBER}
AMENDABLE = "yihuang"
ALIKE = ("verdicts", "violations", "tallies", "sums", "scores")
"""What a twin says the same of whatever is closed; outcomes and rankings of closed periods stay as issued."""

OUTCOMES = ["", "upheld", "excused", "excused", "amended"]

Act = Callable[[Opened], object]


class Table:
    """A scoring store's table in a database of its own, and the sender that fills it."""

    def __init__(self, folder: Path) -> None:
        self.store = SqlStore(f"sqlite:///{folder}/scores.db", name="scores", timeout=20)
        self.name, self.deliver, self.read_back = self.store.name, self.store.deliver, self.store.read_back

    def differences(self, opened: Opened) -> set[str]:
        """How the table differs from the ledger: `waiting` for entries not there yet."""
        found = reconcile(opened.hall, self)
        return {d.kind for d in found.differences} | ({"waiting"} if found.owed.waiting else set())


class Torn:
    """A scoring store behind a bad line: batches don't arrive, or their answers don't."""

    def __init__(self, table: Table, rng: Random) -> None:
        self.name, self._table, self._rng = table.name, table, rng

    def deliver(self, batch: Batch, rows: Sequence[ScoreRow]) -> Answer:
        happens = self._rng.choice(["lost", "taken", "taken, answer lost", "twice"])
        if happens == "lost":
            return Answer("again", "timeout")
        for _ in range(2 if happens == "twice" else 1):
            answer = self._table.deliver(batch, rows)
        return Answer("again", "timeout") if happens.endswith("lost") else answer


def note_ruling(opened: Opened, id: str, body: dict[str, str]) -> None:
    """Put an appeal's ruling into a hall as deciding did."""
    with opened.hall.store.writing() as work:
        work.records.put("ruling", [(id, body)], 0)
        work.months.mark("")


class LedgerLife(RuleBasedStateMachine):
    """Subclasses say in which database the hall is kept."""

    def database(self) -> str:
        """A `[store]` section for a database nobody has used."""
        return ""

    @initialize(seed=st.integers(0, 10**6), pack=st.sampled_from([AMENDABLE, AMENDABLE, "changxing", "county"]))
    def opens(self, seed: int, pack: str) -> None:
        self.rng = rng = Random(seed)
        base, when = random_site(seed, contested=False, pack=pack)
        self.pool = [*pieces(base, rng), *pieces(second_wave(seed, base), rng)]
        rng.shuffle(self.pool)
        self.base = base if pack != AMENDABLE else replace(base, pack="packs/own.toml")
        self.amendable, self.rules = pack == AMENDABLE, ""
        self.clock = Clock(text_of(moment(when) + timedelta(days=rng.choice([-3, 2, 5, 10]))))
        self.path = Path(tempfile.mkdtemp())
        self.store = self.database()
        self.opened = self.site(self.path / "site", self.store)
        self.journal: list[Act] = []
        self.issued: dict[str, set[tuple[str, ...]]] = {}
        self.scores = Table(self.path)
        self.act(lambda opened: bring(opened, "staff", base.tables["staff"]))
        self.files_come_in(2 * len(self.pool) // 3)
        settle(self.opened.hall, self.clock.now())

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.store.close()
            self.scores.store.close()
            shutil.rmtree(self.path)

    def site(self, path: Path, store: str) -> Opened:
        """The hall as it is ruled now, opened in a folder of its own."""
        folder(self.base, path)
        with (path / "punchsync.toml").open("a", encoding="utf-8") as settings:
            settings.write(store)
        (path / "packs").mkdir(exist_ok=True)
        (path / "packs/own.toml").write_text(OWN + RULES[self.rules], encoding="utf-8")
        opened = Opened(path)
        opened.hall = replace(opened.hall, clock=self.clock)
        return opened

    def act(self, act: Act) -> None:
        """Do something with the hall's records, to be done to the twin as well."""
        act(self.opened)
        self.journal.append(act)

    @precondition(lambda self: self.pool)
    @rule(count=st.integers(2, 10))
    def files_come_in(self, count: int) -> None:
        for kind, rows in self.pool[:count]:
            if kind == "read":
                self.act(lambda opened, read=rows: bring_read(opened, read))
            else:
                self.take(kind, rows)
        self.pool = self.pool[count:]

    def take(self, kind: str, rows: Sequence[Row]) -> None:
        self.act(lambda opened: bring(opened, kind, rows))

    @rule(effect=st.sampled_from(["excuse", "uphold", "amend"]))
    def somebody_rules_on_a_session(self, effect: str) -> None:
        with self.opened.store.reading() as work:
            wrong = [v for v in work.months.verdicts(1, 10**6) if v.verdict not in ("normal", "excused", "pending")]
        if wrong:
            v = self.rng.choice(wrong)
            self.take("ruling", [ruling_on(v, f"M{len(self.journal)}", effect, self.clock.text)])

    @precondition(lambda self: self.amendable)
    @rule(rules=st.sampled_from(sorted(RULES)))
    def the_rules_change(self, rules: str) -> None:
        before, self.rules = self.rules, rules
        self.reopen_site()
        try:
            with self.opened.store.reading() as work:
                not_in_closed(work, self.opened.hall)
        except AmendsClosed:
            self.rules = before
            self.reopen_site()

    def reopen_site(self) -> None:
        self.opened.store.close()
        self.opened = self.site(self.path / "site", self.store)

    @rule(pick=st.integers(0, 5))
    def a_month_is_closed(self, pick: int) -> None:
        # A month judged by other rules than today's would, once closed, keep these from judging anything.
        rules = self.opened.hall.pack.digest
        with self.opened.store.reading() as work:
            states, closed = work.months.states(), work.closings.closed()
            months = sorted(m for m, state in states.items() if state.pack == rules and m not in closed)
        if months:
            close(self.opened.hall, months[pick % len(months)], by="某", reason="试", anyway=True)
            self.issued = self.conclusions()

    @rule()
    def the_last_closed_month_is_opened_again(self) -> None:
        with self.opened.store.reading() as work:
            closed = sorted(work.closings.closed())
        if closed:
            try:
                reopen(self.opened.hall, closed[-1], by="某", reason="试")
            except OutOfOrder:  # pragma: no cover # the last one is never out of order
                raise AssertionError(closed) from None
            self.issued = self.conclusions()

    def conclusions(self) -> dict[str, set[tuple[str, ...]]]:
        """Outcomes and rankings of the closed periods."""
        with self.opened.store.reading() as work:
            closed = work.closings.closed()
        return {
            kind: {row for row in export(self.opened.hall, kind).rows if kept(row[0], closed)}
            for kind in ("outcomes", "ranking")
        }

    @rule(pick=st.integers(0, 99), role=st.sampled_from(["person", "unit"]), outcome=st.sampled_from(OUTCOMES))
    def somebody_appeals(self, pick: int, role: str, outcome: str) -> None:
        with self.opened.store.reading() as work:
            found = [v for v in work.months.violations(FIRST_DAY, LAST_DAY) if v.source in SOURCES]
        if found:
            v = found[pick % len(found)]
            try:
                appeals.file(self.opened.hall, v.id, Filing("申诉人", "不是我", role if v.person else "unit"))
            except Objection as objection:
                assert objection.code in ("open", "final")
        if outcome:
            self.an_appeal_is_decided(pick, outcome)
            self.the_hall_is_settled(0, due_only=True)

    @rule(pick=st.integers(0, 9), outcome=st.sampled_from([o for o in OUTCOMES if o]))
    def an_appeal_is_decided(self, pick: int, outcome: str) -> None:
        with self.opened.store.reading() as work:
            decided = {d.appeal for d in work.appeals.decisions()}
            waiting = [a for a in work.appeals.all() if a.number not in decided]
        if not waiting:
            return
        appeal = waiting[pick % len(waiting)]
        as_kind = ("no_badge" if appeal.kind != "no_badge" else "games") if outcome == "amended" else ""
        by = f"复核人{appeal.stage}"
        deciding = Deciding(outcome, by, "某号", as_kind)
        try:
            appeals.decide(self.opened.hall, appeal.number, deciding, settling=False)
        except Objection as objection:
            assert objection.code in ("gone", "due", "as_kind")
            return
        id = ruling_id(appeal.number)
        with self.opened.store.reading() as work:
            body = work.records.all("ruling")[id]
        self.journal.append(lambda opened: note_ruling(opened, id, body))

    @rule(seed=st.integers(0, 10**6), size=st.integers(1, 7))
    def batches_go_out_and_some_are_torn(self, seed: int, size: int) -> None:
        torn = Torn(self.scores, Random(seed))
        for _ in range(3):
            push(self.opened.hall, torn, size)
        assert self.scores.differences(self.opened) <= {"waiting"}
        push(self.opened.hall, self.scores, size)
        assert self.scores.differences(self.opened) == set()

    @rule(hours=st.sampled_from([0, 1, 14, 24, 24, 24 * 7]), due_only=st.booleans())
    def the_hall_is_settled(self, hours: int, due_only: bool) -> None:
        self.passes(hours)
        self.settled(lambda: settle(self.opened.hall, self.clock.now(), due_only=due_only))

    @rule(hours=st.sampled_from([0, 24]), apart=st.sampled_from([0, 3600]))
    def two_settle_at_once(self, hours: int, apart: int) -> None:
        self.passes(hours)
        other = Opened(self.path / "site")
        other.hall = replace(other.hall, clock=self.clock)
        faults: list[BaseException] = []
        now = self.clock.now()

        def one(opened: Opened, as_of: Moment) -> None:
            try:
                settle(opened.hall, as_of)
            except TooEarly as late:
                if as_of >= late.settled:
                    faults.append(late)
            except BaseException as error:
                faults.append(error)

        threads = [
            threading.Thread(target=one, args=(self.opened, now)),
            threading.Thread(target=one, args=(other, now - apart)),
        ]

        def both() -> None:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
            other.store.close()
            assert faults == []
            assert not any(thread.is_alive() for thread in threads)

        self.settled(both)

    def passes(self, hours: int) -> None:
        self.clock.text = min(LAST, text_of(moment(self.clock.text) + timedelta(hours=hours)))

    def settled(self, act: Callable[[], object]) -> None:
        """What holds after any settle."""
        with self.opened.store.reading() as work:
            height, closed = sum(1 for _ in work.ledger.entries()), work.closings.closed()
        act()
        settle(self.opened.hall, self.clock.now())
        again = settle(self.opened.hall, self.clock.now())
        assert (again.posts, again.reversals) == ((), ())
        with self.opened.store.reading() as work:
            entries = [c.entry for c in work.ledger.entries()]
        assert {period_of(e.booked_on, "month") for e in entries[height:]}.isdisjoint(closed)
        assert len({(e.cause, e.revision) for e in entries}) == len(entries)
        assert len({e.entry_id for e in entries}) == len(entries)
        assert verify(self.opened.hall).differences == ()
        assert {k: self.conclusions()[k] >= rows for k, rows in self.issued.items()} == dict.fromkeys(self.issued, True)
        self.equals_its_twin()

    def equals_its_twin(self) -> None:
        twin = self.site(Path(tempfile.mkdtemp(dir=self.path)), "")
        try:
            for act in self.journal:
                act(twin)
            settle(twin.hall, self.clock.now())
            ours, theirs = said(self.opened), said(twin)
            assert {k: ours[k] for k in ALIKE} == {k: theirs[k] for k in ALIKE}
            assert standing(self.opened) == standing(twin)
        finally:
            twin.store.close()


def standing(opened: Opened) -> dict[str, Decimal]:
    """The points of every cause that stands."""
    out: dict[str, Decimal] = {}
    for row in sorted(export(opened.hall, "ledger").rows, key=lambda r: int(r[3])):
        if int(row[3]) % 2:
            out[row[2]] = Decimal(row[8])
        else:
            del out[row[2]]
    return out
