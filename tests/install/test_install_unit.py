"""systemd's own tools on what we give it. Skipped, and said so, where they are missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from installkit import ROOT
from unit import settings

from punchsync.cli.ending import USAGE

UNIT = ROOT / "systemd/punchsync.service"
EXPOSURE = 15
"""Most that systemd-analyze may find, in tenths: 1.5 of 10."""


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT TESTED: no {name}")
    return found


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)


def test_the_unit_has_no_mistakes(tmp_path):
    """What it starts is not installed here, so another program stands in its place."""
    text = UNIT.read_text(encoding="utf-8")
    program = settings(UNIT)["ExecStart"][0].split()[0]
    trial = tmp_path / UNIT.name
    trial.write_text(text.replace(program, "/bin/true"), encoding="utf-8")
    done = run(tool("systemd-analyze"), "verify", trial)

    assert program.startswith("/opt/punchsync/current/")
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


@pytest.mark.parametrize("example", ["network.conf", "backup.conf"])
def test_the_drop_ins_that_are_shown_have_no_mistakes(tmp_path, example):
    trial = tmp_path / UNIT.name
    program = settings(UNIT)["ExecStart"][0].split()[0]
    drop_in = (ROOT / "systemd/examples" / example).read_text(encoding="utf-8")
    trial.write_text(UNIT.read_text(encoding="utf-8").replace(program, "/bin/true") + drop_in, encoding="utf-8")
    done = run(tool("systemd-analyze"), "verify", trial)

    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


def test_the_unit_is_shut_in_as_far_as_promised():
    done = run(tool("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", UNIT)
    strict = run(tool("systemd-analyze"), "security", "--offline=true", "--threshold=1", "--no-pager", UNIT)

    assert done.returncode == 0, done.stdout.splitlines()[-1]
    assert strict.returncode != 0  # the threshold is one that can be missed


def test_the_unit_never_gives_up_but_for_wrong_settings():
    service = settings(UNIT)

    assert settings(UNIT, "Unit")["StartLimitIntervalSec"] == ["0"]
    assert (service["Restart"], service["RestartPreventExitStatus"]) == (["always"], [str(USAGE)])
    assert (service["Type"], service["NotifyAccess"]) == (["notify"], ["main"])
    assert service["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert int(service["TimeoutStopSec"][0]) >= 10


def server(root: Path) -> None:
    for name in ("etc", "var/lib", "usr/lib"):
        (root / name).mkdir(parents=True)


def test_user_and_folders_are_made_as_written(tmp_path):
    """In a folder in place of a server's root; owners only where we may set them."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root gives files to other users")
    sysusers, tmpfiles = tool("systemd-sysusers"), tool("systemd-tmpfiles")
    server(tmp_path)
    made = run(sysusers, f"--root={tmp_path}", ROOT / "systemd/sysusers.conf")
    users = (tmp_path / "etc/passwd").read_text()
    folders = run(tmpfiles, "--create", f"--root={tmp_path}", ROOT / "systemd/tmpfiles.conf")

    assert (made.returncode, folders.returncode) == (0, 0), made.stderr + folders.stderr
    (user,) = [line.split(":") for line in users.splitlines() if line.startswith("punchsync:")]
    assert (user[5], user[6]) == ("/var/lib/punchsync", "/usr/sbin/nologin")
    folder = tmp_path / "var/lib/punchsync"
    assert (folder.stat().st_mode & 0o777, str(folder.stat().st_uid)) == (0o750, user[2])
    assert (tmp_path / "etc/punchsync").readlink() == Path("../var/lib/punchsync")
