"""The project's own text files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.en.md")
HANDBOOK = tuple(sorted((ROOT / "docs/handbook").glob("*.md")))
_LEFT_OUT = {"__pycache__", "build", "dist", "htmlcov", "node_modules"}
_BINARY = {".mo", ".xlsx", ".dat", ".png", ".db", ".pyc"}


def pages() -> list[Path]:
    """Every Markdown page for readers."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the tree, by its path; made and hidden folders left out, but for CI's."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in _LEFT_OUT and (not f.startswith(".") or f == ".ci")]
        for name in files:
            path = Path(folder, name)
            if path.suffix in _BINARY or name.startswith("."):
                continue
            try:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
