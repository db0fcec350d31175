"""Backups sealed for one recipient in the age format: whoever has the file needs the key that lies elsewhere.

https://age-encryption.org/v1. A sealed file can't be opened by whoever sealed it, so what is checked after sealing is
its length, which follows from that of what went in, and that it was sealed for somebody by X25519.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO, Final

MAGIC: Final = b"age-encryption.org/v1\n"
PAYLOAD: Final = 64 * 1024
NONCE: Final = 16
TAG: Final = 16
LINE: Final = 200
_KEY: Final = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")


class NoKey(ValueError):
    """A recipient or key that is none (`form`), a file sealed for another (`other`), or one that is `damaged`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unsealed(OSError):
    """A file that was not sealed as a whole; names it."""


def new_key(file: Path) -> str:
    """Make a pair of keys, write the private one to a new file for its owner's eyes only, and return the public one.

    Raises FileExistsError.
    """
    from pyrage import x25519

    key = x25519.Identity.generate()
    public = str(key.to_public())
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(f"# public key: {public}\n{key}\n")
        out.flush()
        os.fsync(handle)
    return public


def check(recipient: str) -> None:
    """Raise NoKey for a public key that is none."""
    from pyrage import RecipientError, x25519

    try:
        x25519.Recipient.from_str(recipient)
    except RecipientError:
        raise NoKey("form") from None


def seal(file: Path, sealed: Path, recipient: str) -> None:
    """Seal a file for a public key; raises NoKey, and Unsealed if what was written can't be all of it."""
    from pyrage import EncryptError, RecipientError, encrypt_io, x25519

    try:
        to = x25519.Recipient.from_str(recipient)
    except RecipientError:
        raise NoKey("form") from None
    with file.open("rb") as data, sealed.open("xb") as raw:
        out = _Out(raw)
        try:
            encrypt_io(data, out, [to])
        except EncryptError as error:
            raise out.error or Unsealed(str(error)) from None
    size = file.stat().st_size
    pieces = max(1, -(-size // PAYLOAD))
    if sealed.stat().st_size != _header(sealed) + NONCE + size + pieces * TAG:
        raise Unsealed(str(sealed))


def is_sealed(file: Path) -> bool:
    """Whether a file is one that was sealed."""
    with file.open("rb") as data:
        return data.read(len(MAGIC)) == MAGIC


def unseal(sealed: Path, file: Path, key: Path) -> None:
    """Open a sealed file by the private key in a file; raises NoKey."""
    from pyrage import DecryptError, IdentityError, decrypt_io, x25519

    try:
        found = _KEY.search(key.read_text(encoding="utf-8"))
        own = None if found is None else x25519.Identity.from_str(found[0])
    except (UnicodeDecodeError, IdentityError):
        own = None
    if own is None:
        raise NoKey("form")
    with sealed.open("rb") as data, file.open("xb") as raw:
        out = _Out(raw)
        try:
            decrypt_io(data, out, [own])
        except DecryptError:
            raise NoKey("other") from None
        except OSError as error:
            if out.error is not None or error.errno is not None:
                raise out.error or error from None
            raise NoKey("damaged") from None


class _Out:
    """A file that remembers what went wrong when it was written to: the library only passes the words on."""

    def __init__(self, file: IO[bytes]) -> None:
        self.error: OSError | None = None
        self._file = file

    def write(self, data: bytes) -> int:
        """Write bytes."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Nothing waits."""


def _header(sealed: Path) -> int:
    """The length of a sealed file's header, which ends with the line of its own check; 0 for none."""
    with sealed.open("rb") as data:
        if data.readline(LINE) != MAGIC or not data.readline(LINE).startswith(b"-> X25519 "):
            return 0
        while line := data.readline(LINE):
            if line.startswith(b"--- "):
                return data.tell()
    return 0
