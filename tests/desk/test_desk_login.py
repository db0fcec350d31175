"""Logging in and out: passwords, lockout, sessions that end, and what a stranger learns from it."""

from __future__ import annotations

import re

from deskkit import ACCOUNTS, PASSWORD, Browser, account, text_of

from punchsync.core.moment import DAY, HOUR, MINUTE
from punchsync.desk.access.sessions import BEFORE, COOKIE, digest_of


def flags(answer: object, cookie: str) -> set[str]:
    """The attributes of a cookie that an answer sets."""
    [found] = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{cookie}=")]  # type: ignore[attr-defined] # httpx
    return {part.strip().lower() for part in found.split(";")[1:]}


def test_every_role_logs_in_and_comes_to_a_page_of_its_own(browser: Browser) -> None:
    for login, name, role, _person, _unit in ACCOUNTS:
        other = browser.other()
        assert other.get("/").headers["location"] == "/login?next=/"
        assert other.login(login).status_code == 303, role
        assert other.get("/").status_code == 303
        page = other.get("/password")
        assert page.status_code == 200
        assert name in text_of(page)


def test_a_login_is_typed_in_any_case_and_width(browser: Browser) -> None:
    assert browser.login(" ＣＬＥＲＫ ").status_code == 303


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(browser: Browser) -> None:
    wrong, unknown = browser.login("clerk", "不是这一个密码"), browser.other().login("nobody", "不是这一个密码")
    assert (wrong.status_code, unknown.status_code) == (401, 401)

    def told(answer: object) -> str:
        return re.sub(r'value="[^"]*"', "", answer.text)  # type: ignore[attr-defined] # httpx

    assert told(wrong) == told(unknown)
    assert browser.get("/password").status_code == 303


def test_a_disabled_account_and_one_without_a_password_do_not_get_in(browser: Browser) -> None:
    with browser.site.store.writing() as work:
        work.accounts.put(account("gone", "clerk", state="disabled"))
        work.accounts.put(account("sso", "clerk", password=""))
    assert browser.login("gone").status_code == 401
    assert browser.login("sso", "").status_code == 401


def test_the_cookie_is_for_this_site_alone_and_for_no_script(browser: Browser) -> None:
    answer = browser.login("clerk")
    assert flags(answer, COOKIE) == {"httponly", "samesite=strict", "path=/", f"max-age={12 * HOUR}"}


def test_the_store_never_has_the_secret_of_a_login(browser: Browser) -> None:
    browser.login("clerk")
    secret = browser.client.cookies[COOKIE]
    with browser.site.store.reading() as work:
        [session] = work.sessions.of_login("clerk")
    assert session.digest == digest_of(secret)
    assert secret not in repr(session)


def test_a_login_begins_with_a_secret_of_its_own_whatever_was_in_the_browser(browser: Browser) -> None:
    browser.client.cookies.set(COOKIE, "planted-by-somebody", "127.0.0.1", "/")
    browser.login("clerk")
    assert browser.client.cookies[COOKIE] != "planted-by-somebody"
    planted = browser.other()
    planted.client.cookies.set(COOKIE, "planted-by-somebody")
    assert planted.get("/password").status_code == 303


def test_logging_in_again_ends_the_login_before(browser: Browser) -> None:
    browser.login("clerk")
    before = browser.client.cookies[COOKIE]
    token = browser.token("/password")
    answer = browser.client.post("/login", data={"csrf": token, "login": "inspector", "password": PASSWORD})
    assert answer.status_code == 303
    stolen = browser.other()
    stolen.client.cookies.set(COOKIE, before)
    assert stolen.get("/password").status_code == 303
    assert "督查乙" in text_of(browser.get("/password"))


def test_logging_out_ends_the_login_in_the_store(browser: Browser) -> None:
    browser.login("clerk")
    secret = browser.client.cookies[COOKIE]
    assert browser.post("/logout").headers["location"] == "/login"
    again = browser.other()
    again.client.cookies.set(COOKIE, secret)
    assert again.get("/password").headers["location"] == "/login?next=/password"


def test_a_login_ends_when_nobody_uses_it_and_at_the_end_of_a_long_day(browser: Browser) -> None:
    browser.login("clerk")
    browser.clock.moment += 59 * MINUTE
    assert browser.get("/password").status_code == 200
    browser.clock.moment += 66 * MINUTE
    assert browser.get("/password").status_code == 303
    browser.login("clerk")
    for _hour in range(11):
        browser.clock.moment += HOUR
        assert browser.get("/password").status_code == 200
    browser.clock.moment += HOUR
    assert browser.get("/password").status_code == 303


def test_a_page_that_refreshes_itself_keeps_no_login_from_going_idle(browser: Browser) -> None:
    browser.login("clerk")
    statuses = []
    for _quarter in range(5):
        browser.clock.moment += 15 * MINUTE
        statuses.append(browser.get("/waiting").status_code)
    assert statuses == [200, 200, 200, 200, 303]


def test_disabling_an_account_ends_its_logins_at_once(browser: Browser) -> None:
    browser.login("clerk")
    with browser.site.store.writing() as work:
        found = work.accounts.of("clerk")
        assert found is not None
        work.accounts.put(found._replace(state="disabled"))
    assert browser.get("/password").status_code == 303


def test_five_wrong_passwords_lock_an_account_for_a_while_even_for_the_right_one(browser: Browser) -> None:
    for _try in range(5):
        assert browser.login("clerk", "不是这一个密码").status_code == 401
    locked = browser.login("clerk")
    assert (locked.status_code, "15 分钟" in text_of(locked)) == (401, True)
    browser.clock.moment += 15 * MINUTE
    assert browser.login("clerk").status_code == 303


def test_one_address_tries_only_so_often_whatever_the_login(browser: Browser) -> None:
    statuses = [browser.login(f"guess{n}", "不是这一个密码").status_code for n in range(22)]
    assert statuses == [401] * 20 + [429] * 2
    assert browser.other("10.0.0.99").login("clerk").status_code == 303


def test_a_user_changes_his_password_and_is_logged_out_elsewhere(browser: Browser) -> None:
    browser.login("clerk")
    elsewhere = browser.other()
    elsewhere.login("clerk")
    form = {"old": PASSWORD, "new": "春眠不觉晓处处闻啼鸟", "again": "春眠不觉晓处处闻啼鸟"}
    assert browser.post("/password", {**form, "old": "不对"}).status_code == 422
    assert browser.post("/password", {**form, "again": "别的一句话也很长"}).status_code == 422
    assert browser.post("/password", {**form, "new": "clerkclerk", "again": "clerkclerk"}).status_code == 422
    assert browser.post("/password", {**form, "new": PASSWORD, "again": PASSWORD}).status_code == 422
    assert browser.post("/password", form).status_code == 303
    assert browser.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 303
    assert browser.other().login("clerk").status_code == 401
    assert browser.other().login("clerk", form["new"]).status_code == 303


def test_a_given_password_must_be_changed_before_anything_else(browser: Browser) -> None:
    with browser.site.store.writing() as work:
        found = work.accounts.of("clerk")
        assert found is not None
        work.accounts.put(found._replace(must_change=True))
    browser.login("clerk")
    assert browser.get("/waiting").headers["location"] == "/password"
    new = {"old": PASSWORD, "new": "春眠不觉晓处处闻啼鸟", "again": "春眠不觉晓处处闻啼鸟"}
    assert browser.post("/password", new).status_code == 303
    assert browser.get("/").headers["location"] != "/password"


def test_old_logins_are_swept_out_of_the_store(browser: Browser) -> None:
    browser.login("clerk")
    browser.clock.moment += DAY
    browser.other().login("inspector")
    with browser.site.store.reading() as work:
        assert [s.login for s in work.sessions.all()] == ["inspector"]


def test_after_the_login_a_user_is_led_only_to_pages_of_this_desk(browser: Browser) -> None:
    for to in ("https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "/\tx"):
        other = browser.other()
        data = {"login": "clerk", "password": PASSWORD, "next": to}
        assert other.post("/login", data, at="/login").headers["location"] == "/", to
    other = browser.other()
    data = {"login": "clerk", "password": PASSWORD, "next": "/rules?a=b"}
    assert other.post("/login", data, at="/login").headers["location"] == "/rules?a=b"


def test_a_login_form_that_somebody_else_sends_is_refused(browser: Browser) -> None:
    browser.token("/login")
    data = {"csrf": "made up", "login": "clerk", "password": PASSWORD}
    assert browser.client.post("/login", data=data).status_code == 403
    bare = browser.other()
    data["csrf"] = browser.token("/login")
    assert bare.client.post("/login", data=data).status_code == 403
    assert BEFORE not in bare.client.cookies
