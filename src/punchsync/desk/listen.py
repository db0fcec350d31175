"""Serves an application at an address, on a thread of its own that ends within a second or two of being told to."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Final

import uvicorn

from punchsync.desk.bounded import HEAD, BoundedProtocol
from punchsync.desk.place import Place, occupied, place_of, refused
from punchsync.texts import _

AT_ONCE: Final = 100
"""Connections, and requests under way, at one time; those beyond get 503."""
IDLE: Final = 5
"""Seconds that a connection is kept between two requests."""
LAST_WORDS: Final = 1
"""Seconds that a request under way has to end in."""
STARTING: Final = 10.0
TICK: Final = 1.0
"""Seconds between two looks at the clock, for the `Date` of answers; uvicorn's own tenth of one wakes the machine."""


class Server(uvicorn.Server):
    """The server, which sleeps while nobody asks."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    async def main_loop(self) -> None:
        """Until told to end."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK)

    def end(self) -> None:
        """End, from any thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it is closed already
                self._loop.call_soon_threadsafe(self._told.set)


class Listener:
    """Listens at `host:port` from `start` to `end`; nothing is bound before."""

    def __init__(self, app: Any, listen: str) -> None:
        self._listen = listen
        self._place = place_of(listen)
        self._sockets: list[socket.socket] = []
        # It sets no signal handlers off the main thread, and none of its logging: a stranger's bad request is no news.
        self._server = Server(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=BoundedProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=AT_ONCE,
                timeout_keep_alive=IDLE,
                timeout_graceful_shutdown=LAST_WORDS,
                h11_max_incomplete_event_size=HEAD,
                workers=1,
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=[self._sockets], name="desk", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, with the port that it got."""
        port = self._sockets[0].getsockname()[1] if self._sockets else self._place.port
        return Place(self._place.host, port).show()

    def start(self) -> None:
        """Listen, and return when requests are answered. Raises Refused for a bad address, Occupied for a taken one."""
        self._sockets += bound(self._listen, self._place)
        self._thread.start()
        give_up = time.monotonic() + STARTING
        while not self._server.started and self._thread.is_alive() and time.monotonic() < give_up:
            time.sleep(0.005)
        if not self._server.started:
            self.end()
            raise RuntimeError(self._listen)

    def end(self) -> None:
        """Accept nothing more, and end what is under way."""
        self._server.end()
        if not self._thread.is_alive():
            for each in self._sockets:
                each.close()

    def ended(self, grace: float) -> bool:
        """Whether it ended, waiting for it so many seconds."""
        if self._thread.ident is not None:
            self._thread.join(grace)
        return not self._thread.is_alive()


def bound(listen: str, place: Place) -> list[socket.socket]:
    """Sockets that listen at all that a host's name means; raises Refused or Occupied."""
    made: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((family, address) for family, _kind, _proto, _name, address in found):
            # Only of sockets that say they are TCP's does asyncio send small answers at once; others wait for 40 ms.
            here = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            made.append(here)
            here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            here.bind(address)
            here.listen(AT_ONCE)
            if not place.port:
                break  # another family would get another port
    except (OSError, UnicodeError) as error:
        for each in made:
            each.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise occupied(listen) from None
        words = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise refused(listen, _("不能在 {listen} 监听（{error}）").format(listen=listen, error=words)) from None
    return made
