"""A terminal's state: users, log, clock, key, and what it was asked. Thread-safe; no sockets."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from punchsync.emulator import wire
from punchsync.emulator.clock import TerminalClock, wall_time
from punchsync.emulator.image import LogImage
from punchsync.emulator.traits import Record, Traits, User

RESET_CLOCK = datetime(2000, 1, 1)


class Device:
    """One terminal. The oldest rows are lost when the log is full; a disabled terminal takes no punches."""

    def __init__(
        self,
        serial: str = "EMU0000000001",
        *,
        comm_key: int = 0,
        users: Iterable[User] = (),
        capacity: int = 100_000,
        user_capacity: int = 3_000,
        traits: Traits | None = None,
        now: Callable[[], datetime] = wall_time,
        clock_offset: timedelta = timedelta(),
        drift_ppm: float = 0.0,
    ) -> None:
        self.serial = serial
        self.comm_key = comm_key
        self.capacity = capacity
        self.user_capacity = user_capacity
        self.traits = traits or Traits()
        self._lock = threading.RLock()
        self._now = now
        self._drift_ppm = drift_ppm
        hall = now()
        self._clock = TerminalClock(hall, hall + clock_offset, drift_ppm)
        self._users: dict[str, User] = {user.user_id: user for user in users}
        self._uids: dict[str, int] = {user.user_id: user.uid for user in self._users.values()}
        self._log: deque[Record] = deque(maxlen=capacity)
        self._lost = 0
        self._stored = 0
        self._generation = 0
        self._image = LogImage()
        self._enabled = True
        self._sessions = 7_981
        self._received: Counter[int] = Counter()
        self._order: deque[int] = deque(maxlen=100_000)
        self._unsound = 0
        self._before: dict[int, deque[Callable[[], object]]] = {}
        self._listeners: list[Callable[[Record], None]] = []

    # People

    @property
    def users(self) -> tuple[User, ...]:
        """Give the enrolled users by uid."""
        with self._lock:
            return tuple(sorted(self._users.values(), key=lambda user: user.uid))

    def enrol(
        self, user_id: str, name: str = "", *, privilege: int = 0, card: int = 0, slot: int | None = None
    ) -> User:
        """Enrol a person in this slot, their own or the next; whoever had the slot has it no more."""
        with self._lock:
            if slot is not None:
                for other in [other for other, uid in self._uids.items() if uid == slot and other != user_id]:
                    del self._uids[other]
                    self._users.pop(other, None)
                self._uids[user_id] = slot
            user = User(self._uid(user_id), user_id, name, privilege, card)
            self._users[user_id] = user
            return user

    def remove(self, user_id: str) -> None:
        """Delete a user; their rows stay in the log."""
        with self._lock:
            self._users.pop(user_id, None)

    # Log

    @property
    def records(self) -> tuple[Record, ...]:
        """Give the log, oldest first in order of storing."""
        with self._lock:
            return tuple(self._log)

    @property
    def record_count(self) -> int:
        """Give how many rows the log holds."""
        with self._lock:
            return len(self._log)

    @property
    def lost(self) -> int:
        """Give how many rows were overwritten because the log was full."""
        with self._lock:
            return self._lost

    def punch(self, user_id: str, at: datetime | None = None, *, verify: int = 1, state: int = 0) -> Record | None:
        """Store a punch at `at` or the terminal's own time and tell the listeners; None when disabled."""
        with self._lock:
            if not self._enabled:
                return None
            packed = wire.pack_time(at if at is not None else self.clock)
            record = Record(self._uid(user_id), user_id, packed, verify, state)
            self._store(record)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(record)
        return record

    def store(self, records: Iterable[Record]) -> None:
        """Put raw rows in the log as they are (impossible dates, unknown users), telling nobody."""
        with self._lock:
            for record in records:
                self._uids.setdefault(record.user_id, record.uid)
                self._store(record)

    def uid_of(self, user_id: str) -> int:
        """Give the slot of a user id, assigning the next free one to a number never seen."""
        with self._lock:
            return self._uid(user_id)

    def clear_log(self) -> None:
        """Empty the log, as an administrator does at the device."""
        with self._lock:
            self._empty()

    def log_blob(self) -> bytes:
        """Give the log as the model lays it out: the total in bytes, then the rows."""
        with self._lock:
            traits = self.traits
            return self._image.blob(self._log, self._stored, self._generation, traits.layout, traits.total_off)

    def _store(self, record: Record) -> None:
        if len(self._log) == self.capacity:
            self._lost += 1
        self._log.append(record)
        self._stored += 1

    def _empty(self) -> None:
        self._log.clear()
        self._stored = 0
        self._generation += 1

    def _uid(self, user_id: str) -> int:
        if user_id not in self._uids:
            self._uids[user_id] = max(self._uids.values(), default=0) % 65_535 + 1
        return self._uids[user_id]

    # Clock

    @property
    def clock(self) -> datetime:
        """Give what the terminal's clock shows now."""
        with self._lock:
            return self._clock.read(self._now())

    def clock_at(self, hall: datetime) -> datetime:
        """Give what the terminal's clock shows at this hall time, as it is set now."""
        with self._lock:
            return self._clock.read(hall)

    def set_clock(self, shown: datetime, hall: datetime | None = None) -> None:
        """Set the terminal's clock, at this hall time if given; it goes on drifting from there."""
        with self._lock:
            self._clock = TerminalClock(hall or self._now(), shown, self._drift_ppm)

    def lose_battery(self, hall: datetime | None = None) -> None:
        """Let the clock begin anew at 2000-01-01, as it does when the battery is dead and the power fails."""
        self.set_clock(RESET_CLOCK, hall)

    # Work

    def replace(self, serial: str, users: Iterable[User] = (), records: Iterable[Record] = ()) -> None:
        """Be another terminal of the same model, with another serial number, its own people and its own log."""
        with self._lock:
            self.serial = serial
            self._users = {user.user_id: user for user in users}
            self._uids = {user.user_id: user.uid for user in self._users.values()}
            self._empty()
            self.store(records)

    @property
    def enabled(self) -> bool:
        """Say whether people can punch."""
        with self._lock:
            return self._enabled

    def set_enabled(self, enabled: bool) -> None:
        """Enable or disable the terminal."""
        with self._lock:
            self._enabled = enabled

    def next_session(self) -> int:
        """Give the number of the next session: the first is 7982, zero never comes."""
        with self._lock:
            self._sessions = self._sessions % 65_535 + 1
            return self._sessions

    # What was asked

    def note(self, command: int, sound: bool = True) -> None:
        """Count a received command, then run the next action waiting for it."""
        with self._lock:
            self._received[command] += 1
            self._order.append(command)
            self._unsound += not sound
            waiting = self._before.get(command)
            action = waiting.popleft() if waiting else None
        if action is not None:
            action()

    def before(self, command: int, action: Callable[[], object]) -> None:
        """Run an action once, just before the next such command is answered."""
        with self._lock:
            self._before.setdefault(command, deque()).append(action)

    @property
    def received(self) -> Counter[int]:
        """Give how often each command number was received (a copy; 0 for the others)."""
        with self._lock:
            return Counter(self._received)

    @property
    def received_order(self) -> tuple[int, ...]:
        """Give the received command numbers in order (the last 100,000)."""
        with self._lock:
            return tuple(self._order)

    @property
    def unsound(self) -> int:
        """Give how many received packets had a wrong checksum; they were answered all the same."""
        with self._lock:
            return self._unsound

    def listen(self, listener: Callable[[Record], None]) -> Callable[[], None]:
        """Call `listener` with each punch, outside the lock; the result ends it."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._unlisten(listener)

    def _unlisten(self, listener: Callable[[Record], None]) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
