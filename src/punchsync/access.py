"""The access log: who looked at or changed personal data, one JSON line each, a file a month in the site's `access/`.

A line says what was done and about whom or what (ids, periods, kinds, file names), never a name and never what was
seen. Lines are only added, each in one write. It is for the hall's own accounting: who owns the files can change them.
"""

from __future__ import annotations

import errno
import json
import os
import pwd
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from punchsync.core.moment import DAY, Moment, to_date

FOLDER: Final = "access"
LEAST_MONTHS: Final = 6
"""What the law asks of logs at least; no setting goes below."""
MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\.jsonl")
_OPENED: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
NOBODY: Final = 2**32 - 1
"""The login user id of a process that nobody's session began."""


class Access(NamedTuple):
    """One line: hall time with its zone, who and by what means, the command, its subject, and its exit status."""

    at: str
    who: str
    by: str  # session, sudo, user; a desk's account
    what: str
    about: Mapping[str, Any]
    status: int

    def concerns(self, ids: frozenset[str]) -> bool:
        """Whether its subject has one of these ids, alone or among others."""
        return any(ids.intersection(map(str, v if isinstance(v, list) else [v])) for v in self.about.values())


class Log(NamedTuple):
    """Lines in the order they were written, and how many could not be read."""

    lines: tuple[Access, ...]
    unreadable: int


def write(folder: Path, access: Access) -> None:
    """Add a line to the file of its month, made if absent; raises OSError."""
    line = json.dumps(access._asdict(), ensure_ascii=False).encode(errors="replace") + b"\n"
    _make(folder)
    file = os.open(folder / f"{access.at[:7]}.jsonl", _OPENED, 0o600)
    try:
        state = os.fstat(file)
        if not state.st_size and state.st_uid == os.geteuid():
            _fit(folder, file, 0o660, 0o640)
        elif state.st_size and os.pread(file, 1, state.st_size - 1) != b"\n":
            line = b"\n" + line  # a line that was cut short spoils no other
        if os.write(file, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(file)


def read(folder: Path, first: str = "", last: str = "~") -> Log:
    """The lines from a day to a day (`YYYY-MM-DD`, both included); a folder that is not there has none."""
    found: list[Access] = []
    unreadable = 0
    for file in files(folder):
        if not first[:7] <= file.stem <= last:
            continue
        for text in file.read_bytes().splitlines():
            if not text:
                continue  # left by two who wrote at once: each took the other's line for one that was cut short
            try:
                access = Access(**json.loads(text))
                wanted = first <= access.at[:10] <= last
            except (ValueError, TypeError):
                unreadable += 1
                continue
            if wanted:
                found.append(access)
    return Log(tuple(found), unreadable)


def expire(folder: Path, now: Moment, months: int) -> list[Path]:
    """Remove the files of the months that lie so many whole months back, and never less than six; returns which."""
    today = to_date(now // DAY)
    oldest = today.year * 12 + today.month - max(months, LEAST_MONTHS)
    gone = [file for file in files(folder) if int(file.stem[:4]) * 12 + int(file.stem[5:]) < oldest]
    for file in gone:
        file.unlink(missing_ok=True)
    return gone


def files(folder: Path) -> list[Path]:
    """The log's files, oldest first."""
    return sorted(file for file in folder.glob("*.jsonl") if MONTH.fullmatch(file.name))


def caller(environ: Mapping[str, str] = os.environ, process: Path = Path("/proc/self")) -> tuple[str, str]:
    """Who runs this process, and how that is known.

    By the login that its session began with (`session`), which no later change of user hides; else by who called sudo
    (`sudo`); else by its user (`user`).
    """
    try:
        login = int((process / "loginuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        login = NOBODY
    if login != NOBODY:
        return name_of(login), "session"
    if environ.get("SUDO_USER"):
        return environ["SUDO_USER"], "sudo"
    return name_of(os.geteuid()), "user"


def name_of(user: int) -> str:
    """A user's login name; the number of one that has none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    _fit(folder, folder, 0o2770, 0o750)


def _fit(folder: Path, made: Path | int, shared: int, alone: int) -> None:
    """Make what was just made belong to whom the site belongs to; its group writes where it may write in the site."""
    site = folder.parent.stat()
    if os.geteuid() == 0:
        os.chown(made, site.st_uid, site.st_gid)
    os.chmod(made, shared if site.st_mode & stat.S_IWGRP else alone)  # noqa: PTH101 - a descriptor is no path
