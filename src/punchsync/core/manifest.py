"""What a backup says of itself: whose it is, of when, and the sums of all that is in it. Pure.

Its text is JSON. A later version of the product may add to it and counts `FORMAT` up only where this one would read
such a backup wrongly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from punchsync.core.difference import Difference
from punchsync.core.moment import Moment, parse_moment, show_moment

FORMAT: Final = 1
NAME: Final = "manifest.json"
STORE: Final = "store.db"
SETTINGS: Final = "punchsync.toml"
FOLDERS: Final = ("packs", "templates", "bulletins", "documents", "access")
"""Folders of a site that are the hall's own and go into a backup with all that is in them."""
PACK: Final = ".toml"
"""How a pack's file ends, which may lie anywhere in a site but in these:"""
NEVER: Final = ("data", "credentials")

_SUM: Final = re.compile(r"[0-9a-f]{64}")


class TableSum(NamedTuple):
    """A table's rows of one hall: how many, and the digest of them in the order of their key."""

    table: str
    rows: int
    sha256: str


class FileSum(NamedTuple):
    """A file of a backup: its path there, its length in bytes and its digest."""

    name: str
    size: int
    sha256: str


class Copied(NamedTuple):
    """A hall's store in one file: its schema's revision, its tables, and where its ledger and its chain end."""

    schema: str
    tables: tuple[TableSum, ...]
    entries: int
    entry_hash: str
    links: int
    link_hash: str

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)


class Manifest(NamedTuple):
    """What a backup says of itself.

    `blanked`: the settings held a password, which the copy has not. `pack` is the path of the hall's own pack where
    that lies outside the site's folder: it is not in the backup.
    """

    hall: str
    name: str
    program: str
    made_at: Moment
    store: Copied
    files: tuple[FileSum, ...]
    blanked: bool = False
    pack: str = ""


class Installed(NamedTuple):
    """What became of the place of a store that was restored, and where the one is that was replaced.

    `new`: nothing was there; `replaced`; `same`: it held just that.
    """

    how: Literal["new", "replaced", "same"]
    kept: Path | None = None


class Unfit(ValueError):
    """A text that is no manifest (`form`), or one of a later version (`format`, which is then `found`)."""

    def __init__(self, reason: str, found: str = "") -> None:
        super().__init__(reason)
        self.reason, self.found = reason, found


def to_text(manifest: Manifest) -> str:
    """A manifest as it is written."""
    store = manifest.store
    made = {
        "format": FORMAT,
        "hall": manifest.hall,
        "name": manifest.name,
        "program": manifest.program,
        "made_at": show_moment(manifest.made_at),
        "schema": store.schema,
        "ledger": {"entries": store.entries, "hash": store.entry_hash},
        "chain": {"links": store.links, "hash": store.link_hash},
        "tables": [table._asdict() for table in store.tables],
        "files": [file._asdict() for file in manifest.files],
        "blanked": manifest.blanked,
        "pack": manifest.pack,
    }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def from_text(text: str) -> Manifest:
    """A manifest as it was written; raises Unfit."""
    try:
        made = json.loads(text)
        number = made["format"]
        if isinstance(number, int) and number > FORMAT:
            raise Unfit("format", str(number))
        ledger, chain = made["ledger"], made["chain"]
        tables = tuple(TableSum(_text(t, "table"), _number(t, "rows"), _sum(t)) for t in made["tables"])
        files = tuple(FileSum(_path(f), _number(f, "size"), _sum(f)) for f in made["files"])
        found = Manifest(
            _text(made, "hall"),
            _text(made, "name"),
            _text(made, "program"),
            parse_moment(_text(made, "made_at")),
            Copied(
                _text(made, "schema"), tables, _number(ledger, "entries"), _text(ledger, "hash"),
                _number(chain, "links"), _text(chain, "hash"),
            ),
            files,
            bool(made["blanked"]),
            _text(made, "pack"),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit("form") from None
    names = [file.name for file in files]
    if number != FORMAT or STORE not in names or len(set(names)) != len(names):
        raise Unfit("form")
    return found


def is_ours(name: str) -> bool:
    """Whether this is a path that a backup may have: of a known file, of a pack, or below a known folder."""
    if name == STORE:
        return True
    parts = name.split("/")
    if not all(p and not p.startswith(".") and "\\" not in p and p.isprintable() for p in parts):
        return False
    return parts[0] not in NEVER and (name.endswith(PACK) or (len(parts) > 1 and parts[0] in FOLDERS))


def unlike(found: Iterable[TableSum], right: Iterable[TableSum]) -> Iterator[Difference]:
    """The tables that are not what they must be."""
    ours, theirs = ({t.table: t for t in tables} for tables in (found, right))
    for name in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(name), theirs.get(name)
        if one != other:
            yield Difference("copy", name, _said(one), _said(other))


def _said(table: TableSum | None) -> str:
    return "" if table is None else f"rows={table.rows} {table.sha256}"


def _text(made: Mapping[str, Any], key: str) -> str:
    found = made[key]
    if not isinstance(found, str):
        raise TypeError(key)
    return found


def _number(made: Mapping[str, Any], key: str) -> int:
    found = made[key]
    if not isinstance(found, int) or found < 0:
        raise TypeError(key)
    return found


def _sum(made: Mapping[str, Any]) -> str:
    found = _text(made, "sha256")
    if not _SUM.fullmatch(found):
        raise ValueError(found)
    return found


def _path(made: Mapping[str, Any]) -> str:
    found = _text(made, "name")
    if not is_ours(found):
        raise ValueError(found)
    return found
