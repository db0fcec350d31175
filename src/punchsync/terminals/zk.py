"""A session with one terminal: pyzk's, with its transport replaced; the only place that knows pyzk.

pyzk 0.9 supplies the packets (header, checksum, numbering), the comm key's scramble and the protocol's constants. Its
transport reads what a `recv` happens to bring, loops when a peer closes, verifies nothing and keeps sockets open; the
overridden name-mangled methods below read exactly what a frame announces from a `Link` instead. Nothing outside
`_READS` can be sent, whatever inherited method is called.
"""

from __future__ import annotations

from struct import error as StructError
from struct import pack
from typing import TYPE_CHECKING, Any, Final

from zk import ZK, const
from zk.base import make_commkey

from punchsync.terminals import answers
from punchsync.terminals.frames import Frame, mismatch
from punchsync.terminals.trouble import Refusal, Trouble

if TYPE_CHECKING:
    from punchsync.core.moment import Moment
    from punchsync.terminals.tcp import Link

_PREPARE_BUFFER: Final = 1503
_READ_BUFFER: Final = 1504
_ENCRYPTED: Final = 6001
_WHOLE_LOG: Final = pack("<bhii", 1, const.CMD_ATTLOG_RRQ, 0, 0)
_CHUNK: Final = 65_472
"""The most a terminal gives to one 1504 over TCP, in bytes."""
LARGEST_LOG: Final = 64 << 20
"""More than any terminal's log in bytes (1.6 million records); what announces more is not believed."""

_READS: Final = frozenset(
    {
        const.CMD_CONNECT,
        const.CMD_AUTH,
        const.CMD_EXIT,
        const.CMD_GET_FREE_SIZES,
        const.CMD_GET_TIME,
        const.CMD_OPTIONS_RRQ,
        const.CMD_GET_VERSION,
        const.CMD_FREE_DATA,
        _PREPARE_BUFFER,
        _READ_BUFFER,
    }
)


class Session(ZK):  # type: ignore[misc] # pyzk has no types
    """A session over a link; every method raises Trouble when the terminal does not answer as it must.

    `doing` is the command that was sent last. The link is not closed here.
    """

    def __init__(self, link: Link, comm_key: int = 0, checks: bool = True) -> None:
        super().__init__("", password=comm_key, ommit_ping=True)
        # pyzk opens a UDP socket at once, for nothing.
        self._ZK__sock.close()
        self._link = link
        self._comm_key = comm_key
        self._checks = checks
        self.doing = const.CMD_CONNECT

    # What a read needs

    def connect(self) -> None:
        """Open the session, with the comm key where the terminal asks for it.

        Trouble `wrong_key`, `encrypted`, or `refused` for a terminal that is busy. Not pyzk's own: that opens a second
        connection to probe the port, and fails on keys whose scramble overflows 32 bits.
        """
        self._ZK__session_id = 0
        self._ZK__reply_id = const.USHRT_MAX - 1
        answer = self._ask(const.CMD_CONNECT, any_session=True)
        self._ZK__session_id = answer.session
        if answer.command == const.CMD_ACK_UNAUTH:
            answer = self._ask(const.CMD_AUTH, scrambled(self._comm_key, answer.session))
            if answer.command in (const.CMD_ACK_UNAUTH, const.CMD_ACK_ERROR):
                raise Trouble("wrong_key", f"answer={answer.command}")
        if answer.command == const.CMD_ACK_RETRY:
            raise Trouble("refused", f"answer={answer.command}")
        if answer.command != const.CMD_ACK_OK:
            raise Refusal(answer.command)
        self.is_connect = True

    def disconnect(self) -> None:
        """Say EXIT and wait for the answer."""
        self._ask(const.CMD_EXIT)
        self.is_connect = False

    def count(self) -> int:
        """How many records the terminal says its log holds."""
        return answers.record_count(self._granted(const.CMD_GET_FREE_SIZES))

    def clock(self) -> Moment | None:
        """The time the terminal shows; None when it shows none that exists, or refuses to tell."""
        try:
            return answers.shown_time(self._granted(const.CMD_GET_TIME))
        except Refusal:
            return None

    def serial(self) -> str:
        """The serial number; empty when the terminal refuses to tell."""
        try:
            return answers.option_value(self._granted(const.CMD_OPTIONS_RRQ, b"~SerialNumber\0"))
        except Refusal:
            return ""

    def log(self) -> bytes:
        """The whole attendance log as the terminal keeps it, from its u32 total on; Refusal when it gives none."""
        answer = self._ask(_PREPARE_BUFFER, _WHOLE_LOG)
        if answer.command == const.CMD_DATA:
            return answer.payload
        if answer.command != const.CMD_ACK_OK:
            raise Refusal(answer.command)
        size = answers.buffer_size(answer.payload)
        if size > LARGEST_LOG:
            raise Trouble("broken", f"log_bytes={size} limit={LARGEST_LOG}")
        log = bytearray()
        while len(log) < size:
            log += self._ZK__read_chunk(len(log), min(_CHUNK, size - len(log)))
        self._ask(const.CMD_FREE_DATA)
        return bytes(log)

    # pyzk's transport, replaced

    def _ZK__create_socket(self) -> None:
        """Nothing: the link is open already."""

    def _ZK__send_command(self, command: int, command_string: bytes = b"", response_size: int = 8) -> dict[str, Any]:
        answer = self._ask(command, command_string)
        granted = (const.CMD_ACK_OK, const.CMD_PREPARE_DATA, const.CMD_DATA)
        return {"status": answer.command in granted, "code": answer.command}

    def _ZK__ack_ok(self) -> None:
        self._link.send(self._ZK__create_header(const.CMD_ACK_OK, b"", self._ZK__session_id, const.USHRT_MAX - 1))

    def _ZK__read_chunk(self, start: int, size: int) -> bytes:
        self._ask(_READ_BUFFER, pack("<ii", start, size))
        chunk: bytes = self._ZK__recieve_chunk()
        if len(chunk) != size:
            raise Trouble("broken", f"chunk_bytes={len(chunk)} expected={size} start={start}")
        return chunk

    def _ZK__recieve_chunk(self) -> bytes:
        """The chunk that begins with the answer just received: one DATA, or PREPARE_DATA, DATA frames, ACK_OK."""
        if self._ZK__response == const.CMD_DATA:
            data: bytes = self._ZK__data
            return data
        if self._ZK__response != const.CMD_PREPARE_DATA:
            raise Refusal(self._ZK__response)
        size = answers.chunk_size(self._ZK__data)
        if size > _CHUNK:
            raise Trouble("broken", f"chunk_bytes={size} expected={_CHUNK}")
        chunk = bytearray()
        # Real devices put the chunk's index where the session should be, in these frames and in their last ACK_OK.
        while (frame := self._answer(any_session=True)).command == const.CMD_DATA:
            chunk += frame.payload
            if len(chunk) > size:
                raise Trouble("broken", f"chunk_bytes={len(chunk)} expected={size}")
        if frame.command != const.CMD_ACK_OK:
            raise Refusal(frame.command)
        if len(chunk) != size:
            raise Trouble("broken", f"chunk_bytes={len(chunk)} expected={size}")
        return bytes(chunk)

    # Asking

    def _granted(self, command: int, payload: bytes = b"") -> bytes:
        answer = self._ask(command, payload)
        if answer.command not in (const.CMD_ACK_OK, const.CMD_ACK_DATA):
            raise Refusal(answer.command)
        return answer.payload

    def _ask(self, command: int, payload: bytes = b"", any_session: bool = False) -> Frame:
        if command not in _READS or (command == _PREPARE_BUFFER and payload != _WHOLE_LOG):
            raise ValueError(f"command {command} is not for reading a log")
        self.doing = command
        packet = self._ZK__create_header(command, payload, self._ZK__session_id, self._ZK__reply_id)
        self._ZK__reply_id = int.from_bytes(packet[6:8], "little")
        self._link.send(packet)
        answer = self._answer(any_session)
        # Where pyzk's own methods look for an answer.
        self._ZK__response, self._ZK__data, self._ZK__header = answer.command, answer.payload, answer[:3]
        return answer

    def _answer(self, any_session: bool = False) -> Frame:
        """The next frame that verifies and is no realtime event; those are acknowledged and skipped."""
        while True:
            frame = self._link.receive()
            if frame.command == _ENCRYPTED:
                raise Trouble("encrypted", f"answer={frame.command}")
            event = frame.command == const.CMD_REG_EVENT and frame.reply == 0
            if self._checks:
                session = None if any_session or event else self._ZK__session_id
                wrong = mismatch(frame, session, None if event else self._ZK__reply_id)
                if wrong:
                    raise Trouble("broken", wrong)
            if not event:
                return frame
            self._ZK__ack_ok()


def scrambled(comm_key: int, session: int) -> bytes:
    """What AUTH carries for this key in this session."""
    try:
        key: bytes = make_commkey(comm_key, session)
    except StructError:
        # pyzk adds the mirrored key and the session without wrapping at 32 bits, as the terminal does: fold the
        # session into the key first.
        mirrored = (_mirror(comm_key) + session) & 0xFFFFFFFF
        key = make_commkey(_mirror(mirrored), 0)
    return key


def _mirror(number: int) -> int:
    return int(f"{number & 0xFFFFFFFF:032b}"[::-1], 2)
