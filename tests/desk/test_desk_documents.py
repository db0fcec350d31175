"""Records for the file at the desk: pages within reach, files, a letter that is issued once."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from deskkit import Browser, text_of

from punchsync.access import FOLDER, read
from punchsync.core.decision import place_of, short_id
from punchsync.core.outcome import Outcome
from punchsync.desk.pages import documents


def confirmed(browser: Browser) -> str:
    """The id of an outcome that somebody confirmed."""
    hall = browser.site.hall
    row = Outcome("2026-11", "person", "1003", "talk", Decimal(3), "月违规前列", "考勤制度 2")
    with hall.store.writing() as work:
        work.months.conclude(work.months.scores(), [row], [])
        work.decisions.decide(place_of(row), "confirmed", "主任丙", "", hall.clock.now())
    return short_id(place_of(row))


def test_a_grid_shows_the_month_of_whom_the_reader_reaches(browser: Browser) -> None:
    browser.as_role("clerk")
    whole = text_of(browser.get("/documents/attendance?month=2026-11"))
    assert "2026年11月考勤表" in whole
    assert all(name in whole for name in ("甲一", "乙二", "戊一"))

    other = browser.other().as_role("window_lead")
    own = text_of(other.get("/documents/attendance?month=2026-11"))
    assert "甲二" in own
    assert not any(name in own for name in ("乙二", "戊一"))
    assert other.get("/documents/attendance?month=2026-11&window=税务").status_code == 404


def test_a_grid_never_tells_a_kind_of_leave_and_the_slip_does(browser: Browser) -> None:
    browser.as_role("clerk")
    assert "事假" not in text_of(browser.get("/documents/attendance?month=2026-11"))
    assert "事假" in text_of(browser.get("/documents/slip?leave=L1"))
    other = browser.other().as_role("staff")
    assert other.get("/documents/slip?leave=L1").status_code == 404


def test_the_sheet_says_what_is_not_known_and_a_month_never_settled_is_said_to_be_that(browser: Browser) -> None:
    browser.as_role("leader")
    sheet = text_of(browser.get("/documents/sign-off?month=2026-11"))
    assert "尚不清楚" in sheet
    assert "公示期：2026-11-23 至 2026-11-27" in sheet
    assert "还没有核算过" in text_of(browser.get("/documents/sign-off?month=2026-03"))


def test_the_director_s_month_is_for_who_sees_the_whole_hall(browser: Browser) -> None:
    browser.as_role("inspector")
    assert "考勤月度简报" in text_of(browser.get("/documents/month?month=2026-11"))
    other = browser.other().as_role("unit")
    assert other.get("/documents/month?month=2026-11").status_code == 403


def test_a_file_is_handed_out_and_noted_with_its_form(browser: Browser) -> None:
    browser.as_role("clerk")
    answer = browser.get("/documents/attendance?month=2026-11&window=公安&form=md")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.startswith("# 2026年11月考勤表")
    [line] = [x for x in read(browser.site.folder / FOLDER)[0] if x.what == "document attendance"]
    assert (line.about["month"], line.about["window"], line.about["form"]) == ("2026-11", "公安", "md")
    assert browser.get("/documents/attendance?month=2026-11&form=odt").status_code == 404


def test_a_file_that_takes_a_while_is_made_behind_a_page_that_asks_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "WAIT", 0.0)
    browser.as_role("clerk")
    address = "/documents/slip?leave=L1&form=pdf"
    waiting = browser.get(address)
    assert (waiting.status_code, waiting.headers["refresh"]) == (202, "2")
    until = time.monotonic() + 60
    answer = waiting
    while answer.status_code == 202 and time.monotonic() < until:
        time.sleep(0.2)
        answer = browser.get(address)
    assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")


def test_a_letter_is_a_draft_until_it_is_issued_and_then_has_its_number(browser: Browser) -> None:
    id = confirmed(browser)
    browser.as_role("leader")
    draft = browser.get(f"/documents/letter?outcome={id}")
    assert "这是草稿" in text_of(draft)
    assert "form=docx" not in draft.text
    assert browser.get(f"/documents/letter?outcome={id}&form=md").status_code == 404

    for _time in range(2):
        assert browser.post("/documents/letter", {"outcome": id}).status_code == 303
        shown = browser.get(f"/documents/letter?outcome={id}")
        assert "第 1 号" in text_of(shown)
        assert "form=docx" in shown.text
    assert "县公安局" in text_of(shown)
    assert "约谈" in browser.get(f"/documents/letter?outcome={id}&form=md").text


def test_what_nobody_confirmed_has_no_letter(browser: Browser) -> None:
    id = confirmed(browser)
    browser.as_role("leader")
    assert browser.post(f"/outcomes/{id}", {"state": "proposed"}).status_code == 303
    answer = browser.get(f"/documents/letter?outcome={id}")
    assert (answer.status_code, "没有确认" in text_of(answer)) == (422, True)
    assert browser.post("/documents/letter", {"outcome": id}).status_code == 422
    with browser.site.store.reading() as work:
        assert work.papers.issued("letter", 5) == []


def test_a_letter_is_no_bulletin_to_be_read_by_everybody(browser: Browser) -> None:
    id = confirmed(browser)
    browser.as_role("leader")
    browser.post("/documents/letter", {"outcome": id})
    other = browser.other().as_role("staff")
    assert other.get("/bulletins/letter/2026/1").status_code == 404
    assert id not in other.get("/bulletins").text
    assert id not in other.get("/bulletins?of=letter").text


def test_the_pages_are_reached_from_where_the_clerk_is(browser: Browser) -> None:
    browser.as_role("leader")
    id = confirmed(browser)
    links = {
        "/windows": "/documents/attendance?month=2026-11",
        "/window/公安": "/documents/sign-off?month=2026-11&amp;window=",
        "/leave/L1": "/documents/slip?leave=L1",
        "/bulletins": "/documents/month",
        "/outcomes": f"/documents/letter?outcome={id}",
        "/person/1001": "/documents/attendance?month=2026-11&amp;window=",
    }
    assert {
        page: bool(re.search(re.escape(to), browser.get(page).text)) for page, to in links.items()
    } == dict.fromkeys(links, True)
