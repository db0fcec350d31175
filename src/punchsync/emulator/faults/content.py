"""What the frames say: wrong checksums, lengths, numbers and answers in well-formed frames."""

from collections.abc import Callable
from dataclasses import replace
from struct import pack_into, unpack_from

from punchsync.emulator import wire
from punchsync.emulator.faults.step import PREFIX_BYTES, Fault, Step, clean, framewise, only, packet_in
from punchsync.emulator.wire import Answer, Command, Packet

_CHECKSUM_AT = PREFIX_BYTES + 2
_SIZE_TABLES = (80, 92, 112)
_RECORDS_AT = 8 * 4


def corrupt_checksum() -> Fault:
    """Send each frame with a wrong checksum."""

    def corrupted(data: bytes) -> list[Step]:
        if len(data) <= _CHECKSUM_AT:
            return clean(data)
        return [data[:_CHECKSUM_AT] + bytes([data[_CHECKSUM_AT] ^ 0xFF]) + data[_CHECKSUM_AT + 1 :]]

    return corrupted


def short_chunk(missing: int) -> Fault:
    """Send each DATA frame `missing` bytes shorter than announced before, itself well-formed."""
    return _on_data(lambda payload: payload[: max(0, len(payload) - missing)])


def long_chunk(extra: bytes) -> Fault:
    """Send each DATA frame with these bytes more than announced before, itself well-formed."""
    return _on_data(lambda payload: payload + extra)


def lie_count(delta: int) -> Fault:
    """Announce `delta` records more (or fewer) in FREE_SIZES than the log holds."""

    def lied(data: bytes, packet: Packet) -> list[Step]:
        if packet.command not in (Answer.ACK_OK, Answer.ACK_DATA) or len(packet.payload) not in _SIZE_TABLES:
            return [data]
        table = bytearray(packet.payload)
        pack_into("<i", table, _RECORDS_AT, unpack_from("<i", table, _RECORDS_AT)[0] + delta)
        return [wire.frame(replace(packet, payload=bytes(table)))]

    return framewise(lied)


def busy(times: int = 1, code: int = Answer.ACK_RETRY) -> Fault:
    """Answer the next `times` requests with this code alone; what they asked is done all the same."""
    left = times
    answering = False

    def refused(data: bytes) -> list[Step]:
        nonlocal left, answering
        if not data:
            left, answering = left - answering, False
            return []
        packet = packet_in(data)
        if left <= 0 or packet is None or packet.command == Command.REG_EVENT:
            return [data]
        first, answering = not answering, True
        return [wire.frame(Packet(code, packet.session, packet.reply))] if first else []

    return refused


def interject(packet: Packet, skip: int = 0, times: int = 1) -> Fault:
    """Send this packet (a realtime event) just before a DATA frame: the one after the first `skip`."""
    return only(lambda data: [wire.frame(packet), data] if data else [], Command.DATA, skip=skip, times=times)


def _on_data(change: Callable[[bytes], bytes]) -> Fault:
    def changed(data: bytes, packet: Packet) -> list[Step]:
        if packet.command != Command.DATA:
            return [data]
        return [wire.frame(replace(packet, payload=change(packet.payload)))]

    return framewise(changed)


def wrong_reply(delta: int = 1) -> Fault:
    """Send each frame with a reply number that is off by this much."""
    return framewise(lambda _, packet: [wire.frame(replace(packet, reply=(packet.reply + delta) & 0xFFFF))])


def wrong_session(delta: int = 1) -> Fault:
    """Send each frame with a session number that is off by this much."""
    return framewise(lambda _, packet: [wire.frame(replace(packet, session=(packet.session + delta) & 0xFFFF))])
