"""Send the notices that wait, channel by channel; no transaction is open while a channel is spoken to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from punchsync.core.attention import CODES
from punchsync.core.notice import GIVEN_UP, SENT, WAITING, Notice, due_at, pause, queues, state_after, together
from punchsync.core.outbox import Answer
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Channel
from punchsync.problems import Refused

Message = Callable[[Sequence[Notice]], tuple[str, str]]
"""Subject and body of notices that go as one."""


@dataclass(slots=True)
class Sent:
    """What came of a round: notices sent and given up, what channels failed with, seconds until the next try is due.

    `wait` is None where none is.
    """

    sent: int = 0
    given_up: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    wait: int | None = None


def send(
    hall: Hall,
    names: Collection[str],
    channel: Callable[[str], Channel],
    message: Message,
    stopping: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send what is due; `names` are the channels of the settings, `channel` gives one or raises Refused."""
    with hall.store.reading() as work:
        waiting = work.notices.waiting()
    done = Sent()
    for name, queue in queues(waiting):
        while queue and not stopping():
            if name not in names:
                note(hall, queue, GIVEN_UP, "no_channel", done)
                break
            now = hall.clock.now()
            due = due_at(queue[0], now)
            if due > now:
                later(done, due - now)
                break
            some = together(queue, CODES)
            with hall.store.writing() as work:
                work.notices.trying([n.number for n in some], now)
            answer = tried(channel, name, *message(some))
            for state in (SENT, GIVEN_UP, WAITING):
                alike = [n for n in some if state_after(n, answer.meaning, now) == state]
                note(hall, alike, state, answer.code, done)
            if answer.meaning == "again":
                done.failed[name] = answer.code
                later(done, pause(some[0].tries + 1))
                break
            queue = queue[len(some) :]
    return done


def tried(channel: Callable[[str], Channel], name: str, subject: str, body: str) -> Answer:
    """What came of sending a message; a channel whose credential is bad is asked again when it may have been mended."""
    try:
        return channel(name).send(subject, body)
    except Refused:
        return Answer("again", "credential")


def note(hall: Hall, notices: Sequence[Notice], state: str, code: str, done: Sent) -> None:
    """Note what became of some notices, and count them."""
    if not notices:
        return
    with hall.store.writing() as work:
        work.notices.note([n.number for n in notices], state, code)
    done.sent += len(notices) if state == SENT else 0
    done.given_up += len(notices) if state == GIVEN_UP else 0


def later(done: Sent, seconds: int) -> None:
    """Another try is due in so many seconds."""
    done.wait = seconds if done.wait is None else min(done.wait, seconds)
