"""All that is stored of a person as one ZIP: a page that says what each file is, tables to read, and all of it as JSON.

Tables are CSV with a mark by which spreadsheets know UTF-8; a cell that they would take for a formula begins with `'`.
`data.json` has the same, exactly as stored.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from punchsync.core.moment import Moment, show_moment, to_date
from punchsync.publish.page import Grid, Item, Page, Row, Section, to_html
from punchsync.publish.person_words import CODES, Keeping, Words, heads, own_heads, parts
from punchsync.texts import _

FORMULA: Final = re.compile(r"[=+\-@\t\r]")
NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")


class Sheet(NamedTuple):
    """A part as a file: its name, the part it is of, and its columns and rows as stored and as people read them."""

    file: str
    part: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    heads: Sequence[str]
    read: Sequence[Sequence[str]]


def to_zip(page: Page, sheets: Sequence[Sheet], files: Iterable[tuple[str, bytes]], at: Moment) -> bytes:
    """The archive; everything in it is dated `at`."""
    out = io.BytesIO()
    when = (*to_date(at // 86_400).timetuple()[:3], at // 3600 % 24, at // 60 % 60, at % 60)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("index.html", to_html(page).encode()),
            *((f"{s.file}.csv", to_csv(s.heads, s.read)) for s in sheets),
            ("data.json", to_json(sheets)),
            *((f"evidence/{name}", content) for name, content in files),
        ):
            archive.writestr(zipfile.ZipInfo(name, when), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def to_csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def to_json(sheets: Sequence[Sheet]) -> bytes:
    """Every table under its file's name, as objects by the columns as stored."""
    held = {s.file: [dict(zip(s.columns, row, strict=True)) for row in s.rows] for s in sheets}
    return (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode()


def evidence_name(appeal: int, position: int, name: str) -> str:
    """Where a file of evidence lies in the archive: by its appeal and place, under its own name without path."""
    return f"{appeal}-{position}-{PurePosixPath(name.replace(chr(92), '/')).name}"


def sheet(
    part: str,
    kind: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    own: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
) -> Sheet:
    """A part as a file; `own` and `values` are a kind of record's own words for its columns and their codes."""
    known = {**heads(), **own_heads().get(part, {}), **own}
    said = [values.get(c) or CODES.get((part, c)) or CODES.get(("", c)) for c in columns]
    return Sheet(
        name_of(part, kind),
        part,
        columns,
        rows,
        [known.get(c, c) for c in columns],
        [[in_words(cell, words) for cell, words in zip(row, said, strict=True)] for row in rows],
    )


def name_of(part: str, kind: str) -> str:
    """The name of a part's file; records have one a kind."""
    return f"{part}-{kind}" if kind else part


def in_words(cell: str, words: Words | None) -> str:
    """A cell's codes in words; anything else as it is."""
    if words is None or not cell:
        return cell
    if callable(words):
        return words(cell)
    return ";".join(words.get(code, code) for code in cell.split(";"))


def index(
    hall: str, who: str, at: Moment, sheets: Sequence[Sheet], kinds: Mapping[str, str], files: int, keeping: Keeping
) -> Page:
    """What is in the archive, why it is kept and how long; what is not there, and what one may ask for."""
    told = parts(keeping)
    rows = []
    for s in sheets:
        title, why, long = told[s.part]
        kind = s.file.removeprefix("records-")
        named = _("{title}：{kind}").format(title=title, kind=kinds.get(kind, kind)) if s.part == "records" else title
        rows.append(Row((f"{s.file}.csv", named, str(len(s.rows)), why, long)))
    return Page(
        over=hall,
        title=_("{who} 个人信息副本").format(who=who),
        under=(_("取于 {at}").format(at=show_moment(at)),),
        essence=(
            _("这里是考勤系统留存的关于您的全部信息，依《个人信息保护法》第四十五条提供。"),
            _("处理的依据：按依法制定的劳动规章制度实施人力资源管理所必需，履行公共服务职责所必需（第十三条）。"),
            _("各表用表格软件打开；data.json 是同样的内容，原样，供机器读取。"),
        ),
        sections=(
            Section(_("文件"), (Grid((_("文件"), _("内容"), _("行数"), _("为什么保存"), _("保存多久")), tuple(rows)),)),
            Section(_("没有的与说明"), tuple(map(Item, notes(files)))),
            Section(_("您可以"), tuple(map(Item, rights()))),
        ),
    )


def notes(files: int) -> list[str]:
    """What is not in the archive, and why."""
    return [
        _("没有指纹、照片和人脸：它们只在考勤机里，本系统从不读取，也没有地方存放。"),
        _("申诉证据 {n} 件，在 evidence/。").format(n=files),
        _("列有别人的通报，只给出通报编号和单独写您的那几行；别人的信息不在其中。"),
        _("姓名按保存年限抹去以后，姓名处写的是工号。"),
        _("考勤机里读不懂而整份另存的记录，无法分辨是谁的，不在其中。"),
        _("备份里有同样的内容，到期随备份一起删除；运行日志里没有姓名。"),
    ]


def rights() -> list[str]:
    """What a person may ask for."""
    return [
        _("更正、补充：请假、外出、补签等登记有误的，请大厅改正后重新导入，账目随之冲正（第四十六条）。"),
        _("申诉、复核：对某一条违规不服的，在期限内提出（punchsync appeal）。"),
        _("要求说明：某一天、某一笔扣分的由来（第四十八条，punchsync explain）。"),
        _("要求删除：保存期限已满，或目的已经达到的（第四十七条）。"),
    ]
