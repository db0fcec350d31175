"""The story's second half: a terminal out of reach for two days, its return, the month's ranks, the days after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from punchsync.cli.demo_hall import WINDOWS, people_of
from punchsync.cli.demo_stage import Stage
from punchsync.cli.demo_tell import Teller, count, short, show_entries
from punchsync.core.moment import Day, show_day
from punchsync.operations.publish import daily
from punchsync.operations.settle import Settled
from punchsync.round_words import attention
from punchsync.texts import _
from punchsync.words import kind

FAR = "T2"
FIRST_NUMBER = 4
"""The outage begins on the fourth working day."""


def out_of_reach(tell: Teller, stage: Stage, days: Sequence[Day]) -> None:
    """A terminal that can't be reached: its people wait, nobody is charged."""
    stage.terminals[FAR].unplug()
    for n, day in enumerate(days, FIRST_NUMBER):
        stage.begin(day, n)
        done = stage.finish(day)
    first, last = days[0], days[-1]
    tell.step(
        _("{first}起 {days} 天：{terminal} 断线").format(first=short(first), days=len(days), terminal=FAR),
        _("网线松了，{terminal} 一直读不到；人照常打卡，记录留在考勤机里。").format(terminal=FAR),
        "\n".join([_("T1 的人照常核算；每次读机都提醒："), *attention(done.rounds[-1])]),
        _("{terminal} 的 {people} 人共 {n} 个考勤点未知；没读到的不算数，给他们记账 {charged} 笔。").format(
            terminal=FAR,
            people=len(people_of(FAR)),
            n=count(stage, "pending", first, last),
            charged=len(charged(stage, first, last)),
        ),
    )
    tell.say(_("{day}的日报注明暂定：").format(day=short(last)))
    told = {w.window: w for w in daily(stage.site.hall, last).windows}
    head = [_("窗口"), _("考勤机"), _("应到"), _("在岗"), kind("absent_half_day"), _("未知人数")]
    rows = [
        [w.name, w.terminal, *(str(n) for n in (t.posted, t.present, t.absent, t.unknown))]
        for w in WINDOWS
        if (t := told[w.name])
    ]
    tell.show(head, rows)


def charged(stage: Stage, first: Day, last: Day) -> list[dict[str, str]]:
    """What the far terminal's people and windows were charged for a stretch of days."""
    mine = {p.id for p in people_of(FAR)} | {w.name for w in WINDOWS if w.terminal == FAR}
    return [e for e in stage.rows("ledger", first, last) if e["account_id"] in mine]


def back_again(tell: Teller, stage: Stage, gone: Sequence[Day], day: Day) -> None:
    """The terminal is back: a full read, and what that changed; a second one changes nothing."""
    stage.begin(day, FIRST_NUMBER + len(gone))
    stage.go(day, "08:20")
    stage.terminals[FAR].plug()
    before = count(stage, "pending", gone[0], gone[-1])
    done = stage.read(FAR, since=gone[0])
    again = stage.read(FAR, since=gone[0])
    settled, second = done.settled, again.settled
    if settled is None or second is None:
        raise RuntimeError(attention(done))
    tell.step(
        _("{day} 08:20：{terminal} 恢复，补读").format(day=short(day), terminal=FAR),
        _("网线接好，运行 punchsync resync {terminal} --since {since}。").format(terminal=FAR, since=show_day(gone[0])),
        _("读回 {new} 次打卡，断线那几天的未知考勤点由 {before} 个变为 {after} 个；").format(
            new=sum(r.new for r in done.reads), before=before, after=count(stage, "pending", gone[0], gone[-1])
        )
        + booked(settled),
        _("现在才知道谁缺了卡、谁迟到。再 resync 一次：") + booked(second),
    )
    show_entries(tell, (*settled.reversals, *settled.posts))
    ranks(tell, stage)
    stage.finish(day)


def booked(settled: Settled) -> str:
    """How many entries a settle posted and reversed."""
    posts, reversals = len(settled.posts), len(settled.reversals)
    return _("新增 {posts} 笔，冲回 {reversals} 笔。").format(posts=posts, reversals=reversals)


def ranks(tell: Teller, stage: Stage) -> None:
    """The month that is over and certain has its ranks."""
    outcomes = stage.rows("outcomes")
    awarded = {(o["period"], o["subject_id"]): o["state"] for o in outcomes if o["outcome"] == "award"}
    rows = [r for r in stage.rows("ranking") if r["subject_type"] == "window"]
    tell.step(
        _("10 月的窗口名次"),
        _("10 月过完了，而且没有一个考勤点还未知。"),
        _("按考评办法 五1 排出名次；前五名是拟议，由人确认才算数。"),
        _("断线没有补读以前，10 月不排名次。"),
    )
    tell.show(
        [_("名次"), _("窗口"), _("文明服务得分"), _("违规"), _("流动红旗窗口")],
        [
            [
                r["rank"], r["subject_id"], r["score"], r["violations"],
                _("拟议") if awarded.get((r["period"], r["subject_id"])) == "proposed" else "—",
            ]
            for r in sorted(rows, key=lambda r: int(r["rank"]))
        ],
    )  # fmt: skip


def quiet_days(tell: Teller, stage: Stage, days: Sequence[Day]) -> None:
    """The days after the story, and all days in a table."""
    for n, day in enumerate(days, 1):
        if n > len(stage.done):
            stage.begin(day, n)
            stage.finish(day)
    tell.step(
        _("{n} 个工作日").format(n=len(days)),
        _("其余各日照常。") if len(days) > FIRST_NUMBER + 2 else _("演示到此为止；十天的演示还有断线、补读与名次。"),
        _("读机 {polls} 次，日终核算 {n} 次，日报 {n} 期。").format(
            polls=sum(len(d.rounds) for d in stage.done), n=len(stage.done)
        ),
        _("违规按现在的判定，含折算；记账与冲回列在入账的那一天。"),
    )
    rows = [day_row(stage, d) for d in days]
    head = [
        _("日期"), _("打卡"), kind("late"), kind("early"), kind("absent_half_day"), _("督查"), _("未知"), _("记账"),
        _("冲回"),
    ]  # fmt: skip
    total = [_("合计"), *(str(sum(int(r[n]) for r in rows)) for n in range(1, len(head)))]
    tell.show(head, [*rows, total])


def day_row(stage: Stage, day: Day) -> list[str]:
    """A day in numbers, from the exports."""
    kinds: Counter[str] = Counter()
    for v in stage.rows("violations", day, day):
        kinds["incident" if v["source"] == "incident" else v["kind"]] += 1
    booked = [e for e in stage.rows("ledger") if e["booked_on"] == show_day(day)]
    back = sum(bool(e["reverses"]) for e in booked)
    numbers = [
        len(stage.rows("punches", day, day)), kinds["late"], kinds["early"], kinds["absent_half_day"],
        kinds["incident"], count(stage, "pending", day, day), len(booked) - back, back,
    ]  # fmt: skip
    return [short(day), *map(str, numbers)]
