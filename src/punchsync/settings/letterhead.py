"""What a hall puts around its papers: `templates/letterhead.toml`, a file of its own that may be left out.

Top keys hold for every paper; a table of a paper's kind (`[daily]`, `[letter]`, …) says what differs there.
"""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, ValidationError

from punchsync.problems import Complaint, Refused, from_pydantic
from punchsync.settings.parts import Part
from punchsync.texts import _

TEMPLATES: Final = "templates"
"""The folder of a site with what a hall changes of its papers' look and wording."""
LETTERHEAD: Final = f"{TEMPLATES}/letterhead.toml"
LETTER: Final = "letter"
KINDS: Final = ("daily", "weekly", "monthly", "quarterly", LETTER)

Line = Annotated[str, Field(max_length=400)]
Lines = Annotated[tuple[Line, ...], Field(max_length=40)]


def fields(*names: str) -> Any:
    """Checks that a text has no other placeholders than these; raises ValueError with what is allowed."""

    def check(text: str) -> str:
        allowed = "、".join(f"{{{name}}}" for name in names)
        try:
            found = {name for _text, name, _spec, _how in string.Formatter().parse(text) if name is not None}
        except ValueError:
            found = {""}
        if not found <= set(names):
            raise ValueError(_("文字，占位只用 {allowed}").format(allowed=allowed))
        return text

    return AfterValidator(check)


class Own(Part):
    """What stands around one kind of paper; None: as for every paper."""

    organ: Line | None = None
    code: Annotated[str, fields("year", "number"), Field(max_length=60)] | None = None
    title: Annotated[str, fields("hall", "period", "first", "last"), Field(max_length=120)] | None = None
    recipients: Lines | None = None
    opening: Lines | None = None
    closing: Lines | None = None
    signature: Line | None = None
    seal: bool | None = None
    note: Line | None = None
    copies: Lines | None = None
    printer: Line | None = None


class LetterheadFile(Own):
    """The whole file; `notice_days`: for how many working days a month is shown before it is closed (公示)."""

    notice_days: Annotated[int, Field(ge=1, le=60)] = 5
    daily: Own = Own()
    weekly: Own = Own()
    monthly: Own = Own()
    quarterly: Own = Own()
    letter: Own = Own()

    def of(self, kind: str) -> Own:
        """What holds for a kind of paper: its own, else what holds for every paper."""
        own = getattr(self, kind) if kind in KINDS else Own()
        common = {name: getattr(self, name) for name in Own.model_fields}
        return Own(**common | {name: value for name, value in own if value is not None})


def load_letterhead(site: Path) -> LetterheadFile:
    """A site's letterhead; an empty one where it has none. Raises Refused with every complaint at once."""
    path = site / LETTERHEAD
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return LetterheadFile()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = _("读不了（{error}）").format(error=error)
        raise Refused([Complaint(LETTERHEAD, "", found, _("合乎 TOML 语法的 UTF-8 文件"))]) from None
    try:
        return LetterheadFile(**tree)
    except ValidationError as error:
        keys = {"": list(LetterheadFile.model_fields)} | {kind: list(Own.model_fields) for kind in KINDS}
        raise Refused(from_pydantic(LETTERHEAD, error.errors(), keys)) from None
