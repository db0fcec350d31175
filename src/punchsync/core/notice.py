"""Notices: written down before they are sent, once for each channel and key, and tried until one has them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from punchsync.core.moment import DAY, HOUR, Moment

WAITING: Final = "waiting"
SENT: Final = "sent"
GIVEN_UP: Final = "given_up"
"""States of a notice. Nobody tries one again that was given up."""

GIVE_UP: Final = 3 * DAY
"""A notice that no try could send by then is given up: nobody wants to hear of it any more."""
FIRST_PAUSE: Final = 30
LONGEST: Final = HOUR
"""Seconds between two tries, doubling."""
TOGETHER: Final = 10
ROOM: Final = 1_500
"""At most so many notices, and about so many characters, make one message."""


class Notice(NamedTuple):
    """A notice for one channel as kept: how often it was tried, with what answer, when made and last tried (0: never).

    `event` is what a channel asks for in the settings: a code of attention, `bulletin` or `outcome`.
    """

    number: int
    key: str
    channel: str
    event: str
    subject: str
    body: str
    state: str
    tries: int
    detail: str
    made_at: Moment
    tried_at: Moment


def pause(tries: int) -> int:
    """Seconds to wait after so many tries that failed."""
    return min(FIRST_PAUSE << min(max(tries, 1) - 1, 20), LONGEST)


def due_at(notice: Notice, now: Moment) -> Moment:
    """When a notice is to be tried; one that was tried by a clock ahead of ours, now."""
    return notice.tried_at + pause(notice.tries) if notice.tries and notice.tried_at <= now else now


def state_after(notice: Notice, meaning: str, now: Moment) -> str:
    """The state of a notice after an answer: `delivered`, `parked` (refused for good) or `again`."""
    if meaning == "delivered":
        return SENT
    return GIVEN_UP if meaning == "parked" or now - notice.made_at >= GIVE_UP else WAITING


def queues(waiting: Iterable[Notice]) -> Iterator[tuple[str, list[Notice]]]:
    """What waits for each channel, in the order in which it was made: the first one holds back the others."""
    by_channel = sorted(waiting, key=lambda n: (n.channel, n.number))
    for channel, queue in groupby(by_channel, key=lambda n: n.channel):
        yield channel, list(queue)


def together(queue: Sequence[Notice], joined: Collection[str]) -> list[Notice]:
    """The notices at a queue's head that go as one message: of `joined` events several, of any other one."""
    out: list[Notice] = []
    room = ROOM
    for notice in queue:
        room -= len(notice.subject) + len(notice.body)
        if out and (room < 0 or len(out) == TOGETHER or not {out[0].event, notice.event} <= set(joined)):
            break
        out.append(notice)
    return out


def unheard(waiting: Iterable[Notice], longest: int) -> Iterator[tuple[str, Moment]]:
    """Channels whose first notice was tried for longer than so many seconds, and since when it waits."""
    for channel, queue in queues(waiting):
        first = queue[0]
        if first.tries and first.tried_at - first.made_at > longest:
            yield channel, first.made_at
