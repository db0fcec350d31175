"""Rankings: every window's rank, but of people only those within reach; badges, and what a closing fixed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from deskkit import NOW, ROLES, Browser, text_of

from punchsync.core.decision import place_of
from punchsync.core.moment import parse_moment
from punchsync.core.outcome import Outcome, Rank

AWARD = Outcome("2026-10", "person", "1001", "award", Decimal(1), "每月先进", "考评办法 五1")
TALK = Outcome("2026-10", "person", "1003", "talk", Decimal(3), "约谈", "考评办法 五2")
FLAG = Outcome("2026-10", "window", "税务", "award", Decimal(1), "流动红旗", "考评办法 五1")


@pytest.fixture
def ranked(browser: Browser) -> Browser:
    """October ranked, one outcome confirmed, two proposed; and an older month."""
    people = [Rank("2026-10", "person", p, n, Fraction(121, 3) - n, n, 60 * n, "p") for n, p in
              enumerate(("1001", "1004", "1003"), 1)]  # fmt: skip
    windows = [Rank("2026-10", "window", w, n, Fraction(45), 0, 0, "w") for n, w in ((1, "税务"), (2, "公安"))]
    with browser.site.store.writing() as work:
        scores = work.months.scores()
        work.months.conclude(scores, [AWARD, TALK, FLAG], [*people, *windows, people[0]._replace(period="2026-09")])
        work.decisions.decide(place_of(AWARD), "confirmed", "主任丙", "", parse_moment(NOW))
    return browser


def test_who_may_see_rankings(ranked: Browser) -> None:
    allowed = {"clerk", "inspector", "leader", "window_lead", "unit"}
    for n, role in enumerate(ROLES):
        answer = ranked.other(f"10.0.1.{n}").as_role(role).get("/ranking")
        assert (role, answer.status_code) == (role, 200 if role in allowed else 403)


def test_the_office_sees_everybody_with_score_violations_and_badges(ranked: Browser) -> None:
    text = text_of(ranked.as_role("clerk").get("/ranking"))
    assert "获评与候选：税务" in text
    assert "获评与候选：甲一" in text
    assert "1 税务 45 0 0 获评 · 待定" in text
    assert "1 甲一 1001 39.33 1 60 获评" in text
    assert "2 乙一 1004 38.33 2 120" in text
    assert "3 欧阳见微知著 1003 37.33 3 180 约谈 · 待定" in text


def test_a_lead_and_a_unit_see_every_window_but_only_their_own_people(ranked: Browser) -> None:
    lead = text_of(ranked.as_role("window_lead").get("/ranking"))
    unit = text_of(ranked.other().as_role("unit").get("/ranking"))
    for text in (lead, unit):
        assert "共 3 名参加 · 个人排名只列您范围内的人员" in text
        assert ("甲一 1001" in text, "欧阳见微知著 1003" in text, "乙一" in text) == (True, True, False)
        assert "税务 45" in text
    assert "约谈" not in lead  # a proposal is not a lead's business
    assert "约谈 · 待定" in unit
    assert "获评 · 待定" not in unit  # another unit's window


def test_an_older_period_may_be_chosen_and_none_that_there_is_not(ranked: Browser) -> None:
    ranked.as_role("clerk")
    assert "排名 2026-09" in text_of(ranked.get("/ranking?period=2026-09"))
    assert ranked.get("/ranking?period=1999").status_code == 404
    assert ranked.get("/ranking?period=<script>").status_code == 404


def test_a_closed_period_is_shown_as_issued(ranked: Browser) -> None:
    with ranked.site.store.writing() as work:
        work.closings.add("2026-10", "close", "主任", "", parse_moment(NOW))
    ranked.as_role("clerk")
    assert "已关账" in text_of(ranked.get("/ranking"))
    assert "已关账" not in text_of(ranked.get("/ranking?period=2026-09"))


def test_a_hall_without_rankings_says_so(browser: Browser) -> None:
    assert "还没有排名" in text_of(browser.as_role("clerk").get("/ranking"))
