"""`punchsync attention`: what needs a person, since when and what to do; and whether its notices arrive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, say_json, timed
from punchsync.cli.ending import ATTENTION, DONE, NOTHING, Ending, complain
from punchsync.core.moment import Moment, show_moment
from punchsync.problems import Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.core.attention import State
    from punchsync.core.notice import Notice
    from punchsync.core.outbox import Answer


@click.command("attention", help=verbs()["attention"])
@click.option("--all", "every", is_flag=True, help=_("也列出已经解除的"))
@click.option("--test", is_flag=True, help=_("向每个通知渠道各发一条试验通知"))
@timed
@on_site
def command(site: Path, as_json: bool, as_of: Moment | None, every: bool, test: bool) -> int:
    """Looks anew and stores nothing; status 1 if anything needs a person, or a test is not taken."""
    from punchsync.logs import configure

    configure(quiet=True)
    with open_site(site, as_of) as opened:
        return try_out(opened, as_json) if test else show(opened, as_json, every)


def show(opened: Site, as_json: bool, every: bool) -> int:
    """What is open as of now, whether a service runs or not."""
    from punchsync.attention_words import sentence, standing_line, title

    now = opened.clock.now()
    standing, fading, closed, lost, unsure = look(opened, now)
    if as_json:
        more = {"closed": [as_data(s) for s in closed]} if every else {}
        data = {"open": [as_data(s) for s in standing], "fading": [as_data(s) for s in fading], **more}
        say_json({**data, "notices_given_up": len(lost), "notices_unsure": len(unsure)})
        return ATTENTION if standing else DONE
    for state in standing:
        click.echo(standing_line(state.opened_at, *state.key))
        click.echo(f"    {sentence(state)}")
    for state in fading:
        line = _("{since} 起  {what}：已不再如此，再看一阵就自动解除")
        click.echo(line.format(since=show_moment(state.opened_at), what=title(*state.key)))
    for state in closed if every else []:
        until = show_moment(state.closed_at or now)
        line = _("{since} 至 {until}  {what}：已解除")
        click.echo(line.format(since=show_moment(state.opened_at), until=until, what=title(*state.key)))
    if unsure:
        line = _("{n} 条通知不知道送到没有；运行 punchsync notice list 看是哪些，到收信处核对后再送或不再送")
        click.echo(line.format(n=len(unsure)))
    if not standing:
        click.echo(_("没有需要处理的事"))
        return DONE
    complain([_("{n} 件事需要有人处理").format(n=len(standing))])
    return ATTENTION


def look(opened: Site, now: Moment) -> tuple[list[State], list[State], list[State], list[Notice], list[Notice]]:
    """States that are so, those that soon close, those that are closed; notices that nobody got, and perhaps nobody."""
    from punchsync.operations.attention import Around, free, gather, outlook

    around = Around(lambda: free(opened.folder), opened.scoring_name)
    with opened.store.reading() as work:
        sights = gather(opened.hall, work, around, opened.limits())
        for _codes, error in sights.errors:
            if isinstance(error, Refused):
                complain([c.show() for c in error.complaints])
            else:
                raise error
        plan = outlook(work, sights, (), opened.limits(), now)
        before = work.attention.all()
        lost, unsure = work.notices.given_up(), work.notices.unsure()
    standing = sorted((*plan.open, *plan.refresh), key=lambda s: (s.opened_at, s.key))
    standing = [s for s in standing if s.seen_at == now]
    so = {s.number for s in standing}
    fading = [s for s in before if s.closed_at is None and s.number not in so]
    return standing, fading, [s for s in before if s.closed_at is not None], lost, unsure


def as_data(state: State) -> dict[str, Any]:
    """A state for a program."""
    from punchsync.attention_words import sentence

    told, closed = state.told_at, state.closed_at
    return {
        "code": state.code,
        "about": state.about,
        "value": state.value,
        "since": show_moment(state.opened_at),
        "told": None if told is None else show_moment(told),
        "closed": None if closed is None else show_moment(closed),
        "text": sentence(state),
    }


def try_out(opened: Site, as_json: bool) -> int:
    """Send a test to every channel, and say what came of it; a channel's own words are not shown."""
    from punchsync.operations.notices import tried

    names = [listener.name for listener in opened.listeners()]
    if not names:
        raise Ending(NOTHING, [_("没有设通知渠道（[[notify]]），无处可发")])
    subject = _("{hall}：试验通知").format(hall=opened.hall.name)
    body = _("这是 punchsync attention --test 发出的试验，不用处理。")
    answers = {name: tried(opened.channel, name, subject, body) for name in names}
    if as_json:
        say_json({"channels": [{"channel": n, "sent": taken(a), "code": a.code} for n, a in answers.items()]})
    else:
        for name, answer in answers.items():
            click.echo(f"{name}  {came(answer)}")
    failed = [name for name, answer in answers.items() if not taken(answer)]
    if not failed:
        return DONE
    complain([_("没有送成：{names}；检查凭据 credentials/名字 里的地址与网络").format(names="、".join(failed))])
    return NOTHING if len(failed) == len(names) else ATTENTION


def taken(answer: Answer) -> bool:
    """Whether a channel took a message."""
    return answer.meaning == "delivered"


def came(answer: Answer) -> str:
    """What came of a test, in words."""
    from punchsync.notice_words import answer as meaning

    if taken(answer):
        return _("已送出；请到收信处看一看有没有收到")
    if answer.meaning == "unsure":
        return _("不知道送到没有：{why}；请到收信处看一看").format(why=meaning(answer.code))
    return _("没有送成：{why}").format(why=meaning(answer.code))
