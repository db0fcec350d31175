"""Tokens and calls for the tests of the interface."""

from __future__ import annotations

from typing import Any

from deskkit import Browser

from punchsync.core.account import ApiToken
from punchsync.desk.access.sessions import digest_of
from punchsync.desk.access.tokens import SCOPES, make


def token_of(browser: Browser, login: str, scopes: tuple[str, ...] = SCOPES, **more: Any) -> str:
    """A token of an account, as the store has it afterwards."""
    text = make()
    new = ApiToken(0, digest_of(text), "试验", login, scopes, browser.clock.now(), None, None, None)._replace(**more)
    with browser.site.store.writing() as work:
        work.tokens.add(new)
    return text


class Program:
    """A program that calls with a token; no cookies."""

    def __init__(self, browser: Browser, token: str) -> None:
        self.browser, self.headers = browser, {"authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.client.get(f"/api/v1{path}", params=query, headers=self.headers)

    def post(self, path: str, data: bytes, kind: str = "text/csv", **query: Any) -> Any:
        headers = {**self.headers, "content-type": kind}
        return self.browser.client.post(f"/api/v1{path}", params=query, headers=headers, content=data)


def program(browser: Browser, login: str = "clerk", scopes: tuple[str, ...] = SCOPES, **more: Any) -> Program:
    """A program with a token of its own."""
    return Program(browser, token_of(browser, login, scopes, **more))
