"""One client's session: (device, session, packet) to the new session and the packets that answer it.

No sockets and no waiting; the only effects are those a command has on the device (clock, log, counts).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from struct import Struct

from punchsync.emulator import layout, wire
from punchsync.emulator.device import Device, Record
from punchsync.emulator.transfer import Reply, chunk, prepared
from punchsync.emulator.wire import Answer, Command, Packet

ATTENDANCE_EVENT = 1
LOG_BETWEEN = 10_004
_USERS = 5

_PREPARE = Struct("<bhii")
_READ = Struct("<ii")
_U32 = Struct("<I")


@dataclass(frozen=True, slots=True)
class Session:
    """What a terminal remembers of its client; number 0 is a client that has not said CONNECT."""

    number: int = 0
    authorised: bool = False
    events: int = 0
    buffer: bytes | None = None


Outcome = tuple[Session, list[Reply]]
Handler = Callable[[Device, Session, bytes], Outcome]


def respond(device: Device, session: Session, packet: Packet) -> tuple[Session, list[Packet]]:
    """Answer one packet, echoing its reply number; a client's ACK_OK (for an event) has no answer."""
    device.note(packet.command, packet.sound)
    if packet.command == Answer.ACK_OK:
        return session, []
    after, replies = _outcome(device, session, packet)
    return after, [
        Packet(code, after.number if own is None else own, packet.reply, payload) for code, payload, own in replies
    ]


def event(record: Record, session: Session) -> Packet | None:
    """Give the realtime event for a punch, None when the client has not asked for any."""
    if not session.events & ATTENDANCE_EVENT:
        return None
    return Packet(Command.REG_EVENT, ATTENDANCE_EVENT, 0, layout.event_payload(record))


def _outcome(device: Device, session: Session, packet: Packet) -> Outcome:
    if packet.command == Command.CONNECT:
        return _connect(device)
    if session.number == 0 or packet.session != session.number:
        return session, [Reply(Answer.ACK_UNAUTH)]
    if packet.command == Command.AUTH:
        return _authorise(device, session, packet.payload)
    if not session.authorised:
        return session, [Reply(Answer.ACK_UNAUTH)]
    handler = _HANDLERS.get(packet.command)
    if handler is None:
        return session, [Reply(Answer.UNKNOWN)]
    return handler(device, session, packet.payload)


def _connect(device: Device) -> Outcome:
    if device.traits.encrypted_only:
        return Session(), [Reply(Answer.ENCRYPTED)]
    session = Session(device.next_session())
    if device.comm_key or device.traits.asks_key_zero:
        return session, [Reply(Answer.ACK_UNAUTH)]
    return replace(session, authorised=True), [Reply(Answer.ACK_OK)]


def _authorise(device: Device, session: Session, payload: bytes) -> Outcome:
    # The tick travels in the third byte, so a client may choose its own.
    if len(payload) == 4 and payload == wire.scramble(device.comm_key, session.number, payload[2]):
        return replace(session, authorised=True), [Reply(Answer.ACK_OK)]
    return session, [Reply(Answer.ACK_UNAUTH)]


def _exit(device: Device, session: Session, payload: bytes) -> Outcome:
    device.set_enabled(True)
    return Session(session.number), [Reply(Answer.ACK_OK)]


def _enable(device: Device, session: Session, payload: bytes) -> Outcome:
    device.set_enabled(True)
    return session, [Reply(Answer.ACK_OK)]


def _disable(device: Device, session: Session, payload: bytes) -> Outcome:
    device.set_enabled(False)
    return session, [Reply(Answer.ACK_OK)]


def _sizes(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, [Reply(Answer.ACK_OK, layout.sizes(device))]


def _option(device: Device, session: Session, payload: bytes) -> Outcome:
    name = payload.split(b"\0", 1)[0].decode("ascii", "replace")
    answer = layout.option(device, name)
    return session, [Reply(Answer.ACK_ERROR) if answer is None else Reply(Answer.ACK_OK, answer)]


def _version(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, [Reply(Answer.ACK_OK, device.traits.firmware.encode("ascii", "replace") + b"\0")]


def _get_time(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, [Reply(Answer.ACK_OK, _U32.pack(wire.pack_time(device.clock)))]


def _set_time(device: Device, session: Session, payload: bytes) -> Outcome:
    shown = wire.unpack_time(_U32.unpack_from(payload)[0]) if len(payload) >= _U32.size else None
    if shown is None:
        return session, [Reply(Answer.ACK_ERROR)]
    device.set_clock(shown)
    return session, [Reply(Answer.ACK_OK)]


def _register(device: Device, session: Session, payload: bytes) -> Outcome:
    mask = _U32.unpack_from(payload)[0] if len(payload) >= _U32.size else 0
    return replace(session, events=mask), [Reply(Answer.ACK_OK)]


def _prepare(device: Device, session: Session, payload: bytes) -> Outcome:
    if device.traits.buffer_refusal is not None:
        return session, [Reply(device.traits.buffer_refusal)]
    blob = _asked_blob(device, payload)
    if blob is None:
        return session, [Reply(Answer.ACK_ERROR)]
    if len(blob) <= device.traits.inline_limit:
        return replace(session, buffer=None), [Reply(Command.DATA, blob)]
    return replace(session, buffer=blob), [prepared(blob)]


def _asked_blob(device: Device, payload: bytes) -> bytes | None:
    if len(payload) < _PREPARE.size:
        return None
    _, command, first, second = _PREPARE.unpack_from(payload)
    if command == Command.ATTLOG_RRQ:
        return _log(device)
    if command == Command.USERTEMP_RRQ and first == _USERS:
        return _users(device)
    if command == LOG_BETWEEN and device.traits.time_range:
        low, high = first & 0xFFFFFFFF, second & 0xFFFFFFFF
        chosen = [record for record in device.records if low <= record.time <= high]
        return layout.log_blob(chosen, device.traits.record_bytes)
    return None


def _read(device: Device, session: Session, payload: bytes) -> Outcome:
    if session.buffer is None or len(payload) < _READ.size:
        return session, [Reply(Answer.ACK_ERROR)]
    start, size = _READ.unpack_from(payload)
    if not (0 <= start < len(session.buffer) and 0 < size <= device.traits.largest_chunk):
        return session, [Reply(Answer.ACK_ERROR)]
    return session, _chunk(device, session.buffer[start : start + size])


def _free(device: Device, session: Session, payload: bytes) -> Outcome:
    return replace(session, buffer=None), [Reply(Answer.ACK_OK)]


def _read_log(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, _chunk(device, _log(device))


def _read_users(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, _chunk(device, _users(device))


def _clear_log(device: Device, session: Session, payload: bytes) -> Outcome:
    device.clear_log()
    return session, [Reply(Answer.ACK_OK)]


def _chunk(device: Device, part: bytes) -> list[Reply]:
    return chunk(part, device.traits.chunks, device.traits.frame_bytes)


def _log(device: Device) -> bytes:
    return layout.log_blob(device.records, device.traits.record_bytes)


def _users(device: Device) -> bytes:
    return layout.users_blob(device.users, device.traits.user_bytes, device.traits.encoding)


_HANDLERS: Mapping[int, Handler] = {
    Command.EXIT: _exit,
    Command.ENABLE: _enable,
    Command.DISABLE: _disable,
    Command.FREE_SIZES: _sizes,
    Command.OPTIONS_RRQ: _option,
    Command.VERSION: _version,
    Command.GET_TIME: _get_time,
    Command.SET_TIME: _set_time,
    Command.REG_EVENT: _register,
    Command.DATA_WRRQ: _prepare,
    Command.READ_BUFFER: _read,
    Command.FREE_DATA: _free,
    Command.ATTLOG_RRQ: _read_log,
    Command.USERTEMP_RRQ: _read_users,
    Command.CLEAR_ATTLOG: _clear_log,
}
