"""A pack in words: article by article, with dates, interpretations and answers; and its written forms."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from punchsync.core.booklet import Article, Booklet, Chapter, Choice, Clause, Reply
from punchsync.packs import sentences
from punchsync.packs.booklet import booklet, references
from punchsync.packs.diff import differences
from punchsync.packs.load import load, load_unanswered, read
from punchsync.packs.schema import RULES
from punchsync.packs.sentences import terms
from punchsync.packs.shelf import shipped
from punchsync.publish.booklet import to_html, to_json, to_text
from punchsync.publish.booklet_docx import to_docx

PACK = """
id = "own"
name = "小厅"
[[document]]
id = "d"
title = "某办法"
short = "办法"
[[document]]
id = "e"
title = "某细则"
short = "细则"
[[interpretation]]
id = "own.day"
value = "09:00-12:00+14:00-17:00"
says = "原文未写作息"
[[answer]]
id = "late_points"
says = "迟到扣几分"
[[shift]]
id = "day"
name = "平时"
sessions = "$own.day"
[[season]]
id = "day"
shift = "day"
[[punctuality]]
id = "punctuality"
says = "晚到一秒即迟到"
late_seconds = 1
early_seconds = 1
late_limit_seconds = 900
late_beyond = "off_post"
cites = ["d 第十二条"]
[[category]]
id = "kaoqin"
account = "person"
name = "考勤"
base = 10
cap = 10
period = "quarter"
cites = ["d 第二条"]
[[item]]
id = "late"
name = "迟到"
kinds = ["late"]
charges = [{ account = "person", category = "考勤", points = "$answer.late_points" }]
cites = ["d 第二条"]
says = "迟到扣分"
from = 2026-01-01
to = 2026-08-31
[[item]]
id = "late"
name = "迟到"
kinds = ["late"]
charges = [{ account = "person", category = "考勤", points = "0.5" }]
cites = ["d 第二条", "e 三1(2)"]
says = "迟到扣分"
from = 2026-09-01
[[case]]
name = "一例"
days = { "2026-11-09" = "08:50 12:00 13:50 17:00" }
[case.expect]
verdicts = ["normal", "normal", "normal", "normal"]
"""
LATE = Clause(
    table="item",
    id="late",
    title="迟到",
    says="迟到扣分",
    terms=("迟到，每次：个人 考勤 扣 0.5 分",),
    span="2026-09-01 起",
    beside="细则 三1(2)",
)


def of(text: str, interpretations: dict[str, str] | None = None, answers: dict[str, str] | None = None) -> Booklet:
    given = answers or {}
    loaded = read(text, "own.toml", interpretations or {}, {"late_points": "0", **given})
    return booklet(loaded.file, loaded.pack, references(loaded.tree), given)


def shipped_booklet(id: str) -> Booklet:
    path = shipped()[id]
    loaded = load_unanswered(path)
    return booklet(loaded.file, loaded.pack, references(loaded.tree))


def test_a_pack_is_read_document_by_document_and_article_by_article() -> None:
    found = of(PACK)

    category = Clause(
        table="category",
        id="kaoqin",
        title="得分：个人 考勤",
        says="",
        terms=("基础分 10 分，按季计", "扣完为止"),
    )
    earlier = Clause(
        table="item",
        id="late",
        title="迟到",
        says="迟到扣分",
        terms=("迟到，每次：个人 考勤 扣 〔待答复〕 分",),
        span="2026-01-01 起，到 2026-08-31 止",
        replies=("late_points",),
    )
    punctuality = Clause(
        table="punctuality",
        id="punctuality",
        title="迟到、早退、缺卡",
        says="晚到一秒即迟到",
        terms=("迟到、早退满 1 秒起算", "迟到超过 15 分钟，算脱岗", "没有打卡，缺卡的那个半天算旷工半天"),
    )
    elsewhere = Clause(
        table="item",
        id="late",
        title="迟到",
        says="迟到扣分",
        terms=LATE.terms,
        span=LATE.span,
        beside="办法 第二条",
    )
    assert found == Booklet(
        id="own",
        name="小厅",
        chapters=(
            Chapter(
                "d",
                "某办法",
                "办法",
                (Article("第二条", (category, earlier, LATE)), Article("第十二条", (punctuality,))),
            ),
            Chapter("e", "某细则", "细则", (Article("三1(2)", (elsewhere,)),)),
        ),
        choices=(Choice("own.day", "原文未写作息", "09:00-12:00+14:00-17:00", "09:00-12:00+14:00-17:00", False),),
        replies=(Reply("late_points", "迟到扣几分", None),),
        hours=(
            "默认：全年，平时（day），09:00–12:00、14:00–17:00",
            "每个半天上班、下班各打一次卡",
            "上班的卡最早提前 180 分钟打",
            "扣除请假、外出以后，不足 10 分钟的一段不再要求在岗",
            "没有另写审批的请假，任何一级签字即可",
        ),
        cases=1,
    )


def test_what_the_hall_chose_and_answered_is_taken_in_and_marked() -> None:
    found = of(PACK, {"own.day": "08:30-12:00+14:00-17:30"}, {"late_points": "0.2"})

    assert found.choices == (
        Choice("own.day", "原文未写作息", "08:30-12:00+14:00-17:30", "09:00-12:00+14:00-17:00", True),
    )
    assert found.replies == (Reply("late_points", "迟到扣几分", "0.2"),)
    assert found.hours[0] == "默认：全年，平时（day），08:30–12:00、14:00–17:30"
    assert found.chapters[0].articles[0].clauses[1].terms == ("迟到，每次：个人 考勤 扣 0.2 分",)


def test_articles_come_in_the_order_of_their_numbers_whatever_their_script() -> None:
    numbers = [
        "表一 二",
        "第二十三条(二)",
        "三1(2)",
        "第九条",
        "二.3②",
        "二.3①",
        "第二十三条(一)",
        "请假制度 ㈡",
        "请假制度 ㈠",
    ]
    cites = ", ".join(f'"d {n}"' for n in numbers)
    text = PACK.replace('cites = ["d 第十二条"]', f"cites = [{cites}]")

    found = [a.number for a in of(text).chapters[0].articles]

    assert found == [
        "第二条", "二.3①", "二.3②", "三1(2)", "第九条", "第二十三条(一)", "第二十三条(二)", "表一 二", "请假制度 ㈠",
        "请假制度 ㈡",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "part", "expected"),
    [
        (
            "punctuality",
            {"late_seconds": 600, "early_seconds": 90, "missing": "absent_half_day_each"},
            [
                "迟到满 10 分钟起算",
                "早退满 1 分 30 秒起算",
                "没有打卡，缺一次算旷工半天一次；要求在岗的时间不超过 50% 的，只算一次",
            ],
        ),
        (
            "ladder",
            {"kinds": ["personal"], "up_to_half_days": 1, "sign_offs": ["window_lead"]},
            ["事假不超过半天：窗口负责人签字"],
        ),
        ("ladder", {"kinds": ["sick"], "certificate": True}, ["病假（不论长短）：有证明即可"]),
        (
            "ladder",
            {"kinds": ["sick"], "posts": ["chief", "lead"], "sign_offs": ["unit_leader"], "certificate": True},
            ["负责人、首席的病假（不论长短）：单位领导签字，并有证明"],
        ),
        (
            "cover",
            {"half_days": 2, "half_days_lead": 1, "half_days_alone": 1, "whole": True, "in_time": True}
            | {"yields": "uncovered", "letter": "unit_leader", "unlettered": "off_post"},
            [
                "窗口工作人员请假满 1 天的，须有人顶岗",
                "负责人、首席满半天，窗口仅有一人的满半天，即须有人顶岗",
                "顶岗记录须盖满全部请假时间",
                "顶岗要在请假开始前登记，过时登记的不算",
                "没有顶岗的，请假仍有效，另记未派人代岗一次",
                "其中没有单位领导签字的，改记脱岗",
            ],
        ),
        (
            "late_registration",
            {"about": "outing", "yields": "off_post"},
            ["没有在开始前登记的外出不算外出，记脱岗一次"],
        ),
        (
            "leave_limit",
            {"kinds": ["personal", "sick"], "over_half_days": 30, "yields": "leave_over"},
            ["全年事假、病假合计超过 15 天的：记超假一次"],
        ),
        (
            "presence",
            {"below": "0.9", "yields": "low_presence"},
            ["当月在岗时间不到应在岗时间 90% 的：记在岗率不足一次"],
        ),
        (
            "findings",
            {"kinds": ["wandering"], "begins": "early", "later": "absent_half_day"},
            ["串岗，每人每月合并计次：第一次另记早退一次，以后每次另记旷工半天一次；分值从重，不并罚"],
        ),
        (
            "conversion",
            {"kinds": ["late", "early"], "every": 10, "yields": "absent_half_day", "mode": "add"},
            ["迟到、早退，每人每月每满 10 次，折成旷工半天一次", "折成的一次另外加扣"],
        ),
        (
            "category",
            {"account": "window", "name": "人員管理", "base": 100, "cap": 20, "period": "month", "per": "item"},
            ["基础分 100 分，按月计", "最多扣 20 分", "按条目扣分：同一条目在一月内只扣第一次"],
        ),
        (
            "item",
            {
                "name": "迟到",
                "kinds": ["late"],
                "charges": [
                    {"account": "person", "category": "勤", "points": "0.2", "seconds_below": 900},
                    {"account": "window", "category": "人員管理", "points": "0.5", "when": "warned"},
                ],
                "steps": [
                    {"from_nth": 1, "to_nth": 2, "times": 0},
                    {"from_nth": 3, "times": 2, "outcome": "warning"},
                ],
            },
            [
                "迟到，每次：个人 勤 扣 0.2 分（不满 15 分钟的），窗口 人員管理 扣 0.5 分（经指出不改的）",
                "同一月内第 1 至 2 次：不扣分",
                "同一月内第 3 次起：按上列分值的 2 倍扣，拟警告",
            ],
        ),
        (
            "count",
            {"subject": "person", "kinds": ["absent_half_day"], "at_least": 5, "within": "month"}
            | {"periods": ["month"], "outcome": "returned_to_unit", "unit": "days"},
            ["个人一月内旷工半天合计满 2.5 天的：拟退回派出单位（当月）"],
        ),
        (
            "points_limit",
            {"subject": "person", "category": "勤", "kinds": ["late"], "at_least": 5, "within": "year"}
            | {"outcome": "notify_unit"},
            ["个人一年内因迟到在“勤”合计扣满 5 分的：拟通报派出单位"],
        ),
        (
            "runs",
            {"subject": "window", "runs": 3, "longest_half_days": 4, "periods": ["month"], "outcome": "unqualified"},
            ["一个人一月内接连旷工（中间没有到岗的半天）满 3 起，或有一起达 2 天的：窗口拟不合格（当月）"],
        ),
        (
            "worst",
            {"subject": "person", "places": 2, "outcome": "talk"},
            ["个人每月违规最多的 2 名（并列的都算，没有违规的不算）：拟约谈"],
        ),
        (
            "repeat",
            {"subject": "person", "of": "talk", "times": 3, "outcome": "replace_person"},
            ["个人连续 3 个月“约谈”的：拟更换人员"],
        ),
        (
            "star",
            {"subject": "person", "within": "quarter", "steps": [{"at_least": 20, "outcome": "star_minus_two"}]},
            ["个人一季内扣满 20 分的：拟降二星", "失去评先资格的：拟降二星"],
        ),
        (
            "posted_days",
            {"within": "quarter", "at_least": 60, "outcome": "award_barred"},
            ["个人一季内在岗不满 60 天（日历天）的：拟失去评先资格"],
        ),
        (
            "grade",
            {
                "subject": "person",
                "within": "year",
                "steps": [{"at_least": 95, "grade": "grade_excellent", "best_percent": 20}],
                "otherwise": "grade_incompetent",
            },
            [
                "个人按一年的总分评等次，其他各章的评分须已导入",
                "满 95 分，且在前 20% 之内：优秀",
                "其余：不称职",
            ],
        ),
        (
            "ranking",
            {
                "subject": "person",
                "period": "quarter",
                "places": 10,
                "shortlist": 13,
                "shares": [
                    {"category": "monthly", "weight": "0.8", "by_months": True},
                    {"category": "peer", "weight": "0.2"},
                ],
            },
            [
                "个人每季排名",
                "得分由导入的评分合成：monthly 80%（各月平均）、peer 20%",
                "前 13 名列入候选（并列的都算）",
                "前 10 名获评（并列的都算）",
            ],
        ),
    ],
)
def test_a_rule_is_said_in_words(table: str, part: dict[str, object], expected: list[str]) -> None:
    file = read(PACK, "own.toml", {}, {"late_points": "1"}).file
    made = RULES[table].model_validate({"id": "x", "says": "说", "cites": ["d 1"], **part})

    assert terms(made, file) == expected


def test_every_kind_of_rule_has_its_words() -> None:
    assert set(sentences._TERMS) == set(RULES.values())
    assert all(shipped_booklet(id).chapters for id in shipped())


def test_a_rung_says_above_which_shorter_rung_it_begins() -> None:
    rungs = "".join(
        f'[[ladder]]\nid = "{id}"\nsays = "假"\ncites = ["d 3"]\n{more}\n'
        for id, more in (
            ("short", 'kinds = ["official"]\nup_to_half_days = 2'),
            ("middle", 'kinds = ["personal"]\nup_to_half_days = 4'),
            ("long", 'kinds = ["official", "personal", "sick"]'),
        )
    )

    *_rest, clauses = (a.clauses for a in of(PACK + rungs).chapters[0].articles if a.number == "3")

    assert [c.terms[0] for c in clauses] == [
        "公假不超过 1 天：任何一级签字即可",
        "事假不超过 2 天：任何一级签字即可",
        "公假超过 1 天、事假超过 2 天、病假（不论长短）：任何一级签字即可",
    ]


# written forms


def test_the_text_marks_what_the_hall_reads_otherwise() -> None:
    lines = to_text(of(PACK, {"own.day": "08:30-12:00+14:00-17:30"})).splitlines()

    assert (
        "  own.day = 08:30-12:00+14:00-17:30  原文未写作息〔本大厅改写，规则包原值 09:00-12:00+14:00-17:00〕" in lines
    )
    assert "  late_points = 〔待答复〕  迟到扣几分" in lines
    assert "      〔施行：2026-09-01 起〕" in lines
    assert lines[-1] == "规则包自带 1 个实例，punchsync rules test own 逐条核对"


def test_json_holds_all_of_it() -> None:
    found = json.loads(to_json(of(PACK)))

    assert list(found) == ["id", "name", "hall", "chapters", "choices", "replies", "hours", "cases"]
    assert found["chapters"][0]["articles"][0]["clauses"][2]["terms"] == ["迟到，每次：个人 考勤 扣 0.5 分"]


class Tags(HTMLParser):
    """Whether every element that is opened is closed, in turn."""

    EMPTY = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.lang: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.lang = dict(attrs)["lang"]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("id", sorted(shipped()))
def test_a_shipped_pack_makes_one_whole_page(id: str) -> None:
    page = to_html(shipped_booklet(id))
    tags = Tags()

    tags.feed(page)

    assert (tags.open, tags.lang) == ([], "zh-CN")
    assert "http" not in page
    assert "None" not in page


def test_what_a_pack_says_is_text_in_html_whatever_it_holds() -> None:
    page = to_html(of(PACK.replace('name = "小厅"', 'name = "<script>小厅&"')))

    assert "<h1>&lt;script&gt;小厅&amp;</h1>" in page
    assert "<script>" not in page


def test_a_word_document_sets_a_chinese_face_on_every_run() -> None:
    from docx import Document
    from docx.oxml.ns import qn

    data = to_docx(of(PACK, {"own.day": "08:30-12:00+14:00-17:30"}))
    document = Document(io.BytesIO(data))
    runs = list(document.element.body.iter(qn("w:r")))
    faces = {r.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for r in runs}
    section = document.sections[0]

    assert faces == {"方正小标宋简体", "楷体_GB2312", "黑体", "仿宋_GB2312"}
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    footers = [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if "footer" in n]
    assert b"PAGE" in zipfile.ZipFile(io.BytesIO(data)).read(footers[0])
    said = "\n".join(p.text for p in document.paragraphs)
    assert "办法 第二条" in said
    assert "·\t迟到，每次：个人 考勤 扣 0.5 分" in said


def test_the_handbook_s_own_pack_loads_and_amends_what_it_says_it_amends(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/handbook/9-rules.md").read_text(encoding="utf-8")
    (text,) = [t for t in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if t.startswith("extends")]
    path = tmp_path / "demo.toml"
    path.write_text(text, encoding="utf-8")

    found = differences(load(shipped()["yihuang"]).file, load(path).file)

    rules = [(d.table, d.id, d.what, str(d.first)) for d in found if d.table in RULES]
    assert rules == [
        ("punctuality", "punctuality", "changed", "None"),
        ("punctuality", "punctuality", "added", "2027-01-01"),
        ("item", "late_early", "changed", "None"),
        ("item", "late_early", "added", "2027-01-01"),
        ("item", "badge", "removed", "None"),
    ]
