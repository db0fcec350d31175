"""The faults by name with their parameters, as a scenario file says them.

A knob says what a parameter may be. Every fault that looks at frames one by one also has `commands` (the
command numbers it applies to), `skip` and `times` (0: without end); see `step.only`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from punchsync.emulator import faults
from punchsync.emulator.faults.step import Fault, chain, only
from punchsync.emulator.wire import Answer, Command, Packet

Value = int | float | bool | bytes | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    default: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Real:
    """A number."""

    default: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    default: bool = False


@dataclass(frozen=True, slots=True)
class Hex:
    """Bytes as hexadecimal digits."""

    default: bytes


@dataclass(frozen=True, slots=True)
class Wholes:
    """A list of whole numbers from 0 to `high`."""

    default: tuple[int, ...]
    high: int


Knob = Whole | Real | Flag | Hex | Wholes


@dataclass(frozen=True, slots=True)
class Named:
    """A fault that can be said by name; those of a lower rank look at frames before those of a higher."""

    make: Callable[..., Fault]
    knobs: Mapping[str, Knob]
    rank: int


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """A named fault with its parameters as read."""

    name: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


def make(*plans: FaultPlan) -> Fault:
    """Give the fault made of these, those that look at frames first; fresh, with its counts at zero."""
    in_order = sorted(plans, key=lambda plan: FAULTS[plan.name].rank)
    if not in_order:
        return faults.clean
    return chain(*(FAULTS[plan.name].make(**plan.values) for plan in in_order))


def _chosen(fault: Callable[..., Fault], rank: int, commands: tuple[int, ...] = (), **knobs: Knob) -> Named:
    def made(commands: tuple[int, ...], skip: int, times: int, **values: Value) -> Fault:
        return only(fault(**values), *commands, skip=skip, times=times or None)

    return Named(made, knobs | {"commands": Wholes(commands, 0xFFFF), **_COUNTS}, rank)


def _moved(fault: Callable[..., Fault], **knobs: Knob) -> Named:
    def made(commands: tuple[int, ...], skip: int, times: int, **values: Value) -> Fault:
        return fault(*commands, skip=skip, times=times or None, **values)

    return Named(made, knobs | {"commands": Wholes(_DATA, 0xFFFF), **_COUNTS}, 1)


_COUNTS = {"skip": Whole(0, 0, 1_000_000), "times": Whole(0, 0, 1_000_000)}
_DATA = (int(Command.DATA),)
_EVENT = Packet(Command.REG_EVENT, 1, 0, bytes(32))
_MS = Real(0, 0, 3_600_000)

FAULTS: Mapping[str, Named] = MappingProxyType(
    {
        "checksum": _chosen(faults.corrupt_checksum, 0),
        "short": _chosen(lambda bytes: faults.short_chunk(bytes), 0, _DATA, bytes=Whole(40, 1, 65_536)),
        "long": _chosen(lambda hex: faults.long_chunk(hex), 0, _DATA, hex=Hex(bytes(40))),
        "count": Named(faults.lie_count, {"delta": Whole(1, -1_000_000, 1_000_000)}, 0),
        "busy": Named(
            faults.busy, {"times": Whole(1, 1, 1_000_000), "code": Whole(int(Answer.ACK_RETRY), 0, 0xFFFF)}, 0
        ),
        "event": Named(
            lambda skip, times: faults.interject(_EVENT, skip, times),
            {"skip": Whole(0, 0, 1_000_000), "times": Whole(1, 1, 1_000_000)},
            0,
        ),
        "reply": _chosen(faults.wrong_reply, 0, delta=Whole(1, -65_535, 65_535)),
        "session": _chosen(faults.wrong_session, 0, delta=Whole(1, -65_535, 65_535)),
        "lose": _chosen(faults.lose, 1, _DATA),
        "duplicate": _chosen(faults.duplicate, 1, _DATA, copies=Whole(2, 2, 100)),
        "late": _moved(faults.late, frames=Whole(1, 1, 1_000_000), answers=Whole(0, 0, 1_000_000)),
        "reorder": _moved(faults.reorder),
        "garbage": _chosen(lambda hex: faults.garbage(hex), 2, hex=Hex(b"\x00\xff noise")),
        "truncate": _chosen(lambda bytes: faults.truncate(bytes), 2, _DATA, bytes=Whole(1, 1, 65_536)),
        "drop": Named(
            faults.drop_mid_transfer,
            {"times": Whole(1, 1, 1_000_000), "keep": Real(0.5, 0, 1), "reset": Flag()},
            2,
        ),
        "reboot": Named(
            faults.reboot_mid_transfer,
            {"seconds": Real(60, 0, 86_400), "keep": Real(0.5, 0, 1), "skip": Whole(0, 0, 1_000_000)},
            2,
        ),
        "cut": Named(
            lambda bytes, reset: faults.cut_after(bytes, reset),
            {"bytes": Whole(1000, 0, 1 << 30), "reset": Flag()},
            3,
        ),
        "coalesce": Named(faults.coalesce, {}, 3),
        "split": Named(lambda at: faults.split_at(*at), {"at": Wholes((1, 9), 65_536)}, 4),
        "dribble": Named(
            lambda bytes, ms: faults.dribble(bytes, ms / 1000), {"bytes": Whole(1, 1, 65_536), "ms": _MS}, 4
        ),
        "stall": _chosen(lambda ms: faults.stall(ms / 1000), 4, _DATA, ms=_MS),
        "pace": Named(lambda ms: faults.pace(ms / 1000), {"ms": _MS}, 5),
        "delay": Named(lambda ms: faults.delay(ms / 1000), {"ms": _MS}, 5),
    }
)
