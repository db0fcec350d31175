"""What holds the press's process: it ends with its parent, gives way to others, and takes only so much memory."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
from contextlib import suppress
from typing import Final

MEMORY: Final = 640 * 2**20
"""Bytes of its own that the process may have; the service has 1 GiB (MemoryMax), and where a process of it is ended for
want of memory, systemd ends the whole service. Own bytes (RLIMIT_DATA), not addresses (RLIMIT_AS): typst maps font
files and every thread reserves addresses that nobody ever writes to."""
FILE: Final = 256 * 2**20
"""Bytes of a file that it may write."""
_PDEATHSIG: Final = 1


def hold(parent: int) -> None:
    """Puts this process on the leash of its parent; exits where that one has already gone.

    It ends when the thread that started it ends, so that one has to wait for it.
    What the system refuses (a unit's filter of system calls) is left out; the unit's own limits hold then.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)
    with suppress(OSError):
        os.nice(10)
    for which, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):
            _soft, hard = resource.getrlimit(which)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(which, (least, least))


def give_back() -> None:
    """Hands memory that lies idle back to the system: a form's leavings need not lie below the next one's."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
