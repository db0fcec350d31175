"""One emulated terminal on a TCP socket: a thread that serves one client at a time.

The thread alone touches sockets; other threads hand it actions and wake it.
"""

import contextlib
import os
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Literal, Self

from punchsync.emulator import session as sessions
from punchsync.emulator import wire
from punchsync.emulator.device import Device, Record
from punchsync.emulator.faults import Cut, Fault, Step, clean
from punchsync.emulator.session import Session
from punchsync.emulator.wire import Packet

_RECEIVE_BYTES = 65_536
_RESET = struct.pack("ii", 1, 0)


class _GoneError(Exception):
    """The client being answered is no longer there."""


class _Client:
    """One accepted connection with its session."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.reader = wire.FrameReader()
        self.unread = bytearray()
        self.session = Session()
        self.events: deque[Record] = deque()


class EmulatedTerminal:
    """A device reachable over TCP while the context lasts, by default on loopback and a free port.

    `faults` may be replaced at any time and holds for the frames sent from then on. `second` says what a
    second client meets: "wait" serves it when the first has gone, "refuse" resets it. OSError when the port
    is taken.
    """

    def __init__(
        self,
        device: Device,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Fault = clean,
        *,
        second: Literal["wait", "refuse"] = "wait",
    ) -> None:
        self.device = device
        self.faults = faults
        self._host = host
        self._port = port
        self._second = second
        self._listener: socket.socket | None = None
        self._listening = False
        self._client: _Client | None = None
        self._connections = 0
        self._stopping = False
        self._actions: SimpleQueue[tuple[Callable[[], None], threading.Event]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._wake_in: socket.socket | None = None
        self._wake_out: socket.socket | None = None
        self._unlisten: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """Give the address it listens on."""
        return self._host

    @property
    def port(self) -> int:
        """Give the port; the one chosen by the system once started with 0."""
        return self._port

    @property
    def address(self) -> tuple[str, int]:
        """Give host and port."""
        return self._host, self._port

    @property
    def plugged(self) -> bool:
        """Say whether clients can reach it."""
        return self._listening

    @property
    def connections(self) -> int:
        """Give how many connections were served so far."""
        return self._connections

    def start(self) -> None:
        """Bind, listen and start to serve; nothing when already started."""
        if self._thread is not None:
            return
        self._bind()
        self._listen()
        self._stopping = False
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_out.setblocking(False)
        self._wake_in.setblocking(False)
        self._unlisten = self.device.listen(self._announce)
        self._thread = threading.Thread(target=self._run, name=f"terminal-{self._port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the client, the socket and the thread; returns when they are gone. May be called twice."""
        thread = self._thread
        if thread is None:
            return
        if self._unlisten is not None:
            self._unlisten()
        self._ask(self._stop)
        if thread is not threading.current_thread():
            thread.join()
        self._thread = None

    def unplug(self) -> None:
        """Become unreachable: reset the client, refuse new ones; the port stays reserved."""
        self._ask(self._unplug)

    def plug(self) -> None:
        """Be reachable again on the same port."""
        self._ask(self._listen)

    def drop(self, reset: bool = False) -> None:
        """End the present connection, if there is one, by FIN or RST; new ones are served."""
        self._ask(lambda: self._close_client(reset))

    # Other threads to the serving thread

    def _ask(self, action: Callable[[], None]) -> None:
        thread = self._thread
        if thread is None:
            return
        if thread is threading.current_thread():
            action()
            return
        done = self._post(action)
        while not done.wait(0.1):
            if not thread.is_alive():
                return

    def _post(self, action: Callable[[], None]) -> threading.Event:
        done = threading.Event()
        self._actions.put((action, done))
        if self._wake_in is not None:
            # A full pipe has woken it already; a closed one has nobody left to wake.
            with contextlib.suppress(OSError):
                self._wake_in.send(b"\0")
        return done

    def _announce(self, record: Record) -> None:
        self._post(lambda: self._queue_event(record))

    # The serving thread

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._turn()
        finally:
            self._close_client(reset=True)
            self._close_listener()
            self._act()
            for end in (self._wake_in, self._wake_out):
                if end is not None:
                    end.close()

    def _turn(self) -> None:
        client, listener = self._client, self._listener
        watched: list[socket.socket] = []
        if client is not None:
            watched.append(client.socket)
        if listener is not None and self._listening and (client is None or self._second == "refuse"):
            watched.append(listener)
        ready = self._wait(watched)
        if listener in ready and listener is self._listener:
            self._accept()
        if client is None or client is not self._client:
            return
        with contextlib.suppress(_GoneError):
            if client.socket in ready:
                self._receive(client)
            self._send_events(client)

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if self._client is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            connection.close()
            return
        self._connections += 1
        self._client = _Client(connection)

    def _receive(self, client: _Client) -> None:
        self._fill(client)
        # While an answer pauses, further requests may come in.
        while client.unread:
            data = bytes(client.unread)
            client.unread.clear()
            for packet in client.reader.feed(data):
                self._answer(client, packet)

    def _fill(self, client: _Client) -> None:
        try:
            data = client.socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close_client(reset=False)
            raise _GoneError
        client.unread += data

    def _answer(self, client: _Client, packet: Packet) -> None:
        client.session, replies = sessions.respond(self.device, client.session, packet)
        self._require(client)
        for reply in replies:
            self._transmit(client, wire.frame(reply))
        self._transmit(client, b"")

    def _queue_event(self, record: Record) -> None:
        if self._client is not None:
            self._client.events.append(record)

    def _send_events(self, client: _Client) -> None:
        while client.events:
            packet = sessions.event(client.events.popleft(), client.session)
            if packet is not None:
                self._transmit(client, wire.frame(packet))
                self._transmit(client, b"")

    def _transmit(self, client: _Client, data: bytes) -> None:
        for step in self.faults(data):
            self._take(client, step)

    def _take(self, client: _Client, step: Step) -> None:
        if isinstance(step, bytes):
            self._send(client, step)
        elif isinstance(step, Cut):
            self._close_client(step.reset)
            raise _GoneError
        else:
            self._pause(client, step.seconds)

    def _send(self, client: _Client, data: bytes) -> None:
        left = memoryview(data)
        while left:
            self._require(client)
            try:
                left = left[client.socket.send(left) :]
            except BlockingIOError:
                self._wait([], [client.socket])
            except OSError:
                self._close_client(reset=False)
                raise _GoneError from None

    def _pause(self, client: _Client, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            ready = self._wait([client.socket], timeout=left)
            self._require(client)
            if ready:
                self._fill(client)

    def _require(self, client: _Client) -> None:
        if self._client is not client or self._stopping:
            raise _GoneError

    def _wait(
        self,
        readers: list[socket.socket],
        writers: list[socket.socket] | None = None,
        timeout: float | None = None,
    ) -> set[socket.socket]:
        """Wait for these sockets or for an action, run the actions, give the sockets that are ready."""
        wake = self._wake_out
        assert wake is not None
        if not self._actions.empty():
            timeout = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(wake, selectors.EVENT_READ)
            for reader in readers:
                selector.register(reader, selectors.EVENT_READ)
            for writer in writers or []:
                selector.register(writer, selectors.EVENT_WRITE)
            chosen = selector.select(timeout)
        ready = {key.fileobj for key, _ in chosen if isinstance(key.fileobj, socket.socket)}
        if wake in ready:
            with contextlib.suppress(BlockingIOError):
                wake.recv(4096)
        self._act()
        return ready - {wake}

    def _act(self) -> None:
        while True:
            try:
                action, done = self._actions.get_nowait()
            except Empty:
                return
            try:
                action()
            finally:
                done.set()

    def _stop(self) -> None:
        self._stopping = True

    # Sockets

    def _bind(self) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._port = listener.getsockname()[1]
        self._listener = listener

    def _listen(self) -> None:
        if self._listener is not None and not self._listening:
            self._listener.listen(8)
            self._listening = True

    def _unplug(self) -> None:
        self._close_client(reset=True)
        if self._listening:
            # A bound socket that does not listen refuses clients and keeps the port.
            self._close_listener()
            self._bind()

    def _close_listener(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._listener = None
        self._listening = False

    def _close_client(self, reset: bool) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        # A terminal left disabled by a client that went away takes punches again.
        self.device.set_enabled(True)
        with contextlib.suppress(OSError):
            if reset:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            else:
                client.socket.shutdown(socket.SHUT_WR)
                # Unread requests would turn the FIN into an RST.
                while client.socket.recv(_RECEIVE_BYTES):
                    pass
        client.socket.close()
