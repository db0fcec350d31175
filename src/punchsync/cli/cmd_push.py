"""`punchsync push`: deliver the ledger to the scoring store, or compare what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, progress, say_json
from punchsync.cli.delivered import (
    compared_json,
    difference,
    failed_lines,
    parked_lines,
    pushed_json,
    unreadable,
)
from punchsync.cli.ending import ATTENTION, DONE, NOTHING, USAGE, Ending, complain
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.operations.deliver import Pushed
    from punchsync.operations.ports import ScoringStore

PATIENCE = 20.0


@click.command("push", help=verbs()["push"])
@click.option("--parked", is_flag=True, help=_("被拒收而搁置的，也再送一次"))
@click.option("--reconcile", is_flag=True, help=_("把评分库读回来，与账目逐笔比较；不推送"))
@click.option("--resend", is_flag=True, help=_("与 --reconcile 同用：评分库里缺的，重新推送"))
@click.option("--anyway", is_flag=True, help=_("恢复备份以后评分库不能读回的：不对账，照常记账、推送；可能缺账或重账"))
@click.option(
    "--for", "patience", type=click.FloatRange(0, 86_400), default=PATIENCE, show_default=True, metavar=_("秒"),
    help=_("送不成时最多再试这么久"),
)  # fmt: skip
@on_site
def command(
    site: Path, as_json: bool, parked: bool, reconcile: bool, resend: bool, anyway: bool, patience: float
) -> int:
    """Delivers what waits; status 1 if something is left or refused, 4 if nothing could be delivered."""
    from punchsync.logs import configure

    if resend and not reconcile:
        raise Ending(USAGE, [_("--resend 要与 --reconcile 同用")])
    configure(quiet=True)
    with open_site(site) as opened:
        store = opened.scoring()
        if store is None:
            if as_json:
                say_json({"store": None})
            else:
                click.echo(_("没有设评分库（scoring.sink 为 none），不推送"))
            return DONE
        try:
            if anyway:
                go_on(opened)
            if reconcile:
                return compare(opened, store, resend, patience, as_json)
            return deliver(opened, store, parked, patience, as_json)
        finally:
            store.close()


def deliver(opened: Site, store: ScoringStore, parked: bool, patience: float, as_json: bool) -> int:
    """Deliver what waits, and say what came of it."""
    from punchsync.operations.deliver import unpark

    if parked:
        unpark(opened.hall, store.name)
    done = send(opened, store, patience)
    if as_json:
        say_json({"store": store.name, **pushed_json(done)})
    else:
        click.echo(
            _("{store}：送达 {entries} 笔（{batches} 批），尚待 {waiting} 笔，搁置 {parked} 笔").format(
                store=store.name, entries=done.entries, batches=done.batches, waiting=done.owed.waiting,
                parked=done.owed.refused,
            )
        )  # fmt: skip
    complain([*failed_lines(done), *parked_lines(done.owed)])
    return status(done)


def send(opened: Site, store: ScoringStore, patience: float) -> Pushed:
    """Deliver what waits, with a bar where somebody looks on."""
    from punchsync.operations.deliver import push

    size = opened.settings.scoring.batch
    with progress(_("推送")) as advance:
        return push(opened.hall, store, size, patience=patience, turn=opened.turn, progress=advance)


def status(done: Pushed) -> int:
    """0 if all of the ledger is delivered, 4 if nothing could be, else 1."""
    if not done.owed.waiting and not done.owed.parked:
        return DONE
    return NOTHING if done.owed.waiting and not done.batches and not done.parked else ATTENTION


def go_on(opened: Site) -> None:
    """Book and deliver again after a restore, whatever the store has."""

    with opened.hall.store.writing() as work:
        work.runs.release()


def after_restore(opened: Site, store: ScoringStore) -> int | None:
    """Take back what the store has beyond a restored ledger, and go on; how many entries, None if nothing was held."""
    from punchsync.operations.adopt import Unfit, take_back
    from punchsync.operations.hold import held

    with opened.hall.store.reading() as work:
        if not held(opened.hall, work):
            return None
    try:
        return take_back(opened.hall, store, opened.settings.scoring.batch)
    except Unfit as error:
        said = _("{store} 里的 {id} 接不上账目，没有改动；请核对恢复的是不是最近的备份、评分库是不是本大厅的")
        raise Ending(NOTHING, [said.format(store=store.name, id=error.entry_id)]) from None


def compare(opened: Site, store: ScoringStore, resend: bool, patience: float, as_json: bool) -> int:
    """Read the store back and say where it differs; with `resend`, send what it lost."""
    from punchsync.core.readback import Unreadable
    from punchsync.operations.deliver import reconcile
    from punchsync.operations.deliver import resend as make_anew

    try:
        taken = after_restore(opened, store)
        found = reconcile(opened.hall, store)
    except Unreadable as error:
        raise Ending(NOTHING, [unreadable(store.name, error)]) from None
    anew: dict[str, Any] = {} if taken is None else {"taken_back": taken}
    done: Pushed | None = None
    if resend and found.missing:
        count = make_anew(opened.hall, store.name, found.missing, opened.settings.scoring.batch)
        done = send(opened, store, patience)
        anew = {"resent": count, "push": pushed_json(done)}
    if as_json:
        say_json({"store": store.name, **compared_json(found), **anew})
    else:
        click.echo(
            _("{store}：读回 {read} 笔，账目 {entries} 笔（尚待 {waiting}，搁置 {parked}），差异 {n} 处").format(
                store=store.name, read=found.read, entries=found.entries, waiting=found.owed.waiting,
                parked=found.owed.refused, n=len(found.differences),
            )
        )  # fmt: skip
        if taken is not None:
            said = _("恢复以后的对账完成：评分库里比账目多的 {n} 笔已收回账上；现在照常记账，请运行 punchsync settle")
            click.echo(said.format(n=taken))
        for d in found.differences:
            click.echo(f"  {difference(d)}")
        if done is not None:
            click.echo(_("重新推送：送达 {n} 笔，尚待 {m} 笔").format(n=done.entries, m=done.owed.waiting))
    lines = parked_lines(found.owed if done is None else done.owed) + ([] if done is None else failed_lines(done))
    if found.differences:
        lines.insert(0, _("评分库与账目不符，共 {n} 处").format(n=len(found.differences)))
        if found.missing and not resend:
            lines.append(_("缺的 {n} 笔可用 punchsync push --reconcile --resend 重新推送").format(n=len(found.missing)))
    complain(lines)
    return ATTENTION if found.differences or lines else DONE
