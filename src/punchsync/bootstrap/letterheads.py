"""The letterhead of a hall's papers: its own words, and what stands there where it says nothing."""

from __future__ import annotations

from pathlib import Path

from punchsync.publish.document import Letterhead
from punchsync.settings.letterhead import LETTER, load_letterhead
from punchsync.texts import _


def letterhead(site: Path, hall: str, kind: str) -> Letterhead:
    """The letterhead of a kind of paper (`daily`, …, `letter`) of a hall; raises Refused for a bad file."""
    return titled(site, hall, kind)[0]


def titled(site: Path, hall: str, kind: str) -> tuple[Letterhead, str | None]:
    """The same with the hall's own title, with `{hall}`, `{period}`, `{first}` and `{last}`; None where it has none."""
    own = load_letterhead(site).of(kind)
    organ = hall if own.organ is None else own.organ
    made = Letterhead(
        organ=organ,
        code=codes(kind) if own.code is None else own.code,
        recipients=_either(own.recipients, () if kind == LETTER else (_("各进驻单位、各窗口"),)),
        opening=_either(own.opening, () if kind == LETTER else (_("现将考勤情况通报如下："),)),
        closing=_either(own.closing, (_("特此函告。"),) if kind == LETTER else ()),
        signature=organ if own.signature is None else own.signature,
        seal=own.seal is not False,
        note=own.note or "",
        copies=_either(own.copies, ()),
        printer=organ if own.printer is None else own.printer,
    )
    return made, own.title


def codes(kind: str) -> str:
    """The pattern of a document number (发文字号) where a hall has none of its own."""
    return {
        "daily": _("考勤日报〔{year}〕{number}号"),
        "weekly": _("考勤周报〔{year}〕{number}号"),
        "monthly": _("考勤通报〔{year}〕{number}号"),
        "quarterly": _("考勤季报〔{year}〕{number}号"),
        LETTER: _("考勤函〔{year}〕{number}号"),
    }.get(kind, "")


def notice_days(site: Path) -> int:
    """For how many working days a month is shown before it is closed (公示); raises Refused for a bad file."""
    return load_letterhead(site).notice_days


def _either(own: tuple[str, ...] | None, else_: tuple[str, ...]) -> tuple[str, ...]:
    return else_ if own is None else own
