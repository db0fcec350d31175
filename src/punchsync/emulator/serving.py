"""What a terminal does in its thread: take packets from the door, answer them through the faults, send events.

It is one generator that yields what it waits for: seconds, a client that can't take more, or nothing to do.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from punchsync.emulator import session as sessions
from punchsync.emulator import wire
from punchsync.emulator.device import Device
from punchsync.emulator.door import Calls, Client, Door, GoneError
from punchsync.emulator.faults import Cut, Fault, Pause, Reboot, Step
from punchsync.emulator.loop import Loop, Timer
from punchsync.emulator.traits import Record
from punchsync.emulator.wire import Packet

_Wish = float | Client | None


class Serving:
    """A device behind a door; all methods belong to the loop's thread. `faults` gives the present fault."""

    def __init__(self, device: Device, loop: Loop, door: Callable[[Calls], Door], faults: Callable[[], Fault]) -> None:
        self.door = door(Calls(self._came, self._parted))
        self._device = device
        self._loop = loop
        self._faults = faults
        self._work = self._working()
        self._running = False
        self._idle = True
        self._timer: Timer | None = None

    def announce(self, record: Record) -> None:
        """Have the client told of a punch, if there is one that asked for it."""
        client = self.door.client
        if client is not None:
            told = sessions.event(record, client.session, self._device.traits.event_bytes)
            if told is not None:
                client.events.append(told)
                self._came()

    def plug(self) -> None:
        """Let clients in."""
        self.door.open()

    def unplug(self) -> None:
        """Refuse new clients and let the present one go, in this order: who sees it ended finds nobody there."""
        self.door.shut()
        self.part(reset=True)

    def reboot(self, seconds: float) -> None:
        """Be away for so long."""
        self.unplug()
        self._loop.later(seconds, self.plug)

    def part(self, reset: bool) -> None:
        """Let the client go."""
        self.door.part(self.door.client, reset)

    def last(self) -> None:
        """Give up the port and let the client go."""
        self.door.close()
        self.part(reset=True)
        self.door.inbox.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _came(self) -> None:
        if self._idle:
            self._go_on()

    def _parted(self, client: Client) -> None:
        # A terminal left disabled by a client that went away takes punches again.
        self._device.set_enabled(True)
        self._go_on()

    def _go_on(self) -> None:
        # What is running already will see for itself.
        if self._running:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._running = True
        try:
            wish = next(self._work, None)
        finally:
            self._running = False
        self._idle = wish is None
        if isinstance(wish, Client):
            wish.writable(self._go_on)
        elif wish is not None:
            self._timer = self._loop.later(wish, self._go_on)

    def _working(self) -> Iterator[_Wish]:
        while True:
            present = self.door.client
            if self.door.inbox:
                client, packet = self.door.inbox.popleft()
                with suppress(GoneError):
                    yield from self._answer(client, packet)
            elif present is not None and present.events:
                with suppress(GoneError):
                    yield from self._transmit(present, [present.events.popleft()])
            else:
                yield None

    def _answer(self, client: Client, packet: Packet) -> Iterator[_Wish]:
        client.require()
        client.session, replies = sessions.respond(self._device, client.session, packet)
        # What the device did before answering may have sent the client away.
        client.require()
        yield from self._transmit(client, replies)
        self.door.answered(client, packet)

    def _transmit(self, client: Client, packets: Iterable[Packet]) -> Iterator[_Wish]:
        for packet in packets:
            for step in self._faults()(wire.frame(packet)):
                yield from self._take(client, step)
        for step in self._faults()(b""):
            yield from self._take(client, step)

    def _take(self, client: Client, step: Step) -> Iterator[_Wish]:
        if isinstance(step, bytes):
            sent = client.send(step)
            while sent < len(step):
                yield client
                client.require()
                sent += client.send(step[sent:])
        elif isinstance(step, Pause):
            until = time.monotonic() + step.seconds
            while (left := until - time.monotonic()) > 0:
                yield left
                client.require()
        elif isinstance(step, Cut):
            self.door.part(client, step.reset)
        elif isinstance(step, Reboot):
            self.reboot(step.seconds)
        client.require()
