#!/usr/bin/env python3
"""Runs a command under the limits of a systemd unit, without systemd: limits.py UNIT FOLDER -- COMMAND …

FOLDER takes the place of the unit's state directory, the only one that can be written. What a kernel or a container
does not permit is left out. Before the command begins, one line of JSON on stderr says what was applied and what was
not; nothing of the unit is passed over in silence. Standard library only, for it must not need what it shuts in.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import seccomp
import unit

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 61873
"""A user whom no machine has."""
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
CLONE_NEWNS = 0x20000
NO_NEW_PRIVS, CAPBSET_DROP, SET_MDWE = 38, 24, 65
HOMES = ("/home", "/root", "/run/user")
TEMPORARY = ("/tmp", "/var/tmp")
DEVICES = ("null", "zero", "full", "random", "urandom")
ELSEWHERE = {
    "Type", "NotifyAccess", "ExecStart", "ExecReload", "Restart", "RestartSec", "RestartPreventExitStatus",
    "TimeoutStartSec", "TimeoutStopSec", "KillMode", "WatchdogSec", "StateDirectory", "StateDirectoryMode",
    "Group", "SystemCallErrorNumber", "AmbientCapabilities",
}  # fmt: skip
"""What a manager does with a service, or what stands within another setting; nothing that shuts a process in."""

libc = ctypes.CDLL(None, use_errno=True)


class NotHere(Exception):
    """Why a limit could not be applied."""


def check(result: int) -> None:
    """Raise NotHere with the system's reason for a call that failed."""
    if result != 0:
        raise NotHere(os.strerror(ctypes.get_errno()))


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    texts = [t.encode() if t is not None else None for t in (source, target, kind)]
    check(libc.mount(*texts, ctypes.c_ulong(flags), data.encode() if data else None))


class Folders:
    """What the service sees of the file system: all of it read-only, but for its own folder."""

    def __init__(self, writable: Path) -> None:
        self._writable = writable
        check(libc.unshare(CLONE_NEWNS))
        mount("none", "/", None, MS_REC | MS_PRIVATE)
        self._needed = {path: os.open(path, os.O_PATH) for path in self._seen()}

    def _seen(self) -> list[Path]:
        """What must be seen though it may lie in a hidden folder: Python, its packages, the source, the site."""
        return sorted({Path(sys.base_prefix), Path(sys.prefix), ROOT / "src", ROOT / "config", self._writable})

    def hide(self, hidden: tuple[str, ...], mode: str) -> None:
        """Empty folders in place of some, with what is needed put back in."""
        for folder in hidden:
            if not Path(folder).is_dir():
                continue
            mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, f"mode={mode}")
            for path, handle in self._needed.items():
                if path.is_relative_to(folder):
                    path.mkdir(parents=True, exist_ok=True)
                    mount(f"/proc/self/fd/{handle}", str(path), None, MS_BIND | MS_REC)

    def devices(self) -> None:
        """PrivateDevices: those that do no harm."""
        handles = {name: os.open(f"/dev/{name}", os.O_PATH) for name in DEVICES}
        mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=0755")
        for name, handle in handles.items():
            Path("/dev", name).touch()
            mount(f"/proc/self/fd/{handle}", f"/dev/{name}", None, MS_BIND)

    def read_only(self) -> None:
        """ProtectSystem=strict: every mount, but the service's own folder and the temporary ones."""
        own = str(self._writable)
        mount(own, own, None, MS_BIND)
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            place = re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), line.split()[4])
            if place in (own, *TEMPORARY) or place.startswith(("/proc", "/sys", "/dev/")):
                continue
            kept = sum(
                {"nosuid": 2, "nodev": 4, "noexec": 8, "noatime": 1024, "relatime": 1 << 21}.get(word, 0)
                for word in line.split()[5].split(",")
            )
            try:
                mount("none", place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)
            except NotHere:
                # A mount that another one covers can't be reached, nor written to.
                if os.path.ismount(place) and not os.statvfs(place).f_flag & os.ST_RDONLY:
                    raise

    def processes(self) -> None:
        """ProtectProc and ProcSubset: a service's own processes only."""
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | 8, "hidepid=invisible,subset=pid")

    def kernel(self) -> None:
        """/sys can be read only."""
        mount("/sys", "/sys", None, MS_BIND | MS_REC)
        mount("none", "/sys", None, MS_REMOUNT | MS_BIND | MS_RDONLY)


def no_capabilities() -> None:
    """An empty CapabilityBoundingSet."""
    for number in range(64):
        if libc.prctl(CAPBSET_DROP, number, 0, 0, 0) != 0:
            if ctypes.get_errno() == errno.EINVAL and number > 35:
                return
            raise NotHere(os.strerror(ctypes.get_errno()))


def become_nobody() -> None:
    """User= and Group=."""
    if os.geteuid() != 0:
        return
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def ceiling(which: int, most: int) -> None:
    """An rlimit."""
    _, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))


def main() -> None:
    """Apply what the unit says and become the command."""
    file, own, _, *command = sys.argv[1:]
    said = unit.settings(Path(file))
    applied: list[str] = []
    left_out: dict[str, str] = dict.fromkeys(sorted(set(said) - ELSEWHERE), "no way without systemd")

    def apply(keys: str, act: Callable[[], object]) -> None:
        wanted = [key for key in keys.split() if key in said and said[key] != ["no"]]
        if not wanted:
            return
        try:
            act()
        except (NotHere, OSError) as error:
            left_out.update(dict.fromkeys(wanted, str(error)))
            return
        applied.extend(wanted)
        for key in wanted:
            left_out.pop(key, None)

    def value(key: str) -> str:
        return said[key][-1]

    writable = Path(own).resolve()
    environment = dict(pair.split("=", 1) for line in said.get("Environment", []) for pair in line.split())
    passed = ("CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_USEC")
    environment |= {key: os.environ[key] for key in passed if key in os.environ}
    environment |= {"PUNCHSYNC_SITE": str(writable), "PATH": "/usr/bin:/bin", "HOME": str(writable), "LANG": "C.UTF-8"}
    apply("Environment", lambda: None)
    if os.geteuid() == 0:
        for path in (writable, *writable.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    os.umask(0o022)
    shut_in(apply, writable)
    apply("UMask", lambda: os.umask(int(value("UMask"), 8)))
    apply("WorkingDirectory", lambda: os.chdir(writable))
    apply("LimitNOFILE", lambda: ceiling(resource.RLIMIT_NOFILE, int(value("LimitNOFILE"))))
    apply("LimitCORE", lambda: ceiling(resource.RLIMIT_CORE, int(value("LimitCORE"))))
    # Of what a control group counts, rlimits know something near: private memory of one process, processes of one user.
    apply("MemoryMax", lambda: ceiling(resource.RLIMIT_DATA, unit.size(value("MemoryMax"))))
    apply("TasksMax", lambda: ceiling(resource.RLIMIT_NPROC, int(value("TasksMax"))))
    apply("CapabilityBoundingSet", no_capabilities)
    apply("User", become_nobody)
    apply("NoNewPrivileges", lambda: check(libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)))
    apply("MemoryDenyWriteExecute", seccomp.no_writable_code)
    apply("RestrictAddressFamilies", lambda: seccomp.families(value("RestrictAddressFamilies").split()))
    apply("RestrictNamespaces", seccomp.no_namespaces)
    apply("RestrictRealtime", seccomp.no_realtime)
    apply("RestrictSUIDSGID", seccomp.no_set_id_files)
    apply("LockPersonality", seccomp.no_personality)
    number = getattr(errno, said.get("SystemCallErrorNumber", ["EPERM"])[-1])
    apply(
        "SystemCallFilter ProtectClock ProtectKernelModules ProtectHostname ProtectKernelLogs",
        lambda: seccomp.only(unit.calls_allowed(said["SystemCallFilter"]), number),
    )
    # libseccomp ends a process that calls by another machine's numbers.
    apply("SystemCallArchitectures", lambda: None)
    # Last, for it can't be taken back, and kernels before 6.3 have none: the filter above says the same.
    if libc.prctl(SET_MDWE, 1, 0, 0, 0) == 0:
        applied.append("PR_SET_MDWE")
    else:
        left_out["PR_SET_MDWE"] = os.strerror(ctypes.get_errno())
    print(json.dumps({"applied": sorted(applied), "left_out": left_out}), file=sys.stderr, flush=True)
    os.execve(command[0], command, environment)


def shut_in(apply: Callable[[str, Callable[[], object]], None], writable: Path) -> None:
    """The limits that are mounts of a namespace of our own."""
    made: list[Folders] = []
    apply("PrivateMounts", lambda: made.append(Folders(writable)))
    if not made:
        return
    folders = made[0]
    apply("PrivateTmp", lambda: folders.hide(TEMPORARY, "1777"))
    apply("ProtectHome", lambda: folders.hide(HOMES, "0755"))
    apply("PrivateDevices", folders.devices)
    apply("ProtectSystem", folders.read_only)
    apply("ProtectKernelTunables ProtectControlGroups", folders.kernel)
    apply("ProtectProc ProcSubset", folders.processes)


if __name__ == "__main__":
    main()
