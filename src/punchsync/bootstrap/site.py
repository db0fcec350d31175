"""A site opened for work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from punchsync import __version__
from punchsync.bootstrap.addresses import scoring_url, store_url
from punchsync.bootstrap.channels import channel, listeners, mail, scoring_store
from punchsync.bootstrap.clocks import FixedClock, HallClock
from punchsync.bootstrap.reader import Reader, terminal
from punchsync.bootstrap.rules import build, decoded, kept_pack, pack_complaints, pack_files, published
from punchsync.core.attention import Listener
from punchsync.core.keeping import Keep
from punchsync.core.moment import HOUR, Moment
from punchsync.core.notice import PERSON
from punchsync.core.quiet import parse_quiet
from punchsync.operations.attention import Limits
from punchsync.operations.hall import Hall
from punchsync.operations.notices import Route
from punchsync.operations.personal import Personal
from punchsync.operations.ports import Channel, Clock, ScoringStore
from punchsync.packs.amend import amendments
from punchsync.packs.load import Loaded
from punchsync.packs.load import load as load_pack
from punchsync.packs.shelf import find as find_pack
from punchsync.problems import Refused
from punchsync.settings import Settings
from punchsync.settings import load as load_settings

if TYPE_CHECKING:
    from punchsync.bootstrap.issuing import House
    from punchsync.operations.backup import BackedUp, Proof
    from punchsync.store.store import SqlStore


class Site:
    """A site opened for work: settings, pack and hall; closes its store at the end.

    With a `store`, a SQLite file, the hall's is that, whatever the settings say.
    """

    def __init__(self, folder: Path, *, as_of: Moment | None = None, store: Path | None = None) -> None:
        from punchsync.store.store import SqlStore

        self.folder = folder
        try:
            self.settings: Settings = load_settings(folder)
        except Refused as refused:
            raise Refused([*refused.complaints, *pack_complaints(folder)]) from None
        hall = self.settings.hall
        self.loaded: Loaded = load_pack(find_pack(hall.pack, folder), hall.interpretations, hall.answers)
        self.real_clock: Clock = HallClock(hall.timezone)
        self.clock: Clock = self.real_clock if as_of is None else FixedClock(as_of)
        url = store_url(self.settings.store.url, folder) if store is None else f"sqlite:///{store}"
        self.store = SqlStore(url, hall.id, hall.name, folder / "data" if store is None else None)
        self.hall = Hall(
            hall.id,
            hall.name,
            self.store,
            self.loaded.pack,
            self.loaded.text,
            tuple(terminal(part) for part in self.settings.terminal),
            Reader(folder, self.settings.terminal, self.clock, self.real_clock),
            self.clock,
            published,
            build,
            lambda kept: amendments(kept, self.loaded.file),
            self.settings.appeals.days,
            kept_pack,
            decoded,
            self.settings.scoring.sink != "none",
        )

    def scoring_name(self) -> str | None:
        """What the outbox knows the scoring store by; None for none. Raises Refused if its address can't be had."""
        from punchsync.deliver import name_of

        part = self.settings.scoring
        return None if part.sink == "none" else name_of(part.sink, scoring_url(self.folder, part))

    def scoring(self) -> ScoringStore | None:
        """The scoring store, to be closed after use; None for none. Raises Refused for what of its settings is bad."""
        name = self.scoring_name()
        return None if name is None else scoring_store(self.folder, self.settings.scoring, name, self.hall.id)

    def turn(self) -> AbstractContextManager[bool]:
        """Whether nobody else delivers from this site now, and nobody does until it is left."""
        from punchsync.deliver.turn import turn

        return turn(self.folder)

    def telling(self) -> AbstractContextManager[bool]:
        """Whether nobody else sends notices from this site now, and nobody does until it is left."""
        from punchsync.deliver.turn import NOTICES, turn

        return turn(self.folder, name=NOTICES)

    def listeners(self) -> tuple[Listener, ...]:
        """The channels of notices, and what each is told of."""
        return listeners(self.settings.notify)

    def limits(self) -> Limits:
        """When something needs a person."""
        part, backup = self.settings.attention, self.settings.schedule.backup
        oldest = None if backup == "off" else part.backup * HOUR
        return Limits(part.silent * HOUR, part.disk, oldest, part.escalate * HOUR)

    def house(self) -> House:
        """How the hall has its bulletins printed."""
        from punchsync.bootstrap.issuing import OF_FORMS, House

        part = self.settings.bulletin
        return House(self.folder, part.forms, OF_FORMS | dict(part.levels), part.line)

    def channel(self, name: str) -> Channel:
        """The channel of this name; raises Refused if its credential can't be had or is no good one."""
        return channel(self.folder, name)

    def personal(self) -> Personal | None:
        """What people are told of what is booked on their own account; None for nothing."""
        part = self.settings.personal
        return None if part.url is None else Personal(frozenset(part.on), parse_quiet(part.quiet))

    def route(self, name: str) -> Route | None:
        """The way to a channel, or to a person's own address; None to one that there is not."""
        if not name.startswith(PERSON):
            found = next((one for one in self.listeners() if one.name == name), None)
            return None if found is None else Route(lambda: self.channel(name), found.quiet)
        personal = self.personal()
        with self.store.reading() as work:
            contact = work.contacts.of(name.removeprefix(PERSON))
        if personal is None or contact is None:
            return None
        return Route(lambda: mail(self.folder, self.settings.personal, name, contact.address), personal.quiet)

    def check_personal(self) -> None:
        """Raises Refused for what is wrong with how people are written to."""
        if self.settings.personal.url is not None:
            mail(self.folder, self.settings.personal, PERSON, "nobody@example.invalid")

    def back_up(
        self,
        now: Moment,
        to: Path | None = None,
        *,
        proof: Proof = "some",
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> BackedUp:
        """Make a backup in a file, or else the next of those that are kept, and prove it by restoring it.

        Raises what `operations.backup.back_up` raises.
        """
        from punchsync.operations.backup import Shelf, Source, back_up

        part, hall = self.settings.backup, self.settings.hall
        packs = pack_files(find_pack(hall.pack, self.folder))
        source = Source(self.hall, self.store, self.folder, __version__, self._restored, packs, part.recipient)
        also = None if part.also is None else self.folder / part.also
        shelf = Shelf(self.folder / part.folder, also, Keep(part.days, part.weeks, part.months))
        return back_up(source, now, shelf if to is None else to, proof, progress)

    def _restored(self, file: Path) -> SqlStore:
        from punchsync.store.store import SqlStore

        return SqlStore(f"sqlite:///{file}", self.hall.id)

    def __enter__(self) -> Site:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()


def opened(folder: Path, as_of: Moment | None = None) -> AbstractContextManager[Site]:
    """A site opened for work; raises Refused with every complaint about its settings or pack."""
    return Site(folder, as_of=as_of)
