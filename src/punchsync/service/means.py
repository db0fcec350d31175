"""What the jobs of a site do their work with, taken from the site in one place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from punchsync.bootstrap.issuing import FOLDER as BULLETINS
from punchsync.core.difference import Difference
from punchsync.core.moment import Day, Moment
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Store, Work
from punchsync.service.keeper import Keeper
from punchsync.service.pulse import Pulse
from punchsync.service.witness import Witness

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

Also = Callable[[Work], None]
BY = "service"
"""Who erases what is past its time, where nobody typed a command."""


class Issued(Protocol):
    """A bulletin as published."""

    @property
    def number(self) -> int: ...
    @property
    def provisional(self) -> bool: ...


class Kept(Protocol):
    """A backup as made: its file and size, what of it is not as in the store, why it has no second copy, and the older
    ones that went."""

    @property
    def file(self) -> Path: ...
    @property
    def bytes(self) -> int: ...
    @property
    def differences(self) -> Sequence[object]: ...
    @property
    def also(self) -> str: ...
    @property
    def removed(self) -> Sequence[object]: ...


class Checked(Protocol):
    """A store as verified."""

    @property
    def links(self) -> int: ...
    @property
    def months(self) -> int: ...
    @property
    def differences(self) -> Sequence[Difference]: ...


class Erased(NamedTuple):
    """What a purge did: how many of what went, and how the database's own files fared (as `Purged.scrubbed` says)."""

    gone: Mapping[str, int]
    scrubbed: str


@dataclass(frozen=True, slots=True)
class Means:
    """A hall whose store and reader beat, its clock's keeper, and what each job calls.

    `publish` takes the kind of bulletin, a day of its period, and what to commit together with it; `verify` the months
    to replay.
    """

    hall: Hall
    keeper: Keeper
    witness: Witness
    beat: Callable[[], None]
    daily: bool
    publish: Callable[[str, Day, Also], Issued]
    back_up: Callable[[Moment], Kept]
    verify: Callable[[Collection[str]], Checked]
    purge: Callable[[Moment], Erased]


def means_of(site: Site, keeper: Keeper, pulse: Pulse) -> Means:
    """What a site's jobs do their work with."""
    witness = Witness(site.hall.reader, keeper, pulse.beat)
    hall = replace(site.hall, reader=witness, store=Beating(site.hall.store, pulse.beat))
    folder = site.folder / BULLETINS
    listeners, house = site.listeners(), site.house()

    def publish(kind: str, day: Day, also: Also) -> Issued:
        from punchsync.service.bulletin import publish_period

        return publish_period(hall, kind, day, folder, also, listeners, house)

    def beat(done: int, total: int) -> None:
        pulse.beat()

    def verify(months: Collection[str]) -> Checked:
        from punchsync.operations.verify import verify

        return verify(hall, beat, only=months)

    def purge(now: Moment) -> Erased:
        from punchsync.access import FOLDER, expire
        from punchsync.operations.purge import purge

        keep = site.settings.retention
        files = expire(site.folder / FOLDER, now, keep.access)
        done = purge(hall, keep, now, BY, beat)
        scrubbed = done.scrubbed if done.checkpoint is not None else left_over(hall)
        return Erased({**done.plan.gone, "access": len(files)}, scrubbed)

    return Means(
        hall,
        keeper,
        witness,
        pulse.beat,
        "daily" in site.settings.schedule.bulletins,
        publish,
        lambda now: site.back_up(now, progress=beat),
        verify,
        purge,
    )


def left_over(hall: Hall) -> str:
    """Take out of the database's own files what an earlier purge may have left there; how that went, as `scrub` says.

    Empty where nothing was ever erased, and where it is not ours to do: nobody can say whether it was done by hand.
    """
    with hall.store.reading() as work:
        ever = bool(work.checkpoints.all())
    scrubbed = hall.store.scrub() if ever else ""
    return "" if scrubbed == "by_hand" else scrubbed


class Beating:
    """A store that says so whenever a transaction begins or is over."""

    def __init__(self, store: Store, beat: Callable[[], None]) -> None:
        self._store, self._beat = store, beat

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A consistent view."""
        with self._store.reading() as work:
            self._beat()
            yield work
        self._beat()

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """A transaction that excludes other writers; committed at the end, undone on any exception."""
        with self._store.writing() as work:
            self._beat()
            yield work
        self._beat()

    def scrub(self) -> str:
        """Take what was erased out of the database's own files."""
        done = self._store.scrub()
        self._beat()
        return done
