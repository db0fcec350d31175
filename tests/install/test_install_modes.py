"""`check` names every file of a site that is open to others, and the command that shuts it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from punchsync.cli.modes import modes


@pytest.fixture
def site(tmp_path) -> Path:
    folder = tmp_path / "hall"
    for name in ("data", "backups", "credentials"):
        (folder / name).mkdir(parents=True, mode=0o750)
    for name, mode in (("punchsync.toml", 0o644), ("data/punchsync.db", 0o640), ("credentials/t1", 0o600)):
        (folder / name).write_text("x")
        (folder / name).chmod(mode)
    for open_to_all in (tmp_path, folder):
        open_to_all.chmod(0o755)
    return folder


def found(site: Path, store: str = "sqlite:///data/punchsync.db") -> list[tuple[str, str]]:
    """Levels, and the command that each line asks for."""
    said = [(level, re.search(r"请 (ch\w+ .*)$", text)) for level, text in modes(site, site / "backups", store)]
    return [(level, match[1].replace(str(site), "HALL") if match else "") for level, match in said]


@pytest.mark.parametrize(
    ("opened", "mode", "expected"),
    [
        ("punchsync.toml", 0o666, [("fail", "chmod o-w HALL/punchsync.toml")]),
        (".", 0o757, [("fail", "chmod o-w HALL/.")]),
        ("data", 0o755, [("warn", "chmod -R o-rwx HALL/data")]),
        ("backups", 0o751, [("warn", "chmod -R o-rwx HALL/backups")]),
        ("credentials", 0o755, [("warn", "chmod 700 HALL/credentials")]),
        ("credentials/t1", 0o644, [("warn", "chmod 600 HALL/credentials/t1")]),
        ("credentials/t1", 0o640, [("warn", "chmod 600 HALL/credentials/t1")]),
        ("credentials/t1", 0o400, [("ok", "")]),
        ("data/punchsync.db", 0o644, [("ok", "")]),  # nobody gets past its folder
    ],
)
def test_each_open_file_is_named_with_what_shuts_it(site, opened, mode, expected):
    (site / opened).chmod(mode)

    assert found(site) == [(level, command.replace("/.", "")) for level, command in expected]


def test_a_secret_that_others_can_reach_fails(site):
    (site / "credentials").chmod(0o755)
    (site / "credentials/t1").chmod(0o644)

    assert found(site) == [
        ("warn", "chmod 700 HALL/credentials"),
        ("fail", "chmod 600 HALL/credentials/t1"),
    ]


def test_a_store_elsewhere_is_looked_at_too(site, tmp_path):
    (tmp_path / "elsewhere.db").write_text("x")
    (tmp_path / "elsewhere.db").chmod(0o644)

    assert found(site, f"sqlite:///{tmp_path / 'elsewhere.db'}") == [
        ("warn", f"chmod o-rwx {tmp_path / 'elsewhere.db'}")
    ]
    assert found(site, "credential:db") == [("ok", "")]


def test_the_commands_mend_what_they_are_named_for(site):
    for name, mode in (("punchsync.toml", 0o666), ("data", 0o777), ("credentials", 0o755), ("credentials/t1", 0o644)):
        (site / name).chmod(mode)
    for _, command in found(site):
        subprocess.run(command.replace("HALL", str(site)).split(), check=True)

    assert found(site) == [("ok", "")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to other users")
def test_files_that_a_command_run_as_root_left_are_named(site):
    for path in (site, *site.rglob("*")):
        os.chown(path, 4711, 4711)
    os.chown(site / "data/punchsync.db", 0, 0)

    assert found(site) == [("warn", "chown --reference=HALL/data HALL/data/punchsync.db")]
