"""Documents to try every form on: a small hall, a large one with long names, a day without anything, a full month."""

from __future__ import annotations

from decimal import Decimal

from punchsync.publish.document import (
    Column,
    Document,
    Edition,
    Figure,
    Letterhead,
    Part,
    Said,
    Section,
    Table,
)

HALL = "示例县政务服务中心"
EDITION = Edition(12, "2026-11-21", 11, "demo 4321 0a1b-2c3d-4e5f-6789-abcd-ef01")
LETTERHEAD = Letterhead(
    organ=HALL,
    code="示政服考〔{year}〕{number}号",
    recipients=("各进驻单位", "各窗口"),
    opening=("现将考勤情况通报如下。",),
    closing=("请各窗口对照整改；有异议的，可在公示期内提出申诉。",),
    signature=HALL,
    note="此件公开发布",
    copies=("县政府办公室", "县纪委监委派驻纪检监察组"),
    printer=f"{HALL}督查科",
)
LONG = "示例县自然资源和规划局不动产登记中心（综合受理与抵押登记专窗）"
NAMES = ("甲一", "乙某某", "欧阳示例", "丙二", "丁三四", "戊五", "买买提·示例江")


def windows(count: int, long: bool = False) -> list[tuple[str, str]]:
    """So many windows with their units."""
    return [(f"{n:02d}号综合窗口", LONG if long and n % 7 == 0 else f"示例县第{n}局") for n in range(1, count + 1)]


def numbers(count: int, long: bool = False, busy: bool = True) -> Section:
    """The section of windows in numbers, with a last row that sums up."""
    heads = ("应到", "在岗", "请假", "迟到", "早退", "脱岗", "旷工半天", "未知")
    columns = (Column("窗口"), Column("单位"), *(Column(h, "count") for h in heads))
    rows = [
        (
            w,
            u,
            *(str(int(v)) for v in ((5, 4, 1, n % 3, n % 2, 0, n % 5 == 0, n % 4 == 1) if busy else (5, 5, *[0] * 6))),
        )
        for n, (w, u) in enumerate(windows(count, long))
    ]
    total = ("合计", "", *(str(sum(int(r[n]) for r in rows)) for n in range(2, 10)))
    return Section("windows", "各窗口", (Table(columns, (*rows, total), total=True),))


def occurrences(count: int) -> Section:
    """Violations with times, minutes and article."""
    columns = (
        Column("日期"), Column("窗口"), Column("姓名", "name"), Column("工号", "person"), Column("违规"),
        Column("时刻"), Column("分钟", "count"), Column("条款", share=3),
    )  # fmt: skip
    kinds = ("迟到", "早退", "脱岗", "旷工半天", "会议迟到")
    rows = tuple(
        (
            f"2026-11-{1 + n % 28:02d}", f"{1 + n % 60:02d}号综合窗口", NAMES[n % len(NAMES)], f"{1000 + n % 300}",
            kinds[n % 5], f"09:{n % 60:02d}:07" if n % 5 < 3 else "", str(n % 60) if n % 5 < 2 else "",
            "考勤管理办法 第十二条第（三）项；考评细则 二（一）3",
        )
        for n in range(count)
    )  # fmt: skip
    parts: tuple[Part, ...] = (Table(columns, rows, personal=True),) if rows else (Said("没有。"),)
    return Section("occurrences", "违规", parts)


def pictures(count: int) -> Section:
    """The four kinds of figures."""
    names = tuple(w for w, _u in windows(count))
    days = tuple(str(n) for n in range(1, 31))
    hours = tuple(f"{h:02d}" for h in range(8, 18))
    heat = tuple(
        tuple(None if d % 7 > 4 else Decimal((n * d) % 11 // 7) for d in range(30)) for n, _name in enumerate(names)
    )
    rate = tuple(
        tuple(None if h == 4 else Decimal(60 + (n * 7 + h * 5) % 41) for h in range(10))
        for n, _name in enumerate(names)
    )
    late = tuple(None if d % 7 > 4 else Decimal((d * 5) % 9) for d in range(30))
    absent = tuple(None if d % 7 > 4 else Decimal(d % 3) for d in range(30))
    scores = tuple((Decimal(1000 - n * 13) / 10,) for n, _name in enumerate(names))
    return Section(
        "figures",
        "图",
        (
            Figure(
                "heat", "heat", "各窗口每日违规次数", names, days, heat, ((0, 0), (1, 3)), "次",
                "违规最多的是 03号综合窗口。",
            ),
            Figure(
                "trend", "trend", "每日迟到与旷工", ("迟到", "旷工半天"), days, (late, absent), (), "次",
                "迟到先多后少。",
            ),
            Figure("coverage", "coverage", "各时段在岗率", names, hours, rate, ((0, 2),), "%", "中午在岗率最低。"),
            Figure(
                "ranking", "ranking", "窗口排名", names, ("得分",), scores, (), "分",
                "第一名 01号综合窗口，100 分。",
            ),
        ),
    )  # fmt: skip


def data() -> Section:
    """How far the terminals were read."""
    columns = (Column("考勤机"), Column("读到"), Column("状态"))
    rows = (("T1", "2026-11-20 20:41:03", "正常"), ("T2", "2026-11-20 12:40:11", "落后"))
    return Section("data", "数据", (Table(columns, rows), Said("没有读到的时刻不记违规。")))


def bulletin(kind: str, period: str, title: str, sections: tuple[Section, ...], provisional: bool = False) -> Document:
    """A bulletin of the sample hall."""
    under = ("核算到 2026-11-20 21:00:00。",)
    return Document(HALL, kind, period, title, "report", LETTERHEAD, under, provisional, sections)


SMALL = bulletin(
    "daily", "2026-11-20", f"{HALL}考勤日报（2026-11-20）", (numbers(3), occurrences(4), data()), provisional=True
)
EMPTY = bulletin(
    "daily", "2026-11-21", f"{HALL}考勤日报（2026-11-21）", (numbers(3, busy=False), occurrences(0), data())
)
LARGE = bulletin(
    "monthly",
    "2026-11",
    f"{HALL}2026年11月考勤情况通报",
    (numbers(60, long=True), occurrences(60), pictures(60), data()),
)
FULL = bulletin(
    "monthly", "2026-11", f"{HALL}2026年11月考勤情况通报", (numbers(60), occurrences(500), pictures(60), data())
)
LETTER = Document(
    HALL,
    "letter",
    "2026-11",
    "关于派驻人员考勤情况的函",
    "letter",
    LETTERHEAD._replace(
        code="示政服函〔{year}〕{number}号", recipients=("示例县第一局",), opening=(), closing=("专此函达。",), note=""
    ),
    (),
    False,
    (
        Section(
            "body",
            "",
            (
                Said("你单位派驻本中心人员2026年11月考勤中，以下事项已由本中心确认。"),
                Table(
                    (Column("姓名", "name"), Column("工号", "person"), Column("事项"), Column("依据", share=3)),
                    (("甲一", "1000", "约谈", "考勤管理办法 第二十条"),),
                    personal=True,
                ),
            ),
        ),
    ),
)
FORM = Document(
    HALL,
    "sheet",
    "2026-11",
    "2026年11月考勤公示签字表",
    "form",
    Letterhead(),
    ("公示期 2026-12-01 至 2026-12-05。",),
    False,
    (
        Section(
            "sheet",
            "",
            (
                Table(
                    (
                        Column("窗口"), Column("姓名", "name"), Column("工号", "person"), Column("迟到", "count"),
                        Column("早退", "count"), Column("请假半天", "count"), Column("本人签字", "blank", 3),
                    ),
                    tuple(
                        (f"{1 + n // 5:02d}号综合窗口", NAMES[n % 7], str(1000 + n), str(n % 3), "0", "2", "")
                        for n in range(40)
                    ),
                    personal=True,
                ),
                Said("对记录有异议的，请在公示期内提出。"),
            ),
        ),
    ),
)  # fmt: skip
GRID = Document(
    HALL,
    "grid",
    "2026-11",
    "2026年11月考勤表",
    "grid",
    Letterhead(),
    ("01号综合窗口", "√ 出勤  ○ 请假  △ 迟到或早退  × 旷工  ？ 尚不清楚"),
    False,
    (
        Section(
            "grid",
            "",
            (
                Table(
                    (
                        Column("姓名", "name", 4),
                        *(Column(str(d), "symbol", 1) for d in range(1, 31)),
                        Column("出勤", "count", 2),
                    ),
                    tuple(
                        (name, *("△" if (n + d) % 11 == 0 else "√ ○"[(d % 7 == 6) * 2] for d in range(30)), "22")
                        for n, name in enumerate(NAMES * 3)
                    ),
                    personal=True,
                ),
            ),
        ),
    ),
)
ALL = {
    "small": SMALL, "empty": EMPTY, "large": LARGE, "full": FULL, "letter": LETTER, "form": FORM, "grid": GRID,
}  # fmt: skip
