"""States open, are told of once, escalate, and close by themselves."""

from __future__ import annotations

import pytest
from attentionkit import DAY, HOUR, NOW, SILENT, Found, Life, State, key_of, listener, told
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from punchsync.core.attention import BACK, CALM, CALM_AGAIN, CLOSED, CODES, ESCALATED, OPENED, takers

LOW = Found("disk_low", "", "900")


def test_what_is_found_opens_and_is_told_of_once():
    life = Life(listener())
    first = life.look(NOW, SILENT)
    assert first.open == (State(1, *SILENT[:3], NOW, NOW, 1, NOW),)
    assert told(first) == [("group", OPENED, "T1")]
    again = life.look(NOW + 600, SILENT._replace(value="refused"))
    assert (again.open, again.tell) == ((), ())
    assert life.open == [State(1, "terminal_silent", "T1", "refused", NOW, NOW + 600, 1, NOW)]


@pytest.mark.parametrize(("seconds", "closes"), [(CALM - 1, False), (CALM, True), (CALM + 1, True)])
def test_it_closes_when_it_was_not_found_for_a_while(seconds, closes):
    life = Life(listener())
    life.look(NOW, SILENT)
    plan = life.look(NOW + seconds)
    assert [s.closed_at for s in plan.close] == [NOW + seconds] * closes
    assert told(plan) == [("group", CLOSED, "T1")] * closes
    assert told(life.look(NOW + DAY)) == [("group", CLOSED, "T1")] * (not closes)
    assert life.look(NOW + 2 * DAY) == ((), (), (), ())


@pytest.mark.parametrize(("seconds", "again"), [(DAY - 1, False), (DAY, True), (DAY + 1, True)])
def test_it_is_told_of_once_more_when_it_stays(seconds, again):
    life = Life(listener())
    life.look(NOW, SILENT)
    assert told(life.look(NOW + seconds, SILENT)) == [("group", ESCALATED, "T1")] * again
    assert life.open[0].told == (2 if again else 1)
    assert told(life.look(NOW + 30 * DAY, SILENT)) == [("group", ESCALATED, "T1")] * (not again)
    assert told(life.look(NOW + 60 * DAY, SILENT)) == []


@pytest.mark.parametrize(("seconds", "is_told"), [(2 * HOUR - 1, False), (2 * HOUR, True), (2 * HOUR + 1, True)])
def test_who_is_told_later_is_told_only_of_what_stands_so_long(seconds, is_told):
    life = Life(listener(), listener("chief", after=2 * HOUR))
    assert told(life.look(NOW, SILENT)) == [("group", OPENED, "T1")]
    assert told(life.look(NOW + seconds, SILENT)) == [("chief", OPENED, "T1")] * is_told


def test_who_was_not_told_that_it_opened_is_not_told_that_it_closed():
    life = Life(listener(), listener("chief", after=2 * HOUR))
    life.look(NOW, SILENT)
    assert told(life.look(NOW + HOUR)) == [("group", CLOSED, "T1")]


def test_what_is_not_found_just_now_is_told_to_nobody_new():
    life = Life(listener("chief", after=CALM - 60))
    life.look(NOW, SILENT)
    assert told(life.look(NOW + CALM - 1)) == []


def test_a_channel_is_told_what_it_asked_for_only():
    life = Life(listener("a", "disk_low"), listener("b", *CODES), listener("c", "bulletin"))
    assert told(life.look(NOW, SILENT, LOW)) == [
        ("b", OPENED, "T1"), ("a", OPENED, "disk_low"), ("b", OPENED, "disk_low"),
    ]  # fmt: skip
    assert takers(life.policy.listeners, "bulletin") == ["c"]


def test_a_channel_that_fails_is_not_told_of_itself():
    life = Life(listener("a", *CODES), listener("b", *CODES))
    assert told(life.look(NOW, Found("notice_failed", "a"))) == [("b", OPENED, "a")]


def test_what_comes_and_goes_sends_few_notices_a_day():
    life = Life(listener())
    sent = [tell for n in range(0, DAY, 600) for tell in told(life.look(NOW + n, *([SILENT] if n // 3600 % 2 else [])))]
    assert sent == [("group", OPENED, "T1"), ("group", CLOSED, "T1"), ("group", OPENED, "T1")]


@pytest.mark.parametrize(
    ("pause", "calm"), [(BACK - 1, CALM_AGAIN), (BACK, CALM), (BACK + 1, CALM)], ids=["back", "exactly", "new"]
)
def test_what_came_back_is_believed_to_be_over_only_after_a_day(pause, calm):
    life = Life()
    life.look(NOW, SILENT)
    closed = NOW + CALM
    assert len(life.look(closed).close) == 1
    life.look(closed + pause, SILENT)
    assert life.look(closed + pause + calm - 1).close == ()
    assert len(life.look(closed + pause + calm).close) == 1


def test_what_can_not_be_told_opens_nothing_and_keeps_open_what_is():
    unsure = SILENT._replace(value="", certain=False)
    life = Life(listener())
    assert life.look(NOW, unsure) == ((), (), (), ())
    life.look(NOW, SILENT)
    life.look(NOW + DAY // 2, unsure)
    assert life.look(NOW + DAY // 2 + CALM - 1).close == ()
    assert life.open[0].value == SILENT.value
    assert len(life.look(NOW + DAY // 2 + CALM).close) == 1


def test_what_could_not_be_looked_at_stays_as_it_is():
    life = Life(listener())
    life.look(NOW, SILENT, LOW)
    plan = life.look(NOW + HOUR, blind=("terminal_silent",))
    assert [s.code for s in plan.close] == ["disk_low"]
    assert [s.code for s in life.open] == ["terminal_silent"]


def test_a_clock_that_was_set_back_keeps_nothing_open_for_ever():
    life = Life(listener())
    life.look(NOW + 400 * DAY, SILENT)
    assert life.look(NOW).close == ()
    assert life.open[0].seen_at == NOW
    assert [s.closed_at for s in life.look(NOW + CALM).close] == [NOW + CALM]


def test_what_was_told_by_a_clock_ahead_escalates_all_the_same():
    life = Life(listener())
    life.look(NOW + 400 * DAY, SILENT)
    assert told(life.look(NOW, SILENT)) == []
    assert told(life.look(NOW + DAY, SILENT)) == [("group", ESCALATED, "T1")]


class Attending(RuleBasedStateMachine):
    """A year of looks at anything, with crashes before the commit, blind looks, and channels that come and go."""

    KEYS = (("terminal_silent", "T1"), ("terminal_silent", "T2"), ("disk_low", ""))

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.life = Life(listener("group"), listener("chief", after=3 * HOUR))
        self.history: list[tuple[str, str, int]] = []

    @rule(
        seconds=st.sampled_from([60, 600, CALM, HOUR, 5 * HOUR, DAY, 3 * DAY]),
        found=st.lists(st.tuples(st.sampled_from(KEYS), st.booleans()), max_size=4),
        blind=st.booleans(),
        crash=st.booleans(),
    )
    def look(self, seconds, found, blind, crash):
        self.now += seconds
        sights = [Found(*key, certain=certain) for key, certain in found]
        there = {c.name for c in self.life.policy.listeners}
        before = {(c, key) for c, key in self.life.notices if c in there}
        plan = self.life.look(self.now, *sights, blind=("disk_low",) if blind else (), crash=crash)
        for state in plan.close:
            owed = {c for c, key in before if key == key_of(state.number, OPENED)}
            assert {t.channel for t in plan.tell if t.state.number == state.number} == owed
        if not crash:
            self.history += [(t.channel, t.step, t.state.number) for t in plan.tell]

    @rule(names=st.sets(st.sampled_from(["group", "chief", "other"])))
    def set_channels(self, names):
        all_of = (listener("group"), listener("chief", after=3 * HOUR), listener("other"))
        self.life.policy = self.life.policy._replace(listeners=tuple(c for c in all_of if c.name in names))

    @invariant()
    def nothing_is_told_twice_and_no_key_is_open_twice(self):
        assert len(self.history) == len(set(self.history))
        keys = [s.key for s in self.life.open]
        assert len(keys) == len(set(keys))

    @invariant()
    def who_was_told_of_anything_was_told_first_that_it_opened(self):
        seen = set()
        for channel, step, number in self.history:
            assert step == OPENED or (channel, OPENED, number) in seen
            assert (channel, CLOSED, number) not in seen
            seen.add((channel, step, number))

    def teardown(self):
        everybody = (listener("group"), listener("chief", after=3 * HOUR), listener("other"))
        self.life.policy = self.life.policy._replace(listeners=everybody)
        before = {s.number for s in self.life.open}
        self.life.look(self.now + 3 * DAY)
        assert self.life.open == []
        for channel, key in list(self.life.notices):
            number = int(key.split("/")[1])
            if number in before and key.endswith(OPENED):
                assert (channel, key_of(number, CLOSED)) in self.life.notices


Attending.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAttending = Attending.TestCase
