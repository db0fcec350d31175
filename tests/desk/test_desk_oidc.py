"""The hall's unified login: who comes back and is known gets in, whatever else comes back does not."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deskkit import Browser, desk_of, text_of
from oidckit import CLIENT, OTHER, SECRET, Identity, identity
from pydantic import ValidationError

from punchsync.access import FOLDER, read
from punchsync.desk.access.oidc import Untrusted, scope_for, subject_of
from punchsync.desk.access.oidc_flow import COOKIE as FLOW
from punchsync.desk.access.oidc_flow import LONGEST, MOST, Flows
from punchsync.desk.access.sessions import COOKIE
from punchsync.settings.parts import OidcPart


@pytest.fixture(scope="module")
def provider_of_all() -> Iterator[Identity]:
    with identity() as made:
        yield made


@pytest.fixture
def provider(provider_of_all: Identity) -> Identity:
    url, made = provider_of_all.url, provider_of_all
    vars(made).update(vars(Identity()), url=url)
    return made


@pytest.fixture
def browser(site_folder: Path, provider: Identity) -> Iterator[Browser]:
    with desk_at(site_folder, provider.url) as made:
        with made.site.store.writing() as work:
            known = work.accounts.of("clerk")
            assert known is not None
            work.accounts.put(known._replace(subject="subject-1", password=""))
        yield made


def desk_at(folder: Path, issuer: str) -> Any:
    file = folder / "punchsync.toml"
    more = f'[desk.oidc]\nissuer = "{issuer}"\nclient = "{CLIENT}"\nsecret = "credential:oidc"\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    (folder / "credentials").mkdir(exist_ok=True)
    (folder / "credentials/oidc").write_text(SECRET.encode("ascii", "ignore").decode() + "\n")
    return desk_of(folder)


def away(browser: Browser, to: str = "/password") -> str:
    """Off to the provider: its address."""
    answer = browser.client.get("/login/oidc", params={"next": to})
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def back(browser: Browser, provider: Identity, to: str = "/password") -> Any:
    """There and back."""
    return browser.client.get(provider.authorize(away(browser, to)))


def notes(browser: Browser) -> list[tuple[str, dict[str, Any], int]]:
    lines = read(browser.site.folder / FOLDER).lines
    return [
        (a.who, {k: v for k, v in a.about.items() if k != "from"}, a.status) for a in lines if a.what == "login oidc"
    ]


def test_somebody_the_provider_knows_gets_into_his_account_and_goes_on_by_a_page_of_ours(
    browser: Browser, provider: Identity
) -> None:
    assert 'href="/login/oidc?next=/"' in browser.get("/login").text
    answer = back(browser, provider)
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/password">' in answer.text
    cookies = answer.headers.get_list("set-cookie")
    [session] = [c for c in cookies if c.startswith(f"{COOKIE}=")]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(session.split("; "))
    assert "经办甲" in text_of(browser.get("/password"))
    assert notes(browser) == [("clerk", {"login": "clerk", "by": "oidc"}, 200)]


def test_the_cookie_of_the_way_is_lax_short_and_for_nothing_else(browser: Browser) -> None:
    answer = browser.client.get("/login/oidc")
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{FLOW}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/login/oidc", f"Max-Age={LONGEST}"} <= set(cookie.split("; "))


def test_the_secret_of_the_client_and_the_code_are_seen_by_the_provider_only(
    browser: Browser, provider: Identity
) -> None:
    address = away(browser)
    assert "secret" not in address
    assert "code_verifier" not in address
    [redirect] = re.findall(r"redirect_uri=([^&]+)", address)
    assert redirect.endswith("%2Flogin%2Foidc%2Fback")


NOW = int(time.time())
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("nonce", {"claims": {"nonce": "another"}}),
    ("no nonce", {"claims": {"nonce": None}}),
    ("audience", {"claims": {"aud": "somebody-else"}}),
    ("no audience", {"claims": {"aud": None}}),
    ("several audiences and no azp", {"claims": {"aud": ["somebody-else", CLIENT]}}),
    ("azp", {"claims": {"azp": "somebody-else"}}),
    ("issuer", {"claims": {"iss": "https://login.example"}}),
    ("expired", {"claims": {"exp": NOW - 120}}),
    ("no end", {"claims": {"exp": None}}),
    ("not yet", {"claims": {"iat": NOW + 3600}}),
    ("no subject", {"claims": {"sub": None}}),
    ("empty subject", {"claims": {"sub": ""}}),
    ("none", {"header": {"alg": "none"}}),
    ("key", {"key": OTHER}),
    ("unknown key", {"header": {"kid": "two"}}),
]


@pytest.mark.parametrize("how", [how for _name, how in WRONG], ids=[name for name, _how in WRONG])
def test_a_token_that_is_not_right_in_every_way_opens_nothing(
    browser: Browser, provider: Identity, how: dict[str, Any]
) -> None:
    for name, value in how.items():
        setattr(provider, name, value)
    answer = back(browser, provider)
    assert answer.status_code == 401
    assert "核对不上" in text_of(answer)
    assert COOKIE not in browser.client.cookies
    assert browser.get("/password").status_code == 303
    [(_who, about, status)] = notes(browser)
    assert (status, set(about)) == (401, {"why"})


def test_a_token_signed_by_what_everybody_knows_is_refused(browser: Browser, provider: Identity) -> None:
    from joserfc.jwk import OctKey

    # A confused library takes the provider's public key, or our own secret, for one to check a HMAC by.
    provider.key, provider.header = OctKey.import_key(SECRET.encode()), {"alg": "HS256"}
    assert back(browser, provider).status_code == 401


def test_a_clock_a_little_apart_from_ours_does_no_harm(browser: Browser, provider: Identity) -> None:
    now = int(time.time())
    provider.claims = {"exp": now - 20, "iat": now - 300}
    assert back(browser, provider).status_code == 200


def test_a_key_that_is_new_is_asked_for(browser: Browser, provider: Identity) -> None:
    assert back(browser, provider).status_code == 200
    assert provider.asked.count("/keys") == 1
    new = type(OTHER).import_key({**OTHER.as_dict(private=True), "kid": "new"})
    provider.keys, provider.key, provider.header = [*provider.keys, new], new, {"kid": "new"}
    other = browser.other()
    assert back(other, provider).status_code == 200
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_return_is_good_once_and_for_the_browser_that_began_only(browser: Browser, provider: Identity) -> None:
    address = provider.authorize(away(browser))
    kept = browser.client.cookies[FLOW]
    stranger = browser.other()
    assert stranger.client.get(address).status_code == 400
    wrong = re.sub("state=[^&]+", "state=made-up", address)
    thief = browser.other()
    thief.client.get("/login/oidc")
    assert thief.client.get(address).status_code == 400
    assert browser.client.get(address).status_code == 200
    again = browser.other()
    again.client.cookies.set(FLOW, kept, path="/login/oidc")
    assert again.client.get(address).status_code == 400
    last = browser.other()
    away(last)
    assert last.client.get(wrong).status_code == 400
    assert COOKIE not in {*stranger.client.cookies, *thief.client.cookies, *again.client.cookies, *last.client.cookies}


def test_who_has_no_account_is_told_whom_to_ask_and_none_is_made(browser: Browser, provider: Identity) -> None:
    provider.claims = {"sub": "<b>subject-2</b>"}
    answer = back(browser, provider)
    assert answer.status_code == 403
    assert "管理员" in text_of(answer)
    assert "<b>subject-2</b>" in text_of(answer)
    assert "<b>" not in answer.text
    with browser.site.store.reading() as work:
        assert len(work.accounts.all()) == 7
    assert notes(browser)[-1][1:] == ({"why": "no_account"}, 403)


def test_who_has_a_disabled_account_stays_out(browser: Browser, provider: Identity) -> None:
    with browser.site.store.writing() as work:
        known = work.accounts.of("clerk")
        assert known is not None
        work.accounts.put(known._replace(state="disabled"))
    answer = back(browser, provider)
    assert answer.status_code == 403
    assert "已停用" in text_of(answer)
    assert COOKIE not in browser.client.cookies


def test_nobody_is_led_away_from_this_desk(browser: Browser, provider: Identity) -> None:
    for to in ("https://evil.test/", "//evil.test", "/\\evil.test", 'javascript:alert("x")'):
        answer = back(browser.other(), provider, to)
        assert 'content="0;url=/"' in answer.text, to


def test_a_refusal_by_the_provider_leads_back_to_the_form(browser: Browser) -> None:
    state = re.findall(r"state=([^&]+)", away(browser))[0]
    answer = browser.client.get("/login/oidc/back", params={"error": "<script>", "state": state})
    assert answer.status_code == 401
    assert "<script>" not in answer.text
    assert 'name="password"' in answer.text


def test_a_provider_that_is_away_leaves_the_form_for_passwords(site_folder: Path) -> None:
    with identity() as gone:
        url = gone.url
    with desk_at(site_folder, url) as browser:
        answer = browser.client.get("/login/oidc")
        assert answer.status_code == 503
        assert "连不上" in text_of(answer)
        assert 'name="password"' in answer.text
        assert browser.login("clerk").status_code == 303


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://login.example"},
        {"token_endpoint": "http://login.example/token"},
        {"authorization_endpoint": "http://login.example/authorize"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"jwks_uri": 5},
    ],
)
def test_a_provider_whose_settings_can_not_be_trusted_lets_nobody_in(
    browser: Browser, provider: Identity, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = browser.client.get("/login/oidc")
    if answer.status_code == 303:
        answer = browser.client.get(provider.authorize(answer.headers["location"]))
    assert answer.status_code in (401, 503)
    assert 'name="password"' in answer.text
    assert COOKIE not in browser.client.cookies


def test_without_the_credential_the_form_for_passwords_stays(site_folder: Path, provider: Identity) -> None:
    with desk_at(site_folder, provider.url) as browser:
        (site_folder / "credentials/oidc").unlink()
        answer = browser.client.get("/login/oidc")
        assert answer.status_code == 503
        assert "设置有误" in text_of(answer)


def test_who_is_logged_in_already_goes_on(browser: Browser) -> None:
    assert browser.login("leader").status_code == 303
    assert browser.client.get("/login/oidc", params={"next": "/password"}).headers["location"] == "/password"


def test_an_address_may_not_begin_for_ever(browser: Browser) -> None:
    found = [browser.client.get("/login/oidc").status_code for _n in range(21)]
    assert found == [303] * 20 + [429]


def test_the_logins_under_way_are_few_and_end_by_themselves() -> None:
    flows = Flows()
    first, begun = flows.begin("", "/")
    last = first
    for _n in range(MOST):
        last, _flow = flows.begin("", "/")
    assert flows.take(first, begun.state) is None
    assert flows.take(last, _flow.state) == _flow
    assert flows.take(last, _flow.state) is None


def test_an_address_that_nobody_verified_proves_nothing() -> None:
    assert subject_of({"sub": "a", "email": "a@b", "email_verified": True}, "email") == "a@b"
    assert subject_of({"employee": 1003}, "employee") == "1003"
    for claims, claim in (({"email": "a@b"}, "email"), ({"x": True}, "x"), ({"x": ["a"]}, "x"), ({}, "sub")):
        with pytest.raises(Untrusted):
            subject_of(claims, claim)


def test_a_claim_is_asked_for_by_the_scope_that_has_it() -> None:
    assert [scope_for(c) for c in ("sub", "email", "preferred_username", "employee_number")] == [
        "openid", "openid email", "openid profile", "openid profile",
    ]  # fmt: skip


@pytest.mark.parametrize("issuer", ["http://login.example", "http://127.0.0.1.evil.test", "ftp://x", "https://", "x"])
def test_an_issuer_that_others_can_listen_to_is_no_setting(issuer: str) -> None:
    with pytest.raises(ValidationError):
        OidcPart(issuer=issuer, client="x")
    for good in ("https://login.example/realms/hall", "http://127.0.0.1:8080", "http://[::1]/x", "http://localhost"):
        assert OidcPart(issuer=good, client="x").issuer == good
