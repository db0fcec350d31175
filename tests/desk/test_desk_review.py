"""Review at the desk: what is in doubt and the rulings on it, defects, suspicions, ids that are nobody's."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from deskkit import Browser, attlog, text_of

from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.moment import parse_moment
from punchsync.core.reading import Defect, Reading
from punchsync.operations.desk_records import LOOKED

OUTAGE = "terminal_id,start,end,kind\nT1,2026-11-12 14:00:00,2026-11-12 18:00:00,lost\n"
RULED = {"effect": "excuse", "document": "督办〔2026〕3 号", "reason": "考勤机坏了，监控看到人在"}


@pytest.fixture
def doubtful(browser: Browser) -> Browser:
    """The afternoon on which 1003 has no punch is one whose records were lost."""
    assert not bring_records(browser.site, "outage", OUTAGE.encode(), "outage.csv").problems
    browser.settle()
    return browser


def places(browser: Browser, **query: str) -> list[str]:
    return re.findall(r'name="place" value="([^"]+)"', browser.client.get("/review", params=query).text)


def points(browser: Browser, person: str) -> str:
    with browser.site.store.reading() as work:
        return str(sum(e.points for e in work.ledger.of_account("person", person, 1, 800_000)))


def rulings(browser: Browser) -> list[dict[str, str]]:
    with browser.site.store.reading() as work:
        return list(work.records.all("ruling").values())


def test_what_is_in_doubt_is_listed_with_its_reason_and_charges_nothing(doubtful):
    page = text_of(doubtful.as_role("inspector").get("/review"))
    assert "T1 记录灭失，2026-11-12 14:00 至 2026-11-12 18:00 2 条，1 人" in page
    assert "2026-11-12 周四 欧阳见微知著 1003 公安 第 2 个半天 上班 14:30 缺卡" in page
    before = points(doubtful, "1003")
    assert len(places(doubtful)) == 2
    assert places(doubtful, to="2026-11-11") == places(doubtful, window="民政") == []
    assert points(doubtful, "1003") == before


def test_a_ruling_on_what_was_ticked_is_carried_out_by_the_next_settle(doubtful):
    before = points(doubtful, "1003")
    doubtful.as_role("inspector")
    answer = doubtful.post("/review/rule", {**RULED, "effect": "uphold", "place": places(doubtful), "scope": "chosen"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review?from=2026-09-19")
    [row] = rulings(doubtful)
    assert {k: row[k] for k in ("person_id", "date", "session", "kind", "effect", "document", "decided_by")} == {
        "person_id": "1003", "date": "2026-11-12", "session": "2", "kind": "absent_half_day", "effect": "uphold",
        "document": "督办〔2026〕3 号：考勤机坏了，监控看到人在", "decided_by": "督查乙",
    }  # fmt: skip
    assert places(doubtful) == []
    doubtful.settle()
    assert float(points(doubtful, "1003")) < float(before)


def test_a_whole_stretch_is_ruled_on_at_once_if_it_still_is_what_was_shown(doubtful):
    doubtful.as_role("leader")
    [stretch] = set(re.findall(r"stretch=([0-9a-f]{12})", doubtful.get("/review").text))
    asked = {**RULED, "scope": "all", "stretch": stretch, "count": "3"}
    stale = doubtful.post("/review/rule", asked)
    assert (stale.status_code, "筛选出的条数变了，现在是 2 条" in stale.text, rulings(doubtful)) == (422, True, [])
    assert doubtful.post("/review/rule", {**asked, "count": "2"}).status_code == 303
    assert len(rulings(doubtful)) == 1
    assert "没有待裁定的存疑考勤点" in doubtful.get("/review").text


LACKING = [
    ({"effect": "amend"}, "请选免责或维持"),
    ({"document": " "}, "文书和理由都要写"),
    ({"reason": ""}, "文书和理由都要写"),
    ({"reason": "长" * 300}, "合计应少于"),
    ({"place": []}, "没有勾选任何一条"),
    ({"place": ["739567:1003:9:in"]}, "勾选的有 1 条已经裁定或查明"),
]


def test_a_ruling_that_lacks_something_changes_nothing(doubtful):
    doubtful.as_role("inspector")
    there = places(doubtful)
    for change, said in LACKING:
        sent = {**RULED, "place": there, "scope": "chosen", **change}
        answer = doubtful.post("/review/rule", {k: v for k, v in sent.items() if v != []})
        assert (answer.status_code, said in answer.text, rulings(doubtful)) == (422, True, []), said


def test_nobody_rules_on_himself(doubtful):
    with doubtful.site.store.writing() as work:
        mine = work.accounts.of("inspector")
        work.accounts.put(mine._replace(person="1003"))
    doubtful.as_role("inspector")
    page = doubtful.get("/review")
    assert ("本人" in page.text, places(doubtful)) == (True, [])
    answer = doubtful.post("/review/rule", {**RULED, "scope": "all", "count": "2"})
    assert (answer.status_code, "不能裁定自己的" in answer.text, rulings(doubtful)) == (422, True, [])


def test_who_may_not_decide_sees_no_form_and_who_may_not_see_sees_no_queue(doubtful):
    doubtful.as_role("clerk")
    assert 'name="effect"' not in doubtful.get("/review").text
    assert doubtful.post("/review/rule", {**RULED, "scope": "all", "count": "2"}).status_code == 403
    for role in ("staff", "unit", "window_lead", "admin"):
        other = doubtful.other().as_role(role)
        paths = ("/review", "/review/defects", "/review/suspicions")
        assert [other.get(path).status_code for path in paths] == [403] * 3, role
    assert rulings(doubtful) == []


def test_what_would_be_excused_as_well_is_said(browser):
    row = OUTAGE.replace("14:00:00", "16:00:00")
    assert not bring_records(browser.site, "outage", row.encode(), "outage.csv").problems
    browser.settle()
    page = text_of(browser.as_role("inspector").get("/review"))
    assert "下班 17:30 缺卡" in page
    assert "同半天上班已知缺卡，免责会一并免去" in page


def test_hostile_words_in_a_ruling_are_shown_as_words(doubtful):
    doubtful.as_role("inspector")
    bad = {**RULED, "document": "<script>alert(1)</script>", "reason": "", "scope": "chosen", "place": places(doubtful)}
    answer = doubtful.post("/review/rule", bad)
    assert ("<script>alert(1)" in answer.text, "&lt;script&gt;alert(1)" in answer.text) == (False, True)
    for path in ("/review?window=<script>alert(1)</script>", "/review?from='><script>", "/review?page=99999999999999"):
        answer = doubtful.get(path)
        assert (answer.status_code, "<script>" in answer.text.replace("<script src", "")) == (200, False)


def test_defects_are_listed_with_their_bytes_and_whose_they_may_be(browser):
    at = parse_moment("2026-11-19 08:20:00")
    found = (
        Defect(0, bytes(range(8)), "dead_clock", ("7",), at, at + 60),
        Defect(1, b"\xff" * 70, "unreadable_user_id", (), None, None),
    )
    with browser.site.store.writing() as work:
        work.readings.add(Reading("T1", "tcp", "192.0.2.1", "d1", (), found, at + 100), at + 200)
    page = text_of(browser.as_role("inspector").get("/review/defects"))
    assert "T1 考勤机的钟停过 2026-11-19 08:20 至 2026-11-19 08:21 7 丙二 1007 00 01 02 03 04 05 06 07" in page
    assert "考勤号读不出 说不准 读不出 用这台考勤机的任何人 ff ff" in page
    assert "… 另有 6 字节" in page


def odd(browser: Browser, **query: str) -> dict[str, str]:
    text = browser.client.get("/review/suspicions", params=query).text
    return dict(re.findall(r'<article class="card" id="(s[0-9a-f]{16})">\s*<h2>([^<]+?) ?<', text))


def test_suspicions_accuse_nobody_and_lead_to_the_patrol(browser):
    before = points(browser, "1008")
    browser.as_role("inspector")
    page = browser.get("/review/suspicions")
    assert "不是违规，不扣分" in page.text
    assert "/patrol/new?person_id=1008&amp;kind=proxy_punch&amp;at=2026-11-20+08%3A21" in page.text
    assert "总是一起打卡" in odd(browser).values()
    browser.settle()
    assert points(browser, "1008") == before


def test_a_suspicion_somebody_looked_at_is_gone_until_it_happens_again(browser):
    browser.as_role("inspector")
    id = next(id for id, title in odd(browser).items() if title == "总是一起打卡")
    refused = browser.post("/review/suspicions/seen", {"id": id, "note": " "})
    assert (refused.status_code, "写一句看到了什么" in refused.text) == (422, True)
    answer = browser.post("/review/suspicions/seen", {"id": id, "note": "<script>alert(1)</script>同住一个院子"})
    assert (answer.status_code, id in odd(browser)) == (303, False)
    with browser.site.store.reading() as work:
        [body] = work.records.all(LOOKED).values()
    assert {k: body[k] for k in ("suspicion_id", "through", "by", "at", "note")} == {
        "suspicion_id": id, "through": "2026-11-20 08:21:00", "by": "督查乙", "at": "2026-11-20 10:00:00",
        "note": "<script>alert(1)</script>同住一个院子",
    }  # fmt: skip
    page = browser.get("/review/suspicions").text
    assert ("<script>alert(1)" in page, "同住一个院子" in page) == (False, True)
    assert browser.post("/review/suspicions/seen", {"id": id, "note": "再看"}).status_code == 404
    clerk = browser.other().as_role("clerk")
    assert clerk.post("/review/suspicions/seen", {"id": next(iter(odd(browser))), "note": "x"}).status_code == 403


def test_a_punch_in_the_middle_of_a_leave_is_told(browser):
    rows = attlog({"7": {"2026-11-20": ("09:30",)}})
    bring_punches(browser.site, rows, "1_attlog.dat", "T1", parse_moment("2026-11-20 09:59:00"))
    page = text_of(browser.as_role("leader").get("/review/suspicions?kind=on_leave"))
    assert "请假当中打卡 丙二 1007 在本人假期当中（离两头都超过 30 分钟）打卡 1 次 2026-11-20 09:30:00" in page


@pytest.fixture
def strange(browser: Browser) -> Browser:
    """An id that nobody has punched at T2 on two days."""
    rows = attlog({"77": {"2026-11-18": ("08:20", "12:05"), "2026-11-19": ("08:25",)}})
    bring_punches(browser.site, rows, "1_attlog.dat", "T2", parse_moment("2026-11-20 09:00:00"))
    browser.settle()
    return browser


def test_an_unknown_id_is_mapped_after_its_punches_were_shown_and_they_count(strange):
    strange.as_role("clerk")
    assert "T2 77 3 2026-11-18 08:20 2026-11-19 08:25" in text_of(strange.get("/review/ids"))
    staff = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    staff += "1011,己一,县民政局,民政,staff,,,2026-11-18,\n"
    assert not bring_records(strange.site, "staff", staff.encode(), "staff.csv").problems
    strange.settle()
    before = points(strange, "1011")
    shown = text_of(strange.get("/review/ids/map?terminal=T2&id=77&person=1011"))
    assert "认给 己一（1011）会算上的打卡：3 次" in shown
    assert "2026-11-18 周三 08:20，12:05" in shown
    answer = strange.post("/review/ids/map", {"terminal": "T2", "id": "77", "person": "1011", "from": "2026-11-18"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/ids")
    with strange.site.store.reading() as work:
        [row] = work.records.all("device").values()
    assert row == {
        "terminal_id": "T2", "device_user_id": "77", "person_id": "1011", "from": "2026-11-18", "to": "",
        "withdrawn": "",
    }  # fmt: skip
    assert "没有无主的考勤号" in strange.get("/review/ids").text
    strange.settle()
    assert float(points(strange, "1011")) > float(before)


IMPOSSIBLE = [
    ({"person": ""}, "写上是谁的考勤号"),
    ({"person": "没有这个人"}, "没有找到"),
    ({"person": "甲"}, "可能是 2 个人"),
    ({"person": "1010", "from": "昨天"}, "日期应为"),
    ({"person": "1010", "from": "2026-11-19", "to": "2026-11-18"}, "截止日期应不早于"),
    ({"person": "=1+1<script>"}, "没有找到“=1+1&lt;script&gt;”"),
]


def test_a_mapping_that_can_not_be_is_not_made(strange):
    strange.as_role("clerk")
    for sent, said in IMPOSSIBLE:
        answer = strange.post("/review/ids/map", {"terminal": "T2", "id": "77", **sent})
        assert (answer.status_code, said in answer.text) == (422, True), said
    with strange.site.store.reading() as work:
        assert work.records.all("device") == {}


def test_punches_that_are_somebodys_are_taken_from_nobody(strange):
    staff = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    staff += "1011,己一,县民政局,民政,staff,77,,2026-11-19,\n"
    assert not bring_records(strange.site, "staff", staff.encode(), "staff.csv").problems
    strange.as_role("clerk")
    sent = {"terminal": "T2", "id": "77", "person": "1010", "from": "2026-11-18"}
    answer = strange.post("/review/ids/map", sent)
    assert (answer.status_code, "有 1 次现在算 己一（1011）的" in answer.text) == (422, True)
    assert strange.post("/review/ids/map", {**sent, "to": "2026-11-18"}).status_code == 303


def test_ids_are_mapped_by_those_who_may_and_only_such_as_are_nobodys(strange):
    for role, expected in (("inspector", 403), ("leader", 403), ("staff", 403), ("admin", 303)):
        other = strange.other().as_role(role)
        sent = {"terminal": "T2", "id": "77", "person": "1010", "from": "2026-11-18"}
        assert other.post("/review/ids/map", sent).status_code == expected, role
    strange.as_role("clerk")
    for terminal, id in (("T2", "77"), ("T1", "1"), ("T9", "77"), ("", ""), ("T2", "<script>")):
        assert strange.get(f"/review/ids/map?terminal={terminal}&id={quote(id)}").status_code == 404
        assert strange.post("/review/ids/map", {"terminal": terminal, "id": id, "person": "1010"}).status_code == 404


def test_a_login_is_needed(browser):
    for path in ("/review", "/review/ids", "/requests", "/appeals", "/tasks"):
        assert browser.get(path).headers["location"].startswith("/login")
