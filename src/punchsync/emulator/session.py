"""One client's session: (device, session, packet) to the new session and the packets that answer it.

No sockets and no waiting; the only effects are those a command has on the device (clock, log, counts).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from struct import Struct

from punchsync.emulator import events, facts, layout, wire
from punchsync.emulator.device import Device
from punchsync.emulator.traits import Record, Transport
from punchsync.emulator.transfer import Reply, chunk, prepared
from punchsync.emulator.wire import Answer, Command, Packet

LOG_BETWEEN = 10_004
_USERS = 5
_HEAD_BYTES = 8

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
    transport: Transport = "tcp"


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


def event(record: Record, session: Session, length: int = 32) -> Packet | None:
    """Give the realtime event for a punch, None when the client has not asked for any."""
    return events.of_punch(record, length) if session.events & events.ATTENDANCE else None


def _outcome(device: Device, session: Session, packet: Packet) -> Outcome:
    if packet.command == Command.CONNECT:
        return _connect(device, session)
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


def _connect(device: Device, session: Session) -> Outcome:
    fresh = Session(transport=session.transport)
    if device.traits.encrypted_only:
        return fresh, [Reply(Answer.ENCRYPTED)]
    opened = replace(fresh, number=device.next_session())
    if device.comm_key or device.traits.asks_key_zero:
        return opened, [Reply(Answer.ACK_UNAUTH)]
    return replace(opened, authorised=True), [Reply(Answer.ACK_OK, device.traits.connect_payload)]


def _authorise(device: Device, session: Session, payload: bytes) -> Outcome:
    # The tick travels in the third byte, so a client may choose its own.
    if len(payload) == 4 and payload == wire.scramble(device.comm_key, session.number, payload[2]):
        return replace(session, authorised=True), [Reply(Answer.ACK_OK)]
    return session, [Reply(Answer.ACK_UNAUTH)]


def _exit(device: Device, session: Session, payload: bytes) -> Outcome:
    device.set_enabled(True)
    return Session(session.number, transport=session.transport), [Reply(Answer.ACK_OK)]


def _enable(device: Device, session: Session, payload: bytes) -> Outcome:
    device.set_enabled(True)
    return session, [Reply(Answer.ACK_OK)]


def _disable(device: Device, session: Session, payload: bytes) -> Outcome:
    device.set_enabled(False)
    return session, [Reply(Answer.ACK_OK)]


def _sizes(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, [Reply(device.traits.data_answer, facts.sizes(device))]


def _option(device: Device, session: Session, payload: bytes) -> Outcome:
    name = payload.split(b"\0", 1)[0].decode("ascii", "replace")
    answer = facts.option(device, name)
    return session, [Reply(Answer.ACK_ERROR) if answer is None else Reply(device.traits.data_answer, answer)]


def _version(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, [Reply(device.traits.data_answer, device.traits.firmware.encode("ascii", "replace") + b"\0")]


def _get_time(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, [Reply(device.traits.data_answer, _U32.pack(wire.pack_time(device.clock)))]


def _set_time(device: Device, session: Session, payload: bytes) -> Outcome:
    shown = wire.unpack_time(_U32.unpack_from(payload)[0]) if len(payload) >= _U32.size else None
    if shown is None:
        return session, [Reply(Answer.ACK_ERROR)]
    device.set_clock(shown)
    return session, [Reply(Answer.ACK_OK)]


def _register(device: Device, session: Session, payload: bytes) -> Outcome:
    mask = _U32.unpack_from(payload)[0] if len(payload) >= _U32.size else 0
    return replace(session, events=mask), [Reply(Answer.ACK_OK)]


def _granted(device: Device, session: Session, payload: bytes) -> Outcome:
    # What a client says before and after it waits for punches; a terminal that takes them always has nothing to do.
    return session, [Reply(Answer.ACK_OK)]


def _prepare(device: Device, session: Session, payload: bytes) -> Outcome:
    traits = device.traits
    if traits.buffer_refusal is not None:
        return session, [Reply(traits.buffer_refusal)]
    if len(payload) < _PREPARE.size:
        return session, [Reply(Answer.ACK_ERROR)]
    _, command, first, second = _PREPARE.unpack_from(payload)
    if command == LOG_BETWEEN and not traits.time_range:
        return session, [Reply(traits.range_refusal)]
    blob = _asked_blob(device, command, first & 0xFFFFFFFF, second & 0xFFFFFFFF)
    if blob is None:
        return session, [Reply(Answer.ACK_ERROR)]
    # Clients take a datagram of so many bytes, its head of eight included.
    if len(blob) <= traits.inline_limit - (_HEAD_BYTES if session.transport == "udp" else 0):
        return replace(session, buffer=None), [Reply(Command.DATA, blob)]
    return replace(session, buffer=blob), [prepared(blob, traits.prepared_tail)]


def _asked_blob(device: Device, command: int, first: int, second: int) -> bytes | None:
    if command == Command.ATTLOG_RRQ:
        return device.log_blob()
    if command == Command.USERTEMP_RRQ and first == _USERS:
        return _users(device)
    if command == LOG_BETWEEN:
        chosen = [record for record in device.records if first <= record.time <= second]
        return layout.log_blob(chosen, device.traits.layout, device.traits.total_off)
    return None


def _read(device: Device, session: Session, payload: bytes) -> Outcome:
    if session.buffer is None or len(payload) < _READ.size:
        return session, [Reply(Answer.ACK_ERROR)]
    traits = device.traits
    start, size = _READ.unpack_from(payload)
    if traits.read_start == "ignored":
        start = 0
    largest = traits.udp_largest_chunk if session.transport == "udp" else traits.largest_chunk
    honoured = traits.read_start != "refused" or start == 0
    if not (honoured and 0 <= start < len(session.buffer) and 0 < size <= largest):
        return session, [Reply(Answer.ACK_ERROR)]
    return session, chunk(session.buffer[start : start + size], traits, session.transport)


def _free(device: Device, session: Session, payload: bytes) -> Outcome:
    return replace(session, buffer=None), [Reply(Answer.ACK_OK)]


def _read_log(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, chunk(device.log_blob(), device.traits, session.transport)


def _read_users(device: Device, session: Session, payload: bytes) -> Outcome:
    return session, chunk(_users(device), device.traits, session.transport)


def _clear_log(device: Device, session: Session, payload: bytes) -> Outcome:
    device.clear_log()
    return session, [Reply(Answer.ACK_OK)]


def _users(device: Device) -> bytes:
    return layout.users_blob(device.users, device.traits.user_bytes, device.traits.encoding)


_HANDLERS: Mapping[int, Handler] = {
    Command.EXIT: _exit,
    Command.ENABLE: _enable,
    Command.DISABLE: _disable,
    Command.FREE_SIZES: _sizes,
    Command.START_VERIFY: _granted,
    Command.CANCEL_CAPTURE: _granted,
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
