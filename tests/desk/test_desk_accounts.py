"""Accounts at the desk: made with a password shown once, changed, locked out and told of, disabled, logged out."""

from __future__ import annotations

import re
from typing import Any

from deskkit import PASSWORD, Browser, text_of

from punchsync.access import FOLDER, read
from punchsync.core.account import FIRST_LOCK, TRIES, Account
from punchsync.core.moment import DAY, MINUTE
from punchsync.operations.attention import Around, gather

NEW = {"login": "zhangsan", "name": "张三", "role": "staff", "person": "1007", "unit": "", "subject": ""}
FREE = Around(lambda: 10_000_000)


def account(browser: Browser, login: str) -> Account:
    with browser.site.store.reading() as work:
        found = work.accounts.of(login)
    assert found is not None
    return found


def shown(answer: Any) -> str:
    """The password that a page shows."""
    [found] = re.findall(r'<p class="secret">([^<]+)</p>', answer.text)
    return str(found)


def notes(browser: Browser, *whats: str) -> list[tuple[str, dict[str, Any], int]]:
    lines = read(browser.site.folder / FOLDER).lines
    return [(a.what, {k: v for k, v in a.about.items() if k != "from"}, a.status) for a in lines if a.what in whats]


def wrong(browser: Browser, login: str, times: int) -> None:
    for _n in range(times):
        assert browser.login(login, "完全不对的密码啊啊").status_code == 401


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(browser: Browser) -> None:
    browser.as_role("admin")
    answer = browser.post("/accounts", NEW)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    password = shown(answer)
    made = account(browser, "zhangsan")
    assert (made.name, made.role, made.person, made.must_change) == ("张三", "staff", "1007", True)
    assert password not in browser.get("/accounts/zhangsan").text
    other = browser.other()
    assert other.login("zhangsan", password).status_code == 303
    assert other.get("/").headers["location"] == "/password"
    assert notes(browser, "account add") == [("account add", {"login": "zhangsan", "role": "staff"}, 200)]


def test_a_person_is_meant_by_number_name_or_initials(browser: Browser) -> None:
    browser.as_role("admin")
    for n, typed in enumerate(("1007", "丙二", "1007 丙二", "oyjwzz")):
        answer = browser.post("/accounts", {**NEW, "login": f"a{n}", "person": typed})
        assert answer.status_code == 200, typed
        assert account(browser, f"a{n}").person == ("1003" if typed == "oyjwzz" else "1007")
    answer = browser.post("/accounts", {**NEW, "login": "b", "person": "没有这个人"})
    assert (answer.status_code, "没有这个人：没有这个人" in text_of(answer)) == (422, True)


def test_an_account_that_can_not_be_leaves_the_form_with_what_is_wrong(browser: Browser) -> None:
    browser.as_role("admin")
    wanted = [
        ({"login": "Bad Login!"}, "login"),
        ({"login": "clerk"}, "login"),
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"role": "king"}, "role"),
        ({"person": ""}, "person"),
        ({"role": "unit", "person": ""}, "unit"),
        ({"role": "unit", "person": "", "unit": "没有的局"}, "unit"),
        ({"role": "window_lead", "person": "", "windows": ["没有的窗口"]}, "windows"),
    ]
    for change, field in wanted:
        answer = browser.post("/accounts", {**NEW, **change})
        assert answer.status_code == 422, change
        assert f'id="{field}-note"' in answer.text or field == "login", change
        assert 'role="alert"' in answer.text
    with browser.site.store.reading() as work:
        assert len(work.accounts.all()) == 7


def test_an_account_is_changed_and_what_it_reaches_with_it_at_once(browser: Browser) -> None:
    lead = browser.other()
    lead.login("lead")
    browser.as_role("admin")
    form = {"name": "甲一", "role": "window_lead", "person": "1001", "windows": ["税务", "社保"], "subject": "sub-9"}
    answer = browser.post("/accounts/lead", form)
    assert answer.headers["location"] == "/accounts/lead"
    made = account(browser, "lead")
    assert (made.windows, made.subject) == (("税务", "社保"), "sub-9")
    page = text_of(browser.get("/accounts"))
    assert "税务、社保" in page
    assert "1001 甲一" in page
    assert lead.get("/password").status_code == 200
    assert browser.post("/accounts/clerk", {"name": "经办", "role": "clerk", "subject": "sub-9"}).status_code == 422


def test_an_account_of_a_role_without_windows_or_unit_loses_them(browser: Browser) -> None:
    browser.as_role("admin")
    form = {"name": "公安局联络员", "role": "clerk", "person": "", "unit": "县公安局", "windows": ["税务"]}
    assert browser.post("/accounts/unit", form).status_code == 303
    made = account(browser, "unit")
    assert (made.role, made.unit, made.windows) == ("clerk", "", ())


def test_a_password_that_is_reset_ends_lock_and_logins(browser: Browser) -> None:
    clerk = browser.other()
    clerk.login("clerk")
    wrong(browser.other("10.0.0.20"), "clerk", TRIES)
    browser.as_role("admin")
    answer = browser.post("/accounts/clerk/password")
    password = shown(answer)
    made = account(browser, "clerk")
    assert (made.must_change, made.failures, made.locked_until) == (True, 0, None)
    assert clerk.get("/password").status_code == 303
    assert browser.other("10.0.0.21").login("clerk", PASSWORD).status_code == 401
    assert browser.other("10.0.0.22").login("clerk", password).status_code == 303
    assert notes(browser, "account passwd") == [("account passwd", {"login": "clerk"}, 200)]


def test_a_disabled_account_is_out_at_once_and_comes_back_with_its_password(browser: Browser) -> None:
    clerk = browser.other()
    clerk.login("clerk")
    browser.as_role("admin")
    assert browser.post("/accounts/clerk/disable").status_code == 303
    assert clerk.get("/password").status_code == 303
    assert browser.other().login("clerk").status_code == 401
    assert "已停用" in text_of(browser.get("/accounts/clerk"))
    assert browser.post("/accounts/clerk/enable").status_code == 303
    assert browser.other().login("clerk").status_code == 303


def test_the_last_administrator_stays_one(browser: Browser) -> None:
    browser.as_role("admin")
    answer = browser.post("/accounts/admin/disable")
    assert (answer.status_code, "最后一个可用的管理员" in text_of(answer)) == (422, True)
    assert browser.post("/accounts/admin", {"name": "管理员", "role": "clerk"}).status_code == 422
    assert account(browser, "admin").role == "admin"
    assert browser.post("/accounts", {**NEW, "login": "second", "role": "admin", "person": ""}).status_code == 200
    assert browser.post("/accounts/second/disable").status_code == 303


def test_all_logins_of_an_account_are_ended(browser: Browser) -> None:
    one, two = browser.other(), browser.other("10.0.0.9")
    one.login("clerk")
    two.login("clerk")
    browser.as_role("admin")
    assert "10.0.0.9" in text_of(browser.get("/accounts/clerk"))
    assert browser.post("/accounts/clerk/logout").status_code == 303
    assert [one.get("/password").status_code, two.get("/password").status_code] == [303, 303]
    assert browser.get("/accounts").status_code == 200


def test_accounts_that_are_locked_are_told_to_the_administrators(browser: Browser) -> None:
    hall, limits = browser.site.hall, browser.site.limits()
    wrong(browser.other("10.0.0.20"), "clerk", TRIES)
    wrong(browser.other("10.0.0.21"), "leader", TRIES)
    wrong(browser.other("10.0.0.22"), "unit", TRIES - 1)
    with browser.site.store.reading() as work:
        found = [f for f in gather(hall, work, FREE, limits).found if f.code == "account_locked"]
    assert [(f.about, f.value, f.certain) for f in found] == [("", "2", True)]
    browser.as_role("admin")
    page = text_of(browser.get("/accounts"))
    assert "有 2 个账号因密码连错被锁" in page
    browser.clock.moment += FIRST_LOCK + MINUTE
    with browser.site.store.reading() as work:
        assert [f for f in gather(hall, work, FREE, limits).found if f.code == "account_locked"] == []
    assert "因密码连错被锁" not in text_of(browser.get("/accounts"))


def test_an_account_that_nobody_can_use_anyway_raises_no_alarm(browser: Browser) -> None:
    browser.as_role("admin")
    assert browser.post("/accounts/clerk/disable").status_code == 303
    wrong(browser.other("10.0.0.20"), "clerk", TRIES)
    with browser.site.store.reading() as work:
        found = gather(browser.site.hall, work, FREE, browser.site.limits()).found
    assert [f for f in found if f.code == "account_locked"] == []


def test_who_only_logs_in_elsewhere_needs_no_password(browser: Browser) -> None:
    browser.as_role("admin")
    form = {**NEW, "without": "yes", "subject": "sub-7"}
    assert browser.post("/accounts", form).headers["location"] == "/accounts/zhangsan"
    made = account(browser, "zhangsan")
    assert (made.password, made.subject, made.must_change) == ("", "sub-7", False)
    assert browser.post("/accounts", {**NEW, "login": "b", "without": "yes"}).status_code == 422


def test_accounts_are_found_by_login_name_person_and_role(browser: Browser) -> None:
    browser.as_role("admin")
    for query, login in (("q=inspector", "inspector"), ("q=见微", "staff"), ("q=1001", "lead"), ("role=unit", "unit")):
        page = browser.get(f"/accounts?{query}").text
        assert re.findall(r'<th scope="row"><a href="/accounts/([^"]+)"', page) == [login], query
    for page_number in ("2", "0", "-1", "x", "9" * 30, "２"):
        assert browser.get(f"/accounts?page={page_number}").status_code == 200


def test_markup_in_an_account_is_text(browser: Browser) -> None:
    browser.as_role("admin")
    form = {**NEW, "name": "<script>alert(1)</script>", "subject": '"><img src=x onerror=alert(1)>'}
    assert browser.post("/accounts", form).status_code == 200
    for path in ("/accounts", "/accounts/zhangsan"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_one_s_own_password_goes_by_the_same_rules_and_ends_the_lock_of_failures(browser: Browser) -> None:
    browser.login("clerk")
    wrong(browser.other("10.0.0.20"), "clerk", TRIES - 1)
    new = "春眠不觉晓处处闻啼鸟"
    assert browser.post("/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert account(browser, "clerk").failures == 0
    browser.clock.moment += DAY
    assert browser.other("10.0.0.30").login("clerk", new).status_code == 303
