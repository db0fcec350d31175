"""Outcomes: shown within reach, decided on by those who may, by name and with a note."""

from __future__ import annotations

from decimal import Decimal

import pytest
from deskkit import NOW, ROLES, Browser, text_of

from punchsync.core.decision import place_of, short_id
from punchsync.core.moment import parse_moment
from punchsync.core.outcome import Outcome
from punchsync.desk.pages import outcomes
from punchsync.operations.outcomes import listed

OWN = Outcome("2026-10", "person", "1003", "talk", Decimal(3), "约谈", "考评办法 五2")
OTHER = Outcome("2026-10", "person", "1004", "warning", Decimal("2.5"), "警告", "考评办法 五2")
FLAG = Outcome("2026-Q3", "window", "税务", "award", Decimal(1), "流动红旗", "考评办法 五1")


@pytest.fixture
def concluded(browser: Browser) -> Browser:
    with browser.site.store.writing() as work:
        work.months.conclude(work.months.scores(), [OWN, OTHER, FLAG], [])
    return browser


def state_of(browser: Browser, outcome: Outcome) -> tuple[str, str, str]:
    """An outcome's state, by whom, and the note."""
    [row] = [r for r in listed(browser.site.hall) if r.outcome == outcome]
    return row.state, row.decision.decided_by if row.decision else "", row.decision.note if row.decision else ""


def where(outcome: Outcome) -> str:
    return f"/outcomes/{short_id(place_of(outcome))}"


def test_who_may_see_and_decide(concluded: Browser) -> None:
    sees, decides = {"clerk", "inspector", "leader", "unit"}, {"leader"}
    for n, role in enumerate(ROLES):
        browser = concluded.other(f"10.0.1.{n}").as_role(role)
        assert (role, browser.get("/outcomes").status_code) == (role, 200 if role in sees else 403)
        answer = browser.post(where(OWN), {"state": "confirmed"})
        assert (role, answer.status_code) == (role, 303 if role in decides else 403)
    assert state_of(concluded, OWN) == ("confirmed", "主任丙", "")


def test_a_leader_confirms_drops_and_takes_back_with_a_note(concluded: Browser) -> None:
    concluded.as_role("leader")
    answer = concluded.post(where(OWN), {"state": "confirmed", "note": " 会议  议定 ", "state_of": "proposed"})
    assert answer.headers["location"] == "/outcomes?period=2026-10&state_of=proposed"
    assert state_of(concluded, OWN) == ("confirmed", "主任丙", "会议 议定")
    text = text_of(concluded.get("/outcomes?period=2026-10"))
    assert "约谈：已确认。" in text
    assert "欧阳见微知著 1003 约谈 3 约谈 考评办法 五2 已确认 主任丙 2026-11-20 10:00 会议 议定" in text
    concluded.post(where(OWN), {"state": "confirmed"})
    assert "本来就是“已确认”" in text_of(concluded.get("/outcomes"))
    concluded.post(where(OWN), {"state": "proposed"})
    assert state_of(concluded, OWN) == ("proposed", "主任丙", "")
    concluded.post(where(OWN), {"state": "dropped"})
    assert state_of(concluded, OWN) == ("dropped", "主任丙", "")


def test_what_is_not_an_outcome_or_a_state_changes_nothing(concluded: Browser) -> None:
    concluded.as_role("leader")
    assert concluded.post("/outcomes/o000000000000", {"state": "confirmed"}).status_code == 404
    assert concluded.post(where(OWN), {"state": "gone"}).status_code == 404
    answer = concluded.post(where(OWN), {"state": "confirmed", "note": "<b>" + "长" * 200})
    assert (answer.status_code, "<b>" in answer.text) == (422, False)
    assert "附注有 203 个字" in text_of(answer)
    assert state_of(concluded, OWN) == ("proposed", "", "")


def test_a_note_is_shown_as_text(concluded: Browser) -> None:
    concluded.as_role("leader").post(where(OWN), {"state": "confirmed", "note": "<script>alert(1)</script>"})
    page = concluded.get("/outcomes").text
    assert ("&lt;script&gt;alert(1)" in page, "<script>alert" in page) == (True, False)


def test_a_unit_sees_what_concerns_its_own_people_and_windows(concluded: Browser) -> None:
    concluded.as_role("unit")
    text = text_of(concluded.get("/outcomes"))
    assert ("欧阳见微知著" in text, "乙一" in text) == (True, False)
    assert "税务" not in text_of(concluded.get("/outcomes?period=2026-Q3"))


def test_filters_pages_and_periods(concluded: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "ROWS", 1)
    concluded.as_role("clerk")
    assert "第 1 页，共 2 页" in text_of(concluded.get("/outcomes"))
    assert "乙一" in text_of(concluded.get("/outcomes?period=2026-10&page=2"))
    assert "没有这样的后果" in text_of(concluded.get("/outcomes?state_of=dropped"))
    assert concluded.get("/outcomes?period=2001").status_code == 404
    with concluded.site.store.writing() as work:
        work.closings.add("2026-10", "close", "主任", "", parse_moment(NOW))
    assert "已关账" in text_of(concluded.get("/outcomes"))
