"""The filters of a unit, put into the kernel by libseccomp as systemd does it: what may be called, and with what."""

from __future__ import annotations

import ctypes
import errno
import socket
from collections.abc import Callable, Iterable

ALLOW = 0x7FFF0000
NE, LT, LE, EQ, GE, GT, MASKED = 1, 2, 3, 4, 5, 6, 7
NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
SET_ID_BITS = (0o4000, 0o2000)
WRITE_EXECUTE, EXECUTE, SHM_EXECUTE = 0x6, 0x4, 0o100000


class Argument(ctypes.Structure):
    """A condition on one argument of a call."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def refused(number: int) -> int:
    """The action that answers a call with an error."""
    return 0x00050000 | number


class Filter:
    """One filter; several may be loaded, and a call must pass all."""

    def __init__(self, otherwise: int) -> None:
        self._library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._library.seccomp_rule_add_array.argtypes = [
            ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(Argument),
        ]  # fmt: skip
        self._context = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(otherwise)))

    def add(self, action: int, call: str, *conditions: tuple[int, int, int, int]) -> bool:
        """A rule for a call; False where this machine has no such call."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return False
        array = (Argument * max(1, len(conditions)))(*(Argument(*c) for c in conditions))
        done = self._library.seccomp_rule_add_array(self._context, action, number, len(conditions), array)
        if done not in (0, -errno.EEXIST):
            raise OSError(-done, f"seccomp rule for {call}")
        return True

    def load(self) -> None:
        """Let the kernel hold to it from now on."""
        done = self._library.seccomp_load(self._context)
        if done:
            raise OSError(-done, "seccomp_load")


def only(calls: Iterable[str], number: int) -> None:
    """Every call but these is refused with an error."""
    made = Filter(refused(number))
    for call in sorted(calls):
        made.add(ALLOW, call)
    made.load()


def families(names: Iterable[str]) -> None:
    """Sockets of these address families only."""

    def add(made: Filter) -> None:
        allowed = sorted(int(getattr(socket, name)) for name in names)
        no = refused(errno.EAFNOSUPPORT)
        made.add(no, "socket", (0, LT, allowed[0], 0))
        made.add(no, "socket", (0, GT, allowed[-1], 0))
        for family in range(allowed[0] + 1, allowed[-1]):
            if family not in allowed:
                made.add(no, "socket", (0, EQ, family, 0))

    _with(add)


def no_namespaces() -> None:
    """RestrictNamespaces; clone3, whose arguments a filter can't see, does not exist."""

    def add(made: Filter) -> None:
        made.add(refused(errno.ENOSYS), "clone3")
        made.add(refused(errno.EPERM), "setns")
        for flag in NAMESPACES:
            for call in ("unshare", "clone"):
                made.add(refused(errno.EPERM), call, (0, MASKED, flag, flag))

    _with(add)


def no_writable_code() -> None:
    """MemoryDenyWriteExecute as systemd before 253 does it, which is the stricter way."""

    def add(made: Filter) -> None:
        made.add(refused(errno.EPERM), "mmap", (2, MASKED, WRITE_EXECUTE, WRITE_EXECUTE))
        made.add(refused(errno.EPERM), "mprotect", (2, MASKED, EXECUTE, EXECUTE))
        made.add(refused(errno.EPERM), "pkey_mprotect", (2, MASKED, EXECUTE, EXECUTE))
        made.add(refused(errno.EPERM), "shmat", (2, MASKED, SHM_EXECUTE, SHM_EXECUTE))

    _with(add)


def no_set_id_files() -> None:
    """RestrictSUIDSGID."""

    def add(made: Filter) -> None:
        for bit in SET_ID_BITS:
            for call, place in (
                ("chmod", 1),
                ("fchmod", 1),
                ("fchmodat", 2),
                ("mkdir", 1),
                ("mkdirat", 2),
                ("open", 2),
            ):
                made.add(refused(errno.EPERM), call, (place, MASKED, bit, bit))
            made.add(refused(errno.EPERM), "openat", (3, MASKED, bit, bit))

    _with(add)


def no_realtime() -> None:
    """RestrictRealtime: no scheduler above the ordinary ones."""

    def add(made: Filter) -> None:
        made.add(refused(errno.EPERM), "sched_setscheduler", (1, GT, 5, 0))
        for policy in (1, 2):
            made.add(refused(errno.EPERM), "sched_setscheduler", (1, EQ, policy, 0))

    _with(add)


def no_personality() -> None:
    """LockPersonality: it stays the ordinary one."""
    _with(lambda made: made.add(refused(errno.EPERM), "personality", (0, NE, 0, 0)) and None)


def _with(add: Callable[[Filter], object]) -> None:
    made = Filter(ALLOW)
    add(made)
    made.load()
