"""What the press hands back: files by form, what could not be made and why, and the same as one stream of bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile

_SAID: Final = "said.json"


class Garbled(ValueError):
    """Bytes that hold no press's answer, or not all of it."""


class Pressed(NamedTuple):
    """The files of an order by form; reasons by form that could not be made, and by figure that could not be drawn."""

    files: Mapping[str, bytes]
    failed: Mapping[str, str]
    undrawn: Mapping[str, str] = MappingProxyType({})


def pack(pressed: Pressed) -> bytes:
    """The answer as a zip file: whatever a library printed before it does no harm, and what is missing shows."""
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for form, content in pressed.files.items():
            file.writestr(form, content)
        file.writestr(_SAID, json.dumps({"failed": dict(pressed.failed), "undrawn": dict(pressed.undrawn)}))
    return out.getvalue()


def unpack(content: bytes) -> Pressed:
    """The answer in such bytes; raises Garbled."""
    try:
        with ZipFile(BytesIO(content)) as file:
            said = json.loads(file.read(_SAID))
            files = {name: file.read(name) for name in file.namelist() if name != _SAID}
        return Pressed(files, said["failed"], said["undrawn"])
    except (BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise Garbled from error
