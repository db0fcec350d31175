"""Send the notices that wait, channel by channel; no transaction is open while a channel is spoken to.

A try is noted before it is begun and after it ended. Killed in between, or cut off after a message was sent, nobody
knows whether it arrived: what needs somebody is said again, everything else waits for a person's word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from punchsync.core.attention import CODES
from punchsync.core.moment import Moment
from punchsync.core.notice import (
    DROPPED,
    GIVEN_UP,
    MARKED,
    PERSON,
    SENT,
    TWICE,
    UNSURE,
    WAITING,
    WINDOWS,
    Message,
    Notice,
    due_at,
    paced,
    pause,
    queues,
    state_after,
    together,
)
from punchsync.core.outbox import Answer
from punchsync.core.quiet import Quiet, quiet_until
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Channel
from punchsync.problems import Refused

FAILURES: Final = 3
"""After so many failures in a round no more people are written to in it: it is not their addresses."""

Words = Callable[[Sequence[Notice]], tuple[str, str]]
"""Subject and body of notices that go as one."""

Paces = defaultdict[str, list[Moment]]
"""When messages were sent by channel of late."""


class Route(NamedTuple):
    """The way to a channel: how to get at it (may raise Refused), and its quiet hours."""

    channel: Callable[[], Channel]
    quiet: Quiet | None = None


@dataclass(slots=True)
class Sent:
    """What came of a round: notices sent, given up, and of which nobody knows; what channels failed with; seconds until
    the next try is due (None: none is)."""

    sent: int = 0
    given_up: int = 0
    unsure: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    wait: int | None = None


class NoSuchNotice(Exception):
    """No notice of the number asked for is in a state that allows what is wanted; carries its state, empty if none."""

    def __init__(self, number: int, state: str) -> None:
        super().__init__(number, state)
        self.number, self.state = number, state


def waits(hall: Hall) -> bool:
    """Whether any notice is still to be sent."""
    with hall.store.reading() as work:
        return bool(work.notices.waiting())


def send(
    hall: Hall,
    route: Callable[[str], Route | None],
    words: Words,
    stopping: Callable[[], bool] = lambda: False,
    paces: Paces | None = None,
) -> Sent:
    """Send what is due; `route` gives the way to a channel, None to one that there is not."""
    with hall.store.reading() as work:
        waiting = work.notices.waiting()
    done = Sent()
    interrupted = [n for n in waiting if n.under_way and n.event not in TWICE]
    note(hall, interrupted, UNSURE, Answer("unsure", "killed"), done)
    left = set(interrupted)
    sent = paces if paces is not None else Paces(list)
    for name, queue in queues(n for n in waiting if n not in left):
        if stopping():
            break
        carrier = PERSON if name.startswith(PERSON) else name
        if carrier == PERSON and len([failed for failed in done.failed if failed.startswith(PERSON)]) >= FAILURES:
            later(done, pause(1))
            continue
        way = route(name)
        if way is None:
            note(hall, queue, GIVEN_UP, Answer("parked", "no_channel"), done)
        else:
            _queue(hall, way, words, name, queue, stopping, sent[carrier], done)
    return done


def _queue(
    hall: Hall,
    way: Route,
    words: Words,
    name: str,
    queue: list[Notice],
    stopping: Callable[[], bool],
    sent: list[Moment],
    done: Sent,
) -> None:
    """Send what waits for a channel, one message after the other, until one has to be tried again."""
    while queue and not stopping():
        now = hall.clock.now()
        due = max(due_at(queue[0], now), quiet_until(way.quiet, now) or now)
        if due > now:
            later(done, due - now)
            return
        some = together(queue, CODES)
        answer = _message(hall, way, name, some, Message(*words(some), some[0].event in MARKED), stopping, sent, done)
        if answer is None:
            return
        for state in (SENT, GIVEN_UP, UNSURE, WAITING):
            note(hall, [n for n in some if state_after(n, answer.meaning, now) == state], state, answer, done)
        if answer.meaning in ("again", "unsure"):
            done.failed[name] = answer.code
        if any(state_after(n, answer.meaning, now) == WAITING for n in some):
            later(done, max(pause(some[0].tries + 1), round(answer.after)))
            return
        queue = queue[len(some) :]


def _message(
    hall: Hall,
    way: Route,
    name: str,
    some: Sequence[Notice],
    message: Message,
    stopping: Callable[[], bool],
    sent: list[Moment],
    done: Sent,
) -> Answer | None:
    """Send a message's parts that did not arrive yet, and say what came of the last one that was tried.

    None where it has to wait before its next part; nothing of it is under way then.
    """
    numbers = [n.number for n in some]
    try:
        channel = way.channel()
        parts = channel.parts(message)
    except Refused:
        with hall.store.writing() as work:
            work.notices.trying(numbers, hall.clock.now())
        return Answer("again", "credential")
    place = some[0].done if some[0].done < len(parts) else 0
    for number, part in enumerate(parts[place:], place):
        now = hall.clock.now()
        wait = paced(sent, now)
        if wait or (number > place and stopping()):
            later(done, wait)
            return None
        with hall.store.writing() as work:
            work.notices.trying(numbers, now, again=number == place)
        sent[:] = [*sent[-max(most for most, _seconds in WINDOWS) :], now]
        answer = channel.send(part)
        if answer.meaning != "delivered" or number == len(parts) - 1:
            return answer
        with hall.store.writing() as work:
            work.notices.arrived(numbers, number + 1)
    return Answer("delivered", "sent")


def tried(channel: Callable[[str], Channel], name: str, subject: str, body: str) -> Answer:
    """What came of sending a message past the store; of several parts, of the first that did not arrive."""
    try:
        found = channel(name)
    except Refused:
        return Answer("again", "credential")
    answer = Answer("delivered", "sent")
    for part in found.parts(Message(subject, body)):
        answer = found.send(part)
        if answer.meaning != "delivered":
            break
    return answer


def note(hall: Hall, notices: Sequence[Notice], state: str, answer: Answer, done: Sent) -> None:
    """Note what became of some notices, and count them."""
    if not notices:
        return
    with hall.store.writing() as work:
        work.notices.note([n.number for n in notices], state, answer.code, round(answer.after))
    done.sent += len(notices) if state == SENT else 0
    done.given_up += len(notices) if state == GIVEN_UP else 0
    done.unsure += len(notices) if state == UNSURE else 0


def later(done: Sent, seconds: int) -> None:
    """Another try is due in so many seconds."""
    done.wait = seconds if done.wait is None else min(done.wait, seconds)


# By hand


def listed(hall: Hall, states: Sequence[str]) -> list[Notice]:
    """The notices in some states, in the order in which they were made."""
    with hall.store.reading() as work:
        return work.notices.in_states(states)


def resend(hall: Hall, number: int) -> Notice:
    """Have a notice sent again that did not arrive, or may not have, from its first such part; raises NoSuchNotice."""
    return _by_hand(hall, number, (UNSURE, GIVEN_UP, DROPPED), WAITING)


def drop(hall: Hall, number: int) -> Notice:
    """Have a notice never sent that waits, or of which nobody knows whether it arrived; raises NoSuchNotice."""
    return _by_hand(hall, number, (UNSURE, GIVEN_UP, WAITING), DROPPED)


def _by_hand(hall: Hall, number: int, states: Sequence[str], state: str) -> Notice:
    with hall.store.writing() as work:
        found = work.notices.of(number)
        if found is None or found.state not in states:
            raise NoSuchNotice(number, found.state if found else "")
        work.notices.by_hand(number, state, hall.clock.now())
        return found
