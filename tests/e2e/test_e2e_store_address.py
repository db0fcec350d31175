"""What may stand as the address of a store, where its password is read from, and that it is shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchsync.address import discreet
from punchsync.bootstrap.addresses import store_url
from punchsync.problems import Refused
from punchsync.settings import load

BASE = "postgresql+psycopg://"
GOOD = (
    "sqlite:///data/punchsync.db",
    f"{BASE}user@db.example/hall",
    f"{BASE}user@db.example:5433/hall?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    f"{BASE}user@[2001:db8::1]:5433/hall",
    f"{BASE}user@/hall?host=/run/postgresql",
    f"{BASE}/hall",
    f"{BASE}user:@/hall?host=/run/postgresql",
    f"{BASE}user:geheim@db.example/hall",
    "credential:db",
)
BAD = (
    "sqlite:///",
    "sqlite://data",
    "sqlite:///file:data/x.db?uri=true",
    "postgresql://user@db.example/hall",
    "postgresql+asyncpg://user@db.example/hall",
    f"{BASE}user@db.example/hall?password=geheim",
    f"{BASE}user@db.example/hall?options=-cfsync=off",
    f"{BASE}user@db.example/hall?host=/a&host=/b",
    f"{BASE}user@db.example/hall?host",
    f"{BASE}user@db.example",
    f"{BASE}user@db.example/",
    f"{BASE}user@db.example/a/b",
    f"{BASE}user@db.example/hall#x",
    f"{BASE}user@db.example:port/hall",
    f"{BASE}user@db.example:65536/hall",
    f"{BASE}user@db.example /hall",
    "postgresql+psycopg:user@db.example/hall",
    "credential:",
    "credential:a b",
    "mysql://db.example/hall",
    "",
)


def site(folder: Path, url: str) -> Path:
    text = f'[hall]\nid = "demo"\nname = "示范县"\npack = "yihuang"\n[store]\nurl = "{url}"\n'
    (folder / "punchsync.toml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("url", GOOD)
def test_an_address_is_good(tmp_path: Path, url: str) -> None:
    assert load(site(tmp_path, url), {}).store.url == url


@pytest.mark.parametrize("url", BAD)
def test_an_address_is_refused_with_what_is_allowed_and_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(Refused) as refused:
        load(site(tmp_path, url), {})
    [complaint] = refused.value.complaints
    assert (complaint.key, complaint.file) == ("store.url", "punchsync.toml")
    assert "postgresql+psycopg://" in complaint.allowed and "credential:" in complaint.allowed
    assert "geheim" not in complaint.show() and "he@im" not in complaint.show()


def test_a_credential_holds_the_address_with_its_password(tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    kept = f"{BASE}user:p%40ss@db.example/hall"
    (tmp_path / "credentials" / "db").write_text(f"{kept}\n")
    assert store_url("credential:db", tmp_path) == kept


@pytest.mark.parametrize("kept", ["", "geheim", "sqlite:///data/geheim.db", "postgresql://u:geheim@db.example/hall"])
def test_a_credential_that_is_no_address_is_refused_and_not_shown(tmp_path: Path, kept: str) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "db").write_text(kept)
    with pytest.raises(Refused, match="credential:db") as refused:
        store_url("credential:db", tmp_path)
    assert "geheim" not in str(refused.value)


def test_a_credential_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="credential:db"):
        store_url("credential:db", tmp_path)


def test_passwords_are_left_out_of_texts() -> None:
    text = "'postgresql+psycopg://u:a@b:c@db/x?password=d&y=1' https://example.invalid/x"
    assert discreet(text) == "'postgresql+psycopg://u:***@db/x?password=***&y=1' https://example.invalid/x"
