"""One terminal in a played scenario: built from its plan, and what an event does to it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from punchsync.emulator.device import Device
from punchsync.emulator.faults import Fault, chain, drop_mid_transfer, lose, only
from punchsync.emulator.faults.named import FaultPlan, make
from punchsync.emulator.happening import Event
from punchsync.emulator.layout import read_row
from punchsync.emulator.logfile import LogRow
from punchsync.emulator.loop import Loop
from punchsync.emulator.plan import TerminalPlan
from punchsync.emulator.server import EmulatedTerminal
from punchsync.emulator.traits import Record
from punchsync.emulator.wire import Command


def built(plan: TerminalPlan, now: Callable[[], datetime], host: str, loop: Loop) -> EmulatedTerminal:
    """Give the terminal of a plan, not started, in a hall whose time is `now`, to be served by this loop."""
    device = Device(
        plan.serial,
        comm_key=plan.comm_key,
        users=plan.users,
        capacity=plan.capacity,
        user_capacity=plan.user_capacity,
        traits=plan.traits,
        now=now,
        clock_offset=plan.clock_offset,
        drift_ppm=plan.drift_ppm,
    )
    device.store(_records(device, plan.rows))
    pace = [FaultPlan("pace", {"ms": plan.frame_pause_ms})] if plan.frame_pause_ms else []
    faults = make(*plan.faults, *pace)
    return EmulatedTerminal(device, host, plan.port, faults, second=plan.second, transport=plan.transport, loop=loop)


class Actor:
    """A terminal that events happen to; a fault set by an event takes the place of the one set before."""

    def __init__(self, terminal: EmulatedTerminal, own: Fault) -> None:
        self._terminal = terminal
        self._own = own

    def happen(self, event: Event) -> None:
        """Let an event happen at its time, however late it is now; moving a terminal changes nothing in it."""
        terminal, device = self._terminal, self._terminal.device
        match event.do:
            case "punch":
                device.punch(event.user_id, device.clock_at(event.at), verify=event.verify, state=event.state)
            case "enrol":
                device.enrol(event.user_id, event.name, slot=event.slot)
            case "remove":
                device.remove(event.user_id)
            case "unplug" | "reboot":
                terminal.unplug()
            case "plug":
                terminal.plug()
            case "clear":
                device.clear_log()
            case "set_clock" if event.to is not None:
                device.set_clock(event.to, event.at)
            case "battery":
                device.lose_battery(event.at)
            case "replace":
                device.replace(event.serial, event.users)
                device.store(_records(device, event.rows))
                terminal.drop(reset=True)
            case "drop":
                terminal.faults = chain(drop_mid_transfer(event.reads), self._own)
            case "lose":
                terminal.faults = chain(only(lose(), Command.DATA, times=event.reads), self._own)
            case "fault" if event.fault is not None:
                terminal.faults = chain(make(event.fault), self._own)
            case "mend":
                terminal.faults = self._own


def _records(device: Device, rows: Iterable[LogRow]) -> Iterable[Record]:
    for row in rows:
        if row.raw is not None:
            yield read_row(row.raw, device.traits.layout)
        else:
            yield Record(device.uid_of(row.user_id), row.user_id, row.time, row.verify, row.state)
