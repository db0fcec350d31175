"""Damaged bytes by the thousand: what a terminal, or whatever answers at its address, may send.

`fuzz` gives faults as text and is empty when all is well: no exception but the documented ones, no frame that verifies
and was not in the stream, no punch that was not in the bytes. Whatever is checked is unpacked here once more.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from struct import pack, unpack_from

from logkit import (
    AT,
    EIGHT,
    FEBRUARY_31,
    MARK,
    NOON,
    NOW,
    SIZES,
    SLOTS,
    log,
    range_take,
    read_once,
    record,
    some,
    tail_take,
    take,
)

from punchsync.core.moment import DAY
from punchsync.core.reading import DEFECTS, FAILURES, LAYOUTS, Memory, ReadFailure, Reading, Row
from punchsync.emulator import Device, Record, Traits, session, wire
from punchsync.terminals.frames import FrameError, FrameReader
from punchsync.terminals.plan import overlap_of
from punchsync.terminals.reading import Again, Take, conclude

MAGIC = bytes.fromhex("5050827d")
KNOWN = 6
"""Records that were read before, of the logs of which an end is read."""

_ASKED = (
    (1000, b""), (201, b""), (50, b""), (11, b"~SerialNumber\0"), (1503, pack("<bhii", 1, 13, 0, 0)),
    (1504, pack("<ii", 0, 484)), (1502, b""), (1503, pack("<bhii", 1, 9, 5, 0)), (4321, b"?"), (1001, b""),
)  # fmt: skip
_TIME_AT = {"8": 3, "8b": 4, "16": 4, "40": 27, "49": 27, "40p": 27, "49p": 36}
_FIRST_MOMENT = datetime(1, 1, 1)


def fuzz(seed: int, count: int) -> list[str]:
    """Faults found in so many cases, half of them streams."""
    return streams(seed, count // 2) + decodes(seed, count - count // 2)


def streams(seed: int, count: int) -> list[str]:
    """Faults found in reading so many damaged streams as frames."""
    faults = []
    for n in range(count):
        rng = Random(seed * 1_000_003 + n)
        stream = _damaged(rng, rng.choice(_sessions())) if rng.random() < 0.9 else rng.randbytes(rng.randrange(200))
        try:
            fault = _stream_fault(rng, stream)
        except Exception as error:
            fault = repr(error)
        if fault:
            faults.append(f"streams({seed}) case {n}: {fault}")
    return faults


def decodes(seed: int, count: int) -> list[str]:
    """Faults found in deciding what so many damaged logs are."""
    faults = []
    for n in range(count):
        rng = Random(seed * 1_000_003 + n)
        layout = rng.choice(LAYOUTS)
        came, memory, pinned = _case(rng, layout)
        try:
            fault = _fault(came, memory, conclude("t1", "", came, memory, AT, rng.random() < 0.1, pinned))
        except Exception as error:
            fault = repr(error)
        if fault:
            faults.append(f"decodes({seed}) case {n} {layout} {came.plan}: {fault}")
    return faults


def _damaged(rng: Random, data: bytes) -> bytes:
    """The bytes with one to three damages: a flip, a cut, a piece doubled, lost, swapped with the next, or garbage."""
    for _ in range(rng.randrange(1, 4)):
        a, b, c = sorted(rng.randrange(len(data) + 1) for _ in range(3))
        how = rng.randrange(6)
        if how == 0 and a < len(data):
            data = data[:a] + bytes([data[a] ^ rng.randrange(1, 256)]) + data[a + 1 :]
        elif how == 1:
            data = data[:c]
        elif how == 2:
            data = data[:b] + data[a:]
        elif how == 3:
            data = data[:a] + data[b:]
        elif how == 4:
            data = data[:a] + data[b:c] + data[a:b] + data[c:]
        else:
            data = data[:a] + rng.randbytes(rng.randrange(1, 12)) + data[a:]
    return data


# Streams


@cache
def _sessions() -> list[bytes]:
    """All that an emulated terminal sends in a session, in each of its ways to send a log."""
    found = []
    for traits in (Traits(chunks="data"), Traits(), Traits(chunks="frames", frame_bytes=64), Traits(inline_limit=0)):
        device = Device(traits=traits, now=lambda: NOON)
        device.store(Record(1, "1001", EIGHT + n) for n in range(12))
        state, sent = session.Session(), b""
        for reply, (command, payload) in enumerate(_ASKED):
            state, answers = session.respond(device, state, wire.Packet(command, state.number, reply, payload))
            sent += b"".join(map(wire.frame, answers))
        found.append(sent)
    return found


def _stream_fault(rng: Random, stream: bytes) -> str:
    reader, place, refused = FrameReader(), 0, ""
    cuts = [0, *sorted(rng.randrange(len(stream) + 1) for _ in range(rng.randrange(4))), len(stream)]
    for a, b in pairwise(cuts):
        reader.feed(stream[a:b])
        try:
            while (frame := reader.take()) is not None:
                if refused:
                    return "a frame after what is no frame"
                end = place + 16 + len(frame.payload)
                magic, length, command, given, number, reply = unpack_from("<4sI4H", stream, place)
                if magic != MAGIC or length != end - place - 8 or end > b:
                    return "a frame that is not in the stream"
                if (command, number, reply, stream[place + 16 : end]) != frame[:4]:
                    return "a frame with other bytes than the stream's"
                if frame.sound and given not in (wire.checksum(stream[place + 8 : end]), 0, 0xFFFF):
                    return "a frame that does not verify"
                place = end
        except FrameError as error:
            refused = str(error)
    held = reader.held
    return "" if place + held == len(stream) else f"{place} taken and {held} held of {len(stream)} bytes"


# Logs


@cache
def _pool(layout: str) -> list[bytes]:
    """Good records and such as terminals write when something is wrong with them."""
    nobody = 0 if layout in ("8", "8b", "16") else b"\xff"
    strange = [
        record(layout, nobody, EIGHT),
        record(layout, 1, FEBRUARY_31),
        record(layout, 2, wire.pack_time(datetime(2000, 1, 1))),
        record(layout, 1, NOW + 5 * DAY),
        record(layout, 2, EIGHT, 77, 200),
        record(layout, 3, EIGHT),
    ]
    return some(layout, 14) + strange


@cache
def _memory(layout: str) -> Memory:
    return read_once(layout, _pool(layout)[:KNOWN])[1]


def _case(rng: Random, layout: str) -> tuple[Take, Memory, str]:
    """A take that may be damaged, what was known before, and the layout that the hall tells."""
    raws = _pool(layout)[:KNOWN] + rng.choices(_pool(layout), k=rng.randrange(8))
    users = rng.choice((SLOTS, SLOTS, {1: "1001", 2: "77"}, {2: "42"})) if layout in ("8", "8b") else None
    memory = _memory(layout) if rng.random() < 0.7 else Memory()
    plan = rng.choice(("full", "tail", "range")) if memory.reading else "full"
    if plan == "full":
        came = take(log(layout, raws), len(raws), users=users)
    elif plan == "tail":
        came = tail_take(layout, raws, memory, users)
    else:
        overlap = overlap_of(memory)
        assert overlap is not None
        inside = [raw for raw in raws if _time(raw, layout) >= overlap.begin]
        came = range_take(layout, inside, len(raws), users)
    return _worse(rng, came), memory, rng.choice(("", "", layout, rng.choice(LAYOUTS)))


def _worse(rng: Random, came: Take) -> Take:
    """A take as it is, with other counts, or damaged: anywhere, or in its records alone."""
    how = rng.random()
    if how < 0.2:
        off = rng.randrange(-2, 3)
        return replace(came, before=max(0, came.before - rng.randrange(2)), after=max(0, came.after + off))
    if how < 0.4:
        body = bytearray(came.blob)
        for _ in range(rng.randrange(1, 4)):
            if len(body) > 4:
                body[rng.randrange(4, len(body))] = rng.randrange(256)
        return replace(came, blob=bytes(body))
    blob = _damaged(rng, came.blob) if how < 0.9 else rng.randbytes(rng.randrange(200))
    if rng.random() < 0.6 and came.plan != "tail":
        blob = (len(blob[4:])).to_bytes(4, "little") + blob[4:]
    users = _damaged(rng, came.users) if came.users and rng.random() < 0.1 else came.users
    total = came.total if came.plan == "tail" else int.from_bytes(blob[:4], "little")
    before, after = rng.choice(((came.before, came.after), (0, 60), (came.before, 60)))
    return replace(came, blob=blob, users=users, total=total, before=before, after=after)


def _time(raw: bytes, layout: str) -> int:
    return int.from_bytes(raw[_TIME_AT[layout] :][:4], "little")


def _fault(came: Take, memory: Memory, result: object) -> str:
    """What is wrong with a decision; a reading's records must be those of the bytes, each once, in their places."""
    if isinstance(result, ReadFailure):
        return "" if result.code in FAILURES else f"failure {result.code}"
    if isinstance(result, Again):
        return "" if came.plan != "full" and result.refused in ("", came.plan) else f"again after {came.plan}"
    assert isinstance(result, Reading)
    if not result.layout:
        return "" if not result.rows and not result.defects and not result.held else "records without a layout"
    body, first = _body(came, memory, result)
    size = SIZES[result.layout]
    raws = {first + n: body[n * size : (n + 1) * size] for n in range(len(body) // size)}
    kept = {d.position: d.raw for d in result.defects if d.reason != "odd_code"}
    rows = {row.position: row.raw for row in result.rows}
    if rows.keys() & kept.keys() or rows | kept != raws or len(rows) + len(kept) != len(raws):
        return "records that are not those of the log"
    if result.held != first + len(raws) or len(body) % size:
        return f"{result.held} records held"
    for defect in result.defects:
        if defect.reason not in DEFECTS or (defect.first is None) != (defect.last is None):
            return f"defect {defect}"
        if defect.first is not None and defect.last is not None and defect.first > defect.last:
            return f"defect {defect}"
    for row in result.rows:
        if _again(row, result.layout) != row.raw or not _is_of(row, result, memory):
            return f"row {row}"
    return ""


def _body(came: Take, memory: Memory, result: Reading) -> tuple[bytes, int]:
    """The records that a reading says are new, and the place of the first."""
    marked = 9 if result.layout == "40p" else 0
    if came.plan == "full":
        return came.blob[4 + marked :], 0
    if came.plan == "tail":
        return came.blob[len(memory.tail) :], memory.held
    overlap = overlap_of(memory)
    assert overlap is not None
    marked = marked if came.blob[4:].startswith(MARK) else 0
    return came.blob[4 + marked + len(overlap.expected) :], memory.held


def _again(row: Row, layout: str) -> bytes:
    """A row's fields packed once more, with what is not read taken from its bytes."""
    at = _FIRST_MOMENT + timedelta(days=row.at // DAY - 1, seconds=row.at % DAY)
    codes = (int(row.verify), int(row.state))
    head, rest = (row.raw[:9], row.raw[9:]) if layout == "49p" else (b"", row.raw)
    time = pack("<I", wire.pack_time(at))
    if layout == "8":
        return pack("<2sB4sB", rest[:2], codes[0], time, codes[1])
    if layout == "8b":
        return pack("<2sBB4s", rest[:2], *codes, time)
    if layout == "16":
        return pack("<I4sBB6s", int(row.device_user_id), time, *codes, rest[10:])
    text = rest[2:26].split(b"\0")[0]
    shown = rest[2:26] if text.decode().strip() == row.device_user_id else b"?"
    return head + pack("<2s24sB4sB", rest[:2], shown, codes[0], time, codes[1]) + rest[32:]


def _is_of(row: Row, result: Reading, memory: Memory) -> bool:
    """Whether a row of a slot is its user's, or of whom it was said to be."""
    if result.layout not in ("8", "8b"):
        return bool(row.device_user_id)
    slot = int.from_bytes(row.raw[:2], "little")
    return row.device_user_id in (result.slots.get(slot), *memory.said.get(row.raw, ()))
