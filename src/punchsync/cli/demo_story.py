"""The demonstration's story, day by day; a shorter one stops where its days end."""

from __future__ import annotations

from collections.abc import Sequence

from punchsync.cli.demo_habits import rush
from punchsync.cli.demo_hall import (
    BY_NAME,
    DEVICE_HEAD,
    INCIDENT_HEAD,
    LEAVE_HEAD,
    PEOPLE,
    STAFF_HEAD,
    STRAY_NUMBER,
    STRAYED,
    TERMINALS,
    WINDOWS,
    staff_rows,
)
from punchsync.cli.demo_outage import back_again, out_of_reach, quiet_days
from punchsync.cli.demo_stage import NIGHTLY, POLLS, DayDone, Stage
from punchsync.cli.demo_tell import Place, Teller, short, show_entries, show_places
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, show_day
from punchsync.core.wanted import violation_of
from punchsync.operations.poll import Round
from punchsync.round_words import attention
from punchsync.texts import _

EDGES: tuple[Place, ...] = (
    ("甲三", 1, "in"),
    ("乙三", 1, "in"),
    ("乙四", 2, "out"),
    ("甲二", 2, "out"),
    ("丙三", 1, "in"),
    ("丁二", 1, "out"),
)
"""Whom to look at on the first day."""


def tell_story(tell: Teller, stage: Stage, days: Sequence[Day]) -> None:
    """Play and tell all of these days."""
    open_hall(tell, stage)
    first_day(tell, stage, days[0])
    if len(days) > 1:
        second_day(tell, stage, days[1])
    if len(days) > 2:
        third_day(tell, stage, days[2])
    if len(days) > 3:
        out_of_reach(tell, stage, days[3:5])
    if len(days) > 5:
        back_again(tell, stage, days[3:5], days[5])
    quiet_days(tell, stage, days)


def open_hall(tell: Teller, stage: Stage) -> None:
    """Settings and staff."""
    result = stage.bring("staff", "人员.csv", STAFF_HEAD, staff_rows())
    tell.step(
        _("建立大厅"),
        _("{people} 人、{windows} 个窗口、{terminals} 台考勤机。").format(
            people=len(PEOPLE), windows=len(WINDOWS), terminals=len(TERMINALS)
        ),
        _("写好设置 punchsync.toml，导入人员表 {rows} 行。").format(rows=result.rows),
        _("设置里写明了哪个窗口在哪台考勤机打卡；读不到某台时，只有它的人要等。"),
    )
    tell.show(
        [_("窗口"), _("单位"), _("人数"), _("考勤机")],
        [[w.name, w.unit, str(w.people), w.terminal] for w in WINDOWS],
    )


def first_day(tell: Teller, stage: Stage, day: Day) -> None:
    """An ordinary day, with people at the very edge."""
    stage.begin(day, 1)
    crowd, fullest = rush(stage.taps)
    done = stage.finish(day)
    tell.step(
        _("{day}：平常的一天").format(day=short(day)),
        _("08:20 到 08:30 有 {crowd} 次打卡，最挤的一分钟 {fullest} 次；有人踩线，有人连打三次，有人忘了打。").format(
            crowd=crowd, fullest=fullest
        ),
        _("按时读机 {polls} 次，读完即核算；{nightly} 日终核算，出日报第 {number} 号。").format(
            polls=len(POLLS), nightly=NIGHTLY, number=done.number
        ),
        _("还没到、还没读到的考勤点先算未知，不会提前记违规。"),
    )
    show_rounds(tell, done.rounds)
    tell.say(_("这几个人：本规则 599 秒不算迟到早退，满 600 秒算一次；上午下班缺卡，上午算旷工半天。"))
    show_places(tell, stage, day, EDGES)


def show_rounds(tell: Teller, rounds: Sequence[Round]) -> None:
    """A day's polls as a table."""
    rows = []
    for clock, done in zip(POLLS, rounds, strict=True):
        settled = done.settled
        new = sum(r.new for r in done.reads)
        numbers = (settled.verdicts, settled.pending, len(settled.posts)) if settled else (0, 0, 0)
        rows.append([clock, str(new), *map(str, numbers)])
    tell.show([_("读机"), _("新增打卡"), _("考勤点"), _("其中未知"), _("记账")], rows)


def second_day(tell: Teller, stage: Stage, day: Day) -> None:
    """Two leaves, one of them a signature short, and a number that nobody has."""
    stage.begin(day, 2)
    stage.go(day, "08:00")
    on, before = show_day(day), show_day(day - 1)
    signed, short_of = BY_NAME["丙二"], BY_NAME["丙四"]
    rows = [
        ["L1", signed.id, "事假", f"{on} 08:30", f"{on} 12:00", f"{before} 16:00", "窗口负责人；督查"],
        ["L2", short_of.id, "事假", f"{on} 08:30", f"{on} 12:00", f"{before} 16:30", "窗口负责人"],
    ]
    stage.bring("leave", "请假.csv", LEAVE_HEAD, rows)
    done = stage.finish(day)
    tell.step(
        _("{day}：请假").format(day=short(day)),
        _("丙二、丙四都请了上午的事假；丙二两级签字齐全，丙四缺督查签字。"),
        _("导入 请假.csv；按考勤制度 3，两天以内的事假要窗口负责人和督查签字。"),
        _("签字齐全的免除打卡；缺一级的什么也不免除，补签后重新导入即更正。"),
    )
    show_places(tell, stage, day, [("丙二", 1, "in"), ("丙二", 2, "in"), ("丙四", 1, "in"), ("丙四", 2, "in")])
    tell.step(
        _("同一天：打了卡，却成了旷工"),
        _("甲四在 T1 重录了指纹，换成新考勤号 {number}，没有告诉大厅。").format(number=STRAY_NUMBER),
        _("打卡照样收下保存，但不知道是谁的；每次读机都提醒，甲四当天按缺卡记账。"),
        "\n".join(attention(done.rounds[-1])),
    )
    show_entries(tell, own_entries(stage, done))


def own_entries(stage: Stage, done: DayDone) -> list[Entry]:
    """What the strayed person's day has cost so far."""
    causes = {v["id"] for v in stage.rows("violations", done.day, done.day) if v["person_id"] == BY_NAME[STRAYED].id}
    settles = [r.settled for r in done.rounds if r.settled] + [done.settled]
    return [e for s in settles for e in s.posts if violation_of(e.cause) in causes]


def third_day(tell: Teller, stage: Stage, day: Day) -> None:
    """The number finds its owner; a patrol."""
    stage.begin(day, 3)
    stage.go(day, "08:00")
    owner = BY_NAME[STRAYED]
    stage.bring("device", "考勤号对照.csv", DEVICE_HEAD, [["T1", STRAY_NUMBER, owner.id, show_day(day - 1), ""]])
    settled = stage.settle()
    tell.step(
        _("{day} 08:00：补上对照，冲回 {n} 笔").format(day=short(day), n=len(settled.reversals)),
        _("大厅查明：考勤号 {number} 从昨天起就是甲四。").format(number=STRAY_NUMBER),
        _("导入 考勤号对照.csv 一行，重新核算：保存着的打卡生效，新增 {posts} 笔，冲回 {reversals} 笔。").format(
            posts=len(settled.posts), reversals=len(settled.reversals)
        ),
        _("账从不涂改：每一笔冲回都指明原来那一笔，并列入当天日报的更正。"),
    )
    show_entries(tell, settled.reversals)
    stage.polls(day, "16:00")
    stage.go(day, "16:00")
    rows = [
        ["D1", BY_NAME["乙二"].id, "", "串岗", f"{show_day(day)} 10:15", "督查股", "大厅", ""],
        ["D2", BY_NAME["甲二"].id, "", "未佩证", f"{show_day(day)} 10:20", "督查股", "公安窗口", "否"],
        ["D3", BY_NAME["乙二"].id, "", "玩游戏", f"{show_day(day)} 15:40", "督查股", "税务窗口", ""],
    ]
    result = stage.bring("incident", "督查.csv", INCIDENT_HEAD, rows)
    done = stage.finish(day)
    tell.step(
        _("同一天：督查"),
        _("督查股上午发现乙二串岗、甲二未佩证，下午又发现乙二玩游戏。"),
        _("16:00 导入 督查.csv {rows} 行，下一次读机时一并核算。").format(rows=result.rows),
        _("当月第一次另计早退一次，第二次另计旷工半天；分值择一从重，个人与窗口分别记账。"),
    )
    known = {v["id"] for v in stage.rows("violations", day, day) if v["source"] in ("incident", "conversion")}
    posts = [e for r in done.rounds if r.settled for e in r.settled.posts]
    show_entries(tell, [e for e in posts if violation_of(e.cause) in known])
