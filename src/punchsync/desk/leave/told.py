"""What the preview of a leave says, in words: whom and when, sign-offs, totals, stand-in, and what it costs; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from punchsync import words
from punchsync.core.article import cited
from punchsync.core.charge import charges_of
from punchsync.core.cover import Covers
from punchsync.core.excuse import Excuses, Standing
from punchsync.core.intervals import Interval, touches
from punchsync.core.leave_effect import Change, sides
from punchsync.core.moment import Day, day_of, to_date
from punchsync.core.period import span_of
from punchsync.core.points import number
from punchsync.core.records import SIGN_OFFS, Case, Leave, Posting
from punchsync.core.registration import Registrations
from punchsync.core.rule import on
from punchsync.core.rules import Pack
from punchsync.core.violations import Violation
from punchsync.desk.known import Known
from punchsync.desk.leave.words import DAYS, by_day, day_words
from punchsync.leave_words import between, lacking, stretch
from punchsync.packs.phrases import consequence, half_days, named
from punchsync.texts import _

NAMED: Final = 6
"""Colleagues who are named as possible stand-ins."""


class Line(NamedTuple):
    """A sentence, how it stands (ok, late, bad, away, or empty), and the article it rests on."""

    text: str
    state: str = ""
    article: str = ""


class Section(NamedTuple):
    """What is said under one heading."""

    title: str
    lines: Sequence[Line]


class Free(NamedTuple):
    """Somebody who might stand in: whether he is a B post, and why he can't (empty: he can)."""

    person: str
    b_post: bool
    why: str


class View:
    """A change of a leave laid out: as it stands, as it would stand, and as it would with all that it lacks."""

    def __init__(self, known: Known, pack: Pack, change: Change, leave: Leave) -> None:
        self.known, self.pack, self.change, self.leave = known, pack, change, leave
        self.case: Case = known.case
        self.timetables = known.bench.timetables
        self.before, self.after = sides(known.bench.excuses, change)
        self.standing: Standing = self.after.standing(leave)
        self.granted = replace(leave, certificate=True, approvals=leave.approvals | self.missing or frozenset({"any"}))
        rest = [x for x in self.after.leaves_of(leave.person) if x.id != leave.id]
        self.full: Excuses = self.after.changed(leave.person, [*rest, self.granted])
        self.asked = self.full.asked(leave)
        self.taken = self.full.taken(leave)
        rows = tuple(s for s in self.case.standins if s.absent == leave.person)
        new = {s.id for s in change.standins}
        rows = (*(s for s in rows if s.id not in new), *change.standins)
        self.covers = Covers(replace(self.case, standins=rows), self.timetables, self.full)
        self.start_day: Day = day_of(leave.start.moment)
        self.posting: Posting | None = known.posting(leave.person, self.start_day)

    @property
    def missing(self) -> frozenset[str]:
        """The sign-offs that it lacks."""
        return frozenset(self.standing.lacking) - {"certificate", "any"}

    def consequences(self) -> list[Violation]:
        """What follows from the leave itself once it is granted, whatever the day."""
        made = Registrations(self.pack, self.timetables, self.full, self.covers)
        return [v for v in made.of(self.leave.person) if v.cause == self.leave.id]


def tell(view: View) -> list[Section]:
    """All that is said of a leave before it is written, but for the ledger."""
    return [
        *tell_own(view),
        Section(_("顶岗"), list(cover_lines(view))),
        Section(_("冲突"), list(conflict_lines(view))),
    ]


def tell_own(view: View) -> list[Section]:
    """The same without anything about anybody else."""
    return [
        Section(_("时间"), list(time_lines(view))),
        Section(_("审批"), list(ladder_lines(view))),
        Section(_("登记"), list(registered_lines(view))),
        Section(_("全年"), list(total_lines(view))),
    ]


def time_lines(view: View) -> Iterator[Line]:
    """Which half-days of which days it excuses."""
    excused = by_day(view.full, view.leave.person, view.taken)
    yield Line(
        _("{span}，{length}").format(span=stretch(view.leave), length=half_days(view.standing.half_days).strip())
    )
    last = day_of(view.asked[-1][1] - 1) if view.asked else view.start_day
    if not view.timetables.postings(view.leave.person, view.start_day, last):
        yield Line(_("这段时间他不在任何窗口"), "late")
    if view.asked and day_of(view.asked[-1][1] - 1) > view.timetables.known_until:
        yield Line(_("后面的年份还没有公布放假安排，那些天数还算不出来，公布以后自动计入"), "late")
    if excused:
        shown = _("；").join(f"{day_words(day)} {what}" for day, what in excused[:DAYS])
        more = _(" 等 {n} 个工作日").format(n=len(excused)) if len(excused) > DAYS else ""
        yield Line(_("免去：{days}{more}").format(days=shown, more=more), "away")
    else:
        yield Line(_("这段时间没有班，不免去任何半天"), "late")


def ladder_lines(view: View) -> Iterator[Line]:
    """The rung that is asked, what it has and what it lacks."""
    rung, lacks = view.standing.rung, view.standing.lacking
    given = [s for s in SIGN_OFFS if s in view.leave.approvals]
    if rung is not None:
        yield Line(rung.says, "", view.pack.cite(rung.cites))
    elif view.pack.otherwise:
        yield Line(_("规则没有另写这种假，须{signed}签字").format(signed=lacking(view.pack.otherwise)))
    else:
        yield Line(_("规则没有另写这种假，任何一级签字即可"))
    if given:
        yield Line(_("已签：{signed}").format(signed=lacking(given)), "ok")
    if lacks:
        yield Line(_("还缺：{lacks}。补齐以前这次请假不免到").format(lacks=lacking(lacks)), "bad")
    else:
        yield Line(_("手续齐全，请假有效"), "ok")


def registered_lines(view: View) -> Iterator[Line]:
    """Whether it is registered in time, and what follows if not."""
    leave = view.leave
    start, _end = view.full.bounds(leave.person, leave.start, leave.end)
    if view.full.registered_in_time(leave.person, view.asked, start, leave.first_registered):
        yield Line(_("开始以前登记"), "ok")
        return
    late = [v for v in view.consequences() if v.source == "leave" and v.session == 0]
    if not late:
        yield Line(_("开始以后才登记，属于补假；本大厅的规则不因此扣分"))
    for v in late:
        yield from costs(view, v, _("开始以后才登记"))


def costs(view: View, v: Violation, why: str) -> Iterator[Line]:
    """That something is noted against him on a day, and its points."""
    charges = [
        _("{account} {category} 扣 {points} 分").format(
            account=words.account(c.account), category=c.category, points=number(c.points)
        )
        for _item, c in charges_of(v, view.pack)
    ]
    text = _("{why}：{day} 记{kind}一次（{points}）").format(
        why=why, day=day_words(v.day), kind=words.kind(v.kind), points=_("，").join(charges) or _("不扣分")
    )
    yield Line(text, "bad", cited(v, view.pack)[1])


def total_lines(view: View) -> Iterator[Line]:
    """How much leave of that kind the years have with it, and against which limits."""
    leave = view.leave
    if not view.asked:
        return
    for year in range(to_date(day_of(view.asked[0][0])).year, to_date(day_of(view.asked[-1][1] - 1)).year + 1):
        first, last = span_of(str(year))
        had = view.before.total(leave.person, (leave.kind,), first, last)
        has = view.full.total(leave.person, (leave.kind,), first, last)
        yield Line(
            _("{year} 年{kind}：连这次共{has}（现有{had}）").format(
                year=year, kind=words.leave(leave.kind), has=half_days(has), had=half_days(had)
            )
        )
        for limit in view.pack.leave_limits:
            if leave.kind in limit.kinds and limit.on(min(last, day_of(view.asked[-1][1] - 1))):
                used = view.full.total(leave.person, limit.kinds, first, last)
                over = used > limit.over
                what = consequence(limit.outcome) if limit.outcome else words.kind(limit.yields)
                text = _("{kinds}全年超过{over}的：{what}；连这次{used}").format(
                    kinds=named(limit.kinds), over=half_days(limit.over), what=what, used=half_days(used)
                )
                yield Line(text, "bad" if over else "ok", view.pack.cite(limit.cites))


def cover_lines(view: View) -> Iterator[Line]:
    """Whether somebody must stand in, who might, and what follows if nobody does."""
    rule = on(view.pack.covers, view.start_day)
    chosen = [view.known.name(s.standin) for s in view.change.standins]
    covered = bool(chosen)
    if chosen:
        yield Line(_("一并登记顶岗：{names}").format(names=_("、").join(chosen)), "ok")
    if rule is None or not view.covers.asked(view.granted, rule):
        yield Line(_("规则不要求顶岗"))
    else:
        bare = next(view.covers.uncovered(view.granted, rule), None)
        yield Line(rule.says, "", view.pack.cite(rule.cites))
        if bare is None:
            covered = True
            yield Line(_("有人顶岗"), "ok")
        elif not rule.yields:
            yield Line(_("没有人顶岗，在通报里列出，不记违规"), "late")
        for v in view.consequences() if bare is not None and rule.yields else ():
            if v.rule == rule.id:
                yield from costs(view, v, _("没有人顶岗"))
    if not covered:
        for free in candidates(view):
            who = _("{name}（{id}，{what}）").format(
                name=view.known.name(free.person), id=free.person, what=_("B 岗") if free.b_post else _("同窗口")
            )
            yield Line(_("{who}：{why}").format(who=who, why=free.why or _("空着")), "" if free.why else "ok")


def candidates(view: View) -> list[Free]:
    """Who might stand in: the B posts, then others of the window; those who can first."""
    if view.posting is None:
        return []
    mine, found = view.leave.person, []
    for p in view.timetables.posted(view.start_day):
        b_post = mine in p.backup_for
        if p.person != mine and (b_post or p.window == view.posting.window):
            found.append(Free(p.person, b_post, busy(view, p)))
    found.sort(key=lambda f: (not f.b_post, bool(f.why), f.person))
    return found[:NAMED]


def busy(view: View, other: Posting) -> str:
    """Why somebody can't stand in for all of a leave; empty if he can."""
    spans = view.taken
    if meets(view.before.on_leave(other.person), spans):
        return _("那时自己请假")
    if meets(view.before.excused(other.person), spans):
        return _("那时外出")
    if other.last < day_of(spans[-1][1] - 1) if spans else False:
        return _("那时已不在这个窗口")
    return ""


def meets(one: Sequence[Interval], other: Sequence[Interval]) -> bool:
    """Whether two lists of stretches share a moment."""
    return any(touches(one, start, end) for start, end in other)


def conflict_lines(view: View) -> Iterator[Line]:
    """What else there is of the person in that time, and who else of the window is away."""
    leave, none = view.leave, True
    for other in view.after.leaves_of(leave.person):
        if other.id != leave.id and meets(view.after.asked(other), view.asked):
            none = False
            text = _("和请假 {id} 重叠：{kind} {span}")
            yield Line(text.format(id=other.id, kind=words.leave(other.kind), span=stretch(other)), "late")
    for outing in view.after.outings_of(leave.person):
        if meets([view.after.out(outing)], view.asked):
            none = False
            yield Line(_("和外出 {id} 重叠").format(id=outing.id), "late")
    for row in view.case.standins:
        if row.standin == leave.person and meets([view.after.bounds(row.absent, row.start, row.end)], view.asked):
            none = False
            name = view.known.name(row.absent)
            yield Line(
                _("这段时间他在替 {name} 顶岗（{span}）").format(name=name, span=between(row.start, row.end)), "late"
            )
    if view.posting is not None:
        for p in view.timetables.posted(view.start_day):
            if p.person != leave.person and p.window == view.posting.window:
                if meets(view.before.on_leave(p.person), view.taken):
                    none = False
                    yield Line(_("同窗口的 {name} 那时也请假").format(name=view.known.name(p.person)), "late")
    if none:
        yield Line(_("没有重叠"), "ok")
