"""The thread of emulated terminals: it alone touches their sockets; other threads hand it actions and wake it.

Nothing in it waits: a terminal that pauses or can't send comes back when it is due, so that one thread can
serve some hundred terminals.
"""

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE

Action = Callable[[], None]

# A poll needs no file of its own, unlike an epoll, and is as good for a few sockets.
_FewSelector = getattr(selectors, "PollSelector", selectors.SelectSelector)


class Timer:
    """Something to be done once at a time; `action` None when cancelled."""

    __slots__ = ("action",)

    def __init__(self, action: Action) -> None:
        self.action: Action | None = action

    def cancel(self) -> None:
        """Let it not be done."""
        self.action = None


class Loop:
    """Waits for sockets and runs what is theirs, what other threads ask and what is due; a thread while it lasts.

    A terminal has one of its own unless it is given one; `many` is for one that several share. Its terminals
    are stopped before it is.
    """

    def __init__(self, name: str = "terminals", *, many: bool = True) -> None:
        self._selector: selectors.BaseSelector = selectors.DefaultSelector() if many else _FewSelector()
        self._actions: SimpleQueue[tuple[Action, threading.Event]] = SimpleQueue()
        self._due: list[tuple[float, int, Timer]] = []
        self._numbers = count()
        self._ending = False
        self._wake_out, self._wake_in = socket.socketpair()
        for end in (self._wake_out, self._wake_in):
            end.setblocking(False)
        self._watched: set[int] = set()
        self.watch(self._wake_out, self._woken)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """End the thread; returns when it is gone, unless called by itself."""
        self.ask(self._end)
        if self._thread is not threading.current_thread():
            self._thread.join()

    def ask(self, action: Action) -> None:
        """Have the thread do this, returns when it is done; where there is no thread it is done at once."""
        if self._thread is threading.current_thread() or not self._thread.is_alive():
            action()
            return
        done = self.post(action)
        while not done.wait(0.1):
            if not self._thread.is_alive():
                self._act()

    def post(self, action: Action) -> threading.Event:
        """Have the thread do this some time; the event is set when it is done."""
        done = threading.Event()
        self._actions.put((action, done))
        # A full pipe has woken it already; a closed one has nobody left to wake.
        with contextlib.suppress(OSError):
            self._wake_in.send(b"\0")
        return done

    # For the thread alone

    def watch(self, sock: socket.socket, ready: Action, events: int = READ) -> None:
        """Run `ready` whenever this socket is; a socket watched already is watched anew."""
        if sock.fileno() in self._watched:
            self._selector.modify(sock, events, ready)
        else:
            self._selector.register(sock, events, ready)
            self._watched.add(sock.fileno())

    def unwatch(self, sock: socket.socket) -> None:
        """Watch this socket no more; nothing when it is not watched."""
        if sock.fileno() in self._watched:
            self._watched.remove(sock.fileno())
            self._selector.unregister(sock)

    def later(self, seconds: float, action: Action) -> Timer:
        """Run an action once, after this many seconds."""
        timer = Timer(action)
        heappush(self._due, (time.monotonic() + seconds, next(self._numbers), timer))
        return timer

    def _run(self) -> None:
        try:
            while not self._ending:
                self._step()
        finally:
            self._act()
            self._watched.clear()
            self._selector.close()
            self._wake_in.close()
            self._wake_out.close()

    def _step(self) -> None:
        timeout = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        for key, _ in self._selector.select(timeout):
            # What ran before may have closed this one.
            if key.fd in self._watched:
                key.data()
        while self._due and self._due[0][0] <= time.monotonic():
            action = heappop(self._due)[2].action
            if action is not None:
                action()

    def _woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_out.recv(4096)
        self._act()

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

    def _end(self) -> None:
        self._ending = True
