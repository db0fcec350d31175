"""The installer as root of a server: users, owners, the service, and the way back when a new program does not start.

The server is this machine with copies of its folders; `systemctl` is a stand-in that notes what it is told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from installkit import PATH, bundle, on_a_server

NEEDED = ("unshare", "systemd-sysusers", "systemd-tmpfiles", "runuser")


def lacking() -> str:
    """Why such a server can't be had here; "" where it can."""
    if os.geteuid() != 0:
        return "not root"
    missing = [name for name in NEEDED if shutil.which(name, path=PATH) is None]
    if missing or not Path("/usr/bin/python3").exists():
        return f"no {', '.join(missing) or '/usr/bin/python3'}"
    trial = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return "mount namespaces are not permitted" if trial.returncode else ""


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    reason = lacking()
    if reason:
        pytest.skip(f"NOT TESTED, no server to install on: {reason}")
    said = subprocess.run(
        ["/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("bundles")
    return {name: bundle(folder, name, python=said.stdout.strip()) for name in ("1.0", "2.0+bad")}


def test_a_new_program_that_does_not_start_gives_way_to_the_old_one(bundles, tmp_path):
    done = on_a_server(
        tmp_path,
        f"""
        set -e
        {bundles["1.0"]}/install
        stat -c '%U:%G %a %n' /var/lib/punchsync /opt/punchsync/current/venv
        runuser -u punchsync -- touch /var/lib/punchsync/punchsync.toml
        cd /root && punchsync --version
        {bundles["1.0"]}/install
        {bundles["2.0+bad"]}/install || echo "status $?"
        punchsync --version
        stat -c '%U %a' /var/lib/punchsync/backups/* /var/lib/punchsync/backups/*/*
        {bundles["1.0"]}/install uninstall
        test ! -e /opt/punchsync && test ! -e /usr/local/bin/punchsync && ls -d /var/lib/punchsync/*
        """,
    )

    assert done.stdout.splitlines() == [
        "punchsync:punchsync 750 /var/lib/punchsync",
        "root:root 755 /opt/punchsync/current/venv",
        "punchsync 1.0",
        "status 4",
        "punchsync 1.0",
        "punchsync 700",
        "punchsync 600",
        "/var/lib/punchsync/backups",
        "/var/lib/punchsync/punchsync.toml",
    ], done.stderr
    assert done.returncode == 0
    told = (tmp_path / "systemctl.log").read_text().splitlines()
    assert [line for line in told if "is-" not in line] == [
        "daemon-reload",  # no hall yet, so nothing to start
        "--quiet enable punchsync",
        "--quiet enable punchsync",  # the second time nothing changed: the service that runs is left alone
        "daemon-reload",
        "--quiet enable punchsync",
        "restart punchsync",  # the bad one
        "daemon-reload",
        "restart punchsync",  # the old one
        "--quiet disable --now punchsync",
        "daemon-reload",
    ]


@pytest.mark.skipif(shutil.which("systemd-creds") is None, reason="NOT TESTED: no systemd-creds")
def test_an_encrypted_secret_is_read_by_this_machine_only_under_its_name(bundles, tmp_path):
    installer = bundles["1.0"] / "install"
    done = on_a_server(
        tmp_path,
        f"""
        printf 481516 | {installer} secret t1
        printf 481516 | {installer} secret t1 --encrypt
        cat /etc/systemd/system/punchsync.service.d/credentials.conf
        ls /etc/credstore /etc/credstore.encrypted
        grep -c 481516 /etc/credstore.encrypted/punchsync.t1
        systemd-creds decrypt --name=t1 /etc/credstore.encrypted/punchsync.t1 - && echo
        systemd-creds decrypt --name=t2 /etc/credstore.encrypted/punchsync.t1 - || echo refused
        """,
    )
    if "systemd-creds 没有做成" in done.stderr:
        pytest.skip(f"NOT TESTED: systemd-creds can't encrypt here: {done.stderr.splitlines()[0]}")

    assert done.stdout.splitlines() == [
        "[Service]",
        "LoadCredentialEncrypted=t1:/etc/credstore.encrypted/punchsync.t1",
        "/etc/credstore:",
        "",
        "/etc/credstore.encrypted:",
        "punchsync.t1",
        "0",
        "481516",
        "refused",
    ], done.stderr
