"""Puts a hall together: the only place that knows every concrete class, and the only one that asks what time it is."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from punchsync import __version__
from punchsync.address import is_postgresql
from punchsync.core.attention import CODES, Listener
from punchsync.core.keeping import Keep
from punchsync.core.moment import HOUR, Moment, to_day, to_moment
from punchsync.core.raw import Told
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.records import FIRST_DAY, LAST_DAY, Calendar, Case, Terminal
from punchsync.core.rules import Pack
from punchsync.operations.attention import Limits
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Channel, Clock, ScoringStore
from punchsync.packs.amend import amendments
from punchsync.packs.load import Loaded, reread
from punchsync.packs.load import load as load_pack
from punchsync.packs.shelf import beside, shipped
from punchsync.packs.shelf import find as find_pack
from punchsync.problems import Complaint, Refused
from punchsync.settings import CREDENTIAL, FILE, NotifyPart, ScoringPart, Settings, TerminalPart, secret
from punchsync.settings import load as load_settings
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.core.manifest import Copied, Installed
    from punchsync.operations.backup import BackedUp, Proof
    from punchsync.operations.backup.restore import Place
    from punchsync.store.store import SqlStore

DEADLINE = 60.0
KEY_LIMIT = 2**32


class HallClock:
    """The hall's clock: this machine's, in the hall's zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def now(self) -> Moment:
        """Now, in hall time."""
        return to_moment(datetime.now(self._zone).replace(tzinfo=None))

    def zoned(self) -> str:
        """Now, to the second, with the zone's offset."""
        return datetime.now(self._zone).isoformat(" ", "seconds")


class FixedClock:
    """A clock that stands at one moment, for `--as-of`."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def now(self) -> Moment:
        """The moment it stands at."""
        return self._moment


class Reader:
    """Reads the site's terminals; the client library is loaded with the first read.

    `real` is this machine's clock, whatever moment `clock` stands for. Not `patient`: nothing is waited for between
    attempts.
    """

    def __init__(
        self, site: Path, terminals: Iterable[TerminalPart], clock: Clock, real: Clock, *, patient: bool = True
    ) -> None:
        self._site, self._clock, self._real, self._patient = site, clock, real, patient
        self._terminals = {t.id: t for t in terminals if t.host}

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What is new at a terminal of which so much is known, or why it could not be had."""
        from punchsync.terminals import PAUSES, Address, NetworkReader

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
        pauses = PAUSES if self._patient else (0.0,) * len(PAUSES)
        reader = NetworkReader({terminal: address}, self._clock, lambda _id: memory, self._latest, pauses)
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

    def listeners(self) -> tuple[Listener, ...]:
        """The channels of notices, and what each is told of."""
        return listeners(self.settings.notify)

    def limits(self) -> Limits:
        """When something needs a person."""
        part, backup = self.settings.attention, self.settings.schedule.backup
        oldest = None if backup == "off" else part.backup * HOUR
        return Limits(part.silent * HOUR, part.disk, oldest, part.escalate * HOUR)

    def channel(self, name: str) -> Channel:
        """The channel of this name; raises Refused if its credential can't be had or is no good one."""
        return channel(self.folder, name)

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


class Restoring:
    """What restoring needs of the product."""

    def __init__(self) -> None:
        from punchsync.store.migrations import REVISIONS

        self.revisions: tuple[str, ...] = REVISIONS

    def place(self, settings: Path, site: Path) -> Place:
        """Where the store of a site is, by the settings in a folder; raises Refused."""
        from punchsync.operations.backup.restore import Place

        found = load_settings(settings)
        return Place(found.hall.id, store_url(found.store.url, site), HallClock(found.hall.timezone).now())

    def open(self, file: Path, hall: str) -> SqlStore:
        """A SQLite file as a hall's store, brought up to date."""
        from punchsync.store.store import SqlStore

        return SqlStore(f"sqlite:///{file}", hall)

    def install(self, place: Place, store: Path, right: Copied, aside: Path | None, site: Path) -> Installed:
        """Make a site's store hold what the one in a file holds."""
        from punchsync.store.install import install

        return install(place.url, place.hall, store, right, aside, site / "data")

    def aside(self, place: Place, site: Path, name: str) -> Path:
        """Where a store that is replaced goes: beside it, or into the site's data."""
        file = Path(place.url.removeprefix("sqlite:///")) if place.url.startswith("sqlite:") else site / "data/store"
        return file.with_name(f"{file.name}.{name}")


def pack_files(own: Path) -> tuple[Path, ...]:
    """The files of a hall's own pack: itself and those that it extends, none of which comes with the product."""
    known, found = {id: path.resolve() for id, path in shipped().items()}, list[Path]()
    file: Path | None = own.resolve()
    while file is not None and file not in known.values() and file not in found:
        found.append(file)
        base = str(tomllib.loads(file.read_text(encoding="utf-8")).get("extends", ""))
        file = known.get(base) or (beside(file.parent, base) if base else None)
    return tuple(found)


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
    """A store's address, from its credential where it has one; its file's folder is made if absent.

    Raises Refused for a credential that can't be had or is no good address.
    """
    if url.startswith(CREDENTIAL):
        found = secret(folder, url)
        if not is_postgresql(found):
            allowed = _("postgresql+psycopg://用户:密码@主机/库名（密码里的特殊字符写成 %XX）")
            raise Refused([Complaint(FILE, url, _("凭据的内容不是 PostgreSQL 数据库的地址"), allowed)])
        return found
    made = in_folder(url, folder)
    if made.startswith("sqlite:///"):
        Path(made.removeprefix("sqlite:///")).parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    return made


def in_folder(url: str, folder: Path) -> str:
    """An address with a relative SQLite file taken from the site's folder; a URI (`file:…`) stays as it is."""
    scheme, slashes, path = url.partition(":///")
    if scheme != "sqlite" or not slashes or path in ("", ":memory:") or path.startswith("file:"):
        return url
    return f"sqlite:///{(folder / path).resolve()}"


def scoring_url(folder: Path, part: ScoringPart) -> str:
    """A scoring store's address, from its credential where it has one; raises Refused if that has no good one."""
    if part.url is None or not part.url.startswith(CREDENTIAL):
        return part.url or ""
    url = secret(folder, part.url)
    try:
        good = not url.startswith(CREDENTIAL) and ScoringPart(sink=part.sink, url=url).url
    except ValueError:
        good = None
    if not good:
        allowed = _("https://… 或 http://…") if part.sink == "http" else _("SQLAlchemy 的数据库地址")
        raise Refused([Complaint(FILE, part.url, _("凭据的内容不是评分库的地址"), allowed)])
    return url


def scoring_store(folder: Path, part: ScoringPart, name: str, hall: str) -> ScoringStore:
    """The scoring store of these settings; raises Refused for what of them is bad."""
    url = scoring_url(folder, part)
    if part.sink == "sql":
        from punchsync.deliver.sql import SqlStore, Unusable

        try:
            return SqlStore(in_folder(url, folder), name=name, timeout=part.timeout)
        except Unusable as error:
            allowed = _("SQLAlchemy 的数据库地址，所用的驱动已安装")
            raise Refused([Complaint(FILE, "scoring.url", str(error), allowed)]) from None
    from punchsync.deliver.http import HttpStore
    from punchsync.deliver.sign import key_from

    key, token = (secret(folder, s) if s else None for s in (part.secret, part.token))
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise Refused([Complaint(FILE, str(part.token), _("凭据的内容不能用作令牌"), _("ASCII 字符，不含空白"))])
    try:
        signing = None if key is None else key_from(key)
    except ValueError:
        allowed = _("whsec_ 加 Base64，或任意不为空的文字")
        raise Refused([Complaint(FILE, str(part.secret), _("凭据的内容不能用作密钥"), allowed)]) from None
    try:
        return HttpStore(
            url, name=name, hall=hall, timeout=part.timeout, stamp=lambda: int(time.time()), key=signing, token=token
        )
    except ValueError as error:
        raise Refused([Complaint(FILE, "scoring.url", str(error), _("https://… 或 http://…"))]) from None


def listeners(parts: Iterable[NotifyPart]) -> tuple[Listener, ...]:
    """Channels by their credentials' names: where several parts name one, it is told of all that they ask for."""
    found: dict[str, dict[str, int]] = {}
    for part in parts:
        after = found.setdefault(part.url.removeprefix(CREDENTIAL), {})
        events = {code for event in part.on for code in (CODES if event == "attention" else (event,))}
        for event in sorted(events):
            after[event] = min(after.get(event, part.after * HOUR), part.after * HOUR)
    return tuple(Listener(name, after) for name, after in found.items())


def channel(folder: Path, name: str) -> Channel:
    """A channel of notices; raises Refused if its credential can't be had or is no good one."""
    from punchsync.deliver.notice import AppriseChannel, Unusable

    url = secret(folder, CREDENTIAL + name)
    try:
        return AppriseChannel(name, url)
    except Unusable:
        allowed = _("一个 Apprise 地址，如 mailtos://用户:密码@smtp.example?to=收信人")
        raise Refused([Complaint(FILE, CREDENTIAL + name, _("凭据的内容不是通知渠道的地址"), allowed)]) from None


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


def kept_pack(kept: str) -> Pack | None:
    """A pack from the text under which it was kept; None for one that can't be read any more."""
    found = reread(kept)
    return None if found is None else found.pack


def decoded(source: str, layout: str, raws: Sequence[bytes]) -> Sequence[Told | None] | None:
    """What stored records say by themselves; None where nobody can tell."""
    if source == "file":
        from punchsync.intake import told as lines

        return lines.told(raws)
    from punchsync.terminals.told import told

    return told(layout, raws)


def build(bodies: Mapping[str, Iterable[Mapping[str, str]]]) -> Case:
    """Stored records as the judge's."""
    from punchsync.intake.build import build_all, overrides

    own = overrides(bodies.get("calendar", ()))
    return Case(**build_all(bodies), calendar=Calendar(frozenset(), frozenset(), frozenset(), own))


def opened(folder: Path, as_of: Moment | None = None) -> AbstractContextManager[Site]:
    """A site opened for work; raises Refused with every complaint about its settings or pack."""
    return Site(folder, as_of=as_of)
