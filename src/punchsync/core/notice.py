"""Notices: written down before they are sent, once for each channel and key, and tried until one has them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import Final, NamedTuple

from punchsync.core.attention import CODES
from punchsync.core.moment import DAY, HOUR, MINUTE, Moment

WAITING: Final = "waiting"
SENT: Final = "sent"
GIVEN_UP: Final = "given_up"
UNSURE: Final = "unsure"
DROPPED: Final = "dropped"
STATES: Final = (WAITING, SENT, GIVEN_UP, UNSURE, DROPPED)
"""States of a notice. Nobody tries one again that was given up, or of which nobody knows whether it arrived (unsure),
unless a person says so; a person may drop it, too."""

BULLETIN: Final = "bulletin"
OUTCOME: Final = "outcome"
PERSONAL: Final = "personal"
MARKED: Final = frozenset({BULLETIN, OUTCOME, PERSONAL})
"""Events whose notices are written in Markdown, as `core.marked` knows it; the others are plain text."""
TWICE: Final = frozenset(CODES)
"""Events of which it is better to be told twice than not at all."""

PERSON: Final = "person:"
"""How the channel of a person's own address begins; the person's id follows. No credential can be called so."""

GIVE_UP: Final = 3 * DAY
"""A notice that no try could send by then is given up: nobody wants to hear of it any more."""
FIRST_PAUSE: Final = 30
LONGEST: Final = HOUR
"""Seconds between two tries, doubling."""
TOGETHER: Final = 10
ROOM: Final = 1_500
"""At most so many notices, and about so many characters, make one message."""

WINDOWS: Final = ((4, 2), (15, MINUTE))
"""At most so many messages go to one channel in so many seconds: fewer than any service takes."""


class Notice(NamedTuple):
    """A notice for one channel as kept: how often it was tried, with what answer, when made and last tried (0: never).

    `event` is what a channel asks for in the settings: a code of attention, `bulletin`, `outcome`, or `personal`. Of a
    message in parts `done` have arrived; `under_way` (0 or 1): a part was begun, and nobody noted what came of it;
    `wait`: the seconds that the channel asked for at the last try.
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
    done: int = 0
    under_way: int = 0
    wait: int = 0


class Message(NamedTuple):
    """What is sent as one: in Markdown, as `core.marked` knows it, or plain."""

    subject: str
    body: str
    marked: bool = False


def pause(tries: int) -> int:
    """Seconds to wait after so many tries that failed."""
    return min(FIRST_PAUSE << min(max(tries, 1) - 1, 20), LONGEST)


def due_at(notice: Notice, now: Moment) -> Moment:
    """When a notice is to be tried; one that was tried by a clock ahead of ours, now."""
    if not notice.tries or notice.tried_at > now:
        return now
    return notice.tried_at + max(pause(notice.tries), notice.wait)


def state_after(notice: Notice, meaning: str, now: Moment) -> str:
    """The state of a notice after an answer: `delivered`, `parked` (refused for good), `again` or `unsure`."""
    if meaning == "delivered":
        return SENT
    if meaning == "unsure" and notice.event not in TWICE:
        return UNSURE
    return GIVEN_UP if meaning == "parked" or now - notice.made_at >= GIVE_UP else WAITING


def queues(waiting: Iterable[Notice]) -> Iterator[tuple[str, list[Notice]]]:
    """What waits for each channel, in the order in which it was made: the first one holds back the others."""
    by_channel = sorted(waiting, key=lambda n: (n.channel, n.number))
    for channel, queue in groupby(by_channel, key=lambda n: n.channel):
        yield channel, list(queue)


def together(queue: Sequence[Notice], joined: Collection[str]) -> list[Notice]:
    """The notices at a queue's head that go as one message: of `joined` events several, of any other one.

    Those of which a part arrived stay together as they were.
    """
    first = queue[0]
    if first.done:
        return list(takewhile(lambda n: (n.done, n.tried_at) == (first.done, first.tried_at), queue))
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


def paced(sent: Sequence[Moment], now: Moment) -> int:
    """Seconds until a channel may be sent another message, after those that were sent at these moments."""
    waits = [0]
    for most, seconds in WINDOWS:
        recent = [at for at in sent if now - seconds < at <= now]
        if len(recent) >= most:
            waits.append(recent[-most] + seconds - now)
    return max(waits)
