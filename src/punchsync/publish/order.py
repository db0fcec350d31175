"""What the press is asked for: a document, where it stands, the forms wanted, and what lies at hand to make them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from punchsync.publish.document import Document, Edition
from punchsync.publish.kept import dump, load

Pictures = Mapping[str, bytes]
"""PNG files by the ids of a document's figures; a figure that could not be drawn is not there."""

LINE: Final = 16
"""Chinese characters on a line of an LED screen, where a hall says nothing else."""


class Order(NamedTuple):
    """One order: the document, where it stands, and the forms wanted by their endings.

    `fonts`: folders with a hall's own font files; `templates`: the folder with its own templates (empty: none); `line`:
    Chinese characters on a line of the LED screen; `language`: `zh` or `en`, for the words that forms add; `levels`:
    the publication level of each form, in their order (empty: the document as it is).
    """

    document: Document
    edition: Edition
    forms: tuple[str, ...]
    fonts: tuple[str, ...] = ()
    templates: str = ""
    line: int = LINE
    language: str = "zh"
    levels: tuple[str, ...] = ()


def write(order: Order) -> str:
    """An order as JSON, for the press's process."""
    return json.dumps(
        order._asdict() | {"document": dump(order.document), "edition": order.edition._asdict()}, ensure_ascii=False
    )


def read(text: str) -> Order:
    """An order of such a text."""
    body = json.loads(text)
    lists = {name: tuple(body[name]) for name in ("forms", "levels", "fonts")}
    return Order(**body | lists | {"document": load(body["document"]), "edition": Edition(**body["edition"])})
