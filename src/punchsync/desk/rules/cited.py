"""Articles as links: every citation leads to its place on the page of the rules."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

BETWEEN = "; "
"""What stands between the articles of a citation (`Pack.cite`)."""


class Cited(NamedTuple):
    """An article as cited, and where it can be read; an empty address for none."""

    text: str
    address: str


def anchor(article: str) -> str:
    """The place of an article on the page of the rules: of the document's short name and its number."""
    return "c-" + "_".join(article.split())


def rule_link(article: str) -> str:
    """The address of the first article of a citation; empty for none."""
    first = article.partition(BETWEEN)[0].strip()
    return f"/rules#{quote(anchor(first))}" if first else ""


def cited(article: str) -> list[Cited]:
    """Every article of a citation with its address."""
    return [Cited(one, rule_link(one)) for one in article.split(BETWEEN) if one.strip()]
