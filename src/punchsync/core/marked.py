r"""The little Markdown that notices are written in: heads, list items, tables, `**bold**`, and `\` before other marks.

Written once, by `escape` around all that is data, and read by the senders that have a dialect of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~])")
ESCAPED: Final = re.compile(r"\\([\\`*_\[\]<>#|~])")
RULE: Final = re.compile(r"\|( *:?-+:? *\|)+")
CELL: Final = re.compile(r"(?<!\\)\|")
WIDE: Final = {ord(c): chr(ord(c) + 0xFEE0) for c in "\\`*_[]<>#|~"}
"""The same marks in full width, which mean nothing to any service and look alike."""


def escape(text: str) -> str:
    """A text that is shown as it is, on one line."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def wide(text: str) -> str:
    r"""Marks that were escaped in full width, for services that know no `\`."""
    return ESCAPED.sub(lambda found: found.group(1).translate(WIDE), text)


def plain(text: str) -> str:
    """Markdown as it is read aloud: without any marks."""
    lines = (re.sub(r"^#+ ", "", line).replace("**", "") for line in without_tables(text.split("\n")))
    return ESCAPED.sub(r"\1", "\n".join(lines))


def literal(text: str) -> str:
    """A plain text of lines as one that no service takes marks from; what somebody is to type stays as it is."""
    return "\n".join(_literal(line) for line in text.split("\n"))


def without_tables(lines: Iterable[str]) -> list[str]:
    """Lines of which tables are list items: the first cell in bold, then each other one after its head."""
    out: list[str] = []
    heads: Sequence[str] = ()
    found = list(lines)
    for n, line in enumerate(found):
        if not line.startswith("|"):
            heads = ()
            out.append(line)
        elif not heads:
            heads = _cells(line)
        elif not (RULE.fullmatch(line.strip()) and found[n - 1].startswith("|")):
            first, *others = _cells(line)
            said = "，".join(f"{head} {cell}" for head, cell in zip(heads[1:], others, strict=False) if cell)
            out.append(f"- **{first}**：{said}" if first and said else f"- {first or said}")
    return out


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in CELL.split(line.strip())[1:-1]]


def _literal(line: str) -> str:
    line = line.translate({ord("*"): "＊", ord("<"): "＜", ord("~"): "～", ord("`"): "｀"}).replace("](", "］(")
    line = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", "＿", line)
    return re.sub(r"^\s*[#>|]", lambda found: found.group().translate(WIDE), line)
