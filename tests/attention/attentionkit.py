"""States, listeners, channels and a hall, as short to write as they are to read."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from punchsync.attention_words import message
from punchsync.core.attention import Found, Listener, Plan, Policy, State, key_of, look
from punchsync.core.moment import DAY, HOUR, Moment, parse_moment
from punchsync.core.notice import Message, Notice
from punchsync.core.outbox import Answer
from punchsync.core.quiet import Quiet
from punchsync.operations.notices import Route, Sent, send
from punchsync.problems import Refused
from punchsync.store import SqlStore
from punchsync.store.tables import notice

NOW = parse_moment("2026-11-10 09:00:00")
PATIENCE = 30.0
SILENT = Found("terminal_silent", "T1", "timeout 2026-11-09 08:00:00")


def listener(name: str = "group", *codes: str, after: int = 0) -> Listener:
    return Listener(name, dict.fromkeys(codes or ("terminal_silent", "disk_low"), after))


class Life:
    """Looks one after the other, kept as a store would keep them."""

    def __init__(self, *listeners: Listener, escalate: int = DAY) -> None:
        self.policy = Policy(listeners, escalate)
        self.states: dict[int, State] = {}
        self.notices: dict[tuple[str, str], Moment] = {}

    def look(self, now: Moment, *found: Found, blind: tuple[str, ...] = (), crash: bool = False) -> Plan:
        """One look; what it found is lost with a crash before the commit."""
        known, last = self.states.values(), max(self.states, default=0)
        plan = look(known, found, now, self.policy, told=self.notices, blind=blind, last=last)
        if not crash:
            self.states.update((s.number, s) for s in (*plan.open, *plan.refresh, *plan.close))
            for tell in plan.tell:
                assert (tell.channel, tell.key) not in self.notices, "told twice"
                self.notices[tell.channel, tell.key] = now
        return plan

    @property
    def open(self) -> list[State]:
        return [s for s in self.states.values() if s.closed_at is None]


def told(plan: Plan) -> list[tuple[str, str, str]]:
    return [(t.channel, t.step, t.state.about or t.state.code) for t in plan.tell]


class FakeChannel:
    """A channel that remembers what it was told, and answers by its script; an error in it is raised."""

    def __init__(self, name: str, *script: Answer | BaseException, cut: int = 1) -> None:
        self.name, self.script, self.cut = name, list(script), cut
        self.said: list[tuple[str, str]] = []

    def parts(self, message: Message) -> list[Message]:
        """A message in as many parts as this channel always has; raises Refused where the script says so."""
        if self.script and isinstance(self.script[0], Refused):
            raise self.script.pop(0)  # type: ignore[misc] # it is an exception
        return [message._replace(body=f"{message.body}{n or ''}") for n in range(self.cut)]

    def send(self, part: Message) -> Answer:
        self.said.append((part.subject, part.body))
        answer = self.script.pop(0) if self.script else Answer("delivered", "sent")
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Line:
    """A hall's notices for channels `a` and `b`, at a moment of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.store = SqlStore(f"sqlite:///{folder}/punchsync.db", "demo", "厅")
        self.hall: Any = SimpleNamespace(store=self.store, clock=SimpleNamespace(now=lambda: self.now), name="厅")
        self.channel = FakeChannel("a")
        self.quiet: Quiet | None = None

    def add(self, *keys: str, channel: str = "a", event: str = "disk_low") -> None:
        with self.store.writing() as work:
            for key in keys:
                assert work.notices.add(key, channel, event, f"题 {key}", "文", self.now)

    def send(self, *answers: Answer, b: Sequence[Answer] = (), stopping: Callable[[], bool] = lambda: False) -> Sent:
        self.channel.script += answers
        channels = {"a": self.channel, "b": FakeChannel("b", *b)}

        def route(name: str) -> Route | None:
            return Route(lambda: channels[name], self.quiet) if name in channels else None

        return send(self.hall, route, message, stopping)

    def rows(self) -> list[tuple[str, str, int, str]]:
        """Every notice: key, state, tries, detail."""
        columns = (notice.c.key, notice.c.state, notice.c.tries, notice.c.detail)
        with self.store.reading() as work:
            connection = work.notices._connection
            return [tuple(row) for row in connection.execute(notice.select().with_only_columns(*columns))]

    def close_for_writing(self) -> None:
        """From now on the disk is full."""

        @contextmanager
        def full() -> Iterator[Any]:
            raise OSError(28, "full")
            yield

        self.hall.store = SimpleNamespace(reading=self.store.reading, writing=full)


class Site:
    """A site as the attendant sees it, with channels that a test made."""

    def __init__(self, line: Line, folder: Path, *listeners: Listener, limits: Any) -> None:
        self.hall, self.folder, self._listeners, self._limits = line.hall, folder, listeners, limits
        self.channels = {c.name: FakeChannel(c.name) for c in listeners}

    def listeners(self) -> tuple[Listener, ...]:
        return self._listeners

    def limits(self) -> Any:
        return self._limits

    def scoring_name(self) -> str | None:
        return None

    def channel(self, name: str) -> FakeChannel:
        return self.channels[name]

    def route(self, name: str) -> Route | None:
        quiet = next((one.quiet for one in self._listeners if one.name == name), None)
        return Route(lambda: self.channels[name], quiet) if name in self.channels else None

    def personal(self) -> Any:
        return None

    def telling(self) -> AbstractContextManager[bool]:
        return nullcontext(True)


class Receiver(ThreadingHTTPServer):
    """Takes what Apprise posts as JSON; answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.status = 200
        self.heard: list[dict[str, Any]] = []

    def handle_error(self, request: Any, client_address: Any) -> None: ...


class _Door(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.heard.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()


def until(true: Callable[[], object]) -> None:
    """Wait for something; fails the test when it does not come."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.01)


__all__ = [
    "DAY", "HOUR", "NOW", "PATIENCE", "SILENT", "Answer", "FakeChannel", "Found", "Life", "Line", "Listener", "Message",
    "Notice", "Receiver", "Site", "State", "key_of", "listener", "receiving", "told", "until",
]  # fmt: skip
