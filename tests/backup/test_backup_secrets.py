"""What no backup holds: credentials, and passwords in the settings. And what can be sealed for one key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from backupkit import NOW, SECRET, listed, opened, small

from punchsync.operations.backup import seal
from punchsync.operations.backup.archive import unpack
from punchsync.operations.backup.files import credentials, stage, without_passwords

URL = "postgresql+psycopg://u:geheim-4711@db.example/hall"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Two private keys' files and the first one's public key."""
    folder = tmp_path_factory.mktemp("keys")
    return folder / "own", folder / "other", seal.new_key(folder / "own"), seal.new_key(folder / "other")


def test_a_backup_of_a_site_with_secrets_has_none_in_its_bytes(site, tmp_path):
    (site / "packs/link.toml").symlink_to(site / "credentials/t1")
    (site / "bulletins/link.md").symlink_to(site / "credentials/t1")
    (site / "credentials/more").mkdir()
    (site / "credentials/more/x.toml").write_text(SECRET)
    (site / "packs/deep").symlink_to(site / "credentials")
    settings = site / "punchsync.toml"
    settings.write_text(settings.read_text() + f'[scoring]\nsink = "sql"\nurl = "{URL}"\n# url = "{URL}"\n')
    with opened(site) as found:
        done = found.back_up(NOW, tmp_path / "b", proof="sums")
    (tmp_path / "into").mkdir()
    unpack(done.file, tmp_path / "into")
    files = listed(tmp_path / "into")
    assert set(files) == {"store.db", "punchsync.toml", "bulletins/2026-11-09.md", "packs/own.toml"}
    assert [name for name, data in files.items() if SECRET.encode() in data] == []
    assert SECRET.encode() not in done.file.read_bytes()
    assert tomllib.loads(files["punchsync.toml"].decode())["scoring"]["url"] == URL.replace(SECRET, "***")
    assert done.manifest.blanked


TEXTS = {
    'a = "b"\n': None,
    'url = "sqlite:///data/x.db"\nhost = "h:80"\n': None,
    'url = "https://h:8443/x?to=a@b"\n': None,
    f'url = "{URL}"\n': "***",
    f"url = '{URL}'\n": "***",
    f'# url = "{URL}"\n': "***",
    f'a = {{ url = "{URL}", b = "c@d" }}\n': "***",
    'url = "x://u:geheim-4711@h@db/x"\n': "***",
    'url = "mssql://h/d?Password=geheim-4711&x=1"\n': "***",
    "url = 'x://u:ge\"geheim-4711@h/d'\n": "***",
    'url = "x://u:geheim-4711\\"z\\u0040q@h"\n': "***",
    'url = "x\\u003a//u:geheim-4711@h"\n': "***",
}


@pytest.mark.parametrize("text", TEXTS)
def test_passwords_are_blanked_wherever_they_are_written_and_the_rest_stays(text):
    blank, any_ = without_passwords(text)
    tomllib.loads(blank)
    assert SECRET not in blank
    assert (any_, "***" in blank) == (TEXTS[text] is not None,) * 2
    assert any_ or blank == text


def test_a_pack_that_lies_elsewhere_in_the_site_is_taken_too_but_not_from_its_data(site, tmp_path):
    for name in ("mine.toml", "data/mine.toml", "deep/mine.toml"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text("x = 1")
    packs = [site.resolve() / "mine.toml", site.resolve() / "data/mine.toml", site.resolve() / "deep/mine.toml"]
    into = tmp_path / "into"
    into.mkdir()
    stage(site, into, [*packs, tmp_path / "outside.toml"])
    assert {"mine.toml", "deep/mine.toml", "packs/own.toml"} <= set(listed(into))
    assert "data/mine.toml" not in listed(into)


def test_the_credentials_that_settings_ask_for_are_named_each_once():
    text = '[store]\nurl = "credential:db"\n[[t]]\nk = "credential:t1"\n[[t]]\nk = "credential:t1"\nn = "credential"\n'
    assert credentials(text) == ("db", "t1")


def test_a_key_is_its_owner_s_alone_and_never_written_over(keys, tmp_path):
    own, _other, public, _ = keys
    assert own.stat().st_mode & 0o777 == 0o600
    assert public in own.read_text() and own.read_text().splitlines()[-1].startswith("AGE-SECRET-KEY-1")
    with pytest.raises(FileExistsError):
        seal.new_key(own)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_what_was_sealed_is_opened_by_its_key_only(keys, tmp_path, size):
    own, other, public, _ = keys
    file = tmp_path / "file"
    file.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    seal.seal(file, tmp_path / "sealed", public)
    assert seal.is_sealed(tmp_path / "sealed") and not seal.is_sealed(file)
    seal.unseal(tmp_path / "sealed", tmp_path / "out", own)
    assert (tmp_path / "out").read_bytes() == file.read_bytes()
    with pytest.raises(seal.NoKey, match="other"):
        seal.unseal(tmp_path / "sealed", tmp_path / "out2", other)


def test_a_sealed_file_that_is_cut_off_or_changed_anywhere_is_not_opened(keys, tmp_path):
    own, _other, public, _ = keys
    seal.seal(small(tmp_path), tmp_path / "sealed", public)
    data = (tmp_path / "sealed").read_bytes()
    tries = [data[:length] for length in range(0, len(data), 13)]
    tries += [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(0, len(data), 7)]
    reasons = set()
    for tried in tries:
        (tmp_path / "tried").write_bytes(tried)
        (tmp_path / "out").unlink(missing_ok=True)
        with pytest.raises(seal.NoKey) as refused:
            seal.unseal(tmp_path / "tried", tmp_path / "out", own)
        reasons.add(refused.value.reason)
    assert reasons == {"other", "damaged"}


def test_a_key_that_is_none_is_called_so(tmp_path, keys):
    (tmp_path / "key").write_bytes(b"\xff\xfe AGE-SECRET-KEY-1" + b"Q" * 58)
    (tmp_path / "key2").write_text("AGE-SECRET-KEY-1" + "Q" * 58)
    for key in ("key", "key2"):
        with pytest.raises(seal.NoKey, match="form"):
            seal.unseal(tmp_path / "x", tmp_path / "y", tmp_path / key)
    with pytest.raises(seal.NoKey, match="form"):
        seal.check("age1" + "q" * 58)


def test_a_full_disk_is_said_by_its_own_error(keys, tmp_path):
    public = keys[2]
    file = tmp_path / "file"
    file.write_bytes(b"x" * 300_000)
    with pytest.raises(OSError, match="No space left"):
        seal.seal(file, _full(tmp_path), public)


def _full(folder):
    """A name under which a file is made that can't be written to."""

    class Full(type(folder)):
        def open(self, mode="r", *rest, **more):
            # The system's own file of which every write fails.
            return Path("/dev/full").open("wb", buffering=0) if "x" in mode else super().open(mode, *rest, **more)

    return Full(folder / "sealed")
