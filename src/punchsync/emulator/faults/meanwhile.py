"""What happens at the device while a client is at work: done once, just before a command is answered.

`Device.before` does the same for anything else. DATA_WRRQ: between counting and reading. READ_BUFFER: during
the transfer.
"""

from datetime import datetime

from punchsync.emulator.device import Device


def punch_before(
    device: Device, command: int, user_id: str, at: datetime | None = None, verify: int = 1, state: int = 0
) -> None:
    """Let a person punch once, just before the next such command is answered.

    DATA_WRRQ: between counting and reading. READ_BUFFER: during the transfer.
    """
    device.before(command, lambda: device.punch(user_id, at, verify=verify, state=state))


def clear_before(device: Device, command: int) -> None:
    """Let an administrator clear the log at the device."""
    device.before(command, device.clear_log)


def clock_before(device: Device, command: int, shown: datetime) -> None:
    """Let an administrator set the clock at the device."""
    device.before(command, lambda: device.set_clock(shown))
