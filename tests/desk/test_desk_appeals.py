"""Appeals at the desk: filed with evidence within reach, decided by somebody else, carried out by the next settle."""

from __future__ import annotations

from dataclasses import replace

from deskkit import Browser, account, text_of

from punchsync.core.moment import parse_day

RULED = {"outcome": "excused", "document": "申字〔2026〕1 号"}


def violation(browser: Browser, person: str = "1003", day: str = "2026-11-04") -> str:
    with browser.site.store.reading() as work:
        [found] = [v for v in work.months.violations(parse_day(day), parse_day(day)) if v.person == person]
    return found.id


def points(browser: Browser, person: str = "1003") -> float:
    with browser.site.store.reading() as work:
        return float(sum(e.points for e in work.ledger.of_account("person", person, 1, 800_000)))


def file(browser: Browser, id: str, *, files=(), **more: str):
    sent = {"violation": id, "grounds": "电梯坏了，有照片", **more}
    return browser.post("/appeals/new", sent, files=[("evidence", f) for f in files] or None)


def test_an_appeal_from_its_filing_to_the_changed_ledger(browser):
    before = points(browser)
    browser.as_role("staff")
    assert "2026-11-04 周三 1 迟到 1500 秒 打卡 申诉" in text_of(browser.get("/appeals/new"))
    id = violation(browser)
    assert "申诉末日" in browser.get(f"/appeals/new?violation={id}").text
    picture = bytes(range(256))
    answer = file(browser, id, files=[("../../etc/<b>照片.jpg", picture), ("说明.txt", b"x")])
    assert (answer.status_code, answer.headers["location"]) == (303, "/appeals/1")
    page = browser.get("/appeals/1")
    assert ("<b>照片" in page.text, "&lt;b&gt;照片.jpg" in page.text, "etc" in page.text) == (False, True, False)
    assert "一条违规同时只能有一件" in file(browser, id).text

    boss = browser.other().as_role("leader")
    got = boss.get("/appeals/1/evidence/1")
    assert (got.content, got.headers["content-type"], got.headers["x-content-type-options"]) == (
        picture, "application/octet-stream", "nosniff",
    )  # fmt: skip
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''%3Cb%3E%E7%85%A7%E7%89%87.jpg"
    assert boss.get("/appeals/1/evidence/3").status_code == boss.get("/appeals/1/evidence/x").status_code == 404
    answer = boss.post("/appeals/1/decide", RULED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/appeals/1")
    assert "尚未核算" in boss.get("/appeals/1").text
    browser.settle()
    page = text_of(browser.get("/appeals/1"))
    assert "免责 ，主任丙，2026-11-20 10:00，文书 申字〔2026〕1 号" in page
    assert "冲回" in page
    assert points(browser) > before
    again = boss.post("/appeals/1/decide", RULED)
    assert (again.status_code, "决定不能改" in again.text) == (422, True)


def test_a_review_is_decided_by_somebody_else(browser):
    browser.as_role("staff")
    id = violation(browser)
    file(browser, id)
    boss = browser.other().as_role("leader")
    assert boss.post("/appeals/1/decide", {**RULED, "outcome": "upheld"}).status_code == 303
    browser.settle()
    assert "对决定不服，申请复核" in browser.get("/appeals/1").text
    assert file(browser, id).headers["location"] == "/appeals/2"
    refused = boss.post("/appeals/2/decide", RULED)
    assert (refused.status_code, "复核应由别人决定" in refused.text) == (422, True)
    with browser.site.store.writing() as work:
        work.accounts.put(account("leader2", "leader", "主任丁"))
    other = browser.other()
    other.login("leader2")
    answer = other.post("/appeals/2/decide", {**RULED, "outcome": "amended", "as_kind": "early"})
    assert answer.status_code == 303, answer.text
    browser.settle()
    page = text_of(browser.get("/appeals/2"))
    assert ("改判：早退" in page, "申诉 1 申诉，维持，主任丙" in page) == (True, True)
    final = file(browser, id)
    assert (final.status_code, "复核以后不再受理" in final.text) == (422, True)


def test_a_decision_that_lacks_something_or_is_ones_own_is_not_taken(browser):
    browser.as_role("staff")
    file(browser, violation(browser))
    boss = browser.other().as_role("leader")
    for change, said in (
        ({"outcome": ""}, "请选一种决定"),
        ({"outcome": "moot"}, "这条违规仍然存在"),
        ({"outcome": "withdrawn"}, "请选一种决定"),
        ({"document": ""}, "写上作出决定的文书"),
        ({"outcome": "amended"}, "请选改判为哪一类"),
        ({"outcome": "amended", "as_kind": "late"}, "改判应为另一种类别，现在是 迟到"),
        ({"outcome": "amended", "as_kind": "window_empty"}, "改判应为另一种类别"),
    ):
        answer = boss.post("/appeals/1/decide", {**RULED, **change})
        assert (answer.status_code, said in answer.text) == (422, True), change
    with browser.site.store.writing() as work:
        work.accounts.put(work.accounts.of("leader")._replace(person="1003"))
    answer = boss.post("/appeals/1/decide", RULED)
    assert (answer.status_code, "不能决定自己的申诉" in answer.text) == (422, True)
    for role in ("clerk", "inspector", "staff", "unit", "window_lead"):
        assert browser.other().as_role(role).post("/appeals/1/decide", RULED).status_code == 403, role
    with browser.site.store.reading() as work:
        assert work.appeals.decisions() == []


def test_who_filed_may_take_it_back(browser):
    browser.as_role("staff")
    file(browser, violation(browser))
    lead = browser.other().as_role("window_lead")
    answer = lead.post("/appeals/1/withdraw")
    assert (answer.status_code, "只有申诉人（欧阳见微知著）能撤回" in answer.text) == (422, True)
    assert browser.post("/appeals/1/withdraw").status_code == 303
    assert "已撤回" in browser.get("/appeals?show=all").text


def test_out_of_reach_there_is_no_appeal_and_no_violation(browser):
    clerk = browser.other().as_role("clerk")
    id = violation(browser)
    assert file(clerk, id, files=[("a.txt", b"x")], by="欧阳见微知著").status_code == 303
    with browser.site.store.reading() as work:
        [filed] = work.appeals.all()
    assert (filed.filed_by, filed.role) == ("欧阳见微知著", "person")
    with browser.site.store.writing() as work:
        work.accounts.put(account("other", "staff", "乙一", "1004"))
    browser.login("other")
    assert "没有申诉" in browser.get("/appeals?show=all").text
    for path in ("/appeals/1", "/appeals/1/evidence/1", "/appeals/new?person=1003", f"/appeals/new?violation={id}"):
        assert browser.get(path).status_code == 404, path
    for path in ("/appeals/99", "/appeals/x", "/appeals/" + "9" * 30, "/appeals/new?violation=v0"):
        assert clerk.get(path).status_code == 404, path
    assert browser.post("/appeals/1/withdraw").status_code == 404
    assert file(browser, id).status_code == 404
    lead = browser.other().as_role("window_lead")
    assert lead.get("/appeals/1").status_code == 200
    assert file(lead, violation(browser, day="2026-11-11")).headers["location"] == "/appeals/2"
    with browser.site.store.reading() as work:
        assert (work.appeals.all()[1].filed_by, work.appeals.all()[1].role) == ("甲一", "unit")


def test_after_the_term_only_who_may_takes_one_and_says_why(browser):
    browser.site.hall = browser.desk.site.hall = replace(browser.site.hall, appeal_days=3)
    browser.desk.hall = browser.site.hall
    browser.clock.moment += 10 * 86400
    browser.as_role("staff")
    id = violation(browser)
    answer = file(browser, id, late="我说了算")
    assert (answer.status_code, "申诉期限已过" in answer.text) == (422, True)
    clerk = browser.other().as_role("clerk")
    assert file(clerk, id, by="欧阳见微知著", late="住院").status_code == 303
    assert "过期受理，理由：住院" in clerk.get("/appeals/1").text
    browser.clock.moment += 5 * 86400
    assert "逾期 2 天" in browser.as_role("staff").get("/appeals").text


def test_filing_says_what_is_wrong(browser):
    browser.as_role("staff")
    id = violation(browser)
    for more, files, said in (
        ({"grounds": " "}, (), "写明申诉的理由"),
        ({"grounds": "长" * 2001}, (), "写明申诉的理由"),
        ({}, [("空.txt", b"")], "证据 空.txt 是空的"),
        ({}, [("大.bin", bytes(10 * 2**20 + 1))], "每件应不超过 10 MiB"),
    ):
        answer = file(browser, id, files=files, **more)
        assert (answer.status_code, said in answer.text) == (422, True), said
    bad = file(browser, id, grounds="<script>alert(1)</script>")
    assert bad.status_code == 303
    assert ("<script>alert" in browser.get("/appeals/1").text) is False
    clerk = browser.other().as_role("clerk")
    assert "写上是谁申诉的" in file(clerk, violation(browser, day="2026-11-11"), by=" ").text
