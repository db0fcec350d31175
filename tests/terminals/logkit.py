"""Logs as bytes and takes of them, packed here and by nobody else, so that no mistake of ours can hide itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from struct import pack

from punchsync.core.moment import Moment, to_moment
from punchsync.core.reading import Memory, Reading, Row
from punchsync.emulator import wire
from punchsync.terminals.reading import Take, conclude
from punchsync.terminals.take import ClockSample

NOON = datetime(2026, 10, 8, 12, 0, 0)
AT = to_moment(NOON)
NOW = wire.pack_time(NOON)
EIGHT = wire.pack_time(NOON.replace(hour=8))
FEBRUARY_31 = wire.pack_fields(2026, 2, 31, 8, 0, 0)
MARK = bytes.fromhex("ff3235350000000000")
SIZES = {"8": 8, "8b": 8, "16": 16, "40": 40, "49": 49, "40p": 40, "49p": 49}
SLOTS = {1: "1001", 2: "42"}


def record(layout: str, user: str | bytes | int, packed: int, verify: int = 1, state: int = 0, extra: int = 0) -> bytes:
    """A record; `user` is a slot in 8 bytes, a number in 16, else text; `extra` fills what is not read."""
    time = pack("<I", packed)
    if layout in ("8", "8b"):
        codes = (verify, time, state) if layout == "8" else (verify, state, time)
        return pack("<HB4sB" if layout == "8" else "<HBB4s", int(user), *codes)
    if layout == "16":
        return pack("<I4sBB2sI", int(user), time, verify, state, pack("<H", extra), extra)
    text = user if isinstance(user, bytes) else str(user).encode()
    forty = pack("<H24sB4sB8s", extra or 1, text, verify, time, state, pack("<Q", extra))
    return {"40": forty, "40p": forty, "49": forty + bytes(9), "49p": MARK + forty}[layout]


def log(layout: str, records: Iterable[bytes]) -> bytes:
    """A whole log from its total on."""
    body = (MARK if layout == "40p" else b"") + b"".join(records)
    return pack("<I", len(body)) + body


def some(layout: str, count: int, start: int = EIGHT) -> list[bytes]:
    """Records of two people (slots 1 and 2 of `SLOTS`), a minute apart."""
    users = (1, 2) if layout in ("8", "8b") else (1001, 42)
    return [record(layout, users[n % 2], start + 60 * n, 1 + n % 3, n % 5) for n in range(count)]


def rows_of(records: Iterable[bytes], layout: str, first: int = 0) -> tuple[Row, ...]:
    """What `some` must be read as, by way of datetime."""
    rows = []
    for n, raw in enumerate(records, first):
        packed = EIGHT + 60 * n
        at = to_moment(datetime(*wire.unpack_fields(packed)))
        rows.append(Row(n, raw, ("1001", "42")[n % 2], at, str(1 + n % 3), str(n % 5)))
    return tuple(rows)


def user_list(slots: Mapping[int, str] = SLOTS, size: int = 28) -> bytes:
    """A list of users whose names and passwords are nobody's business."""
    if size == 28:
        users = [pack("<HB5s8sIxBhI", slot, 0, b"12345", b"Jia", 7, 1, 0, int(id)) for slot, id in slots.items()]
    else:
        users = [pack("<HB8s24sIx7sx24s", s, 0, b"12345", b"Jia", 7, b"1", id.encode()) for s, id in slots.items()]
    return pack("<I", size * len(users)) + b"".join(users)


def take(blob: bytes, count: int, serial: str = "S1", users: Mapping[int, str] | None = None) -> Take:
    """A full read of a log announced twice as so many records."""
    return Take(
        plan="full",
        blob=blob,
        start=0,
        total=int.from_bytes(blob[:4], "little"),
        began=AT,
        before=count,
        after=count,
        capacity=100_000,
        samples=(ClockSample(AT + 90, AT, AT, 0.01),),
        serial=serial,
        bytes_moved=1234,
        users=None if users is None else user_list(users),
        user_count=len(users or ()),
        source="tcp",
    )


def read_once(layout: str, records: list[bytes], slots: Mapping[int, str] = SLOTS) -> tuple[Reading, Memory]:
    """A first read of a log, and what is remembered of the terminal after it."""
    users = slots if layout in ("8", "8b") else None
    reading = conclude("t1", "", take(log(layout, records), len(records), users=users), Memory(), AT, layout=layout)
    assert isinstance(reading, Reading)
    said: dict[bytes, tuple[str, ...]] = {}
    for row in reading.rows if users else ():
        said[row.raw] = (*said.get(row.raw, ()), row.device_user_id)
    last = max((row.at for row in reading.rows), default=None)
    memory = Memory(
        serial="S1",
        last=None if last is None else (last, frozenset(r.device_user_id for r in reading.rows if r.at == last)),
        layout=reading.layout,
        reading=1,
        held=reading.held or 0,
        tail=reading.tail,
        full_on=AT // 86_400,
        slots=reading.slots,
        said=said,
        odd={d.raw: tuple(o for o in reading.defects if o.raw == d.raw) for d in reading.defects},
        began=AT,
    )
    return reading, memory


def tail_take(layout: str, records: list[bytes], memory: Memory, users: Mapping[int, str] | None = None) -> Take:
    """The end of a log from where the known tail begins."""
    whole = log(layout, records)
    size = SIZES[layout]
    start = 4 + (9 if layout == "40p" else 0) + (memory.held - len(memory.tail) // size) * size
    return replace(take(whole, len(records), users=users), plan="tail", blob=whole[start:], start=start)


def range_take(layout: str, records: list[bytes], count: int, users: Mapping[int, str] | None = None) -> Take:
    """A range's answer, of a log of so many records."""
    return replace(take(log(layout, records), count, users=users), plan="range")


def last(at: Moment, *users: str) -> Memory:
    """A memory of nothing but the last known record."""
    return Memory(last=(at, frozenset(users)))


def concluded(blob: bytes, count: int, memory: Memory | None = None, layout: str = "40") -> object:
    """What a full read is, of a hall that says what its records look like."""
    return conclude("t1", "192.0.2.10:4370", take(blob, count), memory or Memory(), AT, layout=layout)
