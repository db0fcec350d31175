"""A backup is made beside the data, proved, and put in its place whole or not at all; old ones go."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from backupkit import DB, NOW, SECRET, behind, in_site, left, listed, opened

from punchsync.core.keeping import name_of
from punchsync.core.manifest import STORE
from punchsync.core.moment import DAY
from punchsync.operations.backup import InTheWay, NoFolder
from punchsync.operations.backup.archive import unpack
from punchsync.operations.backup.place import place, working
from punchsync.operations.backup.seal import NoKey, new_key, unseal
from punchsync.store import SqlStore


def settings(site: Path, **values: object) -> None:
    """Add to the settings of backups, which end the file."""
    with (site / "punchsync.toml").open("a", encoding="utf-8") as out:
        out.writelines(f'{name} = "{value}"\n' for name, value in values.items())


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_backup_holds_the_rows_and_the_site_s_own_files_and_says_what_it_holds(site, tmp_path):
    with opened(site) as found:
        done = found.back_up(NOW, tmp_path / "b.tar.gz", proof="all")
    into = tmp_path / "into"
    into.mkdir()
    assert unpack(done.file, into) == done.manifest
    store = SqlStore(f"sqlite:///{into / STORE}", "demo")
    assert store.held() == done.manifest.store == in_site(site)
    store.close()
    assert (into / "punchsync.toml").read_bytes() == (site / "punchsync.toml").read_bytes()
    assert (done.differences, done.removed, done.also, done.rows) == ((), (), "", done.manifest.store.rows)
    assert done.bytes == done.file.stat().st_size
    assert done.file.stat().st_mode & 0o777 == 0o600
    assert left(site) == [] and names(tmp_path) == ["b.tar.gz", "into", "site"]


def test_the_next_backup_of_those_that_are_kept_has_a_name_of_its_own_and_old_ones_go(site):
    with opened(site) as found:
        first, second, third = (found.back_up(at, proof="sums") for at in (NOW, NOW + DAY, NOW + DAY))
    folder = site / "backups"
    assert [b.file.name for b in (first, second, third)] == [
        name_of("demo", at) for at in (NOW, NOW + DAY, NOW + DAY + 1)
    ]
    assert [b.removed for b in (first, second, third)] == [(), (str(first.file),), ()]
    assert names(folder) == [second.file.name, third.file.name]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_nothing_but_the_hall_s_own_backups_is_ever_removed(site):
    folder = site / "backups"
    folder.mkdir()
    strangers = ["notes.txt", name_of("other", NOW - 900 * DAY), f"{name_of('demo', NOW - 900 * DAY)}.old", ".hidden"]
    for name in [*strangers, name_of("demo", NOW - 900 * DAY)]:
        (folder / name).write_text(name)
    with opened(site) as found:
        found.back_up(NOW, proof="sums")
    assert names(folder) == sorted([*strangers, name_of("demo", NOW)])


def test_a_backup_whose_clock_was_set_back_is_not_the_one_that_goes(site):
    with opened(site) as found:
        found.back_up(NOW + 100 * DAY, proof="sums")
        done = found.back_up(NOW, proof="sums")
    assert done.file.exists() and done.removed == ()


def test_a_second_copy_is_put_elsewhere_and_its_folder_is_never_made(site, tmp_path):
    settings(site, also=tmp_path / "mnt")
    with opened(site) as found:
        without = found.back_up(NOW, proof="sums")
        (tmp_path / "mnt").mkdir()
        found.back_up(NOW + DAY, proof="sums")
        done = found.back_up(NOW + 2 * DAY, proof="sums")
    assert without.also == f"NoFolder: {tmp_path / 'mnt'}" and without.file.name == name_of("demo", NOW)
    assert done.also == ""
    assert listed(tmp_path / "mnt") == listed(site / "backups")
    assert names(tmp_path / "mnt") == [done.file.name] and {Path(r).parent.name for r in done.removed} == {
        "mnt",
        "backups",
    }


def test_a_folder_outside_the_site_that_is_not_there_is_a_disk_that_is_not_mounted(site, tmp_path):
    settings(site, folder=tmp_path / "disk/backups")
    with opened(site) as found, pytest.raises(NoFolder, match="disk/backups"):
        found.back_up(NOW, proof="sums")
    assert not (tmp_path / "disk").exists()


def test_what_is_no_backup_is_not_written_over_and_a_backup_is(site, tmp_path):
    for name, data in (("x.txt", b"letter"), ("x.gz", b"\x1f\x8bletter"), ("empty", b"")):
        (tmp_path / name).write_bytes(data)
    with opened(site) as found:
        for name in ("x.txt", "x.gz", "site"):
            with pytest.raises(InTheWay, match=name):
                found.back_up(NOW, tmp_path / name, proof="sums")
        for _ in range(2):
            found.back_up(NOW, tmp_path / "empty", proof="sums")
    assert (tmp_path / "x.txt").read_bytes() == b"letter"


def test_a_sealed_backup_is_opened_by_its_key_and_nothing_of_it_lies_about_in_clear(site, tmp_path):
    settings(site, recipient=new_key(tmp_path / "key"))
    with opened(site) as found:
        done = found.back_up(NOW, proof="all")
        found.back_up(NOW, done.file, proof="sums")
    assert done.sealed and done.file.name.endswith(".tar.gz.age")
    (tmp_path / "into").mkdir()
    unseal(done.file, tmp_path / "clear", tmp_path / "key")
    assert unpack(tmp_path / "clear", tmp_path / "into").store == in_site(site)
    assert left(site) == [] and names(site / "backups") == [done.file.name]


def test_a_public_key_that_is_none_is_said_before_anything_is_made(site):
    settings(site, recipient="age1" + "q" * 58)
    with opened(site) as found, pytest.raises(NoKey):
        found.back_up(NOW, proof="sums")
    assert left(site) == []


def test_a_backup_of_a_store_that_is_not_as_it_must_be_is_kept_and_named_so(site):
    with behind(f"sqlite:///{site / DB}") as database:
        database.change("closing", {"number": 2}, reason="anders")
    with opened(site) as found:
        done = found.back_up(NOW, proof="some")
    assert [(d.invariant, d.place) for d in done.differences] == [("rows", "closing 2")]
    assert done.file.name == name_of("demo", NOW, good=False) and done.file.exists()


def test_a_store_with_values_that_no_program_writes_is_backed_up_as_it_is(site, tmp_path):
    with behind(f"sqlite:///{site / DB}") as database:
        database.do("UPDATE violation SET id = 'v1' WHERE id = (SELECT min(id) FROM violation)")
        database.change("closing", {"number": 2}, reason=b"\xff\0")
        database.change("violation", {"id": "v1"}, seconds=1.5, unit="a\0b")
    with opened(site) as found:
        done = found.back_up(NOW, tmp_path / "b", proof="sums")
    assert done.differences == ()
    assert done.manifest.store == in_site(site)


def test_that_a_check_breaks_off_is_a_difference_and_no_reason_to_be_without_a_backup(site):
    def broken(*_a: object) -> object:
        raise ZeroDivisionError("oh")

    with opened(site) as found:
        found.hall = replace(found.hall, build=broken)
        done = found.back_up(NOW, proof="all")
    assert done.file.exists()
    assert any("ZeroDivisionError" in d.found for d in done.differences)


def test_what_a_killed_process_left_goes_and_what_another_works_on_stays(site, tmp_path):
    data, folder = site / "data", tmp_path / "out"
    folder.mkdir()
    (data / ".backup-dead").mkdir()
    (data / ".backup-dead/lock").touch()
    (data / ".backup-dead/made").write_text(SECRET)
    (folder / ".b.xyz.punchsync-part").write_text("half")
    (folder / "b.punchsync-part").write_text("somebody's")
    with working(data) as alive, opened(site) as found:
        (alive / "made").write_text("still")
        found.back_up(NOW, folder / "b", proof="sums")
        assert (alive / "made").read_text() == "still"
        assert left(site) == [alive.name]
    assert left(site) == [] and names(folder) == ["b", "b.punchsync-part"]


def test_many_who_put_a_file_in_one_place_at_once_all_do_and_leave_one_whole(tmp_path):
    for n in range(4):
        (tmp_path / f"from{n}").write_bytes(bytes([n]) * 3_000_000)
    failed: list[BaseException] = []

    def put(n: int) -> None:
        try:
            for _ in range(5):
                place(tmp_path / f"from{n}", tmp_path / "to")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=put, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and len(names(tmp_path)) == 5
    assert (tmp_path / "to").read_bytes() in {bytes([n]) * 3_000_000 for n in range(4)}


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
from punchsync.cli import main
sys.argv = ["punchsync", "--site", {site!r}, "backup", *{more!r}]
main()
"""


def test_a_disk_that_is_full_leaves_what_there_was_and_nothing_half(site, tmp_path):
    (tmp_path / "b").write_bytes(b"")
    before = listed(tmp_path)
    script = LIMITED.format(size=100_000, site=str(site), more=[str(tmp_path / "b"), "--quick"])
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "PUNCHSYNC_LANG": "en"}
    )
    assert (ran.returncode, ran.stdout) == (4, "") and ran.stderr.count("\n") == 1 and "disk I/O" in ran.stderr, ran
    after = listed(tmp_path)
    assert {n: d for n, d in after.items() if "/access/" not in n and "-shm" not in n and "-wal" not in n} == before
