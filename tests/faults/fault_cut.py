"""What a power cut leaves: all that was synced, and any part of what was not.

The shim's log of a process is played again up to some operation. What had been synced by then is there; of each write
after that some sectors are, or none; of what was made, renamed or removed since its folder was synced the first so many
are (file systems keep such steps in order), or none.
"""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

START, OPEN, CLOSE, WRITE, TRUNCATE, SYNC, UNLINK, RENAME, FOLDER_SYNC, COPY = range(1, 11)
CREATED, EMPTIED, FOLDER = 1, 2, 4
SECTOR = 512
_HEAD = struct.Struct("=IiqIIQ")
KEEPS = (0.0, 0.1, 0.5, 0.9, 1.0)
"""Shares of the unsynced writes that a cut may leave."""


class Operation(NamedTuple):
    """One call of a process on a file."""

    op: int
    fd: int
    offset: int
    flags: int
    path: str
    data: bytes


def built(folder: Path) -> Path | None:
    """The shim, compiled; None where there is no compiler."""
    made = folder / "shim.so"
    argv = ["gcc", "-O2", "-fPIC", "-shared", "-o", str(made), str(Path(__file__).with_name("shim.c"))]
    try:
        subprocess.run(argv, check=True, capture_output=True)
    except FileNotFoundError:
        return None
    return made


def logged(log: Path) -> Iterator[Operation]:
    """The operations in a shim's log."""
    with log.open("rb") as text:
        while head := text.read(_HEAD.size):
            op, fd, offset, flags, path, data = _HEAD.unpack(head)
            yield Operation(op, fd, offset, flags, text.read(path).decode(), text.read(data))


class Node:
    """A file's bytes: those that are synced, those that a process sees, and what lies between."""

    def __init__(self, data: bytes = b"") -> None:
        self.synced = bytearray(data)
        self.seen = bytearray(data)
        self.pending: list[tuple[int, bytes | None]] = []

    def do(self, offset: int, data: bytes | None) -> None:
        """Write bytes at a place, or (None) cut it to so many."""
        apply(self.seen, offset, data)
        self.pending.append((offset, data))

    def sync(self) -> None:
        self.synced[:] = self.seen
        self.pending.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        """What a power cut leaves of it."""
        left = bytearray(self.synced)
        share = chance.choice(KEEPS)
        for offset, data in self.pending:
            if data is None:
                if chance.random() < share:
                    apply(left, offset, None)
                continue
            torn = chance.random() < 0.3
            whole = chance.random() < share
            at = offset
            while at < offset + len(data):
                end = min((at // SECTOR + 1) * SECTOR, offset + len(data))
                if chance.random() < share if torn else whole:
                    apply(left, at, data[at - offset : end - offset])
                at = end
        return bytes(left)


def apply(to: bytearray, offset: int, data: bytes | None) -> None:
    """Write or cut; what was never written reads as zeros."""
    length = offset if data is None else offset + len(data)
    if len(to) < length:
        to.extend(bytes(length - len(to)))
    if data is None:
        del to[offset:]
    else:
        to[offset : offset + len(data)] = data


class Disk:
    """The files under a folder, as they were, and as operations change them."""

    def __init__(self, folder: Path) -> None:
        self.root = str(folder.resolve())
        self.synced: dict[str, Node] = {
            str(file.resolve()): Node(file.read_bytes()) for file in folder.rglob("*") if file.is_file()
        }
        self.seen = dict(self.synced)
        self._pending: list[tuple[str, str, Node | None]] = []
        self._open: dict[int, tuple[str, Node | None]] = {}
        self.syncs = 0

    def do(self, one: Operation) -> None:
        """Carry out an operation."""
        if one.op == START:
            self._open.clear()
        elif one.op == OPEN:
            self._opened(one)
        elif one.op == CLOSE:
            self._open.pop(one.fd, None)
        elif one.op in (WRITE, TRUNCATE):
            node = self._open[one.fd][1]
            assert node is not None
            node.do(one.offset, one.data if one.op == WRITE else None)
        elif one.op == SYNC:
            node = self._open[one.fd][1]
            assert node is not None
            node.sync()
            self.syncs += 1
        elif one.op == FOLDER_SYNC:
            self._sync_names(self._open[one.fd][0])
        elif one.op == COPY:
            self._open[one.fd] = self._open[one.offset]
        elif one.op == UNLINK:
            self.seen.pop(one.path)
            self._pending.append(("unlink", one.path, None))
        elif one.op == RENAME:
            old, new = one.path.split("\0")
            self.seen[new] = self.seen.pop(old)
            self._pending.append((old, new, self.seen[new]))

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """What a power cut leaves: path from the folder, bytes."""
        names = dict(self.synced)
        for step in self._pending[: chance.randint(0, len(self._pending))]:
            _name(names, step)
        return {path[len(self.root) + 1 :]: node.after_cut(chance) for path, node in names.items()}

    def visible(self) -> dict[str, bytes]:
        """What a process sees."""
        return {path[len(self.root) + 1 :]: bytes(node.seen) for path, node in self.seen.items()}

    def _opened(self, one: Operation) -> None:
        if one.flags & FOLDER:
            self._open[one.fd] = (one.path, None)
            return
        if one.flags & CREATED:
            node = self.seen[one.path] = Node()
            self._pending.append(("make", one.path, node))
        node = self.seen[one.path]
        if one.flags & EMPTIED and not one.flags & CREATED:
            node.do(0, None)
        self._open[one.fd] = (one.path, node)

    def _sync_names(self, folder: str) -> None:
        left = []
        for step in self._pending:
            if str(Path(step[1]).parent) == folder:
                _name(self.synced, step)
            else:
                left.append(step)
        self._pending = left


def _name(names: dict[str, Node], step: tuple[str, str, Node | None]) -> None:
    what, path, node = step
    if node is None:
        names.pop(path, None)
        return
    if what != "make":
        names.pop(what, None)
    names[path] = node
