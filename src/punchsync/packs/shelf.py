"""Where packs are found: those that come with the product by their id, a hall's own by its path."""

from __future__ import annotations

from pathlib import Path

from punchsync.problems import Complaint, Refused
from punchsync.texts import _


def shipped() -> dict[str, Path]:
    """The packs that come with the product, by id."""
    inside = Path(__file__).with_name("shipped")
    folder = inside if inside.is_dir() else Path(__file__).parents[3] / "config" / "packs"
    return {p.stem: p for p in sorted(folder.glob("*.toml"))}


def find(name: str, site: Path) -> Path:
    """The file of a shipped pack's id, or of a path (from the site's folder); raises Refused if there is none."""
    known = shipped()
    if name in known:
        return known[name]
    path = site / name
    if (name.endswith(".toml") or "/" in name) and beside(site, name):
        return path
    raise Refused(
        [
            Complaint(
                "punchsync.toml",
                "hall.pack",
                _("写的是 {value}，找不到这个规则包").format(value=repr(name)),
                _("{packs}，或本大厅规则包文件的路径").format(packs="、".join(known)),
            )
        ]
    )


def beside(folder: Path, name: str) -> Path | None:
    """The file of that path from a folder, by its one name whatever the way there; None where there is none."""
    try:
        path = (folder / name).resolve()
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def text_of(path: Path) -> str:
    """The text of a pack's file; raises Refused if it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused([Complaint(path.name, "", str(error), _("可以读取的 UTF-8 文件"))]) from None
