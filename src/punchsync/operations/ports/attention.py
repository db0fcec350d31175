"""What needs a person, the notices of it, and the channels that they go to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from punchsync.core.attention import Gauge, State
from punchsync.core.moment import Moment
from punchsync.core.notice import Message, Notice
from punchsync.core.outbox import Answer


class Attention(Protocol):
    """What needs a person, as states."""

    def open(self) -> list[State]:
        """The states that are open, by number."""
        ...

    def known(self, since: Moment) -> list[State]:
        """The states that are open or were closed at `since` or later, by number."""
        ...

    def all(self) -> list[State]:
        """Every state there ever was, by number."""
        ...

    def last(self) -> int:
        """The highest number that a state ever had, 0 before the first."""
        ...

    def open_new(self, states: Iterable[State]) -> None:
        """Keep states that nobody knew."""
        ...

    def change(self, states: Iterable[State]) -> None:
        """Put states in the place of those of their numbers."""
        ...

    def gauges(self) -> Mapping[str, Gauge]:
        """What the latest live read of each terminal showed, by terminal."""
        ...


class Notices(Protocol):
    """Notices for the hall's channels, and how each of them fared."""

    def add(self, key: str, channel: str, event: str, subject: str, body: str, at: Moment) -> bool:
        """Write down a notice that waits to be sent; False if the channel ever had one of this key."""
        ...

    def waiting(self) -> list[Notice]:
        """Those that nobody has yet, in the order in which they were made."""
        ...

    def given_up(self) -> list[Notice]:
        """Those that nobody ever got, in the order in which they were made."""
        ...

    def made(self, keys: Iterable[str]) -> Mapping[tuple[str, str], Moment]:
        """When the notices of these keys were made, by channel and key."""
        ...

    def unsure(self) -> list[Notice]:
        """Those of which nobody knows whether they arrived, in the order in which they were made."""
        ...

    def in_states(self, states: Iterable[str]) -> list[Notice]:
        """Those in some states, in the order in which they were made."""
        ...

    def of(self, number: int) -> Notice | None:
        """The one of a number."""
        ...

    def trying(self, numbers: Iterable[int], at: Moment, *, again: bool = True) -> None:
        """Note that these are about to be sent, a next part of them if not `again`: whoever is killed over it knows."""
        ...

    def arrived(self, numbers: Iterable[int], parts: int) -> None:
        """Note that so many parts of these arrived, and none is under way."""
        ...

    def note(self, numbers: Iterable[int], state: str, detail: str, wait: int = 0) -> None:
        """Note what came of a try, and for how many seconds the channel wants to be left alone."""
        ...

    def by_hand(self, number: int, state: str, at: Moment) -> None:
        """Give a notice the state that a person wants: as made now, and not tried since."""
        ...


class Channel(Protocol):
    """Where notices go to: a group, a mailbox, a telephone."""

    @property
    def name(self) -> str:
        """What the settings know it by: its credential's name, never what that holds."""
        ...

    def parts(self, message: Message) -> Sequence[Message]:
        """A message as it is sent, in as many parts as are needed; always the same for the same message."""
        ...

    def send(self, part: Message) -> Answer:
        """Send one of those and say what came of it; its code may be logged. Never raises for what a channel does."""
        ...
