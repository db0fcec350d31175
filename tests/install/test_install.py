"""The installer, into a folder: what it makes, what it keeps, and what it refuses."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from installkit import ROOT, bundle, install, release, tree, version

HALL = '[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\n'


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    return {name: bundle(folder, name) for name in ("1.0", "2.0")}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def base(bundles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    assert install(bundles["1.0"], "--root", str(folder)).returncode == 0
    return folder


@pytest.fixture(scope="module")
def newer(bundles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("newer")
    assert install(bundles["2.0"], "--root", str(folder)).returncode == 0
    return folder


@pytest.fixture
def installed(base, root):
    """1.0 as it was installed; its programs still name the folder that they were made in, which is there."""
    return shutil.copytree(base, root, symlinks=True, dirs_exist_ok=True)


@pytest.fixture
def site(installed, newer):
    """A hall, and 2.0 made already but not yet current: what was made is not made again."""
    releases = "opt/punchsync/releases"
    shutil.copytree(newer / releases, installed / releases, symlinks=True, dirs_exist_ok=True)
    folder = installed / "var/lib/punchsync"
    (folder / "punchsync.toml").write_text(HALL)
    return folder


def test_installed_twice_it_changes_nothing_the_second_time(bundles, base):
    before = tree(base)
    second = install(bundles["1.0"], "--root", str(base))

    assert (second.returncode, version(base)) == (0, "punchsync 1.0"), second.stderr
    assert tree(base) == before
    assert "已经装好，没有改动" in second.stderr
    assert "nothing changed" in second.stderr


def test_everything_is_where_the_unit_looks_for_it(installed, root):
    unit = (root / "etc/systemd/system/punchsync.service").read_text()
    program = re.search(r"^ExecStart=(\S+)", unit, re.MULTILINE)[1]
    assert (root / program.lstrip("/")).exists()
    assert (root / "etc/punchsync").readlink().as_posix() == "../var/lib/punchsync"
    assert oct((root / "var/lib/punchsync").stat().st_mode)[-4:] == "0750"
    writable = [name for name, (mode, _, what) in tree(root).items() if mode & 0o022 and not what.startswith("->")]
    assert writable == []


def test_an_upgrade_backs_up_with_the_old_program_and_a_rollback_returns_to_it(bundles, root, site):
    done = install(bundles["2.0"], "--root", str(root))

    upgraded = version(root)
    (backup,) = (site / "backups").glob("*/*")
    assert (done.returncode, upgraded) == (0, "punchsync 2.0"), done.stderr
    assert "backed up by 1.0" in done.stderr
    assert (backup.read_text(), backup.stat().st_mode & 0o077) == (HALL, 0)
    assert (site / "punchsync.toml").read_text() == HALL

    back = install(bundles["2.0"], "rollback", "--root", str(root))

    assert (back.returncode, version(root)) == (0, "punchsync 1.0")
    assert "punchsync restore" in back.stderr


def test_no_backup_no_upgrade(bundles, root, site):
    failed = install(bundles["2.0"], "--root", str(root), BACKUP_STATUS="4")
    kept = version(root)
    forced = install(bundles["2.0"], "--root", str(root), "--no-backup", BACKUP_STATUS="4")

    assert (failed.returncode, kept) == (4, "punchsync 1.0")
    assert "没有升级" in failed.stderr
    assert (forced.returncode, version(root)) == (0, "punchsync 2.0")


def test_a_backup_with_something_to_look_at_is_a_backup(bundles, root, site):
    done = install(bundles["2.0"], "--root", str(root), BACKUP_STATUS="1")

    assert (done.returncode, version(root)) == (0, "punchsync 2.0")
    assert "有要看的" in done.stderr


def test_of_older_and_half_made_programs_nothing_is_left(bundles, installed, root):
    releases = root / "opt/punchsync/releases"
    half = releases / release(bundles["2.0"])
    for folder in (half, releases / "0.9-000000000000"):
        (folder / "venv").mkdir(parents=True)
    (half / "venv/half").write_text("made")
    done = install(bundles["2.0"], "--root", str(root))

    assert (done.returncode, version(root)) == (0, "punchsync 2.0"), done.stderr
    assert sorted(p.name for p in releases.iterdir()) == [release(bundles["1.0"]), release(bundles["2.0"])]
    assert not (half / "venv/half").exists()


def test_a_bundle_that_was_changed_installs_nothing(tmp_path, root):
    made = bundle(tmp_path, "1.0")
    with (made / "systemd/punchsync.service").open("a") as unit:
        unit.write("User=root\n")
    done = install(made, "--root", str(root))

    assert (done.returncode, tree(root)) == (4, {})
    assert "已损坏" in done.stderr


def test_a_bundle_for_another_python_or_machine_installs_nothing(tmp_path, root):
    done = install(bundle(tmp_path, "1.0", python="2.7"), "--root", str(root))

    assert (done.returncode, tree(root)) == (4, {})
    assert "Python 2.7" in done.stderr


def test_uninstalled_the_data_stays_and_goes_only_when_its_path_is_typed(bundles, root, site):
    refused = install(bundles["1.0"], "uninstall", "--root", str(root), "--purge-data", typed="yes\n")
    still = version(root)
    gone = install(bundles["1.0"], "uninstall", "--root", str(root))
    left = [name for name, (_, _, what) in tree(root).items() if what]
    purged = install(bundles["1.0"], "uninstall", "--root", str(root), "--purge-data", typed=f"{site}\n")

    assert (refused.returncode, still) == (4, "punchsync 1.0")
    assert (gone.returncode, left) == (0, ["var/lib/punchsync/punchsync.toml"])
    assert (purged.returncode, [n for n, (_, _, what) in tree(root).items() if what]) == (0, [])


def test_a_secret_comes_by_standard_input_and_is_named_for_systemd(bundles, root):
    for name, value in (("t1", "old"), ("wecom", "地址\n"), ("t1", "1234")):
        assert install(bundles["1.0"], "secret", name, "--root", str(root), typed=value).returncode == 0

    store = root / "etc/credstore"
    lines = (root / "etc/systemd/system/punchsync.service.d/credentials.conf").read_text().splitlines()
    assert {p.name: (p.read_text(), p.stat().st_mode & 0o777) for p in store.iterdir()} == {
        "punchsync.t1": ("1234", 0o600),
        "punchsync.wecom": ("地址", 0o600),
    }
    assert lines == [
        "[Service]",
        "LoadCredential=wecom:/etc/credstore/punchsync.wecom",
        "LoadCredential=t1:/etc/credstore/punchsync.t1",
    ]
    assert store.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "words", [["instal"], ["--what"], ["secret", "a/b"], ["--root", "/nowhere"], ["rollback", "x"]]
)
def test_wrong_words_are_answered_with_the_usage(bundles, words):
    done = install(bundles["1.0"], *words)

    assert done.returncode == 2
    assert "install rollback" in done.stderr


def test_the_script_has_no_syntax_that_bash_refuses():
    assert subprocess.run(["bash", "-n", ROOT / "scripts/install"], check=False).returncode == 0
