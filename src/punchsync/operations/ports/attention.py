"""What needs a person, the notices of it, and the channels that they go to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from punchsync.core.attention import Gauge, State
from punchsync.core.moment import Moment
from punchsync.core.notice import Notice
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

    def trying(self, numbers: Iterable[int], at: Moment) -> None:
        """Note that these are about to be sent: whoever is killed over it waits before the next try."""
        ...

    def note(self, numbers: Iterable[int], state: str, detail: str) -> None:
        """Note what came of a try."""
        ...


class Channel(Protocol):
    """Where notices go to: a group, a mailbox, a telephone."""

    @property
    def name(self) -> str:
        """What the settings know it by: its credential's name, never what that holds."""
        ...

    @property
    def sure(self) -> bool:
        """Whether its word that it took a message can be believed."""
        ...

    def send(self, subject: str, body: str) -> Answer:
        """Send a message and say what came of it; its code may be logged. Never raises for what a channel does."""
        ...
