"""Talking with one terminal: as pyzk does, with its transport replaced; the only place that knows pyzk.

pyzk 0.9 supplies the packets (header, checksum, numbering), the comm key's scramble and the protocol's constants. Its
transport reads what a `recv` happens to bring, loops when a peer closes, verifies nothing and keeps sockets open; the
overridden name-mangled methods below read exactly what was asked for from a `Link` instead. Nothing but what `asks`
permits can be sent, whatever inherited method is called.
"""

from __future__ import annotations

from contextlib import suppress
from struct import error as StructError
from typing import TYPE_CHECKING, Any, Final

from zk import ZK, const
from zk.base import make_commkey

from punchsync.terminals import answers, asks
from punchsync.terminals.frames import Frame, mismatch
from punchsync.terminals.trouble import OtherLength, Refusal, Trouble

if TYPE_CHECKING:
    from punchsync.terminals.link import Link

_ENCRYPTED: Final = 6001


class Talk(ZK):  # type: ignore[misc] # pyzk has no types
    """Questions and answers over a link; every method raises Trouble when the terminal does not answer as it must.

    `doing` is the command that was sent last. The link is not closed here. `set_clock` permits to set the clock.
    """

    def __init__(self, link: Link, comm_key: int = 0, checks: bool = True, set_clock: bool = False) -> None:
        super().__init__("", password=comm_key, ommit_ping=True)
        # pyzk opens a UDP socket at once, for nothing.
        self._ZK__sock.close()
        self._link = link
        self._comm_key = comm_key
        self._checks = checks
        self._may_set_clock = set_clock
        self.doing = asks.CONNECT

    # Coming and going

    def connect(self) -> None:
        """Open the session, with the comm key where the terminal asks for it.

        Trouble `wrong_key`, `encrypted`, or `busy` for a terminal that lets nobody in. Not pyzk's own: that opens a
        second connection to probe the port, and fails on keys whose scramble overflows 32 bits.
        """
        self._ZK__session_id = 0
        self._ZK__reply_id = const.USHRT_MAX - 1
        answer = self._first()
        self._ZK__session_id = answer.session
        if answer.command == const.CMD_ACK_UNAUTH:
            answer = self._ask(asks.AUTH, scrambled(self._comm_key, answer.session))
            if answer.command in (const.CMD_ACK_UNAUTH, const.CMD_ACK_ERROR):
                # A terminal that was asked twice may have opened two sessions, and have forgotten the one we mean.
                raise Trouble("broken" if self._link.repeated else "wrong_key", f"answer={answer.command}")
        if answer.command == const.CMD_ACK_RETRY:
            raise Trouble("busy", f"answer={answer.command}")
        if answer.command != const.CMD_ACK_OK:
            raise Refusal(answer.command)
        self.is_connect = True

    def disconnect(self) -> None:
        """Say EXIT and wait for the answer."""
        self._ask(asks.EXIT)
        self.is_connect = False

    def abandon(self) -> None:
        """Say EXIT without waiting, where nothing else tells the terminal that its client has gone."""
        if self._link.source == "udp" and self._ZK__session_id:
            with suppress(Trouble):
                self._link.tell(self._ZK__create_header(asks.EXIT, b"", self._ZK__session_id, self._ZK__reply_id))

    # pyzk's transport, replaced

    def _ZK__create_socket(self) -> None:
        """Nothing: the link is open already."""

    def _ZK__send_command(self, command: int, command_string: bytes = b"", response_size: int = 8) -> dict[str, Any]:
        if command == asks.PREPARE_BUFFER:
            # pyzk's own methods would ask it for templates, and for the whole of every user.
            raise ValueError(f"command {command} is not for reading a log")
        answer = self._ask(command, command_string)
        granted = (const.CMD_ACK_OK, const.CMD_PREPARE_DATA, const.CMD_DATA)
        return {"status": answer.command in granted, "code": answer.command}

    def _ZK__ack_ok(self) -> None:
        self._link.tell(self._ZK__create_header(const.CMD_ACK_OK, b"", self._ZK__session_id, const.USHRT_MAX - 1))

    def _ZK__read_chunk(self, start: int, size: int) -> bytes:
        answer = self._ask(asks.READ_BUFFER, asks.part(start, size))
        if answer.command in (const.CMD_DATA, const.CMD_PREPARE_DATA):
            whole = answer.command == const.CMD_DATA
            announced = len(answer.payload) if whole else answers.chunk_size(answer.payload)
            if announced != size:
                raise OtherLength(announced, size, start)
        chunk: bytes = self._ZK__recieve_chunk()
        return chunk

    def _ZK__recieve_chunk(self) -> bytes:
        """The chunk that begins with the answer just received: one DATA, or PREPARE_DATA, DATA frames, ACK_OK."""
        if self._ZK__response == const.CMD_DATA:
            data: bytes = self._ZK__data
            return data
        if self._ZK__response != const.CMD_PREPARE_DATA:
            raise Refusal(self._ZK__response)
        size = answers.chunk_size(self._ZK__data)
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

    def _first(self) -> Frame:
        try:
            return self._ask(asks.CONNECT, any_session=True)
        except Trouble as trouble:
            # A connection without a word on it: somebody else has the terminal.
            if self._link.source == "udp" or self._link.received or trouble.code not in ("timeout", "broken"):
                raise
            raise Trouble("busy", trouble.detail or "answer=none") from None

    def _granted(self, command: int, payload: bytes = b"") -> bytes:
        answer = self._ask(command, payload)
        if answer.command not in (const.CMD_ACK_OK, const.CMD_ACK_DATA):
            raise Refusal(answer.command)
        return answer.payload

    def _ask(self, command: int, payload: bytes = b"", any_session: bool = False) -> Frame:
        self._send(command, payload)
        answer = self._answer(any_session)
        # Where pyzk's own methods look for an answer.
        self._ZK__response, self._ZK__data, self._ZK__header = answer.command, answer.payload, answer[:3]
        return answer

    def _send(self, command: int, payload: bytes) -> None:
        if not asks.permitted(command, payload, self._may_set_clock):
            raise ValueError(f"command {command} is not for reading a log")
        self.doing = command
        packet = self._ZK__create_header(command, payload, self._ZK__session_id, self._ZK__reply_id)
        self._ZK__reply_id = int.from_bytes(packet[6:8], "little")
        self._link.ask(packet)

    def _answer(self, any_session: bool = False, within: float | None = None) -> Frame:
        """The next frame that verifies and is no realtime event; those are acknowledged and skipped."""
        while True:
            frame = self._link.receive(within)
            if frame.command == _ENCRYPTED:
                raise Trouble("encrypted", f"answer={frame.command}")
            if self._checks:
                session = None if any_session or frame.event else self._ZK__session_id
                wrong = mismatch(frame, session, None if frame.event else self._ZK__reply_id)
                if wrong:
                    raise Trouble("broken", wrong)
            if not frame.event:
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
