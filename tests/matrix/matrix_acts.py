"""What is done to a terminal, or to what it sends, so that something goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from struct import pack
from typing import Any

from matrix_scene import AGAIN, DAY, FIRST, HISTORY, Scene

from punchsync.emulator import Record, User, faults, wire
from punchsync.emulator.faults import Fault as Wrong
from punchsync.emulator.faults.step import framewise
from punchsync.emulator.wire import Command, Packet

DATA, PREPARE, COUNT, CHUNK = Command.DATA, Command.DATA_WRRQ, Command.FREE_SIZES, Command.READ_BUFFER
EVER = 1_000_000
GONE = 30.0
"""Seconds that are longer than any read."""
FEBRUARY_31 = wire.pack_fields(2026, 2, 31, 8, 0, 0)
DEAD = DAY.replace(year=2000, month=1, day=1, minute=5)

Arm = Callable[[Scene], object]
EVENT = Packet(Command.REG_EVENT, 1, 0, b"1001".ljust(24, b"\0") + bytes(8))


def nothing(scene: Scene) -> None:
    """All is well."""


def wrong(make: Callable[[], Wrong]) -> Arm:
    """A fault of answers from the beginning of the read on."""
    return lambda scene: scene.suffers(make())


def once(command: int, make: Callable[[], Wrong], skip: int = 0) -> Arm:
    """A fault of the answer to one request."""
    return lambda scene: scene.suffers_at(command, make(), skip, once=True)


def since(command: int, make: Callable[[], Wrong]) -> Arm:
    """A fault of all answers from that to a request on."""
    return lambda scene: scene.suffers_at(command, make())


def model(**traits: object) -> Arm:
    """Another model of terminal."""
    return lambda scene: scene.change(**traits)


def code(command: int, number: int) -> Arm:
    """One answer that is this code alone."""
    return once(command, lambda: faults.busy(EVER, number))


# Answers changed by hand


def senseless() -> Wrong:
    """A time that is none."""
    return payload(lambda _: pack("<I", FEBRUARY_31))


def payload(change: Callable[[bytes], bytes]) -> Wrong:
    """Every frame with another payload."""
    return framewise(lambda _, packet: [wire.frame(replace(packet, payload=change(packet.payload)))])


def with_event(data: bytes) -> list[bytes]:
    """An event before every frame."""
    return [wire.frame(EVENT), data] if data else []


def each(number: int, command: int) -> Callable[[Packet], Sequence[Packet]]:
    """A way in on which every so many-th request of a kind is lost."""
    seen = 0

    def way(packet: Packet) -> Sequence[Packet]:
        nonlocal seen
        seen += packet.command == command
        return [] if packet.command == command and seen % number == 0 else [packet]

    return way


def whole_log(packet: Packet) -> Sequence[Packet]:
    """A terminal that does not look at what stretch of its log is asked for."""
    ranged = packet.command == PREPARE and packet.payload[1:3] == pack("<h", 10_004)
    return [replace(packet, payload=pack("<bhii", 1, 13, 0, 0))] if ranged else [packet]


def no_users(packet: Packet) -> Sequence[Packet]:
    """A terminal that gives no list of users."""
    users = packet.command == PREPARE and packet.payload[1:3] == pack("<h", 9)
    return [replace(packet, payload=pack("<bhii", 1, 77, 0, 0))] if users else [packet]


# Things that happen at the terminal


def counts(times: float) -> Arm:
    """So many times as many records counted as there are."""

    def arm(scene: Scene) -> None:
        scene.change(sizes={8: int(scene.device.record_count * times)})
        # By what it says of itself its records have 8 bytes now.
        scene.slotted = scene.slotted or (scene.layout, times) == ("16", 2)

    return arm


def off(records: int, more: int = 0) -> Arm:
    """A total that is off by so many records and bytes."""
    return lambda scene: scene.change(total_off=records * int(scene.layout.rstrip("bp")) + more)


def lost_rows(scene: Scene) -> None:
    """The log is full, and has room for none of those that were read."""
    scene.punch(*(100 + n % 70 for n in range(HISTORY)))


def cleared(scene: Scene) -> None:
    """An administrator empties the log; what nobody read is gone; people punch before it is read again."""
    scene.device.clear_log()
    scene.mends.append(lambda: scene.punch(181, 182))


def refilled(count: int) -> Arm:
    """The log was cleared since it was read, and holds so many records again."""

    def arm(scene: Scene) -> None:
        scene.device.clear_log()
        scene.punch(*(70 + n % 100 for n in range(count)))

    return arm


def cleared_and_punched(scene: Scene) -> None:
    """The log is emptied and has records again before it is read."""

    def act() -> None:
        scene.device.clear_log()
        scene.punch(170, 171, 172)

    scene.during(PREPARE, act)


def all_logs_in_chunks(then: Arm) -> Arm:
    """The same with an inline answer for nothing."""

    def arm(scene: Scene) -> None:
        scene.change(inline_limit=0)
        then(scene)

    return arm


def strange(reason: str, *times: Any, user: str = "", raw: Callable[[Scene], bytes] | None = None) -> Arm:
    """Records among the new ones that are no punches, or odd."""

    def arm(scene: Scene) -> None:
        for time in times:
            scene.add(user or scene.people[0], time, reason=reason, raw=raw and raw(scene))
            scene.punch(150)
        scene.punch(151, 152)

    return arm


def unreadable(scene: Scene) -> bytes:
    """A record whose user id is no text."""
    forty = pack("<H24sBIB8s", 1, b"\xff\xfe\x80", 1, wire.pack_time(DAY.replace(hour=14)), 0, bytes(8))
    return {"49": forty + bytes(9), "49p": b"\xff255" + bytes(5) + forty}.get(scene.layout, forty)


def odd_codes(scene: Scene) -> None:
    """Ways of verifying that no terminal is known to write."""
    scene.add(scene.people[1], FIRST + timedelta(minutes=100), 77, 0, "odd_code")
    scene.add(scene.people[2], FIRST + timedelta(minutes=101), 1, 200, "odd_code")


def duplicates(scene: Scene) -> None:
    """One record three times, and one of those read before once more."""
    for _ in range(3):
        scene.add(scene.people[1], FIRST + timedelta(minutes=100), 1, 0)
    scene.device.store([replace(scene.device.records[HISTORY - 5])])


def deleted(scene: Scene) -> None:
    """Somebody who punched is no user any more."""
    scene.device.remove(scene.people[2])
    scene.doubted[3] = "unknown_slot"


def given_away(scene: Scene) -> None:
    """Somebody's slot is another's now, who punches too."""
    scene.device.enrol("555", slot=3)
    scene.doubted[3] = "changed_slot"
    scene.add("555", FIRST + timedelta(minutes=120))


def enrolled(scene: Scene) -> None:
    """Somebody new."""
    scene.device.enrol("555")
    scene.add("555", FIRST + timedelta(minutes=120))


def serial(number: str) -> Arm:
    """Another terminal's serial number, of a terminal that is read too if it is S2."""

    def arm(scene: Scene) -> None:
        scene.device.serial = "S2"
        if number == "S2":
            scene.poll("t2")
        scene.device.serial = number
        scene.terminal.asked.seen.clear()
        scene.mends.append(lambda: setattr(scene.device, "serial", "S1"))

    return arm


def other_log(scene: Scene) -> None:
    """The same serial number, and the log of another: it begins before what is known, and lacks it."""
    was = scene.device.records
    scene.log(
        Record(1, scene.people[0], wire.pack_time(FIRST - timedelta(hours=3, minutes=n, seconds=7))) for n in range(99)
    )
    scene.mends.append(lambda: scene.log(was))


def replaced(scene: Scene) -> None:
    """Another device stands in its place, which the hall knows; what it brought from elsewhere is nobody's here."""
    scene.hall.full = scene.hall.replaced = True
    scene.device.replace("S9", [User(n, user) for n, user in enumerate(scene.people, 1)])
    for n in range(HISTORY):
        at = FIRST - timedelta(minutes=HISTORY - n - 20)
        scene.add(scene.people[n % 5], at, reason="foreign" if at <= FIRST else "")

    def mend() -> None:
        scene.hall.full = scene.hall.replaced = False

    scene.mends.append(mend)


def updated(scene: Scene) -> None:
    """New firmware writes the log in another layout."""
    scene.change(layout={"40": "49", "49": "40", "40p": "49p", "49p": "40p"}[scene.layout])


def no_layout(scene: Scene) -> None:
    """Records of a length that nobody knows."""
    was, size = scene.device.records, int(scene.layout.rstrip("bp")) - 1
    scene.log(replace(record, raw=bytes([n % 251]) * size) for n, record in enumerate(was))
    scene.mends.append(lambda: scene.log(was))


def wrong_clock(scene: Scene) -> None:
    """The clock was set back for a while, and people punched."""
    for day in (3, 2):
        scene.add(scene.people[0], FIRST - timedelta(days=day, minutes=7))
        scene.add(scene.people[1], FIRST - timedelta(days=day, minutes=3))
    scene.punch(160)


def clock_to_be_set(scene: Scene) -> None:
    """The clock is an hour ahead, and the hall wants it set."""
    scene.device.set_clock(AGAIN + timedelta(hours=1))
    scene.hall.address = replace(scene.hall.address, set_clock=60)


def keyed(key: int) -> Arm:
    """Somebody gives the terminal another key."""

    def arm(scene: Scene) -> None:
        was, scene.device.comm_key = scene.device.comm_key, key
        scene.mends.append(lambda: setattr(scene.device, "comm_key", was))

    return arm


def client_inside(scene: Scene) -> None:
    """Somebody else is connected."""
    scene.another_client()


def reboots(seconds: float) -> Arm:
    """The terminal is gone in mid-transfer for so long."""
    return wrong(lambda: faults.reboot_mid_transfer(seconds))


def lost(command: int, *numbers: int) -> Arm:
    """These frames of an answer are lost."""
    return once(command, lambda: faults.lose(*numbers))


def first(command: int, copies: int) -> Callable[[Packet], Sequence[Packet]]:
    """A way in on which the first request of a kind is lost (0 copies) or doubled (2)."""
    left = 1

    def way(packet: Packet) -> Sequence[Packet]:
        nonlocal left
        if packet.command == command and left:
            left = 0
            return [packet] * copies
        return [packet]

    return way


def copies_late() -> Wrong:
    """Each answer once more when the next one is complete."""
    before: list[bytes] = []
    now: list[bytes] = []

    def copied(data: bytes) -> list[bytes]:
        if data:
            now.append(data)
            return [data]
        late = list(before)
        before[:] = now
        now.clear()
        return late

    return copied


def doubled_but(*commands: int) -> Callable[[Packet], Sequence[Packet]]:
    """A way in on which all requests but these come twice."""
    return lambda packet: [packet] if packet.command in commands else [packet, packet]
