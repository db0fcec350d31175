"""Packs, calendars and stored records as the judge knows them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from punchsync.core.raw import Told
from punchsync.core.records import Calendar, Case
from punchsync.core.rules import Pack
from punchsync.packs.load import load as load_pack
from punchsync.packs.load import reread
from punchsync.packs.shelf import beside, shipped
from punchsync.packs.shelf import find as find_pack
from punchsync.problems import Complaint, Refused
from punchsync.settings import FILE

if TYPE_CHECKING:
    pass


def pack_files(own: Path) -> tuple[Path, ...]:
    """The files of a hall's own pack: itself and those that it extends, none of which comes with the product."""
    known, found = {id: path.resolve() for id, path in shipped().items()}, list[Path]()
    file: Path | None = own.resolve()
    while file is not None and file not in known.values() and file not in found:
        found.append(file)
        base = str(tomllib.loads(file.read_text(encoding="utf-8")).get("extends", ""))
        file = known.get(base) or (beside(file.parent, base) if base else None)
    return tuple(found)


def pack_complaints(folder: Path) -> list[Complaint]:
    """What is wrong with a site's pack, interpretations and answers, as far as broken settings can tell."""
    try:
        hall = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))["hall"]
        chosen = [{str(k): str(v) for k, v in hall.get(name, {}).items()} for name in ("interpretations", "answers")]
        load_pack(find_pack(str(hall["pack"]), folder), *chosen)
    except Refused as refused:
        return list(refused.complaints)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # the settings' own complaints say so already
    return []


def published() -> Calendar:
    """The State Council's published calendar."""
    from punchsync.intake.notices import published as notices

    return notices()


def kept_pack(kept: str) -> Pack | None:
    """A pack from the text under which it was kept; None for one that can't be read any more."""
    found = reread(kept)
    return None if found is None else found.pack


def decoded(source: str, layout: str, raws: Sequence[bytes]) -> Sequence[Told | None] | None:
    """What stored records say by themselves; None where nobody can tell."""
    if source == "file":
        from punchsync.intake import told as lines

        return lines.told(raws)
    from punchsync.terminals.told import told

    return told(layout, raws)


def build(bodies: Mapping[str, Iterable[Mapping[str, str]]]) -> Case:
    """Stored records as the judge's."""
    from punchsync.intake.build import build_all, overrides

    own = overrides(bodies.get("calendar", ()))
    return Case(**build_all(bodies), calendar=Calendar(frozenset(), frozenset(), frozenset(), own))
