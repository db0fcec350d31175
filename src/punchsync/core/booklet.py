"""A rule pack in words, as a clerk reads it: documents, their articles, and what the pack takes from each.

Plain data between `packs`, which puts rules in words, and `publish`, which writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule in words. `table` and `id` are where it stands in the pack file."""

    table: str
    id: str
    title: str
    says: str
    terms: tuple[str, ...]  # what the rule sets, a sentence each
    span: str = ""  # when it is in force; empty: always
    beside: str = ""  # the other articles that it rests on
    choices: tuple[str, ...] = ()  # ids of the interpretations that are read into it
    replies: tuple[str, ...] = ()  # ids of the hall's answers that go into it


@dataclass(frozen=True, slots=True)
class Article:
    """An article of a document, with all that the pack takes from it."""

    number: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A document, with its articles in their order."""

    id: str
    title: str
    short: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An interpretation: what is read into the text; `value` is what holds, `given` what the pack itself says."""

    id: str
    says: str
    value: str
    given: str
    overridden: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What the source leaves open, and the hall's answer; None: not answered yet."""

    id: str
    says: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booklet:
    """A whole pack in words; `hours` are the sentences of what holds by default: timetable, approval of leave."""

    id: str
    name: str
    hall: str = ""
    chapters: tuple[Chapter, ...]
    choices: tuple[Choice, ...] = ()
    replies: tuple[Reply, ...] = ()
    hours: tuple[str, ...] = ()
    cases: int = 0
