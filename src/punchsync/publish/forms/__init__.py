"""The forms in which a document can be had, one module each; what is heavy is imported when it is made."""

from __future__ import annotations

from importlib import import_module
from typing import Final, NamedTuple

from punchsync.publish.order import Order, Pictures


class Form(NamedTuple):
    """A form: its media type, the module whose `make` makes it, and whether it shows pictures."""

    media: str
    module: str
    pictures: bool = True


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
FORMS: Final = {
    "md": Form("text/markdown; charset=utf-8", "md", pictures=False),
    "html": Form("text/html; charset=utf-8", "html"),
    "xlsx": Form(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", pictures=False),
    "docx": Form(f"{_OFFICE}.wordprocessingml.document", "docx"),
    "pdf": Form("application/pdf", "pdf"),
    "txt": Form("text/plain; charset=utf-8", "txt", pictures=False),
}
"""By the ending of the file's name. A workbook draws its own charts."""

LIGHT: Final = frozenset({"md", "txt"})
"""Forms that are made of text alone, in no time and in any process."""


def make(form: str, order: Order, pictures: Pictures) -> bytes:
    """An order's document in one form; raises KeyError for a form that there is not."""
    made: bytes = import_module(f"punchsync.publish.forms.{FORMS[form].module}").make(order, pictures)
    return made
