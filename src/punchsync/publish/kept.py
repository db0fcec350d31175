"""A document as it is kept: canonical JSON, read back as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from punchsync.publish.document import Column, Document, Figure, Letterhead, Part, Said, Section, Table

FORMAT: Final = 1
"""The format's version; a reader knows this one and all before it."""


class Unreadable(ValueError):
    """No document of a format that this version knows."""


def dump(document: Document) -> str:
    """The one JSON text of a document."""
    body = document._asdict() | {
        "letterhead": document.letterhead._asdict(),
        "sections": [
            {"id": s.id, "title": s.title, "parts": [_part(part) for part in s.parts]} for s in document.sections
        ],
    }
    return json.dumps({"document": FORMAT, **body}, ensure_ascii=False, separators=(",", ":"), default=str)


def load(text: str) -> Document:
    """The document of a JSON text; raises Unreadable."""
    try:
        body = json.loads(text, parse_float=Decimal)
        if not 1 <= body.pop("document") <= FORMAT:
            raise Unreadable
        letterhead = Letterhead(**_tuples(body.pop("letterhead")))
        sections = tuple(
            Section(s["id"], s["title"], tuple(_read(part) for part in s["parts"])) for s in body.pop("sections")
        )
        return Document(letterhead=letterhead, sections=sections, **_tuples(body))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise Unreadable from error


def is_document(text: str) -> bool:
    """Whether a kept text is a document of this kind; before there were any, bulletins were kept as Markdown."""
    return text.startswith('{"document":')


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Said):
        return {"said": part.text}
    if isinstance(part, Table):
        return {"table": part._asdict()}
    return {"figure": part._asdict()}


def _read(part: Mapping[str, Any]) -> Part:
    if "said" in part:
        return Said(part["said"])
    if "table" in part:
        body = _tuples(part["table"])
        return Table(**body | {"columns": tuple(Column(*c) for c in body["columns"])})
    body = _tuples(part["figure"])
    values = tuple(tuple(None if v is None else Decimal(v) for v in row) for row in body["values"])
    return Figure(**body | {"values": values})


def _tuples(body: Mapping[str, Any]) -> dict[str, Any]:
    """Lists, however deep, as tuples."""
    return {name: _tuple(value) for name, value in body.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(v) for v in value) if isinstance(value, list) else value
