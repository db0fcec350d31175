"""A backup's file: a tar, compressed by gzip, its manifest first, then every file that the manifest names.

Whoever has nothing but the tools of the system can take it apart. Of a file that somebody hands us nothing is believed:
its own paths decide nothing, what the manifest does not name is refused, and what it names must be there to the byte.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal

from punchsync.core.manifest import NAME, FileSum, Manifest, Unfit, from_text, to_text
from punchsync.operations.backup.place import CHUNK

LEVEL: Final = 6
LARGEST: Final = 64 * 2**20
"""Bytes that a manifest may have."""
MODE: Final = 0o600
FOLDER_MODE: Final = 0o700

Reason = Literal["form", "newer", "broken", "names", "sum"]


class NoBackup(ValueError):
    """A file that can't be used as a backup, and where in it.

    `form`: it is none; `newer`: a later version made it; `broken`: it is cut off or damaged; `names`: it holds what it
    must not, or not what it must; `sum`: a file in it is not what was written.
    """

    def __init__(self, reason: Reason, place: str = "") -> None:
        super().__init__(f"{reason} {place}")
        self.reason, self.place = reason, place


def write(folder: Path, manifest: Manifest, file: Path) -> None:
    """Pack the files of a folder that a manifest names; the same files give the same bytes."""
    with (
        _created(file) as raw,
        gzip.GzipFile("", "wb", LEVEL, raw, 0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        text = to_text(manifest).encode()
        made = tarfile.TarInfo(NAME)
        made.size, made.mode = len(text), MODE
        tar.addfile(made, io.BytesIO(text))
        for each in manifest.files:
            made = tarfile.TarInfo(each.name)
            made.size, made.mode = each.size, MODE
            with (folder / each.name).open("rb") as data:
                tar.addfile(made, data)


def unpack(file: Path, folder: Path) -> Manifest:
    """Take a backup apart into an empty folder, every sum looked at; raises NoBackup, and OSError of the folder."""
    with _members(file) as members:
        manifest = _manifest(members)
        wanted = {each.name: each for each in manifest.files}
        for name, _size, data in members:
            known = wanted.pop(name, None)
            if known is None:
                raise NoBackup("names", name)
            _take(data, folder / name, known)
        if wanted:
            raise NoBackup("names", min(wanted))
    return manifest


def look(file: Path) -> Manifest:
    """What a backup says of itself, the rest of it not looked at; raises NoBackup."""
    with _members(file) as members:
        return _manifest(members)


def is_one(file: Path) -> bool:
    """Whether a file is a backup, by what it says of itself, or a place for one: it has nothing in it."""
    try:
        return file.stat().st_size == 0 or bool(look(file))
    except NoBackup as error:
        return error.reason == "newer"


def _manifest(members: Iterator[tuple[str, int, IO[bytes]]]) -> Manifest:
    name, size, data = next(members, ("", 0, None))
    if name != NAME or data is None or size > LARGEST:
        raise NoBackup("form")
    try:
        return from_text(data.read().decode())
    except UnicodeDecodeError:
        raise NoBackup("form") from None
    except Unfit as error:
        raise NoBackup("newer" if error.reason == "format" else "form", error.found) from None


@contextmanager
def _members(file: Path) -> Iterator[Iterator[tuple[str, int, IO[bytes]]]]:
    """A tar's files by name, size and bytes; used up to the end, what follows the last must be nothing."""
    with file.open("rb") as raw:
        try:
            with gzip.GzipFile(fileobj=raw, mode="rb") as packed:
                yield _each(packed)
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raw.seek(0)
            raise NoBackup("broken" if raw.read(2) == b"\x1f\x8b" else "form") from error


def _each(packed: gzip.GzipFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    with tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            if not member.isreg() or member.issparse():
                raise NoBackup("names", member.name)
            data = tar.extractfile(member)
            assert data is not None
            yield member.name, member.size, data
    # Only at its end does the packing say whether all before it was right.
    while rest := packed.read(CHUNK):
        if rest.strip(b"\0"):
            raise NoBackup("broken")


def _take(data: IO[bytes], path: Path, known: FileSum) -> None:
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with _created(path) as out:
        while block := data.read(CHUNK):
            size += len(block)
            if size > known.size:
                break
            digest.update(block)
            out.write(block)
    if (size, digest.hexdigest()) != (known.size, known.sha256):
        raise NoBackup("sum", known.name)


@contextmanager
def _created(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner's eyes only."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as out:
        yield out
