"""A systemd unit's settings, as systemd reads them: a key may come often, an empty value forgets those before it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


def settings(unit: Path, section: str = "Service") -> dict[str, list[str]]:
    """The values of each key of a section, in order."""
    found: dict[str, list[str]] = {}
    here = ""
    for line in unit.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        text = line.strip()
        if text.startswith("["):
            here = text.strip("[]")
        elif text and text[0] not in "#;" and here == section:
            key, _, value = text.partition("=")
            values = found.setdefault(key, [])
            if value:
                values.append(value)
            else:
                values.clear()
    return found


def size(text: str) -> int:
    """Bytes of `1G`."""
    number, unit = re.fullmatch(r"(\d+)([KMG]?)", text).groups()  # type: ignore[union-attr]
    return int(number) * UNITS.get(unit, 1)


def calls_allowed(filters: list[str]) -> set[str]:
    """The system calls that `SystemCallFilter` lines leave, the first being a list of what is allowed.

    Raises FileNotFoundError without systemd-analyze, which knows what the sets hold.
    """
    known = _sets()
    allowed = _expanded("@default", known)
    for line in filters:
        words = {call for word in line.lstrip("~").split() for call in _expanded(word, known)}
        allowed = allowed - words if line.startswith("~") else allowed | words
    return allowed


def _sets() -> dict[str, list[str]]:
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"], capture_output=True, text=True, check=True
    )
    found: dict[str, list[str]] = {}
    name = ""
    for line in said.stdout.splitlines():
        if line.startswith("@"):
            name = line.strip()
            found[name] = []
        elif line.startswith(" ") and not line.strip().startswith("#"):
            found[name].append(line.strip())
        else:
            name = name if line.strip() else ""
    return found


def _expanded(word: str, known: dict[str, list[str]]) -> set[str]:
    if not word.startswith("@"):
        return {word}
    return {call for part in known[word] for call in _expanded(part, known)}
