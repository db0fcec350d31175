"""Puts a hall together: the only place that knows every concrete class, and the only one that asks what time it is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from zoneinfo import ZoneInfo

from punchsync.core.moment import Moment, to_day, to_moment
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.records import FIRST_DAY, LAST_DAY, Calendar, Case, Terminal
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Clock
from punchsync.packs.amend import amendments
from punchsync.packs.load import Loaded
from punchsync.packs.load import load as load_pack
from punchsync.packs.shelf import find as find_pack
from punchsync.problems import Complaint, Refused
from punchsync.settings import FILE, Settings, TerminalPart, secret
from punchsync.settings import load as load_settings
from punchsync.texts import _

DEADLINE = 60.0
KEY_LIMIT = 2**32


class HallClock:
    """The hall's clock: this machine's, in the hall's zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def now(self) -> Moment:
        """Now, in hall time."""
        return to_moment(datetime.now(self._zone).replace(tzinfo=None))


class FixedClock:
    """A clock that stands at one moment, for `--as-of`."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def now(self) -> Moment:
        """The moment it stands at."""
        return self._moment


class Reader:
    """Reads the site's terminals; the client library is loaded with the first read.

    `real` is this machine's clock, whatever moment `clock` stands for.
    """

    def __init__(self, site: Path, terminals: Iterable[TerminalPart], clock: Clock, real: Clock) -> None:
        self._site, self._clock, self._real = site, clock, real
        self._terminals = {t.id: t for t in terminals if t.host}

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What is new at a terminal of which so much is known, or why it could not be had."""
        from punchsync.terminals import Address, NetworkReader

        part = self._terminals[terminal]
        try:
            key = comm_key(self._site, part)
        except Refused as refused:
            return ReadFailure(terminal, "wrong_key", str(refused))
        address = Address(
            part.host or "", part.port, key, DEADLINE, part.checks,
            transport=part.transport, plan=part.plan, layout=part.layout,
            # A clock that stands at some moment is none to set another by.
            set_clock=part.set_clock if kept and self._clock is self._real else None,
        )  # fmt: skip
        reader = NetworkReader({terminal: address}, self._clock, lambda _id: memory, self._latest)
        return reader.read(terminal, full=full, replaced=replaced)

    def _latest(self) -> Moment:
        return max(self._clock.now(), self._real.now())


def comm_key(site: Path, part: TerminalPart) -> int:
    """A terminal's comm key, 0 for none; raises Refused if it can't be had or is no number."""
    if part.comm_key is None:
        return 0
    text = secret(site, part.comm_key)
    if not text.isascii() or not text.isdigit() or int(text) >= KEY_LIMIT:
        raise Refused([Complaint(FILE, part.comm_key, _("凭据的内容不是数字"), _("考勤机通信密码，0 到 4294967295"))])
    return int(text)


class Site:
    """A site opened for work: settings, pack and hall; closes its store at the end."""

    def __init__(self, folder: Path, *, as_of: Moment | None = None) -> None:
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
        self.store = SqlStore(store_url(self.settings.store.url, folder), hall.id, hall.name)
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
        )

    def __enter__(self) -> Site:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()


def pack_complaints(folder: Path) -> list[Complaint]:
    """What is wrong with a site's pack, interpretations and answers, as far as broken settings can tell."""
    try:
        hall = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))["hall"]
        chosen = [{str(k): str(v) for k, v in hall.get(name, {}).items()} for name in ("interpretations", "answers")]
        load_pack(find_pack(str(hall["pack"]), folder), *chosen)
    except Refused as refused:
        return list(refused.complaints)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # the settings' own complaints say so already
    return []


def store_url(url: str, folder: Path) -> str:
    """A store's address with a relative file taken from the site's folder, which is made if absent."""
    scheme, slashes, path = url.partition(":///")
    if scheme != "sqlite" or not slashes or path in ("", ":memory:"):
        return url
    file = (folder / path).resolve()
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    return f"sqlite:///{file}"


def terminal(part: TerminalPart) -> Terminal:
    """A terminal of the settings as the judge knows it."""
    return Terminal(
        part.id,
        frozenset(part.windows or ()),
        to_day(part.first) if part.first else FIRST_DAY,
        to_day(part.last) if part.last else LAST_DAY,
        part.host is not None,
        part.max_correction,
    )


def published() -> Calendar:
    """The State Council's published calendar."""
    from punchsync.intake.notices import published as notices

    return notices()


def build(bodies: Mapping[str, Iterable[Mapping[str, str]]]) -> Case:
    """Stored records as the judge's."""
    from punchsync.intake.build import build_all, overrides

    own = overrides(bodies.get("calendar", ()))
    return Case(**build_all(bodies), calendar=Calendar(frozenset(), frozenset(), frozenset(), own))


def opened(folder: Path, as_of: Moment | None = None) -> AbstractContextManager[Site]:
    """A site opened for work; raises Refused with every complaint about its settings or pack."""
    return Site(folder, as_of=as_of)
