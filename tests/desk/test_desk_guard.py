"""What guards every page: forms of strangers, headers, sizes, addresses behind a proxy."""

from __future__ import annotations

import pytest
from desk_ways import address, every_way, parts
from deskkit import Browser, Unhurried

POSTS = [w for w in every_way() if w.method == "POST" and w.path not in ("/login", "/logout")]


def test_no_action_takes_a_form_without_the_secret_of_its_session(browser: Browser) -> None:
    browser.desk.throttle = Unhurried()
    browser.as_role("clerk")
    other = browser.other()
    other.as_role("leader")
    theirs = other.token("/password")
    for way in POSTS:
        path = address(way, dict.fromkeys(parts(way), "x"))
        for data in ({}, {"csrf": ""}, {"csrf": theirs}):
            assert browser.client.post(path, data=data).status_code == 403, (way.path, data)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_no_action_takes_a_form_that_comes_from_elsewhere(browser: Browser, headers: dict[str, str]) -> None:
    browser.desk.throttle = Unhurried()
    browser.as_role("clerk")
    token = browser.token("/password")
    for way in POSTS:
        path = address(way, dict.fromkeys(parts(way), "x"))
        assert browser.client.post(path, data={"csrf": token}, headers=headers).status_code == 403, way.path
    assert browser.get("/password").status_code == 200


def test_no_way_changes_anything_when_it_is_only_looked_at() -> None:
    assert {w.method for w in every_way()} <= {"GET", "POST"}


def test_every_page_says_what_it_may_load_and_that_nobody_keeps_or_frames_it(browser: Browser) -> None:
    browser.as_role("clerk")
    for path in ("/password", "/nowhere", "/accounts"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"


def test_our_own_files_are_served_for_ever_and_no_others(browser: Browser) -> None:
    page = browser.get("/login").text
    css = page.split('rel="stylesheet" href="')[1].split('"')[0]
    found = browser.get(css)
    assert (found.status_code, found.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in found.headers["cache-control"]
    for path in (
        "/static/x/../desk.py",
        "/static/x/..%2f..%2fdesk.py",
        "/static/x/%2e%2e/app.py",
        "/static/x//etc/passwd",
    ):
        assert browser.get(path).status_code == 404


def test_a_body_that_is_too_large_is_refused_whatever_its_head_says(browser: Browser) -> None:
    browser.as_role("clerk")
    token = browser.token("/password")
    assert browser.client.post("/password", data={"csrf": token, "old": "x" * 2**21}).status_code == 413

    def pieces():  # type: ignore[no-untyped-def] # a body of no announced length
        for _n in range(40):
            yield b"x" * 2**16

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/password", content=pieces(), headers=headers).status_code == 413
    assert browser.get("/password").status_code == 200


def test_only_a_proxy_of_ours_may_say_where_a_request_comes_from(browser: Browser) -> None:
    browser.get("/accounts")
    chain = browser.other("6.6.6.6, 10.0.0.50")
    chain.login("clerk")
    with browser.site.store.reading() as work:
        assert [s.address for s in work.sessions.all()] == ["10.0.0.50"]
    browser.desk.settings = browser.desk.settings.model_copy(update={"proxies": ()})
    liar = browser.other("10.9.9.9")
    liar.login("inspector")
    with browser.site.store.reading() as work:
        assert [s.address for s in work.sessions.of_login("inspector")] == ["127.0.0.1"]


def test_one_user_who_asks_without_end_is_slowed_down_and_nobody_else(browser: Browser) -> None:
    from limits import RateLimitItemPerMinute

    from punchsync.desk import gate

    browser.as_role("clerk")
    other = browser.other()
    other.as_role("leader")
    before, gate.READS = gate.READS, RateLimitItemPerMinute(5, namespace="few")  # type: ignore[misc] # a lower limit
    try:
        statuses = [browser.get("/waiting").status_code for _n in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        assert "retry-after" in browser.get("/waiting").headers
        assert other.get("/waiting").status_code == 200
    finally:
        gate.READS = before  # type: ignore[misc] # as it was


def test_a_number_of_a_page_that_is_none_is_the_first_and_one_too_high_the_last(browser: Browser) -> None:
    browser.as_role("clerk")
    for path in ("/people", "/leave", "/staff", "/review", "/appeals", "/requests", "/patrol", "/leave/calendar"):
        for number in ("0", "-1", "x", "９", "²", "999999", "9" * 6000):
            assert browser.client.get(path, params={"page": number}).status_code == 200, (path, number[:9])
