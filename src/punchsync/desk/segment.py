"""An id or a name as one part of an address, whatever is in it: a slash would otherwise part it in two."""

from __future__ import annotations

from urllib.parse import quote


def segment(text: str) -> str:
    """A text as a part of an address."""
    return quote(text.replace("%", "%25").replace("/", "%2F"), safe="")


def unsegment(part: str) -> str:
    """The text of a part of an address that was decoded once."""
    return part.replace("%2F", "/").replace("%25", "%")
