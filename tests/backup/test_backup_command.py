"""`punchsync backup` and `punchsync restore`, as typed."""

from __future__ import annotations

import json
import shutil

import pytest
from backupkit import DB, NOW, add_record, behind, in_site, left, listed, opened, small

from e2e.commandline import punchsync
from punchsync.cli import cmd_restore
from punchsync.core.keeping import backups
from punchsync.service.lock import alone


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.delenv("PUNCHSYNC_LANG", raising=False)


def test_a_backup_in_a_file_is_proved_and_restored_elsewhere(site, tmp_path):
    made = punchsync(site, "backup", tmp_path / "b")
    assert (made.status, made.err) == (0, "") and "没有差异" in made.out
    new = tmp_path / "new"
    done = punchsync(new, "restore", tmp_path / "b")
    assert (done.status, done.err) == (0, "") and "没有差异" in done.out, done
    anchors = {text.split("锚：" if "锚：" in text else "锚 ")[1].split("\n")[0] for text in (made.out, done.out)}
    assert len(anchors) == 1
    assert punchsync(new, "verify", "--against", anchors.pop()).status == 0
    assert in_site(new) == in_site(site)


def test_a_backup_without_a_file_is_the_next_of_those_kept_and_a_folder_is_one_for_it(site, tmp_path):
    folder = tmp_path / "usb"
    folder.mkdir()
    for args in ((), (folder,)):
        ran = punchsync(site, "backup", "--quick", "--json", *args)
        assert ran.status == 0
        said = json.loads(ran.out)
        assert (said["hall"], said["verified"], said["differences"], said["also"]) == ("demo", False, [], "")
    for place in (site / "backups", folder):
        assert len(backups("demo", (p.name for p in place.iterdir()))) == 1


def test_what_differs_is_said_with_status_1_and_the_backup_is_there(site, tmp_path):
    with behind(f"sqlite:///{site / DB}") as database:
        database.change("closing", {"number": 2}, reason="anders")
    ran = punchsync(site, "backup", tmp_path / "b")
    assert ran.status == 1 and "closing 2" in ran.err and (tmp_path / "b").exists()
    restored = punchsync(tmp_path / "new", "restore", tmp_path / "b", "--json")
    assert restored.status == 1 and "closing 2" in restored.err
    assert [d["place"] for d in json.loads(restored.out)["differences"]] == ["closing 2"]


def test_what_can_t_be_written_is_said_in_one_line(site, tmp_path):
    (tmp_path / "letter").write_text("x")
    said = [
        (ran.status, ran.out, ran.err.count("\n"))
        for ran in (
            punchsync(site, "backup", tmp_path / "nowhere/b", "--quick"),
            punchsync(site, "backup", tmp_path / "letter", "--quick"),
        )
    ]
    assert said == [(4, "", 1), (2, "", 1)]
    assert (tmp_path / "letter").read_text() == "x" and left(site) == []


def test_a_restore_over_data_asks_on_a_terminal_and_changes_nothing_when_told_no(site, backup, monkeypatch):
    add_record(site)
    before = in_site(site)
    monkeypatch.setattr(cmd_restore, "at_terminal", lambda: True)
    monkeypatch.setattr(cmd_restore.click, "confirm", lambda text, **_: False)
    refused = punchsync(site, "restore", backup)
    assert refused.status == 2 and "--replace" in refused.err
    assert in_site(site) == before


@pytest.mark.parametrize("word", [(), ("--replace",)])
def test_a_restore_over_data_keeps_what_was_there(site, backup, template, word):
    add_record(site)
    done = punchsync(site, "restore", backup, *word, "--json")
    assert done.status == 0, done
    said = json.loads(done.out)
    assert said["store"] == "replaced" and ".replaced-" in said["kept"]
    assert in_site(site) == in_site(template)


def test_a_restore_is_refused_while_the_service_runs(site, backup):
    add_record(site)
    before = in_site(site)
    with alone(site):
        ran = punchsync(site, "restore", backup, "--replace")
    assert (ran.status, ran.out) == (4, "") and "先停掉" in ran.err
    assert in_site(site) == before


def test_what_is_no_backup_of_this_hall_is_refused_and_nothing_made(site, backup, tmp_path):
    cut, letter, later = tmp_path / "cut", tmp_path / "letter", tmp_path / "later"
    cut.write_bytes(backup.read_bytes()[:-9])
    letter.write_text("x")
    later.mkdir()
    schema = small(later, store=in_site(site)._replace(schema="9999"))
    for file, word in ((cut, "损坏"), (letter, "不是"), (schema, "升级程序")):
        for more in ((), ("--check",)):
            ran = punchsync(tmp_path / "new", "restore", file, *more)
            assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1) and word in ran.err, ran
    settings = site / "punchsync.toml"
    settings.write_text(settings.read_text().replace('id = "demo"', 'id = "other"'))
    other = punchsync(site, "restore", backup)
    assert other.status == 3 and "demo" in other.err and "other" in other.err
    assert not (tmp_path / "new").exists()


def test_a_trial_says_that_it_can_be_restored_and_changes_nothing(site, backup, tmp_path):
    before = {n: d for n, d in listed(site).items() if not n.startswith("access/")}
    for place in (site, tmp_path / "nowhere"):
        ran = punchsync(place, "restore", backup, "--check")
        assert (ran.status, ran.err) == (0, "") and "可以恢复" in ran.out
    assert {n: d for n, d in listed(site).items() if not n.startswith("access/")} == before
    assert not (tmp_path / "nowhere").exists()


def test_keys_are_made_used_and_asked_for(site, tmp_path):
    made = punchsync(None, "backup", "--new-key", tmp_path / "key", "--json")
    assert made.status == 0
    assert punchsync(None, "backup", "--new-key", tmp_path / "key").status == 2
    with (site / "punchsync.toml").open("a") as out:
        out.write(f'recipient = "{json.loads(made.out)["recipient"]}"\n')
    assert json.loads(punchsync(site, "backup", tmp_path / "b", "--quick", "--json").out)["encrypted"] is True
    asked = punchsync(tmp_path / "new", "restore", tmp_path / "b")
    assert asked.status == 2 and "--key" in asked.err and not (tmp_path / "new").exists()
    (tmp_path / "none").write_text("x")
    assert punchsync(tmp_path / "new", "restore", tmp_path / "b", "--key", tmp_path / "none").status == 2
    assert punchsync(tmp_path / "new", "restore", tmp_path / "b", "--key", tmp_path / "key").status == 0


def test_credentials_that_are_still_to_be_laid_out_are_named(site, tmp_path):
    settings = site / "punchsync.toml"
    text = settings.read_text().replace('id = "T1"', 'id = "T1"\nhost = "192.0.2.1"\ncomm_key = "credential:t1"')
    settings.write_text(text)
    with opened(site) as found:
        found.back_up(NOW, tmp_path / "b", proof="sums")
    new = tmp_path / "new"
    ran = punchsync(new, "restore", tmp_path / "b", "--json")
    assert ran.status == 1 and "t1" in ran.err and json.loads(ran.out)["credentials_missing"] == ["t1"]
    shutil.copytree(site / "credentials", new / "credentials")
    assert punchsync(new, "restore", tmp_path / "b").status == 0
