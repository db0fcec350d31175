"""The access log: who looked at or changed what, the newest first. Reading it leaves a line, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from punchsync.access import FOLDER
from punchsync.core.moment import parse_day, show_day
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.audit.log import Sought, page
from punchsync.desk.audit.words import DESK, action, commands, means, result
from punchsync.desk.room import Room
from punchsync.desk.tables import to_csv
from punchsync.texts import _

room = Room()
DAYS: Final = 7
"""Days that are shown where no others are asked for."""
KEPT_ROWS: Final = 100_000
"""Lines of a file to keep; who wants more takes shorter stretches."""


class Asked(NamedTuple):
    """What a reader asked for, as typed, and what is wrong with it."""

    fields: dict[str, str]
    sought: Sought
    problems: dict[str, str]

    @property
    def address(self) -> str:
        """The fields as a part of an address."""
        return urlencode({name: value for name, value in self.fields.items() if value})


@room.get("/audit", Right.AUDIT_SEE, "audit")
def show(ask: Ask) -> Response:
    """A page of lines."""
    asked = asked_for(ask)
    before = ask.query("before")
    found = None if asked.problems else page(ask.desk.site.folder / FOLDER, asked.sought, before)
    return ask.page(
        "audit/list.html",
        422 if asked.problems else 200,
        asked=asked,
        found=found,
        first_page=not before,
        choices=choices(),
        action=action,
        means=means,
        result=result,
        said=said,
    )


@room.get("/audit/download", Right.AUDIT_SEE, "audit download")
def keep(ask: Ask) -> Response:
    """Every line that fits, as CSV."""
    asked = asked_for(ask)
    if asked.problems:
        return ask.to(f"/audit?{asked.address}")
    found = page(ask.desk.site.folder / FOLDER, asked.sought, rows=KEPT_ROWS, read=None)
    rows = [(x.at, x.who, x.by, x.what, action(x.what, x.by), said(x.about), str(x.status)) for x in found.lines]
    name = f"access-{asked.sought.first}-{asked.sought.last}.csv"
    heads = [_("时间"), _("用户"), _("由来"), _("代码"), _("动作"), _("关于"), _("状态")]
    return ask.download(to_csv(heads, rows), name, "text/csv; charset=utf-8")


def asked_for(ask: Ask) -> Asked:
    """The filters of an address, noted for the audit."""
    fields = {name: ask.query(name) for name in ("first", "last", "who", "about", "what", "denied")}
    fields["first"] = fields["first"] or show_day(ask.today - DAYS + 1)
    fields["last"] = fields["last"] or show_day(ask.today)
    problems: dict[str, str] = {}
    for name in ("first", "last"):
        try:
            fields[name] = show_day(parse_day(fields[name]))
        except ValueError:
            problems[name] = _("写的是 {value}，应为日期，如 2026-11-20").format(value=fields[name])
    if not problems and fields["first"] > fields["last"]:
        problems["last"] = _("止日早于起日")
    if not problems:
        ask.about.update(first=fields["first"], last=fields["last"])
    if fields["about"] in ask.known.people:
        ask.about["person"] = fields["about"]
    sought = Sought(
        fields["first"], fields["last"], fields["who"], fields["about"], fields["what"], bool(fields["denied"])
    )
    return Asked(fields, sought, problems)


def choices() -> list[tuple[str, str]]:
    """Every action that leaves a line, by its words; where two have the same, with its code."""
    from punchsync.desk.web import ways  # which has this page, too

    named = {code: action(code) for code in commands()}
    for code in (way.noted for way in ways() if way.noted):
        word = action(code, DESK)
        named[code] = word if named.get(code, word) == word else f"{named[code]}、{word}"
    twice = Counter(named.values())
    found = [(code, word if twice[word] == 1 else f"{word}（{code}）") for code, word in named.items()]
    return sorted(found, key=lambda pair: pair[1])


def said(about: Mapping[str, Any]) -> str:
    """A line's subject in one cell."""
    return " ".join(f"{k}={','.join(map(str, v)) if isinstance(v, list) else v}" for k, v in about.items())
