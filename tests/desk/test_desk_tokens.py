"""Tokens for programs: made by administrators, shown once, good until they end, are revoked, or their account is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from apikit import Program, program, token_of
from deskkit import ROLES, Browser, text_of

from punchsync.access import FOLDER, read
from punchsync.core.moment import DAY, parse_moment
from punchsync.desk.access.sessions import TOUCH, digest_of
from punchsync.desk.access.tokens import SCOPES, WRITES, fit
from punchsync.operations.hall import KINDS

FORM = {"name": "数据交换", "login": "clerk", "ends": "2027-11-20", "scopes": ["exports:read"]}


def made(answer: Any) -> str:
    [found] = re.findall(r'<p class="secret">(ps_[\w-]{43})</p>', answer.text)
    return str(found)


def test_a_token_is_shown_once_and_only_its_digest_is_kept(browser: Browser) -> None:
    browser.as_role("admin")
    text = made(browser.post("/tokens", FORM))
    with browser.site.store.reading() as work:
        [kept] = work.tokens.all()
    assert (kept.number, kept.digest, kept.name, kept.login) == (1, digest_of(text), "数据交换", "clerk")
    assert kept.scopes == ("exports:read",)
    assert kept.ends_at == parse_moment("2027-11-21 00:00:00")
    page = browser.get("/tokens")
    assert "数据交换" in page.text
    assert "没用过" in page.text
    assert text not in page.text
    assert text.encode() not in (browser.site.folder / "data/punchsync.db").read_bytes()
    assert Program(browser, text).get("/version").status_code == 200
    assert "2026-11-20 10:00" in text_of(browser.get("/tokens"))
    [line] = [a for a in read(browser.site.folder / FOLDER).lines if a.what == "token add"]
    assert line.about == {"login": "clerk", "token": 1, "scopes": ["exports:read"], "from": "10.0.0.7"}


def test_a_token_that_can_not_be_leaves_the_form_with_what_is_wrong(browser: Browser) -> None:
    browser.as_role("admin")
    wanted: list[tuple[dict[str, Any], str]] = [
        ({"name": ""}, "写明给什么程序用"),
        ({"login": "nobody"}, "请选一个可用的账号"),
        ({"login": "staff"}, "请选一个可用的账号"),
        ({"login": "unit"}, "请选一个可用的账号"),
        ({"scopes": []}, "至少选一项"),
        ({"scopes": ["everything"]}, "至少选一项"),
        ({"login": "admin", "scopes": ["exports:read"]}, "不能有：读导出数据"),
        ({"ends": "2026-11-19"}, "写的是 '2026-11-19'"),
        ({"ends": "2029-11-21"}, "应为今天到 2029-11-20 之间的一天"),
        ({"ends": "soon"}, "写的是 'soon'"),
        ({"ends": ""}, "写的是 ''"),
    ]
    for change, said in wanted:
        answer = browser.post("/tokens", {**FORM, **change})
        assert (answer.status_code, said in text_of(answer)) == (422, True), change
    with browser.site.store.reading() as work:
        assert work.tokens.all() == []


def test_a_token_is_good_for_its_last_day_and_no_longer(browser: Browser) -> None:
    browser.as_role("admin")
    text = made(browser.post("/tokens", {**FORM, "ends": "2026-11-20"}))
    browser.clock.moment = parse_moment("2026-11-20 23:59:59")
    assert Program(browser, text).get("/version").status_code == 200
    browser.clock.moment += 1
    answer = Program(browser, text).get("/version")
    assert (answer.status_code, answer.json()["code"]) == (401, "ended")


def test_a_revoked_token_is_refused_at_once_and_stays_listed(browser: Browser) -> None:
    calls = program(browser)
    assert calls.get("/version").status_code == 200
    browser.as_role("admin")
    assert browser.post("/tokens/1/revoke").status_code == 303
    answer = calls.get("/version")
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
    assert "已撤销" in text_of(browser.get("/tokens"))
    assert [browser.post(f"/tokens/{n}/revoke").status_code for n in ("2", "x", "９", "9" * 20)] == [404] * 4


def test_a_token_of_a_disabled_account_is_refused(browser: Browser) -> None:
    calls = program(browser)
    browser.as_role("admin")
    assert browser.post("/accounts/clerk/disable").status_code == 303
    assert calls.get("/version").json()["code"] == "disabled"
    assert browser.post("/accounts/clerk/enable").status_code == 303
    assert calls.get("/version").status_code == 200


def test_a_token_loses_what_the_role_of_its_account_loses(browser: Browser) -> None:
    calls = program(browser)
    assert calls.get("/exports/ledger").status_code == 200
    browser.as_role("admin")
    assert browser.post("/accounts/clerk", {"name": "甲一", "role": "window_lead", "person": "1001"}).status_code == 303
    answer = calls.get("/exports/ledger")
    assert (answer.status_code, answer.json()["code"], answer.json()["needed"]) == (403, "role", "exports:read")


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_only_roles_that_see_the_whole_hall_have_scopes_over_it(role: str) -> None:
    whole = {"clerk": SCOPES, "inspector": SCOPES, "leader": SCOPES, "admin": ("terminals:read",)}
    assert fit(role) == whole.get(role, ())


def test_every_kind_of_import_asks_a_right() -> None:
    assert set(WRITES) == {*KINDS, "punches"}


def test_the_last_use_is_known_to_some_minutes(browser: Browser) -> None:
    calls = program(browser)
    uses = []
    for seconds in (0, TOUCH - 1, 1, -DAY):
        browser.clock.moment += seconds
        calls.get("/version")
        with browser.site.store.reading() as work:
            uses.append(work.tokens.all()[0].used_at)
    first = parse_moment("2026-11-20 10:00:00")
    assert uses == [first, first, first + TOUCH, first + TOUCH - DAY]


def test_no_cookie_opens_the_interface_and_no_token_a_page(browser: Browser) -> None:
    browser.as_role("admin")
    assert browser.get("/api/v1/version").status_code == 401
    bare = browser.other()
    headers = {"authorization": f"Bearer {token_of(browser, 'admin')}"}
    assert bare.client.get("/accounts", headers=headers).status_code == 303
