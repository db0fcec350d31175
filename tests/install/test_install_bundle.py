"""The parts of scripts/bundle that need no network; `scripts/prove install` makes a whole one and installs it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from installkit import ROOT
from offline import NAMESPACE

LOCK = """\
pyzk==0.9 \\
    --hash=sha256:aa
psycopg-binary==3.3.9 ; implementation_name != 'pypy' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
"""


@pytest.fixture(scope="module")
def script():
    loader = SourceFileLoader("bundle_script", str(ROOT / "scripts/bundle"))
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        module = module_from_spec(spec_from_loader(loader.name, loader))
        sys.modules[loader.name] = module
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def test_a_lock_is_taken_apart_by_package_with_all_its_hashes(script):
    assert script.entries(LOCK) == [
        ("pyzk", "pyzk==0.9 \\\n    --hash=sha256:aa\n"),
        (
            "psycopg-binary",
            "psycopg-binary==3.3.9 ; implementation_name != 'pypy' \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n",
        ),
    ]


def test_no_package_of_the_real_lock_is_left_out(script):
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert [name for name, _ in script.entries(text)] == re.findall(r"^([\w.-]+)==", text, re.MULTILINE)


def test_pip_is_asked_for_every_c_library_up_to_the_oldest_server(script):
    flags = script.Target("aarch64", "3.12", 19).flags()

    assert flags == [
        "--python-version", "3.12", "--implementation", "cp",
        "--platform", "manylinux_2_19_aarch64", "--platform", "manylinux_2_18_aarch64",
        "--platform", "manylinux_2_17_aarch64", "--platform", "manylinux2014_aarch64", "--platform", "linux_aarch64",
    ]  # fmt: skip


def test_an_archive_says_nothing_of_who_made_it(script):
    member = script.nobodys(tarfile.TarInfo("x"))

    assert (member.uid, member.gid, member.uname, member.gname) == (0, 0, "root", "root")
    assert member.mtime == int(script.DATE)


def test_the_bundle_carries_what_the_installer_copies(script):
    installer = (ROOT / "scripts/install").read_text(encoding="utf-8")
    (copied,) = re.findall(r"for part in ([^;$]+); do", installer)

    assert set(copied.split()) - {"BUNDLE", "SHA256SUMS"} == set(script.COPIED)
    assert [part for part in script.COPIED if not (ROOT / part).exists()] == []


@pytest.mark.parametrize(
    "words", [["--python", "3.11"], ["--machine", "mips"], ["--machine", "aarch64", "--glibc", "2"]]
)
def test_wrong_words_are_a_usage_error(words):
    assert subprocess.run([ROOT / "scripts/bundle", *words], capture_output=True, check=False).returncode == 2


def test_what_is_run_offline_reaches_itself_and_nobody_else():
    code = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listening:
    socket.create_connection(listening.getsockname()).close()
try:
    socket.create_connection(("192.0.2.1", 80), 3)
except OSError as error:
    print(error.strerror)
"""
    command = [sys.executable, ROOT / "tests/install/offline.py", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if NAMESPACE not in done.stderr:
        pytest.skip("NOT TESTED: no network namespace is permitted here")

    assert done.stdout == "Network is unreachable\n", done.stderr


def test_the_bundle_is_packed_whole(script, tmp_path):
    made = tmp_path / "punchsync-1.0-py311-linux-x86_64"
    (made / "wheels").mkdir(parents=True)
    (made / "install").write_text("#!/bin/sh\n")
    (made / "install").chmod(0o755)
    (tmp_path / "out").mkdir()
    place = script.handed_out(made, tmp_path / "out", folder=False)

    with tarfile.open(fileobj=io.BytesIO(place.read_bytes())) as archive:
        assert {m.name.partition("/")[2]: m.mode for m in archive if m.isfile()} == {"install": 0o755}
    assert [p.name for p in (tmp_path / "out").iterdir()] == [f"{made.name}.tar.gz"]
