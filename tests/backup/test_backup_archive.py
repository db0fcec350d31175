"""A backup's file in other hands: cut off, changed anywhere, made to reach outside its folder, of another version."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile

import pytest
from backupkit import listed, small
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchsync.core.manifest import FORMAT, Unfit, from_text, is_ours, to_text
from punchsync.operations.backup.archive import NoBackup, look, unpack

ESCAPES = (
    "../x.toml", "packs/../../x.toml", "/etc/x.toml", "packs//x", "packs/./x", "packs/", "packs", "", ".", "..",
    "data/x.toml", "credentials/x.toml", "bulletins/.x", "bulletins\\x", "x", "bulletins/a\nb", "bulletins/a\0b", "C:/",
)  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return small(tmp_path_factory.mktemp("small"))


def taken(data, folder):
    """What a file of these bytes is unpacked to, or why it can't be."""
    (folder / "file").write_bytes(data)
    into = folder / "into"
    into.mkdir(exist_ok=True)
    for path in sorted(into.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    try:
        manifest = unpack(folder / "file", into)
    except NoBackup as error:
        return error.reason
    return manifest, listed(into)


def packed(*members, end=b""):
    """A tar of these members, packed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data, *kind in members:
            made = tarfile.TarInfo(name)
            made.size = len(data) if not kind else 0
            if kind:
                made.type, made.linkname = kind
            tar.addfile(made, io.BytesIO(data))
    return gzip.compress(out.getvalue() + end)


def manifest_of(good, **changed):
    with gzip.open(good) as data, tarfile.open(fileobj=data) as tar:
        text = tar.extractfile("manifest.json").read()
    return ("manifest.json", json.dumps({**json.loads(text), **changed}).encode())


def test_what_was_packed_is_unpacked_and_its_manifest_can_be_read_alone(good, tmp_path):
    manifest, files = taken(good.read_bytes(), tmp_path)
    assert files == {"store.db": b"rows", "bulletins/1.md": b"one"}
    assert look(good) == manifest == from_text(to_text(manifest))
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "into").rglob("*")} == {0o600, 0o700}


def test_one_byte_changed_anywhere_is_seen_or_means_nothing(good, tmp_path):
    data = good.read_bytes()
    right = taken(data, tmp_path)
    unseen = []
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        found = taken(bytes(changed), tmp_path)
        if not isinstance(found, str):
            assert found == right
            unseen.append(place)
    # The packing's own time, level and system, and a few bits by which the same is packed otherwise.
    assert {4, 5, 6, 7, 8, 9} <= set(unseen) and len(unseen) < 20


def test_cut_off_anywhere_it_is_none(good, tmp_path):
    data = good.read_bytes()
    found = {taken(data[:length], tmp_path) for length in range(len(data))}
    assert found <= {"form", "broken"}


@pytest.mark.parametrize("more", [b"x", b"\1" * 600, gzip.compress(b"x" * 600, mtime=0)])
def test_something_behind_it_is_refused(good, tmp_path, more):
    assert taken(good.read_bytes() + more, tmp_path) == "broken"


@pytest.mark.parametrize("name", ESCAPES)
def test_a_path_that_leads_elsewhere_is_refused_whoever_names_it(good, tmp_path, name):
    store = {"name": "store.db", "size": 4, "sha256": "0" * 64}
    named = manifest_of(good, files=[store, {"name": name, "size": 1, "sha256": "0" * 64}])
    assert not is_ours(name)
    assert taken(packed(named, ("store.db", b"rows"), (name, b"x")), tmp_path) == "form"
    assert taken(packed(manifest_of(good), (name, b"x")), tmp_path) == "names"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "into"]


@pytest.mark.parametrize(
    "member",
    [
        ("bulletins/1.md", b"", tarfile.SYMTYPE, "/etc/passwd"),
        ("bulletins/1.md", b"", tarfile.LNKTYPE, "store.db"),
        ("bulletins/1.md", b"", tarfile.FIFOTYPE, ""),
        ("bulletins/1.md", b"", tarfile.CHRTYPE, ""),
        ("bulletins", b"", tarfile.DIRTYPE, ""),
    ],
)
def test_only_plain_files_are_taken(good, tmp_path, member):
    assert taken(packed(manifest_of(good), ("store.db", b"rows"), member), tmp_path) == "names"


def test_a_file_too_few_too_many_twice_or_otherwise_is_refused(good, tmp_path):
    named, store, one = manifest_of(good), ("store.db", b"rows"), ("bulletins/1.md", b"one")
    assert isinstance(taken(packed(named, store, one), tmp_path), tuple)
    assert taken(packed(named, store), tmp_path) == "names"
    assert taken(packed(named, store, one, ("bulletins/2.md", b"two")), tmp_path) == "names"
    assert taken(packed(named, store, one, one), tmp_path) == "names"
    assert taken(packed(named, store, ("bulletins/1.md", b"onE")), tmp_path) == "sum"
    assert taken(packed(named, store, ("bulletins/1.md", b"one" * 1000)), tmp_path) == "sum"
    assert taken(packed(store, named, one), tmp_path) == "form"
    assert taken(packed(named, store, one, end=b"\1"), tmp_path) == "broken"


def test_what_is_no_backup_is_called_so(tmp_path):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("x", "y")
    for data in (b"", b"hello\n", b"SQLite format 3\0", archive.getvalue(), packed(("x", b"y")), packed()):
        assert taken(data, tmp_path) == "form"
    assert taken(gzip.compress(b""), tmp_path) in ("form", "broken")


def test_a_later_format_is_refused_as_such_and_what_a_later_version_adds_is_not_minded(good, tmp_path):
    rest = (("store.db", b"rows"), ("bulletins/1.md", b"one"))
    assert taken(packed(manifest_of(good, format=FORMAT + 1, files="other"), *rest), tmp_path) == "newer"
    assert isinstance(taken(packed(manifest_of(good, more=[1]), *rest), tmp_path), tuple)


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_value_of_a_manifest_that_is_another_is_read_or_refused(good, data):
    made = json.loads(manifest_of(good)[1])
    key = data.draw(st.sampled_from(sorted(made)))
    odd = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "size", "hash"]), inner),
    )
    made[key] = data.draw(odd)
    try:
        found = from_text(json.dumps(made))
    except Unfit as error:
        assert error.reason in ("form", "format")
    else:
        assert from_text(to_text(found)) == found
