"""What the service tells systemd, by sd_notify(3): datagrams of `KEY=value` lines to the socket in `NOTIFY_SOCKET`.

Without that variable nothing happens, and a manager that can't be told never keeps the service from its work.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress


def ready() -> None:
    """The service is up, or has finished reloading."""
    _tell("READY=1")


def reloading() -> None:
    """The settings are being read anew; `ready` ends it."""
    _tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    """The service is on its way out."""
    _tell("STOPPING=1")


def watchdog() -> None:
    """The service is alive; said at every `interval`."""
    _tell("WATCHDOG=1")


def status(text: str) -> None:
    """One line for `systemctl status`, in any language."""
    _tell("STATUS=" + " ".join(text.split()))


def interval() -> float | None:
    """Seconds from one `watchdog` to the next, half of what the manager allows; None where no process is watched."""
    allowed, pid = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not _number(allowed) or (pid and pid != str(os.getpid())):
        return None
    return int(allowed) / 2_000_000


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0


def _tell(*lines: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    # A leading @ stands for the zero byte of an abstract address.
    if address.startswith("@"):
        address = "\0" + address[1:]
    elif not address.startswith("/"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.connect(address)
        channel.send("\n".join(lines).encode())
