"""The desk behind a proxy that does what the examples for nginx and Caddy say.

The programs themselves are not run: what their files have them pass on is read and sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deskkit import PASSWORD, Browser, copied, desk_of

EXAMPLES = Path(__file__).parents[2] / "systemd"
CLIENT, NAME = "10.3.0.9", "kaoqin.example"
VALUES = {
    "$http_host": NAME, "$remote_addr": CLIENT, '""': "", "{http.request.hostport}": NAME,
    "{http.request.remote.host}": CLIENT,
}  # fmt: skip


def passed_on(file: str) -> dict[str, str]:
    """The headers that an example sets for the desk."""
    text = (EXAMPLES / file).read_text(encoding="utf-8")
    found = re.findall(r"^\s*(?:proxy_set_header|header_up) (\S+) (\S+?);?$", text, flags=re.MULTILINE)
    return {name.lower(): VALUES[value] for name, value in found if VALUES[value]}


@pytest.fixture
def hall(template: Path, tmp_path: Path) -> Iterator[Browser]:
    folder = copied(template, tmp_path / "hall")
    file = folder / "punchsync.toml"
    text = file.read_text(encoding="utf-8").replace("[desk]\n", f'[desk]\nhttps = true\nboard = ["{CLIENT}"]\n')
    file.write_text(text, encoding="utf-8")
    with desk_of(folder) as made:
        yield made


def enter(hall: Browser, headers: dict[str, str]):
    """Log in as a browser does that sees https://kaoqin.example; its cookies are sent by hand, for they are secure."""
    shown = hall.client.get("/login", headers=headers)
    before = shown.cookies["punchsync_login"]
    return hall.client.post(
        "/login",
        data={"csrf": before, "login": "clerk", "password": PASSWORD},
        headers={**headers, "cookie": f"punchsync_login={before}", "origin": f"https://{NAME}"},
    )


@pytest.mark.parametrize("file", ["nginx.conf.example", "Caddyfile.example"])
def test_forms_pass_addresses_are_known_and_cookies_are_secure(hall: Browser, file: str) -> None:
    headers = passed_on(file)
    answer = enter(hall, headers)
    with hall.site.store.reading() as work:
        opened = work.sessions.of_login("clerk")

    assert headers == {"host": NAME, "x-forwarded-for": CLIENT}
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"] and "SameSite=strict" in answer.headers["set-cookie"]
    assert [s.address for s in opened] == [CLIENT]
    assert hall.client.get("/board", headers=headers).status_code == 200
    assert hall.client.get("/board", headers={**headers, "x-forwarded-for": "10.3.0.8"}).status_code == 303


def test_a_proxy_that_does_not_pass_the_host_on_has_its_forms_refused(hall: Browser) -> None:
    assert enter(hall, {"x-forwarded-for": CLIENT}).status_code == 403


@pytest.mark.parametrize("file", ["nginx.conf.example", "Caddyfile.example"])
def test_the_examples_encrypt_keep_nothing_and_shut_the_probes(file: str) -> None:
    text = (EXAMPLES / file).read_text(encoding="utf-8")

    assert "/etc/ssl/punchsync/kaoqin.key" in text
    assert "Strict-Transport-Security" in text
    assert all(probe in text for probe in ("healthz", "readyz", "metrics"))
    assert ("deny all" in text) or ("respond @probes 403" in text)
    assert "proxy_cache_path" not in text and "cache {" not in text
    assert text.count("{") == text.count("}")
