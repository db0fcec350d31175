"""A pack in words as plain text, JSON or one HTML page."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from punchsync.core.booklet import Booklet, Choice, Clause, Reply
from punchsync.texts import _, language

if TYPE_CHECKING:
    from jinja2 import Template


def to_json(booklet: Booklet) -> str:
    """One JSON object with all of it."""
    return json.dumps(asdict(booklet), ensure_ascii=False) + "\n"


def to_text(booklet: Booklet) -> str:
    """Plain lines, indented."""
    lines = [f"{booklet.name}（{booklet.id}）"]
    lines += [held(booklet.hall)] if booklet.hall else []
    for chapter in booklet.chapters:
        lines += ["", _("《{title}》，简称“{short}”").format(title=chapter.title, short=chapter.short)]
        lines += [] if chapter.articles else [f"  {untouched()}"]
        for article in chapter.articles:
            lines += [f"  {article.number}"]
            for clause in article.clauses:
                lines += [f"    {heading(clause)}", *(f"      · {term}" for term in clause.terms)]
                lines += [f"      〔{note}〕" for note in notes(clause)]
    lines += ["", choices_title()]
    for choice in booklet.choices:
        lines.append(f"  {choice.id} = {choice.value}  {choice.says}{mark(choice)}")
    lines += [] if booklet.choices else [f"  {nothing()}"]
    if booklet.replies:
        lines += ["", replies_title()]
        lines += [f"  {r.id} = {answered(r)}  {r.says}" for r in booklet.replies]
    lines += ["", hours_title(), *(f"  · {sentence}" for sentence in booklet.hours)]
    lines += ["", cases(booklet)]
    return "\n".join(lines) + "\n"


def to_html(booklet: Booklet) -> str:
    """One self-contained page, fit for printing."""
    return _template().render(
        booklet=booklet,
        lang="zh-CN" if language() == "zh" else "en",
        held=held,
        heading=heading,
        notes=notes,
        answered=answered,
        words={
            "contents": _("目录"),
            "untouched": untouched(),
            "choices": choices_title(),
            "replies": replies_title(),
            "hours": hours_title(),
            "cases": cases_title(),
            "counted": cases(booklet),
            "nothing": nothing(),
            "id": _("编号"),
            "value": _("取值"),
            "reads": _("读法"),
            "asks": _("所问"),
            "answer": _("答复"),
            "given": _("规则包原值"),
            "own": _("本大厅改写"),
            "short": _("简称“{short}”"),
        },
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("punchsync.publish", "templates")
    found = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return found.get_template("booklet.html")


# What all forms say


def held(hall: str) -> str:
    """For which hall it is read."""
    return _("已按“{hall}”的解释与答复").format(hall=hall)


def heading(clause: Clause) -> str:
    """A clause's head: what it is about, and what the article asks."""
    if clause.says in ("", clause.title):
        return clause.title
    return _("{title}：{says}").format(title=clause.title, says=clause.says)


def notes(clause: Clause) -> list[str]:
    """What else is to be known of a clause: when it is in force, and what else it rests on."""
    out = [_("施行：{span}").format(span=clause.span)] if clause.span else []
    out += [_("并据：{articles}").format(articles=clause.beside)] if clause.beside else []
    out += [_("解释：{ids}").format(ids="、".join(clause.choices))] if clause.choices else []
    return out + ([_("原文有缺，按答复：{ids}").format(ids="、".join(clause.replies))] if clause.replies else [])


def mark(choice: Choice) -> str:
    """That the hall reads it otherwise than the pack."""
    return _("〔本大厅改写，规则包原值 {given}〕").format(given=choice.given) if choice.overridden else ""


def answered(reply: Reply) -> str:
    """The hall's answer, or that there is none yet."""
    return _("〔待答复〕") if reply.value is None else reply.value


def untouched() -> str:
    """Of a document that no rule rests on."""
    return _("规则包没有从中取用条款")


def choices_title() -> str:
    """The head of the interpretations."""
    return _("解释（原文未明之处的读法；大厅可在 [hall.interpretations] 改写）")


def replies_title() -> str:
    """The head of the answers."""
    return _("答复（原文所缺，由大厅写在 [hall] answers）")


def hours_title() -> str:
    """The head of what holds by default."""
    return _("默认作息与请假")


def cases_title() -> str:
    """The head of the worked cases."""
    return _("实例")


def cases(booklet: Booklet) -> str:
    """How many worked cases the pack carries."""
    return _("规则包自带 {n} 个实例，punchsync rules test {id} 逐条核对").format(n=booklet.cases, id=booklet.id)


def nothing() -> str:
    """Of a part that is empty."""
    return _("没有。")
