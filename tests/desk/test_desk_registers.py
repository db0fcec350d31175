"""The simple registers over HTTP: new, correct, withdraw, end; who may, and what hostile texts do."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest
from deskkit import Browser, text_of

from punchsync.bootstrap.bringing import bring_records

HOSTILE = "<script>alert(1)</script> =1+1"
NEW = {
    "/standins": {
        "absent_person_id": "1007",
        "standin_person_id": "甲二",
        "start": "11-20 上午",
        "end": "11-20",
        "filed_at": "昨天 930",
    },
    "/outings": {
        "person_id": "1003",
        "start": "930",
        "end": "11:00",
        "registered_at": "920",
        "reason": HOSTILE,
    },
    "/patrol": {"person_id": "1005", "kind": "games", "at": "945", "evidence": HOSTILE, "noted_by": "督查乙"},
    "/papers": {"person_id": "1010", "at": "昨天 8:25", "sheet": HOSTILE, "approved_by": "主任丙"},
    "/outages": {"terminal_id": "T1", "kind": "lost", "start": "昨天 8:00", "end": "9:00"},
}
STORED = {
    "/standins": (
        "standin",
        {"start": "2026-11-20 am", "end": "2026-11-21 00:00:00", "filed_at": "2026-11-19 09:30:00"},
    ),
    "/outings": ("outing", {"start": "2026-11-20 09:30:00", "end": "2026-11-20 11:00:00", "reason": HOSTILE}),
    "/patrol": ("incident", {"person_id": "1005", "at": "2026-11-20 09:45:00", "warned": "no"}),
    "/papers": ("paper", {"person_id": "1010", "at": "2026-11-19 08:25:00", "approved_by": "主任丙"}),
    "/outages": ("outage", {"start": "2026-11-19 08:00:00", "end": "2026-11-19 09:00:00", "kind": "lost"}),
}


def bodies(browser: Browser, kind: str) -> list[dict[str, str]]:
    with browser.site.store.reading() as work:
        return [dict(body) for body in work.records.all(kind).values()]


def keys(page: str, what: str) -> list[str]:
    return [unescape(key) for key in re.findall(rf'/{what}\?key=([^"]+)"', page)]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found.group(1))


@pytest.mark.parametrize("path", NEW)
def test_a_record_that_was_typed_is_stored_corrected_and_withdrawn_and_never_acts_as_code(
    browser: Browser, path: str
) -> None:
    clerk = browser.as_role("clerk")
    kind, expected = STORED[path]
    id = hidden(clerk.get(f"{path}/new").text, "id")
    assert clerk.post(f"{path}/new", {**NEW[path], "id": id}).headers["location"] == path
    [body] = bodies(browser, kind)
    assert expected.items() <= body.items()
    page = clerk.get(path)
    assert "<script>alert" not in page.text
    [key] = keys(page.text, "edit")
    form = clerk.get(f"{path}/edit?key={key}")
    assert "<script>alert" not in form.text
    sent = {"key": hidden(form.text, "key"), "mark": hidden(form.text, "mark")}
    changed = {**NEW[path], "end": "今天 16:00", "evidence": "照片", "sheet": "B-7"}
    assert clerk.post(f"{path}/edit", {**sent, **changed}).status_code == 303
    [after] = bodies(browser, kind)
    assert after != body
    assert clerk.get(f"{path}/withdraw?key={key}").status_code == 200
    assert clerk.post(f"{path}/withdraw", {"key": sent["key"]}).status_code == 303
    [gone] = bodies(browser, kind)
    assert gone == {**after, "withdrawn": "2026-11-20 10:00:00"}
    assert 'class="struck"' in clerk.get(path).text
    assert clerk.get(f"{path}/edit?key={key}").status_code == 404


@pytest.mark.parametrize("path", NEW)
def test_a_form_that_is_sent_twice_is_one_record(browser: Browser, path: str) -> None:
    clerk = browser.as_role("clerk")
    sent = {**NEW[path], "id": hidden(clerk.get(f"{path}/new").text, "id")}
    clerk.post(f"{path}/new", sent)
    again = clerk.post(f"{path}/new", sent)
    assert again.status_code in (303, 422)
    assert len(bodies(browser, STORED[path][0])) == 1


@pytest.mark.parametrize("path", NEW)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(browser: Browser, path: str) -> None:
    clerk = browser.as_role("clerk")
    answer = clerk.post(f"{path}/new", dict.fromkeys(NEW[path], "不对") | {"id": "DC"})
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert bodies(browser, STORED[path][0]) == []


def test_only_those_who_may_write_a_register_see_its_form(browser: Browser) -> None:
    allowed = {
        "clerk": set(NEW),
        "inspector": {"/patrol"},
        "leader": set(),
        "staff": set(),
    }
    for role, paths in allowed.items():
        who = browser.other().as_role(role)
        token = who.token("/password")
        for path in NEW:
            wanted = 200 if path in paths else 403
            assert who.get(f"{path}/new").status_code == wanted, (role, path)
            for way in ("new", "edit", "withdraw"):
                status = who.client.post(f"{path}/{way}", data={"csrf": token, "key": "nothing"}).status_code
                assert (status == 403) == (path not in paths), (role, path, way)
            assert who.get(path).status_code == (200 if role in ("clerk", "inspector", "leader") else 403)


def test_an_unknown_person_window_or_key_is_no_page(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    for path in (
        "/outings/new?person_id=9999",
        "/outings/edit?key=W9",
        "/outings?window=没有",
        "/patrol/walk?person=9999",
        "/patrol/walk?window=" + quote("../etc"),
    ):
        assert clerk.get(path).status_code == 404, path
    assert clerk.post("/outings/end", {"key": "W9"}).status_code == 404
    assert clerk.post("/patrol/walk", {"person": "9999", "kind": "games"}).status_code == 404
    assert bodies(browser, "incident") == []


def test_a_person_is_found_by_initials_and_a_doubtful_one_is_asked_for(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    sent = {**NEW["/outings"], "person_id": "oyjwzz", "reason": ""}
    assert clerk.post("/outings/new", sent).status_code == 303
    doubtful = clerk.post("/outings/new", {**sent, "person_id": "甲"})
    assert doubtful.status_code == 422
    assert "可能是 2 个人：1001 甲一、1002 甲二；请写工号" in text_of(doubtful)
    assert [b["person_id"] for b in bodies(browser, "outing")] == ["1003"]
    assert "甲一" in clerk.get("/outings/who?field=person_id&person_id=jy").text


def test_an_outing_and_an_outage_that_go_on_are_ended_by_one_press(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    outing = {"person_id": "1001", "start": "930", "registered_at": "920"}
    clerk.post("/outings/new", outing)
    clerk.post("/outages/new", {"terminal_id": "T2", "kind": "unreachable", "start": "800"})
    for path, kind in (("/outings", "outing"), ("/outages", "outage")):
        page = clerk.get(path)
        assert "进行中" in text_of(page)
        key = hidden(page.text, "key")
        assert clerk.post(f"{path}/end", {"key": key}).status_code == 303
        assert [b["end"] for b in bodies(browser, kind)] == ["2026-11-20 10:00:00"]
        assert "已经结束过了" in text_of(clerk.get(clerk.post(f"{path}/end", {"key": key}).headers["location"]))


def test_an_outage_says_what_it_does(browser: Browser) -> None:
    rows = "terminal_id,start,end,kind\nT1,2026-11-10,,lost\nT2,2026-11-10,,unreachable\n"
    assert not bring_records(browser.site, "outage", rows.encode(), "o.csv").problems
    text = text_of(browser.as_role("leader").get("/outages"))
    assert "只作说明，不改变核算" in text
    assert "记存疑，不扣分" in text


def test_a_paper_without_sheet_or_approval_is_refused_and_one_time_is_one_record(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    for name in ("sheet", "approved_by"):
        assert clerk.post("/papers/new", {**NEW["/papers"], name: " "}).status_code == 422
    assert 'value="经办甲"' in clerk.get("/papers/new").text
    assert clerk.post("/papers/new", NEW["/papers"]).status_code == 303
    again = clerk.post("/papers/new", {**NEW["/papers"], "sheet": "另一张"})
    assert again.status_code == 422
    assert len(bodies(browser, "paper")) == 1


def test_a_correction_is_refused_where_somebody_changed_the_record_meanwhile(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    clerk.post("/papers/new", NEW["/papers"])
    [key] = keys(clerk.get("/papers").text, "edit")
    page = clerk.get(f"/papers/edit?key={key}").text
    sent = {"key": hidden(page, "key"), "mark": hidden(page, "mark"), **NEW["/papers"]}
    assert clerk.post("/papers/edit", {**sent, "sheet": "B-1"}).status_code == 303
    late = clerk.post("/papers/edit", {**sent, "sheet": "B-2"})
    assert late.status_code == 422
    assert "刚被别人改过" in text_of(late)
    assert [b["sheet"] for b in bodies(browser, "paper")] == ["B-1"]


def test_the_list_is_narrowed_by_month_person_and_window(browser: Browser) -> None:
    rows = "outing_id,person_id,start,end,registered_at,reason\n" + "".join(
        f"W{n},{1001 + n % 3},2026-{10 + n % 2}-{n % 28 + 1:02d} 09:00,2026-{10 + n % 2}-{n % 28 + 1:02d} 10:00,"
        f"2026-10-01 08:00,第{n}次\n"
        for n in range(120)
    )
    assert not bring_records(browser.site, "outing", rows.encode(), "o.csv").problems
    clerk = browser.as_role("leader")
    assert "共 120 条" in text_of(clerk.get("/outings"))
    assert "第 3 页，共 3 页" in text_of(clerk.get("/outings?page=99"))
    assert "共 60 条" in text_of(clerk.get("/outings?month=2026-11"))
    assert "共 20 条" in text_of(clerk.get("/outings?month=2026-11&person=oyjwzz"))
    assert "共 60 条" in text_of(clerk.get("/outings?window=公安"))  # nobody was posted in October
    assert "共 0 条" in text_of(clerk.get("/outings?window=税务"))


def test_an_inspector_notes_a_record_with_three_presses(browser: Browser) -> None:
    inspector = browser.as_role("inspector")
    assert 'href="/patrol/walk?window=%E5%85%AC%E5%AE%89"' in inspector.get("/patrol/walk").text
    people = inspector.get("/patrol/walk?window=公安")
    assert 'href="/patrol/walk?person=1003"' in people.text
    kinds = inspector.get("/patrol/walk?person=1003")
    sent = {"person": "1003", "kind": "no_badge", "id": hidden(kinds.text, "id")}
    inspector.post("/patrol/walk", sent)
    inspector.post("/patrol/walk", sent)
    inspector.post("/patrol/walk", {"window": "公安", "id": hidden(people.text, "id")})
    found = sorted(
        (b["person_id"], b["window"], b["kind"], b["at"], b["noted_by"]) for b in bodies(browser, "incident")
    )
    assert found == [
        ("", "公安", "window_empty", "2026-11-20 10:00:00", "督查乙"),
        ("1003", "", "no_badge", "2026-11-20 10:00:00", "督查乙"),
    ]
    assert inspector.post("/patrol/walk", {"person": "1003", "kind": "nonsense"}).status_code == 422


def test_who_is_on_leave_is_marked_before_anything_is_noted(browser: Browser) -> None:
    text = text_of(browser.as_role("inspector").get("/patrol/walk?person=1007"))
    assert "请假或外出在册" in text


def test_what_was_registered_changes_the_ledger_after_the_settle(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    with browser.site.store.reading() as work:
        before = {(v.person, v.kind) for v in work.months.violations(0, 10**6) if v.person == "1005"}
    clerk.post("/patrol/new", NEW["/patrol"])
    browser.settle()
    with browser.site.store.reading() as work:
        after = {(v.person, v.kind) for v in work.months.violations(0, 10**6) if v.person == "1005"}
    assert after - before == {("1005", "games")}
