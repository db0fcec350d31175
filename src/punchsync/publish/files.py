"""Writing a published file: whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from punchsync.durable import sync_names


def put(file: Path, content: bytes) -> None:
    """Put a content in a file's place, so that no reader and no crash ever meets half of it; makes its folder.

    Raises OSError, and then leaves what was there. Two writers of one file at a time are the caller's to prevent.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_names(file.parent)
