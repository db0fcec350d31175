"""What needs a person, as states that open, are told of once, escalate, and close by themselves. Pure.

A state is a code and what it is about (`terminal_silent` of `T1`). `look` compares the states that are known with what
is found now and returns a plan: nothing here asks a clock, a store or a channel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from punchsync.core.moment import DAY, MINUTE, Moment
from punchsync.core.quiet import Quiet

CODES: Final = (
    "terminal_silent",  # a terminal gave no good read for longer than the hall allows
    "comm_key_refused",  # a terminal refuses our comm key
    "clock_off",  # a terminal's clock is further off than can be corrected
    "log_nearly_full",  # a terminal will soon overwrite or refuse records
    "roster_missing",  # next month's roster, where the pack asks one
    "calendar_unpublished",  # this year's calendar, or next year's from 1 December on
    "outbox_parked",  # the scoring store refused a batch
    "outbox_stuck",  # the scoring store has taken nothing for longer than the hall allows
    "disk_low",
    "backup_failed",  # the last backup failed, or is too old
    "verify_failed",  # the nightly verify found a difference
    "job_failed",  # any other job that keeps failing
    "clock_stepped",  # the server's clock jumped, or the terminals agree that it is wrong
    "settings_refused",  # a reload found bad settings; the old ones are in force
    "store_refused",  # the store can't be written
    "account_locked",  # accounts of the desk that wrong passwords have locked
    "notice_failed",  # a channel has taken no notice for longer than the hall allows
)
"""Every state that may need somebody, by its code."""

CALM: Final = 30 * MINUTE
"""How long something must not have been found any more before it counts as over."""
CALM_AGAIN: Final = DAY
"""The same for what came back: it is believed only after a day."""
BACK: Final = DAY
"""Within how long of its closing something that opens anew came back."""

OPENED, ESCALATED, CLOSED = "opened", "escalated", "closed"
STEPS: Final = (OPENED, ESCALATED, CLOSED)
"""The steps that a state is told of."""


class Found(NamedTuple):
    """Something that is so now; not `certain`: it can't be told, and what is open stays open, but nothing opens."""

    code: str
    about: str = ""
    value: str = ""
    certain: bool = True


class Gauge(NamedTuple):
    """What a terminal's latest live read showed: when it began, the clock's offset after it, records held and room.

    None: it showed no time, or told no capacity.
    """

    began: Moment
    offset: int | None
    held: int | None
    capacity: int | None


class State(NamedTuple):
    """A state as kept. `value` goes into its words; `seen_at` is when it was last found, `told` how many steps (opened,
    escalated) anybody was told of, `told_at` when last; `closed_at` is None while it is open."""

    number: int
    code: str
    about: str
    value: str
    opened_at: Moment
    seen_at: Moment
    told: int = 0
    told_at: Moment | None = None
    closed_at: Moment | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is: no two of them are open at one time."""
        return self.code, self.about


class Listener(NamedTuple):
    """A channel by its name, how many seconds each event it is told of must have stood before that, the publication
    level of what it is told of people, and its quiet hours."""

    name: str
    after: Mapping[str, int]
    level: str = "masked"
    quiet: Quiet | None = None


class Policy(NamedTuple):
    """Who is told, and after how many seconds more they are told again of what is still open."""

    listeners: tuple[Listener, ...] = ()
    escalate: int = DAY


class Tell(NamedTuple):
    """A channel is to be told a step of a state."""

    channel: str
    step: str
    state: State

    @property
    def key(self) -> str:
        """By which a channel is told it once."""
        return key_of(self.state.number, self.step)


class Plan(NamedTuple):
    """What to keep of a look and whom to tell, in one transaction."""

    open: tuple[State, ...] = ()
    refresh: tuple[State, ...] = ()
    close: tuple[State, ...] = ()
    tell: tuple[Tell, ...] = ()


Told = Mapping[tuple[str, str], Moment]
"""The notices that there are: when each was made, by channel and key."""


def key_of(number: int, step: str) -> str:
    """The key of a notice of a state's step."""
    return f"attention/{number}/{step}"


def look(
    known: Iterable[State],
    found: Iterable[Found],
    now: Moment,
    policy: Policy = Policy(),  # noqa: B008 # it can't be changed
    *,
    told: Told | None = None,
    blind: Collection[str] = (),
    last: int = 0,
) -> Plan:
    """What follows from what is found now.

    `known`: the states that are open, and those closed of late; `told`: the notices of them; `blind`: codes that
    could not be looked at, whose states stay as they are; `last`: the highest number that a state ever had.
    """
    said = told or {}
    states = list(known)
    sights = {(f.code, f.about): f for f in sorted(found, key=lambda f: f.certain)}
    closed = [s for s in states if s.closed_at is not None]
    opens: list[State] = []
    refreshed: list[State] = []
    closes: list[State] = []
    tells: list[Tell] = []
    for before in (s for s in states if s.closed_at is None):
        state = not_ahead(before, now)
        sight = sights.pop(state.key, None)
        if sight is not None or state.code in blind:
            value = sight.value if sight is not None and sight.certain else state.value
            state = state._replace(value=value, seen_at=now)
            tells += due(state, now, policy, said)
            refreshed.append(noted(state, tells, now))
        elif now - state.seen_at >= calm_of(state, closed):
            over = state._replace(closed_at=now)
            closes.append(over)
            tells += [
                Tell(listener.name, CLOSED, over)
                for listener in policy.listeners
                if (listener.name, key_of(over.number, OPENED)) in said
                and (listener.name, key_of(over.number, CLOSED)) not in said
            ]
        elif state != before:
            refreshed.append(state)
    for number, sight in enumerate((f for f in sights.values() if f.certain), last + 1):
        state = State(number, sight.code, sight.about, sight.value, now, now)
        tells += due(state, now, policy, said)
        opens.append(noted(state, tells, now))
    return Plan(tuple(opens), tuple(refreshed), tuple(closes), tuple(tells))


def due(state: State, now: Moment, policy: Policy, told: Told) -> Iterator[Tell]:
    """Who is to be told of an open state now: once when it has stood long enough for a channel, and once again."""
    for listener in policy.listeners:
        after = listener.after.get(state.code)
        if after is None or (state.code == "notice_failed" and state.about == listener.name):
            continue
        opened = told.get((listener.name, key_of(state.number, OPENED)))
        if opened is None:
            if now - state.opened_at >= after:
                yield Tell(listener.name, OPENED, state)
        # Told by a clock that was ahead of us: counted from where the state was found to be ahead, too.
        elif now - (opened if opened <= now else state.opened_at) >= policy.escalate and (
            (listener.name, key_of(state.number, ESCALATED)) not in told
        ):
            yield Tell(listener.name, ESCALATED, state)


def noted(state: State, tells: Iterable[Tell], now: Moment) -> State:
    """A state with what is told of it now."""
    steps = [2 if t.step == ESCALATED else 1 for t in tells if t.state.number == state.number]
    return state._replace(told=max(state.told, *steps), told_at=now) if steps else state


def calm_of(state: State, closed: Iterable[State]) -> int:
    """For how long a state must not be found before it closes."""
    back = any(
        s.key == state.key and s.closed_at is not None and 0 <= state.opened_at - s.closed_at < BACK for s in closed
    )
    return CALM_AGAIN if back else CALM


def not_ahead(state: State, now: Moment) -> State:
    """A state as one whose moments are not ahead of us: after a clock was set back nothing waits for it to catch up."""
    return state._replace(opened_at=min(state.opened_at, now), seen_at=min(state.seen_at, now))


def takers(listeners: Iterable[Listener], event: str) -> list[str]:
    """The channels that are told of an event as soon as it is there."""
    return [listener.name for listener in listeners if event in listener.after]
