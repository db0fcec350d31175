"""A PDF file made small: its many little objects, the tags of a table's cells above all, compressed together.

typst writes each object by itself and in the clear; the tags of 500 rows are 900 kB so. Object streams and a
cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8) hold the same in a tenth of it; PDF/A-2 allows them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

TOGETHER: Final = 200
"""Objects in a stream; a reader unpacks all of them to see one."""
_TABLE: Final = re.compile(rb"xref\n0 (\d+)\n((?:.{20})+)trailer\s*<<(.*)>>\s*startxref", re.DOTALL)
_ENTRY: Final = re.compile(rb"(\d{10}) \d{5} n")


def packed(pdf: bytes) -> bytes:
    """The same file, packed; one that is not as typst writes it comes back as it was."""
    end = pdf.rfind(b"\nxref\n") + 1
    table = _TABLE.match(pdf, end)
    if not table:
        return pdf
    starts = sorted(int(m[1]) for m in _ENTRY.finditer(table[2]))
    objects = dict(_objects(pdf, [*starts, end]))
    if len(objects) != len(starts):
        return pdf
    return _written(pdf[: starts[0]], objects, int(table[1]), table[3])


def _objects(pdf: bytes, starts: list[int]) -> Iterator[tuple[int, bytes]]:
    """Numbers and bodies."""
    for start, end in pairwise(starts):
        body = pdf[start:end].rstrip()
        number = re.match(rb"(\d+) 0 obj\s", body)
        if number and body.endswith(b"endobj"):
            yield int(number[1]), body[number.end() : -len(b"endobj")].strip()


def _written(head: bytes, objects: Mapping[int, bytes], size: int, trailer: bytes) -> bytes:
    out = bytearray(head)
    places: dict[int, tuple[int, int, int]] = {}
    small = [n for n in sorted(objects) if not objects[n].endswith(b"endstream")]
    for number in sorted(objects.keys() - set(small)):
        places[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    for first in range(0, len(small), TOGETHER):
        group, stream = small[first : first + TOGETHER], size
        size += 1
        places |= {number: (2, stream, n) for n, number in enumerate(group)}
        places[stream] = (1, len(out), 0)
        out += _stream(stream, b"/Type/ObjStm/N %d/First %d", group, objects)
    places[size] = (1, len(out), 0)
    return bytes(out) + _references(size, places, trailer, len(out))


def _stream(number: int, head: bytes, group: list[int], objects: Mapping[int, bytes]) -> bytes:
    index, body = bytearray(), bytearray()
    for n in group:
        index += b"%d %d " % (n, len(body))
        body += objects[n] + b"\n"
    return _object(number, head % (len(group), len(index)), bytes(index + body))


def _references(number: int, places: Mapping[int, tuple[int, int, int]], trailer: bytes, start: int) -> bytes:
    """Where every object is: by its place in the file, or by its stream and its place in that."""
    free = (0, 0, 65535)
    rows = b"".join(
        kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big")
        for kind, a, b in (places.get(n, free) for n in range(number + 1))
    )
    kept = re.sub(rb"/Size \d+", b"", trailer)
    head = b"/Type/XRef/Size %d/W[1 4 2]%s" % (number + 1, kept.strip())
    return _object(number, head, rows) + b"startxref\n%d\n%%%%EOF\n" % start


def _object(number: int, head: bytes, body: bytes) -> bytes:
    small = zlib.compress(body, 9)
    return b"%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        number, head, len(small), small,
    )  # fmt: skip
