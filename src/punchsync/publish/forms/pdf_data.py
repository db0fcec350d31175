"""What the typesetter is given of an order: plain data, every word of it text and none of it markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from punchsync.publish.document import Document, Figure, Part, Table
from punchsync.publish.edition import anchored, beside, code, dated
from punchsync.publish.forms.pdf_columns import ems, settle
from punchsync.publish.order import Order
from punchsync.texts import _

MILLIMETRE: Final = 72 / 25.4
PORTRAIT, ACROSS, GRID = 156 * MILLIMETRE, 225 * MILLIMETRE, 257 * MILLIMETRE
"""Widths of the type area in points: upright, across, and across on a grid's page."""
TALLEST: Final = 190 * MILLIMETRE
"""As high as a picture may be, so that its caption stands below it."""
TITLE: Final = 20
"""Characters of 22 points on a line."""
SHORT: Final = 8
"""Characters of a cell that is set in the middle."""
DIGITS: Final = "〇一二三四五六七八九"
PNG: Final = b"\x89PNG\r\n\x1a\n"


def content(order: Order, pictures: Mapping[str, bytes], files: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the template sets, as JSON has it; `files` are the pictures' paths by the figures' ids."""
    document, edition = order.document, order.edition
    head = document.letterhead
    day = dated(edition)
    printed = _("{day}印发").format(day=day) if day else ""
    body = {
        "language": order.language,
        "layout": document.layout,
        "hall": document.hall,
        "title": document.title,
        "title_lines": title_lines(document),
        "organ": head.organ,
        "organ_ems": ems(head.organ),
        "code": code(document, edition),
        "numbered": beside(document, edition),
        "under": document.under,
        "recipients": _("、").join(head.recipients) + _("：") if head.recipients else "",
        "opening": head.opening,
        "runs": _runs(document, order.language, pictures, files),
        "closing": head.closing,
        "signature": head.signature,
        "seal": head.seal,
        "dated": day if document.layout in ("report", "letter") else "",
        "issued": [int(part) for part in edition.issued.split("-")] if edition.issued else [],
        "note": _("（{note}）").format(note=head.note) if head.note else "",
        "anchored": anchored(edition),
        "copies": _("抄送：{names}").format(names=_("、").join(head.copies)) + "。" if head.copies else "",
        "printer": head.printer,
        "printed": printed if head.printer else "",
        "page": _("第 {page} 页，共 {pages} 页"),
    }
    plain: dict[str, Any] = _plain(body)
    return plain


def title_lines(document: Document) -> list[str]:
    """A title broken where it is read: after the hall's name, before a bracket; empty: it stands on one line."""
    title = document.title
    if ems(title) <= TITLE:
        return [title]
    hall = document.hall if title.startswith(document.hall) else ""
    rest = title[len(hall) :]
    before, bracket, after = rest.partition("（")
    broken = [rest] if ems(rest) <= TITLE or not before else [before, bracket + after]
    return [line for line in (hall, *broken) if line]


def numeral(number: int) -> str:
    """A number below a hundred as heads have it: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def _runs(
    document: Document, language: str, pictures: Mapping[str, bytes], files: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The blocks of a document, in runs that stand upright or across the page; a head goes with what is below it."""
    runs: list[dict[str, Any]] = []
    heads = _heads(document, language)
    for section in document.sections:
        blocks = [_block(document, part, pictures, files) for part in section.parts]
        if section.title:
            blocks.insert(0, {"kind": "head", "text": next(heads), "flipped": bool(blocks) and blocks[0]["flipped"]})
        for block in blocks:
            if not runs or runs[-1]["flipped"] != block["flipped"]:
                runs.append({"flipped": block["flipped"], "blocks": []})
            runs[-1]["blocks"].append(block)
    return runs


def _heads(document: Document, language: str) -> Iterator[str]:
    """The sections' titles, counted where the document is an official one."""
    for n, title in enumerate((s.title for s in document.sections if s.title), 1):
        if document.layout in ("report", "letter"):
            title = _("{number}、{title}").format(number=numeral(n) if language == "zh" else n, title=title)
        yield title


def _block(document: Document, part: Part, pictures: Mapping[str, bytes], files: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(part, Table):
        return _table(part, document.layout == "grid")
    if not isinstance(part, Figure):
        return {"kind": "said", "text": part.text, "flipped": False}
    picture = pictures.get(part.id, b"")
    if part.id not in files or not picture.startswith(PNG):
        text = _("{caption}：{text}").format(caption=part.caption, text=part.text)
        return {"kind": "said", "text": text, "flipped": False}
    wide, high = (int.from_bytes(picture[n : n + 4], "big") or 1 for n in (16, 20))
    width = min(GRID if document.layout == "grid" else PORTRAIT, TALLEST * wide / high)
    figure = {"caption": part.caption, "text": part.text or part.caption, "file": files[part.id], "width": width}
    return {"kind": "figure", "flipped": False, **figure}


def _table(table: Table, grid: bool) -> dict[str, Any]:
    widths, size, flipped = settle(table, 0 if grid else PORTRAIT, GRID if grid else ACROSS)
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": [
            {"head": c.head, "kind": c.kind, "width": w, "long": c.kind == "text" and _long(table, n)}
            for n, (c, w) in enumerate(zip(table.columns, widths, strict=True))
        ],
        "rows": table.rows,
        "total": table.total and bool(table.rows),
        "size": size,
        "flipped": flipped and not grid,
    }


def _long(table: Table, column: int) -> bool:
    """Whether a column's texts are read from the left; short ones stand in the middle."""
    return any(ems(row[column]) > SHORT for row in table.rows)


def _plain(value: Any) -> Any:
    """The same without characters that can't be seen, which no typeface has."""
    if isinstance(value, str):
        seen = value.replace("\t", " ")
        return "".join(c for c in seen if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value
