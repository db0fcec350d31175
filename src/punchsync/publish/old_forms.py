"""The forms in which a bulletin can be had, each made from its text in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from punchsync.publish.issued import page_of
from punchsync.publish.page import to_html


class Form(NamedTuple):
    """A form: its media type, and how it is made of a hall's name and a text."""

    media: str
    make: Callable[[str, str], bytes]


def markdown(hall: str, text: str) -> bytes:
    """The text itself."""
    return text.encode()


def html(hall: str, text: str) -> bytes:
    """One page to be printed."""
    return to_html(page_of(text, hall)).encode()


FORMS: Final[Mapping[str, Form]] = {
    "md": Form("text/markdown; charset=utf-8", markdown),
    "html": Form("text/html; charset=utf-8", html),
}
"""By the ending of the file's name."""
