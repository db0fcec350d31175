"""The files of a site that go into a backup beside the rows: settings, packs, bulletins and the log of who looked.

Never credentials: neither their folder, nor a file that lies in it by another name, nor a password in the settings.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from punchsync.address import discreet
from punchsync.core.manifest import FOLDERS, SETTINGS, STORE, FileSum, is_ours
from punchsync.operations.backup.place import sum_of

CREDENTIALS: Final = "credentials"
CREDENTIAL: Final = re.compile(r"credential:([A-Za-z0-9_.-]+)")
ADDRESS: Final = re.compile(r"""(://[^\s/?#:@"']*:)[^\s/?#"']+@""")
PARAMETER: Final = re.compile(r"""(?i)(password=)[^\s&"']+""")
HELD: Final = re.compile(r"(?i)://[^/?#@]*:(?!\*{3}@)[^/?#]+@|password=(?!\*{3})[^&]+")
FOLDER_MODE: Final = 0o700
MODE: Final = 0o600


class Put(NamedTuple):
    """Files of a backup that were put into a site: those that were not there, and those that are there otherwise."""

    made: tuple[str, ...]
    kept: tuple[str, ...]


def stage(site: Path, folder: Path, packs: Iterable[Path] = ()) -> bool:
    """Copy a site's own files into an empty folder, with those of its packs that lie elsewhere below the site.

    Returns whether a password was blanked in the settings.
    """
    text, blanked = without_passwords((site / SETTINGS).read_text(encoding="utf-8"))
    _write(folder / SETTINGS, text.encode())
    secret = (site / CREDENTIALS).resolve()
    own = site.resolve()
    inside = {p.relative_to(own).as_posix() for p in packs if p.is_relative_to(own)}
    for name in sorted({*_names(site), *filter(is_ours, inside)}):
        file = (site / name).resolve()
        if file.is_file() and not file.is_relative_to(secret):
            _copy(file, folder / name)
    return blanked


def staged(folder: Path) -> tuple[FileSum, ...]:
    """The sums of all files of a folder, in the order of their names."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return tuple(FileSum(name, *sum_of(folder / name)) for name in files)


def put_back(folder: Path, site: Path) -> Put:
    """Put a backup's files into a site where there are none; the settings last, for with them a site can be opened."""
    made: list[str] = []
    kept: list[str] = []
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for name in sorted(filter(is_ours, names), key=lambda name: name == SETTINGS):
        source, target = folder / name, site / name
        if name == STORE:
            continue
        if not target.exists():
            _copy(source, target, 0o640, 0o750)
            made.append(name)
        elif name != SETTINGS and sum_of(source) != sum_of(target):
            kept.append(name)
    return Put(tuple(made), tuple(kept))


def without_passwords(text: str) -> tuple[str, bool]:
    """Settings with the passwords of addresses blanked, in comments too, and whether there were any.

    Nothing but a comment is left of settings in which a password is written so that it can't be found.
    """
    for blank in (_blank(text), discreet(text)):
        try:
            values = list(_texts(tomllib.loads(blank)))
        except tomllib.TOMLDecodeError:
            continue
        if not any(HELD.search(value) for value in values):
            return blank, blank != text
    return "# ***\n", True


def _blank(text: str) -> str:
    return PARAMETER.sub(r"\1***", ADDRESS.sub(r"\1***@", text))


def credentials(text: str) -> tuple[str, ...]:
    """The names of the credentials that settings ask for, each once."""
    found = {m[1] for value in _texts(tomllib.loads(text)) if (m := CREDENTIAL.fullmatch(value))}
    return tuple(sorted(found))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _names(site: Path) -> Iterator[str]:
    """The paths of a site's own files below its folders; what begins with a dot is somebody's draft."""
    for top in FOLDERS:
        for folder, folders, files in os.walk(site / top):
            folders[:] = [f for f in folders if not f.startswith(".")]
            for name in files:
                path = (Path(folder) / name).relative_to(site).as_posix()
                if not name.startswith(".") and is_ours(path):
                    yield path


def _copy(source: Path, target: Path, mode: int = MODE, folder_mode: int = FOLDER_MODE) -> None:
    target.parent.mkdir(mode=folder_mode, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with source.open("rb") as data, os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        shutil.copyfileobj(data, out)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)


def _write(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as out:
        out.write(data)
