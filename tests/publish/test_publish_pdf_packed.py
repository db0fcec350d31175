"""A packed PDF file holds the same objects in less room, and what is no file of typst's is left alone."""

from __future__ import annotations

import io

import typst
from pypdf import PdfReader

from punchsync.publish.forms.pdf_packed import packed

SOURCE = b"#set page(height: 60pt)\n#table(columns: 4, ..range(2000).map(n => [#n]))"


def test_packed_pages_say_the_same_in_a_fraction_of_the_room() -> None:
    plain = typst.compile(SOURCE, timestamp=0)

    small = packed(plain)

    before, after = (PdfReader(io.BytesIO(pdf), strict=True) for pdf in (plain, small))
    assert len(after.pages) == len(before.pages)
    for n in (0, len(before.pages) - 1):
        assert after.pages[n].extract_text() == before.pages[n].extract_text()
    assert after.metadata == before.metadata
    assert after.root_object.keys() == before.root_object.keys()
    assert len(small) < len(plain) / 3


def test_what_is_not_as_typst_writes_it_comes_back_as_it_was() -> None:
    plain = typst.compile(b"one page", timestamp=0)

    for other in (b"", b"no PDF", plain[:-200], packed(plain), plain.replace(b"1 0 obj", b"1 0 abc", 1)):
        assert packed(other) == other
